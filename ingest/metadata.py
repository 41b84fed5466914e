"""What is said about a manual beside its text: by front matter, by a sidecar file, by options.

One table of names (Chinese and English), one reading of dates and audiences. Bad values are refused with a
sentence: a manual that goes live a month early, or to everybody, is worse than one that is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from ingest.errors import IngestError
from ingest.organisation import is_kind
from knowledge.clauses import ManualDraft, Metadata

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "标题", "题目", "名称"),
    "organisation": (
        *("organisation", "organization", "company", "组织", "机构", "单位", "公司", "适用单位"),
        *("编制单位", "制定单位", "发布单位", "所属单位"),
    ),
    "audience": ("audience", "受众", "可见范围", "阅读范围"),
    "product": ("product", "产品", "适用产品"),
    "effective": (
        *("effective", "effective_at", "effective_date", "effective_from"),
        *("生效", "生效日期", "生效时间", "实施日期", "施行日期", "执行日期"),
    ),
    "expires": (
        *("expires", "expires_at", "expiry", "expiry_date", "valid_until"),
        *("失效", "失效日期", "失效时间", "到期", "到期日期", "有效期至"),
    ),
    "owner": ("owner", "负责人", "责任人", "维护人"),
}
"""Every name that a piece of metadata goes by; the key is what the program calls it."""
_CALLED = {name: key for key, names in NAMES.items() for name in names}
KEPT = {"audience": "audience", "product": "product", "owner": "owner", "expires": "expires_at"}
"""What the next edition takes over from the one before when nothing is said about it: what we call it, and the field."""

Stated = Mapping[str, Any]
"""What somebody said, by the program's keys: text, a list of texts, or a date."""

_DATE = re.compile(
    r"(?P<year>\d{4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?"
    r"(?:\s*[T ]?\s*(?P<hour>\d{1,2})\s*(?:[:\uff1a]|点|时)\s*(?:(?P<minute>\d{1,2})\s*分?)?(?:[:\uff1a](?P<second>\d{2}))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.I,
)
_AUDIENCE = re.compile(
    r"(?:(?:role|角色)[:\uff1a]\s*(?P<role>[a-z][a-z_]*)|(?:channel|频道)[:\uff1a]\s*(?P<channel>[CDG][A-Z0-9_]+))"
)
_EVERYBODY = frozenset({"everybody", "everyone", "all", "所有人", "全体", "全员"})


def known(raw: Mapping[str, Any], where: str) -> Stated:
    """What a sidecar or options say, by the program's keys.

    Raises IngestError for a name that means nothing: it may be a slip that leaves a manual open to everybody.
    """
    for name in raw:
        if name.strip().lower() not in _CALLED:
            raise IngestError(f"{where} says “{name}”, which is not known; use one of {', '.join(NAMES)}.")
    return recognised(raw)


def recognised(raw: Mapping[str, Any]) -> Stated:
    """Those of the settings that are metadata, by the program's keys; front matter says other things too."""
    return {
        _CALLED[name.strip().lower()]: value for name, value in raw.items() if name.strip().lower() in _CALLED
    }


def said(text: str) -> Stated:
    """What a message says in lines like 「生效: 2026-12-01」, by the program's keys; other lines are passed over."""
    lines = (re.split(r"\s*[:\uff1a]\s*", line.strip(), maxsplit=1) for line in text.splitlines())
    return recognised({line[0]: line[1] for line in lines if len(line) == 2 and line[1]})


def described(
    draft: ManualDraft,
    stated: Stated,
    where: str,
    zone: tzinfo,
    now: datetime,
    roles: Collection[str] = (),
) -> ManualDraft:
    """A draft with what was said about it. `where` names the file in errors, `zone` is the site's, `roles` are those
    that there are (none: any).

    A date without a time begins with its day; an expiry without a time ends with it.
    Raises IngestError: a value that cannot be read, an expiry before the beginning or in the past, an audience that
        there is not (nobody could ever read the manual).
    """
    effective = _moment(stated.get("effective"), "effective", where, zone, ends=False)
    expires = _moment(stated.get("expires"), "expires", where, zone, ends=True)
    if effective is not None and expires is not None and expires <= effective:
        raise IngestError(f"{where} expires before it takes effect; correct one of the two dates.")
    if expires is not None and expires <= now:
        raise IngestError(
            f"{where} expired on {_last_day(expires, zone)}; correct the expiry, or leave the manual out."
        )
    metadata = Metadata(
        product=_text(stated, "product", 500, where),
        audience=_audience(stated.get("audience"), where, roles),
        owner=_text(stated, "owner", 100, where).removeprefix("<").removesuffix(">").removeprefix("@"),
        effective_at=effective,
        expires_at=expires,
    )
    organisation = _text(stated, "organisation", 500, where)
    kept = {field for name, field in KEPT.items() if name not in stated}
    return replace(
        draft,
        title=_text(stated, "title", 500, where) or draft.title,
        organisation=organisation or draft.organisation,
        metadata=metadata,
        inherits=frozenset(kept if organisation else {*kept, "organisation"}),
        names_somebody=not is_kind(organisation or draft.organisation),
    )


def _text(stated: Stated, name: str, most: int, where: str) -> str:
    value = stated.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise IngestError(f"The {name} in {where} must be a text; put it in quotes.")
    text = " ".join(value.split())
    if len(text) > most:
        raise IngestError(f"The {name} in {where} is longer than {most} characters; shorten it.")
    return text


def last_moment(text: str, zone: tzinfo) -> datetime:
    """Until when something holds that expires on this day or at this time. Raises IngestError."""
    moment = _moment(text, "expires", "what was given", zone, ends=True)
    if moment is None:
        raise IngestError("No date was given; write it like 2026-12-01.")
    return moment


def _moment(value: Any, name: str, where: str, zone: tzinfo, *, ends: bool) -> datetime | None:
    if value is None or value == "":
        return None
    moment = read_moment(value, zone, ends=ends)
    if moment is None:
        raise IngestError(
            f"“{value}” ({name}, {where}) is not a date that can be read; "
            "write it like 2026-12-01, 2026年12月1日 or 2026-12-01 08:00."
        )
    return moment


def read_moment(value: Any, zone: tzinfo, *, ends: bool) -> datetime | None:
    """An aware time: of the zone where `value` names none, a bare day begins or (`ends`) is over. None when it is
    neither a date nor a text that reads as one (2026-12-01, 2026年12月1日 08:00)."""
    moment = _read_moment(value, ends=ends)
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)


def _read_moment(value: Any, *, ends: bool) -> datetime | None:
    """A date, naive where it names no zone; None when it is none."""
    try:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value + timedelta(days=1 if ends else 0), time())
        match = _DATE.fullmatch(str(value).strip())
        if match is None:
            return None
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match["hour"] is None:
            return _read_moment(day, ends=ends)
        clock = time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0))
        moment = datetime.combine(day, clock)
        if match["zone"] is None:
            return moment
        return datetime.fromisoformat(f"{moment.isoformat()}{match['zone'].upper()}")
    except (ValueError, OverflowError):
        return None


def _last_day(expires: datetime, zone: tzinfo) -> str:
    return f"{(expires - timedelta(seconds=1)).astimezone(zone):%Y-%m-%d}"


def _audience(value: Any, where: str, roles: Collection[str]) -> tuple[str, ...]:
    entries = (
        value
        if isinstance(value, list)
        else re.split(r"[,\uff0c;\uff1b、\n]+", str(value or "").strip("[] "))
    )
    found: set[str] = set()
    for entry in entries:
        text = str(entry).strip().strip("\"'“”")
        if not text or text.lower() in _EVERYBODY:
            continue
        match = _AUDIENCE.fullmatch(text)
        if match is None:
            raise IngestError(
                f"“{text}” (audience, {where}) is not known; write role:agent or channel:C0123ABC, "
                "several with commas, or leave it out for everybody."
            )
        if match["role"] and roles and match["role"] not in roles:
            raise IngestError(
                f"There is no role “{match['role']}” (audience, {where}); use one of {', '.join(roles)}."
            )
        found.add(f"role:{match['role']}" if match["role"] else f"channel:{match['channel']}")
    return tuple(sorted(found))

"""The weekly report for supervisors: numbers from the database, words from a model only if there is one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.assistant.redaction import mask
from bot.blocks import tickets
from bot.blocks.wording import Words
from bot.reporting.workbooks import overview
from tickets.figures import Figures, Stretch, week
from tickets.procedure_spec import FieldKind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tickets.desk import Desk
    from tickets.people import People

Write = Callable[[Sequence[str], str], str]
"""Words on lines of figures, in a language; empty when there is no usable reply."""
_MOST_WORDS = 600
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_MARKUP = re.compile(r"<[!@#a-z]|https?:|[*_`|]{2}", re.I)
_SPELLED = re.compile(
    r"[二两三四五六七八九十百千万亿半]+(?:个|条|次|件|起|成|倍|天|小时|人|单|%|％|分之)|一(?:起|件|条|例|单|人)|翻(?:了)?[一两三]?[倍番]|百分之|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|dozens?|hundreds?|thousands?|half|third|twice|doubled|tripled|halved)\b|%|％",
    re.I,
)
"""Figures that no digit tells: nobody could check them against the table."""

COUNTED = (
    ("complaint", "cause"),
    ("complaint", "own_fault"),
    ("callback", "attitude"),
    ("callback", "charged"),
    ("callback", "score"),
)
"""Fields of procedures whose values are counted."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week and the one before it, with the names of what is counted."""

    figures: Figures
    before: Figures
    names: Mapping[str, str]
    """Procedures, kinds of tickets, `procedure.field` and `procedure.field=value`, by key."""


def last_week(now: datetime, zone: ZoneInfo) -> Stretch:
    """The last whole week, Monday to Sunday."""
    return week(now.astimezone(zone).date() - timedelta(days=7), zone)


def of_week(day: date, zone: ZoneInfo) -> Stretch:
    """The week of a day."""
    return week(day, zone)


def collect(desk: Desk, stretch: Stretch, words: Words) -> Week:
    """All figures of a week."""
    return Week(desk.figures(stretch, COUNTED), desk.figures(stretch.before(), COUNTED), _names(desk, words))


def _names(desk: Desk, words: Words) -> dict[str, str]:
    names = {}
    for procedure in desk.procedures.catalogue.procedures.values():
        name = procedure.name.in_language(words.language)
        names[procedure.key] = name
        for field in procedure.every_field():
            key = f"{procedure.key}.{field.key}"
            names[key] = f"{name} · {field.label.in_language(words.language)}"
            for option in field.options:
                names[f"{key}={option.value}"] = option.label.in_language(words.language)
            if field.kind is FieldKind.YES_NO:
                names |= {f"{key}={value}": words(f"procedure.{value}") for value in ("yes", "no")}
    return names | {kind: words(f"ticket_kind.{kind}") for kind in tickets.KINDS}


def title(stretch: Stretch, words: Words, zone: ZoneInfo) -> str:
    """The report's name with its days."""
    days = stretch.days(zone)
    return words("week.title", since=f"{days[0]:%Y-%m-%d}", until=f"{days[-1]:%m-%d}")


def lines(found: Week, words: Words) -> list[str]:
    """The figures that matter, one line each, with the week before; a figure that is nothing in both is left out."""
    before = dict(overview(found.before))
    rows = []
    for key, now in overview(found.figures):
        then = before[key]
        if now or then:
            rows.append(words("week.line", name=words(f"week.{key}"), now=_number(now), then=_number(then)))
    causes = found.figures.records.values.get("complaint.cause", {})
    if causes:
        named = {found.names.get(f"complaint.cause={cause}", cause): n for cause, n in causes.items()}
        told = words("list.comma").join(f"{cause} {count}" for cause, count in named.items())
        rows.append(words("week.causes", causes=told))
    return rows or [words("week.nothing")]


def plain_lines(found: Week, words: Words) -> list[str]:
    """The same without Markdown, which the comment of a file does not render."""
    return [line.replace("**", "") for line in lines(found, words)]


def paragraph(found: Week, words: Words, write: Write | None) -> str:
    """A few sentences on the week from a language model that is given the figures alone; empty without one.

    Every number in them must be one of the figures; else, or if they run long, or name what is masked, all are dropped.
    """
    if write is None:
        return ""
    told = plain_lines(found, words)
    if told == [words("week.nothing")]:
        return ""
    text = " ".join(write(told, words.language).split())
    if not text or len(text) > _MOST_WORDS or _MARKUP.search(text) or mask(text) != text:
        return ""
    known = {float(number) for line in told for number in _NUMBERS.findall(line)}
    said = {float(number) for number in _NUMBERS.findall(_plain(text))}
    spelled = _SPELLED.search(text)
    return "" if said - known or spelled else text


def _plain(text: str) -> str:
    """Digits of any width as usual ones, without separators of thousands."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def picture(found: Week, words: Words) -> bytes:
    """The charts as a PNG."""
    from bot.reporting.charts import week_picture  # matplotlib takes half a second

    return week_picture(found.figures, found.names, words)


def workbook(found: Week, people: People, words: Words, zone: ZoneInfo) -> bytes:
    """All figures as an XLSX file."""
    from bot.reporting.workbooks import week_workbook

    return week_workbook(
        found.figures, found.before, found.names, lambda user: people.get(user).name, words, zone
    )

"""Which manual a text is an edition of: by title and organisation, and by the clauses that both hold.

Candidates come from an index (titles in memory, `text_key` in the database), so that thousands of manuals cost
no reading of their clauses. All drafts of a batch are matched together, best match first: two documents of one
title never become editions of one manual because of the order in which they were read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from knowledge.clauses import ManualDraft, text_key
from knowledge.manuals import ClauseRow, Edition, EditionState, Manual
from knowledge.reading import simplify

SAME_TITLE = 0.3
"""Share of common clauses from which texts of one title are one manual, when an organisation is unknown."""
OTHER_ORGANISATION = 0.5
"""The same when both name organisations, and different ones: the guess may have changed, or they are two."""
RENAMED = 0.5
"""Share of the longer text's clauses that a renamed manual must have kept."""
LIKE_TITLE = 60.0
"""Likeness of titles (0..100) from which one may be the other, renamed."""

_KEYS = 500
_NUMBER = r"[0-9零〇一二三四五六七八九十]+"
_VERSION = (
    r"(?:(?:19|20)\d\d(?:[-./年]?\d{1,2}(?:[-./月]?\d{1,2}日?)?)?年?月?(?:度|版本?|修订版?|修正版?|试行版?)?"
    rf"|v(?:er(?:sion)?)?[.\s]*\d+(?:\.\d+)*(?:版本?)?|第{_NUMBER}(?:版|稿|次修订)|\d+(?:\.\d+)+(?:版本?)?"
    r"|(?:试行|暂行|修订|修正|更新|最新|正式|完整|终|定|新|草|送审|征求意见|发布)(?:版本?|稿|本|案)|试行|修订|暂行"
    r"|(?:(?:1st|2nd|3rd|\d+th)\s+)?(?:edition|revision|revised|rev\.?\s*\d*|final|draft|updated?|new version))"
)
_BRACKETED = re.compile(rf"[((\[【]\s*(?:{_VERSION}[\s,、·]*)+[))\]】]")
_TAIL = re.compile(rf"(?:[\s_·-]*{_VERSION})+$")
_HEAD = re.compile(r"^(?:19|20)\d\d(?:年度?|版)\s*")
_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$|\b(?:co|ltd|inc|llc|gmbh|limited)\b\.?", re.I
)


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@lru_cache(maxsize=16_384)
def plain_title(title: str) -> str:
    """A title without what tells editions apart: width, case, spaces, year, version, 修订版, 试行.

    >>> plain_title("客服 管理制度(2024版) V2.1") == plain_title("客服管理制度（试行）")
    True
    """
    reading = simplify(unicodedata.normalize("NFKC", title)).lower().strip()
    core = _HEAD.sub("", _BRACKETED.sub(" ", reading).strip())
    core = _TAIL.sub("", core)
    return _flat(core) or _flat(reading)


@lru_cache(maxsize=16_384)
def plain_organisation(organisation: str) -> str:
    """An organisation's name without width, case, spaces and legal form (有限公司, Ltd)."""
    reading = simplify(unicodedata.normalize("NFKC", organisation)).lower().strip()
    return _flat(_LEGAL_FORM.sub("", reading)) or _flat(reading)


@dataclass(frozen=True, slots=True)
class _Known:
    """An edition that a draft may be the next one of."""

    edition_id: int
    manual_id: int
    title: str
    organisation: str
    clauses: int


def _standing() -> Select[int, int, str, str, int]:
    """Editions that stand for their manual: live, waiting, and, where nothing is live any more, past ones."""
    now = Edition.state.in_([EditionState.LIVE, EditionState.STAGED, EditionState.SCHEDULED])
    gone = and_(Edition.state == EditionState.RETIRED, Manual.live_edition_id.is_(None))
    return (
        select(Edition.id, Edition.manual_id, Edition.title, Edition.organisation, Edition.clause_count)
        .join(Manual, Manual.id == Edition.manual_id)
        .where(or_(now, gone))
    )


def identify(
    session: Session, drafts: Sequence[ManualDraft], not_these: Collection[int] = ()
) -> list[int | None]:
    """For each draft the id of the manual that it is an edition of, or None for a new manual.

    No two drafts get the same manual, and none gets one of `not_these`.
    """
    known = [
        _Known(row[0], row[1], plain_title(row[2]), plain_organisation(row[3]), row[4])
        for row in session.execute(_standing())
    ]
    by_title: dict[str, list[_Known]] = {}
    for one in known:
        by_title.setdefault(one.title, []).append(one)
    by_edition = {one.edition_id: one for one in known}
    named = Counter(plain_title(draft.title) for draft in drafts)
    scored: list[tuple[float, int, int]] = []
    for number, draft in enumerate(drafts):
        if draft.manual_id is not None:
            scored.append((4.0, number, draft.manual_id))
            continue
        alone = _the_only_one(draft, by_title) if named[plain_title(draft.title)] == 1 else None
        candidates = _candidates(session, draft, by_title, by_edition) if alone is None else {alone: 3.0}
        for manual_id, score in candidates.items():
            scored.append((score, number, manual_id))
    found: list[int | None] = [None] * len(drafts)
    taken = set(not_these)
    for _, number, manual_id in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if found[number] is None and manual_id not in taken:
            found[number] = manual_id
            taken.add(manual_id)
    return found


def _the_only_one(draft: ManualDraft, by_title: dict[str, list[_Known]]) -> int | None:
    """The manual of a draft's title and organisation when nothing else has that title: no text need be compared."""
    namesakes = by_title.get(plain_title(draft.title), [])
    pairs = {(one.manual_id, one.organisation) for one in namesakes}
    manual_id, organisation = next(iter(pairs), (None, ""))
    return manual_id if len(pairs) == 1 and organisation == plain_organisation(draft.organisation) else None


def _candidates(
    session: Session, draft: ManualDraft, by_title: dict[str, list[_Known]], by_edition: dict[int, _Known]
) -> dict[int, float]:
    """Manuals that a draft can be an edition of, each with how sure that is."""
    title, organisation = plain_title(draft.title), plain_organisation(draft.organisation)
    namesakes = by_title.get(title, [])
    common = _common(session, draft) if by_edition else {}
    found: dict[int, float] = {}
    for one in {*namesakes, *(by_edition[i] for i in common if i in by_edition)}:
        score = _score(one, title, organisation, common.get(one.edition_id, 0), len(draft.clauses))
        if score > found.get(one.manual_id, 0.0):
            found[one.manual_id] = score
    return found


def _score(known: _Known, title: str, organisation: str, common: int, drafted: int) -> float:
    """How sure it is that a draft is an edition of a known one's manual; 0 when it is not."""
    shorter, longer = sorted((max(1, known.clauses), max(1, drafted)))
    share = min(1.0, common / shorter)
    at_odds = _at_odds(known.organisation, organisation)
    if known.title == title:
        if known.organisation == organisation:
            return 2.0 + share
        return 1.0 + share if share >= (OTHER_ORGANISATION if at_odds else SAME_TITLE) else 0.0
    if at_odds or common / longer < RENAMED:
        return 0.0
    from rapidfuzz import fuzz  # not needed for answering

    return share if fuzz.ratio(known.title, title) >= LIKE_TITLE else 0.0


def is_somebody_else(one: str, other: str) -> bool:
    """Whether two organisations as they are written are different ones; an empty one, or a part, need not be."""
    return _at_odds(plain_organisation(one), plain_organisation(other))


def _at_odds(one: str, other: str) -> bool:
    """Whether two plain names are of different organisations; an empty one, or a part of the other, need not be."""
    return bool(one and other) and one not in other and other not in one


def _common(session: Session, draft: ManualDraft) -> dict[int, int]:
    """How many different texts of the draft each standing edition holds."""
    keys = sorted({text_key(clause.text) for clause in draft.clauses})
    standing = _standing().with_only_columns(Edition.id).scalar_subquery()
    found: dict[int, int] = {}
    for start in range(0, len(keys), _KEYS):
        counted = session.execute(
            select(ClauseRow.edition_id, func.count(ClauseRow.text_key.distinct()))
            .where(ClauseRow.text_key.in_(keys[start : start + _KEYS]), ClauseRow.edition_id.in_(standing))
            .group_by(ClauseRow.edition_id)
        )
        for edition_id, count in counted:
            found[edition_id] = found.get(edition_id, 0) + count
    return found

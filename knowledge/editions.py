"""Writing editions: staging beside what is live, publishing by moving pointers, discarding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.clauses import ManualDraft, text_key
from knowledge.embedding import Passage
from knowledge.errors import EditionStateError
from knowledge.manuals import ClauseRow, Edition, EditionState, Manual, Publication
from knowledge.reading import normalise, said_part
from knowledge.vectors import vector_key

_SAME_MANUAL = 0.3
"""Share of equal clauses from which two texts under one title are editions of one manual."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a staged edition differs from the live one, in numbers of clauses."""

    edition_id: int
    manual_id: int
    title: str
    organisation: str
    number: int
    added: int
    changed: int
    removed: int
    unchanged: int
    truncated: bool
    notes: tuple[str, ...]
    is_new: bool
    """No edition of this manual was live before."""
    suspicious: tuple[str, ...] = ()
    """Sentences that try to instruct the bot, with their places: publishing needs somebody's explicit yes."""

    @property
    def is_empty(self) -> bool:
        """The text is the same as the live one: there is nothing to publish."""
        return not (self.added or self.changed or self.removed or self.is_new)


def passage(title: str, organisation: str, heading_path: Sequence[str], text: str) -> Passage:
    """What is embedded of a clause; `text` is its reading for search."""
    heading = heading_path[-1] if heading_path else ""
    return Passage(said_part(text), heading, context_text(title, organisation, heading_path))


def passage_key(what: Passage) -> str:
    """Id of a passage's vector: the hash of exactly what is embedded."""
    return vector_key(f"{what.close}\0{what.wide}")


def context_text(title: str, organisation: str, heading_path: Sequence[str]) -> str:
    """Where a clause stands: organisation, title and headings, for search."""
    return " ".join(part for part in (organisation, title, *heading_path) if part)


def content_hash(draft: ManualDraft) -> str:
    """Hash of everything of a draft that an answer or citation could show."""
    digest = hashlib.sha256(f"{draft.title}\0{draft.organisation}\0{draft.truncated}".encode())
    for clause in draft.clauses:
        digest.update(
            f"\0{clause.label}\0{'/'.join(clause.heading_path)}\0{clause.text}\0{clause.kind}"
            f"\0{clause.truncated}\0{clause.has_blank}".encode()
        )
    return digest.hexdigest()


def _squeeze(text: str) -> str:
    return normalise(text).replace(" ", "")


def _same_texts(session: Session, edition_id: int | None, draft: ManualDraft) -> float:
    if edition_id is None:
        return 0.0
    live = set(session.scalars(select(ClauseRow.text).where(ClauseRow.edition_id == edition_id)))
    drafted = {clause.text for clause in draft.clauses}
    return len(live & drafted) / max(1, min(len(live), len(drafted)))


def find_manual(session: Session, draft: ManualDraft, taken: set[int], now: datetime) -> Manual:
    """The manual that a draft is an edition of, made when there is none.

    Same title and organisation is the same manual; same title alone is, when the texts share enough clauses.
    `taken` holds manuals that another draft of the same batch is already: two documents that share one title
    stay two.
    """
    title, organisation = _squeeze(draft.title), _squeeze(draft.organisation)
    best: tuple[float, Manual] | None = None
    for manual in session.scalars(select(Manual).where(Manual.live_edition_id.is_not(None))):
        if manual.id in taken or _squeeze(manual.title) != title:
            continue
        alike = _same_texts(session, manual.live_edition_id, draft)
        score = alike + (0.5 if _squeeze(manual.organisation) == organisation else 0.0)
        if score >= _SAME_MANUAL and (best is None or score > best[0]):
            best = (score, manual)
    if best is None:
        manual = Manual(title=draft.title, organisation=draft.organisation, created_at=now)
        session.add(manual)
        session.flush()
        return manual
    return best[1]


def stage_draft(session: Session, draft: ManualDraft, taken: set[int], by: str, now: datetime) -> Change:
    """Write a draft as a staged edition (or find that it equals the live one) and say what differs."""
    manual = find_manual(session, draft, taken, now)
    taken.add(manual.id)
    digest = content_hash(draft)
    live = session.get(Edition, manual.live_edition_id) if manual.live_edition_id else None
    if live is not None and live.content_hash == digest:
        return _change(live, draft, live.number, (0, 0, 0, len(draft.clauses)), is_new=False)
    newest = session.scalar(select(func.max(Edition.number)).where(Edition.manual_id == manual.id)) or 0
    edition = Edition(
        manual_id=manual.id,
        number=newest + 1,
        state=EditionState.STAGED,
        title=draft.title,
        organisation=draft.organisation,
        language=draft.language,
        source=draft.source,
        content_hash=digest,
        truncated=draft.truncated,
        notes=list(draft.notes),
        clause_count=len(draft.clauses),
        staged_at=now,
        staged_by=by,
    )
    session.add(edition)
    session.flush()
    session.execute(ClauseRow.__table__.insert(), _rows(edition.id, draft))  # type: ignore[attr-defined]
    counts = _compare(session, live, draft)
    return _change(edition, draft, edition.number, counts, is_new=live is None)


def _rows(edition_id: int, draft: ManualDraft) -> list[dict[str, Any]]:
    return [
        {
            "edition_id": edition_id,
            "ordinal": ordinal,
            "label": clause.label,
            "heading_path": list(clause.heading_path),
            "text": clause.text,
            "search_text": clause.search_text,
            "kind": clause.kind,
            "truncated": clause.truncated,
            "has_blank": clause.has_blank,
            "page": clause.page,
            "text_key": text_key(clause.text),
            "vector_key": passage_key(
                passage(draft.title, draft.organisation, clause.heading_path, clause.search_text)
            ),
        }
        for ordinal, clause in enumerate(draft.clauses)
    ]


def _compare(session: Session, live: Edition | None, draft: ManualDraft) -> tuple[int, int, int, int]:
    """(added, changed, removed, unchanged); a changed clause is one whose place (headings, label) held another text."""
    if live is None:
        return len(draft.clauses), 0, 0, 0
    rows = session.execute(
        select(ClauseRow.heading_path, ClauseRow.label, ClauseRow.text).where(ClauseRow.edition_id == live.id)
    ).all()
    old = {row.text: (tuple(row.heading_path), row.label) for row in rows}
    new = {clause.text: (clause.heading_path, clause.label) for clause in draft.clauses}
    gone = [place for text, place in old.items() if text not in new]
    come = [place for text, place in new.items() if text not in old]
    changed = len(set(gone) & set(come))
    return len(come) - changed, changed, len(gone) - changed, len(new) - len(come)


def _change(
    edition: Edition, draft: ManualDraft, number: int, counts: tuple[int, int, int, int], *, is_new: bool
) -> Change:
    return Change(
        edition.id, edition.manual_id, draft.title, draft.organisation, number, *counts,
        truncated=draft.truncated, notes=draft.notes, is_new=is_new,
        suspicious=draft.suspicious,
    )  # fmt: skip


def publish_editions(session: Session, edition_ids: Sequence[int], by: str, now: datetime) -> int:
    """Make staged editions live, all in the caller's transaction; returns the new generation.

    Raises:
        EditionStateError: one of them is not staged any more.
    """
    for edition_id in edition_ids:
        edition = _staged(session, edition_id)
        manual = session.get_one(Manual, edition.manual_id)
        if manual.live_edition_id is not None:
            session.execute(
                update(Edition).where(Edition.id == manual.live_edition_id).values(state=EditionState.RETIRED)
            )
        edition.state = EditionState.LIVE
        edition.published_at = now
        manual.live_edition_id = edition.id
        manual.title, manual.organisation = edition.title, edition.organisation
    publication = Publication(at=now, by=by, editions=list(edition_ids))
    session.add(publication)
    session.flush()
    return publication.id


def discard_editions(session: Session, edition_ids: Sequence[int]) -> None:
    """Give staged editions up; raises EditionStateError for one that is not staged any more."""
    for edition_id in edition_ids:
        _staged(session, edition_id).state = EditionState.DISCARDED


def _staged(session: Session, edition_id: int) -> Edition:
    edition = session.get(Edition, edition_id)
    if edition is None or edition.state != EditionState.STAGED:
        raise EditionStateError(
            "This edition was already published or discarded; look at the list of manuals."
        )
    return edition


Clock = Callable[[], datetime]

"""Writing editions beside what is live: staging and discarding. `knowledge.publishing` moves the pointers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft, Metadata, text_key
from knowledge.comparison import ChangeKind, Comparison, compare
from knowledge.embedding import Passage
from knowledge.errors import EditionStateError
from knowledge.identity import identify, is_somebody_else, plain_title
from knowledge.manuals import ClauseRow, Edition, EditionState, Manual
from knowledge.portions import portions
from knowledge.reading import said_part
from knowledge.vectors import vector_key

CLOSE_DIGITS = 20
"""Leading digits of a vector's key that stand for the clause's own words and nearest heading."""


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
    """No edition of this manual is live."""
    moved: int = 0
    renumbered: int = 0
    renamed_from: str = ""
    """The title before, when more than a year or version of it has changed."""
    changed_metadata: tuple[str, ...] = ()
    """Names of what changed beside the clauses: title, organisation, product, audience, owner, effective_at,
    expires_at."""
    remarked: bool = False
    """The same texts at the same places, marked otherwise (cut off, blank, words to say)."""
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    audience: tuple[str, ...] = ()
    """Who may read it; empty: everybody."""
    suspicious: tuple[str, ...] = ()
    """Sentences that try to instruct the bot, with their places: publishing needs somebody's explicit yes."""

    @property
    def clauses(self) -> int:
        """How many clauses the edition has."""
        return self.added + self.changed + self.unchanged + self.moved + self.renumbered

    @property
    def is_empty(self) -> bool:
        """Everything is as in an edition that is live or scheduled: there is nothing to publish."""
        same = self.unchanged == self.clauses and not (self.removed or self.remarked)
        return same and not (self.is_new or self.changed_metadata)


def passage(title: str, organisation: str, heading_path: Sequence[str], text: str) -> Passage:
    """What is embedded of a clause; `text` is its reading for search."""
    heading = heading_path[-1] if heading_path else ""
    return Passage(said_part(text), heading, context_text(title, organisation, heading_path))


def passage_key(what: Passage) -> str:
    """Id of a passage's vector: the hashes of exactly what is embedded, its own words first.

    Passages that begin alike say the same in other surroundings (`knowledge.filling` makes use of it).
    """
    return vector_key(what.close)[:CLOSE_DIGITS] + vector_key(what.wide)[:CLOSE_DIGITS]


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
    if (
        draft.metadata != Metadata()
    ):  # without any, the hash is that of editions staged before there was metadata
        digest.update("\0".join(map(_stable, astuple(draft.metadata))).encode())
    return digest.hexdigest()


def _stable(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def stage_drafts(
    session: Session,
    drafts: Sequence[tuple[ManualDraft, int | None]],
    by: str,
    now: datetime,
    taken: set[int],
) -> list[Change]:
    """Write drafts (as `settled` gives them) as staged editions of the manuals they belong to, and say what differs
    from what is live.

    `taken` holds the manuals that earlier pieces of the same batch are editions of; those of this piece are added.
    """
    changes = []
    for draft, manual_id in drafts:
        manual = session.get(Manual, manual_id) if manual_id is not None else None
        if manual is None:
            manual = Manual(title=draft.title, organisation=draft.organisation, created_at=now)
            session.add(manual)
            session.flush()
        taken.add(manual.id)
        changes.append(_stage(session, draft, manual, by, now))
    return changes


def settled(
    session: Session, drafts: Sequence[ManualDraft], taken: Collection[int] = ()
) -> list[tuple[ManualDraft, int | None]]:
    """Each draft with the manual that it is an edition of (None: a new one), and with that manual's organisation
    where nobody stated another: what is guessed from a text differs from edition to edition, and people's choices
    go by the name. A guess that names somebody else is kept, for the comparison to show."""
    found = []
    for draft, manual_id in zip(drafts, identify(session, drafts, taken), strict=True):
        manual = session.get(Manual, manual_id) if "organisation" in draft.inherits and manual_id else None
        before = _before(session, manual) if manual is not None else None
        known = before.organisation if before is not None else ""
        if known and not (draft.names_somebody and is_somebody_else(known, draft.organisation)):
            draft = replace(draft, organisation=known)
        found.append((draft, manual_id))
    return found


def _before(session: Session, manual: Manual) -> Edition | None:
    """What is live of a manual, or else was last."""
    live = session.get(Edition, manual.live_edition_id) if manual.live_edition_id else None
    return live or _newest_published(session, manual.id)


def _stage(session: Session, draft: ManualDraft, manual: Manual, by: str, now: datetime) -> Change:
    live = session.get(Edition, manual.live_edition_id) if manual.live_edition_id else None
    draft = _inheriting(session, draft, _before(session, manual), now)
    digest = content_hash(draft)
    for same in (live, *_scheduled(session, manual.id)):
        if same is not None and same.content_hash == digest:
            return _change(same, same, compare(draft.clauses, draft.clauses))
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
        suspicious=list(draft.suspicious),
        clause_count=len(draft.clauses),
        staged_at=now,
        staged_by=by,
        product=draft.metadata.product,
        audience=sorted(draft.metadata.audience),
        owner=draft.metadata.owner,
        effective_at=draft.metadata.effective_at,
        expires_at=draft.metadata.expires_at,
    )
    session.add(edition)
    session.flush()
    session.execute(ClauseRow.__table__.insert(), _rows(edition.id, draft))  # type: ignore[attr-defined]
    return _change(edition, live, _compare(session, live, draft.clauses))


def change_of(session: Session, edition_id: int) -> Change:
    """How a staged or scheduled edition differs from what is live now. Raises EditionStateError."""
    edition = waiting_edition(session.get(Edition, edition_id))
    manual = session.get_one(Manual, edition.manual_id)
    live = session.get(Edition, manual.live_edition_id) if manual.live_edition_id else None
    return _change(edition, live, _compare(session, live, edition_drafts(session, edition.id)))


def _newest_published(session: Session, manual_id: int) -> Edition | None:
    return session.scalars(
        select(Edition)
        .where(Edition.manual_id == manual_id, Edition.published_at.is_not(None))
        .order_by(Edition.number.desc())
    ).first()


def _inheriting(session: Session, draft: ManualDraft, before: Edition | None, now: datetime) -> ManualDraft:
    """The draft with the metadata that it takes over from the edition before."""
    if before is None:
        return draft
    ahead = before.expires_at if before.expires_at and before.expires_at > now else None
    stored = Metadata(before.product, tuple(before.audience), before.owner, expires_at=ahead)
    kept = {name: getattr(stored, name) for name in draft.inherits - {"organisation"}}
    is_from_a_file = draft.manual_id is None
    if is_from_a_file and _is_extended(session, before, draft.metadata.expires_at):
        kept["expires_at"] = ahead
    return replace(draft, metadata=replace(draft.metadata, **kept))


def _is_extended(session: Session, before: Edition, stated: datetime | None) -> bool:
    """Whether the end that a file states is one that somebody has moved on since: an earlier edition said it, the
    one before this holds longer. Files keep saying what was true when they were written."""
    if stated is None or (before.expires_at is not None and before.expires_at <= stated):
        return False
    said = select(Edition.id).where(
        Edition.manual_id == before.manual_id, Edition.number < before.number, Edition.expires_at == stated
    )
    return session.scalar(said.limit(1)) is not None


def _scheduled(session: Session, manual_id: int) -> Sequence[Edition]:
    return session.scalars(
        select(Edition).where(Edition.manual_id == manual_id, Edition.state == EditionState.SCHEDULED)
    ).all()


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


def _compare(session: Session, live: Edition | None, clauses: Sequence[ClauseDraft]) -> Comparison:
    return compare(() if live is None else edition_drafts(session, live.id), clauses)


def edition_drafts(session: Session, edition_id: int) -> list[ClauseDraft]:
    """The clauses of a stored edition as they were drafted, in their order."""
    rows = session.scalars(
        select(ClauseRow).where(ClauseRow.edition_id == edition_id).order_by(ClauseRow.ordinal)
    )
    return [drafted(row) for row in rows]


def drafted(row: ClauseRow) -> ClauseDraft:
    """A stored clause as it was drafted."""
    return ClauseDraft(
        row.label, tuple(row.heading_path), row.text, row.search_text, ClauseKind(row.kind), row.truncated,
        row.has_blank, row.page,
    )  # fmt: skip


_METADATA = ("title", "organisation", "product", "audience", "owner", "effective_at", "expires_at")


def _change(edition: Edition, before: Edition | None, comparison: Comparison) -> Change:
    """`before` is what is live of the manual; the edition itself when nothing about it is new."""
    counts = comparison.counts
    renamed, remarked = "", False
    changed: tuple[str, ...] = ()
    if before is not None and before is not edition:
        changed = tuple(name for name in _METADATA if getattr(before, name) != getattr(edition, name))
        renamed = before.title if plain_title(before.title) != plain_title(edition.title) else ""
        remarked = before.content_hash != edition.content_hash and comparison.is_same and not changed
    notes = (*edition.notes, f"原名《{renamed}》。") if renamed else tuple(edition.notes)
    return Change(
        edition.id,
        edition.manual_id,
        edition.title,
        edition.organisation,
        edition.number,
        added=counts[ChangeKind.ADDED],
        changed=counts[ChangeKind.CHANGED],
        removed=counts[ChangeKind.REMOVED],
        unchanged=counts[ChangeKind.UNCHANGED],
        truncated=edition.truncated,
        notes=notes,
        is_new=before is None,
        moved=counts[ChangeKind.MOVED],
        renumbered=counts[ChangeKind.RENUMBERED],
        renamed_from=renamed,
        changed_metadata=changed,
        remarked=remarked,
        effective_at=edition.effective_at,
        expires_at=edition.expires_at,
        audience=tuple(edition.audience),
        suspicious=tuple(edition.suspicious),
    )


def draft_of(session: Session, edition: Edition) -> ManualDraft:
    """A stored edition as a draft of its next one: the same text and metadata."""
    return ManualDraft(
        title=edition.title,
        organisation=edition.organisation,
        clauses=tuple(edition_drafts(session, edition.id)),
        source=edition.source,
        language=edition.language,
        truncated=edition.truncated,
        notes=tuple(edition.notes),
        suspicious=tuple(edition.suspicious),
        metadata=Metadata(
            edition.product, tuple(edition.audience), edition.owner, edition.effective_at, edition.expires_at
        ),
    )


def discard_editions(session: Session, edition_ids: Sequence[int]) -> None:
    """Give staged and scheduled editions up; raises EditionStateError for one that is neither any more."""
    found = {edition.id: edition for edition in by_ids(session, Edition, edition_ids)}
    for edition_id in edition_ids:
        waiting_edition(found.get(edition_id)).state = EditionState.DISCARDED


def waiting_edition(edition: Edition | None) -> Edition:
    """A staged or scheduled edition as it is; raises EditionStateError for any other."""
    if edition is None:
        raise EditionStateError("There is no edition of this number; look at kefu manuals list --waiting.")
    if edition.state not in (EditionState.STAGED, EditionState.SCHEDULED):
        raise EditionStateError(
            "This edition was already published or discarded; look at the list of manuals."
        )
    return edition


Row = TypeVar("Row", Edition, Manual)


def by_ids(session: Session, table: type[Row], ids: Sequence[int]) -> list[Row]:
    """The rows of these ids, in the order of ids, in few queries however many there are.

    They are locked: an edition must not be discarded, and its clauses swept, while it is being published.
    """
    found: list[Row] = []
    for portion in portions(ids):
        query = select(table).where(table.id.in_(portion)).order_by(table.id).with_for_update()
        found += session.scalars(query)
    return found

"""What became of editions: publications, tenures, what waits for its day, what ends soon. Reading only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from knowledge.clauses import Metadata
from knowledge.errors import EditionStateError
from knowledge.manuals import Edition, EditionState, Manual, Publication, PublicationKind, Tenure
from knowledge.views import ManualSummary, summary

BY_THE_CLOCK = frozenset({PublicationKind.ACTIVATION, PublicationKind.EXPIRY})


@dataclass(frozen=True, slots=True)
class Move:
    """A manual's live pointer moved: from one edition (None: nothing was live) to another (None: nothing is)."""

    manual_id: int
    before_edition_id: int | None
    after_edition_id: int | None


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """One publication. Its moves may be none: then editions were only scheduled."""

    generation: int
    at: datetime
    by: str
    kind: PublicationKind
    moves: tuple[Move, ...]
    edition_ids: tuple[int, ...]
    """The editions that were published or scheduled by it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which an edition was the live one; `until_at` is None while it lasts."""

    from_at: datetime
    until_at: datetime | None
    by: str
    """Who made it live (or had scheduled it); `ended_by` who ended that, empty when the clock did."""
    kind: PublicationKind
    ended_by: str = ""
    ended: PublicationKind | None = None


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """One edition of a manual with all that became of it."""

    edition_id: int
    manual_id: int
    number: int
    state: EditionState
    title: str
    organisation: str
    source: str
    clauses: int
    truncated: bool
    staged_at: datetime
    staged_by: str
    published_at: datetime | None
    """When it first went live; of a scheduled one, when that was decided."""
    published_by: str
    metadata: Metadata
    spans: tuple[Span, ...] = ()
    is_suspicious: bool = False
    """It has sentences that try to instruct the bot."""


def record(row: Publication) -> PublicationRecord:
    """The value of a publication's row."""
    return PublicationRecord(
        row.id,
        row.at,
        row.by,
        PublicationKind(row.kind),
        tuple(Move(*move) for move in row.moves),
        tuple(row.editions),
    )


def publication(session: Session, generation: int) -> PublicationRecord:
    """The publication of this number. Raises EditionStateError when there is none."""
    row = session.get(Publication, generation)
    if row is None:
        raise EditionStateError(f"There is no publication number {generation}; see the history of a manual.")
    return record(row)


def publications_after(session: Session, generation: int) -> list[PublicationRecord]:
    """All publications since, oldest first."""
    rows = session.scalars(select(Publication).where(Publication.id > generation).order_by(Publication.id))
    return [record(row) for row in rows]


def with_editions(session: Session, live: Collection[int], put: Collection[int]) -> tuple[int, ...]:
    """The editions `live` with those of `put` in the places of their manuals' own.

    Raises EditionStateError for an edition that does not exist.
    """
    manual_of = {
        row.id: row.manual_id
        for row in session.execute(select(Edition.id, Edition.manual_id).where(Edition.id.in_({*live, *put})))
    }
    unknown = sorted(set(put) - manual_of.keys())
    if unknown:
        raise EditionStateError(f"There is no edition {unknown[0]}; look at the list of manuals.")
    placed = {manual_of[i]: i for i in live if i in manual_of} | {manual_of[i]: i for i in sorted(put)}
    return tuple(sorted(placed.values()))


def edition_ids_at(session: Session, moment: datetime, now: datetime) -> tuple[int, ...]:
    """The editions that were live at a moment or, when it lies ahead, will be as things stand."""
    if moment <= now:
        query = select(Tenure.edition_id).where(
            Tenure.from_at <= moment, or_(Tenure.until_at.is_(None), Tenure.until_at > moment)
        )
        return tuple(sorted(session.scalars(query)))
    live = {edition.manual_id: edition for edition, _ in session.execute(_live_with_start())}
    ending = {edition.id for edition in expiring_before(session, moment)}
    coming = session.scalars(
        select(Edition)
        .where(Edition.state == EditionState.SCHEDULED, Edition.effective_at <= moment)
        .order_by(Edition.effective_at, Edition.number)
    )
    kept = {manual_id: e.id for manual_id, e in live.items() if e.id not in ending}
    for edition in coming:
        if edition.expires_at is None or edition.expires_at > moment:
            kept[edition.manual_id] = edition.id
        else:
            kept.pop(edition.manual_id, None)
    return tuple(sorted(kept.values()))


def _live_with_start() -> Select[Edition, datetime]:
    return (
        select(Edition, Tenure.from_at)
        .join(Tenure, Tenure.edition_id == Edition.id)
        .where(Edition.state == EditionState.LIVE, Tenure.until_at.is_(None))
    )


def expiring_before(session: Session, moment: datetime) -> list[Edition]:
    """Live editions whose expiry comes at or before a moment. One that was brought back after its expiry stays."""
    query = _live_with_start().where(Edition.expires_at <= moment, Edition.expires_at > Tenure.from_at)
    return [edition for edition, _ in session.execute(query.order_by(Edition.expires_at, Edition.id))]


def expiring(session: Session, moment: datetime) -> list[ManualSummary]:
    """The manuals that end at or before a moment, soonest first."""
    return [summary(edition) for edition in expiring_before(session, moment)]


def titles(session: Session) -> dict[int, str]:
    """Every manual that ever was, live or not: its id and its newest title."""
    return {row.id: row.title for row in session.execute(select(Manual.id, Manual.title).order_by(Manual.id))}


def next_due(session: Session) -> datetime | None:
    """The next moment at which an edition goes live or ends by itself."""
    coming = session.scalar(
        select(func.min(Edition.effective_at)).where(Edition.state == EditionState.SCHEDULED)
    )
    ending = session.scalar(
        select(func.min(Edition.expires_at))
        .join(Tenure, Tenure.edition_id == Edition.id)
        .where(
            Edition.state == EditionState.LIVE,
            Tenure.until_at.is_(None),
            Edition.expires_at > Tenure.from_at,
        )
    )
    return min((moment for moment in (coming, ending) if moment is not None), default=None)


def first_held(session: Session, manual_id: int | None = None) -> datetime | None:
    """Since when a manual, or the first of all, has been in the library; None when none ever was live."""
    query = select(func.min(Tenure.from_at))
    return session.scalar(query if manual_id is None else query.where(Tenure.manual_id == manual_id))


def history(session: Session, manual_id: int) -> list[EditionRecord]:
    """Every edition of a manual, newest first. Raises EditionStateError for an unknown manual."""
    if session.get(Manual, manual_id) is None:
        raise EditionStateError(f"There is no manual number {manual_id}; look at the list of manuals.")
    editions = session.scalars(
        select(Edition).where(Edition.manual_id == manual_id).order_by(Edition.number.desc())
    ).all()
    tenures = session.scalars(
        select(Tenure).where(Tenure.manual_id == manual_id).order_by(Tenure.from_at, Tenure.id)
    ).all()
    moments = {t.from_at for t in tenures} | {t.until_at for t in tenures if t.until_at is not None}
    made = [record(row) for row in session.scalars(select(Publication).where(Publication.at.in_(moments)))]
    spans = {e.id: tuple(_span(t, made) for t in tenures if t.edition_id == e.id) for e in editions}
    return [edition_record(session, edition, spans[edition.id]) for edition in editions]


def published_by(session: Session, edition: Edition) -> str:
    """Who published or scheduled an edition; empty when nobody did or nobody wrote it down."""
    made = session.scalars(select(Publication).where(Publication.at == edition.published_at)).all()
    return next((one.by for one in made if edition.id in one.editions), "")


def _span(tenure: Tenure, made: Iterable[PublicationRecord]) -> Span:
    """A tenure with the publications that began and ended it."""
    began = ended = None
    for one in made:
        for move in one.moves:
            if one.at == tenure.from_at and move.after_edition_id == tenure.edition_id:
                began = one
            if one.at == tenure.until_at and move.before_edition_id == tenure.edition_id:
                ended = one
    return Span(
        tenure.from_at,
        tenure.until_at,
        began.by if began else "",
        began.kind if began else PublicationKind.PUBLISH,
        ended.by if ended else "",
        ended.kind if ended else None,
    )


def waiting(session: Session, state: EditionState) -> list[EditionRecord]:
    """Editions that are staged, or scheduled (soonest first)."""
    rows: Sequence[Edition] = session.scalars(
        select(Edition).where(Edition.state == state).order_by(Edition.effective_at, Edition.id)
    ).all()
    return [edition_record(session, edition) for edition in rows]


def edition_record(session: Session, edition: Edition, spans: tuple[Span, ...] = ()) -> EditionRecord:
    """The value of an edition's row."""
    return EditionRecord(
        edition.id, edition.manual_id, edition.number, EditionState(edition.state), edition.title,
        edition.organisation, edition.source, edition.clause_count, edition.truncated, edition.staged_at,
        edition.staged_by, edition.published_at, published_by(session, edition),
        Metadata(
            edition.product, tuple(edition.audience), edition.owner, edition.effective_at, edition.expires_at
        ),
        spans, bool(edition.suspicious),
    )  # fmt: skip

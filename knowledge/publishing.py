"""Moving live pointers: publish, schedule, go live and expire by the clock, roll back, withdraw.

Every function works inside the caller's transaction and begins with `begin`, which lets one writer in at a time
and first does what the clock made due: so publications follow each other in time, tenures never overlap, and
what a tenure says was live is what answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from knowledge.editions import by_ids, waiting_edition
from knowledge.errors import EditionOutdated, EditionStateError
from knowledge.history import Move, PublicationRecord, expiring_before, next_due, published_by, record
from knowledge.manuals import Edition, EditionState, Manual, Publication, PublicationKind, Tenure
from knowledge.portions import portions


def begin(session: Session, now: datetime) -> datetime:
    """Wait for other writers, do what is due, and give the time that the transaction writes: never before the
    newest publication, whatever the clocks of other machines said."""
    lock(session)
    newest = session.scalar(select(func.max(Publication.at)))
    at = max(now, newest) if newest is not None else now
    turn(session, at)
    return at


def lock(session: Session) -> None:
    """Let one writer of editions in at a time; readers go on. (SQLite has one writer anyway.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE publication IN SHARE ROW EXCLUSIVE MODE"))


def publish_editions(
    session: Session, edition_ids: Sequence[int], by: str, now: datetime, *, force: bool = False
) -> PublicationRecord:
    """Make staged editions live, or schedule those whose effective date is still to come.

    Raises:
        EditionStateError: one is not staged any more, two are of one manual, or one has expired.
        EditionOutdated: a newer edition was staged or published since; `force` publishes all the same.
    """
    editions = _all_staged(session, edition_ids)
    manual_id, often = Counter(e.manual_id for e in editions).most_common(1)[0]
    if often > 1:
        title = next(e.title for e in editions if e.manual_id == manual_id)
        raise EditionStateError(f"Two of these editions are of one manual, 《{title}》; publish one of them.")
    if not force:
        _refuse_outdated(session, editions)
        for edition in editions:
            _refuse_dates(edition, now)
    going = [e for e in editions if e.effective_at is None or e.effective_at <= now]
    for edition in editions:
        if edition not in going:
            _schedule(session, edition, now)
    moves = _move(session, {edition.manual_id: edition for edition in going}, now)
    return _record(session, PublicationKind.PUBLISH, by, now, moves, edition_ids)


def _all_staged(session: Session, edition_ids: Sequence[int]) -> list[Edition]:
    found = {edition.id: edition for edition in by_ids(session, Edition, edition_ids)}
    editions = []
    for edition_id in edition_ids:
        edition = found.get(edition_id)
        if edition is not None and edition.state == EditionState.SCHEDULED:
            raise EditionStateError(
                f"Edition {edition.number} of 《{edition.title}》 is scheduled already; "
                "wait for its day or discard it."
            )
        editions.append(waiting_edition(edition))
    return editions


def _refuse_outdated(session: Session, editions: Sequence[Edition]) -> None:
    standing = [EditionState.STAGED, EditionState.SCHEDULED, EditionState.LIVE]
    newest: dict[int, int] = {}
    for ids in portions([edition.manual_id for edition in editions]):
        newest |= dict(
            session.execute(
                select(Edition.manual_id, func.max(Edition.number))
                .where(Edition.manual_id.in_(ids), Edition.state.in_(standing))
                .group_by(Edition.manual_id)
            ).all()
        )
    for edition in editions:
        if newest[edition.manual_id] > edition.number:
            raise EditionOutdated(
                f"Edition {newest[edition.manual_id]} of 《{edition.title}》 came after edition {edition.number}; "
                "publish or discard that one first, ingest the file again, or force this one."
            )


def _refuse_dates(edition: Edition, now: datetime) -> None:
    if edition.expires_at is not None and edition.expires_at <= now:
        raise EditionStateError(
            f"《{edition.title}》 expired on {edition.expires_at:%Y-%m-%d}; correct its expiry and ingest it again."
        )
    if edition.expires_at and edition.effective_at and edition.expires_at <= edition.effective_at:
        raise EditionStateError(
            f"《{edition.title}》 would expire before it holds; correct its dates and ingest it again."
        )


def _schedule(session: Session, edition: Edition, now: datetime) -> None:
    """Let an edition wait for its day; one that waits for the same moment is replaced by it."""
    session.execute(
        update(Edition)
        .where(
            Edition.manual_id == edition.manual_id,
            Edition.state == EditionState.SCHEDULED,
            Edition.effective_at == edition.effective_at,
        )
        .values(state=EditionState.DISCARDED)
    )
    edition.state, edition.published_at = EditionState.SCHEDULED, now


def turn(session: Session, now: datetime) -> list[PublicationRecord]:
    """Make live what has come into effect and end what has expired, each at its own moment, in their order."""
    made: list[PublicationRecord] = []
    while (due := next_due(session)) is not None and due <= now:
        made += _activate(session, due)
        made += _expire(session, due)
    return made


def _activate(session: Session, due: datetime) -> list[PublicationRecord]:
    """One publication for each person who had scheduled what comes into effect now."""
    coming = session.scalars(
        select(Edition)
        .where(Edition.state == EditionState.SCHEDULED, Edition.effective_at <= due)
        .order_by(Edition.manual_id, Edition.number)
    ).all()
    by_person: dict[str, dict[int, Edition | None]] = {}
    for edition in coming:
        by_person.setdefault(published_by(session, edition), {})[edition.manual_id] = edition
    made = []
    for by, after in by_person.items():
        moves = _move(session, after, due)
        ids = [move.after_edition_id for move in moves if move.after_edition_id is not None]
        made.append(_record(session, PublicationKind.ACTIVATION, by, due, moves, ids))
    return made


def _expire(session: Session, due: datetime) -> list[PublicationRecord]:
    moves = _move(session, {edition.manual_id: None for edition in expiring_before(session, due)}, due)
    return [_record(session, PublicationKind.EXPIRY, "", due, moves, [])] if moves else []


def roll_back(
    session: Session, manual_id: int, by: str, now: datetime, to: int | None = None
) -> PublicationRecord:
    """Make an edition live again that was before; see `rollback_target` for which. An edition brought back after its
    expiry date stays until something else is published. Raises EditionStateError as that does."""
    edition = rollback_target(session, manual_id, to)
    moves = _move(session, {manual_id: edition}, now)
    return _record(session, PublicationKind.ROLLBACK, by, now, moves, [edition.id])


def rollback_target(session: Session, manual_id: int, to: int | None = None) -> Edition:
    """The edition that a roll back makes live: number `to`, or the one before what is live (the last one when
    nothing is).

    Raises EditionStateError when there is no such edition or it is live already.
    """
    manual = _manual(session, manual_id)
    tenures = session.scalars(
        select(Tenure).where(Tenure.manual_id == manual_id).order_by(Tenure.from_at, Tenure.id)
    ).all()
    if to is None:
        edition_id = _before(tenures, manual.live_edition_id)
        if edition_id is None:
            raise EditionStateError(
                f"《{manual.title}》 has no earlier edition to go back to; withdraw it if it must not answer."
            )
        return session.get_one(Edition, edition_id)
    return _numbered(session, manual, to, {tenure.edition_id for tenure in tenures})


def _before(tenures: Sequence[Tenure], live: int | None) -> int | None:
    """The edition that was live before the live one first was; the last one when nothing is live."""
    if live is None:
        return tenures[-1].edition_id if tenures else None
    first = next(i for i, tenure in enumerate(tenures) if tenure.edition_id == live)
    return tenures[first - 1].edition_id if first > 0 else None


def _numbered(session: Session, manual: Manual, number: int, held: set[int]) -> Edition:
    edition = session.scalar(select(Edition).where(Edition.manual_id == manual.id, Edition.number == number))
    if edition is None or edition.id not in held:
        raise EditionStateError(
            f"Edition {number} of 《{manual.title}》 was never live; choose one from its history."
        )
    if edition.id == manual.live_edition_id:
        raise EditionStateError(f"Edition {number} of 《{manual.title}》 is live already.")
    return edition


def withdraw(session: Session, manual_id: int, by: str, now: datetime) -> PublicationRecord:
    """Let a manual answer no more: what is live ends, what is scheduled is given up. Rolling back undoes it
    (for what was live).

    Raises EditionStateError when nothing of it is live.
    """
    manual = _manual(session, manual_id)
    if manual.live_edition_id is None:
        raise EditionStateError(f"《{manual.title}》 is not live; there is nothing to withdraw.")
    moves = _move(session, {manual.id: None}, now)
    session.execute(
        update(Edition)
        .where(Edition.manual_id == manual.id, Edition.state == EditionState.SCHEDULED)
        .values(state=EditionState.DISCARDED)
    )
    return _record(session, PublicationKind.WITHDRAWAL, by, now, moves, [])


def _manual(session: Session, manual_id: int) -> Manual:
    manual = session.get(Manual, manual_id)
    if manual is None:
        raise EditionStateError(f"There is no manual number {manual_id}; look at the list of manuals.")
    return manual


def _move(session: Session, after: Mapping[int, Edition | None], at: datetime) -> list[Move]:
    """Point manuals (by id) to other editions, or to none: pointers, states and tenures together."""
    manuals = by_ids(session, Manual, list(after))
    pointed = [manual.live_edition_id for manual in manuals if manual.live_edition_id is not None]
    before = {edition.id: edition for edition in by_ids(session, Edition, pointed)}
    for ids in portions(after):
        session.execute(
            update(Tenure).where(Tenure.manual_id.in_(ids), Tenure.until_at.is_(None)).values(until_at=at)
        )
    moves = []
    for manual in manuals:
        edition, past = after[manual.id], manual.live_edition_id
        if past is not None:
            before[past].state = EditionState.RETIRED
        if edition is not None:
            if edition.state in (EditionState.SCHEDULED, EditionState.STAGED):
                edition.published_at = at
            edition.state = EditionState.LIVE
            manual.title, manual.organisation = edition.title, edition.organisation
            session.add(Tenure(manual_id=manual.id, edition_id=edition.id, from_at=at))
        manual.live_edition_id = edition.id if edition is not None else None
        moves.append(Move(manual.id, past, manual.live_edition_id))
    session.flush()
    return moves


def _record(
    session: Session,
    kind: PublicationKind,
    by: str,
    at: datetime,
    moves: Sequence[Move],
    edition_ids: Sequence[int],
) -> PublicationRecord:
    rows = [[move.manual_id, move.before_edition_id, move.after_edition_id] for move in moves]
    row = Publication(at=at, by=by, kind=kind, moves=rows, editions=list(edition_ids))
    session.add(row)
    session.flush()
    return record(row)

"""Moving live pointers: publish, schedule, go live and expire by the clock, roll back, withdraw.

Every function works inside the caller's transaction and begins with `begin`, which lets one writer in at a time
and first does what the clock made due: so publications follow each other in time, tenures never overlap, and
what a tenure says was live is what answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from knowledge.editions import waiting_edition
from knowledge.errors import EditionOutdated, EditionStateError
from knowledge.history import Move, PublicationRecord, expiring_before, next_due, published_by, record
from knowledge.manuals import Edition, EditionState, Manual, Publication, PublicationKind, Tenure


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
    editions = [_staged(session, edition_id) for edition_id in edition_ids]
    manual_id, often = Counter(e.manual_id for e in editions).most_common(1)[0]
    if often > 1:
        title = next(e.title for e in editions if e.manual_id == manual_id)
        raise EditionStateError(f"Two of these editions are of one manual, 《{title}》; publish one of them.")
    moves = []
    for edition in editions:
        manual = session.get_one(Manual, edition.manual_id)
        if not force:
            _refuse_outdated(session, edition, manual)
            _refuse_dates(edition, now)
        if edition.effective_at is not None and edition.effective_at > now:
            _schedule(session, edition, now)
        else:
            moves.append(_move(session, manual, edition, now))
    return _record(session, PublicationKind.PUBLISH, by, now, moves, edition_ids)


def _staged(session: Session, edition_id: int) -> Edition:
    edition = waiting_edition(session, edition_id)
    if edition.state == EditionState.SCHEDULED:
        raise EditionStateError(
            f"Edition {edition.number} of 《{edition.title}》 is scheduled already; wait for its day or discard it."
        )
    return edition


def _refuse_outdated(session: Session, edition: Edition, manual: Manual) -> None:
    newer = session.scalar(
        select(func.max(Edition.number)).where(
            Edition.manual_id == manual.id,
            Edition.number > edition.number,
            Edition.state.in_([EditionState.STAGED, EditionState.SCHEDULED, EditionState.LIVE]),
        )
    )
    if newer is None:
        return
    raise EditionOutdated(
        f"Edition {newer} of 《{edition.title}》 came after edition {edition.number}; "
        f"publish or discard that one first, ingest the file again, or force this one."
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
    moves: dict[str, list[Move]] = {}
    for edition in coming:
        by = published_by(session, edition)
        manual = session.get_one(Manual, edition.manual_id)
        moves.setdefault(by, []).append(_move(session, manual, edition, due))
    return [
        _record(session, PublicationKind.ACTIVATION, by, due, made, [m.after_edition_id or 0 for m in made])
        for by, made in moves.items()
    ]


def _expire(session: Session, due: datetime) -> list[PublicationRecord]:
    moves = [
        _move(session, session.get_one(Manual, edition.manual_id), None, due)
        for edition in expiring_before(session, due)
    ]
    return [_record(session, PublicationKind.EXPIRY, "", due, moves, [])] if moves else []


def roll_back(
    session: Session, manual_id: int, by: str, now: datetime, to: int | None = None
) -> PublicationRecord:
    """Make an edition live again that was before: number `to`, or the one before what is live (the last one
    when nothing is). An edition brought back after its expiry date stays until something else is published.

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
        edition = session.get_one(Edition, edition_id)
    else:
        edition = _numbered(session, manual, to, {tenure.edition_id for tenure in tenures})
    move = _move(session, manual, edition, now)
    return _record(session, PublicationKind.ROLLBACK, by, now, [move], [edition.id])


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
    move = _move(session, manual, None, now)
    session.execute(
        update(Edition)
        .where(Edition.manual_id == manual.id, Edition.state == EditionState.SCHEDULED)
        .values(state=EditionState.DISCARDED)
    )
    return _record(session, PublicationKind.WITHDRAWAL, by, now, [move], [])


def _manual(session: Session, manual_id: int) -> Manual:
    manual = session.get(Manual, manual_id)
    if manual is None:
        raise EditionStateError(f"There is no manual number {manual_id}; look at the list of manuals.")
    return manual


def _move(session: Session, manual: Manual, after: Edition | None, at: datetime) -> Move:
    """Point a manual to another edition, or to none: pointer, states and tenures together."""
    before = session.get_one(Edition, manual.live_edition_id) if manual.live_edition_id else None
    session.execute(
        update(Tenure).where(Tenure.manual_id == manual.id, Tenure.until_at.is_(None)).values(until_at=at)
    )
    if before is not None:
        before.state = EditionState.RETIRED
    if after is not None:
        if after.state in (EditionState.SCHEDULED, EditionState.STAGED):
            after.published_at = at
        after.state = EditionState.LIVE
        manual.title, manual.organisation = after.title, after.organisation
        session.add(Tenure(manual_id=manual.id, edition_id=after.id, from_at=at))
    manual.live_edition_id = after.id if after is not None else None
    session.flush()
    return Move(manual.id, before.id if before is not None else None, manual.live_edition_id)


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

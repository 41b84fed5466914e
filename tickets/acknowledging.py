"""传达到每位业务代表, inside a transaction of the desk: who is to read a confirmed answer, who did, who is reminded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tickets.confirmed import Acknowledgement, ConfirmedContent, Reader
from tickets.errors import NotFound
from tickets.models import AcknowledgementReaderRow, AcknowledgementRow
from tickets.people import Person
from tickets.records import Audience, NoticeKind
from tickets.transaction import Transaction

Later = Callable[[str, datetime], datetime]
"""When the time for reading has passed for a person (by id), from a moment on."""


def subject(acknowledgement_id: int) -> str:
    """How an acknowledgement is named in audit, notices and cards."""
    return f"acknowledgement:{acknowledgement_id}"


def send(
    tx: Transaction, actor: Person, confirmed_id: int, revision: int, channel: str, readers: Collection[str]
) -> tuple[int, bool]:
    """Ask the readers to read it; the id, and whether it was sent just now: a channel is asked once per revision.

    Whoever sends it has read it.
    """
    query = select(AcknowledgementRow).where(
        AcknowledgementRow.confirmed_id == confirmed_id,
        AcknowledgementRow.revision == revision,
        AcknowledgementRow.channel == channel,
    )
    known = tx.session.execute(query).scalar_one_or_none()
    if known is not None:
        return known.id, False
    row = AcknowledgementRow(
        confirmed_id=confirmed_id, revision=revision, channel=channel, sent_by=actor.id, sent_at=tx.now
    )
    tx.session.add(row)
    tx.session.flush()
    tx.session.add_all(
        AcknowledgementReaderRow(
            acknowledgement_id=row.id,
            person_id=person,
            reminders=0,
            read_at=tx.now if person == actor.id else None,
        )
        for person in sorted(set(readers))
    )
    details = {
        "confirmed": confirmed_id,
        "revision": revision,
        "channel": channel,
        "readers": len(set(readers)),
    }
    tx.record(actor.id, "acknowledgement.sent", subject(row.id), details)
    _tell_card(tx, row, actor.id)
    return row.id, True


def read(tx: Transaction, person_id: str, acknowledgement_id: int) -> bool:
    """A person says that they have read it, whatever they said before; False when nobody asked them to."""
    row = tx.session.get(AcknowledgementReaderRow, (acknowledgement_id, person_id))
    if row is None:
        _row(tx.session, acknowledgement_id)
        return False
    if row.read_at is None:
        row.read_at = tx.now
        tx.record(person_id, "acknowledgement.read", subject(acknowledgement_id), {})
    return True


def end(tx: Transaction, actor_id: str, confirmed_id: int) -> None:
    """Nobody needs to read what was sent of a confirmed answer any more."""
    query = select(AcknowledgementRow).where(
        AcknowledgementRow.confirmed_id == confirmed_id, AcknowledgementRow.ended_at.is_(None)
    )
    for row in tx.session.execute(query).scalars():
        row.ended_at = tx.now
        tx.record(actor_id, "acknowledgement.ended", subject(row.id), {"confirmed": confirmed_id})
        _tell_card(tx, row, actor_id)


def remind(
    tx: Transaction, confirmed_ids: Collection[int], after: timedelta, most: int, later: Later | None = None
) -> int:
    """Remind those who have not read what was sent of these answers `after` ago, or were reminded so long ago,
    each at most `most` times; how many. `later` says when the time has passed for a person, who may be off shift;
    without it the clock on the wall counts."""
    before = tx.now - after
    query = (
        select(AcknowledgementRow, AcknowledgementReaderRow)
        .join(AcknowledgementReaderRow)
        .where(
            AcknowledgementRow.confirmed_id.in_(confirmed_ids),
            AcknowledgementRow.ended_at.is_(None),
            AcknowledgementRow.sent_at <= before,
            AcknowledgementReaderRow.read_at.is_(None),
            AcknowledgementReaderRow.reminders < most,
            or_(
                AcknowledgementReaderRow.reminded_at.is_(None), AcknowledgementReaderRow.reminded_at <= before
            ),
        )
        .order_by(AcknowledgementRow.id, AcknowledgementReaderRow.person_id)
    )
    reminded: defaultdict[int, list[str]] = defaultdict(list)
    for row, reader in tx.session.execute(query).all():
        since = reader.reminded_at or row.sent_at
        if later is not None and later(reader.person_id, since) > tx.now:
            continue  # in no shifts does time pass quicker than on the wall
        reader.reminders += 1
        reader.reminded_at = tx.now
        reminded[row.id].append(reader.person_id)
        audience = Audience(user_id=reader.person_id)
        tx.tell(NoticeKind.ACKNOWLEDGEMENT_REMINDER, subject(row.id), row.id, audience, row.sent_by)
    for number, people in reminded.items():
        tx.record("", "acknowledgement.reminded", subject(number), {"people": people})
    return sum(map(len, reminded.values()))


def row_of(session: Session, acknowledgement_id: int) -> AcknowledgementRow:
    """The row; NotFound."""
    return _row(session, acknowledgement_id)


def listed(session: Session, confirmed_id: int) -> list[AcknowledgementRow]:
    """Rows of one confirmed answer, newest first."""
    query = select(AcknowledgementRow).where(AcknowledgementRow.confirmed_id == confirmed_id)
    return list(session.execute(query.order_by(AcknowledgementRow.id.desc())).scalars())


def values(
    session: Session, rows: Sequence[AcknowledgementRow], contents: Mapping[int, ConfirmedContent]
) -> list[Acknowledgement]:
    """The values of rows; `contents`: row id → what was sent."""
    readers: defaultdict[int, list[Reader]] = defaultdict(list)
    query = select(AcknowledgementReaderRow).where(
        AcknowledgementReaderRow.acknowledgement_id.in_([row.id for row in rows])
    )
    for reader in session.execute(query.order_by(AcknowledgementReaderRow.person_id)).scalars():
        readers[reader.acknowledgement_id].append(Reader(reader.person_id, reader.read_at, reader.reminders))
    return [
        Acknowledgement(
            row.id, row.confirmed_id, row.revision, contents[row.id], row.channel, row.sent_by, row.sent_at,
            row.ended_at, tuple(readers[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def _row(session: Session, acknowledgement_id: int) -> AcknowledgementRow:
    row = session.get(AcknowledgementRow, acknowledgement_id)
    if row is None:
        raise NotFound("acknowledgement", acknowledgement_id)
    return row


def _tell_card(tx: Transaction, row: AcknowledgementRow, actor_id: str) -> None:
    audience = Audience(user_id=row.sent_by)
    tx.tell(NoticeKind.ACKNOWLEDGEMENT, subject(row.id), row.id, audience, actor_id)

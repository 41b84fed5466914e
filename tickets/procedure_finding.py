"""Looking for records: by who filed them, what they say, whom they wait for; and counting them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tickets import procedure_rows
from tickets.errors import InvalidInput
from tickets.models import ProcedureReadRow, ProcedureRecordRow, TicketRow
from tickets.people import People, Person
from tickets.procedure_records import ReadBy, Record, RecordState
from tickets.procedure_rows import Versions
from tickets.records import TicketState
from tickets.store import insert_once
from tickets.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Search:
    """What records are looked for; what is not said does not matter."""

    procedure: str = ""
    state: RecordState | None = None
    filer_id: str = ""
    since: datetime | None = None
    """Filed at this moment or later."""
    until: datetime | None = None
    """Filed before this moment."""
    text: str = ""
    """Every word of it stands in the number, the title or a value."""


def _chosen(query: Select[Any], search: Search) -> Select[Any]:
    columns = ProcedureRecordRow
    if search.procedure:
        query = query.where(columns.procedure == search.procedure)
    if search.state is not None:
        query = query.where(columns.state == search.state)
    if search.filer_id:
        query = query.where(columns.filer_id == search.filer_id)
    if search.since is not None:
        query = query.where(columns.created_at >= search.since)
    if search.until is not None:
        query = query.where(columns.created_at < search.until)
    for word in search.text.lower().split():
        query = query.where(columns.words.contains(word, autoescape=True))
    return query


def found(session: Session, people: People, versions: Versions, search: Search, limit: int) -> list[Record]:
    """The newest records that a search finds."""
    query = _chosen(select(ProcedureRecordRow), search).order_by(ProcedureRecordRow.id.desc()).limit(limit)
    rows = session.execute(query).scalars().all()
    return [procedure_rows.value(session, people, versions.of(session, row), row) for row in rows]


def count(session: Session, search: Search) -> int:
    """How many records a search finds."""
    return session.scalar(_chosen(select(func.count()).select_from(ProcedureRecordRow), search)) or 0


def tally(session: Session, versions: Versions, procedure: str, field: str, search: Search) -> dict[str, int]:
    """Value of a field → how often; see `ProcedureDesk.tally`."""
    query = _chosen(select(ProcedureRecordRow), search).where(ProcedureRecordRow.procedure == procedure)
    given = (
        procedure_rows.facts(versions.of(session, row), row).get(field, "")
        for row in session.execute(query).scalars()
    )
    return dict(Counter(value for value in given if value).most_common())


def waiting_for(session: Session, people: People, versions: Versions, person_id: str) -> list[Record]:
    """Records that a person may act on now, and their own that were sent back; oldest first."""
    states = (RecordState.WAITING.value, RecordState.RETURNED.value)
    query = select(ProcedureRecordRow).where(ProcedureRecordRow.state.in_(states))
    mine = []
    for row in session.execute(query.order_by(ProcedureRecordRow.id)).scalars():
        spec = versions.of(session, row)
        returned = row.state == RecordState.RETURNED and row.filer_id == person_id
        if returned or person_id in procedure_rows.awaited(people, spec, row).may:
            mine.append(procedure_rows.value(session, people, spec, row))
    return mine


def acknowledge(tx: Transaction, versions: Versions, actor: Person, record_id: int) -> bool:
    """See `ProcedureDesk.acknowledge`."""
    row = procedure_rows.find(tx.session, record_id)
    if not versions.of(tx.session, row).effect.acknowledge or row.state != RecordState.DONE:
        raise InvalidInput("record", f"{row.number} has nothing to acknowledge.")
    new = insert_once(
        tx.session, ProcedureReadRow, {"record_id": row.id, "person_id": actor.id, "at": tx.now}
    )
    if new:
        tx.record(actor.id, "procedure.read", procedure_rows.subject(row.id), {"number": row.number})
    return new


def read_by(session: Session, record_id: int) -> list[ReadBy]:
    """Who confirmed having read a broadcast, in that order."""
    query = select(ProcedureReadRow).where(ProcedureReadRow.record_id == record_id)
    rows = session.execute(query.order_by(ProcedureReadRow.at, ProcedureReadRow.person_id)).scalars()
    return [ReadBy(row.person_id, row.at) for row in rows]


def ticket_ids_about_people(session: Session, versions: Versions) -> frozenset[int]:
    """Tickets of open matters in whose record somebody is named who never acts."""
    query = (
        select(ProcedureRecordRow)
        .join(TicketRow, TicketRow.id == ProcedureRecordRow.ticket_id)
        .where(TicketRow.state.not_in([TicketState.CLOSED.value, TicketState.MERGED.value]))
    )
    rows = session.execute(query).scalars()
    return frozenset(
        row.ticket_id
        for row in rows
        if row.ticket_id is not None and procedure_rows.about(versions.of(session, row), row)
    )

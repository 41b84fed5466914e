"""The audit trail as a person reads it, reached as `desk.trails`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tickets import audit, escalations, rungs, ticketing
from tickets.errors import NotFound
from tickets.people import People, Person
from tickets.records import AuditEntry
from tickets.rows import escalation_subject, ticket_subject
from tickets.rules import Action, require
from tickets.transaction import reading


@dataclass(frozen=True, slots=True)
class Trail:
    """What happened to a matter, oldest first."""

    entries: tuple[AuditEntry, ...]
    intact: bool
    """Whether the whole trail, and the records that it vouches for, are untouched."""


class TrailDesk:
    """Reading the trail of a matter. Safe between threads and processes."""

    def __init__(self, engine: Engine, people: People) -> None:
        self._engine = engine
        self._people = people

    def of(self, reader: Person, number: str) -> Trail:
        """The trail of a ticket together with the escalation that it came from, by either's number.

        Raises NotAllowed, and NotFound also for a matter that this reader may not see (whom it complains about).
        """
        require(reader, Action.SEE_AUDIT)
        with reading(self._engine) as session:
            if number.startswith("E"):
                escalation = escalations.by_number(session, number)
                ticket_id = escalation.ticket_id
            else:
                ticket = ticketing.get(session, number)
                ticket_id = ticket.id
                if ticket.escalation_id is None:
                    return self._read(session, [ticket_subject(ticket_id)])
                escalation = escalations.get(session, ticket.escalation_id)
            if not rungs.may_see(self._people, reader, escalation):
                raise NotFound("escalation" if number.startswith("E") else "ticket", number)
            subjects = [escalation_subject(escalation.id)]
            return self._read(session, subjects + ([ticket_subject(ticket_id)] if ticket_id else []))

    def _read(self, session: Session, subjects: list[str]) -> Trail:
        found = sorted((e for one in subjects for e in audit.entries(session, one)), key=lambda e: e.id)
        return Trail(tuple(found), audit.verify(session) is None)

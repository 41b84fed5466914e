"""Working on tickets, reached as `desk.board`: hand-overs, comments, closing and opening again, merging, searching.
Every method is one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tickets import (
    audit,
    rules,
    ticket_comments,
    ticket_handing,
    ticket_merging,
    ticket_rules,
    ticket_search,
    ticket_work,
    ticketing,
)
from tickets.errors import InvalidInput
from tickets.models import TicketRow
from tickets.people import People, Person
from tickets.records import AuditEntry, Origin, Ticket
from tickets.rows import escalation_subject, ticket_subject, ticket_value
from tickets.ticket_records import (
    AskedBefore,
    TicketChange,
    TicketComment,
    TicketPage,
    TicketQuery,
    TicketView,
)
from tickets.ticket_rules import Act
from tickets.transaction import Transaction, reading, writing

log = structlog.get_logger(__name__)

_AT_ONCE = 500
"""Ids in one query: SQLite takes 32,766 parameters."""


class TicketDesk:
    """What people do with tickets. Safe between threads and processes.

    Those that take a `revision` raise StaleRevision (which says who changed it) when the ticket is not as it was seen;
    all raise NotFound, NotAllowed (see `tickets.ticket_rules`) and InvalidInput. The same act of the same person with
    the same revision again, a double click, gives back what the first one made.
    """

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone

    def now(self) -> datetime:
        """The time by which things are overdue here."""
        return self._clock()

    # -- reading -----------------------------------------------------------------------------------

    def view(self, actor: Person, number_or_id: int | str) -> TicketView:
        """A ticket with duplicates, comments and history."""
        with reading(self._engine) as session:
            row = ticketing.find(session, number_or_id)
            ticket_rules.require(self._people, actor, Act.SEE, row, row.offered_to)
            return _view(session, row)

    def shown(self, ticket_id: int) -> TicketView:
        """The same for the cards of a ticket, which only people get who may see it."""
        with reading(self._engine) as session:
            return _view(session, ticketing.find(session, ticket_id))

    def may(self, actor: Person, act: Act, ticket: Ticket) -> bool:
        """Whether a person may do this with a ticket: what is offered to them. The desk refuses by the same table."""
        return ticket_rules.may(self._people, actor, act, ticket, ticket.offer.to if ticket.offer else "")

    def find(self, actor: Person, query: TicketQuery) -> TicketPage:
        """One page of the tickets that the person may see."""
        with reading(self._engine) as session:
            return ticket_search.page(session, self._people, actor, self._clock(), query)

    def asked_before(
        self, *, customer: str = "", title: str, description: str = "", origin: Origin | None = None
    ) -> list[AskedBefore]:
        """Tickets that may be about the same matter, the likeliest first, whoever has them: the person at the phone
        must be able to say who was asked first."""
        from tickets import ticket_recognising  # its string matching costs a command 10 ms

        with reading(self._engine) as session:
            return ticket_recognising.asked_before(
                session, self._clock(), customer=customer, title=title, description=description,
                origin=origin or Origin(),
            )  # fmt: skip

    def told(self, ticket_id: int, entry: int) -> AuditEntry | None:
        """An entry of the trail of a ticket, by its number."""
        with reading(self._engine) as session:
            trail = audit.entries(session, ticket_subject(ticket_id))
            return next((one for one in trail if one.id == entry), None)

    def export(self, actor: Person, query: TicketQuery, kind: Literal["csv", "xlsx"]) -> tuple[bytes, int]:
        """What is found and may be seen, whatever the page, as a file; and how many. Leaders and above, and admins."""
        from tickets import ticket_export

        rules.require(actor, rules.Action.EXPORT_TICKETS)
        if kind not in ("csv", "xlsx"):
            raise InvalidInput("format", "Tickets are exported as csv or xlsx.")
        now = self._clock()
        with writing(self._engine, now, self._zone) as tx:
            found = _exported(tx.session, ticket_search.rows(tx.session, self._people, actor, now, query))
            tx.record(actor.id, "tickets.exported", "tickets", {"count": len(found), "format": kind})
        lines = ticket_export.table(found, self._people, self._zone, now)
        made = ticket_export.as_csv(lines) if kind == "csv" else ticket_export.as_xlsx(lines)
        return made, len(found)

    # -- working -----------------------------------------------------------------------------------

    def take(self, actor: Person, ticket_id: int, revision: int) -> Ticket:
        """Begin: the owner starts, whoever was asked accepts, a supervisor of the owner takes it over."""
        return self._do("taken", lambda tx: ticket_handing.take(tx, self._people, actor, ticket_id, revision))

    def change(self, actor: Person, ticket_id: int, revision: int, change: TicketChange) -> Ticket:
        """Change state (while there is something to do), priority, kind, or what was promised."""
        return self._do(
            "changed", lambda tx: ticket_work.change(tx, self._people, actor, ticket_id, revision, change)
        )

    def offer(self, actor: Person, ticket_id: int, revision: int, to: str, note: str) -> Ticket:
        """Ask somebody to take it over; until they accept, the owner stays responsible. Replaces an earlier offer."""
        return self._do(
            "offered", lambda tx: ticket_handing.offer(tx, self._people, actor, ticket_id, revision, to, note)
        )

    def withdraw(self, actor: Person, ticket_id: int, revision: int) -> Ticket:
        """Take an offer back."""
        return self._do(
            "offer_withdrawn",
            lambda tx: ticket_handing.withdraw(tx, self._people, actor, ticket_id, revision),
        )

    def accept(self, actor: Person, ticket_id: int, revision: int) -> Ticket:
        """Take it over, as one was asked to."""
        return self._do("accepted", lambda tx: ticket_handing.accept(tx, actor, ticket_id, revision))

    def decline(self, actor: Person, ticket_id: int, revision: int, reason: str) -> Ticket:
        """Say no, and why."""
        return self._do("declined", lambda tx: ticket_handing.decline(tx, actor, ticket_id, revision, reason))

    def comment(self, actor: Person, ticket_id: int, text: str, key: str) -> Ticket:
        """Add a comment, once per key; the ticket that has it (see merging)."""
        return self._do(
            "commented",
            lambda tx: ticket_comments.add(tx, self._people, actor, ticket_id, text, key, asked_again=False),
        )

    def ask_again(self, actor: Person, ticket_id: int, text: str, key: str) -> Ticket:
        """The customer came with it again: counted and told to the owner, once per key; a closed one is open again.

        Whoever was asked may write it down, whosever ticket it is.
        """
        return self._do(
            "asked_again",
            lambda tx: ticket_comments.add(tx, self._people, actor, ticket_id, text, key, asked_again=True),
        )

    def close(self, actor: Person, ticket_id: int, revision: int, resolution: str) -> Ticket:
        """It is done; the resolution says how."""
        return self._do(
            "closed", lambda tx: ticket_work.close(tx, self._people, actor, ticket_id, revision, resolution)
        )

    def reopen(self, actor: Person, ticket_id: int, revision: int, reason: str) -> Ticket:
        """It is not done after all."""
        return self._do(
            "reopened", lambda tx: ticket_work.reopen(tx, self._people, actor, ticket_id, revision, reason)
        )

    def merge(self, actor: Person, ticket_id: int, revision: int, into: int | str) -> Ticket:
        """Let another ticket go on for this one; that one. Nothing of the duplicate is lost."""
        return self._do(
            "merged", lambda tx: ticket_merging.merge(tx, self._people, actor, ticket_id, revision, into)
        )

    def unmerge(self, actor: Person, ticket_id: int, revision: int) -> Ticket:
        """It is a matter of its own after all."""
        return self._do(
            "unmerged", lambda tx: ticket_merging.unmerge(tx, self._people, actor, ticket_id, revision)
        )

    def _do(self, done: str, act: Callable[[Transaction], TicketRow]) -> Ticket:
        with writing(self._engine, self._clock(), self._zone) as tx:
            ticket = ticketing.value(tx.session, act(tx))
        log.info(f"ticket.{done}", ticket_id=ticket.id, revision=ticket.revision)
        return ticket


def _view(session: Session, row: TicketRow) -> TicketView:
    merged = ticket_merging.duplicates_of(session, row.id)
    names = {one.id: one.number for one in (row, *merged)}
    trail = audit.entries(session, ticket_subject(row.id))
    if row.escalation_id is not None:
        trail = [*audit.entries(session, escalation_subject(row.escalation_id)), *trail]
    return TicketView(
        ticketing.value(session, row),
        tuple(ticketing.value(session, one) for one in merged),
        ticket_comments.of(session, names),
        tuple(sorted(trail, key=lambda entry: entry.id)),
    )


def _exported(session: Session, rows: list[TicketRow]) -> list[tuple[Ticket, list[TicketComment]]]:
    names = {row.id: row.number for row in rows}
    said: defaultdict[int, list[TicketComment]] = defaultdict(list)
    ids = sorted(names)
    for start in range(0, len(ids), _AT_ONCE):
        for comment in ticket_comments.of(
            session, {one: names[one] for one in ids[start : start + _AT_ONCE]}
        ):
            said[comment.ticket_id].append(comment)
    found = []
    for row in rows:
        ticket = ticket_value(row)
        if row.merged_into_id is not None:
            survivor = session.get_one(TicketRow, row.merged_into_id)
            ticket = replace(ticket, merged_into=survivor.number)
        found.append((ticket, said[row.id]))
    return found

"""What people do with tickets, as values: comments, changes, searches and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tickets.records import AuditEntry, Ticket, TicketState, Urgency


class Unchanged:
    """Stands where nothing is to be changed and None would mean something."""


UNCHANGED = Unchanged()


@dataclass(frozen=True, slots=True)
class TicketChange:
    """What to change about a ticket; what is left out stays."""

    state: TicketState | None = None
    """Only between the states in which there is something to do: closing and merging have methods of their own."""
    priority: Urgency | None = None
    kind: str | None = None
    due_at: datetime | Unchanged | None = UNCHANGED
    """None takes the promise back."""


@dataclass(frozen=True, slots=True)
class TicketComment:
    """What somebody added."""

    id: int
    ticket_id: int
    ticket_number: str
    """The ticket that it was written on: one that was merged since keeps it."""
    author_id: str
    text: str
    at: datetime
    asked_again: bool
    """The customer came with the matter again."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with everything that belongs to it."""

    ticket: Ticket
    duplicates: tuple[Ticket, ...]
    """Tickets that it goes on for, also those merged into one of them, oldest first."""
    comments: tuple[TicketComment, ...]
    """Its own and those of its duplicates, oldest first."""
    history: tuple[AuditEntry, ...]
    """Its own and that of the escalation that it came from, oldest first."""

    @property
    def contacts(self) -> int:
        """How often the customer came with the matter, on whichever ticket."""
        return sum(one.contacts for one in (self.ticket, *self.duplicates))

    @property
    def asked_first(self) -> Ticket:
        """The ticket, of it and its duplicates, on which the matter was first brought."""
        return min((self.ticket, *self.duplicates), key=lambda one: (one.created_at, one.id))


class Sort(StrEnum):
    """In which order tickets are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    """What was promised first comes first; without a promise last."""
    PRIORITY = "priority"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """Which tickets; everything that is given must hold."""

    text: str = ""
    """Words that all stand in its number, title, description or comments."""
    kind: str = ""
    states: tuple[TicketState, ...] = ()
    """Empty: all but merged ones, unless `text` is given: then these too, as what was written there counts."""
    owner_id: str = ""
    first_responder_id: str = ""
    person_id: str = ""
    """Owner, first responder or whoever logged it."""
    offered_to: str = ""
    priority: Urgency | None = None
    customer: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    overdue: bool = False
    unhanded: bool = False
    """Offered to somebody and not accepted yet."""
    sort: Sort = Sort.NEWEST
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Some of the tickets that were found."""

    tickets: tuple[Ticket, ...]
    total: int
    offset: int

    @property
    def next_offset(self) -> int | None:
        """Where the next page begins; None at the end."""
        end = self.offset + len(self.tickets)
        return end if end < self.total else None


class Alike(StrEnum):
    """Why a ticket may be about the same matter."""

    THREAD = "thread"
    NUMBER = "number"
    """It names the same order or ticket."""
    CUSTOMER = "customer"
    """The same customer, with much the same words."""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A ticket that may be about the same matter."""

    ticket: Ticket
    why: tuple[Alike, ...]
    likeness: float = field(default=0.0)
    """How much the words are the same, 0 to 1."""

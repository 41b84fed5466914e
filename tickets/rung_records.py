"""What is kept of the way of an escalation up the ladder. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tickets.people import Role


class StepKind(StrEnum):
    """What happened to an escalation; each kind is an entry of its way, and nothing is ever taken out of it."""

    FILED = "filed"
    EDITED = "edited"
    UNREACHABLE = "unreachable"
    """The rung that it waited for cannot be reached; the next one is asked."""
    PASSED_UP = "passed_up"
    """A reviewer cannot settle it and hands it on."""
    RETURNED = "returned"
    """A reviewer asks the filer something."""
    ANSWERED = "answered"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    """The deadline passed twice: it went up one rung by itself."""
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CARRIED_OUT = "carried_out"
    """The superior's instruction was carried out."""
    REPORTED = "reported"
    """A superior who was passed over got the report afterwards."""
    REPORT_READ = "report_read"
    MISSED_SEEN = "missed_seen"
    """A superior who could not be reached is back and knows of it."""


class Grounds(StrEnum):
    """Why a rung was left out. The first four are given by the filer, the others follow from who is there."""

    URGENT = "urgent"
    SPECIAL = "special"
    UNREACHABLE = "unreachable"
    ASKED = "asked"
    """Asked already, without a solution."""
    ACCUSED = "accused"
    """The matter is about them."""
    EMPTY = "empty"
    """Nobody stands there."""


GIVEN = (Grounds.URGENT, Grounds.SPECIAL, Grounds.UNREACHABLE, Grounds.ASKED, Grounds.ACCUSED)
"""Grounds that a filer may give."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rung that did not get an escalation on its way up, and why."""

    role: Role
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an escalation."""

    number: int
    """From 1."""
    kind: StepKind
    actor_id: str
    """Empty: it happened by itself, because a deadline passed."""
    at: datetime
    revision: int
    """Of the escalation, after it."""
    from_role: Role | None = None
    to_role: Role | None = None
    note: str = ""
    """Question, answer, circumstances, instruction, reason; what the kind asks for."""
    objection: str = ""
    """What whoever carried out an instruction has against it."""
    left_out: tuple[LeftOut, ...] = ()
    special: bool = False
    """The manuals do not provide for it; it was done as a special case."""


class Mark(StrEnum):
    """Why a rung is not the end of the way."""

    UNREACHABLE = "unreachable"
    PASSED_UP = "passed_up"
    OVERDUE = "overdue"
    URGENT = "urgent"
    SPECIAL = "special"
    ASKED = "asked"
    ACCUSED = "accused"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Stop:
    """A rung on the way of an escalation, and why it went on from there (None: it began, or waits, there)."""

    role: Role
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class OwedReport:
    """What a filer who passed a superior over has to tell them afterwards."""

    id: int
    escalation_id: int
    escalation_number: str
    role: Role
    """The rung that was passed over."""
    owed_to: tuple[str, ...]
    """Who stood there then; empty when nobody was listed."""
    owed_by: str
    grounds: Grounds
    created_at: datetime
    due_at: datetime | None
    text: str = ""
    done_at: datetime | None = None
    read_by: str | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long things may wait before somebody is reminded; zero: for ever. The manuals give no times."""

    urgent: timedelta = timedelta(hours=1)
    important: timedelta = timedelta(hours=4)
    normal: timedelta = timedelta(hours=24)
    instruction: timedelta = timedelta(hours=24)
    """From an approval with an instruction to its being carried out."""
    report: timedelta = timedelta(hours=24)
    """From passing a superior over to the report afterwards."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one look at the deadlines did."""

    reminded: tuple[int, ...] = field(default=())
    """Ids of escalations whose rung, filer or owner was reminded."""
    moved: tuple[int, ...] = field(default=())
    """Ids of escalations that went up."""
    reports: tuple[int, ...] = field(default=())
    """Ids of owed reports whose filer was reminded."""

    def __bool__(self) -> bool:
        return bool(self.reminded or self.moved or self.reports)

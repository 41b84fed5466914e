"""The values of filled-in procedures. Plain frozen data; texts are masked before they come here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tickets.people import Role
from tickets.records import Origin


class RecordState(StrEnum):
    """Where a record stands."""

    WAITING = "waiting"
    """For whoever acts at its step."""
    RETURNED = "returned"
    """Sent back to the filer with a question or a reason; filing it again goes on from there."""
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody did to a record."""

    FILED = "filed"
    EDITED = "edited"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    SIGNED = "signed"
    CARRIED_OUT = "carried_out"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    """What was approved was taken back by those who may approve it."""
    REMINDED = "reminded"
    """Nobody acted in time: the bot reminded."""
    PASSED_UP = "passed_up"
    """Nobody acted after the reminder either: the next rung may act as well."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that happened to a record, in order."""

    act: Act
    step: str
    """Key of the step, empty for what the filer did."""
    actor_id: str
    """Empty for what the bot did."""
    at: datetime
    note: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What was filled in at that step."""


@dataclass(frozen=True, slots=True)
class Record:
    """A filled-in procedure as it stands now."""

    id: int
    number: str
    procedure: str
    """Key of its procedure."""
    state: RecordState
    revision: int
    title: str
    fields: Mapping[str, str]
    filer_id: str
    step: str
    """Key of the step that it waits at; empty when it waits for nobody."""
    waiting_for: tuple[str, ...]
    """User ids of who may act at that step now; empty with `waiting_role` set when the rung has nobody listed."""
    waiting_role: Role | None
    path: tuple[Taken, ...]
    origin: Origin
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    """When the reminder of the current step goes out."""
    exceeded: tuple[str, ...] = ()
    """Limits (their number in the file, from 1) that were exceeded and not refused."""
    has_contact: bool = False
    """The vault keeps how to reach the customer."""
    ticket_id: int | None = None
    ticket_number: str | None = None
    version: str = ""
    """Which wording of its procedure it was filed under; it goes on under that one when the file is changed
    (`ProcedureDesk.spec_of`)."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What is known now: the filer's fields and those of the steps taken."""
    due_day: date | None = None
    """For a duty that comes round: the day on which the record was due."""
    changed_by: str = ""
    """Who made this revision."""
    passed_up: bool = False
    """The step took so long that the next rung may act as well."""
    may_revoke: tuple[str, ...] = ()
    """User ids of who may take back what was approved; nobody, unless it goes on having effect."""


@dataclass(frozen=True, slots=True)
class Used:
    """How much of a limit is used up."""

    limit: int
    """Its number in the file, from 1."""
    most: int
    used: float


@dataclass(frozen=True, slots=True)
class Owed:
    """A record that somebody has to file."""

    procedure: str
    person_id: str
    day: date
    """The day on which it is due, in the site's zone."""
    due_at: datetime
    remind_at: datetime


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who confirmed having read a broadcast."""

    person_id: str
    at: datetime

"""The values that the desk takes and gives. Plain frozen data; texts are masked before they come here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tickets.people import Role
from tickets.rung_records import Grounds, Step, StepKind
from tickets.usage_records import ModelUse


class Urgency(StrEnum):
    """How soon somebody must look at it: 一般, 重要, 特急."""

    NORMAL = "normal"
    IMPORTANT = "important"
    URGENT = "urgent"


class EscalationState(StrEnum):
    """Where an escalation stands. `submitted` waits for a rung, `returned` for its filer; the others are final."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


UNDECIDED = (EscalationState.SUBMITTED, EscalationState.RETURNED)
"""States in which something can still happen to an escalation."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    """Nobody has begun."""
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_OTHER = "waiting_other"
    """For another department, a part, a visit."""
    CLOSED = "closed"
    MERGED = "merged"
    """It is the same matter as another ticket, which goes on for both."""

    @property
    def active(self) -> bool:
        """Whether there is something to do still."""
        return self not in (TicketState.CLOSED, TicketState.MERGED)


class Verdict(StrEnum):
    """What the asker said about an answer."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


class NoticeKind(StrEnum):
    """What there is to tell. The bot reads the subject's current state and renders it.

    `escalation_filed` → the filer, where they filed it in Slack: it is on its way.
    `escalation_submitted` → the role that it waits for: post the card.
    `escalation_edited` → the same role (redraw the card), and the filer when somebody else edited.
    `escalation_decided` → the filer (with the ticket number when approved), and the role (redraw the card).
    `ticket_logged` → the owner, however the ticket came to be.
    `correction` → the asker of an answer that cites a clause which was changed or removed.
    `basis_changed` → filer and awaited role of an open escalation, owner of an open ticket, that rely on one.
    The subject of these two is `correction:5`.
    `manual_expires` → the owner of a manual, or the admins; its subject is the edition.
    `gap_answered` → the asker of a question of a gap (`gap:3`) that the manuals answer now; `subject_id` is the
    answer that they got then.
    `ticket_changed` → the owner of a ticket that was closed or opened again because the manuals changed.
    `ticket_offered` → whoever is asked to take a ticket over: post its card with Accept and Decline.
    `ticket_updated` → redraw the cards of a ticket.
    `ticket_told` → one person, of what somebody did with their ticket; `subject_id` is the entry of the audit trail.
    `confirmed_changed` → the supervisor who confirmed an answer whose clauses were changed, or brought back; its
    subject is `confirmed:3`.
    `acknowledgement` → the channel that is to read a confirmed answer: post the card, or redraw it when it ended.
    `acknowledgement_reminder` → one person who has not read it. The subject of these two is `acknowledgement:2`.
    `reminder` → one person, or (user id empty) the channel that the reminder names; its subject is `reminder:9`.
    The subject of what follows is a filled-in procedure, `record:9`:
    `procedure_step` → whoever may take its step now: post the card, or redraw it.
    `procedure_changed` → the filer, and who took part when it ended; all its cards are redrawn.
    `procedure_reminder` → whoever let its deadline pass. `procedure_passed_up` → the next rung, which may act now.
    `procedure_alarm` → who must hear what it says; `subject_id` is the alarm's number in the procedure, from 1.
    `procedure_moment` → who is reminded of a moment in it; `subject_id` is the reminder's number, from 1.
    `procedure_broadcast` → the channel named in it; the audience is the filer, who is told when it cannot be posted.
    `escalation_returned` → the filer, who is asked something. `escalation_answered` → whoever asked.
    `escalation_moved` → the filer, when it went up a rung without them.
    `escalation_overdue` → the rung, or the filer, that it has waited for too long.
    `instruction_reminder` → whoever has to carry out an instruction. `instruction_done` → whoever gave it.
    `report_owed` → whoever owes a report afterwards, at once and as a reminder. `report_given` → each superior who
    was passed over. The subject of these two is `owed_report:4`.
    `rung_missed` → a superior who could not be reached, when they are on shift again; its subject is the escalation.
    """

    ESCALATION_FILED = "escalation_filed"
    ESCALATION_SUBMITTED = "escalation_submitted"
    ESCALATION_EDITED = "escalation_edited"
    ESCALATION_DECIDED = "escalation_decided"
    TICKET_LOGGED = "ticket_logged"
    CORRECTION = "correction"
    BASIS_CHANGED = "basis_changed"
    MANUAL_EXPIRES = "manual_expires"
    GAP_ANSWERED = "gap_answered"
    TICKET_CHANGED = "ticket_changed"
    TICKET_OFFERED = "ticket_offered"
    TICKET_UPDATED = "ticket_updated"
    TICKET_TOLD = "ticket_told"
    CONFIRMED_CHANGED = "confirmed_changed"
    ACKNOWLEDGEMENT = "acknowledgement"
    ACKNOWLEDGEMENT_REMINDER = "acknowledgement_reminder"
    REMINDER = "reminder"
    PROCEDURE_STEP = "procedure_step"
    PROCEDURE_CHANGED = "procedure_changed"
    PROCEDURE_REMINDER = "procedure_reminder"
    PROCEDURE_PASSED_UP = "procedure_passed_up"
    PROCEDURE_ALARM = "procedure_alarm"
    PROCEDURE_MOMENT = "procedure_moment"
    PROCEDURE_BROADCAST = "procedure_broadcast"
    ESCALATION_RETURNED = "escalation_returned"
    ESCALATION_ANSWERED = "escalation_answered"
    ESCALATION_MOVED = "escalation_moved"
    ESCALATION_OVERDUE = "escalation_overdue"
    INSTRUCTION_REMINDER = "instruction_reminder"
    INSTRUCTION_DONE = "instruction_done"
    REPORT_OWED = "report_owed"
    REPORT_GIVEN = "report_given"
    RUNG_MISSED = "rung_missed"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in Slack something began; empty strings when it did not begin there."""

    channel: str = ""
    thread_ts: str = ""
    message_ts: str = ""
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that was relied on, kept as it read at the time."""

    clause_id: int
    manual: str
    label: str
    quote: str


@dataclass(frozen=True, slots=True)
class EscalationContent:
    """What an escalation says. `report` is the whole text that a reviewer reads.

    `next_role` None means the nearest rung above the filer. When rungs are passed over, `skip_reason` or
    `next_reason` must say why, and `grounds` of what kind that is; whoever reads the escalation later sees it.
    """

    summary: str
    report: str
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    what_happened: str = ""
    where: str = ""
    when: str = ""
    tried: str = ""
    handling_suggestion: str = ""
    next_role: Role | None = None
    next_reason: str = ""
    skip_level_allowed: bool = False
    skip_reason: str = ""
    after_the_fact_report: bool = False
    policy_basis: tuple[Basis, ...] = ()
    missing: tuple[str, ...] = ()
    language: str = "zh"
    accused: tuple[str, ...] = ()
    """Ids of the people whom it is about: they never get it, whatever their rung."""
    grounds: Grounds | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """An escalation as recorded. `revision` starts at 1 and grows with every change."""

    id: int
    number: str
    """For people, like `E-20261124-0001`."""
    state: EscalationState
    revision: int
    content: EscalationContent
    filer_id: str
    awaiting: Role
    """The rung that it waits, or waited, for."""
    passed_over: tuple[Role, ...]
    """Rungs left out on the way up, visible to every later reader."""
    origin: Origin
    created_at: datetime
    updated_at: datetime
    changed_by: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    """The instruction given with an approval, or the reason of a rejection."""
    ticket_id: int | None = None
    ticket_number: str | None = None
    changed_basis: tuple[int, ...] = ()
    """Places in `content.policy_basis` whose clause no longer reads so."""
    steps: tuple[Step, ...] = ()
    """Its way so far, oldest first; of what was filed before ways were kept, only what happened since."""
    waiting_since: datetime | None = None
    """Since when it waits for whom it waits; None when it waits for nobody."""
    reminded_at: datetime | None = None
    """When whoever it waits for was reminded last."""
    carried_out_by: str | None = None
    carried_out_at: datetime | None = None

    @property
    def wording(self) -> int:
        """How often it was worded: 1 as filed, one more with every edit."""
        if not self.steps:
            return self.revision - (1 if self.decided_at else 0)
        first = self.steps[0]
        before = first.revision - (0 if first.kind is StepKind.REMINDED else 1)
        return before + sum(step.kind in (StepKind.FILED, StepKind.EDITED) for step in self.steps)

    @property
    def to_carry_out(self) -> bool:
        """An instruction was given and nobody has said yet that it was carried out."""
        approved = self.state is EscalationState.APPROVED
        return approved and bool(self.decision_note) and self.carried_out_at is None


@dataclass(frozen=True, slots=True)
class TicketContent:
    """What a ticket says. `owner_id` empty: whoever logs it owns it (first-contact responsibility)."""

    title: str
    description: str = ""
    kind: str = "inquiry"
    priority: Urgency = Urgency.NORMAL
    owner_id: str = ""
    policy_basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody is asked to take a ticket over."""

    to: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as recorded."""

    id: int
    number: str
    """For people, like `T-20261124-0001`: the day in the site's time zone and a count from 1."""
    state: TicketState
    revision: int
    content: TicketContent
    owner_id: str
    first_responder_id: str
    logged_by: str
    origin: Origin
    created_at: datetime
    updated_at: datetime
    escalation_id: int | None = None
    changed_basis: tuple[int, ...] = ()
    """Places in `content.policy_basis` whose clause no longer reads so."""
    due_at: datetime | None = None
    """What the customer was promised."""
    customer: str = ""
    """Which customer, as a key that says nothing about them; empty when it is not known."""
    contacts: int = 1
    """How often the customer came with it, on this ticket."""
    changed_by: str = ""
    """Who made the current revision."""
    resolution: str = ""
    """How it ended, of a closed ticket."""
    closed_by: str = ""
    closed_at: datetime | None = None
    merged_into_id: int | None = None
    merged_into: str = ""
    """Number of the ticket that goes on for this one."""
    offer: Offer | None = None
    """A hand-over that was not accepted yet: until then the owner stays responsible."""

    def overdue(self, now: datetime) -> bool:
        """Whether what was promised has passed and it is not done."""
        return self.state.active and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """What goes into the ledger of answers: the masked question and what it was answered from."""

    question: str
    outcome: str
    clause_ids: tuple[int, ...] = ()
    language: str = "zh"
    model: str | None = None
    latency_ms: float = 0.0
    origin: Origin = field(default_factory=Origin)
    generation: int | None = None
    """Number of the newest publication of manuals when the question was asked."""
    absent: bool = False
    """The manuals ought to answer this and do not: it belongs to a gap."""
    near: tuple[int, ...] = ()
    """Clauses that are near and do not answer, when `absent`."""
    context: tuple[tuple[str, str], ...] = ()
    """(role, masked text) of the thread before, when the question cannot be understood without it."""
    usage: ModelUse | None = None
    """What a language model took for it; None when none was asked."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom to tell: one person (`user_id`) or everybody on a rung (`role`); exactly one is set."""

    user_id: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one audience, claimed for sending for a limited time."""

    id: int
    kind: NoticeKind
    subject: str
    """`escalation:12`, `ticket:7` or `correction:5`."""
    subject_id: int
    audience: Audience
    actor_id: str
    """Whose doing it announces."""
    created_at: datetime
    attempts: int
    """How often sending failed before."""
    maybe_sent: bool = False
    """An earlier sender failed or died in the middle: the message may be there already."""
    held_until: datetime | None = None
    """Until when whoever claimed it holds it."""
    request: str = ""
    """Of the request that it was written because of; empty when nobody asked."""


@dataclass(frozen=True, slots=True)
class Card:
    """A Slack message that shows a subject and must be redrawn when the subject changes."""

    subject: str
    channel: str
    ts: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit trail. `hash` covers everything else in it, `previous_hash` included."""

    id: int
    at: datetime
    actor_id: str
    action: str
    subject: str
    details: Mapping[str, Any]
    previous_hash: str
    hash: str

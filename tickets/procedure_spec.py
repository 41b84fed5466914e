"""The shape of a procedure file: what is asked, who fills it, who decides in which order, what is counted.

One TOML file is one procedure; those that come with the product lie in `tickets/procedures/`, an organisation's own
in a folder named in the settings, where a file with the same key replaces ours. Everything a file says is checked
when it is read; nothing here touches a database.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tickets.people import Role

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Wording(_Part):
    """The same words in both languages of the interface."""

    zh: str = Field(min_length=1, max_length=2000)
    en: str = Field(min_length=1, max_length=2000)

    def in_language(self, language: str) -> str:
        """The words in `zh` or `en`; anything else reads Chinese."""
        return self.en if language == "en" else self.zh


class FieldKind(StrEnum):
    """What a field holds. Values are kept as text: ISO dates and times, numbers in digits, `yes` or `no`."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    """A day and a time of day, ISO 8601 with zone."""
    CHOICE = "choice"
    YES_NO = "yes_no"
    PERSON = "person"
    """A Slack user id."""
    CHANNEL = "channel"
    """A Slack channel id."""
    CONTACT = "contact"
    """How to reach a customer: never stored with the record, only encrypted in the vault (`tickets.contacts`)."""
    COMPUTED = "computed"
    """Filled by the bot from its records when the form is opened (`source` says what), not typed."""


class Option(_Part):
    """One value of a choice."""

    value: Key
    label: Wording
    names: tuple[str, ...] = ()
    """More words for it in free text."""


class Condition(_Part):
    """Holds when a field has (or has not) one of these values, or a number in these bounds."""

    field: Key
    equals: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


class FieldSpec(_Part):
    """One thing that is asked."""

    key: Key
    kind: FieldKind
    label: Wording
    hint: Wording | None = None
    required: bool = True
    when: Condition | None = None
    """Asked, and required, only when this holds; otherwise it is not part of the record."""
    options: tuple[Option, ...] = ()
    least: float | None = None
    """Numbers: the smallest value; texts: the fewest characters (spaces not counted); dates: the fewest days from
    the day of filing (1: tomorrow at the earliest); moments: the fewest hours from filing."""
    most: float | None = None
    """As `least`, the other end."""
    whole: bool = False
    """Numbers: without a fraction."""
    part: Literal["", "name", "phone", "address", "other"] = ""
    """Contacts: which part of the contact is asked here."""
    never_acts: bool = False
    """Persons: whoever is named here acts at no step and is told nothing (who is complained about)."""
    read_back: bool = False
    """The agent reads it back to the caller and ticks that it was confirmed (repair calls)."""
    source: str = ""
    """Computed fields: `open_tickets`, `promises_due`, `manual_changes`, `unusual_events`, `day_counts`,
    `week_counts`; a default for the others: `today`, `now`, `filer`, `channel`."""
    names: tuple[str, ...] = ()
    """More words by which the thing is called in free text, for filling it from what somebody wrote."""


class StepKind(StrEnum):
    """What somebody does at a step."""

    APPROVE = "approve"
    """Approves or rejects (a reason is required)."""
    ACCEPT = "accept"
    """Takes it on, or declines with a reason (a swap partner, the next shift, another department)."""
    SIGN = "sign"
    """Signs; there is nothing to decide but to send it back with a reason."""
    DO = "do"
    """Carries it out and reports with the step's fields (investigate, call back, buy)."""


class Who(_Part):
    """Who acts at a step, told in exactly one way."""

    role: Role | None = None
    """Anybody on this rung who is responsible for the filer."""
    next_rung: bool = False
    """The nearest rung above the filer with somebody on it."""
    filer: bool = False
    field: Key | None = None
    """The person named in this field."""
    duty: str = ""
    """Whoever holds this duty in the people file, such as `office_manager`; the admins when nobody does."""
    or_above: bool = False
    """With `role` or `next_rung`: whoever stands on a rung above may act as well."""
    taker: Key | None = None
    """Whoever took this earlier step."""
    in_person: bool = False
    """With `field`: no deputy may act in their place (consent to swap one's own shift)."""

    @property
    def tellings(self) -> int:
        """In how many ways it is told who acts; one is right."""
        named = (self.role, self.field, self.taker)
        return sum(one is not None for one in named) + self.next_rung + self.filer + bool(self.duty)


class Note(_Part):
    """Something that whoever acts is told, when it holds (it is our fault: apologise; it is not: do not)."""

    words: Wording
    when: Condition | None = None


class StepSpec(_Part):
    """One step of the chain; steps are taken in the order of the file."""

    key: Key
    kind: StepKind
    label: Wording
    by: Who
    fields: tuple[FieldSpec, ...] = ()
    """What is asked of whoever acts here."""
    notes: tuple[Note, ...] = ()
    """What they are told there; conditions may look at the fields of this step too."""
    when: Condition | None = None
    """Left out unless this holds."""
    within_hours: float | None = Field(default=None, gt=0)
    """A reminder goes out when it took longer; the manuals give no hours, so an organisation sets its own."""
    pass_up: bool = False
    """After a second such time, the next rung may act as well, and the record says so."""
    takes_ticket: bool = False
    """Whoever acts here owns the record's ticket from then on; until then its first responder does."""


class Limit(_Part):
    """How often: counted over records of this procedure that were not rejected or withdrawn."""

    most: int = Field(ge=1)
    per: Literal["day", "month", "year"]
    by: Key | None = None
    """Counted apart for each value of this field (the item of office supplies); None: all together."""
    amount: Key | None = None
    """Counts this number field instead of records."""
    on: Key | None = None
    """The date field whose day counts (the shift that is swapped); None: the day of filing."""
    also: Key | None = None
    """Whoever is named in this field counts as if they had filed it too, and has the same limit."""
    when: Condition | None = None
    """Only records for which this holds are counted and refused."""
    strict: bool = True
    """Refused above the limit; else the approvers are shown that it is exceeded."""
    message: Wording


class Alarm(_Part):
    """Told at once to a role when the record says something (the customer was charged)."""

    when: Condition
    role: Role
    message: Wording


class Reminder(_Part):
    """Somebody is reminded of a moment that a field holds (a booked call-back)."""

    field: Key
    minutes_before: int = Field(default=10, ge=0)
    who: Who
    message: Wording


class Recurrence(_Part):
    """A duty that comes round: who owes a record until when; who did not file it is listed for `missing_to`."""

    weekday: int | None = Field(default=None, ge=1, le=7)
    """1 Monday … 7 Sunday; None: every day."""
    at: str = Field(default="", pattern=r"^(\d\d:\d\d)?$")
    """Local time of day by which it is due; empty: at the end of the person's shift."""
    roles: tuple[Role, ...] = (Role.AGENT,)
    minutes_before: int = Field(default=60, ge=0)
    """When people are reminded."""
    missing_to: Role = Role.SUPERVISOR
    grace_hours: float = Field(default=24, ge=0)
    """A record filed so long after the moment still counts for it, as late; afterwards it counts for the next."""


class SwapEffect(_Part):
    """Two people have each other's shifts once it is approved (S29): so is it for the roster, until it is revoked."""

    day: Key
    """The date field with the day of the filer's shift."""
    partner: Key
    """The person field with who takes it over."""
    back: Key | None = None
    """The date field with the day of the partner's shift that the filer takes for it; left empty, they only stand in."""


class Effect(_Part):
    """What a record brings about when its chain is done (or, for tickets, when it is filed)."""

    ticket: Key | None = None
    """A ticket of this kind is logged when it is filed, and closed when the chain is done."""
    title: str = ""
    """Template of the record's title, like `{matter}`; field keys in braces."""
    broadcast: str = ""
    """Template of a message sent to the channel in the field `channel` when the chain is done."""
    acknowledge: bool = False
    """Whoever reads the broadcast confirms that they have."""
    swap: SwapEffect | None = None
    """Whose shifts are whose when the chain is done."""
    starts: Key | None = None
    """Another procedure that is offered to the filer when this is done."""


class Procedure(_Part):
    """One procedure."""

    key: Key
    name: Wording
    purpose: Wording
    prefix: str = Field(pattern=r"^[A-Z]{1,3}$")
    """Of the numbers for people: `SS` gives `SS-20261130-0001`. `E` and `T` are taken."""
    machine: Literal["", "escalations"] = ""
    """Empty: `tickets.procedure_desk` runs it. `escalations`: it is filed and decided by `tickets.escalations`,
    and this file gives its questions, categories and words."""
    filed_by: tuple[Role, ...] = tuple(Role)
    fields: tuple[FieldSpec, ...] = Field(min_length=1)
    steps: tuple[StepSpec, ...] = ()
    """Empty: filing it is all (a log)."""
    limits: tuple[Limit, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    recurrence: Recurrence | None = None
    effect: Effect = Effect()
    guidance: Wording | None = None
    """What the agent is told while filling it in (do not interrupt; when to apologise and when not)."""
    phrases: tuple[str, ...] = ()
    """What people type to begin it, beside its name: `/kefu 换班`."""

    def step(self, key: str) -> StepSpec | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def every_field(self) -> tuple[FieldSpec, ...]:
        """What the filer is asked, then what is asked at the steps, in order."""
        return (*self.fields, *(field for step in self.steps for field in step.fields))

    def field(self, key: str) -> FieldSpec | None:
        """The field with this key, of the filer or of a step."""
        return next((field for field in self.every_field() if field.key == key), None)

"""What can go wrong at the desk. Raised where the rule is; the bot has one table "exception → sentence"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum


class DeskError(Exception):
    """Base of everything that the desk refuses or cannot do. `str()` is one plain English sentence."""


class Refusal(StrEnum):
    """Why somebody may not do something."""

    WRONG_ROLE = "wrong_role"
    """The role may not do this at all."""
    TOO_LOW = "too_low"
    """The role decides, but this escalation waits for a higher rung."""
    OWN_WORK = "own_work"
    """Four eyes: nobody decides what they filed themselves."""
    NOT_YOURS = "not_yours"
    """Only the one who filed it, or who may decide it, may change it."""
    NOT_YOUR_TEAM = "not_your_team"
    """A superior says of their own team who is on shift, of nobody else."""
    NOT_RESPONSIBLE = "not_responsible"
    """It does not go to this person: another team's, or a matter that they have a part in (which is not told)."""
    NOT_OWED = "not_owed"
    """Somebody else has to do this: carry out the instruction, write or read the report."""
    NOT_YOUR_TICKET = "not_your_ticket"
    """The ticket is somebody's of another team, or this is for its owner or their supervisors."""
    NOT_OFFERED = "not_offered"
    """Only whoever was asked to take a ticket over may accept or decline."""


class NotAllowed(DeskError):
    """The person may not do this; nothing was changed."""

    def __init__(self, action: str, role: str, refusal: Refusal = Refusal.WRONG_ROLE) -> None:
        super().__init__(f"The role {role} may not {action.replace('_', ' ')} ({refusal.replace('_', ' ')}).")
        self.action = action
        self.role = role
        self.refusal = refusal


class StaleRevision(DeskError):
    """Somebody was faster: what the person saw is not what is there now; nothing was changed.

    `state` and `revision` are the current ones; `decided_by` (user id) and `decided_at` are set once it is
    decided; `changed_by` is whoever made the current revision.
    """

    def __init__(
        self,
        subject: str,
        *,
        state: str,
        revision: int,
        changed_by: str,
        decided_by: str | None = None,
        decided_at: datetime | None = None,
    ) -> None:
        self.subject = subject
        self.state = state
        self.revision = revision
        self.changed_by = changed_by
        self.decided_by = decided_by
        self.decided_at = decided_at
        super().__init__(self.told(str))

    def told(self, name: Callable[[str], str]) -> str:
        """The sentence, with people called as `name` calls the one with an id."""
        if self.decided_by:
            return f"{self.subject} was already {self.state} by {name(self.decided_by)}."
        if not self.changed_by:
            return f"{self.subject} has moved on by itself and is now revision {self.revision}."
        return f"{self.subject} was already changed by {name(self.changed_by)} and is now revision {self.revision}."


class NotFound(DeskError):
    """There is no such ticket, escalation, answer or notice."""

    def __init__(self, kind: str, key: int | str) -> None:
        super().__init__(f"There is no {kind} {key}.")
        self.kind = kind
        self.key = key


class InvalidInput(DeskError):
    """What was given cannot be recorded. `field` names it (`reason`, `report`, `next_role`, …)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PeopleError(DeskError):
    """The settings file with people and ladder cannot be used."""


class SchemaError(DeskError):
    """The database is not one that this version can work with."""


class ContactsLocked(DeskError):
    """Contact details cannot be kept or shown: there is no key, or not the right one."""


class CalendarError(DeskError):
    """The file with appointments cannot be used."""

"""Values of one voice (统一口径): answers that a supervisor stands by, and who has read the important ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.corrections import CitedClause


class ConfirmedState(StrEnum):
    """Whether a confirmed answer is given. `stale` follows from what publications did to its clauses: it is
    never written down, so a rollback makes it active again by itself."""

    ACTIVE = "active"
    STALE = "stale"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConfirmedContent:
    """What is confirmed. Question and text are masked. `found_ids` are clauses that the manuals answer the question
    with (the confirmed ones may be others): by these the same question is known again in other words."""

    question: str
    text: str
    clause_ids: tuple[int, ...]
    found_ids: tuple[int, ...] = ()
    language: str = "zh"
    organisation: str = ""
    """Whose rule it is; empty: everybody's. `product` likewise."""
    product: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmedAnswer:
    """A confirmed answer as it stands."""

    id: int
    state: ConfirmedState
    revision: int
    content: ConfirmedContent
    confirmed_by: str
    confirmed_at: datetime
    changed_by: str
    """Whoever made the last revision; of a withdrawn one, who withdrew it."""
    updated_at: datetime
    generation: int
    """The publication that its clauses were read from."""
    clauses: tuple[CitedClause, ...]
    """What became of each of `content.clause_ids` since."""
    asked_at_generation: int = 0
    """The newest publication of which its supervisor is asked; 0: none."""


@dataclass(frozen=True, slots=True)
class ConfirmedRevision:
    """One entry of a confirmed answer's history."""

    revision: int
    action: str
    """`confirmed`, `corrected`, `reconfirmed`, `withdrawn`."""
    content: ConfirmedContent
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """One person who is to read it."""

    person_id: str
    read_at: datetime | None
    reminders: int
    """How often they were reminded."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A confirmed answer sent to a channel to be read by everybody there."""

    id: int
    confirmed_id: int
    revision: int
    content: ConfirmedContent
    """As it was sent."""
    channel: str
    sent_by: str
    sent_at: datetime
    ended_at: datetime | None
    """Since when nobody needs to read it any more: the answer was changed or withdrawn."""
    readers: tuple[Reader, ...]

    @property
    def read(self) -> tuple[Reader, ...]:
        """Who has read it."""
        return tuple(reader for reader in self.readers if reader.read_at is not None)

    @property
    def missing(self) -> tuple[Reader, ...]:
        """Who has not."""
        return tuple(reader for reader in self.readers if reader.read_at is None)

"""What a language model took: the values that are recorded, limited and reported. No text of anybody's in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Purpose(StrEnum):
    """What the model was asked for."""

    ANSWER = "answer"
    DRAFT = "draft"
    REPORT = "report"


class UseOutcome(StrEnum):
    """What became of the model's reply."""

    RESERVED = "reserved"
    """Asked, and not accounted for yet; stays so when the process died in between, and then counts as estimated."""
    WRITTEN = "written"
    """All that was said is the model's."""
    PARTLY = "partly"
    """Some is the model's; for the rest the manual is quoted."""
    UNUSED = "unused"
    """Nothing of it could be used: quoted."""
    STOPPED = "stopped"
    """The person pressed Stop."""


class UsageBy(StrEnum):
    """What a report counts by."""

    DAY = "day"
    PERSON = "person"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens and money. `micros`: millionths of the currency; None where no price is known."""

    tokens: int = 0
    micros: int | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of one day, by tokens or by money (millionths); None: no limit. For one person, and for the site."""

    person_tokens: int | None = None
    person_micros: int | None = None
    site_tokens: int | None = None
    site_micros: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is limited."""
        return self != Allowance()


@dataclass(frozen=True, slots=True)
class ModelUse:
    """One call to a language model.

    `estimated`: the provider gave no token counts (it does not, or the reply was broken off), so they are
    estimated from the characters. `micros` is the cost in millionths of `currency`; None without prices.
    `first_ms` is the time to the first checked words, `ms` the time until the answer was whole.
    `dropped` counts refused sentences by fault. `fault` says why the reply did not come or did not end well.
    `reservation` is the row that was written before the call, if one was.
    """

    model: str
    prompt: str
    """Name and hash of the wording, for example `answer@1f2e3d4c5b6a`."""
    outcome: UseOutcome
    purpose: Purpose = Purpose.ANSWER
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False
    micros: int | None = None
    currency: str = ""
    first_ms: float | None = None
    ms: float = 0.0
    kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    fault: str = ""
    reservation: int | None = None


@dataclass(frozen=True, slots=True)
class UsageTotal:
    """The uses of one day, person or model (`key`), added up. `cost`: currency → millionths."""

    key: str
    calls: int
    answers: int
    tokens_in: int
    tokens_out: int
    estimated: int
    """How many of the calls have estimated token counts."""
    cost: Mapping[str, int]
    kept: int
    dropped: Mapping[str, int]
    outcomes: Mapping[str, int]
    faults: Mapping[str, int]
    first_ms: float | None
    """Median time to the first words, of the calls that had any."""


@dataclass(frozen=True, slots=True)
class DaySpent:
    """What one day (of the site) has taken so far, reservations included."""

    day: date
    person: Spent
    site: Spent

"""The values that answering takes and gives: turns of a conversation, outcomes, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from knowledge.clauses import Citation
from tickets.usage_records import ModelUse

Language = Literal["zh", "en"]


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    CONFLICT = "conflict"
    """Several manuals rule the matter; each rule is given with its source."""
    CLARIFY = "clarify"
    NOT_FOUND = "not_found"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the thread so far, oldest first in a history."""

    role: Literal["user", "assistant"]
    text: str
    cites: tuple[int, ...] = ()
    """Of an answer of the bot: ids of the clauses that it quotes, in their order."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of who asks, beyond the question; everything may be empty."""

    organisation: str = ""
    """Remembered for the person or the channel: its rules come first, and nobody is asked which one again."""
    product: str = ""
    staff_number: str = ""
    """Fills the slot for it in words to say."""
    today: date | None = None
    """The day at the site; None: by the library's clock."""
    person: str = ""
    """Slack user id, for budgets of the language model."""


NOBODY = Asker()
"""An asker of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a `clarify` answer: what the asker may be, and what to remember when they say so."""

    label: str
    """For the button: short, in the words of the manuals."""
    organisation: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a supervisor stands by an answer: who, and when (aware)."""

    confirmed_id: int
    by: str
    """Slack user id."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker gets.

    `text` is Markdown without the list of sources; `citations` are the sources of what it says, in order;
    `near` (only with `not_found`) are clauses that are close but do not answer.
    `latency_ms` is wall time without model loading; `model` names the language model that wrote the text
    (None: quoted without a model). `options` (only with `clarify`) are what the asker may choose from.
    `script` are words to be said exactly so, for a block to copy; they stand in `text` too.
    `confirmed` says that the text is an answer which a supervisor confirmed.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    near: tuple[Citation, ...] = ()
    language: Language = "zh"
    latency_ms: float = 0.0
    model: str | None = None
    options: tuple[Option, ...] = ()
    script: str = ""
    confirmed: Confirmation | None = None
    usage: ModelUse | None = None
    """What the language model took; None when none was asked."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Scores and decisions, for `--json` and tuning; nothing private."""

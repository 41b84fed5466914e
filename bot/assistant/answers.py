"""The values that answering takes and gives: turns of a conversation, outcomes, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from knowledge.clauses import Citation

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker gets.

    `text` is Markdown without the list of sources; `citations` are the sources of what it says, in order;
    `near` (only with `not_found`) are clauses that are close but do not answer.
    `latency_ms` is wall time without model loading; `model` names the language model that wrote the text
    (None: quoted without a model).
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    near: tuple[Citation, ...] = ()
    language: Language = "zh"
    latency_ms: float = 0.0
    model: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """Scores and decisions, for `--json` and tuning; nothing private."""

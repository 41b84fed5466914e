"""Values of gaps: matters that the manuals do not answer, with the questions that show it.

A question belongs to a gap when it ended in `not_found` though manuals were there to answer it, or when somebody
said that its answer was no help. What two questions have in common is none of the desk's business: whoever knows
the embedding model groups them; the desk keeps what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.records import Origin


class GapState(StrEnum):
    """Where a gap stands."""

    OPEN = "open"
    ANSWERED = "answered"
    """A later edition answers it. Open again when that edition is taken back."""
    DISMISSED = "dismissed"
    """An admin said that the manuals need not answer it; the same matter asked again stays dismissed."""


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """One question, as the ledger has it (masked), and why it is here."""

    answer_id: int
    gap_id: int | None
    """None: not grouped yet."""
    asker_id: str
    question: str
    context: tuple[tuple[str, str], ...]
    """(role, text) of the thread before, when the question cannot be understood without it."""
    at: datetime
    generation: int | None
    """Newest publication when it was asked."""
    origin: Origin
    not_found: bool
    unhelpful: bool
    near: tuple[int, ...]
    """Clauses that were near and did not answer."""
    cited: tuple[int, ...]
    """Clauses that the answer quoted, if it did."""
    vector: bytes | None
    model: str
    """The embedding model that made `vector`."""
    told_answer_id: int | None
    """The answer by which the asker was told that it is ruled now."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A matter with its questions, oldest first; never without one."""

    id: int
    state: GapState
    founded_at: datetime
    changed_at: datetime
    changed_by: str
    reason: str
    """Why it was dismissed."""
    answering: tuple[int, ...]
    """Clauses that answer it now, the leading one first."""
    looked_at: int
    """The newest publication after which it was asked again."""
    ticket_id: int | None
    ticket_number: str
    """Empty without a ticket."""
    questions: tuple[GapQuestion, ...]

    @property
    def askers(self) -> tuple[str, ...]:
        """Who asked, each once, first askers first."""
        return tuple(dict.fromkeys(question.asker_id for question in self.questions))

    @property
    def examples(self) -> tuple[str, ...]:
        """The different wordings, oldest first."""
        return tuple(dict.fromkeys(" ".join(question.question.split()) for question in self.questions))

    @property
    def near(self) -> tuple[int, ...]:
        """Clauses near the matter: those named by most of its questions first."""
        counts: dict[int, int] = {}
        for question in self.questions:
            for clause in question.near or question.cited:
                counts[clause] = counts.get(clause, 0) + 1
        return tuple(sorted(counts, key=lambda clause: -counts[clause]))

    @property
    def first_at(self) -> datetime:
        """When it was asked first."""
        return self.questions[0].at

    @property
    def last_at(self) -> datetime:
        """When it was asked last."""
        return self.questions[-1].at

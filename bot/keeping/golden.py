"""Golden questions run: what each is answered now, and how a publication would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.assistant.answers import Answer
from bot.evaluating.cases import Accepted, Case
from bot.evaluating.judging import Said, is_accepted
from bot.evaluating.runs import Run, row_of
from knowledge.clauses import text_key
from knowledge.golden import GoldenQuestion, GoldenQuestions

if TYPE_CHECKING:
    from bot.assistant.answering import Assistant
    from knowledge.library import Library

NAME = "golden"
"""What the set of golden questions is called among the evaluations."""
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """What matters of an answer to a golden question: how it ended and what it quotes."""

    outcome: str
    text: str
    sources: tuple[str, ...]
    """「《manual》label」 of each citation, in order."""
    keys: tuple[str, ...]
    """Keys of the quoted wordings, in order: equal keys are the same answer, whatever the edition's number."""

    @classmethod
    def of(cls, answer: Answer) -> GoldenAnswer:
        """Reduce an answer."""
        return cls(
            answer.outcome.value,
            answer.text[:_SHOWN],
            tuple(f"《{c.manual}》{c.label}" for c in answer.citations),
            tuple(text_key(c.quote) for c in answer.citations),
        )

    def is_same(self, other: GoldenAnswer) -> bool:
        """Whether an agent is told the same: see `bot.evaluating.judging.is_accepted`."""
        return is_accepted(self.as_accepted(), Said(other.outcome, other.text, keys=other.keys))

    def as_accepted(self) -> Accepted:
        """What a later answer is judged by."""
        return Accepted(outcome=self.outcome, keys=self.keys)

    def dump(self) -> dict[str, Any]:
        """For `GoldenQuestions.accept`."""
        return {
            "outcome": self.outcome,
            "text": self.text,
            "sources": list(self.sources),
            "keys": list(self.keys),
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> GoldenAnswer:
        """Read back what `dump` wrote."""
        return cls(
            str(stored.get("outcome", "")),
            str(stored.get("text", "")),
            tuple(stored.get("sources", ())),
            tuple(stored.get("keys", ())),
        )


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """A golden question with two answers: the accepted (or live) one, and the one to be looked at."""

    question: GoldenQuestion
    before: GoldenAnswer | None
    """None: nobody has accepted an answer yet."""
    after: GoldenAnswer

    @property
    def is_changed(self) -> bool:
        """Whether the two differ for an agent."""
        return self.before is not None and not self.before.is_same(self.after)


class GoldenRunner:
    """Asks the golden questions."""

    def __init__(self, questions: GoldenQuestions, assistant: Assistant, library: Library) -> None:
        """`assistant` answers over views of `library`; a language model it may have is not asked."""
        self.questions = questions
        self._assistant = assistant
        self._library = library

    def run(self) -> list[GoldenRun]:
        """Every golden question: the accepted answer beside the one of now."""
        return self.evaluate()[0]

    def evaluate(self) -> tuple[list[GoldenRun], Run]:
        """What `run` gives, and the same as a run of `bot.evaluating`; an answer that nobody has accepted yet is
        taken for accepted there."""
        view = self._library.view()
        runs, rows = [], []
        for one in self.questions.all():
            accepted = GoldenAnswer.load(one.accepted) if one.accepted else None
            answer = self._assistant.answer(one.question, view=view)
            now = GoldenAnswer.of(answer)
            wanted = (accepted or now).as_accepted()
            case = Case(
                id=f"#{one.id}", question=one.question, kind=NAME, expected=wanted.outcome, accepted=wanted
            )
            runs.append(GoldenRun(one, accepted, now))
            rows.append(row_of(case, answer))
        made = Run(name=NAME, at=self._library.now(), generation=view.generation, rows=tuple(rows))
        return runs, made

    def preview(self, edition_ids: Sequence[int]) -> list[GoldenRun]:
        """Every golden question: the answer of now beside the one after these editions would be published."""
        questions = self.questions.all()
        if not questions:
            return []
        live, staged = self._library.view(), self._library.view(staged=edition_ids)
        return [
            GoldenRun(
                one,
                GoldenAnswer.of(self._assistant.answer(one.question, view=live)),
                GoldenAnswer.of(self._assistant.answer(one.question, view=staged)),
            )
            for one in questions
        ]

    def accept(self, runs: Sequence[GoldenRun]) -> None:
        """Take the later answer of each as the accepted one."""
        for run in runs:
            self.questions.accept(run.question.id, run.after.dump())

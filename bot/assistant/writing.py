"""Answers in a language model's words, every sentence checked, the quote standing in for whatever fails.

The model is only asked when the quoting answer has found something; it never turns a refusal into an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import structlog

from bot.assistant.answers import Answer, Outcome, Turn
from bot.assistant.citations import Floors, Similarity
from bot.assistant.language_model import LanguageModel, Message
from bot.assistant.metering import Meter, MeteredCall
from bot.assistant.model_errors import ModelUnavailable, Reason
from bot.assistant.prompts import PromptError, Prompts
from bot.assistant.reply_lines import ReplyEnd, read_reply
from bot.assistant.smuggling import gives_orders
from bot.assistant.written import WrittenAnswer
from knowledge.clauses import Clause, Hit
from tickets.usage_records import ModelUse, UseOutcome

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable, RunnableConfig

log = structlog.get_logger(__name__)

_PROMPT = "answer"
_MOST_CLAUSES = 8
_MOST_SENTENCES = 12
_TURNS = 6
_TURN_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class WritingRequest:
    """What one answer is written from. `question` and `history` are masked before they get here."""

    question: str
    history: tuple[Turn, ...]
    hits: tuple[Hit, ...]
    quoted: Answer
    """The answer without a model: its outcome stands, its conflicts and cut-offs must survive."""
    cancelled: Callable[[], bool] = lambda: False
    person: str = ""
    """Whose budget it is taken from."""


@dataclass(slots=True)
class _Record:
    """What is kept about the model's part in one answer."""

    said: str | None = None
    unavailable: str | None = None


class Writer:
    """Writes answers. `mask` removes private data from whatever goes to the model; `similarity` compares texts
    of different languages (without it a sentence in another language than its clauses is never let through)."""

    def __init__(
        self,
        model: LanguageModel | None,
        prompts: Prompts,
        mask: Callable[[str], str],
        similarity: Similarity | None = None,
        floors: Floors | None = None,
        marks: bool = True,
        meter: Meter | None = None,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._mask = mask
        self._similarity = similarity
        self._floors = floors or Floors()
        self._marks = marks
        self._meter = meter or Meter()

    @property
    def state(self) -> str:
        """How the model does: `ok`, `paused` (it failed, or wants to be left alone), `none`."""
        if self._model is None:
            return "none"
        return "paused" if self._model.paused else "ok"

    def warm_up(self) -> None:
        """Import and build the model's client, which takes seconds, without contacting anybody."""
        if self._model is None:
            return
        try:
            self._model.check()
        except ModelUnavailable as error:
            log.warning("model.not_usable", reason=error.reason)

    def write(
        self,
        question: str,
        history: Sequence[Turn],
        hits: Sequence[Hit],
        quoted: Answer,
        cancelled: Callable[[], bool] = lambda: False,
        person: str = "",
    ) -> Answer:
        """The finished answer; never raises for the model's sake."""
        answer = quoted
        for item in self.stream(question, history, hits, quoted, cancelled, person):
            if isinstance(item, Answer):
                answer = item
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn],
        hits: Sequence[Hit],
        quoted: Answer,
        cancelled: Callable[[], bool] = lambda: False,
        person: str = "",
    ) -> Iterator[str | Answer]:
        """Checked pieces of Markdown, then the Answer, whose text is the pieces joined; its `usage` says what the
        model took, also when it failed or `cancelled()` came true. `person` is whose budget it is taken from."""
        if self._model is None or quoted.outcome not in (Outcome.ANSWERED, Outcome.CONFLICT) or not hits:
            yield quoted.text
            yield quoted
            return
        masked = tuple(Turn(turn.role, self._mask(turn.text)) for turn in history)
        request = WritingRequest(self._mask(question), masked, tuple(hits), quoted, cancelled, person)
        yield from answer_chain(self).stream(request)

    def compose(
        self, request: WritingRequest, config: RunnableConfig | None = None
    ) -> Iterator[str | Answer]:
        """The body of the runnable: a masked request in, pieces and the Answer out."""
        assert self._model is not None, "a writer without a model quotes"
        record = _Record()
        wording = f"{_PROMPT}@{self._prompts.digest(_PROMPT)}"
        call = MeteredCall(self._model, wording, self._meter, request.person)
        clauses = _material(request)
        written = WrittenAnswer(request, clauses, self._similarity, self._floors, self._marks)
        try:
            if not clauses:
                raise ModelUnavailable(Reason.WITHHELD)
            for piece in self._checked(request, clauses, written, record, call, config):
                call.spoke()
                yield piece
        except (ModelUnavailable, PromptError) as error:
            record.unavailable = error.reason if isinstance(error, ModelUnavailable) else "prompt"
            log.warning("answer.model_failed", reason=record.unavailable, kept=written.kept)
        if not request.cancelled():
            yield from written.rest(whole=record.unavailable is None)
        yield self._finished(request, written, record, call)

    def _checked(
        self,
        request: WritingRequest,
        clauses: dict[str, Clause],
        written: WrittenAnswer,
        record: _Record,
        call: MeteredCall,
        config: RunnableConfig | None,
    ) -> Iterator[str]:
        pieces = call.pieces(self._messages(request, clauses), request.cancelled, config)
        for item in read_reply(pieces):
            if isinstance(item, ReplyEnd):
                record.said = item.end
                yield from written.ended()
                call.drain(pieces)
                return
            yield from written.take(item)
            if written.kept >= _MOST_SENTENCES:
                return
        if record.said is None and not request.cancelled():
            # The reply stopped before its end: what it still had to say stands in the quotes.
            raise ModelUnavailable(Reason.NONSENSE)

    def _messages(self, request: WritingRequest, clauses: dict[str, Clause]) -> list[Message]:
        material = [
            {
                "id": key,
                "manual": self._mask(clause.manual),
                "organisation": self._mask(clause.organisation),
                "heading": self._mask(" / ".join(clause.heading_path)),
                "text": self._mask(clause.text),
            }
            for key, clause in clauses.items()
        ]
        turns = [{"role": t.role, "text": t.text[:_TURN_CHARACTERS]} for t in request.history[-_TURNS:]]
        values = {
            "clauses": material,
            "conflict": request.quoted.outcome is Outcome.CONFLICT,
            "history": turns,
            "language": request.quoted.language,
            "question": request.question,
        }
        system, user = self._prompts.render(_PROMPT, values)
        return [("system", system), ("user", user)]

    def _finished(
        self, request: WritingRequest, written: WrittenAnswer, record: _Record, call: MeteredCall
    ) -> Answer:
        stopped = request.cancelled()
        use = call.use(
            UseOutcome.STOPPED if stopped else written.outcome(whole=record.unavailable is None),
            kept=written.kept,
            dropped=written.dropped,
            fault=record.unavailable or "",
        )
        by_model = written.kept > 0
        log.info(
            "answer.written", by_model=by_model, kept=written.kept, dropped=sum(written.dropped.values())
        )
        return replace(
            request.quoted,
            text=written.text,
            citations=written.citations if by_model else request.quoted.citations,
            latency_ms=request.quoted.latency_ms + use.ms,
            model=use.model if by_model else None,
            usage=use,
            details={**request.quoted.details, "model": _shown(use) | {"said": record.said}},
        )


def _shown(use: ModelUse) -> dict[str, Any]:
    """What `details` say of the model's part."""
    cost = None if use.micros is None else f"{Decimal(use.micros) / 1_000_000:f} {use.currency}".strip()
    return {
        "name": use.model,
        "prompt": use.prompt,
        "outcome": use.outcome.value,
        "tokens_in": use.tokens_in,
        "tokens_out": use.tokens_out,
        "estimated": use.estimated,
        "cost": cost,
        "first_ms": use.first_ms,
        "ms": use.ms,
        "kept": use.kept,
        "dropped": dict(use.dropped),
        "unavailable": use.fault or None,
        "cancelled": use.outcome is UseOutcome.STOPPED,
    }


def answer_chain(writer: Writer) -> Runnable[WritingRequest, Any]:
    """The writer as a LangChain runnable: `stream` gives checked pieces and then the Answer, `invoke` the
    Answer. Callbacks and tracing of the config reach the model call. The request must be masked."""
    from langchain_core.runnables import RunnableLambda

    def compose(request: WritingRequest, config: RunnableConfig) -> Iterator[str | Answer]:
        yield from writer.compose(request, config)

    chain: Runnable[WritingRequest, Any] = RunnableLambda(compose, name="kefu_answer")
    return chain


def _material(request: WritingRequest) -> dict[str, Clause]:
    """The clauses that the model sees, under short ids: those that the quote rests on first.

    A clause that gives orders to a program is not shown. If the quote itself rests on one, nothing is.
    """
    found = {hit.clause.id: hit.clause for hit in request.hits}
    quoted = [found[c.clause_id] for c in request.quoted.citations if c.clause_id in found]
    if any(gives_orders(clause) for clause in quoted):
        return {}
    ordered = dict.fromkeys([*quoted, *(hit.clause for hit in request.hits)])
    safe = [clause for clause in ordered if not gives_orders(clause)]
    return {f"C{number}": clause for number, clause in enumerate(safe[:_MOST_CLAUSES], 1)}

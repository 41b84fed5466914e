"""What one call to a language model takes, and whether it may be made: counted, priced, set aside beforehand."""

from __future__ import annotations

import math
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

import structlog

from bot.assistant.model_errors import ModelUnavailable, Reason
from bot.observing import tracing
from tickets.usage_records import ModelUse, Purpose, UseOutcome

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from bot.assistant.language_model import LanguageModel, Message, Usage

_log = structlog.get_logger(__name__)

_MESSAGE_TOKENS = 8
_LATIN_CHARACTERS = 3
_COUNT_SECONDS = 1.0
"""How long the provider's own count is waited for, once the reply has said that it ended."""
_NOTHING_TAKEN = frozenset(Reason) - {Reason.TIMEOUT, Reason.NONSENSE}
"""Failures before the first word for which no provider asks money."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost."""

    sent: Decimal
    written: Decimal
    currency: str

    def micros(self, tokens_in: int, tokens_out: int) -> int:
        """The cost in millionths of the currency, rounded up."""
        cost = self.sent * tokens_in + self.written * tokens_out
        return int(cost.to_integral_value(ROUND_CEILING))


Reserve = Callable[[str, ModelUse], int | None]
"""Sets aside what a call of a person will take at most; None when no budget is left for it."""


@dataclass(frozen=True, slots=True)
class Meter:
    """How calls are counted: at which prices, and out of which budget.

    `most_out`: tokens that a reply may have (KEFU_MODEL_MAX_TOKENS). `reserve` None: no budget. `record` takes what
    belongs to no answer of the ledger.
    """

    prices: Prices | None = None
    most_out: int = 1200
    reserve: Reserve | None = None
    record: Callable[[str, ModelUse], None] = lambda person, use: None
    clock: Callable[[], float] = time.perf_counter

    def priced(self, use: ModelUse) -> ModelUse:
        """With its cost, where prices are known."""
        if self.prices is None:
            return use
        cost = self.prices.micros(use.tokens_in, use.tokens_out)
        return replace(use, micros=cost, currency=self.prices.currency)


class MeteredCall:
    """One call. `pieces` makes it; `use` says what it took, whenever and however it ended."""

    def __init__(
        self, model: LanguageModel, prompt: str, meter: Meter, person: str, purpose: Purpose = Purpose.ANSWER
    ) -> None:
        self._model = model
        self._meter = meter
        self._person = person
        self._begun = ModelUse(model.name, prompt, UseOutcome.RESERVED, purpose, estimated=True)
        self._started = meter.clock()
        self._first: float | None = None
        self._counted: tuple[int, int] | None = None
        self._sent = 0
        self._received = 0
        self._reservation: int | None = None
        self._until: float | None = None

    def pieces(
        self,
        messages: Sequence[Message],
        cancelled: Callable[[], bool] = lambda: False,
        config: RunnableConfig | None = None,
        shape: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """The reply as it comes; `shape` as for LanguageModel.stream. Raises ModelUnavailable, with Reason.BUDGET when there is no budget left."""
        asked = sum(tokens_in(text) + _MESSAGE_TOKENS for _, text in messages)
        self._set_aside(asked)
        stream = self._model.stream(
            messages, cancelled=lambda: cancelled() or self._out_of_time(), config=config, shape=shape
        )
        self._sent = asked
        _log.info("model.called", model=self._model.name, tokens=asked)
        with tracing.aside("model.call", model=self._model.name):
            yield from self._counting(stream)

    def _counting(self, stream: Iterator[str | Usage]) -> Iterator[str]:
        try:
            for piece in stream:
                if isinstance(piece, str):
                    self._received += tokens_in(piece)
                    yield piece
                else:
                    # Providers may count in instalments: LangChain's chunks are to be added up.
                    before = self._counted or (0, 0)
                    self._counted = before[0] + piece.tokens_in, before[1] + piece.tokens_out
        except ModelUnavailable as error:
            if not self._received and error.reason in _NOTHING_TAKEN:
                self._sent = 0
            raise

    def drain(self, pieces: Iterator[str]) -> None:
        """After the reply has said its end: wait a moment for the provider's count, listen to nothing else."""
        self._until = self._meter.clock() + _COUNT_SECONDS
        for _ in pieces:
            if self._counted:
                return

    def spoke(self) -> None:
        """The first checked words were passed on."""
        if self._first is None:
            self._first = self._elapsed()

    def use(
        self, outcome: UseOutcome, *, kept: int = 0, dropped: Mapping[str, int] | None = None, fault: str = ""
    ) -> ModelUse:
        """What it took so far."""
        counted = self._counted
        taken = replace(
            self._begun,
            outcome=outcome,
            tokens_in=counted[0] if counted else self._sent,
            tokens_out=counted[1] if counted else self._received,
            estimated=counted is None and self._sent > 0,
            first_ms=None if self._first is None else round(self._first, 1),
            ms=round(self._elapsed(), 1),
            kept=kept,
            dropped=dict(dropped or {}),
            fault=fault,
            reservation=self._reservation,
        )
        return self._meter.priced(taken)

    def _set_aside(self, asked: int) -> None:
        if self._meter.reserve is None:
            return
        most = self._meter.priced(replace(self._begun, tokens_in=asked, tokens_out=self._meter.most_out))
        self._reservation = self._meter.reserve(self._person, most)
        if self._reservation is None:
            raise ModelUnavailable(Reason.BUDGET)

    def _out_of_time(self) -> bool:
        return self._until is not None and self._meter.clock() > self._until

    def _elapsed(self) -> float:
        return (self._meter.clock() - self._started) * 1000


def tokens_in(text: str) -> int:
    """About how many tokens a text has, rather too many than too few: one for a wide character, one for three others.

    Each provider cuts words differently; its own count replaces this one wherever it gives one.
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide + math.ceil((len(text) - wide) / _LATIN_CHARACTERS)

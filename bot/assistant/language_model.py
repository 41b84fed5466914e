"""The language model behind one door: whatever goes wrong behind it comes out as `ModelUnavailable`.

This is the only file that imports LangChain's model clients, and it does so when the first reply is asked
for: importing them takes longer than answering with a quote.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.assistant.model_errors import ModelUnavailable, Reason, missing_package, translated
from bot.assistant.model_settings import ModelSettings

if TYPE_CHECKING:
    from types import TracebackType

    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable, RunnableConfig

Message = tuple[Literal["system", "user", "assistant"], str]

# After these the next question would only wait for the same failure: quote at once for a while.
_PAUSE_SECONDS = 20.0
_LONGEST_PAUSE_SECONDS = 120.0
_FAILURES_BEFORE_PAUSE = 3
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that one reply took, as the provider counted them."""

    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class _Ended:
    error: BaseException | None


class _Relayed:
    """Runs a block on another thread and hands whatever it raises to the thread that waits for it."""

    def __init__(self, pieces: queue.SimpleQueue[str | Usage | _Ended]) -> None:
        self._pieces = pieces

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._pieces.put(_Ended(error))
        return True


class LanguageModel:
    """A chat model with deadlines. Safe to share between threads."""

    def __init__(self, settings: ModelSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._client: BaseChatModel | None = None
        self._failures = 0
        self._shapes = True
        """Whether the provider is thought to know structured output."""
        self._paused_until = 0.0

    @classmethod
    def from_settings(cls, settings: ModelSettings) -> LanguageModel | None:
        """The configured model, or None when none is configured. Nothing is imported or contacted yet."""
        return cls(settings) if settings.model else None

    @property
    def name(self) -> str:
        """As configured, for example `openai:gpt-4o-mini`."""
        return self._settings.model

    @property
    def paused(self) -> bool:
        """Whether it is left alone for a while, after failures or because it said so."""
        return self._clock() < self._paused_until

    def check(self) -> None:
        """Build the client without contacting it. Raises ModelUnavailable with one sentence."""
        self._built()

    def invoke(self, messages: Sequence[Message], *, config: RunnableConfig | None = None) -> str:
        """The whole reply as text. Raises ModelUnavailable."""
        return "".join(piece for piece in self.stream(messages, config=config) if isinstance(piece, str))

    def stream(
        self,
        messages: Sequence[Message],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        config: RunnableConfig | None = None,
        shape: Mapping[str, Any] | None = None,
    ) -> Iterator[str | Usage]:
        """Pieces of the reply as they come, and the token counts if the provider gives them.

        `shape` is a JSON schema with a title: the provider is asked to hold its reply to it (structured output). One
        that cannot is asked without it, now and from then on: the reader of the reply checks it in any case.

        Ends early and silently once `cancelled()` is true. Raises ModelUnavailable: before the first piece,
        or in the middle of the reply.
        """
        self._refuse_while_paused()
        client = self._built()
        if shape is not None and self._shapes and (shaped := _shaped(client, shape)) is not None:
            try:
                yield from self._read(shaped, messages, cancelled, config, whole=True)
            except ModelUnavailable as error:
                if error.reason is not Reason.REQUEST_REFUSED:
                    self._remember(error)
                    raise
                self._shapes = False  # an older server: it does not know response_format
            else:
                self._failures = 0
                return
        try:
            yield from self._read(client, messages, cancelled, config)
        except ModelUnavailable as error:
            self._remember(error)
            raise
        self._failures = 0

    def _read(
        self,
        client: Runnable[Any, Any],
        messages: Sequence[Message],
        cancelled: Callable[[], bool],
        config: RunnableConfig | None,
        *,
        whole: bool = False,
    ) -> Iterator[str | Usage]:
        """One request, read on a thread of its own. `whole`: LangChain passes the reply on once it is complete."""
        pieces: queue.SimpleQueue[str | Usage | _Ended] = queue.SimpleQueue()
        gone = threading.Event()

        def read() -> None:
            with _Relayed(pieces):
                for chunk in client.stream(list(messages), config=config):
                    if gone.is_set():
                        return
                    for piece in _parts(chunk):
                        pieces.put(piece)

        # A thread of its own, because no client library can be told when the *whole* reply must be there.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(read,), name="language-model", daemon=True).start()
        try:
            yield from self._until_deadlines(pieces, cancelled, whole=whole)
        finally:
            gone.set()

    def _until_deadlines(
        self, pieces: queue.SimpleQueue[str | Usage | _Ended], cancelled: Callable[[], bool], *, whole: bool
    ) -> Iterator[str | Usage]:
        started = self._clock()
        total = started + self._settings.model_total_seconds
        next_piece = total if whole else started + self._settings.model_first_token_seconds
        while not cancelled():
            left = min(total, next_piece) - self._clock()
            if left <= 0:
                raise ModelUnavailable(Reason.TIMEOUT)
            try:
                piece = pieces.get(timeout=min(left, _POLL_SECONDS))
            except queue.Empty:
                continue
            if isinstance(piece, _Ended):
                if piece.error is not None:
                    raise translated(piece.error) from piece.error
                return
            next_piece = self._clock() + self._settings.model_first_token_seconds
            yield piece

    def _built(self) -> BaseChatModel:
        with self._lock:
            if self._client is None:
                self._client = _build(self._settings)
            return self._client

    def _refuse_while_paused(self) -> None:
        if self._clock() < self._paused_until:
            raise ModelUnavailable(Reason.PAUSED)

    def _remember(self, error: ModelUnavailable) -> None:
        self._failures += 1
        if error.reason is Reason.RATE_LIMITED:
            pause = min(error.retry_after or _PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        elif self._failures >= _FAILURES_BEFORE_PAUSE:
            pause = _PAUSE_SECONDS
        else:
            return
        self._paused_until = self._clock() + pause


def _shaped(client: BaseChatModel, shape: Mapping[str, Any]) -> Runnable[Any, Any] | None:
    """The client held to a JSON schema, by LangChain's own means; None where it has none for this provider."""
    try:
        return client.with_structured_output(dict(shape), method="json_schema", include_raw=True)
    except (NotImplementedError, ValueError, TypeError):
        return None


def _parts(chunk: Any) -> Iterator[str | Usage]:
    """Text and token counts of one LangChain message chunk; of structured output, those of the raw reply in it."""
    if isinstance(chunk, dict):
        chunk = chunk.get("raw")
    if chunk is None:
        return
    text = str(chunk.text)
    if text:
        yield text
    usage = chunk.usage_metadata
    if usage:
        yield Usage(int(usage["input_tokens"]), int(usage["output_tokens"]))


class _Translated:
    """Whatever setting up a client raises comes out as ModelUnavailable: each provider has its own errors."""

    def __init__(self, model: str) -> None:
        self._model = model

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, ImportError):
            raise missing_package(self._model, error) from error
        if isinstance(error, ValueError):
            # Unknown provider, or settings that the provider's class refuses (pydantic's error is one too).
            raise ModelUnavailable(Reason.MISCONFIGURED, self._model) from error
        if isinstance(error, Exception):
            raise translated(error) from error


def _build(settings: ModelSettings) -> BaseChatModel:
    with _Translated(settings.model):
        from langchain.chat_models import init_chat_model

        client: BaseChatModel = init_chat_model(settings.model, **_options(settings))
        return client


def _options(settings: ModelSettings) -> dict[str, Any]:
    provider = settings.model.partition(":")[0]
    # One silent read may take as long as the first token may; the deadlines above bound the rest.
    seconds = settings.model_first_token_seconds
    options: dict[str, Any] = {}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if settings.model_api_key is not None:
        options["api_key"] = settings.model_api_key
    if settings.model_temperature is not None:
        options["temperature"] = settings.model_temperature
    if settings.model_reports_usage is not None:
        options["stream_usage"] = settings.model_reports_usage
    if provider == "ollama":
        return options | {"num_predict": settings.model_max_tokens, "client_kwargs": {"timeout": seconds}}
    options |= {"timeout": seconds, "max_retries": settings.model_max_retries}
    if provider == "openai" and settings.model_base_url:
        # Compatible servers know the older name only; LangChain would send `max_completion_tokens`.
        return options | {"extra_body": {"max_tokens": settings.model_max_tokens}}
    return options | {"max_tokens": settings.model_max_tokens}

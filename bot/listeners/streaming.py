"""One answer on its way into Slack: streamed, and sent whole when the stream breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import structlog
from slack_sdk import WebClient
from slack_sdk.models.messages.chunk import TaskUpdateChunk
from slack_sdk.web.chat_stream import ChatStream

from bot.blocks import answers, parts, splitting, steps
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners import leftovers, sessions
from bot.listeners.places import Place
from bot.slack_calls import uncertain
from bot.slack_errors import TROUBLE, code_of
from knowledge.clauses import Citation

_log = structlog.get_logger(__name__)

_BUFFER = 256
"""Characters collected before Slack is called; smaller shows sooner, larger spares the rate limit."""


class StoppedByPerson(Exception):
    """The person pressed Stop: Slack has closed the stream and nothing more may be written."""


class AnswerStream:
    """The message that an answer is written into. Not for more than one thread at a time."""

    def __init__(
        self,
        client: WebClient,
        place: Place,
        words: Words,
        sources_at: str = "",
        *,
        resumed: str | None = None,
        began: Callable[[str], bool] | None = None,
        key: str = "",
        left: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`sources_at`: where manuals can be opened (`bot.blocks.steps.link`).

        `resumed`: another process began it, into this message (empty: it came to none); it is shown whole then.
        `began` is told the ts of the message as soon as there is one, and says whether it is this answer's to write
        into. `key` is of this answer alone; `left` finds the message when nobody heard whether it was begun.
        """
        self._resumed = resumed is not None
        self._began = began
        self._key = key or f"{place.channel}:{place.message_ts}"
        self._left = left
        self._client = client
        self._place = place
        self._words = words
        self._sources_at = sources_at
        self._written = ""
        self._rest = ""
        """What does not fit into the message: it follows in further ones."""
        self._stream: ChatStream | None = client.chat_stream(
            channel=place.channel,
            thread_ts=place.thread_ts,
            recipient_team_id=place.team,
            recipient_user_id=place.user,
            buffer_size=_BUFFER,
            task_display_mode="timeline",
        )
        self._ts: str | None = None
        if resumed is not None:
            self._stream, self._ts = None, resumed or None

    def begin(self) -> None:
        """Open the message and show that the manuals are searched. Raises StoppedByPerson."""
        self._append(None, [steps.task(steps.SEARCH, "in_progress", self._words)])

    def write(self, text: str) -> None:
        """Add verified text. Raises StoppedByPerson."""
        text = parts.harmless(text)
        if self._rest or not text:
            self._rest += text
            return
        shown, whole = len(self._written), self._written + text
        if len(whole) > answers.LONGEST:
            whole, self._rest = splitting.cut(whole, answers.LONGEST, at_least=shown)
        self._written = whole
        if not shown:  # by itself, so that the steps stand above the text
            self._append(None, steps.found(self._words))
        if len(whole) > shown:
            # A chunk makes the client send at once: the first words are not to wait until the buffer is full.
            at_once = None if shown else [steps.task(steps.READ, "complete", self._words)]
            self._append(whole[shown:], at_once)

    def finish(self, fallback: str, below: Sequence[Block], sources: Sequence[Citation]) -> None:
        """Close the message with what stands below the text; `fallback` is the text if none was written.

        Raises SlackApiError when the answer could not be shown at all, StoppedByPerson when it was stopped.
        """
        if not self._written:
            self.write(fallback)
        done = steps.done(sources, self._words, self._sources_at)
        if not self._rest:
            self._close(done, below)
            return
        self._close(done, [answers.continues(self._words, answers.number(below))])
        for part, blocks in enumerate(answers.messages(self._rest, below, self._words), 1):
            self._post(blocks, part)

    def suspend(self) -> None:
        """Leave a sentence that it will go on: the process ends, and the next one shows the answer whole here."""
        if self._stream is None or self._stream.ts is None:
            return
        try:
            self._stream.stop(
                blocks=[parts.context(self._words("ask.suspended"))],
                chunks=steps.ended(self._words),
                session_status=sessions.IDLE,
            )
        except TROUBLE as error:
            _log.info("stream.left", error=code_of(error))

    def break_off(self, sentence: str) -> None:
        """Close the message with a sentence instead of the rest of the answer."""
        text = f"\n\n{sentence}" if self._written else sentence
        self._written += text
        if self._stream is not None:
            self._try(lambda stream: stream.append(markdown_text=text))
        self._close(steps.ended(self._words), [])

    def abandon(self) -> None:
        """Leave the message as it is: the person stopped it. Says so below what is there."""
        if self._stream is None or self._stream.ts is None:
            sessions.show(self._client, self._place, sessions.IDLE)
            return
        try:
            self._client.chat_stopStream(
                channel=self._place.channel,
                ts=self._stream.ts,
                blocks=[parts.context(self._words("ask.stopped"))],
                chunks=steps.ended(self._words),
                session_status=sessions.IDLE,
            )
        except TROUBLE as error:
            _log.info("stream.left", error=code_of(error))
            sessions.show(self._client, self._place, sessions.IDLE)  # or the thread would say that we work on

    def _close(self, done: list[TaskUpdateChunk], below: Sequence[Block]) -> None:
        if self._stream is not None:
            self._try(
                lambda stream: stream.stop(
                    chunks=done, blocks=list(below) or None, session_status=sessions.IDLE
                )
            )
        if self._stream is None:
            self._send_whole(below)

    def _append(self, text: str | None, done: list[TaskUpdateChunk] | None) -> None:
        self._try(lambda stream: stream.append(markdown_text=text, chunks=done))

    def _try(self, call: Callable[[ChatStream], object]) -> None:
        """Use the stream; when it is broken, go on without it."""
        if self._stream is None:
            return
        try:
            call(self._stream)
        except TROUBLE as error:
            code = code_of(error)
            if code == "stopped_by_user":
                raise StoppedByPerson from error
            _log.warning("stream.broken", error=code)
            self._ts, self._stream = self._stream.ts, None
            if self._ts is None and uncertain(error):
                self._ts = self._left()
        else:
            if self._began is not None and self._stream.ts is not None:
                ours = self._began(self._stream.ts)
                self._began = None
                if not ours:  # another answer was shown in it while we were on our way here
                    self._stream = None

    def _send_whole(self, below: Sequence[Block]) -> None:
        sessions.show(self._client, self._place, sessions.IDLE)
        [blocks] = answers.messages(self._written, below, self._words)
        if self._ts is None or not self._replace(self._ts, blocks):
            self._post(blocks)

    def _replace(self, ts: str, blocks: list[Block]) -> bool:
        """Put the whole answer where part of it stands; False when that message cannot be changed."""
        text = answers.fallback(blocks)
        for _ in range(2):
            try:
                self._client.chat_update(channel=self._place.channel, ts=ts, text=text, blocks=blocks)
            except TROUBLE as error:
                if code_of(error) != "streaming_state_conflict":
                    _log.warning("stream.not_replaced", error=code_of(error))
                    return False
            else:
                return True
            with contextlib.suppress(*TROUBLE):  # it streams still, whatever we were told
                self._client.chat_stopStream(channel=self._place.channel, ts=ts)
        return False

    def _post(self, blocks: list[Block], part: int = 0) -> None:
        """Say a part of the answer in a message of its own, unless it stands there."""
        key = f"{self._key}#{part}" if part else self._key
        if self._resumed and leftovers.of_answer(self._client, self._place, key) is not None:
            return
        try:
            self._client.chat_postMessage(
                channel=self._place.channel,
                thread_ts=self._place.thread_ts,
                text=answers.fallback(blocks),
                blocks=blocks,
                metadata=leftovers.metadata(key),
            )
        except TROUBLE as error:
            if not uncertain(error) or leftovers.of_answer(self._client, self._place, key) is None:
                raise

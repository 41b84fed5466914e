"""One answer on its way into Slack: streamed, and sent whole when the stream breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import structlog
from slack_sdk import WebClient
from slack_sdk.models.messages.chunk import TaskUpdateChunk
from slack_sdk.web.chat_stream import ChatStream

from bot.blocks import parts
from bot.blocks.answers import whole
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners import leftovers
from bot.listeners.places import Place
from bot.slack_calls import uncertain
from bot.slack_errors import TROUBLE, code_of

_log = structlog.get_logger(__name__)

_IDLE = "active"
"""State of the session when nothing is being written: Slack takes the Stop button away."""
SEARCH = "search"
READ = "read"
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
        resumed: str | None = None,
        began: Callable[[str], None] | None = None,
        key: str = "",
        left: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`key` is of this answer alone; `left` finds the message when nobody heard whether it was begun. `resumed`: another process began it, into this message (empty: it came to none); it is shown whole then.

        `began` is told the ts of the message as soon as there is one.
        """
        self._began = began
        self._key = key or f"{place.channel}:{place.message_ts}"
        self._left = left
        self._client = client
        self._place = place
        self._words = words
        self._written = ""
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
        self._append(None, [self._task(SEARCH, "in_progress")])

    def write(self, text: str) -> None:
        """Add verified text. Raises StoppedByPerson."""
        text = parts.harmless(text)[: max(parts.MAX_MARKDOWN - len(self._written), 0)]
        if not text:
            return
        first = not self._written
        self._written += text
        steps = [self._task(SEARCH, "complete"), self._task(READ, "in_progress")] if first else None
        self._append(text, steps)

    def finish(self, fallback: str, below: Sequence[Block], sources: int) -> None:
        """Close the message with what stands below the text; `fallback` is the text if none was written.

        Raises SlackApiError when the answer could not be shown at all, StoppedByPerson when it was stopped.
        """
        if not self._written:
            self.write(fallback)
        self._close(self._done(sources), below)

    def break_off(self, sentence: str) -> None:
        """Close the message with a sentence instead of the rest of the answer."""
        text = f"\n\n{sentence}" if self._written else sentence
        self._written += text
        if self._stream is not None:
            self._try(lambda stream: stream.append(markdown_text=text))
        self._close(self._done(None), [])

    def abandon(self) -> None:
        """Leave the message as it is: the person stopped it. Says so below what is there."""
        if self._stream is None or self._stream.ts is None:
            return
        note = [parts.context(self._words("ask.stopped"))]
        try:
            self._client.chat_stopStream(
                channel=self._place.channel,
                ts=self._stream.ts,
                blocks=note,
                chunks=self._done(None),
                session_status=_IDLE,
            )
        except TROUBLE as error:
            _log.info("stream.left", error=code_of(error))

    def suspend(self) -> None:
        """Leave a sentence that it will go on: the process ends, and the next one shows the answer whole here."""
        if self._stream is None or self._stream.ts is None:
            return
        try:
            self._stream.stop(
                blocks=[parts.context(self._words("ask.suspended"))],
                chunks=self._done(None),
                session_status=_IDLE,
            )
        except TROUBLE as error:
            _log.info("stream.left", error=code_of(error))

    def show(self, text: str, below: Sequence[Block]) -> None:
        """Show an answer that is known already, whole."""
        self._written = text
        self._close([], below)

    def _done(self, sources: int | None) -> list[TaskUpdateChunk]:
        found = None if sources is None else self._words("task.read_done", count=sources)
        return [self._task(SEARCH, "complete"), self._task(READ, "complete", found)]

    def _close(self, steps: list[TaskUpdateChunk], below: Sequence[Block]) -> None:
        if self._stream is not None:
            self._try(
                lambda stream: stream.stop(chunks=steps, blocks=list(below) or None, session_status=_IDLE)
            )
        if self._stream is None:
            self._send_whole(below)

    def _append(self, text: str | None, steps: list[TaskUpdateChunk] | None) -> None:
        self._try(lambda stream: stream.append(markdown_text=text, chunks=steps))

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
                self._began(self._stream.ts)
                self._began = None

    def _send_whole(self, below: Sequence[Block]) -> None:
        self._end_session()
        blocks = whole(self._written, below)
        text = parts.clip(parts.escape(self._written), 3000)
        if self._ts is not None and self._replace(self._ts, text, blocks):
            return
        try:
            self._post(text, blocks)
        except TROUBLE as error:
            if not uncertain(error) or leftovers.of_answer(self._client, self._place, self._key) is None:
                raise

    def _replace(self, ts: str, text: str, blocks: list[Block]) -> bool:
        """Put the whole answer where part of it stands; False when that message cannot be changed."""
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

    def _post(self, text: str, blocks: list[Block]) -> None:
        self._client.chat_postMessage(
            channel=self._place.channel,
            thread_ts=self._place.thread_ts,
            text=text,
            blocks=blocks,
            metadata=leftovers.metadata(self._key),
        )

    def _end_session(self) -> None:
        try:
            self._client.agents_sessions_setStatus(
                channel_id=self._place.channel, thread_ts=self._place.thread_ts, status=_IDLE
            )
        except TROUBLE as error:
            _log.warning("status.not_shown", error=code_of(error))

    def _task(self, step: str, status: str, output: str | None = None) -> TaskUpdateChunk:
        return TaskUpdateChunk(id=step, title=self._words(f"task.{step}"), status=status, output=output)

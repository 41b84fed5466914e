"""The client of the outbox: what it posts carries the notice's mark, and what an earlier sender left is found by it.

A message may be in Slack although nobody heard so: the answer timed out, or the process died before it could write
the delivery down. The mark is message metadata, which survives every redrawing of the message, so that the thread,
read back, says what went out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack_errors import PLACE_GONE
from tickets.records import Notice

EVENT_TYPE = "kefu_notice"
_PAGE = 200
_SKEW = timedelta(minutes=5)
"""How far Slack's clock may be behind the database's."""


@dataclass(slots=True)
class _Letter:
    """The notice in hand."""

    notice: Notice
    hold: Callable[[], None]
    posted: Counter[str] = field(default_factory=Counter)

    @property
    def mark(self) -> str:
        """Of this notice alone; its time, too, for numbers begin anew in a new database."""
        return f"{self.notice.id}:{self.notice.created_at.isoformat()}"


class OnceClient(WebClient):
    """Passes every call on to another client; for one thread."""

    def __init__(self, inner: WebClient) -> None:
        super().__init__(base_url=inner.base_url)
        self._inner = inner
        self._letter: _Letter | None = None

    @contextmanager
    def sending(self, notice: Notice, hold: Callable[[], None]) -> Iterator[None]:
        """What is posted inside belongs to the notice. `hold` is called before each message: it raises when the notice
        is not ours to send any more."""
        self._letter = _Letter(notice, hold)
        try:
            yield
        finally:
            self._letter = None

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:
        """Call; a message that is there already is not posted again."""
        letter = self._letter
        if letter is not None and api_method == "chat.postMessage":
            return self._post(letter, api_method, how)
        return self._inner.api_call(api_method, **how)

    def files_upload_v2(self, **how: Any) -> SlackResponse:
        """Upload; files that stand in the channel already, by their names and since the notice, are not sent again."""
        letter = self._letter
        if letter is not None:
            letter.hold()
            names = sorted(str(one["filename"]) for one in how.get("file_uploads") or ())
            if letter.notice.maybe_sent and names and self._files_there(letter, str(how["channel"]), names):
                return self._answer(api_method="files.completeUploadExternal", data={"ok": True, "files": []})
        return self._inner.files_upload_v2(**how)

    def _post(self, letter: _Letter, api_method: str, how: dict[str, Any]) -> SlackResponse:
        letter.hold()
        given = dict(how.get("json") or how.get("params") or {})
        channel, thread_ts = str(given.get("channel") or ""), str(given.get("thread_ts") or "")
        place = f"{channel}:{thread_ts}"
        part, letter.posted[place] = letter.posted[place], letter.posted[place] + 1
        payload = {"notice": letter.mark, "part": part}
        if letter.notice.maybe_sent:
            for message in self._since(letter, channel, thread_ts):
                found = message.get("metadata") or {}
                if found.get("event_type") == EVENT_TYPE and found.get("event_payload") == payload:
                    data = {"ok": True, "channel": channel, "ts": message["ts"], "message": dict(message)}
                    return self._answer(api_method, data)
        marked = given | {"metadata": {"event_type": EVENT_TYPE, "event_payload": payload}}
        return self._inner.api_call(api_method, json=marked)

    def _files_there(self, letter: _Letter, channel: str, names: Sequence[str]) -> bool:
        return any(
            sorted(str(file.get("name")) for file in message.get("files") or ()) == names
            for message in self._since(letter, channel, "")
        )

    def _since(self, letter: _Letter, channel: str, thread_ts: str) -> Iterator[Mapping[str, Any]]:
        """The messages of a thread, or of a channel outside threads, since the notice was written."""
        oldest = f"{(letter.notice.created_at - _SKEW).timestamp():.6f}"
        how: dict[str, Any] = {
            "channel": channel,
            "limit": _PAGE,
            "oldest": oldest,
            "include_all_metadata": True,
        }
        cursor = ""
        while True:
            asked = how | ({"cursor": cursor} if cursor else {})
            try:
                page = (
                    self._inner.conversations_replies(ts=thread_ts, **asked)
                    if thread_ts
                    else self._inner.conversations_history(**asked)
                )
            except SlackApiError as error:
                if error.response.get("error") in PLACE_GONE:
                    return
                raise
            yield from page.get("messages") or ()
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _answer(self, api_method: str, data: dict[str, Any]) -> SlackResponse:
        """What Slack would have answered."""
        return SlackResponse(
            client=self, http_verb="POST", api_url=f"{self.base_url}{api_method}", req_args={}, data=data,
            headers={}, status_code=200,
        )  # fmt: skip

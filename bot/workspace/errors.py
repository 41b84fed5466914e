"""What can go wrong in the local workspace, and how each is told to whom."""

from collections.abc import Sequence
from typing import Any


class WorkspaceError(Exception):
    """The workspace cannot start or go on; the message is one sentence for a person."""


class SlackError(Exception):
    """A Web API call is refused, in Slack's own words.

    `code` is Slack's error name; `messages` end up in `response_metadata.messages` (prefixed with
    `[ERROR]`), `errors` in the `errors` list.
    """

    def __init__(
        self,
        code: str,
        *messages: str,
        errors: Sequence[Any] = (),
        status: int = 200,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages
        self.errors = list(errors)
        self.status = status
        self.headers = headers or {}
        self.more = more or {}

    def body(self) -> dict[str, Any]:
        """The JSON body that Slack would answer with."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.errors:
            body["errors"] = self.errors
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


class Refused(Exception):
    """The control API refuses a request; the message is one sentence for a person."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status

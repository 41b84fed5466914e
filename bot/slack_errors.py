"""What calling Slack may raise: Slack's own refusals, and the network's."""

from __future__ import annotations

from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

TROUBLE: tuple[type[Exception], ...] = (SlackClientError, OSError, HTTPException)
"""Everything that a call of the Web API raises. slack_sdk passes network errors on as they are."""


def code_of(error: Exception) -> str:
    """Slack's error code, or the name of the network's error, for the log."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return type(error).__name__

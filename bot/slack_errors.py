"""What calling Slack may raise: Slack's own refusals, and the network's."""

from __future__ import annotations

from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError


class WorkspaceGone(Exception):
    """The workspace took the app out, or may not use it: nothing can be said there. `str()` is its id."""


TROUBLE: tuple[type[Exception], ...] = (SlackClientError, OSError, HTTPException, WorkspaceGone)
"""Everything that a call of the Web API raises. slack_sdk passes network errors on as they are."""

PLACE_GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "thread_not_found",
        "message_not_found",
        "cannot_reply_to_message",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    }
)
"""Slack's codes for a channel or thread that cannot be written to."""
PERSON_GONE = frozenset({"user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot"})
"""Slack's codes for somebody who cannot be written to any more."""
_LATER = frozenset({"ratelimited", "internal_error", "service_unavailable", "fatal_error", "request_timeout"})


def slack_is_down(error: Exception) -> bool:
    """Whether a call failed for no fault of its own: the network, Slack's servers, or its patience."""
    if isinstance(error, SlackApiError):
        return error.response.status_code >= 500 or error.response.get("error") in _LATER
    return isinstance(error, TROUBLE)


def code_of(error: Exception) -> str:
    """Slack's error code, or the name of the network's error, for the log."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return type(error).__name__

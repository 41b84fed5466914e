"""The client of the Web API: what it tries again by itself, and what it never does because it would be said twice."""

from __future__ import annotations

import socket
from typing import Any, ClassVar
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler, RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.web import SlackResponse

from bot.observing import metrics, tracing
from bot.settings import SlackSettings

_RATE_LIMIT_RETRIES = 3
UNREPEATABLE = frozenset(
    {
        "chat.postMessage",
        "chat.postEphemeral",
        "chat.meMessage",
        "chat.startStream",
        "chat.appendStream",
        "files.completeUploadExternal",
    }
)
"""Methods of which a second call is a second message."""
TIMEOUT_SECONDS = 30
_OUTGOING_SECONDS = 10
"""Of the outbox, whose claim on a notice must outlast the call; a message that did arrive is found by its mark."""


class _Counted(RetryHandler):
    """A handler that counts how often it tried again."""

    reason: ClassVar[str]

    def prepare_for_next_attempt(self, **given: Any) -> None:
        """Called when it will: counts, then waits as the handler does."""
        metrics.SLACK_RETRIES.labels(self.reason).inc()
        super().prepare_for_next_attempt(**given)


class CarefulRetry(_Counted, ConnectionErrorRetryHandler):
    """Tries again when a connection breaks, unless the call may have been carried out and would be so twice.

    slack_sdk's own handler repeats `chat.postMessage` after a reset although Slack may have taken the first.
    """

    reason = "connection"

    def _can_retry(self, *, request: HttpRequest, error: Exception | None = None, **given: Any) -> bool:
        method = urlsplit(request.url).path.rpartition("/")[2]
        if method in UNREPEATABLE and not never_sent(error):
            return False
        return super()._can_retry(request=request, error=error, **given)


class CountedPatience(_Counted, RateLimitErrorRetryHandler):
    """Waits as long as Slack says."""

    reason = "rate_limited"


def never_sent(error: BaseException | None) -> bool:
    """Whether a failed call surely did not reach Slack: no connection was made."""
    if isinstance(error, URLError) and isinstance(error.reason, BaseException):
        error = error.reason
    return isinstance(error, ConnectionRefusedError | socket.gaierror)


def uncertain(error: Exception) -> bool:
    """Whether a failed call may have been carried out all the same: no answer of Slack says that it was not."""
    if isinstance(error, SlackApiError):
        return bool(error.response.status_code >= 500)
    return not never_sent(error)


def retry_after(error: Exception) -> float | None:
    """For how many seconds Slack wants to be left alone; None when it did not say so."""
    if not isinstance(error, SlackApiError):
        return None
    headers = {str(name).lower(): value for name, value in (error.response.headers or {}).items()}
    given = headers.get("retry-after")
    try:
        return float(given[0] if isinstance(given, list) else given) if given else None
    except ValueError:
        return None


class TracedClient(WebClient):
    """The client, with a span around each call where there are traces."""

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Call a method. Raises what WebClient raises."""
        with tracing.span("slack.call", method=api_method):
            return super().api_call(api_method, **arguments)


def web_client(settings: SlackSettings, token: str | None, *, patient: bool = True) -> WebClient:
    """A client that tries again when a connection breaks, and (`patient`) waits when Slack says so."""
    handlers = [CarefulRetry(max_retry_count=2)]
    patience = [CountedPatience(max_retry_count=_RATE_LIMIT_RETRIES)] if patient else []
    return TracedClient(
        token=token,
        base_url=settings.api_url,
        timeout=TIMEOUT_SECONDS if patient else _OUTGOING_SECONDS,
        retry_handlers=[*handlers, *patience],
    )

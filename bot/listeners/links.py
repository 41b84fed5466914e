"""Addresses of messages, made without asking Slack for each: a list of ten would take a second."""

from __future__ import annotations

import threading
from urllib.parse import urlencode

import structlog
from slack_sdk import WebClient

from bot.slack_errors import TROUBLE, code_of
from tickets.records import Origin

_log = structlog.get_logger(__name__)


class Links:
    """Addresses in one workspace, whose own address is asked for once. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._base: str | None = None

    def to(self, client: WebClient, origin: Origin) -> str:
        """Where a message can be seen; empty when it is not known."""
        ts = origin.message_ts or origin.thread_ts
        base = self._known(client) if origin.channel and ts else ""
        if not base:
            return ""
        link = f"{base}archives/{origin.channel}/p{ts.replace('.', '')}"
        if origin.thread_ts and origin.thread_ts != ts:
            link += f"?{urlencode({'thread_ts': origin.thread_ts, 'cid': origin.channel})}"
        return link

    def _known(self, client: WebClient) -> str:
        with self._lock:
            if self._base is None:
                try:
                    url = str(client.auth_test().get("url") or "")
                except TROUBLE as error:
                    _log.warning("address.unknown", error=code_of(error))
                    return ""
                self._base = url if not url or url.endswith("/") else f"{url}/"
            return self._base

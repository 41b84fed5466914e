"""When Slack is told that something was taken: after it is written down, so that what a dying process had not taken on
is sent again (events) or seen not to have worked by whoever pressed it (clicks, commands), and nothing in between.

Bolt acknowledges events before it runs their listener, and listeners acknowledge clicks first of all. What is
acknowledged and not written down when the process dies is lost without anybody noticing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, wait
from typing import Any

import structlog
from slack_bolt import Ack, Args, BoltResponse

_log = structlog.get_logger(__name__)

PATIENCE = 2.5
"""Seconds until something is acknowledged or given back; Slack waits for three."""

Call = Callable[[Args], None]


def before_acknowledging(call: Call, executor: Executor) -> Callable[..., BoltResponse | None]:
    """Bolt middleware that lets an event's listener take it on before Bolt acknowledges it.

    One that takes too long (the database is busy, Slack is slow to tell what a thread holds) is not acknowledged:
    it goes on, and when Slack sends the event again, it is known.
    """

    def take_on(args: Args) -> BoltResponse | None:
        running = executor.submit(call, args)
        if not wait([running], PATIENCE).done:
            _log.info("event.not_acknowledged", event_type=str((args.body.get("event") or {}).get("type")))
            return BoltResponse(status=503)
        args.next_()
        return None

    return take_on


def taken_on(args: Args) -> None:
    """The listener of an event that its middleware has taken on."""


def acknowledged_late(call: Call) -> Call:
    """The listener of a click or command that changes the record: acknowledged when it says so a second time or is
    through, for then it is written down."""

    def run(args: Args) -> None:
        late = LateAck(args.ack)
        args.ack = late  # type: ignore[assignment]  # it is called and asked like the one that it stands for
        try:
            call(args)
        finally:
            late.pass_on()

    return run


class LateAck:
    """An acknowledgement that waits: what the listener says first is passed on when it says so again, when it is
    through, or when Slack would wait no longer."""

    def __init__(self, ack: Ack) -> None:
        self._ack = ack
        self._lock = threading.Lock()
        self._said: dict[str, Any] | None = None
        self._timer = threading.Timer(PATIENCE, self.pass_on)
        self._timer.daemon = True

    def __call__(self, **said: Any) -> BoltResponse:
        """Acknowledge; the second time at once."""
        with self._lock:
            first, self._said = self._said is None, said
        if first:
            self._timer.start()
        else:
            self.pass_on()
        return BoltResponse(status=200)

    @property
    def response(self) -> BoltResponse | None:
        """Not None once it was acknowledged, passed on or not."""
        return BoltResponse(status=200) if self._said is not None else self._ack.response

    def pass_on(self) -> None:
        """Tell Slack, if it is to be told and was not."""
        self._timer.cancel()
        with self._lock:
            if self._said is not None and self._ack.response is None:
                self._ack(**self._said)

"""The check before every listener, whichever door a request comes in by: what is not built as Slack builds it goes no
further, and is told in one line of the log without anything that stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from slack_bolt import BoltResponse

from bot.observing import metrics
from bot.slack_shapes import problem
from bot.wellformed import cleaned

_log = structlog.get_logger(__name__)

_NOT_AGAIN: dict[str, str | Sequence[str]] = {"x-slack-no-retry": "1"}
"""Sent again, it would be the same."""


def well_built(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - bolt's name
    """Bolt middleware, run after the signature is checked."""
    clean = cleaned(body)
    if clean is not body:
        body.clear()
        body.update(clean)
    fault = problem(body)
    if fault:
        metrics.ILL_BUILT.inc()
        _log.warning("request.ill_built", fault=fault)
        return BoltResponse(status=400, body="ill_built", headers=_NOT_AGAIN)
    return next()

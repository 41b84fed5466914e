"""One id for each request of Slack, in every line that is logged because of it.

It is bound where the request comes in, goes with its work into the pools, is written into the outbox with what the work
announces, and is bound again where that is delivered.
"""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

REQUEST = "request"
"""Under this name it stands in the logs."""


def new_request() -> AbstractContextManager[None]:
    """Everything logged inside belongs to one new request, unless it belongs to one already."""
    return continued(current() or secrets.token_hex(6))


def continued(request: str) -> AbstractContextManager[None]:
    """Everything logged inside belongs to a request of before; an empty id: to none."""
    return structlog.contextvars.bound_contextvars(**({REQUEST: request} if request else {}))


def current() -> str:
    """The id of the request that is being worked on; empty outside of any."""
    return str(structlog.contextvars.get_contextvars().get(REQUEST) or "")


def carried(work: Callable[[], None]) -> Callable[[], None]:
    """Work for another thread that still belongs to the request (and the trace) of this one."""
    context = contextvars.copy_context()
    return lambda: context.run(work)

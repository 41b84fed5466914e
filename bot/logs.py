"""Logging of the long-running commands: one line per event, plain tracebacks without the values of variables."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog

_NOISY = ("slack_sdk", "slack_bolt", "websocket", "httpx", "chromadb")


def warnings_only() -> None:
    """For commands: stdout is theirs, and stderr says only what went wrong."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def configure(file: Path | None = None) -> None:
    """Log to `file` (opened for appending), or to stderr. Libraries speak from warnings upwards."""
    stream: TextIO = sys.stderr if file is None else file.open("a", encoding="utf-8")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,  # `request`: see bot.observing.requests
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # rich tracebacks would print message texts and tokens
            structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "event", "request"], drop_missing=True
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        stream=stream,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        force=True,
    )
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # That a task is not run twice at once is meant so (`bot.schedule`): it would be said at each look while it works.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)

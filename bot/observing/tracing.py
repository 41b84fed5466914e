"""Traces by OpenTelemetry when OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise the spans cost next to nothing.

Spans: the request of Slack, the answer, its search, the decision, the call to the model, calls to Slack. Attributes are
ids, kinds and counts, never texts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"


def configured() -> bool:
    """Whether somebody wants traces."""
    return bool(os.environ.get(ENDPOINT) or os.environ.get(_TRACES_ENDPOINT))


def start() -> bool:
    """Send spans from now on where the environment says; whether it says so. Raises StartupError without the packages."""
    if not configured():
        return False
    from bot.startup import StartupError

    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise StartupError(
            f"{ENDPOINT} is set, but OpenTelemetry is not there: install kefu-desk[otel]."
        ) from error
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "kefu-desk")})
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _tracer.cache_clear()
    return True


@contextmanager
def span(name: str, **attributes: str | int | float | bool) -> Iterator[Any]:
    """A span around what happens inside; None is given where there are no traces."""
    tracer = _tracer()
    if tracer is None:
        yield None
        return
    with tracer.start_as_current_span(name, attributes=attributes, record_exception=False) as opened:
        # The text of an exception may hold what people wrote; its kind is enough.
        yield opened


@contextmanager
def aside(name: str, **attributes: str | int | float | bool) -> Iterator[Any]:
    """A span that what happens inside does not belong to: for generators, which stand still in the middle."""
    tracer = _tracer()
    if tracer is None:
        yield None
        return
    opened = tracer.start_span(name, attributes=attributes)
    try:
        yield opened
    finally:
        opened.end()


@cache
def _tracer() -> Tracer | None:
    if not configured():
        return None
    from opentelemetry import trace

    return trace.get_tracer("kefu-desk")

"""Figures for Prometheus. Labels name kinds of things, never people, channels or texts.

With several workers prometheus_client keeps them in files of one folder (PROMETHEUS_MULTIPROC_DIR, which `kefu up`
sets before this is imported), and whoever is asked adds up what all of them wrote.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.exposition import CONTENT_TYPE_LATEST

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST

REGISTRY = CollectorRegistry()

_SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""Seconds; Slack wants every acknowledgement within three."""
_LONG = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 40, 60, 120)

QUESTIONS = Counter("kefu_questions", "Questions answered, by outcome.", ["outcome"], registry=REGISTRY)
ANSWER_SECONDS = Histogram(
    "kefu_answer_seconds",
    "From taking a question on until its answer stands in Slack.",
    buckets=_LONG,
    registry=REGISTRY,
)
ACK_SECONDS = Histogram(
    "kefu_ack_seconds",
    "From a request of Slack coming in until it is acknowledged.",
    buckets=_SHORT,
    registry=REGISTRY,
)
REQUESTS = Counter("kefu_slack_requests", "Requests of Slack, by kind.", ["kind"], registry=REGISTRY)
REDELIVERIES = Counter(
    "kefu_slack_redeliveries",
    "Requests that Slack sent again because it heard no acknowledgement.",
    registry=REGISTRY,
)
ILL_BUILT = Counter(
    "kefu_slack_ill_built", "Requests of Slack that are not built as Slack builds them.", registry=REGISTRY
)
SLACK_RETRIES = Counter(
    "kefu_slack_retries", "Calls to Slack tried again, by reason.", ["reason"], registry=REGISTRY
)
CLAIMS = Counter(
    "kefu_claims", "Questions claimed: first, or taken on before.", ["result"], registry=REGISTRY
)
NOTICES = Counter(
    "kefu_notices", "Attempts to deliver a notice of the outbox, by result.", ["result"], registry=REGISTRY
)
PUBLICATIONS = Counter("kefu_publications", "Publications of manuals.", registry=REGISTRY)
MODEL_CALLS = Counter(
    "kefu_model_calls", "Calls to the language model, by outcome.", ["outcome"], registry=REGISTRY
)
MODEL_TOKENS = Counter("kefu_model_tokens", "Tokens sent and written.", ["direction"], registry=REGISTRY)
MODEL_COST = Counter(
    "kefu_model_cost", "Cost of the language model, by currency.", ["currency"], registry=REGISTRY
)
MODEL_SECONDS = Histogram(
    "kefu_model_seconds", "How long calls to the model took.", buckets=_LONG, registry=REGISTRY
)
ERRORS = Counter("kefu_errors", "What nobody foresaw, by where it happened.", ["where"], registry=REGISTRY)
LIMITED = Counter(
    "kefu_questions_limited", "Questions turned away because somebody asked too fast.", registry=REGISTRY
)

QUEUE = Gauge(
    "kefu_queue_depth",
    "Questions taken on that nobody works on yet.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WAITING = Gauge(
    "kefu_outbox_waiting",
    "Notices that are due and not delivered.",
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
OLDEST = Gauge(
    "kefu_outbox_oldest_seconds", "Age of the oldest notice that is due.", multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)  # fmt: skip
DELIVERED = Gauge(
    "kefu_outbox_last_delivery_timestamp_seconds", "When a notice was last delivered.", multiprocess_mode="max",
    registry=REGISTRY,
)  # fmt: skip
READY = Gauge(
    "kefu_ready",
    "Processes whose requests of Slack can come in.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
REACHABLE = Gauge(
    "kefu_reachable",
    "Whether what the bot needs answers (1) or does not (0): the database, Chroma, the model, the embedding server.",
    ["part"],
    multiprocess_mode="livemin",
    registry=REGISTRY,
)


def rendered() -> bytes:
    """Everything, in Prometheus's text format; of all workers where there are several."""
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY)


def at_the_moment() -> tuple[int, int, float, dict[str, bool]]:
    """Of all workers together: how many are ready, how many notices wait, the age of the oldest in seconds, and which
    parts answer every one of them."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    samples = [sample for family in registry.collect() for sample in family.samples]
    values = {sample.name: sample.value for sample in samples}
    reachable = {one.labels["part"]: one.value > 0 for one in samples if one.name == "kefu_reachable"}
    waiting, oldest = values.get("kefu_outbox_waiting", 0), values.get("kefu_outbox_oldest_seconds", 0)
    return int(values.get("kefu_ready", 0)), int(waiting), float(oldest), reachable


def forget_process(pid: int) -> None:
    """A worker has died: what it held at this moment counts no more; what it counted stays."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


@contextmanager
def timed(histogram: Histogram, began: float | None = None) -> Iterator[None]:
    """Observe how long something takes, however it ends; `began`: a `time.perf_counter()` of before."""
    started = time.perf_counter() if began is None else began
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - started)

"""What a call to the language model took, as figures."""

from __future__ import annotations

from bot.observing import metrics
from tickets.usage_records import ModelUse


def model_took(use: ModelUse) -> None:
    """Count one call, once."""
    metrics.MODEL_CALLS.labels(use.outcome.value).inc()
    metrics.MODEL_TOKENS.labels("in").inc(use.tokens_in)
    metrics.MODEL_TOKENS.labels("out").inc(use.tokens_out)
    metrics.MODEL_SECONDS.observe(use.ms / 1000)
    if use.micros:
        metrics.MODEL_COST.labels(use.currency).inc(use.micros / 1_000_000)

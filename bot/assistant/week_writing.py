"""A paragraph on a week's figures from the language model, which sees the figures alone. The caller checks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from bot.assistant.language_model import LanguageModel, Message
from bot.assistant.metering import Meter, MeteredCall
from bot.assistant.model_errors import ModelUnavailable
from bot.assistant.prompts import PromptError, Prompts
from tickets.usage_records import Purpose, UseOutcome

log = structlog.get_logger(__name__)


def writer(
    model: LanguageModel | None, prompts: Prompts, meter: Meter | None = None
) -> Callable[[Sequence[str], str], str] | None:
    """What writes about lines of figures in a language (zh or en); None without a model.

    What it returns never fails: without a usable reply it gives an empty string.
    """
    if model is None:
        return None
    meter = meter or Meter()

    def write(lines: Sequence[str], language: str) -> str:
        text = fault = ""
        call = MeteredCall(model, f"weekly@{prompts.digest('weekly')}", meter, "", Purpose.REPORT)
        try:
            system, user = prompts.render("weekly", {"lines": list(lines), "language": language})
            messages: list[Message] = [("system", system), ("user", user)]
            text = "".join(call.pieces(messages)).strip()
        except (ModelUnavailable, PromptError) as error:
            fault = error.reason if isinstance(error, ModelUnavailable) else "prompt"
            log.warning("week.model_failed", reason=fault)
        meter.record("", call.use(UseOutcome.WRITTEN if text else UseOutcome.UNUSED, fault=fault))
        return text

    return write

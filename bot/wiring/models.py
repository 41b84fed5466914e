"""The language model of KEFU_MODEL in its three places (answers, drafts, the week's figures), and what it took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wiring.stores import now, open_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.assistant.drafting import Improve
    from bot.assistant.metering import Meter
    from bot.assistant.model_settings import ModelSettings
    from bot.assistant.writing import Writer
    from knowledge.library import Library
    from tickets.usage_desk import UsageDesk
    from tickets.usage_records import ModelUse


def open_usage(
    settings: Settings, engine: Engine | None = None, clock: Callable[[], datetime] = now
) -> UsageDesk:
    """What language models took, with the schema in place. Raises SchemaError."""
    from tickets.migrations import upgrade
    from tickets.usage_desk import UsageDesk

    engine = engine or open_engine(settings)
    upgrade(engine)
    return UsageDesk(engine, clock, settings.zone)


def _meter(settings: Settings, model: ModelSettings, usage: UsageDesk | None) -> Meter:
    """How calls to the model are counted, priced and limited."""
    from bot.assistant.metering import Meter

    kept = usage or open_usage(settings)
    allowance = model.allowance
    reserve = (lambda person, use: kept.reserve(person, use, allowance)) if allowance else None

    def record(person: str, use: ModelUse) -> None:
        from bot.observing.model_figures import model_took

        model_took(use)
        kept.record(person, use)

    return Meter(model.prices, model.model_max_tokens, reserve, record)


def open_writer(settings: Settings, library: Library, usage: UsageDesk | None) -> Writer | None:
    """What writes answers with the language model of KEFU_MODEL; None when it is not set."""
    from bot.assistant.model_settings import ModelSettings

    chosen = ModelSettings()
    if not chosen.model:
        return None
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.prompts import Prompts
    from bot.assistant.redaction import mask
    from bot.assistant.writing import Writer

    def similarity(sentence: str, clause: str) -> float:
        return library.embedder.nearness(sentence, clause)

    return Writer(
        LanguageModel.from_settings(chosen),
        Prompts(chosen.prompts_folder),
        mask,
        similarity,
        meter=_meter(settings, chosen, usage),
    )


def open_improvement(settings: Settings, usage: UsageDesk | None) -> Improve | None:
    """What rewords drafts with the language model of KEFU_MODEL; None when it is not set."""
    from dataclasses import replace

    from bot.assistant.draft_writing import FIELDS, improve_draft
    from bot.assistant.drafts import EscalationDraft
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.model_settings import ModelSettings
    from bot.assistant.prompts import Prompts
    from bot.assistant.redaction import mask

    chosen = ModelSettings()
    model = LanguageModel.from_settings(chosen)
    if model is None:
        return None
    prompts = Prompts(chosen.prompts_folder)
    meter = _meter(settings, chosen, usage)

    def improve(draft: EscalationDraft, masked: str, person: str) -> EscalationDraft | None:
        fields = {name: str(getattr(draft, name)) for name in FIELDS}
        better = improve_draft(masked, fields, model, prompts, mask, draft.language, meter, person)
        return replace(draft, **better) if better else None  # type: ignore[arg-type]

    return improve


def open_week_words(
    settings: Settings, usage: UsageDesk | None
) -> Callable[[Sequence[str], str], str] | None:
    """What writes about a week's figures with the language model of KEFU_MODEL; None when it is not set."""
    from bot.assistant.model_settings import ModelSettings

    chosen = ModelSettings()
    if not chosen.model:
        return None
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.prompts import Prompts
    from bot.assistant.week_writing import writer

    prompts, meter = Prompts(chosen.prompts_folder), _meter(settings, chosen, usage)
    return writer(LanguageModel.from_settings(chosen), prompts, meter)

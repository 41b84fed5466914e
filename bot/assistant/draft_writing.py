"""Better wording for an escalation draft: three fields, checked against what the agent wrote.

The rules have decided the route, the approver and the urgency; nothing here can change them. The caller passes
plain values and takes what comes back; a field that fails a check keeps the wording of the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.assistant.citations import check_sentence
from bot.assistant.language_model import LanguageModel, Message
from bot.assistant.metering import Meter, MeteredCall
from bot.assistant.model_errors import ModelUnavailable, Reason
from bot.assistant.prompts import PromptError, Prompts
from knowledge.clauses import Clause, ClauseKind
from knowledge.statements.segments import is_chinese, sentences
from tickets.usage_records import Purpose, UseOutcome

log = structlog.get_logger(__name__)

FIELDS = ("summary", "what_happened", "handling_suggestion")
"""The only fields that a model may reword."""


class ModelDraft(BaseModel):
    """The shape of the model's reply. Whatever else it sends is ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    summary: str = Field(default="", max_length=400)
    what_happened: str = Field(default="", max_length=3000)
    handling_suggestion: str = Field(default="", max_length=2000)


_SHAPE = {
    "title": "reworded_draft",
    "description": "Better wording for three fields of an escalation draft.",
    "type": "object",
    "properties": {name: {"type": "string"} for name in FIELDS},
    "required": list(FIELDS),
    "additionalProperties": False,
}
"""The same as ModelDraft, as the strict kind of JSON schema that providers take."""


def improve_draft(
    text: str,
    fields: Mapping[str, str],
    model: LanguageModel | None,
    prompts: Prompts,
    mask: Callable[[str], str],
    language: str = "zh",
    meter: Meter | None = None,
    person: str = "",
) -> dict[str, str]:
    """Better wording for the fields in FIELDS; a field that is not in the result stays as the rules made it.

    `text` is what the agent wrote, already masked (masked again here); `fields` are the draft's values.
    Never raises for the model's sake: without a usable reply the result is empty. `meter` records what the model
    took, out of the budget of `person`.
    """
    if model is None:
        return {}
    meter = meter or Meter()
    call = MeteredCall(model, f"draft@{prompts.digest('draft')}", meter, person, Purpose.DRAFT)
    kept: dict[str, str] = {}
    fault = ""
    try:
        kept = _reworded(text, fields, prompts, mask, language, call)
    except (ModelUnavailable, PromptError) as error:
        fault = error.reason if isinstance(error, ModelUnavailable) else "prompt"
        log.warning("draft.model_failed", reason=fault)
    outcome = UseOutcome.PARTLY if kept else UseOutcome.UNUSED
    if len(kept) == len(FIELDS):
        outcome = UseOutcome.WRITTEN
    meter.record(person, call.use(outcome, kept=len(kept), fault=fault))
    log.info("draft.reworded", kept=len(kept))
    return kept


def _reworded(
    text: str,
    fields: Mapping[str, str],
    prompts: Prompts,
    mask: Callable[[str], str],
    language: str,
    call: MeteredCall,
) -> dict[str, str]:
    """The fields that the model words faithfully. Raises ModelUnavailable, PromptError."""
    source = mask(text)
    given = {key: mask(value) for key, value in fields.items() if value}
    system, user = prompts.render("draft", {"fields": given, "language": language, "text": source})
    messages: list[Message] = [("system", system), ("user", user)]
    reply = _parsed("".join(call.pieces(messages, shape=_SHAPE)))
    if reply is None:
        raise ModelUnavailable(Reason.NONSENSE)
    whole = "\n".join([source, *given.values()])
    kept = {}
    for name in FIELDS:
        value = getattr(reply, name)
        # The suggestion is what people act on: it may only reword a suggestion that the rules have made.
        base = given.get(name, "") if name == "handling_suggestion" else whole
        if value and base and _faithful(value, base, mask) and is_chinese(value) == (language == "zh"):
            kept[name] = value
    return kept


def _faithful(value: str, source: str, mask: Callable[[str], str]) -> bool:
    """Every sentence says what the source says, as an answer must say what its clauses say; nothing private."""
    if mask(value) != value:
        return False
    return all(check_sentence(part, [_as_clause(source)], "").supported for part in sentences(value))


def _as_clause(source: str) -> Clause:
    """The agent's text in the shape that the checks read."""
    return Clause(
        id=0,
        manual_id=0,
        edition_id=0,
        edition=0,
        manual="",
        organisation="",
        ordinal=0,
        label="",
        heading_path=(),
        text=source,
        search_text="",
        kind=ClauseKind.TEXT,
        truncated=False,
        has_blank=False,
        source="",
        published_at=datetime.min.replace(tzinfo=UTC),
    )


def _parsed(reply: str) -> ModelDraft | None:
    """The one object in the reply, fences and talk around it ignored."""
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return ModelDraft.model_validate(json.loads(reply[start : end + 1]))
    except (json.JSONDecodeError, ValidationError):
        return None

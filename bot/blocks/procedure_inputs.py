"""The inputs of a procedure's form: one or more for each kind of field (`procedure_reading` reads them)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.parts import MAX_INPUT, Block
from bot.blocks.wording import Words
from tickets.procedure_spec import FieldKind, FieldSpec
from tickets.procedure_values import MOST_TEXT, READ_BACK

WATCHED = "procedure_field"
WATCHED_AT_STEP = "record_step_field"
"""action_ids of elements on which other fields depend: a change of one redraws the form."""
COMPUTED = "computed"
"""block_ids of what the bot filled in begin so."""

_FEW = 5
"""Up to so many choices are shown as radio buttons, more in a list."""
_GROUP = 100
_LABEL = 300
_HINT = 600
_OPTION = 75
_CONTACT = 300
_USER = re.compile(r"[UW][A-Z0-9_]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How inputs are drawn."""

    words: Words
    zone: ZoneInfo
    watched: frozenset[str] = frozenset()
    """Keys of the fields on which others depend, and their action_id."""
    action: str = WATCHED
    contact_kept: bool = False
    """The vault has a contact of this record already; empty inputs leave it as it is."""


def inputs(field: FieldSpec, value: str, style: Style) -> list[Block]:
    """The blocks of one field, filled with `value`; what does not fit the field's kind is left out."""
    if field.kind is FieldKind.COMPUTED:
        return _computed(field, value, style)
    words = style.words
    label = field.label.in_language(words.language)
    kept = field.kind is FieldKind.CONTACT and style.contact_kept
    if field.kind is FieldKind.CONTACT:
        label = words("procedure.encrypted", label=label)
    optional = kept or not field.required
    block = _input(field.key, label, _element(field, value, style), optional=optional)
    if field.key in style.watched:
        block["element"]["action_id"] = style.action
        block["dispatch_action"] = True
    hint = words("procedure.contact_kept") if kept else hint_of(field, words)
    if hint:
        block["hint"] = parts.plain(hint, _HINT)
    if not field.read_back:
        return [block]
    box: Block = {"type": "checkboxes", "options": [views.option(words("procedure.read_back_done"), "yes")]}
    return [block, _input(field.key + READ_BACK, words("procedure.read_back"), box, optional=optional)]


def cost(field: FieldSpec) -> int:
    """How many blocks a field takes at most."""
    if field.kind is FieldKind.COMPUTED:
        return 2
    return 2 if field.read_back else 1


def hint_of(field: FieldSpec, words: Words) -> str:
    """What the file says, and the bounds of a text that Slack's own form does not check."""
    pieces = [field.hint.in_language(words.language)] if field.hint else []
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) and field.least:
        pieces.append(words("procedure.at_least", count=int(field.least)))
    return " ".join(pieces)


# -- drawing -------------------------------------------------------------------------------------------


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": parts.plain(label, _LABEL),
        "element": {"action_id": views.INPUT, **element},
        "optional": optional,
    }


def _element(field: FieldSpec, value: str, style: Style) -> Block:
    match field.kind:
        case FieldKind.TEXT:
            return _typed(value, MOST_TEXT, multiline=False)
        case FieldKind.LONG_TEXT:
            return _typed(value, MAX_INPUT, multiline=True)
        case FieldKind.CONTACT:
            return _typed(value, _CONTACT, multiline=False)
        case FieldKind.NUMBER:
            return _number(field, value)
        case FieldKind.CHOICE:
            return _choice(field, value, style.words)
        case FieldKind.YES_NO:
            options = [views.option(style.words(f"procedure.{answer}"), answer) for answer in ("yes", "no")]
            return _initial(
                {"type": "radio_buttons", "options": options}, "initial_option", _of(options, value)
            )
        case FieldKind.PERSON:
            return _initial({"type": "users_select"}, "initial_user", _matching(_USER, value))
        case FieldKind.CHANNEL:
            shown: Block = {
                "type": "conversations_select",
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            }
            return _initial(shown, "initial_conversation", _matching(_CHANNEL, value))
        case _:
            return _point_in_time(field.kind, value, style.zone)


def _typed(value: str, most: int, *, multiline: bool) -> Block:
    shown: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    return _initial(shown, "initial_value", parts.clip(value, most))


def _number(field: FieldSpec, value: str) -> Block:
    shown: Block = {"type": "number_input", "is_decimal_allowed": not field.whole}
    for name, bound in (("min_value", field.least), ("max_value", field.most)):
        if bound is not None:
            shown[name] = _digits(bound)
    pattern = r"-?\d+" if field.whole else r"-?\d+(\.\d+)?"
    fits = (
        re.fullmatch(pattern, value)
        and (field.least is None or float(value) >= field.least)
        and (field.most is None or float(value) <= field.most)
    )
    return _initial(shown, "initial_value", value if fits else "")


def _digits(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else format(bound, "f").rstrip("0")


def _choice(field: FieldSpec, value: str, words: Words) -> Block:
    options = [views.option(one.label.in_language(words.language), one.value) for one in field.options]
    if len(options) <= _FEW:
        return _initial({"type": "radio_buttons", "options": options}, "initial_option", _of(options, value))
    shown: Block = {"type": "static_select", "placeholder": parts.plain(words("procedure.choose"), 150)}
    if len(options) <= _GROUP:
        shown["options"] = options
    else:
        starts = range(0, len(options), _GROUP)
        shown["option_groups"] = [
            {
                "label": parts.plain(f"{start + 1} – {min(start + _GROUP, len(options))}", _OPTION),
                "options": options[start : start + _GROUP],
            }
            for start in starts
        ]
    return _initial(shown, "initial_option", _of(options, value))


def _point_in_time(kind: FieldKind, value: str, zone: ZoneInfo) -> Block:
    try:
        if kind is FieldKind.DATE:
            day = date.fromisoformat(value).isoformat() if value else ""
            return _initial({"type": "datepicker"}, "initial_date", day)
        if kind is FieldKind.TIME:
            at = time.fromisoformat(value).strftime("%H:%M") if value else ""
            return _initial({"type": "timepicker"}, "initial_time", at)
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return _point_in_time(kind, "", zone)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _initial(
        {"type": "datetimepicker"}, "initial_date_time", int(moment.timestamp()) if moment else None
    )


def _initial(element: Block, name: str, value: object) -> Block:
    return {**element, name: value} if value else element


def _of(options: list[Block], value: str) -> Block | None:
    return next((option for option in options if option["value"] == value), None)


def _matching(pattern: re.Pattern[str], value: str) -> str:
    return value if pattern.fullmatch(value) else ""


def _computed(field: FieldSpec, value: str, style: Style) -> list[Block]:
    """Shown and not typed; it comes back with the form as it was shown."""
    section = parts.section(value or style.words("procedure.nothing_found"))
    section["block_id"] = f"{COMPUTED}.{field.key}"
    return [parts.context(field.label.in_language(style.words.language)), section]

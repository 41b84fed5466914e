"""Interactive elements: what a person's choice looks like in an interaction's `state` and `actions`."""

import re
from collections.abc import Iterator
from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.limits import walk

Json = dict[str, Any]

TEXTUAL = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ONE_OPTION = {"static_select", "radio_buttons", "external_select"}
SEVERAL_OPTIONS = {"multi_static_select", "checkboxes", "multi_external_select"}
ONE_ID = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
SEVERAL_IDS = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
INITIAL = {
    **dict.fromkeys(TEXTUAL, "initial_value"),
    **dict.fromkeys(ONE_OPTION, "initial_option"),
    **dict.fromkeys(SEVERAL_OPTIONS, "initial_options"),
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
    "multi_users_select": "initial_users",
    "multi_conversations_select": "initial_conversations",
    "multi_channels_select": "initial_channels",
}


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, interactive element) of a list of blocks."""
    for block in blocks:
        for _, _, node in walk(block):
            if "action_id" in node and "type" in node:
                yield block, node


def is_stateful(element: Json) -> bool:
    """Whether the element holds a value (a button does not)."""
    kind = element["type"]
    return kind in INITIAL or kind in ("rich_text_input", "file_input")


def options_of(element: Json) -> list[Json]:
    """All options of a select, groups included."""
    groups: list[Json] = element.get("option_groups") or []
    return list(element.get("options") or []) + [o for group in groups for o in group["options"]]


def _option(element: Json, value: Any) -> Json:
    """The option meant by its value, its text or itself."""
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in options_of(element):
        if wanted in (option.get("value"), option["text"]["text"]):
            return {name: option[name] for name in ("text", "value", "description") if name in option}
    offered = "、".join(str(option.get("value")) for option in options_of(element))
    raise Refused(f"{element['action_id']} has no option {wanted!r}; it offers {offered}")


def entry(element: Json, value: Any) -> Json:
    """The `state` entry for a value; None or "" empties it. Raises Refused if it does not fit."""
    kind = element["type"]
    empty = value is None or value in ("", [])
    if kind in TEXTUAL:
        if not empty and not isinstance(value, str | int | float):
            raise Refused(f"{element['action_id']} takes text")
        return {"type": kind, "value": None if empty else str(value)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if empty else _option(element, value)}
    if kind in SEVERAL_OPTIONS:
        several = value if isinstance(value, list) else [] if empty else [value]
        return {"type": kind, "selected_options": [_option(element, one) for one in several]}
    if kind in ONE_ID:
        return {"type": kind, ONE_ID[kind]: None if empty else value}
    if kind in SEVERAL_IDS:
        return {
            "type": kind,
            SEVERAL_IDS[kind]: value if isinstance(value, list) else [] if empty else [value],
        }
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": value or None}
    return {"type": kind, "files": value if isinstance(value, list) else []}


def initial_entry(element: Json) -> Json:
    """The `state` entry before the person touches the element."""
    given = element.get(INITIAL.get(element["type"], ""))
    return entry(element, given)


def is_empty(state: Json) -> bool:
    """Whether a state entry holds nothing."""
    return all(value in (None, "", []) for name, value in state.items() if name != "type")


def complaint(element: Json, state: Json) -> str:
    """What Slack's client says about a value before it lets a form go, or nothing."""
    text = state.get("value")
    if not isinstance(text, str):
        return ""
    kind = element["type"]
    if kind == "plain_text_input":
        if len(text) < element.get("min_length", 0):
            return f"至少输入 {element['min_length']} 个字符。"
        if len(text) > element.get("max_length", 3000):
            return f"最多输入 {element.get('max_length', 3000)} 个字符。"
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return "请输入有效的电子邮箱地址。"
    if kind == "url_text_input" and not re.match(r"https?://\S+$", text):
        return "请输入有效的网址。"
    if kind == "number_input":
        return _number_complaint(element, text)
    return ""


def _number_complaint(element: Json, text: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, text):
        return "请输入数字。"
    if float(text) < float(element.get("min_value", "-inf")):
        return f"不能小于 {element['min_value']}。"
    if float(text) > float(element.get("max_value", "inf")):
        return f"不能大于 {element['max_value']}。"
    return ""


def action(block: Json, element: Json, value: Any, action_ts: str) -> Json:
    """The entry of `actions` for pressing or changing an element. Raises Refused if the value is none of its."""
    kind = element["type"]
    out: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if kind in ("button", "icon_button", "workflow_button"):
        if value is not None and value != element.get("value"):
            raise Refused(
                f"the button {element['action_id']} carries {element.get('value')!r}, not {value!r}"
            )
        return out | {
            name: element[name] for name in ("text", "value", "style", "icon", "url") if name in element
        }
    if kind == "feedback_buttons":
        return out | _feedback(element, value)
    if kind == "overflow":
        return out | {"selected_option": _option(element, value)}
    if kind in TEXTUAL:
        return out | {"value": entry(element, value)["value"]}
    return out | {name: chosen for name, chosen in entry(element, value).items() if name != "type"}


def _feedback(element: Json, value: Any) -> Json:
    for name in ("positive", "negative"):
        button = element[f"{name}_button"]
        if value in (name, button["value"]):
            return {"value": button["value"], "text": button["text"]}
    raise Refused("value must be positive, negative, or the value of one of the two feedback buttons")

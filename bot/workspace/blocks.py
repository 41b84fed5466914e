"""Is this payload something that Slack would take? Schema first, then the hand rules."""

import json
import secrets
from typing import Any

from bot.workspace.errors import SlackError
from bot.workspace.limits import hand_problems, walk
from bot.workspace.problems import Problem, refuse
from bot.workspace.schema import schema_problems

Json = dict[str, Any]
LARGEST_VIEW = 250_000
INTERACTIVE = {
    "button", "checkboxes", "datepicker", "datetimepicker", "timepicker", "radio_buttons", "overflow",
    "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select",
    "multi_channels_select", "plain_text_input", "email_text_input", "url_text_input", "number_input",
    "rich_text_input", "file_input", "feedback_buttons", "icon_button", "workflow_button",
}  # fmt: skip


def block_problems(blocks: Any, surface: str, base: str = "/blocks") -> list[Problem]:
    """What is wrong with a list of blocks on a surface (message, modal, home)."""
    if not isinstance(blocks, list):
        return [Problem(base, "must provide an array", {"type": "type", "expected": "array"})]
    problems: list[Problem] = []
    for number, block in enumerate(blocks):
        place = f"{base}/{number}"
        if isinstance(block, dict):
            problems += schema_problems(block, "KnownBlock", place)
        else:
            problems.append(Problem(place, "must provide an object", {"type": "type", "expected": "object"}))
    if not problems:
        problems += hand_problems(blocks, surface, base)
    # A limit that hangs on a property of a union is met once per branch.
    return list({problem.as_text(): problem for problem in problems}.values())


def view_problems(view: Any, base: str = "/view") -> list[Problem]:
    """What is wrong with a modal or Home view."""
    if not isinstance(view, dict):
        return [Problem(base, "must provide an object", {"type": "type", "expected": "object"})]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        expected = {"type": "enum", "expected": ["modal", "home"]}
        return [Problem(f"{base}/type", f"unsupported type: {kind}", expected)]
    shell = {name: value for name, value in view.items() if name != "blocks"}
    definition = "ModalView" if kind == "modal" else "HomeView"
    problems = schema_problems(shell | {"blocks": []}, definition, base)
    problems += block_problems(view.get("blocks"), kind, f"{base}/blocks")
    external = view.get("external_id")
    if isinstance(external, str) and len(external) > 255:
        limits = {"type": "max_length", "expected": 255, "got": len(external)}
        problems.append(Problem(f"{base}/external_id", "must be less than 256 characters", limits))
    if kind == "modal" and not problems:
        problems += _modal_problems(view, base)
    return problems


def _modal_problems(view: Json, base: str) -> list[Problem]:
    problems = []
    for name in ("title", "submit", "close"):
        text = (view.get(name) or {}).get("text")
        if text is not None and not text.strip():
            problems.append(
                Problem(f"{base}/{name}/text", "must be more than 0 characters", {"type": "min_length"})
            )
        if text is not None and len(text) > 24:
            limits = {"type": "max_length", "expected": 24, "got": len(text)}
            problems.append(Problem(f"{base}/{name}/text", "must be less than 25 characters", limits))
    has_input = any(block.get("type") == "input" for block in view["blocks"])
    if has_input and "submit" not in view:
        missing = {"type": "required", "expected": "submit"}
        problems.append(
            Problem(base, "missing required field: submit (the view has an input block)", missing)
        )
    return problems


def check_blocks(blocks: Any, surface: str = "message", base: str = "/blocks") -> list[Json]:
    """The blocks with block_id and action_id filled in. Raises SlackError invalid_blocks."""
    problems = block_problems(blocks, surface, base)
    too_long = problems and all(one.constraint.get("type") == "max_total_length" for one in problems)
    refuse("msg_blocks_too_long" if too_long else "invalid_blocks", problems)
    checked: list[Json] = with_ids(blocks)
    return checked


def check_view(view: Any, wanted: str) -> Json:
    """The view with ids filled in. Raises SlackError invalid_arguments or view_too_large."""
    problems = view_problems(view)
    if not problems and view["type"] != wanted:
        expected = {"type": "enum", "expected": [wanted]}
        problems = [Problem("/view/type", f"unsupported type: {view['type']}", expected)]
    refuse("invalid_arguments", problems)
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large", "a view holds at most 250 kB")
    return dict(view) | {"blocks": with_ids(view["blocks"])}


def with_ids(blocks: list[Json]) -> list[Json]:
    """A deep copy in which every block has a block_id and every element an action_id, as Slack makes them."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for block in copied:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for _, _, node in walk(block):
            if node.get("type") in INTERACTIVE:
                node.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return copied

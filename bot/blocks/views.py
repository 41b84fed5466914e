"""Modals and the App Home: views and the inputs of forms, cut to Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.parts import MAX_INPUT, Block, clip, plain

INPUT = "value"
"""action_id of the element in every input block; the block_id names the field."""

MAX_PRIVATE_METADATA = 3000
MAX_OPTIONS = 100
MAX_TITLE = 24
MAX_VIEW_BLOCKS = 100


def text_field(
    field: str,
    label: str,
    *,
    initial: str = "",
    placeholder: str = "",
    hint: str = "",
    multiline: bool = True,
    optional: bool = False,
) -> Block:
    """An input for text; `field` is the block_id under which its value comes back."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": multiline,
        "max_length": MAX_INPUT,
    }
    if initial:
        element["initial_value"] = clip(initial, MAX_INPUT)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    block: Block = {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    return block


def option(label: str, value: str) -> Block:
    """One choice of a list; values stay within 75 characters."""
    return {"text": plain(label, 75), "value": clip(value, 75)}


def choice_field(field: str, label: str, options: Sequence[Block], chosen: str) -> Block:
    """An input for one of a few options; `chosen` is the value selected at first."""
    initial = next((entry for entry in options if entry["value"] == chosen), options[0])
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": {
            "type": "static_select",
            "action_id": INPUT,
            "options": list(options),
            "initial_option": initial,
        },
    }


def choices_field(
    field: str, label: str, options: Sequence[Block], chosen: Sequence[str], *, hint: str, placeholder: str
) -> Block:
    """An optional input for any number of options; `chosen` are the values selected at first."""
    element: Block = {
        "type": "multi_static_select",
        "action_id": INPUT,
        "options": list(options)[:MAX_OPTIONS],
        "placeholder": plain(placeholder, 150),
    }
    first = [entry for entry in element["options"] if entry["value"] in chosen]
    if first:
        element["initial_options"] = first
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "hint": plain(hint),
        "element": element,
        "optional": True,
    }


def person_field(field: str, label: str, chosen: str = "") -> Block:
    """An input for one person of the workspace."""
    element: Block = {"type": "users_select", "action_id": INPUT}
    if chosen:
        element["initial_user"] = chosen
    return {"type": "input", "block_id": field, "label": plain(label), "element": element}


def moment_field(field: str, label: str, at: int | None = None, hint: str = "") -> Block:
    """An optional input for a day and a time; `at` and what comes back are seconds since 1970."""
    element: Block = {"type": "datetimepicker", "action_id": INPUT}
    if at is not None:
        element["initial_date_time"] = at
    block: Block = {"type": "input", "block_id": field, "label": plain(label), "element": element}
    if hint:
        block["hint"] = plain(hint)
    return {**block, "optional": True}


def people_field(field: str, label: str, chosen: Sequence[str], *, hint: str = "") -> Block:
    """An input for any number of people, `chosen` at first; it may stay empty."""
    element: Block = {"type": "multi_users_select", "action_id": INPUT}
    if chosen:
        element["initial_users"] = list(chosen)
    block: Block = {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": element,
        "optional": True,
    }
    if hint:
        block["hint"] = plain(hint)
    return block


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str | None = None,
    private_metadata: str = "",
) -> Block:
    """A modal view. Raises ValueError when the metadata is longer than Slack carries."""
    if len(private_metadata) > MAX_PRIVATE_METADATA:
        raise ValueError(f"metadata of view {callback_id} has {len(private_metadata)} characters")
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, MAX_TITLE),
        "close": plain(close, MAX_TITLE),
        "blocks": list(blocks)[:MAX_VIEW_BLOCKS],
        "private_metadata": private_metadata,
    }
    if submit:
        view["submit"] = plain(submit, MAX_TITLE)
    return view


def home(blocks: Sequence[Block]) -> Block:
    """An App Home view."""
    return {"type": "home", "blocks": list(blocks)[:MAX_VIEW_BLOCKS]}

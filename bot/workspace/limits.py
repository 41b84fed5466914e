"""The rules of Block Kit that its schema does not hold: counts, uniqueness, emptiness, surfaces."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.element_limits import element_problems
from bot.workspace.problems import Problem

Json = dict[str, Any]

MESSAGE_ONLY = {"markdown", "context_actions", "table", "task_card", "plan", "data_table"}
MODAL_ONLY_ELEMENTS = {"file_input"}
WITH_OPTIONS = {"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"}
MOST_OPTIONS = {"static_select": 100, "multi_static_select": 100, "overflow": 5}
MOST_ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}
TEXT_LIMITS = {"placeholder": 150, "label": 2000, "hint": 2000, "submit": 24, "close": 24, "description": 75}
MARKDOWN_TOTAL = 12_000
TABLE_CELLS = 10_000
INPUT_LENGTH = 3000


def walk(node: Any, place: str = "", key: str = "") -> Iterator[tuple[str, str, Json]]:
    """Every object inside a payload with its pointer and the name of the property that holds it."""
    if isinstance(node, dict):
        yield place, key, node
        for name, child in node.items():
            yield from walk(child, f"{place}/{name}", name)
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from walk(child, f"{place}/{position}", key)


def _too_many(place: str, most: int, got: int) -> Problem:
    return Problem(
        place, f"no more than {most} items allowed", {"type": "max_items", "expected": most, "got": got}
    )


def _too_few(place: str) -> Problem:
    return Problem(place, "no fewer than 1 items allowed", {"type": "min_items", "expected": 1, "got": 0})


def _too_long(place: str, most: int, got: int) -> Problem:
    return Problem(
        place,
        f"must be less than {most + 1} characters",
        {"type": "max_length", "expected": most, "got": got},
    )


def _empty(place: str) -> Problem:
    return Problem(place, "must be more than 0 characters", {"type": "min_length", "expected": 1, "got": 0})


def _text_rules(place: str, key: str, node: Json) -> Iterator[Problem]:
    kind, text = node.get("type"), node.get("text")
    if kind in ("plain_text", "mrkdwn", "markdown", "text", "raw_text") and isinstance(text, str):
        if not text.strip() if kind != "text" else not text:
            yield _empty(f"{place}/text")
        limit = TEXT_LIMITS.get(key)
        if limit and len(text) > limit:
            yield _too_long(f"{place}/text", limit, len(text))


def _option_rules(place: str, node: Json) -> Iterator[Problem]:
    kind = str(node.get("type"))
    groups, options = node.get("option_groups"), node.get("options")
    if kind in ("static_select", "multi_static_select") and (groups is None) == (options is None):
        yield Problem(place, "must define exactly one of `options` or `option_groups`", {"type": "one_of"})
        return
    most = MOST_OPTIONS.get(kind, 10)
    for name, entries in (("options", options), ("option_groups", groups)):
        if isinstance(entries, list):
            if not entries:
                yield _too_few(f"{place}/{name}")
            if len(entries) > most:
                yield _too_many(f"{place}/{name}", most, len(entries))
    every: list[Json] = list(options or [])
    for number, group in enumerate(groups or []):
        inner = group.get("options") or []
        every.extend(inner)
        if not 1 <= len(inner) <= 100:
            yield _too_few(f"{place}/option_groups/{number}/options")
    yield from _option_values(place, node, every)


def _option_values(place: str, node: Json, options: list[Json]) -> Iterator[Problem]:
    values = [option.get("value") for option in options if isinstance(option, dict)]
    for number, value in enumerate(values):
        if not value:
            yield Problem(
                f"{place}/options/{number}",
                "missing required field: value",
                {"type": "required", "expected": "value"},
            )
    chosen = node.get("initial_options") or [node.get("initial_option")]
    for option in chosen:
        if isinstance(option, dict) and option not in options:
            yield Problem(
                f"{place}/initial_option", "initial option is not one of the options", {"type": "enum"}
            )
    if len(set(map(str, values))) != len(values):
        yield Problem(f"{place}/options", "option values must be unique", {"type": "unique"})


def _input_rules(place: str, node: Json) -> Iterator[Problem]:
    least, most = node.get("min_length", 0), node.get("max_length", INPUT_LENGTH)
    for name, value in (("min_length", least), ("max_length", most)):
        if not isinstance(value, int) or not 0 <= value <= INPUT_LENGTH:
            yield Problem(f"{place}/{name}", f"must be between 0 and {INPUT_LENGTH}", {"type": "range"})
            return
    if least > most:
        yield Problem(f"{place}/min_length", "must not be more than max_length", {"type": "range"})
    initial = node.get("initial_value")
    if isinstance(initial, str) and len(initial) > most:
        yield _too_long(f"{place}/initial_value", most, len(initial))


def _block_rules(place: str, block: Json) -> Iterator[Problem]:
    kind = block.get("type")
    elements = block.get("elements")
    if kind in MOST_ELEMENTS and isinstance(elements, list):
        if not elements:
            yield _too_few(f"{place}/elements")
        if len(elements) > MOST_ELEMENTS[kind]:
            yield _too_many(f"{place}/elements", MOST_ELEMENTS[kind], len(elements))
    if kind == "section":
        yield from _section_rules(place, block)
    if kind == "table":
        yield from _table_rules(place, block.get("rows") or [])
    if kind == "rich_text" and not elements:
        yield _too_few(f"{place}/elements")
    seen: set[str] = set()
    for spot, _, node in walk(block, place):
        action_id = node.get("action_id")
        if isinstance(action_id, str):
            if action_id in seen:
                yield Problem(
                    f"{spot}/action_id", f"`action_id` {action_id!r} already exists", {"type": "unique"}
                )
            seen.add(action_id)


def _section_rules(place: str, block: Json) -> Iterator[Problem]:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield Problem(
            place, "missing required field: text or fields", {"type": "required", "expected": "text"}
        )
    if isinstance(fields, list):
        if len(fields) > 10:
            yield _too_many(f"{place}/fields", 10, len(fields))
        for number, text in enumerate(fields):
            if isinstance(text, dict) and len(str(text.get("text", ""))) > 2000:
                yield _too_long(f"{place}/fields/{number}/text", 2000, len(text["text"]))


def _table_rules(place: str, rows: list[Any]) -> Iterator[Problem]:
    if not rows:
        yield _too_few(f"{place}/rows")
    if len(rows) > 100:
        yield _too_many(f"{place}/rows", 100, len(rows))
    for number, row in enumerate(rows):
        if isinstance(row, list) and not 1 <= len(row) <= 20:
            yield _too_many(f"{place}/rows/{number}", 20, len(row))
    length = sum(len(str(node["text"])) for _, _, node in walk(rows) if isinstance(node.get("text"), str))
    if length > TABLE_CELLS:
        yield _too_long(f"{place}/rows", TABLE_CELLS, length)


def hand_problems(blocks: list[Json], surface: str, base: str = "/blocks") -> Iterator[Problem]:
    """Problems of a list of blocks on a surface: message, modal or home."""
    most = 50 if surface == "message" else 100
    if len(blocks) > most:
        yield _too_many(base, most, len(blocks))
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        place = f"{base}/{number}"
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield Problem(
                    f"{place}/block_id", f"`block_id` {block_id!r} already exists", {"type": "unique"}
                )
            seen.add(block_id)
        if surface != "message" and block.get("type") in MESSAGE_ONLY:
            yield Problem(
                f"{place}/type", f"unsupported type: {block['type']} in a {surface}", {"type": "enum"}
            )
        yield from _block_rules(place, block)
        yield from _node_rules(place, block, surface)
    yield from _payload_rules(blocks, base)


def _node_rules(place: str, block: Json, surface: str) -> Iterator[Problem]:
    for spot, key, node in walk(block, place):
        yield from _text_rules(spot, key, node)
        yield from element_problems(spot, node)
        kind = node.get("type")
        if kind in WITH_OPTIONS:
            yield from _option_rules(spot, node)
        if kind == "plain_text_input":
            yield from _input_rules(spot, node)
        if kind in MODAL_ONLY_ELEMENTS and surface != "modal":
            yield Problem(f"{spot}/type", f"unsupported type: {kind} in a {surface}", {"type": "enum"})
        if kind == "image" and not node.get("alt_text"):
            yield _empty(f"{spot}/alt_text")
        for name in ("block_id", "action_id"):
            if node.get(name) == "":
                yield _empty(f"{spot}/{name}")


def _payload_rules(blocks: list[Json], base: str) -> Iterator[Problem]:
    tables = [number for number, block in enumerate(blocks) if block.get("type") == "table"]
    if len(tables) > 1:
        yield Problem(f"{base}/{tables[1]}", "only one table is allowed in a message", {"type": "max_items"})
    markdown = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_TOTAL:
        limits = {"type": "max_total_length", "expected": MARKDOWN_TOTAL, "got": markdown}
        yield Problem(base, f"markdown must be less than {MARKDOWN_TOTAL + 1} characters in all", limits)
    focused = [spot for spot, _, node in walk(blocks, base) if node.get("focus_on_load") is True]
    if len(focused) > 1:
        yield Problem(focused[1], "only one element may have focus_on_load", {"type": "unique"})

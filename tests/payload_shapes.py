"""Payloads of what a bot sends: found in a call, reduced to their shape, made anonymous, and a few that stand for all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.workspace.calls import Call

Json = dict[str, Any]
KEPT = {"type", "style", "status", "response_type", "response_action", "icon", "color", "indent", "border"}
"""Strings that are part of a shape; all others are content."""
FILLER = "客服台示例文字"
IDS = {"U": "U0123456789", "W": "U0123456789", "C": "C0123456789", "D": "D0123456789", "T": "T0123456789"}


@dataclass(frozen=True)
class Payload:
    """A view, or a message with blocks. kind: what blocks.validate calls it (view, message)."""

    kind: str
    body: Json

    @property
    def blocks(self) -> list[Json]:
        """The blocks in it."""
        blocks: list[Json] = self.body["blocks"]
        return blocks


def _structure(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return None
    return value


def payloads_of(call: Call) -> Iterator[Payload]:
    """The views and block messages in a call, an answer to a response_url, or an acknowledgement."""
    given = call.arguments
    view = _structure(given.get("view"))
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        yield Payload("view", view)
    text = str(given.get("text") or "")
    lists = [_structure(given.get("blocks"))]
    attachments = _structure(given.get("attachments"))
    lists += [one.get("blocks") for one in attachments or [] if isinstance(one, dict)]
    chunks = _structure(given.get("chunks"))
    lists += [one.get("blocks") for one in chunks or [] if isinstance(one, dict)]
    for blocks in lists:
        if isinstance(blocks, list) and blocks and all(isinstance(block, dict) for block in blocks):
            yield Payload("message", {"text": text, "blocks": blocks})


def _shape(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _shape(child, name) for name, child in sorted(value.items())}
    if isinstance(value, list):
        shapes = [json.dumps(_shape(child, key), sort_keys=True) for child in value]
        return sorted(set(shapes))
    if isinstance(value, str):
        return value if key in KEPT else "text"
    return type(value).__name__


def shape_of(payload: Payload) -> str:
    """Which blocks and elements with which properties, whatever they say and however often they come."""
    return json.dumps([payload.kind, _shape(payload.body)], sort_keys=True)


def cover(payloads: list[Payload]) -> list[Payload]:
    """A few of them in which every shape of a block comes at least once, the richest first."""

    def parts(one: Payload) -> set[str]:
        shell = {name: value for name, value in one.body.items() if name != "blocks"}
        where = f"{one.kind} {one.body.get('type', '')}"
        inside = {where + json.dumps(_shape(block), sort_keys=True) for block in one.blocks}
        return inside | {where + json.dumps(_shape(shell), sort_keys=True)}

    chosen, missing = [], set().union(*(parts(one) for one in payloads)) if payloads else set()
    while missing:
        best = max(payloads, key=lambda one: len(parts(one) & missing))
        chosen.append(best)
        missing -= parts(best)
    return chosen


class _Names:
    """Gives each id another one, the same for the same."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}

    def new(self, what: str, old: str) -> str:
        return self._given.setdefault((what, old), f"{what}-{len(self._given) + 1}".ljust(len(old), "x"))


PICTURE = "https://example.com/a"


def anonymous(payload: Payload) -> Payload:
    """The same payload in filler text of the same length, with ids that mean nothing."""
    names = _Names()

    def made(value: Any, key: str = "") -> Any:
        if isinstance(value, dict) and "slack_file" in value:  # the live Slack would look for the file
            return made({n: v for n, v in value.items() if n != "slack_file"} | {"image_url": PICTURE}, key)
        if isinstance(value, dict):
            return {name: made(child, name) for name, child in value.items()}
        if isinstance(value, list):
            return [made(child, key) for child in value]
        if not isinstance(value, str) or key in KEPT:
            return value
        return _said(key, value, names)

    return Payload(payload.kind, made(payload.body))


def _said(key: str, value: str, names: _Names) -> str:
    if key in ("block_id", "action_id", "value", "callback_id", "external_id", "task_id"):
        return names.new(key.removesuffix("_id"), value)[: max(len(value), 12)]
    if key.endswith("url"):
        return "https://example.com/a"
    if key == "private_metadata":
        return "x" * len(value)
    if re.fullmatch(r"[UWCDT]_?[A-Z0-9_]+", value):
        return IDS[value[0]]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "2026-01-31"
    if re.fullmatch(r"\d\d:\d\d", value):
        return "09:30"
    if key in ("min_value", "max_value", "initial_value") and re.fullmatch(r"-?[\d.]+", value):
        return value
    if key in ("image_url", "name", "dispatch_action_config", "trigger_actions_on", "include", "timezone"):
        return value
    return (FILLER * (len(value) // len(FILLER) + 1))[: len(value)]

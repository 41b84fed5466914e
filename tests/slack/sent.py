"""What every message that the bot sent must keep to, beyond what Slack itself refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.blocks import parts

Json = dict[str, Any]

_WITH_TEXT = {"chat.postMessage", "chat.postEphemeral", "chat.update", "response_url"}
_PINGS = re.compile(r"<!(?:channel|here|everyone|subteam)|<@[UW]")


def faults(calls: Iterable[Json]) -> list[str]:
    """What is wrong with these calls, one sentence each."""
    return [f"{call['method']} #{call['number']}: {fault}" for call in calls for fault in _of(call)]


def _of(call: Json) -> Iterator[str]:
    given = call["arguments"]
    blocks = _read(given.get("blocks"))
    view = _read(given.get("view"))
    if call["method"] in _WITH_TEXT and not given.get("delete_original"):
        text = str(given.get("text") or "")
        if not re.search(r"\w{2}", text):
            yield f"the plain text says nothing: {text!r}"
        if parts.unmarked(text) != text:
            yield f"the plain text has marks of Markdown, which are read out: {text!r}"
        if _PINGS.search(text):
            yield f"the plain text calls somebody: {text!r}"
    for node in _nodes([blocks, view, _read(given.get("chunks"))]):
        kind, text = node.get("type"), node.get("text")
        if kind == "mrkdwn":
            yield f"mrkdwn, whose stars Slack shows inside Chinese text: {text!r}"
        if kind in ("markdown", "markdown_text") and _PINGS.search(str(text)):
            yield f"Markdown calls somebody: {text!r}"
        if kind == "image" and not str(node.get("alt_text") or "").strip():
            yield "an image without words"


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from _nodes(child)

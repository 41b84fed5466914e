"""The block of `key: value` lines between `---` at the top of a Markdown or plain text file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.metadata import NAMES

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_LINE = re.compile(r"([^\s:：#-][^:：]{0,40}?)\s*[:：]\s*(.*)")
_ITEM = re.compile(r"\s*-\s+(\S.*)")
_NAMES = {**NAMES, "description": ("description", "summary", "摘要", "说明", "简介")}


def split_front_matter(text: str) -> tuple[Mapping[str, str], str]:
    """The settings (keys in lower case) and the text below them; no settings when the block is absent or odd."""
    block = _BLOCK.match(text)
    if block is None:
        return {}, text
    settings: dict[str, str] = {}
    name = ""
    for line in block.group(1).split("\n"):
        match = _LINE.fullmatch(line.rstrip())
        item = _ITEM.fullmatch(line.rstrip())
        if match:
            name = match.group(1).strip().lower()
            settings[name] = match.group(2).strip().strip("\"'“”")
        elif item and name:
            settings[name] = ", ".join(filter(None, (settings[name], item.group(1).strip("\"'“” "))))
        elif line.strip() and not re.match(r"\s+|[-#\]}]", line):
            return {}, text
    return (settings, text[block.end() :]) if settings else ({}, text)


def setting(settings: Mapping[str, str], name: str) -> str:
    """A setting under any of the names it goes by, in Chinese or English; empty when absent."""
    return next((settings[n] for n in _NAMES[name] if settings.get(n)), "")

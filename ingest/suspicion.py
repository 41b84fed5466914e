"""Manuals that try to instruct the bot: noticed, quoted to the admin, never obeyed.

What a reader of the file sees is searched clause by clause; what nobody sees (comments, invisible characters, encoded
blocks) is searched in the raw text and never stored.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace

from knowledge.clauses import ManualDraft
from knowledge.orders import SUSPICION, orders_in, visible

_LONGEST = 160
_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{4,}")
_CODED = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{16,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_REVERSED = re.compile("[\u202d\u202e]")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)|^\[(?://|comment)\]: # [\"(](.*?)[\")]\s*$", re.S | re.M)
_CONCEALED = re.compile(
    r"<(\w+)[^>]{0,200}?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?!\.)|\bhidden\b)[^>]{0,200}>(.{1,2000}?)</\1>",
    re.S | re.I,
)
_BLOCK = re.compile(r"(?<![A-Za-z0-9+/=,_-])[A-Za-z0-9+/]{40,}={0,2}(?![A-Za-z0-9+/=])")


def hidden_orders(raw: str) -> tuple[str, ...]:
    """Orders to a program in parts of a raw text (plain, Markdown or HTML) that a reader doesn't see, each with the
    kind of hiding place. Invisible characters that carry a text are reported whatever the text says."""
    found: list[str] = []
    for match in _TAGS.finditer(raw):
        carried = "".join(chr(ord(c) - 0xE0000) for c in match.group())
        found.append(f"隐形字符里的文字「{carried[:_LONGEST]}」")
    if _CODED.search(raw):
        found.append("成串的隐形字符(可能藏有文字)")
    reversed_lines = [line for line in raw.split("\n") if _REVERSED.search(line)][:3]
    found += [f"改变文字方向的字符「{visible(line).strip()[:_LONGEST]}」" for line in reversed_lines]
    for pattern, place in ((_COMMENT, "注释"), (_CONCEALED, "隐藏的文字")):
        for match in pattern.finditer(raw):
            inside = match.group(2) if match.group(2) is not None else match.group(1) or ""
            found += [f"{place}里的「{order}」" for order in orders_in(re.sub(r"<[^>]+>", "", inside))]
    for match in _BLOCK.finditer(raw):
        found += [f"编码文字里的「{order}」" for order in orders_in(_decoded(match.group()))]
    return tuple(dict.fromkeys(found))


def _decoded(block: str) -> str:
    """The text in a base64 block; empty when it holds none."""
    try:
        return base64.b64decode(block + "=" * (-len(block) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def with_suspicions(draft: ManualDraft, hidden: tuple[str, ...] = ()) -> ManualDraft:
    """The draft with every sentence that tries to instruct the bot in `suspicious` (place and quote); `hidden`: what
    was found beside the text."""
    found = [
        f"{clause.label or '开头'}「{order}」" for clause in draft.clauses for order in orders_in(clause.text)
    ]
    for part in (draft.title, *dict.fromkeys(h for c in draft.clauses for h in c.heading_path)):
        found += [f"标题「{order}」" for order in orders_in(part)]
    found += hidden
    notes = (*draft.notes, *(f"{SUSPICION}{one}" for one in found))
    return replace(draft, suspicious=tuple(found), notes=notes) if found else draft

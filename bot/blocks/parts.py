"""The pieces that every view is made of: Block Kit dicts, cut to Slack's limits.

Text written by people or models goes into `markdown`, `rich` or plain text, never into mrkdwn: Slack shows
the asterisks of mrkdwn inside Chinese text, and unescaped mrkdwn can call a whole channel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

Block = dict[str, Any]
Line = list[Block]
Style = Literal["primary", "danger"]

MAX_BUTTON_TEXT = 75
MAX_BUTTON_VALUE = 2000
MAX_CONTEXT_TEXT = 2000
MAX_HEADER = 150
MAX_INPUT = 3000
MAX_MARKDOWN = 12_000
MAX_MESSAGE_BLOCKS = 50
MAX_QUOTE = 2500
MAX_URL = 3000

NOTHING = "–"
"""In place of a text of nothing but spaces, which Slack refuses."""


def clip(text: str, limit: int) -> str:
    """`text` within `limit` characters, the cut shown by an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def escape(text: str) -> str:
    """`text` made harmless for mrkdwn and for the plain `text` of a message (`<!channel>` pings nobody)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from the text of a Slack message."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def harmless(text: str) -> str:
    """Markdown that cannot call anybody: `<!channel>` and `<@U…>` lose their meaning by an invisible joiner."""
    return re.sub(r"<(?=[!@#])", "<\u2060", text)


_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)([^*\n]+)\*\*(?!\*)")
_AT_LINE_START = re.compile(r"^[ \t]*(?:>[ \t]?|#{1,6}[ \t]+)+", re.M)
_FENCES = re.compile(r"^[ \t]*(?:```|~~~)\w*[ \t]*\n?", re.M)


def unmarked(text: str) -> str:
    """Markdown as it reads. Asterisks that hide something stay.

    >>> unmarked("**七天**内\\n> 电话 139****5678\\n```\\n您好\\n```")
    '七天内\\n电话 139****5678\\n您好\\n'
    >>> unmarked("王**，李** 的工单 **T-1**，已登记")
    '王**，李** 的工单 T-1，已登记'
    """
    return _AT_LINE_START.sub("", _FENCES.sub("", _unbold(text))).replace("\u2060", "")


def _unbold(text: str) -> str:
    """Without the asterisks of what Markdown shows in bold: they lean on what they hold, not on what is around it."""
    at = 0
    while (found := _BOLD.search(text, at)) is not None:
        before, inside, after = text[: found.start()][-1:], found[1], text[found.end() :][:1]
        if _leans(inside[0], before) and _leans(inside[-1], after):
            text = text[: found.start()] + inside + text[found.end() :]
            at = found.start() + len(inside)
        else:
            at = found.start() + 2
    return text


def _leans(inside: str, outside: str) -> bool:
    return not inside.isspace() and (inside.isalnum() or not outside.isalnum())


def fallback(text: str) -> str:
    """A sentence as the plain `text` of a message, which notifications show and screen readers read out.

    >>> fallback("工单 **T-1** <!channel>")
    '工单 T-1 &lt;!channel&gt;'
    """
    return escape(unmarked(text))


def read_out(blocks: Sequence[Block]) -> str:
    """What stands in blocks, a line for each of their lines: for the plain `text` of a message that is a list.

    >>> read_out([header("我的工单"), rich(bullets(line(styled("T-1", bold=True), styled("  换滤芯"))))])
    '我的工单\\nT-1  换滤芯'
    """
    return "\n".join(text for block in blocks for text in _lines_of(block) if text.strip())


def _lines_of(node: Block) -> Iterator[str]:
    text, elements = node.get("text"), node.get("elements") or ()
    if isinstance(text, dict):
        yield str(text["text"])
    elif isinstance(text, str):
        yield text
    if node.get("type") == "rich_text_section":
        yield from "".join(str(run.get("text") or "") for run in elements).splitlines()
    elif node.get("type") not in ("actions", "context_actions"):
        for element in elements:
            yield from _lines_of(element)


def plain(text: str, limit: int = MAX_CONTEXT_TEXT) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": clip(text, limit) if text.strip() else NOTHING, "emoji": False}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, MAX_HEADER)}


def context(*texts: str) -> Block:
    """Small grey print, up to ten pieces."""
    return {"type": "context", "elements": [plain(text) for text in texts[:10]]}


def link(url: str, text: str) -> Block:
    """A link inside a rich_text section."""
    return {"type": "link", "url": url, "text": clip(text, MAX_QUOTE) or url}


def row_with(text: str, element: Block, block_id: str | None = None) -> Block:
    """A paragraph without formatting, with a button or menu beside it."""
    block: Block = {**section(text), "accessory": element}
    if block_id:
        block["block_id"] = block_id
    return block


def menu(action_id: str, options: list[Block]) -> Block:
    """A menu behind three dots; Slack takes one to five options."""
    return {"type": "overflow", "action_id": action_id, "options": options[:5]}


def section(text: str) -> Block:
    """A paragraph without formatting."""
    return {"type": "section", "text": plain(text, MAX_INPUT)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def markdown(text: str, block_id: str | None = None) -> Block:
    """Standard Markdown, rendered by Slack also inside Chinese text. For messages only: no view takes it."""
    block: Block = {
        "type": "markdown",
        "text": clip(harmless(text), MAX_MARKDOWN) if text.strip() else NOTHING,
    }
    if block_id:
        block["block_id"] = block_id
    return block


def styled(text: str, *, bold: bool = False, struck: bool = False) -> Block:
    """A run of text inside a rich_text section. Empty text is refused by Slack, so it becomes a space."""
    run: Block = {"type": "text", "text": clip(text, MAX_QUOTE) or " "}
    style = {name: True for name, on in (("bold", bold), ("strike", struck)) if on}
    if style:
        run["style"] = style
    return run


def mention(user_id: str) -> Block:
    """A person's name inside a rich_text section."""
    return {"type": "user", "user_id": user_id}


def line(*runs: Block) -> Line:
    """One line of `lines`."""
    return list(runs)


def lines(*rows: Line) -> Block:
    """Lines of text inside a rich_text block. Slack runs sections together, so the breaks are in the text."""
    runs: list[Block] = []
    for row in rows:
        if runs:
            runs.append({"type": "text", "text": "\n"})
        runs += row
    return {"type": "rich_text_section", "elements": runs}


def bullets(*rows: Line) -> Block:
    """A bulleted list inside a rich_text block."""
    items = [{"type": "rich_text_section", "elements": row} for row in rows]
    return {"type": "rich_text_list", "style": "bullet", "elements": items}


def quote(text: str) -> Block:
    """A verbatim quotation inside a rich_text block."""
    return {"type": "rich_text_quote", "elements": [styled(text)]}


def preformatted(text: str) -> Block:
    """Words inside a rich_text block that are copied as they stand."""
    return {"type": "rich_text_preformatted", "elements": [styled(text)]}


def rich(*elements: Block, block_id: str | None = None) -> Block:
    """A rich_text block of `lines`, `quote` and `preformatted` elements."""
    block: Block = {"type": "rich_text", "elements": list(elements)}
    if block_id:
        block["block_id"] = block_id
    return block


def labelled(label: str, value: str) -> Line:
    """A line with its name in front."""
    return line(styled(f"{label}  ", bold=True), styled(value))


def confirmation(title: str, text: str, yes: str, no: str) -> Block:
    """The "are you sure" of a button."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def button(
    action_id: str, label: str, value: str, *, style: Style | None = None, confirm: Block | None = None
) -> Block:
    """A button. Raises ValueError when its value is longer than Slack carries."""
    if len(value) > MAX_BUTTON_VALUE:
        raise ValueError(f"value of button {action_id} has {len(value)} characters")
    element: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, MAX_BUTTON_TEXT),
        "value": value,
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    return element


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    block: Block = {"type": "actions", "elements": list(elements)}
    if block_id:
        block["block_id"] = block_id
    return block

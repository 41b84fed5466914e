"""Text that may not pass: links and mentions in what a model wrote, orders to the program in what it read."""

from __future__ import annotations

import re

from knowledge.clauses import Clause
from knowledge.orders import speaks_to_model
from knowledge.statements.quantities import folded

__all__ = ["gives_orders", "has_markup", "speaks_to_model"]

_MARKUP = re.compile(
    r"<[!@#][^>]*>|<https?:|https?://|www\.|mailto:|\bslack\.com|</?\w+[^>]*>|!\[|\]\(|`{3}"
    r"|@(?:channel|here|everyone)\b|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|cn|net|org|io|top|xyz|info|cc|co|me)\b"
)


_ABOUT_ANSWERS = re.compile(
    r"(?:写进|加[进入到]|放[进入到]|在)(?:你的)?(?:答案|回答|回复)(?:里|中|末尾|最后)?(?:加上|写)?|(?:把|将)(?:结论|答案|回答)改[为成]"
    r"|不要引用(?:条款|手册|出处)|假装(?:手册|制度|条款|规定)|base64|结束后再执行|再回答[。.!！]?$"
    r"|\b(?:repeat after me|end (?:every|each) (?:answer|reply)|(?:reveal|print|show|output) your (?:api|system|config|prompt|instruct))",
    re.IGNORECASE,
)
"""What a manual never tells people about the answer that is just being written. It only keeps a clause from being
reworded: it is quoted all the same."""


_PROTOCOL = re.compile(
    r"</?(?:clauses?|manuals?|documents?|context|question|history|answer|sentence|material|user|system|assistant|tool)\b[^>]{0,80}>"
    r"|[\"'](?:text|cites?|end|answer|role|content|outcome|tool|function)[\"']\s*:\s*[\[\"'{]",
    re.IGNORECASE,
)
"""The marks with which a conversation with a model is built: a manual has no business with them."""


def gives_orders(clause: Clause) -> bool:
    """Whether a clause, or the name of its file or manual, tells the program what to say."""
    parts = (
        clause.text,
        clause.manual,
        clause.source,
        clause.organisation,
        clause.label,
        *clause.heading_path,
    )
    return any(
        speaks_to_model(part) or _ABOUT_ANSWERS.search(folded(part)) or _PROTOCOL.search(part)
        for part in parts
    )


def has_markup(text: str) -> bool:
    """Links, mentions, addresses, tags: nothing that a written text may contain."""
    return bool(_MARKUP.search(folded(text)))

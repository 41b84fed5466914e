"""Text that may not pass: links and mentions in what a model wrote, orders to the program in what it read."""

from __future__ import annotations

import re

from knowledge.orders import speaks_to_model
from knowledge.statements.quantities import folded

__all__ = ["has_markup", "speaks_to_model"]

_MARKUP = re.compile(
    r"<[!@#][^>]*>|<https?:|https?://|www\.|mailto:|\bslack\.com|</?\w+[^>]*>|!\[|\]\(|`{3}"
    r"|@(?:channel|here|everyone)\b|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|cn|net|org|io|top|xyz|info|cc|co|me)\b"
)


def has_markup(text: str) -> bool:
    """Links, mentions, addresses, tags: nothing that a written text may contain."""
    return bool(_MARKUP.search(folded(text)))

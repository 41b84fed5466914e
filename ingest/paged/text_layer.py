"""Whether the text layer of a PDF page can be trusted, or the page has to be read like a scan."""

from __future__ import annotations

import re
import unicodedata

from ingest.cleaning import CJK
from ingest.paged.pages import Page

_FEW = 40
"""A picture over most of the page with fewer letters on it (a stamped page number) is a scan."""
_PICTURED = 0.5
_UNKNOWN = 0.15
_RARE = 0.4
_LAST_COMMON_SIMPLIFIED = b"\xd7"
"""Lead byte of the last of the 3,755 common ideographs of GB 2312; the rarer ones follow."""
_LAST_COMMON_TRADITIONAL = b"\xc6"
"""The same for the 5,401 common ones of Big5."""


def is_unusable(page: Page) -> bool:
    """Whether a page shows something but its letters are missing or garbled."""
    if not page.glyphs:
        return page.drawn
    if page.pictured > _PICTURED and len(page.glyphs) < _FEW:
        return True
    return is_garbled("".join(g.text for g in page.glyphs))


def is_garbled(text: str) -> bool:
    """Whether a text is what fonts without a character table leave: unknown or private characters, accented Latin
    letters in a row, or ideographs that hardly any text uses."""
    if not text:
        return False
    unknown = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn", "Cc") for c in text)
    if unknown > _UNKNOWN * len(text):
        return True
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 20:
        return False
    accented = sum("\u00a1" <= c <= "\u00ff" for c in text)
    if accented > 0.4 * len(text):
        return True
    ideographs = "".join(re.findall(f"[{CJK}]", text))
    return len(ideographs) >= 20 and _rare(ideographs) > _RARE * len(ideographs)


def _rare(ideographs: str) -> int:
    """How many are in neither of the everyday halves of the two character sets that Chinese is written with."""
    return min(
        sum(not b"\0" < c.encode(charset, errors="ignore")[:1] <= last for c in ideographs)
        for charset, last in (("gb2312", _LAST_COMMON_SIMPLIFIED), ("big5", _LAST_COMMON_TRADITIONAL))
    )

"""A confirmed answer after a clause that it quotes was changed: the quote put anew, or the finding that it cannot be.

What a supervisor confirms again on the new rules must not say the old one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from bot.assistant.quoting import sentences
from knowledge.statements.quantities import folded, quantities

_LEAST = 4
"""Characters of a piece of a clause that tell that a text says it."""


def renewed(text: str, changed: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """A text with what it quotes of each old wording in the new one, and whether nothing of the old is left in it.

    `changed` are pairs of what a clause said and says (nothing, when it is gone). Where a text tells a rule in its own words, a number that the
    clause held and holds no more shows that it tells the old one.

    >>> renewed("检测费 35 元。另见:价目表。", [("检测费 35 元。", "检测费 45 元。")])
    ('检测费 45 元。另见:价目表。', True)
    >>> renewed("收三十五元。", [("检测费 35 元。", "检测费 45 元。")])
    ('收三十五元。', False)
    """
    for old, new in changed:
        if new:  # of a clause that is gone, somebody has to take out what was told
            text = _put_anew(text, old.strip(), new.strip())
    stands = "\n".join(new for _, new in changed)
    return text, not any(_is_left(text, old, stands) for old, _ in changed)


def _put_anew(text: str, old: str, new: str) -> str:
    if old in text:
        return text.replace(old, new)
    before, after = sentences(old), sentences(new)
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]).strip(), "".join(after[c:d]).strip()
        if tag == "replace" and len(gone) >= _LEAST:
            text = text.replace(gone, come)
    return text


def _is_left(text: str, old: str, stands: str) -> bool:
    pieces = (piece.strip() for piece in sentences(old))
    if any(len(piece) >= _LEAST and piece in text and piece not in stands for piece in pieces):
        return True
    gone = _values([old]) - _values([stands])
    return bool(gone & _values([text]))


def _values(texts: Iterable[str]) -> set[tuple[str, object]]:
    return {(found.unit, found.value) for text in texts for found in quantities(folded(text))}

"""Whole lines out of broken ones: wraps joined, stray spaces inside Chinese removed. Nothing else is changed."""

from __future__ import annotations

import re

from ingest.cleaning import CJK, CJK_PUNCTUATION, TERMINAL, letters, starts_keyed

_CLOSING = "\"”’')）】》」』,，.。;；:：!！?？、…%"
_LATIN_START = re.compile(r"[0-9-]*[A-Za-z]")
_LATIN_END = re.compile(r"[A-Za-z][0-9-]*$")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")


def tidy(text: str, *, breaks: bool) -> str:
    """`text` as one or several whole lines: wraps joined, stray spaces inside Chinese removed.

    With `breaks`, a space after a finished sentence is an old line break (pages that were flattened to one line)
    and becomes a newline; newlines stay where a line was finished. Latin text keeps its spaces.
    """
    lines: list[str] = []
    line: list[str] = []
    words: list[str] = []
    after_newline = False
    for word in re.findall(r"\n|[^\s]+", text):
        if word == "\n":
            after_newline = True
            continue
        if words:
            apart = _stays_apart(words[-1], word) if after_newline else breaks and _breaks_before(word, words)
            if apart:
                lines.append("".join(line))
                line, words = [], []
            else:
                line.append("" if _splits_time(words[-1], word) else _glue(words[-1], word, close=breaks))
        line.append(word)
        words.append(word)
        after_newline = False
    return "\n".join([*lines, "".join(line)]).strip()


def _breaks_before(word: str, words: list[str]) -> bool:
    """Whether a space before `word` in a flattened page is the end of an old line (`words`: the line so far)."""
    if word[0] in _CLOSING + "(（" or len(letters(word[:8])) < 2:
        return False
    last = len(words) - 1
    while last > 0 and _ASIDE.fullmatch(words[last]):
        last -= 1
    if words[0][0] in "“「" and words[last][-1] in "”」":
        return True  # a line that is nothing but speech
    return _finished(words[last]) or (starts_keyed(word) and starts_keyed(words[0]))


def _stays_apart(before: str, word: str) -> bool:
    """Whether a newline between two words is the end of a line rather than a wrap inside one."""
    return (word[0] not in _CLOSING or word[0] in "\"'") and not _splits_time(before, word)


def _splits_time(before: str, word: str) -> bool:
    """Whether a line break fell into a time of day (14:⏎00)."""
    return before[-1] in ":：" and before[-2:-1].isdigit() and word[0].isdigit()


def _finished(token: str) -> bool:
    """Whether a line that ends with `token` is complete. A Latin full stop ends one only after an ideograph."""
    core = token.rstrip("\"”’'」』")
    if core.endswith((")", "）")):
        before = re.sub(r"[(（][^()（）]*[)）]$", "", core)
        return before != core and bool(before) and _finished(before)
    if not core:
        return True
    if core[-1] in TERMINAL:
        return bool(re.search(f"[{CJK}{CJK_PUNCTUATION})\\]]", core[-3:])) or core[-1] in "。！？；："
    return core[-1] == "." and len(core) > 1 and bool(re.match(f"[{CJK}]", core[-2]))


def _glue(before: str, token: str, *, close: bool) -> str:
    """What belongs between two tokens that a space separated: nothing inside Chinese text, a space elsewhere.
    With `close`, punctuation follows punctuation without one (a page in Chinese)."""
    left, right = before[-1], token[0]
    wide = f"[{CJK}{CJK_PUNCTUATION}]"
    left_wide, right_wide = bool(re.match(wide, left)), bool(re.match(wide, right))
    if left_wide and right_wide:
        return ""
    if left_wide or right_wide:
        if close and re.search(r"\d:\d\d$", before) and token[0] not in "至到以前后起止之":
            return " "
        latin = _LATIN_START.match(token) if left_wide else _LATIN_END.search(before)
        return " " if latin else ""
    return "" if close and not left.isalnum() and not right.isalnum() else " "

"""Sentences that a line or page break cut in two, made whole again."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.cleaning import CJK, TERMINAL, is_chinese
from ingest.enumerators import starts_list, starts_with_mark
from ingest.titles import looks_like_title

_WRAP_AT = 25
"""A shorter line is taken for a line of its own (a heading, a line of a dialogue) unless the page is narrower."""
_LATIN_WRAP_AT = 50
_LEAST = 8
_MENTION = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,4}[条條款项項章节節][、和或及至]|按照?|根据|依据|违反|参照|详?见|符合)$"
)
_HANGS = re.compile(
    rf"(?:[{CJK}\d）)][、,，]|[{CJK}](?:和|与|或|及|以及|并且|而且|因|由|从|对|把|被|将|按照?|不得|不能|必须|应当|可以|其|之))$"
    rf"|{_MENTION.pattern}"
)


def join_wrapped(lines: list[str]) -> str:
    """The lines of one manual as one text: wrapped ones joined, whole ones separated by newlines."""
    if not lines:
        return ""
    limit = _full_line(lines)
    text = [lines[0]]
    for previous, line in pairwise(lines):
        if _continues(previous, line, limit):
            text.append(_seam(previous, line) + line)
        else:
            text.append("\n" + line)
    return "".join(text)


def _full_line(lines: list[str]) -> float:
    """From how many characters on a line counts as full, so that its end may be a wrap."""
    lengths = sorted(len(line) for line in lines)
    wide = lengths[min(len(lengths) - 1, int(len(lengths) * 0.9))]
    usual = _WRAP_AT if is_chinese("".join(lines[:50])) else _LATIN_WRAP_AT
    long = [line for line in lines if len(line) >= 0.6 * wide]
    torn = sum(line[-1] not in TERMINAL + '.)）】”"' for line in long)
    share = 0.55 if len(lines) >= 4 and torn >= 0.6 * len(long) else 0.7
    return min(usual, max(_LEAST, share * wide))


def _continues(previous: str, line: str, limit: float) -> bool:
    if line[0] in ",，、。;；)）】”":
        return True
    end = previous.rstrip("\"”’'」』")
    if end and end[-1] in TERMINAL:
        return False
    if end.endswith(".") and re.search(f"[{CJK}a-z0-9)）]\\.$", end):
        return False
    if len(previous) >= _LEAST and _HANGS.search(previous):
        # 「…违反第三条、⏎第四条的」, 「费用由主人⏎…」: no line ends like this, whatever its length.
        return not starts_with_mark(line) or bool(_MENTION.search(previous))
    if re.match(r"[a-z]", line) and re.search(r"[A-Za-z,]$", previous) and len(previous) >= _WRAP_AT:
        return not starts_with_mark(line)
    if len(previous) < limit or starts_with_mark(line) or line.startswith(("【", "#", "|", "“您")):
        return False
    first, space, rest = line.partition(" ")
    return not (looks_like_title(first) and (not space or starts_list(rest)))


def _seam(previous: str, line: str) -> str:
    wide = f"[{CJK}\\u3000-\\u303f\\uff00-\\uffef]"
    if re.match(wide, previous[-1]) or re.match(wide, line[0]):
        return ""
    if previous.endswith("-") and line[0].islower():
        return ""
    return " "

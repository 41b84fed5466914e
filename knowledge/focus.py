"""What a question asks for, and what it only mentions to set it aside.

「除了退货，还有哪些要登记」 and "Unlike the deposit, which fee is not refunded but credited?" name a matter that the
answer is *not* about: its words find the wrong clauses. They count for less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Focus:
    """A question in two parts; `aside` is empty for nearly all."""

    asked: str
    aside: str = ""


_ASKS = r"(?:what|which|who|whom|whose|how|when|where|why|is|are|does|do|can|could|must|should)"
_LEADING = re.compile(
    rf"^\s*(?:while|whereas|although|though|unlike|excluding|except(?:ing)?(?: for)?|apart from|aside from|other than"
    rf"|besides|rather than|instead of)\b[^?]*?[,;]\s+(?=(?:[a-z-]+ ){{0,4}}{_ASKS}\b)",
    re.I,
)
"""A clause before the question proper: "While X …, which Y …"."""
_DENIED = re.compile(
    r"(?:,\s*(?:and\s+|but\s+)?|\b(?:which|that|who|and|or)\s+|\b)"
    r"(?:(?:is|are|was|were|does|do|did)\s+not|(?:isn|aren|doesn|don)['’]t|(?<=[,(] )not|and not|rather than"
    r"|instead of|other than|unlike|excluding)\b[^,.;?()]*?(?=\s+but\b|\s+and is\b|[,.;?()]|$)",
    re.I,
)
_CHINESE = re.compile(
    r"除了?[^，,。？?；;]{2,24}?(?:之外|以外|外)[，,]?|(?:而不是|而非|并不是|不是指)[^，,。？?；;而]{2,24}(?=[，,。？?；;而]|$)"
    r"|(?:不包括|不含)[^，,。？?；;的]{2,24}(?=的|[，,。？?；;]|$)"
)
_SENTENCE = re.compile(r"(?<=[.!])\s+(?=[A-Z\"'(])")
_LEAST_DENIED = 3
"""Words of a denial that names a matter; "is not allowed" is what is asked for."""
_LEAST_LEFT = 6
"""Words that a question must keep."""
_LEAST_LEFT_CHINESE = 6


def focus(question: str) -> Focus:
    """The question without what it sets aside: exclusions, denials that name another matter, and
    then the sentences before (else they are the case that is asked about).

    >>> focus("Unlike a deposit paid in cash, which fee is credited to the next bill?").asked
    'which fee is credited to the next bill?'
    """
    asked, aside = question, list[str]()
    if re.search(r"[\u3400-\u9fff]", question):
        for match in _CHINESE.finditer(question):
            rest = asked.replace(match[0], " ")
            if len(re.findall(r"[\u3400-\u9fff]", rest)) >= _LEAST_LEFT_CHINESE:
                asked = rest
                aside.append(match[0])
        return Focus(asked.strip(), " ".join(aside))
    if leading := _LEADING.match(asked):
        aside.append(leading[0].strip())
        asked = asked[leading.end() :]
    before, last = _last_sentence(asked)
    asked = last
    for match in _DENIED.finditer(last):
        rest = asked.replace(match[0], " ")
        if len(match[0].split()) >= _LEAST_DENIED and len(rest.split()) >= _LEAST_LEFT:
            asked = rest
            aside.append(match[0].strip(" ,"))
    if before and asked != last:  # the sentences before belong to what is denied
        return Focus(asked, f"{before} {' '.join(aside)}")
    return Focus(f"{before} {asked}".strip(), " ".join(aside))


def _last_sentence(text: str) -> tuple[str, str]:
    """What stands before the last sentence, and that sentence."""
    text = text.strip()
    ends = [match.start() for match in _SENTENCE.finditer(text)]
    return (text[: ends[-1]].strip(), text[ends[-1] :].strip()) if ends else ("", text)

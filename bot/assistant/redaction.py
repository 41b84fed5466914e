"""Private data of customers: found and masked before a model, a log, an index or a channel sees it.

Order and ticket numbers, amounts, times, dates and staff numbers survive. When in doubt whether a number
is a customer's, it is masked, unless it is labelled as an order or staff number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.assistant import redaction_foreign, redaction_names, redaction_numbers, redaction_places
from bot.assistant.redaction_findings import Finding, FindingKind
from knowledge.reading import simplify

__all__ = ["Finding", "FindingKind", "find", "mask"]

_MOST_READINGS = 5


def find(text: str) -> list[Finding]:
    """All private pieces of a text, in order, without overlaps; `start` and `end` count characters."""
    plain = _one_script(_one_width(text))
    numbers = [*redaction_numbers.find(plain), *redaction_foreign.find(plain)]
    places = redaction_places.find(plain)
    names = redaction_names.find(plain, [*numbers, *places])
    return _without_overlaps([*numbers, *places, *names])


def mask(text: str) -> str:
    """The text with every private piece masked so that a reader still knows what stood there.

    Masking twice changes nothing more: what is masked changes what the tagger of people sees beside it, so the text is
    read again until nothing more is found.
    """
    for _ in range(_MOST_READINGS):
        masked = _masked(text)
        if masked == text:
            break
        text = masked
    return text


def _masked(text: str) -> str:
    pieces, position = [], 0
    for finding in find(text):
        pieces += [text[position : finding.start], finding.masked]
        position = finding.end
    return "".join([*pieces, text[position:]])


def _one_width(text: str) -> str:
    """Full-width letters, digits and signs as their usual forms; every position stays where it is."""
    return "".join(narrow if len(narrow := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _one_script(plain: str) -> str:
    """Traditional characters as simplified ones, where every position stays where it is."""
    simplified = simplify(plain)
    return simplified if len(simplified) == len(plain) else plain


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Where two pieces overlap, the longer one stands for both."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.start - one.end, one.start)):
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda one: one.start)

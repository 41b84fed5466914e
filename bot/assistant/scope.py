"""Which manuals a question is about: named by title, by part of a title, by organisation, or by the thread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.library import ManualSummary
from knowledge.reading import normalise

_QUOTED = re.compile(r"《([^《》]{2,60})》")
_GENERIC = re.compile(r"[的里中那份个本这关于规定制度管理办法manual policy\s]+")


def _plain(text: str) -> str:
    return re.sub(r"[\s()()《》【】\[\]、,,.·:-]+", "", normalise(text))


def _common(a: str, b: str) -> str:
    """Longest common substring."""
    best, end = 0, 0
    for stop in range(1, len(a) + 1):  # one that ends here is at most one longer than those that ended before
        if stop > best and a[stop - best - 1 : stop] in b:
            best, end = best + 1, stop
    return a[end - best : end]


@dataclass(frozen=True, slots=True)
class Scope:
    """Manuals that a question names. Empty: any manual may answer."""

    manual_ids: frozenset[int] = frozenset()
    is_exact: bool = False
    """The question gives a whole title: other manuals cannot answer for it."""

    def __contains__(self, manual_id: int) -> bool:
        return manual_id in self.manual_ids


def _by_title(wanted: str, manuals: Sequence[ManualSummary]) -> frozenset[int]:
    titles = {manual.manual_id: _plain(manual.title) for manual in manuals}
    name = _plain(wanted)
    same = frozenset(i for i, title in titles.items() if title == name)
    return same or frozenset(i for i, title in titles.items() if name in title or title in name)


def without_titles(question: str) -> str:
    """The question without the titles it quotes: inside the manual they would only find its preamble."""
    rest = _QUOTED.sub("", question).strip()
    return rest if len(rest) >= 4 else question


def scope_of(question: str, manuals: Sequence[ManualSummary], earlier_answer: str = "") -> Scope:
    """The manuals named in a question or, for a follow-up, in the answer before it."""
    quoted = [_by_title(name, manuals) for name in _QUOTED.findall(question)]
    named: frozenset[int] = frozenset().union(*quoted)
    if named:
        return Scope(named, is_exact=True)
    telling = _by_telling_part(question, manuals)
    if telling.manual_ids:
        return telling
    # The answer before leads with its best source; the next question most likely stays there, but need not.
    for name in _QUOTED.findall(earlier_answer):
        led = _by_title(name, manuals)
        if led:
            return Scope(led)
    return Scope()


def _by_telling_part(question: str, manuals: Sequence[ManualSummary]) -> Scope:
    """Manuals of which the question repeats a part of the title or organisation that few manuals share."""
    asked = _plain(question)
    names = {m.manual_id: (_plain(m.title), _plain(m.organisation)) for m in manuals}
    shares: Counter[str] = Counter()
    parts: dict[int, list[str]] = {}
    for manual_id, pair in names.items():
        found = [_common(asked, name) for name in pair if name]
        parts[manual_id] = [part for part in found if len(_GENERIC.sub("", part)) >= 2 and len(part) >= 4]
    for part in {part for found in parts.values() for part in found}:
        shares[part] = sum(any(part in name for name in pair) for pair in names.values())
    few = max(1, len(manuals) // 10)
    chosen = {i: max(map(len, found)) for i, found in parts.items() if any(shares[p] <= few for p in found)}
    if not chosen:
        return Scope()
    longest = max(chosen.values())
    ids = frozenset(i for i, length in chosen.items() if length == longest)
    exact = any(names[i][0] in asked for i in ids if len(names[i][0]) >= 5)
    return Scope(ids, is_exact=exact)

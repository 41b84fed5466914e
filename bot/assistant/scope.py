"""Which manuals a question is about: named by title, by part of a title, by organisation, or by the thread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
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


def manuals_said(text: str, manuals: Sequence[ManualSummary]) -> frozenset[int]:
    """The manuals whose titles stand in a text, in marks or bare; of titles within titles the longest."""
    quoted = [_by_title(name, manuals) for name in _QUOTED.findall(text)]
    named: frozenset[int] = frozenset().union(*quoted)
    if named:
        return named
    said = _plain(text)
    found: set[int] = set()
    for manual in sorted(manuals, key=lambda m: -len(m.title)):
        title = _plain(manual.title)
        if len(title) >= 4 and title in said:
            found.add(manual.manual_id)
            said = said.replace(title, "\n")
    return frozenset(found)


def without_quoted_titles(text: str) -> str:
    """A text without the titles in it that stand in marks."""
    return _QUOTED.sub("", text).strip()


def without_titles(question: str, titles: Iterable[str] = ()) -> str:
    """The question without the titles it quotes, or names bare: inside the manual they would only find its preamble."""
    rest = without_quoted_titles(question)
    for title in titles:
        spelled = r"\s*".join(re.escape(character) for character in title if not character.isspace())
        rest = re.sub(spelled, " ", rest, flags=re.I).strip()
    return rest if len(rest) >= 4 else question


def scope_of(question: str, manuals: Sequence[ManualSummary]) -> Scope:
    """The manuals named in a question."""
    quoted = [_by_title(name, manuals) for name in _QUOTED.findall(question)]
    named: frozenset[int] = frozenset().union(*quoted)
    if named:
        return Scope(named, is_exact=True)
    return _by_telling_part(question, manuals)


_ELLIPSIS = re.compile(
    r"^(那么?|还有|换成|如果是|要是|在|and|what about|how about|for|at|in|the)+|(的|那边|这边|那里|这里|那个|的话|的人|怎么样|呢|啊|吗)+$|[\s?？。!！,，]+"
)


def scope_of_name(question: str, manuals: Sequence[ManualSummary], said: Sequence[str]) -> Scope:
    """The manuals of whose title or organisation a follow-up consists: 「旗舰店的呢」, "and at the repair desk?".

    None when the name stands in `said`, what the thread is about anyway, or in most titles.
    """
    name = question.strip().lower()
    while (rest := _ELLIPSIS.sub("", name)) != name:
        name = rest
    name = _plain(name)
    if not 2 <= len(name) <= 24 or any(name in _plain(text) for text in said):
        return Scope()
    found = frozenset(
        m.manual_id for m in manuals if name in _plain(m.title) or name in _plain(m.organisation)
    )
    return Scope(found) if len(found) <= max(1, len(manuals) // 3) else Scope()


def without_names(text: str, names: Sequence[str]) -> str:
    """A text without what it says of these titles and organisations."""
    for name in names:
        part = _common(normalise(text), normalise(name))
        if len(part.strip()) >= 3:
            text = normalise(text).replace(part, " ")
    return " ".join(text.split())


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

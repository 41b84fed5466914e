"""Automatic numbering of a Word file, computed as it is printed.

`numbering.xml` describes lists (abstract ones, and uses of them); a paragraph names a use and a level. Uses of one
abstract list count on together unless a use states a start of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.formats.numerals import numeral
from ingest.formats.packages import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MOST = 32767
_LONGEST = 40
"""Longer texts around a number are damage."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how its number is written, the text around it (`第%1条`)."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    style: str = ""
    """Id of the paragraph style that is bound to this level."""
    restart: int | None = None
    """Restarts only below this level (from 1); 0: never; None: below every higher one."""
    legal: bool = False
    """The numbers of higher levels are written in digits here."""


@dataclass(slots=True)
class _Use:
    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    begun: bool = False


def value(element: Element | None, name: str = "") -> str:
    """`w:val` of a child (of the element itself without `name`); empty when absent."""
    found = element.find(f"{W}{name}") if element is not None and name else element
    return found.get(f"{W}val", "") if found is not None else ""


def whole_number(text: str, otherwise: int) -> int:
    """A number that a file states, within what Word can hold; `otherwise` when it is none."""
    return min(_MOST, int(text)) if re.fullmatch(r"\d{1,9}", text) else otherwise


class Numbering:
    """Counts the lists of one Word file while its paragraphs are read in order."""

    def __init__(self, root: Element | None) -> None:
        """`root` is that of numbering.xml, None when the file has none."""
        self._abstract: dict[str, dict[int, Level]] = {}
        self._uses: dict[str, _Use] = {}
        self._counts: dict[str, dict[int, int]] = {}
        links: dict[str, str] = {}
        styles: dict[str, str] = {}
        for element in root.iter(f"{W}abstractNum") if root is not None else ():
            identity = element.get(f"{W}abstractNumId", "")
            self._abstract[identity] = dict(map(_level, element.iter(f"{W}lvl")))
            if link := value(element, "numStyleLink"):
                links[identity] = link
            if link := value(element, "styleLink"):
                styles[link] = identity
        for identity, link in links.items():
            self._abstract[identity] = self._abstract.get(styles.get(link, ""), self._abstract[identity])
        for element in root.iter(f"{W}num") if root is not None else ():
            self._uses[element.get(f"{W}numId", "")] = _use(element)

    def level_of_style(self, use: str, style: str) -> int:
        """The level of a list that a paragraph style is bound to, 0 when to none."""
        return next((at for at, level in self._levels(use).items() if level.style == style), 0)

    def marker(self, use: str, at: int) -> str:
        """Count the next paragraph at level `at` (from 0) of a list and return what is printed before it.

        A bullet is 「•」; empty for a list that is not there or prints nothing.
        """
        held = self._uses.get(use)
        levels = self._levels(use)
        if held is None or at not in levels:
            return ""
        counts = self._counts.setdefault(held.abstract, {})
        if not held.begun:
            held.begun = True
            for restarted in held.starts:
                counts.pop(restarted, None)
        self._count(counts, held, levels, at)
        level = levels[at]
        if level.kind == "bullet":
            return "•"
        return re.sub(
            r"%(\d)", lambda m: self._number(counts, held, levels, int(m[1]) - 1, level), level.text
        ).strip()

    def _levels(self, use: str) -> dict[int, Level]:
        held = self._uses.get(use)
        return {**self._abstract.get(held.abstract, {}), **held.levels} if held is not None else {}

    def _count(self, counts: dict[int, int], held: _Use, levels: dict[int, Level], at: int) -> None:
        counts[at] = counts[at] + 1 if at in counts else self._start(held, levels, at)
        for lower in range(at + 1, _LEVELS):
            restart = levels[lower].restart if lower in levels else None
            if restart is None or at < restart:
                counts.pop(lower, None)

    @staticmethod
    def _start(held: _Use, levels: dict[int, Level], at: int) -> int:
        return held.starts.get(at, levels[at].start if at in levels else 1)

    def _number(
        self, counts: dict[int, int], held: _Use, levels: dict[int, Level], at: int, shown_in: Level
    ) -> str:
        count = counts.get(at, self._start(held, levels, at))
        kind = levels[at].kind if at in levels else "decimal"
        return numeral(count, "decimal" if shown_in.legal and kind != "none" else kind)


def _level(element: Element) -> tuple[int, Level]:
    legal = element.find(f"{W}isLgl")
    restart = value(element, "lvlRestart")
    at = whole_number(element.get(f"{W}ilvl", ""), 0)
    kind = value(element, "numFmt") or _alternative(element) or "decimal"
    return at, Level(
        start=whole_number(value(element, "start"), 1),
        kind=kind,
        text=value(element, "lvlText")[:_LONGEST],
        style=value(element, "pStyle"),
        restart=whole_number(restart, 0) if restart else None,
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false", "off"),
    )


def _alternative(element: Element) -> str:
    """The style of a number that stands in a choice between a newer and an older notation."""
    found = next(element.iter(f"{W}numFmt"), None)
    return found.get(f"{W}val", "") if found is not None else ""


def _use(element: Element) -> _Use:
    use = _Use(value(element, "abstractNumId"))
    for override in element.iter(f"{W}lvlOverride"):
        at = whole_number(override.get(f"{W}ilvl", ""), 0)
        if override.find(f"{W}startOverride") is not None:
            use.starts[at] = whole_number(value(override, "startOverride"), 1)
        for level in override.iter(f"{W}lvl"):
            use.levels[at] = _level(level)[1]
    return use

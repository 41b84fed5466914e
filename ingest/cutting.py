"""From the outline of a manual to its clauses: what is quoted as one piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.enumerators import Style
from ingest.headings import Parts, parts_of
from ingest.labels import heading, label
from ingest.nodes import Node
from ingest.pieces import Sizes, split_long
from ingest.qualities import has_blank, is_saying, is_spoken, numbered_apart
from knowledge.clauses import ClauseDraft, ClauseKind

_STRUCTURAL = frozenset(
    {
        Style.PART,
        Style.HEADING,
        Style.UMBRELLA,
        Style.SUBDOCUMENT,
        Style.APPENDIX,
        Style.CHAPTER,
        Style.SECTION,
        Style.BRACKET,
        Style.ARTICLE,
        Style.CLAUSE,
        Style.HAN,
        Style.DECIMAL,
        Style.LEAD,
    }
)
_SMALL = 120
"""A list of no more characters than this stays with the sentence that introduces it."""
Path = tuple[tuple[Node, Parts], ...]


@dataclass(frozen=True, slots=True)
class _Cutter:
    chinese: bool
    breaks: bool
    sizes: Sizes

    def parts(self, node: Node) -> Parts:
        return parts_of(node, breaks=self.breaks)

    def cut(self, path: Path) -> list[ClauseDraft]:
        node, parts = path[-1]
        if not node.children:
            return self._leaf(path)
        if self._groups(node, parts):
            return [self._clause(path, self._flow(node, parts))]
        clauses = self._own_text(path)
        pack: list[str] = []
        if clauses and len(parts.text) <= _SMALL * 2 and self._packs(node.children[0]):
            # A short introduction goes with the first of what it introduces.
            pack = [parts.text]
            clauses = []
        for child in node.children:
            if not self._packs(child):
                clauses += self._packed(path, pack)
                pack = []
                clauses += self.cut((*path, (child, self.parts(child))))
                continue
            text = self._flow(child, self.parts(child), marked=True)
            if pack and sum(map(len, pack)) + len(text) > self.sizes.group:
                introduction = [pack.pop()] if len(pack) > 1 and pack[-1].endswith((":", "：")) else []
                clauses += self._packed(path, pack)
                pack = introduction
            pack.append(text)
        return clauses + self._packed(path, pack)

    # -- what belongs together -------------------------------------------------------------------------------

    def _groups(self, node: Node, parts: Parts) -> bool:
        """Whether a list is short enough to be quoted with its lead-in as one piece."""
        below = node.descendants()
        if any(n.style in _STRUCTURAL or n.style in (Style.ROW, Style.CODE) for n in below):
            return False
        if sum(len(n.raw) for n in below) > 3 * self.sizes.group:
            return False
        texts = [self.parts(n) for n in below]
        if len(self._flow(node, parts)) > self.sizes.group or (self.chinese and len(below) == 1):
            return False
        loose = all(n.style in (Style.BULLET, Style.ALPHA, Style.PARAGRAPH) for n in below)
        if loose or not self.chinese:
            return True
        lengths = [len(p.text or p.title) for p in texts]
        average = sum(lengths) / len(lengths)
        if node.mark is None:
            return False
        finished = sum((p.text or p.title).endswith(("。", "！", "!")) for p in texts) * 2 > len(texts)
        introduced = bool(parts.text) or node.raw.rstrip().endswith((":", "："))
        if introduced and not finished and len(self._flow(node, parts)) <= _SMALL:
            return True
        return not finished and average <= (18 if introduced else 8)

    def _packs(self, node: Node) -> bool:
        """Whether a leaf is quoted together with its neighbours: bullets, paragraphs, English list items."""
        if node.children:
            return not self.chinese and self._groups(node, self.parts(node)) and node.style not in _STRUCTURAL
        if node.style in (Style.BULLET, Style.PARAGRAPH, Style.ALPHA):
            return True
        listed = node.style in (Style.ARABIC, Style.HALF, Style.PAREN)
        return not self.chinese and listed and not self.parts(node).title

    def _packed(self, path: Path, pack: Sequence[str]) -> list[ClauseDraft]:
        return self._pieces(path, "\n".join(pack)) if pack else []

    def _flow(self, node: Node, parts: Parts, *, marked: bool = False) -> str:
        """A node with everything below it as running text; marks are kept for what stands below."""
        own = (
            parts.text
            if parts.colon or not parts.title
            else "\n".join(filter(None, (parts.title, parts.text)))
        )
        if not marked:
            own = parts.text
        elif node.mark and node.mark.raw.strip():
            raw = node.mark.raw.strip()
            apart = node.style is Style.BULLET or (raw[-1] in ".．" and own[:1].isdigit())
            gap = " " if apart or not self.chinese else ""
            own = f"{raw}{gap}{own}"
        lines = [own] if own else []
        lines += [self._flow(child, self.parts(child), marked=True) for child in node.children]
        return "\n".join(lines)

    # -- clauses ---------------------------------------------------------------------------------------------

    def _leaf(self, path: Path) -> list[ClauseDraft]:
        node, parts = path[-1]
        if node.mark is None:
            return self._pieces(path, parts.text)
        if node.style is Style.CODE:
            return self._coded(path, parts.text)
        if node.style is Style.ROW:
            return [replace(self._clause(path, parts.text), kind=ClauseKind.ROW)]
        if parts.text and not self._is_section(path):
            return self._pieces(path, parts.text)
        if parts.text:
            titled = (*path[:-1], (node, Parts(parts.text, "")))
            return [replace(self._clause(titled, heading(node, parts)), kind=ClauseKind.HEADING)]
        if not parts.title or node.style is Style.LEAD:
            return []
        if self._is_item(path):
            return [self._clause(path, parts.title)]
        return [replace(self._clause(path, heading(node, parts)), kind=ClauseKind.HEADING)]

    def _is_section(self, path: Path) -> bool:
        """Whether a short numbered text is a heading without a body: its neighbours are headings with one."""
        node, parts = path[-1]
        if (
            node.style is not Style.ARABIC
            or len(path) < 2
            or len(parts.text) > 12
            or re.search(r"[,，。;；.:：]", parts.text)
        ):
            return False
        siblings = _peers(path)
        titled = sum(bool(self.parts(n).title) for n in siblings)
        return len(siblings) >= 2 and titled == len(siblings)

    def _is_item(self, path: Path) -> bool:
        """Whether a short text under a number is an item of a list rather than a heading whose body is missing."""
        node, _ = path[-1]
        if len(path) < 2 or node.style in _STRUCTURAL - {Style.HAN, Style.ARTICLE, Style.CLAUSE}:
            return False
        siblings = _peers(path)
        if not siblings:
            return False
        bodies = [bool(n.children) or bool((p := self.parts(n)).text and p.title) for n in siblings]
        return not any(bodies)

    def _coded(self, path: Path, text: str) -> list[ClauseDraft]:
        clauses = self._pieces(path, text)
        said = is_saying(text, self._above(path))
        return [replace(c, kind=ClauseKind.SCRIPT if said else c.kind) for c in clauses]

    def _own_text(self, path: Path) -> list[ClauseDraft]:
        """The clause of a place that has others below it, when its own text says something."""
        node, parts = path[-1]
        text = parts.text
        if not text or node.style is Style.LEAD:
            return []
        if self.chinese and _announces(text):
            return []
        return self._pieces(path, text)

    def _pieces(self, path: Path, text: str) -> list[ClauseDraft]:
        above = self._above(path)
        base = self._clause(path, text, above)
        out = []
        for piece in split_long(text, self.sizes, chinese=self.chinese):
            path_here = (*above, piece.lead) if piece.lead else above
            name = f"{base.label} {piece.name}".strip() if piece.name else base.label
            out.append(self._made(name, path_here, piece.text))
        return out

    def _clause(self, path: Path, text: str, above: tuple[str, ...] | None = None) -> ClauseDraft:
        return self._made(
            label(path, chinese=self.chinese), self._above(path) if above is None else above, text
        )

    def _above(self, path: Path) -> tuple[str, ...]:
        """Headings above a place; its own heading counts when it is not part of its text."""
        names = []
        for at, (n, p) in enumerate(path[:-1]):
            names.append(heading(n, p))
            further = path[at + 1][0].style in (Style.LEAD, Style.SUBDOCUMENT, Style.UMBRELLA)
            if (p.title or not n.mark) and _announces(p.text) and not further:
                names.append(p.text)
        node, parts = path[-1]
        if node.mark and parts.title and not parts.colon and (parts.text or node.children):
            names.append(heading(node, replace(parts, text="")))
        return tuple(n for n in names if n)

    def _made(self, name: str, above: tuple[str, ...], text: str) -> ClauseDraft:
        return ClauseDraft(
            label=name,
            heading_path=above,
            text=text.strip(),
            search_text="",
            kind=ClauseKind.SCRIPT if is_spoken(text) else ClauseKind.TEXT,
            has_blank=has_blank(text),
        )


def _peers(path: Path) -> list[Node]:
    """The first items of the same list beside the last node of `path`."""
    node = path[-1][0]
    return [n for n in path[-2][0].children[:40] if n.style is node.style and n is not node]


def cut(root: Node, *, chinese: bool, breaks: bool) -> list[ClauseDraft]:
    """The clauses of an outline, in reading order, with unique places (`第2段` where one label has several)."""
    cutter = _Cutter(chinese, breaks, Sizes.of(chinese=chinese))
    clauses = cutter.cut(((root, cutter.parts(root)),))
    return numbered_apart(
        [c for c in clauses if any(ch.isalnum() or ch == "_" for ch in c.text)], chinese=chinese
    )


def _announces(text: str) -> bool:
    """Whether a text is nothing but the announcement of a list (「客服工作守则包括:」): quoted as a heading only."""
    return (
        text.rstrip().endswith((":", "："))
        and len(text) <= 60
        and not re.search(r"[,，。;；\n]|\w[.] ", text)
    )

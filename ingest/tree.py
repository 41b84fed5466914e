"""The outline of one manual: which candidate marks are real, and what stands under what.

A candidate is accepted when its number continues a list that is open, or begins one; numbers inside sentences
(8:00-17:30, 1.5%, 2022) never fit a sequence. Broken sequences of real pages are borne: numbers that jump, that
come twice, lists that restart without a heading.
"""

from __future__ import annotations

import re

from ingest.enumerators import Mark, Strength, Style
from ingest.lookahead import Lookahead
from ingest.nodes import Node, OpenList, list_name

_JUMP = 6
"""How many numbers may be missing in a list before a mark is no longer taken for its continuation."""
_HEADING_AT_MOST = 50
_DEEPEST = 8
"""Lists in lists in lists: deeper nesting than this is taken for numbering gone wrong."""
_SELF_EVIDENT = frozenset(
    {Style.CHAPTER, Style.SECTION, Style.ARTICLE, Style.CLAUSE, Style.HAN, Style.HAN_PAREN, Style.STEP}
)
_ALWAYS = frozenset(
    {
        Style.PART,
        Style.HEADING,
        Style.UMBRELLA,
        Style.SUBDOCUMENT,
        Style.APPENDIX,
        Style.BRACKET,
        Style.BULLET,
        Style.PARAGRAPH,
        Style.ROW,
        Style.CODE,
    }
)


class Outline:
    """Builds the tree of one text from its candidate marks (sorted by position)."""

    def __init__(self, text: str, marks: list[Mark]) -> None:
        self._text = text
        self._marks = marks
        self._ahead = Lookahead(marks)
        self._root = Node(None)
        self._levels: list[OpenList] = []
        self._open: Node = self._root
        self._from = 0
        self._lists = 0

    def build(self) -> Node:
        """The root; its raw text is what stands before the first mark."""
        end = 0
        for mark in self._marks:
            if mark.start < end:
                continue
            if self._place(mark):
                end = mark.end
        self._open.raw += self._text[self._from :]
        return self._root

    # -- accepting -------------------------------------------------------------------------------------------

    def _place(self, mark: Mark) -> bool:
        if mark.style in _ALWAYS:
            self._enter(mark, self._level_of(mark))
            return True
        if mark.strength is Strength.WEAK and not self._follows_heading(mark):
            return False
        level = self._continued(mark)
        if mark.doubtful and not self._is_due(mark, level):
            return False
        if level is not None:
            if self._ahead.comes_on_a_line(mark, level):
                return False
            self._enter(mark, level)
            return True
        if not self._begins(mark):
            return False
        same = next((lv for lv in reversed(self._levels) if lv.style is mark.style), None)
        if same is not None and (same.depth or 0) < (mark.depth or 0):
            self._nest(mark)
        elif same is not None and mark.number == 1 and not mark.prefix:
            self._restart(mark, same)
        elif same is not None and mark.number != 1 and not mark.prefix:
            self._enter(mark, same)
        else:
            self._nest(mark)
        return True

    def _is_due(self, mark: Mark, level: OpenList | None) -> bool:
        """Whether exactly the number of a doubtful mark (「2.5分钟无人接单…」) is due here."""
        if level is None or mark.number != level.number + 1 or level.prefix != mark.prefix:
            opens = mark.number == 1 and mark.style is Style.ARABIC
            return opens and self._follows_heading(mark) and self._ahead.succeeds(mark)
        if mark.strength is Strength.LINE:
            return True
        before = self._text[max(0, mark.start - 4) : mark.start].rstrip()
        ended = before[-1:] in tuple("。;；")
        return ended and (mark.style is Style.DECIMAL or not self._ahead.repeats(mark))

    def _follows_heading(self, mark: Mark) -> bool:
        """Whether nothing but a heading (or, at the very start, a title) stands between the last mark and this."""
        if mark.start - self._from > _HEADING_AT_MOST:
            return False
        own = self._text[self._from : mark.start].strip()
        if self._open.mark is None:
            return not re.search(r"[,，。;；:：!！?？]", own)
        return 0 < len(own) <= 15 and not re.search(r"[,，。;；:：!！?？]", own)

    def _level_of(self, mark: Mark) -> OpenList | None:
        for level in reversed(self._levels):
            if level.style is mark.style and level.depth == mark.depth:
                return None if mark.first else level
            if not self._keeps(level, mark):
                continue
            break
        return None

    def _continued(self, mark: Mark) -> OpenList | None:
        """The open list that `mark` continues: exact successors first, then repeats and jumps."""
        same = [lv for lv in reversed(self._levels) if lv.style is mark.style]
        if mark.depth is not None:
            same = [lv for lv in same if lv.depth == mark.depth]
            return same[0] if same and not mark.first else None
        for level in same:
            if level.prefix == mark.prefix and mark.number == level.number + 1:
                return level
        if mark.prefix:
            for level in same:
                if len(level.prefix) == len(mark.prefix) and mark.number == 1 and mark.prefix > level.prefix:
                    return level
        if mark.strength < Strength.SPACE:
            return None
        for level in same:
            if (
                level.prefix == mark.prefix
                and level.number <= mark.number <= level.number + _JUMP
                and mark.number > 1
            ):
                return level
        return None

    def _begins(self, mark: Mark) -> bool:
        """Whether `mark` may open a list (or a list whose beginning is lost)."""
        if mark.prefix:
            holder = next((lv for lv in reversed(self._levels) if lv.style is Style.ARABIC), None)
            follows = holder is not None and holder.number == mark.prefix[0]
            return mark.strength >= Strength.SPACE and (
                follows or (mark.strength is Strength.LINE and mark.number == 1)
            )
        if mark.number == 1:
            if mark.strength is Strength.LINE and mark.style is not Style.ALPHA:
                return True
            if mark.style in _SELF_EVIDENT and mark.strength >= Strength.SPACE:
                return True
            return self._announced(mark) or self._ahead.succeeds(mark)
        if mark.style in _SELF_EVIDENT:
            return mark.strength >= Strength.SPACE or mark.strength is Strength.WEAK
        return (
            mark.strength is Strength.LINE and mark.style in (Style.ARABIC, Style.PAREN) and mark.number <= 60
        )

    def _announced(self, mark: Mark) -> bool:
        return self._text[max(0, mark.start - 4) : mark.start].rstrip().endswith((":", "："))

    # -- placing ---------------------------------------------------------------------------------------------

    def _restart(self, mark: Mark, level: OpenList) -> None:
        """A list that begins again at 1 while one of its style is open: nested below its last item, or a new list."""
        last = level.last
        leaf = not last.children and self._open is last
        sentence = self._announcement(mark)
        whole = sentence.strip() == self._text[self._from : mark.start].strip()
        nests = level.siblings_have_children or (bool(sentence) and whole)
        if leaf and nests and len(self._levels) < _DEEPEST:
            self._push(mark, last)
            return
        parent = level.base
        if not sentence and parent.style in (Style.HAN, Style.HAN_PAREN):
            # The heading of the new list is lost; it stood beside the heading of the old one.
            parent = next((lv.parent for lv in self._levels if lv.last is parent), parent)
        self._close_to(level)
        self._levels.pop()
        start = mark.start - len(sentence)
        self._open.raw += self._text[self._from : start]
        self._lists += 1
        name = list_name(sentence) or f"(第{'二三四五六七八九'[min(self._lists, 8) - 1]}列表)"
        lead = Node(Mark(Style.LEAD, start, start, 1, "", Strength.LINE, title=name), sentence)
        parent.children.append(lead)
        parent.divided = True
        self._from, self._open = mark.start, lead
        self._push(mark, lead, base=parent)

    def _nest(self, mark: Mark) -> None:
        """A new kind of mark: below the innermost open list that is of a higher rank, or that goes on after it."""
        while (
            self._levels
            and not self._keeps(self._levels[-1], mark)
            and not _deepens(self._levels[-1], mark)
            and not self._ahead.goes_on(self._levels[-1], mark)
        ):
            self._levels.pop()
        self._push(mark, self._levels[-1].last if self._levels else self._root)

    def _enter(self, mark: Mark, level: OpenList | None) -> None:
        if level is None:
            while self._levels and not self._keeps(self._levels[-1], mark):
                self._levels.pop()
            self._push(mark, self._levels[-1].last if self._levels else self._root)
            return
        if mark.number == level.number + 2 and self._open is level.last:
            self._recover_blanked(mark, level)
        self._close_to(level)
        level.siblings_have_children |= bool(level.last.children)
        node = self._append(mark, level.parent)
        level.last, level.number, level.prefix = node, mark.number, mark.prefix

    def _recover_blanked(self, mark: Mark, level: OpenList) -> None:
        """A paragraph that begins with a blank where one number is missing: the number was blanked with the value."""
        match = re.search(r"[。.;；]\s+(?=_{2,})", self._text[self._from : mark.start])
        if match is None:
            return
        at = self._from + match.end()
        raw = re.sub(r"\d+", str(mark.number - 1), mark.raw)
        lost = Mark(mark.style, at, at, mark.number - 1, raw, Strength.LINE)
        level.last = self._append(lost, level.parent)

    def _keeps(self, level: OpenList, mark: Mark) -> bool:
        """Whether `level` stays open above `mark` by rank (or by stated depth)."""
        if mark.style is Style.HEADING or level.style is Style.HEADING:
            return level.style is Style.HEADING and (
                mark.style is not Style.HEADING or (level.depth or 0) < (mark.depth or 0)
            )
        if level.depth is not None and mark.depth is not None:
            return level.depth < mark.depth
        if mark.style in (Style.PARAGRAPH, Style.ROW, Style.CODE) and level.depth is not None:
            return False
        return level.style < mark.style

    def _close_to(self, level: OpenList) -> None:
        while self._levels and self._levels[-1] is not level:
            self._levels.pop()

    def _push(self, mark: Mark, parent: Node, *, base: Node | None = None) -> None:
        node = self._append(mark, parent)
        self._levels.append(
            OpenList(mark.style, mark.depth, parent, base or parent, mark.prefix, node, mark.number)
        )

    def _append(self, mark: Mark, parent: Node) -> Node:
        self._open.raw += self._text[self._from : mark.start]
        self._from = mark.end
        node = Node(mark)
        parent.children.append(node)
        parent.divided |= mark.style is Style.SUBDOCUMENT
        self._open = node
        return node

    def _announcement(self, mark: Mark) -> str:
        """The sentence just before `mark` when it announces a list (「…包括:」), else nothing."""
        raw = self._text[max(self._from, mark.start - 200) : mark.start]
        core = raw.rstrip()
        if not re.search(r"[:：](?:\s*[(（][^()（）]{0,30}[)）])?$", core):
            return ""
        cut = max(core.rfind(c, 0, len(core) - 1) for c in "。！!？?；;\n")
        return raw[cut + 1 :] if len(core) - cut <= 80 else ""


def _deepens(level: OpenList, mark: Mark) -> bool:
    """Whether a decimal mark counts below the one that is open (3.1.2 below 3.1)."""
    own = (*level.prefix, level.number)
    return mark.style is Style.DECIMAL and level.style is Style.DECIMAL and mark.prefix[: len(own)] == own

"""Nodes of a manual's outline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.cleaning import TERMINAL
from ingest.enumerators import Mark, Style


@dataclass(slots=True)
class Node:
    """One numbered place of a manual: its mark, the raw text up to the next mark, what stands under it."""

    mark: Mark | None
    raw: str = ""
    children: list[Node] = field(default_factory=list)
    divided: bool = False
    """Several lists or inner titles stand below: an item's number alone does not tell which list it is of."""

    @property
    def style(self) -> Style | None:
        return self.mark.style if self.mark else None

    def descendants(self) -> list[Node]:
        """Everything below this node, in no particular order."""
        found: list[Node] = []
        stack = list(self.children)
        while stack:
            child = stack.pop()
            found.append(child)
            stack.extend(child.children)
        return found


@dataclass(slots=True)
class OpenList:
    """A list that is open: where its items hang, the last number seen."""

    style: Style
    depth: int | None
    parent: Node
    base: Node
    """Where a further list beside this one hangs: the parent, or what holds the lead-in that is the parent."""
    prefix: tuple[int, ...]
    last: Node
    number: int
    siblings_have_children: bool = False


def list_name(announcement: str) -> str:
    """What a list is called by the sentence that announces it (「接待的行为准则如下:」 → 「行为准则」)."""
    name = announcement.strip().rstrip(TERMINAL + ":： ")
    name = re.sub(r"(?:主要)?(?:包括|如下|有以下\S{0,6}|有|为|是)$", "", name)
    for cut in ("应及时", "必须", "的", "应", "需", "须"):
        _, found, tail = name.rpartition(cut)
        if found and len(tail) >= 3:
            name = tail
    return name if 2 <= len(name) <= 12 else ""

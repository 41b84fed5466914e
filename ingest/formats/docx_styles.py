"""What the styles of a Word file say about a paragraph: heading level, title, contents list, numbering, hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.formats.numbering import W, value, whole_number
from ingest.formats.packages import Element

_HEADING = re.compile(r"(?:heading|标题|heading标题)\s*([1-9])(?:\s*(?:字符|char))?", re.I)
_CHINESE_HEADING = re.compile(r"([一二三四五六])级标题|标题([一二三四五六])")
_TITLE = re.compile(r"title|标题|文档标题|大标题|主标题|文件标题", re.I)
_CONTENTS = re.compile(r"toc\s*\d|toc heading|目录\s*\d?|table of figures", re.I)
_NO_LIST = "0"
_BODY = 9
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a style gives to its paragraphs and runs. `level` counts from 1, 0 for body text."""

    level: int = 0
    title: bool = False
    contents: bool = False
    hidden: bool = False
    list_use: str = ""
    list_level: int | None = None
    list_style: str = ""
    """The style that names the list: a list's level may be bound to it."""


class Styles:
    """The styles of one Word file by id."""

    def __init__(self, root: Element | None) -> None:
        """`root` is that of styles.xml, None when the file has none."""
        self._elements: dict[str, Element] = {}
        self._looks: dict[str, Look] = {}
        self.default = ""
        for style in root.iter(f"{W}style") if root is not None else ():
            identity = style.get(f"{W}styleId", "")
            self._elements[identity] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self.default = identity

    def look(self, identity: str, depth: int = 0) -> Look:
        """What the style `identity` says, with what it inherits; nothing for one that is not there."""
        if identity in self._looks:
            return self._looks[identity]
        element = self._elements.get(identity)
        if element is None or depth > _DEEPEST:
            return Look()
        base = self.look(value(element, "basedOn"), depth + 1)
        look = self._own(identity, element, replace(base, title=False))
        self._looks[identity] = look
        return look

    @staticmethod
    def _own(identity: str, element: Element, base: Look) -> Look:
        name = value(element, "name").strip()
        paragraph, run = element.find(f"{W}pPr"), element.find(f"{W}rPr")
        outline = value(paragraph, "outlineLvl")
        level = base.level
        if outline:
            level = outline_level(outline)
        if match := _HEADING.fullmatch(name):
            level = int(match.group(1))
        elif match := _CHINESE_HEADING.fullmatch(name):
            level = "一二三四五六".index(match.group(1) or match.group(2)) + 1
        look = replace(
            base,
            level=level,
            title=bool(_TITLE.fullmatch(name)),
            contents=base.contents or bool(_CONTENTS.fullmatch(name)),
            hidden=base.hidden
            if run is None or run.find(f"{W}vanish") is None
            else switched_on(run, "vanish"),
        )
        numbered = paragraph.find(f"{W}numPr") if paragraph is not None else None
        if numbered is None:
            return look
        stated = value(numbered, "ilvl")
        use = value(numbered, "numId") or look.list_use
        at = whole_number(stated, 0) if stated else look.list_level
        return replace(look, list_use="" if use == _NO_LIST else use, list_level=at, list_style=identity)


def outline_level(stated: str) -> int:
    """The heading level (from 1) of an outline level as Word counts it; 0 for body text."""
    number = whole_number(stated, _BODY)
    return number + 1 if number < _BODY else 0


def switched_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is there or not (`w:vanish`) is on."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")

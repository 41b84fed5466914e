"""The words of a Word paragraph as they stand on paper: insertions in, deletions, hidden words and comments out."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.formats.docx_styles import Styles, switched_on
from ingest.formats.numbering import W, value
from ingest.formats.packages import Element

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = frozenset(
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "instrText",
        "delText",
        "delInstrText",
        "rt",
        "sdtPr",
        "sdtEndPr",
        "annotationRef",
        "footnoteRef",
        "endnoteRef",
    )
)
_BOX = f"{W}txbxContent"
_SIGNS = {"F0A8": "□", "F06F": "□", "F0FE": "☑", "F052": "☑", "F0FC": "✓", "F0B7": "•"}


@dataclass(slots=True)
class Words:
    """The text of a paragraph, and what hangs on it: text boxes and notes, in order."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind (`footnote`, `endnote`) and id."""
    plain: bool = False
    """Some of the words are not bold."""

    @property
    def text(self) -> str:
        return "".join(self.parts)


def words(paragraph: Element, styles: Styles) -> Words:
    """What a paragraph says."""
    found = Words()
    _gather(paragraph, styles, found)
    return found


def _gather(element: Element, styles: Styles, found: Words) -> None:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _GONE:
            continue
        if tag == f"{W}r":
            if not _hidden(child, styles):
                before = len(found.parts)
                _gather(child, styles, found)
                said = any(part.strip() for part in found.parts[before:])
                found.plain |= said and not switched_on(child.find(f"{W}rPr"), "b")
        elif tag in (f"{W}t", f"{_MATH}t"):
            found.parts.append(child.text or "")
        elif tag == _BOX:
            found.boxes.append(child)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            found.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id", "")))
        elif tag == f"{_CHOICE}AlternateContent":
            chosen = child.find(f"{_CHOICE}Choice")
            _gather(chosen if chosen is not None else child, styles, found)
        elif tag == f"{W}sdt" and is_placeholder(child):
            continue
        elif (sign := _sign(child)) is not None:
            found.parts.append(sign)
        else:
            _gather(child, styles, found)


def _sign(element: Element) -> str | None:
    tag = str(element.tag).removeprefix(W)
    if tag in ("br", "cr"):
        return "\n" if element.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if tag in ("tab", "ptab"):
        return " "
    if tag == "noBreakHyphen":
        return "-"
    if tag == "sym":
        return _SIGNS.get(element.get(f"{W}char", "").upper(), "")
    return None


def _hidden(run: Element, styles: Styles) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    if switched_on(properties, "strike") or switched_on(properties, "dstrike"):
        return True  # struck out: no longer in force
    if properties.find(f"{W}vanish") is not None:
        return switched_on(properties, "vanish")
    return bool(style := value(properties, "rStyle")) and styles.look(style).hidden


def is_placeholder(control: Element) -> bool:
    """Whether a content control still shows its prompt (「单击此处输入文字」) or is a table of contents."""
    properties = control.find(f"{W}sdtPr")
    if properties is None:
        return False
    gallery = next(properties.iter(f"{W}docPartGallery"), None)
    contents = gallery is not None and gallery.get(f"{W}val", "").lower() == "table of contents"
    return contents or switched_on(properties, "showingPlcHdr")


def mark_is_gone(properties: Element | None) -> bool:
    """Whether a paragraph's end was deleted or moved away: its words run on into the next paragraph."""
    run = properties.find(f"{W}rPr") if properties is not None else None
    return run is not None and (run.find(f"{W}del") is not None or run.find(f"{W}moveFrom") is not None)

"""Which parts of a web page are the manual and which the site around it."""

from __future__ import annotations

import re

from lxml import etree

from ingest.formats.packages import Element

BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "main", "header", "form", "fieldset", "figure", "figcaption",
        "blockquote", "address", "center", "dl", "dt", "dd", "ul", "ol", "li", "table", "tr", "td",
        "th", "caption", "tbody", "thead", "tfoot", "details", "summary", "hr", "body", "h1", "h2",
        "h3", "h4", "h5", "h6",
    }
)  # fmt: skip
"""Tags that begin a line of their own."""
_SITE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|footer|breadcrumbs?|crumbs?|copyright|share|related|recommend(?:ed)?|comments?|ads?|advert\w*|pagination|pager|toolbar)(?=$|[\s_-])",
    re.I,
)
_SITE_SHARE = 0.3
"""An element named like a part of the site is dropped when it holds less than this share of the page's text."""
_MAIN_SHARE = 0.4
_LONGEST_NAMES = 5000


def main_part(root: Element) -> Element:
    """The part of a page that states itself to be its content, when that is most of it; else the whole page."""
    body = root.find("body")
    body = root if body is None else body
    found = [*body.iter("main"), *(e for e in body.iter() if e.get("role") == "main")]
    found = found or list(body.iter("article"))
    if len(found) == 1 and _size(found[0]) >= _MAIN_SHARE * _size(body):
        return found[0]
    return body


def site_parts(root: Element) -> set[Element]:
    """The elements that are named like parts of a site (or are page headers without a main heading) and hold little
    of the page. Measured in one walk, since they may stand in each other."""
    begun: dict[Element, tuple[int, int]] = {}
    sizes: dict[Element, int] = {}
    size = headings = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            headings += element.tag == "h1"
            if element is not root and _is_suspect(element):
                begun[element] = size, headings
            size += len((element.text or "").strip())
            continue
        if element in begun:
            before, above = begun[element]
            if element.tag != "header" or headings == above:
                sizes[element] = size - before
        size += len((element.tail or "").strip())
    return {element for element, held in sizes.items() if held < _SITE_SHARE * max(1, size)}


def _is_suspect(element: Element) -> bool:
    if element.tag == "header":
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}"[:_LONGEST_NAMES]
    return element.tag in BLOCKS and bool(_SITE.search(named))


def _size(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())

"""The words of a piece of HTML inside Markdown, line by line."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        "p",
        "div",
        "li",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "br",
        "figure",
        "summary",
        "details",
        "blockquote",
    }
)
_SILENT = frozenset({"script", "style", "iframe", "head"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.lines.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th"):
            self.lines[-1].append("|")
        elif tag in _BLOCKS:
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.lines[-1].append(" ".join(data.split()))


def html_lines(markup: str) -> list[str]:
    """The lines of text in `markup`: tags and comments taken off, cells of a table row separated by `|`."""
    parser = _Words()
    parser.feed(markup)
    parser.close()
    joined = (" ".join(words).strip(" |") for words in parser.lines)
    return [line for line in joined if line]

"""Word files put together by hand: the parts that python-docx does not write (lists, tracked changes, text boxes)."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def word_file(
    body: str, *, numbering: str = "", styles: str = "", footnotes: str = "", title: str = "", **parts: str
) -> bytes:
    """A .docx whose body is `body` (WordprocessingML); the other parts are written when given."""
    held = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": _relations(officeDocument="word/document.xml")
        if not title
        else _relations(
            officeDocument="word/document.xml", **{"metadata/core-properties": "docProps/core.xml"}
        ),
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            styles="styles.xml", numbering="numbering.xml", footnotes="footnotes.xml", comments="comments.xml"
        ),
    }
    if numbering:
        held["word/numbering.xml"] = f"<w:numbering {_NAMES}>{numbering}</w:numbering>"
    if styles:
        held["word/styles.xml"] = f"<w:styles {_NAMES}>{styles}</w:styles>"
    if footnotes:
        held["word/footnotes.xml"] = f"<w:footnotes {_NAMES}>{footnotes}</w:footnotes>"
    if title:
        held["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title></cp:coreProperties>"
        )
    return zipped(held | parts)


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip file of `files`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def _relations(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def p(
    text: str = "", *, style: str = "", use: str = "", level: int = 0, inside: str = "", before: str = ""
) -> str:
    """A paragraph: `text` in a run (or `inside` as it is), a style, a place in list `use`."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{use}"/></w:numPr>' if use else ""
    return f"<w:p><w:pPr>{properties}{before}</w:pPr>{inside or r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def levels(*rows: tuple[str, str], extra: dict[int, str] | None = None) -> str:
    """The levels of a list: (number format, text around the number)."""
    extra = extra or {}
    return "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{extra.get(i, "")}<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(rows)
    )


def abstract(identity: int, held: str) -> str:
    """An abstract list."""
    return f'<w:abstractNum w:abstractNumId="{identity}">{held}</w:abstractNum>'


def use(identity: int, of: int, start: int | None = None) -> str:
    """A use of an abstract list, with a start of its own when given."""
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        if start is not None
        else ""
    )
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'

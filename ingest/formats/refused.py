"""Kinds of files that nobody here reads: how each is known and what to do instead."""

from __future__ import annotations

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "is protected with a password; save it without one and ingest that."),
    ("WordDocument", "is an old Word or WPS file (.doc, .wps); save it as .docx and ingest that."),
    ("Workbook", "is an old Excel file (.xls, .et); save it as .xlsx and ingest that."),
    ("Book", "is an old Excel file (.xls); save it as .xlsx and ingest that."),
    ("PowerPoint Document", "is an old PowerPoint file (.ppt, .dps); save it as .pptx and ingest that."),
)
_OTHER_OLE = "is an old Office file; save it as .docx, .xlsx or .pptx and ingest that."
_HEADS = (
    (b"{\\rtf", "is a Rich Text file; save it as .docx and ingest that."),
    (b"MIME-Version:", "is a web archive; save the page as .html and ingest that."),
    (b"From: <Saved by", "is a web archive; save the page as .html and ingest that."),
    (b"Rar!", "is a rar archive; unpack it, or pack its files as .zip."),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it, or pack its files as .zip."),
    (b"\x1f\x8b", "is a gz archive; unpack it, or pack its files as .zip."),
)


def is_refused(head: bytes) -> bool:
    """Whether a file that begins with `head` is of a kind that is known and not read."""
    return head.startswith((_OLE, *(start for start, _ in _HEADS)))


def refusal(data: bytes, name: str) -> str:
    """The sentence for a file that `is_refused`."""
    if not data.startswith(_OLE):
        return f"{name} {next(sentence for start, sentence in _HEADS if data.startswith(start))}"
    return f"{name} {next((s for stream, s in _STREAMS if stream.encode('utf-16-le') in data), _OTHER_OLE)}"

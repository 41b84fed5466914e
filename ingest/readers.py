"""From a path to Documents: finding files, judging their type by content, reading what is in them.

A new format is one entry in `READERS`: a test on the first bytes and a function that makes a Document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from ingest.documents import Document, from_blocks
from ingest.encodings import decode, refuse_garbled
from ingest.errors import IngestError, Refusal
from ingest.formats.archives import members
from ingest.formats.delimited import delimited_grid
from ingest.formats.grids import TooLarge, table_blocks
from ingest.formats.html import read_html
from ingest.formats.office import office_kind, read_office
from ingest.formats.refused import is_refused, refusal
from ingest.paged.ocr import is_image, read_image
from ingest.paged.pdf import is_pdf, read_pdf

SUFFIXES = frozenset(
    {
        *(".txt", ".text", ".md", ".markdown"),
        *(".html", ".htm", ".xhtml"),
        *(".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".pptx", ".pptm", ".ppsx"),
        *(".csv", ".tsv", ".zip"),
        *(".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
        # Kinds that are refused with a sentence: better than passing them over in silence.
        *(
            ".doc",
            ".wps",
            ".xls",
            ".et",
            ".xlsb",
            ".ppt",
            ".dps",
            ".rtf",
            ".odt",
            ".ods",
            ".odp",
            ".mht",
            ".mhtml",
        ),
    }
)
"""Names that a folder walk picks up. A file named on its own is read whatever its name is."""
LIMIT_BYTES = 50 * 1024 * 1024
"""The largest file that is read unless a setting says otherwise."""
_HEAD = 4096
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|table)\b", re.I)
_PIECE = re.compile(rb"<(?:h[1-6]|p|div|ul|ol|section|article|main|font|center|span|style|script)\b", re.I)
_MARKDOWN = re.compile(rb"^ {0,3}#{1,6} |^```|\]\(|^---\s*$", re.M)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is known (by its first bytes) and read."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], Document]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: one document, or those of a zip file beside the files in it that could not be read."""

    documents: tuple[Document, ...] = ()
    refused: tuple[Refusal, ...] = ()


def _read_text(data: bytes, name: str) -> Document:
    text = decode(data, name)
    grid = delimited_grid(text, called_table=name.lower().endswith((".csv", ".tsv")))
    return Document(text=text, source=name) if grid is None else from_blocks(table_blocks(grid, 1), name)


def _read_office(data: bytes, name: str) -> Document:
    found = read_office(data, name)
    return from_blocks(found.blocks, name, found.title)


def _is_html(head: bytes) -> bool:
    start = re.sub(rb"^(?:<\?xml[^>]*>|<!--.*?-->|\s)+", b"", _plain(head), flags=re.S)
    if _PAGE.match(start):
        return True
    # A Markdown text may open with a tag too.
    return bool(_PIECE.match(start)) and start.count(b"</") >= 2 and not _MARKDOWN.search(start)


def _plain(head: bytes) -> bytes:
    """The first bytes without byte-order marks and the zeros of UTF-16."""
    return re.sub(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)", b"", head).replace(b"\0", b"")


def _read_html(data: bytes, name: str) -> Document:
    found = read_html(data, name)
    return replace(from_blocks(found.blocks, name, found.title), hidden=found.hidden)


def _read_pdf(data: bytes, name: str) -> Document:
    found = read_pdf(data, name)
    return replace(from_blocks(found.blocks, name), notes=found.notes)


def _read_image(data: bytes, name: str) -> Document:
    found = read_image(data, name)
    return replace(from_blocks(found.blocks, name), notes=found.notes)


def _refuse(data: bytes, name: str) -> Document:
    raise IngestError(refusal(data, name))


READERS: tuple[Reader, ...] = (
    Reader("office", lambda head: head.startswith(_ZIP), _read_office),
    Reader("pdf", is_pdf, _read_pdf),
    Reader("image", is_image, _read_image),
    Reader("refused", is_refused, _refuse),
    Reader("html", _is_html, _read_html),
    Reader("text", lambda head: True, _read_text),
)
"""Tried in this order; the text reader takes what is left and refuses what is not text."""


def read(path: Path, *, limit_bytes: int = LIMIT_BYTES) -> Document:
    """The document in the file at `path`. Raises IngestError (one sentence) when it cannot be read, or when it is a
    zip file of several documents: see `read_all`."""
    found = read_all(path, limit_bytes=limit_bytes)
    if len(found.documents) != 1:
        raise IngestError(
            found.refused[0].reason
            if found.refused and not found.documents
            else f"{path.name} holds {len(found.documents)} documents; unpack it and name one of them."
        )
    return found.documents[0]


def read_all(path: Path, *, limit_bytes: int = LIMIT_BYTES) -> Reading:
    """Every document in the file at `path`: several when it is a zip file, where a bad one does not stop the others.

    Raises IngestError (one sentence) when nothing of the file can be read or it is larger than `limit_bytes`.
    """
    data, name = _bytes(path, limit_bytes), name_of(path)
    if _is_archive(data, name):
        return _read_archive(data, name, nested=False)
    return Reading((read_bytes(data, name),))


def name_of(path: Path) -> str:
    """The name of a file as a text: what in it is not UTF-8 (an old disk's GBK) shows as �."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_bytes(data: bytes, name: str) -> Document:
    """The document in a file's bytes; `name` is its source. Raises IngestError when it cannot be read."""
    reader = next(r for r in READERS if r.recognises(data[:_HEAD]))
    try:
        document = reader.read(data, name)
    except IngestError:
        raise
    except TooLarge as error:
        raise IngestError(f"{name} {error}") from error
    except Exception as error:  # noqa: BLE001 - the libraries raise anything on damaged files
        _log.warning("file.unreadable", reader=reader.name, error=type(error).__name__)
        raise IngestError(
            f"{name} is broken or incomplete; open it in the program it comes from, save it again and ingest that."
        ) from error
    if document.blocks:
        refuse_garbled(document.text, name)
    if not any(c.isalnum() for c in document.text):
        raise IngestError(f"{name} holds no text; put the manual's text into it or leave it out.")
    return document


def _bytes(path: Path, limit_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise IngestError(f"{path} is a folder; name the files in it or use find_files.")
        if not path.exists():
            raise IngestError(f"{path} does not exist; check the path.")
        if not path.is_file():
            raise IngestError(f"{path} is no file that can be read (a device or a pipe); name a file.")
        size = path.stat().st_size
        if size > limit_bytes:
            raise IngestError(
                f"{path.name} is {size / 1e6:.1f} MB, more than the {limit_bytes / 1e6:.1f} MB allowed; split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise IngestError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error


def _is_archive(data: bytes, name: str) -> bool:
    return data.startswith(_EMPTY_ZIP) or (data.startswith(_ZIP) and not office_kind(data, name))


def _read_archive(data: bytes, name: str, *, nested: bool) -> Reading:
    documents: list[Document] = []
    refused: list[Refusal] = []
    for member in members(data, name):
        try:
            if member.refusal:
                raise IngestError(member.refusal)
            if not _is_archive(member.data, member.name):
                documents.append(read_bytes(member.data, member.name))
                continue
            if nested:
                raise IngestError(
                    f"{member.name} is a zip file in a zip file in a zip file; unpack it first."
                )
            inner = _read_archive(member.data, member.name, nested=True)
            documents += inner.documents
            refused += inner.refused
        except IngestError as error:
            refused.append(Refusal(member.name, str(error)))
    return Reading(tuple(documents), tuple(refused))


def is_manual(path: Path) -> bool:
    """Whether a folder walk would take this file, by its name."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files to ingest: named files as they are, folders walked for known suffixes, hidden ones left out.

    Sorted, each once. Raises IngestError when a path does not exist or nothing at all is found.
    """
    found: dict[Path, None] = {}
    named = list(paths)
    for path in named:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                hidden = any(part.startswith((".", "~$")) for part in inner.relative_to(path).parts)
                if not hidden and inner.is_file() and inner.suffix.lower() in SUFFIXES:
                    found[inner] = None
        elif path.exists():
            found[path] = None
        else:
            raise IngestError(f"{path} does not exist; check the path.")
    if not found:
        raise IngestError(
            f"No manual was found in {', '.join(map(str, named)) or 'nothing'}; name .docx, .pdf, .xlsx, .txt … files or a folder of them."
        )
    return sorted(found)

"""From a path to a Document: finding files, judging their type by content, reading their text.

A new format is one entry in `READERS`: a test on the first bytes and a function that makes a Document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.encodings import decode
from ingest.errors import IngestError

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text"})
"""Names that a folder walk picks up. A file named on its own is read whatever its name is."""
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file. `source` is the file's name without folders."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is known (by its first bytes) and read."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], Document]


def _read_text(data: bytes, name: str) -> Document:
    return Document(text=decode(data, name), source=name)


READERS: tuple[Reader, ...] = (Reader("text", lambda head: True, _read_text),)
"""Tried in this order; the text reader takes what is left and refuses what is not text."""


def read(path: Path) -> Document:
    """The document in the file at `path`. Raises IngestError (one sentence) when it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise IngestError(f"{path} does not exist; check the path.") from error
    except IsADirectoryError as error:
        raise IngestError(f"{path} is a folder; name the files in it or use find_files.") from error
    except OSError as error:
        raise IngestError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error
    reader = next(r for r in READERS if r.recognises(data[:_HEAD]))
    document = reader.read(data, path.name)
    if not any(c.isalnum() for c in document.text):
        raise IngestError(f"{path.name} holds no text; put the manual's text into it or leave it out.")
    return document


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files to ingest: named files as they are, folders walked for known suffixes, hidden ones left out.

    Sorted, each once. Raises IngestError when a path does not exist or nothing at all is found.
    """
    found: dict[Path, None] = {}
    named = list(paths)
    for path in named:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in inner.relative_to(path).parts)
                if not hidden and inner.is_file() and inner.suffix.lower() in SUFFIXES:
                    found[inner] = None
        elif path.exists():
            found[path] = None
        else:
            raise IngestError(f"{path} does not exist; check the path.")
    if not found:
        raise IngestError(
            f"No manual was found in {', '.join(map(str, named)) or 'nothing'}; name .txt or .md files or a folder of them."
        )
    return sorted(found)

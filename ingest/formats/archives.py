"""Zip files of manuals: what is in them, each with its own name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.errors import IngestError
from ingest.formats.packages import open_zip, unpack

_MOST_FILES = 1000
_OF_THE_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX(?:/|$)|\.(?!\.?/)|Thumbs\.db$|desktop\.ini$|~\$)", re.I)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip file: its name without folders (with them where two are called the same), its bytes or why not."""

    name: str
    data: bytes = b""
    refusal: str = ""


def members(data: bytes, name: str) -> Iterator[Member]:
    """The files in the zip file `data`, in order; what the system put there is left out.

    Raises IngestError when the zip file itself is broken, would burst or holds too many files.
    """
    archive = open_zip(data, name)
    found = [
        (file, path)
        for file in archive.infolist()
        if not file.is_dir() and not _OF_THE_SYSTEM.search(path := _path(file))
    ]
    if not found:
        raise IngestError(f"{name} holds no files; put the manuals into it or leave it out.")
    if len(found) > _MOST_FILES:
        raise IngestError(
            f"{name} holds {len(found)} files; split it into zip files of {_MOST_FILES} at most."
        )
    names = [PurePosixPath(path).name for _, path in found]
    for file, path in found:
        short = PurePosixPath(path).name
        shown = short if names.count(short) == 1 else path
        if _escapes(path):
            yield Member(
                short, refusal=f"{short} in {name} has a path that leads out of the zip file; pack it anew."
            )
            continue
        try:
            yield Member(shown, unpack(archive, file, f"{shown} in {name}"))
        except IngestError as error:
            yield Member(shown, refusal=str(error))


def _path(file: zipfile.ZipInfo) -> str:
    """A member's path: UTF-8 where it says so; else what Chinese Windows wrote, GBK, or Big5."""
    path = file.filename
    if not file.flag_bits & 0x800:
        try:
            raw = path.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030", "big5hkscs"):
            try:
                path = raw.decode(encoding) or path
                break
            except UnicodeDecodeError:
                continue
    return path.replace("\\", "/")


def _escapes(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.is_absolute() or ".." in parts.parts or bool(re.match(r"[A-Za-z]:", path))

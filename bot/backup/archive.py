"""The file of a backup: a zip with one `.jsonl` per table, the settings files, and a manifest with every part's hash.

```
manifest.json              format, when and by which version it was made, schema revisions, parts
tables/NAME.jsonl          one row a line, values in the order of the manifest's columns
settings/people.toml …     as they lie below the data folder
```
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from zlib import error as ZlibError

from pydantic import BaseModel, ConfigDict

from bot.backup.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
_MOST_MANIFEST = 4 << 20
_CHUNK = 1 << 20

_UNREADABLE = (zipfile.BadZipFile, ZlibError, KeyError, EOFError, ValueError, RuntimeError, OSError)
"""What a zip with a changed bit raises while it is read: NotImplementedError and "encrypted" are RuntimeErrors."""

Row = list[Any]
Told = Callable[[str, int], None]
"""Called with a table's name and its rows so far."""


class Part(BaseModel):
    """One file of the archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Path in the archive."""
    sha256: str
    bytes: int
    rows: int | None = None
    columns: tuple[str, ...] = ()
    """Of a table."""

    @property
    def table(self) -> str:
        """Name of the table whose rows it holds; empty for a settings file."""
        return Path(self.name).stem if self.rows is not None else ""


class Manifest(BaseModel):
    """What an archive says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made_at: datetime
    version: str
    """Of the program that made it."""
    revisions: dict[str, str]
    """Version table → schema revision of the rows."""
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(part.rows or 0 for part in self.parts)


class Writing:
    """An archive on its way; see `write`."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._parts: list[Part] = []

    def table(self, name: str, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
        """Add the rows of a table; how many there were."""
        digest, size, count = hashlib.sha256(), 0, 0
        path = f"tables/{name}.jsonl"
        with self._file.open(path, "w", force_zip64=True) as out:
            for row in rows:
                line = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
                digest.update(line)
                size += len(line)
                count += 1
                out.write(line)
        self._parts.append(
            Part(name=path, sha256=digest.hexdigest(), bytes=size, rows=count, columns=columns)
        )
        return count

    def settings(self, name: str, content: bytes) -> None:
        """Add a settings file (path below the data folder)."""
        path = f"settings/{name}"
        self._file.writestr(path, content)
        self._parts.append(Part(name=path, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content)))

    def end(self, version: str, revisions: dict[str, str]) -> None:
        """Write the manifest."""
        manifest = Manifest(
            format=FORMAT,
            made_at=datetime.now(UTC),
            version=version,
            revisions=revisions,
            parts=tuple(self._parts),
        )
        self._file.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def write(path: Path) -> Iterator[Writing]:
    """A new archive at `path`, which is there only when it is whole. Raises BackupError when something is there."""
    if path.exists():
        raise BackupError(f"{path} is there already; give another name, or move it away.")
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f".{path.name}.{os.getpid()}.partial")
    # For the owner alone: it holds what people asked and reported.
    handle = os.open(begun, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
                yield Writing(file)
            raw.flush()
            os.fsync(raw.fileno())
        begun.rename(path)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


class Archive:
    """An archive that was opened; see `read`."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self.manifest = self._manifest()

    def _manifest(self) -> Manifest:
        try:
            with self._file.open(MANIFEST) as part:
                raw = json.loads(part.read(_MOST_MANIFEST))
            if isinstance(raw, dict) and raw.get("format", 0) > FORMAT:
                raise BackupError(
                    f"{self._path} was made by a newer Kefu Desk ({raw.get('version')}); update this one first."
                )
            return Manifest.model_validate(raw)
        except _UNREADABLE as error:  # pydantic's is a ValueError
            raise BackupError(
                f"{self._path} is not a backup of Kefu Desk; give a file that `kefu backup` made."
            ) from error

    def check(self) -> Manifest:
        """Read every part and compare it with its hash. Raises BackupError naming the first that differs."""
        for part in self.manifest.parts:
            digest = hashlib.sha256()
            for chunk in self._chunks(part):
                digest.update(chunk)
            if digest.hexdigest() != part.sha256:
                raise self._damaged(part.name)
        return self.manifest

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of a table. Raises BackupError when they cannot be read."""
        with self._opened(part) as lines:
            for line in lines:
                row = json.loads(line)
                if not isinstance(row, list) or len(row) != len(part.columns):
                    raise self._damaged(part.name)
                yield row

    def content(self, part: Part) -> bytes:
        """A settings file."""
        return b"".join(self._chunks(part))

    def _chunks(self, part: Part) -> Iterator[bytes]:
        with self._opened(part) as stream:
            left = part.bytes
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:  # more than it said: no zip bomb is unpacked here
                    raise self._damaged(part.name)
                yield chunk

    @contextmanager
    def _opened(self, part: Part) -> Iterator[IO[bytes]]:
        try:
            with self._file.open(part.name) as stream:
                yield stream
        except _UNREADABLE as error:
            raise self._damaged(part.name) from error

    def _damaged(self, name: str) -> BackupError:
        return BackupError(f"{self._path} is damaged ({name} is not what was saved); use another backup.")


@contextmanager
def read(path: Path) -> Iterator[Archive]:
    """An archive. Raises BackupError when it is none."""
    try:
        file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise
    except _UNREADABLE as error:
        raise BackupError(
            f"{path} is not a backup of Kefu Desk, or only half of one; give a file that `kefu backup` made."
        ) from error
    with file:
        yield Archive(path, file)

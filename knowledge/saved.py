"""Where pictures lie: folders that come into being whole, and go when a later one is there.

    index/live-<model>-<generation>-<token>/    a picture (see `knowledge.index`)
    index/<token>.part/                         one in the making

A picture is written beside the others and gets its name when it is whole, so a process that dies leaves the old
picture or the new one. Whoever has a picture open keeps it after its folder is gone: the system frees mapped files
only when nobody maps them any more. All of it is derived: it may be deleted at any time, and is made again from
the stores when it is missing, damaged, or of another format or reading.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from knowledge.errors import StoreUnavailable
from knowledge.index import LiveIndex

_LEFT_AFTER = 3600.0
"""Seconds without a write after which nobody is still making a picture."""
_TRIES = 50
"""Times that a picture which vanishes while it is opened (a later one came) is looked for anew."""
_PAUSE = 0.01
"""Seconds between them."""


class SavedPictures:
    """The pictures of one embedding model in a folder. Safe for many processes."""

    def __init__(self, folder: Path, model: str) -> None:
        """`folder` is made when the first picture is."""
        self._folder = folder
        self._name = f"live-{model.replace('/', '-')}"

    def newest(self) -> LiveIndex | None:
        """The picture of the newest generation that is whole; None when there is none."""
        for _ in range(_TRIES):
            vanished = False
            # A folder read while entries come and go may show neither the old one nor the new one.
            for generation, path in self._all() or self._all():
                try:
                    return LiveIndex.opened(path, generation)
                except (OSError, ValueError, KeyError, TypeError):
                    vanished |= not path.exists()
            if not vanished:
                break
            time.sleep(_PAUSE)
        return None

    @contextmanager
    def making(self) -> Iterator[Path]:
        """An empty folder to make a picture in; what is not kept is gone at the end.

        Raises StoreUnavailable when it cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=self._folder, suffix=".part"))
            try:
                yield part
            finally:
                shutil.rmtree(part, ignore_errors=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The search index could not be written to {self._folder} ({error.strerror or error}); "
                "make room there or correct its permissions."
            ) from error

    def keep(self, part: Path, generation: int) -> None:
        """Let the picture made in `part` be the one of a generation; older ones go."""
        kept = part.rename(self._folder / f"{self._name}-{generation}-{secrets.token_hex(4)}")
        self._clear(kept, generation)

    def renumbered(self, index: LiveIndex, generation: int) -> LiveIndex:
        """The same picture under a newer generation, when nothing in it has changed."""
        for number, path in self._all():
            if number == index.generation:
                with suppress(OSError):  # another process was quicker
                    path.rename(self._folder / f"{self._name}-{generation}-{secrets.token_hex(4)}")
        return replace(index, generation=generation)

    def _all(self) -> list[tuple[int, Path]]:
        """(generation, folder) of every picture, newest first."""
        form = re.compile(re.escape(self._name) + r"-(\d+)-[0-9a-f]{8}")
        matches = ((form.fullmatch(path.name), path) for path in self._folder.glob("live-*"))
        return sorted(((int(match[1]), path) for match, path in matches if match), reverse=True)

    def _clear(self, kept: Path, generation: int) -> None:
        """Remove pictures of earlier generations, and what dead processes or earlier formats left."""
        for number, path in self._all():
            if path != kept and (number < generation or _old(path)):
                # Away at one stroke, or who opens it just now would take it for damaged.
                with suppress(OSError):  # another process was quicker
                    shutil.rmtree(path.rename(path.with_name(f"{path.name}.part")), ignore_errors=True)
        for part in self._folder.glob("*.part"):
            if _old(part):
                shutil.rmtree(part, ignore_errors=True)
        (self._folder / f"{self._name}.npz").unlink(missing_ok=True)  # formats up to 5


def _old(path: Path) -> bool:
    """Whether nobody has written there for long."""
    with suppress(OSError):
        written = max(entry.stat().st_mtime for entry in (path, *path.rglob("*")))
        return time.time() - written > _LEFT_AFTER
    return False  # it is going just now

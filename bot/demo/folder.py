"""The demo's data folder: made fresh, never at the cost of somebody's real data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.startup import StartupError

_MARK = ".kefu-demo"
"""The lock file; its presence also says that the folder is the demo's own and may be emptied."""


@contextmanager
def demo_home(path: Path, *, keep: bool) -> Iterator[Path]:
    """The folder, locked for as long as it is used, and emptied first unless `keep`.

    Raises StartupError: another demo uses it, it holds something else, or it cannot be written.
    """
    path = path.expanduser().absolute()
    mark = path / _MARK
    if path.exists() and not path.is_dir():
        raise StartupError(f"{path} is a file; choose a folder with --home.")
    if path.exists() and any(path.iterdir()) and not mark.exists():
        raise StartupError(f"{path} holds other files and is left alone; choose an empty folder with --home.")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartupError(f"The folder {path} cannot be made: {error.strerror}.") from error
    lock = FileLock(mark)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StartupError(
            f"Another demo is running in {path}; stop it first or choose another folder with --home."
        ) from error
    except OSError as error:
        raise StartupError(f"The folder {path} cannot be written: {error.strerror}.") from error
    try:
        mark.touch()  # some systems make the lock file only when it is written
        if not keep:
            _empty(path)
        yield path
    finally:
        lock.release()


def _empty(path: Path) -> None:
    for entry in path.iterdir():
        if entry.name == _MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()

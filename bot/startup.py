"""What keeps the bot from starting, said in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StartupError(Exception):
    """Something that is needed to start cannot be used; `str()` says what to do about it."""


BOT_LOCK = "bot.lock"
"""In the data folder of a bot that has it for itself, while it runs."""
MARKER = "moved-to-servers"
"""In a data folder whose house was moved: a bot that starts on it would go on with what nobody looks at any more."""
_PATIENCE = 15.0
"""Seconds; a bot that was told to stop may take ten."""


def make_home(home: Path) -> None:
    """The data folder, for its owner alone: what people asked and reported lies in it. One that is there stays as it is."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Be the only bot on a data folder. Raises StartupError when another one runs there, or the house was moved away."""
    from filelock import FileLock, Timeout

    moved = home / MARKER
    if moved.exists():
        raise StartupError(f"The house in {home} was moved: {moved.read_text('utf-8').strip()}")
    make_home(home)
    try:
        with FileLock(home / BOT_LOCK, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise StartupError(
            f"Another bot runs on the data folder {home}, or it is just being moved; stop it first."
        ) from error

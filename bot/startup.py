"""What keeps the bot from starting, said in one sentence."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
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


def when_told(end: Callable[[], None]) -> None:
    """Call `end` at each Ctrl-C and SIGTERM, in a thread of its own.

    Not in a signal handler: Python runs those in the main thread, in the middle of whatever it does. One that came while
    the main thread was just taking the lock of the event that it waits for would have waited for that lock for ever, and
    one that came during a long call of a C library would have been heard after it. Here Python's own handler writes a
    byte at once.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def listen() -> None:
        while said := os.read(heard, 1):
            if said[0] in (signal.SIGINT, signal.SIGTERM):
                end()

    threading.Thread(target=listen, name="signals", daemon=True).start()


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

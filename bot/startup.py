"""What keeps the bot from starting, said in one sentence."""

from __future__ import annotations


class StartupError(Exception):
    """Something that is needed to start cannot be used; `str()` says what to do about it."""

"""What keeps a backup from being made or put back."""

from __future__ import annotations

from bot.startup import StartupError


class BackupError(StartupError):
    """A backup cannot be made, is not whole, or cannot be put back here; `str()` says what to do about it."""

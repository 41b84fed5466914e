"""What can go wrong while a file becomes manuals."""

from __future__ import annotations

from dataclasses import dataclass


class IngestError(Exception):
    """A file cannot be taken in. The message is one clear sentence that says what to do about it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and one sentence why."""

    source: str
    reason: str

"""What can go wrong while a file becomes manuals."""

from __future__ import annotations


class IngestError(Exception):
    """A file cannot be taken in. The message is one clear sentence that says what to do about it."""

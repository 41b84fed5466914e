"""What can go wrong with manuals; each message is one sentence that a person can act on."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of the errors of this package; `str()` is fit for users."""


class StoreUnavailable(KnowledgeError):
    """The database or the vector store cannot be opened, is locked, or is of another version."""


class StoreBusy(StoreUnavailable):
    """Another process of the product holds the data folder: it can do the work instead."""


class EmbedderUnavailable(StoreUnavailable):
    """The server that makes vectors does not answer, refuses, or has another model than the one whose vectors are stored.

    `retry_after` is in seconds, only when the server gave it.
    """

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class EditionStateError(KnowledgeError):
    """An edition cannot go where it was sent: it is not staged any more, was never live, or is unknown."""


class EditionOutdated(EditionStateError):
    """What the admin looked at is not what would be replaced: something newer was staged or published since."""


class ConflictError(KnowledgeError):
    """A conflict does not exist, or cannot be settled in this way."""

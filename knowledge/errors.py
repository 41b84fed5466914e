"""What can go wrong with manuals; each message is one sentence that a person can act on."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of the errors of this package; `str()` is fit for users."""


class StoreUnavailable(KnowledgeError):
    """The database or the vector store cannot be opened, is locked, or is of another version."""


class EditionStateError(KnowledgeError):
    """An edition was published or discarded that is not staged any more."""


class ConflictError(KnowledgeError):
    """A conflict does not exist, or cannot be settled in this way."""

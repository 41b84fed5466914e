"""How to reach a customer: the one thing that is kept unmasked, apart and encrypted (`tickets.contact_desk`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """What a call-back needs. Never logged, never put into a search index, a model or a channel."""

    name: str = ""
    phone: str = ""
    address: str = ""
    other: str = ""
    """E-mail, WeChat and the like."""

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.address, self.other))

    def __repr__(self) -> str:
        """Without its content: a value that ends up in a log says nothing."""
        return "Contact(***)"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a contact."""

    person_id: str
    at: datetime
    reason: str = ""

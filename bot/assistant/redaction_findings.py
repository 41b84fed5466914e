"""What redaction finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What kind of private data."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_CARD = "bank_card"
    ADDRESS = "address"
    PLATE = "plate"
    EMAIL = "email"
    WECHAT = "wechat"
    """WeChat, QQ and other messenger ids."""
    SECRET = "secret"  # noqa: S105 (a kind, not a password)
    """Passwords and verification codes."""
    NAME = "name"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class Finding:
    """A private piece of a text and what to write instead of it."""

    kind: FindingKind
    start: int
    end: int
    masked: str

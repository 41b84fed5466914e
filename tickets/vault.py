"""Sealing how to reach a customer, and telling whether two contacts are the same customer without reading them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tickets.contacts import Contact
from tickets.errors import ContactsLocked

_PURPOSE = b"kefu customer lookup"
_LEAST_DIGITS = 7


def new_key() -> str:
    """A fresh key, as it goes into `KEFU_CONTACT_KEY`."""
    return Fernet.generate_key().decode("ascii")


class Vault:
    """Seals with the first key and opens with any of them, so that keys can be changed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are Fernet keys (AES-128 in CBC mode with HMAC-SHA256), the current one first.

        Raises ContactsLocked when there is none, or one that is no such key.
        """
        if not keys:
            raise ContactsLocked(
                "No key is set: put one into KEFU_CONTACT_KEY (`kefu privacy key` makes one)."
            )
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ContactsLocked(
                "KEFU_CONTACT_KEY is not a key: it has 44 characters (`kefu privacy key` makes one)."
            ) from error
        self._lookup_keys = [hmac.digest(key.encode("ascii"), _PURPOSE, "sha256") for key in keys]

    def seal(self, contact: Contact) -> bytes:
        """The contact, encrypted and signed; two sealings of one contact look different."""
        return self._fernet.encrypt(json.dumps(asdict(contact), ensure_ascii=False).encode("utf-8"))

    def open(self, sealed: bytes) -> Contact:
        """The contact. Raises ContactsLocked when it was sealed with another key, or changed since."""
        try:
            return Contact(**json.loads(self._fernet.decrypt(sealed)))
        except InvalidToken as error:
            raise ContactsLocked(
                "The contact cannot be opened: it was sealed with a key that is not in KEFU_CONTACT_KEY."
            ) from error

    def lookups(self, contact: Contact) -> list[str]:
        """Keyed hashes by which a customer is known again, with the current key first; empty without a phone number
        (or, without one, another address such as an e-mail).

        A keyed hash and not a plain one: there are few enough phone numbers to try them all.
        """
        identity = _identity(contact)
        if not identity:
            return []
        return [hmac.new(key, identity.encode(), hashlib.sha256).hexdigest() for key in self._lookup_keys]


def _identity(contact: Contact) -> str:
    """What stays the same however somebody writes it: the digits of a number without the country code."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", contact.phone))
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
    if len(digits) >= _LEAST_DIGITS:
        return f"phone:{digits}"
    other = "".join(unicodedata.normalize("NFKC", contact.other).split()).casefold()
    return f"other:{other}" if other else ""

"""How to reach customers, reached as `desk.contacts`: kept encrypted, shown on demand with each look recorded, erased
after its time. Every method is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from tickets import contact_keeping, contact_subjects, rules
from tickets.contacts import Contact, Look
from tickets.errors import ContactsLocked, NotAllowed, NotFound, Refusal
from tickets.people import People, Person
from tickets.transaction import reading, writing
from tickets.vault import Vault

log = structlog.get_logger(__name__)


class ContactDesk:
    """Customers' contact details. Safe between threads and processes."""

    def __init__(
        self,
        engine: Engine,
        people: People,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        vault: Vault | None = None,
    ) -> None:
        """Without a vault nothing can be kept or shown; erasing still works."""
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone
        self._vault = vault

    @property
    def vault(self) -> Vault | None:
        """What seals contacts; None when no key is set."""
        return self._vault

    def _unlocked(self) -> Vault:
        if self._vault is None:
            raise ContactsLocked(contact_keeping.NO_KEY)
        return self._vault

    def keep(self, actor: Person, subject: str, contact: Contact) -> str:
        """Keep how to reach the customer of a subject (`ticket:7`); the id of the customer.

        Whoever may look may also change it. Raises ContactsLocked, InvalidInput, NotFound, NotAllowed.
        """
        vault = self._unlocked()
        contact_keeping.check(contact)
        with writing(self._engine, self._clock(), self._zone) as tx:
            self._require(tx.session, actor, subject)
            customer = contact_keeping.keep(tx, vault, actor.id, subject, contact)
        log.info("contact.kept", subject=subject)
        return customer

    def look(self, actor: Person, subject: str, reason: str = "") -> Contact:
        """Show the contact of a subject to its owner or their superior; the look is recorded.

        Raises NotAllowed, NotFound (none is kept), ContactsLocked.
        """
        vault = self._unlocked()
        with writing(self._engine, self._clock(), self._zone) as tx:
            self._require(tx.session, actor, subject)
            return contact_keeping.look(tx, vault, actor, subject, reason)

    def may_look(self, actor: Person, subject: str) -> bool:
        """Whether `look` would let this person see it (to hide a button)."""
        with reading(self._engine) as session:
            return self._allowed(session, actor, subject)

    def _require(self, session: contact_subjects.Session, actor: Person, subject: str) -> None:
        if not self._allowed(session, actor, subject):
            raise NotAllowed(rules.Action.SEE_CONTACT, actor.role, Refusal.NOT_YOURS)

    def _allowed(self, session: contact_subjects.Session, actor: Person, subject: str) -> bool:
        holders = contact_subjects.holders(session, subject, self._people)
        return any(
            actor.id == holder or rules.leads(self._people, actor, self._people.get(holder))
            for holder in holders
        )

    def kept(self, subject: str) -> bool:
        """Whether a contact is kept for a subject."""
        with reading(self._engine) as session:
            return bool(contact_keeping.kept(session, [subject]))

    def subject(self, number: str) -> str:
        """The subject with a number for people; NotFound."""
        with reading(self._engine) as session:
            found = contact_subjects.by_number(session, number.strip())
        if not found:
            raise NotFound("record", number)
        return found

    def looks(self, subject: str) -> list[Look]:
        """Who looked, oldest first."""
        with reading(self._engine) as session:
            return contact_keeping.looks(session, subject)

    def known_customer(self, contact: Contact) -> str:
        """The id of a customer who was in touch before; empty when not, or without a vault."""
        if self._vault is None:
            return ""
        with reading(self._engine) as session:
            return contact_keeping.known_customer(session, self._vault, contact)

    # -- erasing -----------------------------------------------------------------------------------

    def purge(self, keep_for: timedelta) -> list[str]:
        """Erase the contacts of matters that ended longer ago than this; their subjects."""
        now = self._clock()
        with writing(self._engine, now, self._zone) as tx:
            due = [
                subject
                for subject, kept_at in contact_keeping.all_kept(tx.session)
                if (ended := contact_subjects.ended_at(tx.session, subject)) is not None
                and max(ended, kept_at) <= now - keep_for
            ]
            erased = contact_keeping.erase(tx, "", due, "retention") if due else []
        if erased:
            log.info("contacts.purged", count=len(erased))
        return erased

    def erase(self, actor: Person, customer: str) -> list[str]:
        """Erase all that is kept of a customer, who is named by phone number, by the number of one of their tickets
        or records, or by customer id; the subjects. Raises NotAllowed, NotFound, and ContactsLocked when a phone
        number is given and there is no key to find it by.
        """
        rules.require(actor, rules.Action.ERASE_CONTACTS)
        with writing(self._engine, self._clock(), self._zone) as tx:
            found = self._find(tx.session, customer.strip())
            subjects = contact_keeping.subjects_of(tx.session, found) if found else []
            if not subjects:
                raise NotFound("customer", "…")  # never the number itself: errors are logged
            erased = contact_keeping.erase(tx, actor.id, subjects, "asked for")
        log.info("contacts.erased", count=len(erased))
        return erased

    def _find(self, session: contact_subjects.Session, customer: str) -> str:
        subject = contact_subjects.by_number(session, customer)
        if subject:
            return contact_keeping.customer_of(session, subject)
        if contact_keeping.subjects_of(session, customer):
            return customer
        for contact in (Contact(phone=customer), Contact(other=customer)):
            found = contact_keeping.known_customer(session, self._unlocked(), contact)
            if found:
                return found
        return ""

    def reseal(self, actor: Person) -> int:
        """Seal everything with the current key, after a change of keys; how many. NotAllowed, ContactsLocked."""
        rules.require(actor, rules.Action.ERASE_CONTACTS)
        with writing(self._engine, self._clock(), self._zone) as tx:
            return contact_keeping.reseal(tx, self._unlocked(), actor.id)

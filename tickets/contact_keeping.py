"""Keeping, showing and erasing contacts, inside a transaction of the desk.

What is kept hangs on a subject (`ticket:7`, `escalation:3`, `record:12`). A customer is a random id that tells
nothing; only the vault's key finds it from a phone number, so that erasing a customer leaves tickets whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tickets.contacts import Contact, Look
from tickets.errors import ContactsLocked, InvalidInput, NotFound
from tickets.models import AuditRow, ContactRow, CustomerRow
from tickets.people import Person
from tickets.transaction import Transaction
from tickets.vault import Vault

LOOKED = "contact.looked"
MAX_PART = 500
NO_KEY = (
    "Contact details cannot be kept or shown: KEFU_CONTACT_KEY is not set (`kefu privacy key` makes a key)."
)


def keep(tx: Transaction, vault: Vault, actor_id: str, subject: str, contact: Contact) -> str:
    """Seal a contact for a subject, in place of what was kept for it; the id of its customer."""
    customer = _customer(tx, vault, contact)
    row = tx.session.get(ContactRow, subject)
    if row is None:
        row = ContactRow(subject=subject)
        tx.session.add(row)
    row.customer_id, row.sealed = customer, vault.seal(contact)
    row.kept_by, row.kept_at, row.erased_at = actor_id, tx.now, None
    tx.session.flush()
    tx.record(actor_id, "contact.kept", subject, {"customer": customer})
    return customer


def keeper(vault: Vault) -> Callable[[Transaction, Person, str, Contact], None]:
    """`keep` for parts of the desk that hold a transaction already."""

    def kept(tx: Transaction, actor: Person, subject: str, contact: Contact) -> None:
        keep(tx, vault, actor.id, subject, contact)

    return kept


def keep_first(tx: Transaction, vault: Vault | None, actor_id: str, subject: str, contact: Contact) -> None:
    """Keep a contact with a record that this transaction makes; what is kept for it already stays (a form that was
    sent twice). Raises ContactsLocked without a vault, InvalidInput.
    """
    check(contact)
    if vault is None:
        raise ContactsLocked(NO_KEY)
    if not kept(tx.session, [subject]):
        keep(tx, vault, actor_id, subject, contact)


def check(contact: Contact) -> None:
    """Raise InvalidInput for an empty contact, or a part that is too long."""
    if not contact:
        raise InvalidInput("contact", "The contact is empty: give a name, a phone number or an address.")
    for value in (contact.name, contact.phone, contact.address, contact.other):
        if len(value) > MAX_PART:
            raise InvalidInput("contact", f"A part of the contact is longer than {MAX_PART} characters.")


def known_customer(session: Session, vault: Vault, contact: Contact) -> str:
    """The id of a customer who was in touch before; empty when not."""
    found = session.scalars(
        select(CustomerRow.id).where(CustomerRow.lookup.in_(vault.lookups(contact)))
    ).first()
    return found or ""


def _customer(tx: Transaction, vault: Vault, contact: Contact) -> str:
    known = known_customer(tx.session, vault, contact)
    if known:
        return known
    lookups = vault.lookups(contact)
    row = CustomerRow(id=secrets.token_hex(8), lookup=lookups[0] if lookups else None, created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row.id


def look(tx: Transaction, vault: Vault, actor: Person, subject: str, reason: str) -> Contact:
    """The contact, for somebody who may see it; that they looked is recorded. NotFound, ContactsLocked."""
    contact = vault.open(_sealed(tx.session, subject))
    tx.record(actor.id, LOOKED, subject, {"reason": reason, "role": actor.role.value})
    return contact


def _sealed(session: Session, subject: str) -> bytes:
    row = session.get(ContactRow, subject)
    if row is None or row.sealed is None:
        raise NotFound("contact", subject)
    return row.sealed


def kept(session: Session, subjects: Sequence[str]) -> set[str]:
    """Those of the subjects that a contact is kept for."""
    query = select(ContactRow.subject).where(ContactRow.subject.in_(subjects), ContactRow.erased_at.is_(None))
    return set(session.scalars(query))


def looks(session: Session, subject: str) -> list[Look]:
    """Who looked at a contact, oldest first."""
    query = select(AuditRow).where(AuditRow.subject == subject, AuditRow.action == LOOKED)
    rows = session.scalars(query.order_by(AuditRow.id))
    return [Look(row.actor_id, row.at, str(row.details.get("reason", ""))) for row in rows]


def erase(tx: Transaction, actor_id: str, subjects: Sequence[str], why: str) -> list[str]:
    """Erase the contacts of these subjects for good; those that there were. Customers without any left are forgotten."""
    query = select(ContactRow).where(ContactRow.subject.in_(subjects), ContactRow.erased_at.is_(None))
    rows = list(tx.session.scalars(query.with_for_update()))
    for row in rows:
        row.sealed, row.erased_at = None, tx.now
        tx.record(actor_id, "contact.erased", row.subject, {"why": why})
    tx.session.flush()
    _forget(tx.session, {row.customer_id for row in rows})
    return [row.subject for row in rows]


def _forget(session: Session, customers: set[str]) -> None:
    """Drop the keyed hash of customers of whom nothing is kept any more."""
    held = select(ContactRow.customer_id).where(ContactRow.erased_at.is_(None))
    session.execute(
        update(CustomerRow)
        .where(CustomerRow.id.in_(customers), CustomerRow.id.not_in(held))
        .values(lookup=None)
    )


def subjects_of(session: Session, customer: str) -> list[str]:
    """What contacts of a customer are kept for."""
    query = select(ContactRow.subject).where(
        ContactRow.customer_id == customer, ContactRow.erased_at.is_(None)
    )
    return list(session.scalars(query.order_by(ContactRow.kept_at)))


def customer_of(session: Session, subject: str) -> str:
    """The customer whose contact was kept for a subject, also when it is erased by now; empty when none was."""
    row = session.get(ContactRow, subject)
    return row.customer_id if row else ""


def all_kept(session: Session) -> list[tuple[str, datetime]]:
    """Every subject that a contact is kept for, and since when."""
    query = select(ContactRow.subject, ContactRow.kept_at).where(ContactRow.erased_at.is_(None))
    return [(subject, at) for subject, at in session.execute(query.order_by(ContactRow.kept_at))]


def reseal(tx: Transaction, vault: Vault, actor_id: str) -> int:
    """Seal everything with the current key; how many. Raises ContactsLocked when something opens with no key."""
    rows = list(tx.session.scalars(select(ContactRow).where(ContactRow.erased_at.is_(None))))
    for row in rows:
        if row.sealed is None:
            continue
        contact = vault.open(row.sealed)
        row.sealed = vault.seal(contact)
        lookups = vault.lookups(contact)
        customer = tx.session.get(CustomerRow, row.customer_id)
        if customer is not None and lookups:
            customer.lookup = lookups[0]
    tx.record(actor_id, "contacts.resealed", "contacts", {"count": len(rows)})
    return len(rows)

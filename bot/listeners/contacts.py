"""Looking at how to reach a customer: shown to one reader, and recorded."""

from __future__ import annotations

from collections.abc import Mapping

from slack_bolt import Args

from bot.assistant.redaction_contacts import contacts as contacts_in
from bot.blocks import contacts
from bot.blocks.references import SubjectRef
from bot.listeners import places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.contacts import Contact


def on_look(shared: Shared, args: Args) -> None:
    """Show it to whoever pressed the button and nobody else."""
    args.ack()
    place = places.of_interaction(args.body)
    subject = SubjectRef.load(str(args.body["actions"][0].get("value") or "")).subject
    contact = shared.services.desk.contacts.look(shared.person(place.user), subject)
    words = shared.words(place.user)
    # Ephemeral also in a DM: what Slack does not keep needs no erasing there.
    shared.client.chat_postEphemeral(
        channel=place.channel,
        user=place.user,
        text=words("contact.title"),
        blocks=contacts.shown(contact, words),
        thread_ts=place.thread_ts or None,
    )


def told(text: str) -> Contact | None:
    """How to reach the customer as far as somebody wrote it, unmasked: for the form of whoever wrote it, from where it
    goes to the vault.
    """
    found = contacts_in(text)
    contact = Contact(
        name=found.name,
        phone=", ".join(found.phones),
        address=found.address,
        other=", ".join([*found.emails, *found.others]),
    )
    return contact or None


def typed(given: Mapping[str, str]) -> Contact | None:
    """The contact out of a submitted form, unmasked; None when none was typed."""
    contact = Contact(
        name=given.get(contacts.NAME, ""),
        phone=given.get(contacts.PHONE, ""),
        address=given.get(contacts.ADDRESS, ""),
        other=given.get(contacts.OTHER, ""),
    )
    return contact or None


LISTENERS = (Listener(Kind.ACTION, contacts.LOOK, on_look),)

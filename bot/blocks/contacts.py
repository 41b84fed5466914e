"""How to reach a customer: the inputs of forms, and what whoever may see it is shown."""

from __future__ import annotations

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.references import SubjectRef
from bot.blocks.wording import Words
from tickets.contacts import Contact

LOOK = "contact_look"
NAME = "contact_name"
PHONE = "contact_phone"
ADDRESS = "contact_address"
OTHER = "contact_other"
FIELDS = (NAME, PHONE, ADDRESS, OTHER)


def inputs(words: Words, known: Contact | None = None, hint: str = "") -> list[Block]:
    """The inputs for a contact, all optional; what is typed there goes to the vault and nowhere else."""
    known = known or Contact()
    initial = {NAME: known.name, PHONE: known.phone, ADDRESS: known.address, OTHER: known.other}
    return [
        views.text_field(
            field,
            words(f"contact.{field.removeprefix('contact_')}"),
            initial=initial[field],
            hint=(hint or words("contact.sealed_hint")) if field == NAME else "",
            multiline=False,
            optional=True,
        )
        for field in FIELDS
    ]


def button(subject: str, words: Words) -> Block:
    """The button that shows the contact of a subject to whoever may see it."""
    return parts.button(words("contact.look"), LOOK, SubjectRef(subject=subject).dump())


def shown(contact: Contact, words: Words) -> list[Block]:
    """The contact, for one reader."""
    rows = [
        (words("contact.name"), contact.name),
        (words("contact.phone"), contact.phone),
        (words("contact.address"), contact.address),
        (words("contact.other"), contact.other),
    ]
    return [
        parts.rich(parts.lines(*[parts.labelled(label, value) for label, value in rows if value])),
        parts.context(words("contact.recorded")),
    ]

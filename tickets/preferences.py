"""What a person or a channel has told about itself: whose rules are meant, which product, the staff number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from tickets.errors import InvalidInput
from tickets.models import PreferenceRow
from tickets.transaction import Transaction

LONGEST = 120
"""Characters of an organisation or product."""
LONGEST_NUMBER = 40


class Owner(StrEnum):
    """Who has told it."""

    PERSON = "person"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Preference:
    """What was told; everything may be empty."""

    organisation: str = ""
    product: str = ""
    staff_number: str = ""
    """Only of a person."""


NOTHING_TOLD = Preference()
"""Of somebody who told nothing."""


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds for a question of a person in a channel."""

    preference: Preference
    told_by: Owner | None = None
    """Who told the organisation or product; None when neither is known."""


def get(session: Session, owner: Owner, owner_id: str) -> Preference:
    """What somebody told; empty when nothing."""
    row = session.get(PreferenceRow, (owner.value, owner_id))
    return NOTHING_TOLD if row is None else _value(row)


def effective(session: Session, person_id: str, channel: str) -> Effective:
    """What holds for a question: the channel's organisation and product where it has told one, else the person's;
    the staff number is always the person's."""
    person, room = (
        get(session, Owner.PERSON, person_id),
        get(session, Owner.CHANNEL, channel) if channel else NOTHING_TOLD,
    )
    teller = next((who for who, told in ((Owner.CHANNEL, room), (Owner.PERSON, person)) if _says(told)), None)
    leading = room if teller is Owner.CHANNEL else person
    return Effective(Preference(leading.organisation, leading.product, person.staff_number), teller)


def put(tx: Transaction, actor_id: str, owner: Owner, owner_id: str, told: Preference) -> Preference:
    """Replace what somebody told; all empty forgets it. Nothing is written when nothing changes.

    Raises InvalidInput (`organisation`, `product`, `staff_number`).
    """
    kept = Preference(
        checked("organisation", told.organisation, LONGEST),
        checked("product", told.product, LONGEST),
        checked("staff_number", told.staff_number, LONGEST_NUMBER),
    )
    row = tx.session.get(PreferenceRow, (owner.value, owner_id))
    if kept == (NOTHING_TOLD if row is None else _value(row)):
        return kept
    if kept == NOTHING_TOLD:
        tx.session.delete(row)
    else:
        row = row or PreferenceRow(owner=owner.value, owner_id=owner_id)
        row.organisation, row.product, row.staff_number = kept.organisation, kept.product, kept.staff_number
        row.at, row.changed_by = tx.now, actor_id
        tx.session.add(row)
    action = "preference.cleared" if kept == NOTHING_TOLD else "preference.set"
    # The staff number stays out of the trail, which can never be cleaned.
    details = {"organisation": kept.organisation, "product": kept.product, "staff": bool(kept.staff_number)}
    tx.record(actor_id, action, f"{owner.value}:{owner_id}", details)
    return kept


def checked(field: str, text: str, longest: int) -> str:
    """`text` trimmed to one line. Raises InvalidInput when it is too long."""
    line = " ".join(text.split())
    if len(line) > longest:
        raise InvalidInput(field, f"At most {longest} characters are kept.")
    return line


def _says(told: Preference) -> bool:
    return bool(told.organisation or told.product)


def _value(row: PreferenceRow) -> Preference:
    return Preference(row.organisation, row.product, row.staff_number)

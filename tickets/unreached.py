"""Superiors who could not be reached, inside a transaction of the desk: they are told when they are back (and
say that they know: `moving.missed_seen`).

The rules let the next superior reach them (S2); they do not say how anybody learns that this happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tickets.models import EscalationRow, NoticeRow
from tickets.people import People
from tickets.records import Audience, NoticeKind
from tickets.rows import escalation_content, escalation_subject
from tickets.rung_records import Grounds, LeftOut
from tickets.stepping import tell as post
from tickets.transaction import Transaction


def tell(
    tx: Transaction, people: People, row: EscalationRow, left_out: Sequence[LeftOut], owed: Sequence[LeftOut]
) -> None:
    """A notice to everybody on a rung that could not be reached and gets no report of it; it waits in the outbox until
    they are on shift. Each person hears once of an escalation."""
    filer, accused = people.get(row.filer_id), escalation_content(row.content).accused
    for one in left_out:
        if one.grounds is Grounds.UNREACHABLE and one not in owed:
            for person in people.responsible(filer, one.role, accused):
                if not is_told(tx, row, person.id):
                    post(tx, row, NoticeKind.RUNG_MISSED, Audience(user_id=person.id))


def is_told(tx: Transaction, row: EscalationRow, person_id: str) -> bool:
    """Whether somebody is, or was, to hear that they could not be reached."""
    query = select(NoticeRow.id).where(
        NoticeRow.subject == escalation_subject(row.id),
        NoticeRow.kind == NoticeKind.RUNG_MISSED,
        NoticeRow.audience_user == person_id,
    )
    return tx.session.execute(query.limit(1)).first() is not None

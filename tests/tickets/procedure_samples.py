"""A crew, filing records, taking their steps, and what was told of them."""

from __future__ import annotations

from collections.abc import Mapping

from desk_samples import ADMIN, AGENT, AGENT2, LEADER, MANAGER, ORIGIN, SUPERVISOR, SUPERVISOR2, sent

from tickets.contacts import Contact
from tickets.desk import Desk
from tickets.people import Person, Role
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import Notice, NoticeKind

GENERAL = Person("U_GENERAL", "郑总", Role.GENERAL_MANAGER)
CREW = (AGENT, AGENT2, LEADER, SUPERVISOR, SUPERVISOR2, MANAGER, GENERAL, ADMIN)
CONTACT = Contact(name="钱女士", phone="13800000000", address="松江路 3 号")
SWAP = {"shift_date": "2026-11-28", "partner": AGENT2.id, "reason": "家里有事"}
NO_CONTACT = Contact()


def file(
    desk: Desk, who: Person, key: str, values: Mapping[str, str], contact: Contact = NO_CONTACT
) -> Record:
    return desk.procedures.file(who, key, values, ORIGIN, f"{key}:{desk.procedures.count()}", contact or None)


def step(desk: Desk, record: Record, who: Person, act: Act, note: str = "", **fields: str) -> Record:
    return desk.procedures.act(who, record.id, record.revision, act, note, fields)


def notices(desk: Desk) -> list[Notice]:
    return sent(desk)


def told(desk: Desk, kind: NoticeKind) -> set[str]:
    return {one.audience.user_id or str(one.audience.role) for one in notices(desk) if one.kind is kind}


def done(desk: Desk, record: Record) -> None:
    assert record.state is RecordState.DONE
    assert record.waiting_for == ()
    assert desk.procedures.get(record.number) == record
    assert desk.verify_audit() is None


def codes(error: InvalidForm) -> dict[str, str]:
    return {problem.field: problem.code for problem in error.problems}

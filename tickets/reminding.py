"""Sending reminders once, inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.errors import NotFound
from tickets.models import ProcedureRecordRow, ReminderRow
from tickets.people import People, Role
from tickets.procedure_records import RecordState
from tickets.procedure_spec import Wording
from tickets.records import Audience, NoticeKind
from tickets.reminders import Due, Reminder, ReminderKind
from tickets.rows import storable
from tickets.store import insert_once
from tickets.transaction import Transaction

_COUNTS_NOT = (RecordState.WITHDRAWN.value, RecordState.REJECTED.value)

_BEGAN = "began"


def subject(reminder_id: int) -> str:
    """How a reminder is named in audit and notices."""
    return f"reminder:{reminder_id}"


def known(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys that went out already."""
    return set(session.scalars(select(ReminderRow.key).where(ReminderRow.key.in_(list(keys)))))


def filed(session: Session, procedure: str, day: date) -> set[str]:
    """Who filed the record of a day; withdrawn and rejected ones do not count."""
    query = select(ProcedureRecordRow.filer_id).where(
        ProcedureRecordRow.procedure == procedure,
        ProcedureRecordRow.due_day == day.isoformat(),
        ProcedureRecordRow.state.not_in(_COUNTS_NOT),
    )
    return set(session.scalars(query))


def reported_missing(session: Session, procedure: str, at: datetime) -> set[str]:
    """Who was reported already for not having filed what was due at a moment."""
    query = select(ReminderRow).where(
        ReminderRow.kind == ReminderKind.MISSING.value,
        ReminderRow.procedure == procedure,
        ReminderRow.at == at,
    )
    return {person for row in session.scalars(query) for person in row.content["missing"]}


def began_at(session: Session) -> datetime | None:
    """When this desk began to remind; None before it did."""
    return session.scalars(select(ReminderRow.at).where(ReminderRow.key == _BEGAN)).one_or_none()


def begin(tx: Transaction) -> None:
    """Note that this desk reminds from now on; the first time counts."""
    row = {
        "key": _BEGAN,
        "kind": ReminderKind.BEGAN.value,
        "at": tx.now,
        "procedure": "",
        "content": {},
        "sent_at": tx.now,
    }
    insert_once(tx.session, ReminderRow, row)


def send(tx: Transaction, people: People, due: Due) -> bool:
    """Send a reminder to each of its people, or to its channel; False when it went out before."""
    content = {
        "name": due.name.model_dump(),
        "text": due.text.model_dump() if due.text else None,
        "people": list(due.people),
        "roles": list(due.roles),
        "channel": due.channel,
        "missing": list(due.missing),
        "fault": due.fault,
    }
    row = {
        "key": due.key,
        "kind": due.kind.value,
        "at": due.at,
        "procedure": due.procedure,
        "content": content,
        "sent_at": tx.now,
    }
    if not insert_once(tx.session, ReminderRow, row):
        return False
    reminder_id = tx.session.scalars(select(ReminderRow.id).where(ReminderRow.key == due.key)).one()
    told = [""] if due.channel else _told(people, due)
    for user in told:
        tx.tell(NoticeKind.REMINDER, subject(reminder_id), reminder_id, Audience(user_id=user), "")
    details = {"kind": due.kind.value, "key": due.key, "told": len(told), "missing": list(due.missing)}
    tx.record("", "reminder.sent", subject(reminder_id), details)
    return True


def _told(people: People, due: Due) -> list[str]:
    """Each person once; the admins when a reminder would reach nobody."""
    named = [*due.people, *(person.id for role in due.roles for person in people.with_role(role))]
    return list(dict.fromkeys(named)) or [person.id for person in people.with_role(Role.ADMIN)]


def tell_of_file(tx: Transaction, people: People, file: str, fault: str) -> bool:
    """Tell the admins that a settings file is spoiled, or good again; False when that is what they heard last."""
    query = select(ReminderRow).where(
        ReminderRow.kind == ReminderKind.FILE.value, ReminderRow.procedure == file
    )
    before = tx.session.scalars(query.order_by(ReminderRow.id)).all()
    if fault == (before[-1].content["fault"] if before else ""):
        return False
    return send(
        tx,
        people,
        Due(
            key=f"file:{file}:{len(before) + 1}",
            kind=ReminderKind.FILE,
            at=tx.now,
            name=Wording(zh=file, en=file),
            procedure=file,
            roles=(Role.ADMIN,),
            fault=storable(fault),
        ),
    )


def get(session: Session, reminder_id: int) -> Reminder:
    """One reminder; NotFound."""
    row = session.get(ReminderRow, reminder_id)
    if row is None:
        raise NotFound("reminder", reminder_id)
    return _value(row)


def sent(session: Session, kind: ReminderKind, since: datetime, until: datetime) -> list[Reminder]:
    """The reminders of a kind whose moment lies after `since` and until `until`, oldest first."""
    query = select(ReminderRow).where(
        ReminderRow.kind == kind.value, ReminderRow.at > since, ReminderRow.at <= until
    )
    return [_value(row) for row in session.scalars(query.order_by(ReminderRow.at, ReminderRow.id))]


def _value(row: ReminderRow) -> Reminder:
    content: Mapping[str, Any] = row.content
    due = Due(
        key=row.key,
        kind=ReminderKind(row.kind),
        at=row.at,
        name=Wording.model_validate(content["name"]),
        text=Wording.model_validate(content["text"]) if content["text"] else None,
        procedure=row.procedure,
        roles=tuple(Role(role) for role in content["roles"]),
        people=tuple(content["people"]),
        channel=content["channel"],
        missing=tuple(content["missing"]),
        fault=content.get("fault", ""),
    )
    return Reminder(row.id, due, row.sent_at)

"""What commands and Slack say of people, as rows. Inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tickets.audit import FINGERPRINT, fingerprint
from tickets.directory_roles import Role
from tickets.directory_shifts import Attendance
from tickets.directory_told import COMMAND, Facts, GroupRule, Membership, Overlay
from tickets.models import (
    AttendanceRow,
    DirectoryVersionRow,
    GroupMembersRow,
    GroupReadingRow,
    GroupRuleRow,
    PersonRow,
)
from tickets.transaction import Transaction

_VERSION_ID = 1


def version(session: Session) -> int:
    """How often who is who was changed by command or from Slack."""
    return session.execute(select(DirectoryVersionRow.version)).scalar_one()


def load(session: Session) -> Overlay:
    """Everything that commands and Slack say."""
    people = session.execute(select(PersonRow).order_by(PersonRow.at, PersonRow.id)).scalars().all()
    rules = session.execute(select(GroupRuleRow).order_by(GroupRuleRow.at, GroupRuleRow.id)).scalars().all()
    members = session.execute(select(GroupMembersRow)).scalars().all()
    attendance = session.execute(select(AttendanceRow)).scalars().all()
    return Overlay(
        {row.id: Facts.from_json(row.facts) for row in people if row.facts and not row.removed},
        frozenset(row.id for row in people if row.removed),
        {row.id: None if row.removed else _rule(row) for row in rules if row.rule or row.removed},
        {row.id: Membership(row.group_id, row.members, row.at) for row in members},
        {row.id: Attendance(row.on, row.since, row.until, row.said_by) for row in attendance},
        version(session),
    )


def readings(session: Session) -> dict[str, tuple[datetime | None, str]]:
    """By handle, when a group was last read, and why not the last time."""
    rows = session.execute(select(GroupReadingRow)).scalars()
    return {row.handle: (row.read_at, row.fault) for row in rows}


def put_person(tx: Transaction, actor_id: str, person_id: str, facts: Facts, action: str) -> None:
    """What commands say of a person now; empty facts say nothing, `people.removed` takes them out."""
    row = tx.session.get(PersonRow, person_id) or PersonRow(id=person_id)
    before = row.facts or {}
    row.facts, row.removed = facts.to_json(), action == "people.removed"
    row.at, row.changed_by = tx.now, actor_id
    tx.session.add(row)
    _record(tx, actor_id, action, f"person:{person_id}", row, {"before": before, "facts": row.facts})


def put_attendance(tx: Transaction, person_id: str, said: Attendance) -> None:
    """What is said of somebody being on shift."""
    row = tx.session.get(AttendanceRow, person_id) or AttendanceRow(id=person_id)
    row.on, row.since, row.until, row.said_by = said.on, said.since, said.until, said.said_by
    tx.session.add(row)
    action = "attendance.on" if said.on else "attendance.off"
    details = {"until": said.until.isoformat()}
    _record(tx, said.said_by, action, f"attendance:{person_id}", row, details)


def put_rule(tx: Transaction, actor_id: str, handle: str, rule: GroupRule | None, action: str) -> None:
    """What commands say of a Slack group now; None says nothing, `group.removed` takes the file's rule away too."""
    row = tx.session.get(GroupRuleRow, handle) or GroupRuleRow(id=handle)
    row.rule, row.removed = _rule_json(rule), action == "group.removed"
    row.at, row.changed_by = tx.now, actor_id
    tx.session.add(row)
    _record(tx, actor_id, action, f"group_rule:{handle}", row, {"rule": row.rule})


def put_members(tx: Transaction, handle: str, group_id: str, members: Mapping[str, str]) -> bool:
    """Who is in a group now; True when that is another answer than before."""
    row = tx.session.get(GroupMembersRow, handle)
    before: Mapping[str, str] = row.members if row else {}
    if row and (row.group_id, before) == (group_id, members):
        return False
    row = row or GroupMembersRow(id=handle)
    row.group_id, row.members, row.at = group_id, dict(members), tx.now
    tx.session.add(row)
    details = {
        "joined": sorted(members.keys() - before.keys()),
        "left": sorted(before.keys() - members.keys()),
    }
    _record(tx, "", "group.read", f"group_members:{handle}", row, details)
    return True


def put_reading(session: Session, handle: str, now: datetime, fault: str) -> None:
    """That a group was looked at, with the reason when it could not be read."""
    row = session.get(GroupReadingRow, handle) or GroupReadingRow(handle=handle)
    row.tried_at, row.fault = now, fault[:120]
    row.read_at = row.read_at if fault else now
    session.add(row)


def count_up(session: Session) -> None:
    """Tell every process to read again."""
    session.execute(
        update(DirectoryVersionRow)
        .where(DirectoryVersionRow.id == _VERSION_ID)
        .values(version=DirectoryVersionRow.version + 1)
    )


def _record(
    tx: Transaction, actor_id: str, action: str, subject: str, row: Any, details: dict[str, Any]
) -> None:
    """An entry that vouches for the row, and a new version."""
    tx.session.flush()
    tx.record(actor_id, action, subject, {**details, FINGERPRINT: fingerprint(row)})
    count_up(tx.session)


def _rule(row: GroupRuleRow) -> GroupRule:
    told = row.rule
    return GroupRule(
        row.id,
        Role(told["role"]) if told["role"] else None,
        told["team"],
        told["organisation"],
        told["on_shift"],
        COMMAND,
    )


def _rule_json(rule: GroupRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    return {
        "role": rule.role.value if rule.role else "",
        "team": rule.team,
        "organisation": rule.organisation,
        "on_shift": rule.on_shift,
    }

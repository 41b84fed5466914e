"""The audit trail: every entry carries the hash of the one before it, so any later change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session

from tickets.errors import SchemaError
from tickets.models import (
    AuditHeadRow,
    AuditRow,
    ConfirmedRow,
    EscalationRevisionRow,
    EscalationRow,
    ProcedureRecordRow,
    TicketCommentRow,
    TicketRow,
)
from tickets.records import AuditEntry

GENESIS = "0" * 64
_HEAD_ID = 1
_PAGE = 500
FINGERPRINT = "fingerprint"
"""Key in an entry's details: the hash of the subject's row as the entry left it."""

CONTENT = "content"
"""Key in an entry's details: the hash of what the revision said (`revision` stands beside it)."""


_VOUCHED: Mapping[str, Any] = {
    "escalation": EscalationRow,
    "ticket": TicketRow,
    "ticket_comment": TicketCommentRow,
    "confirmed": ConfirmedRow,
    "record": ProcedureRecordRow,
}
"""Records that the trail vouches for, by the name of their subjects; each has an `id` and a `number`."""


@dataclass(frozen=True, slots=True)
class AuditBreak:
    """The first place where the trail, or a record that it vouches for, was changed behind the desk."""

    position: int
    """Number of the entry, from 1."""
    reason: str
    """One sentence."""
    entry: AuditEntry | None
    """The entry as found; None when it is missing."""


def canonical(value: Any) -> str:
    """One spelling for equal JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def content_hash(content: Mapping[str, Any]) -> str:
    """A hash of what an escalation says."""
    return _sha256(canonical(content))


def fingerprint(row: DeclarativeBase) -> str:
    """A hash of a row's columns. Empty values are left out: see the note in `tickets.models`."""
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    filled = {
        key: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for key, value in columns.items()
        if value not in (None, "", [], {})
    }
    return _sha256(canonical(filled))


def lock_head(session: Session) -> AuditHeadRow:
    """Take the writers' turn. First thing in every audited transaction, so that no two can deadlock."""
    head = session.execute(
        select(AuditHeadRow).where(AuditHeadRow.id == _HEAD_ID).with_for_update()
    ).scalar_one_or_none()
    if head is None:
        raise SchemaError("The audit trail has lost its head row: the database was changed behind the desk.")
    return head


def append(
    session: Session,
    head: AuditHeadRow,
    at: datetime,
    actor_id: str,
    action: str,
    subject: str,
    details: Mapping[str, Any],
) -> None:
    """Add one entry at the end; `head` must be locked by this transaction."""
    row = AuditRow(
        id=head.count + 1,
        at=at,
        actor_id=actor_id,
        action=action,
        subject=subject,
        details=dict(details),
        previous_hash=head.hash,
        hash="",
    )
    row.hash = _entry_hash(row)
    session.add(row)
    head.count, head.hash = row.id, row.hash


def _entry_hash(row: AuditRow) -> str:
    return _sha256(
        canonical(
            [
                row.id,
                row.at.astimezone(UTC).isoformat(),
                row.actor_id,
                row.action,
                row.subject,
                row.details,
                row.previous_hash,
            ]
        )
    )


def entries(session: Session, subject: str | None = None) -> list[AuditEntry]:
    """The trail, oldest first; of one subject (`escalation:12`) when given."""
    query = select(AuditRow).order_by(AuditRow.id)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    return [_value(row) for row in session.execute(query).scalars()]


def _value(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        row.id, row.at, row.actor_id, row.action, row.subject, row.details, row.previous_hash, row.hash
    )


def verify(session: Session) -> AuditBreak | None:
    """Walk the whole trail and the records that it vouches for; the first break, or None."""
    previous, position = GENESIS, 0
    vouched: dict[str, AuditEntry] = {}
    said: dict[tuple[str, int], AuditEntry] = {}
    for row in _pages(session):
        position += 1
        if row.id != position:
            return AuditBreak(position, f"Entry {position} is missing.", None)
        if row.previous_hash != previous or row.hash != _entry_hash(row):
            return AuditBreak(position, f"Entry {position} was changed.", _value(row))
        previous = row.hash
        if FINGERPRINT in row.details:
            vouched[row.subject] = _value(row)
        if CONTENT in row.details:
            said[row.subject, row.details["revision"]] = _value(row)
    head = session.get(AuditHeadRow, _HEAD_ID)
    if head is None or (head.count, head.hash) != (position, previous):
        return AuditBreak(position + 1, f"The trail does not end at entry {position}.", None)
    return _verify_records(session, vouched) or _verify_revisions(session, said)


def _pages(session: Session) -> Iterator[AuditRow]:
    last = 0
    while True:
        query = select(AuditRow).where(AuditRow.id > last).order_by(AuditRow.id).limit(_PAGE)
        rows = session.execute(query).scalars().all()
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1].id
        session.expunge_all()


def _verify_records(session: Session, vouched: dict[str, AuditEntry]) -> AuditBreak | None:
    for kind, model in _VOUCHED.items():
        for row in session.execute(select(model)).scalars():
            entry = vouched.pop(f"{kind}:{row.id}", None)
            if entry is None:
                return AuditBreak(0, f"The {kind} {row.number} stands in no entry of the trail.", None)
            if entry.details[FINGERPRINT] != fingerprint(row):
                reason = f"The {kind} {row.number} was changed after entry {entry.id}."
                return AuditBreak(entry.id, reason, entry)
    if vouched:
        subject, entry = min(vouched.items(), key=lambda pair: pair[1].id)
        return AuditBreak(entry.id, f"The {subject} of entry {entry.id} is missing.", entry)
    return None


def _verify_revisions(session: Session, said: dict[tuple[str, int], AuditEntry]) -> AuditBreak | None:
    """What was filed or edited must still read as it did when its entry was written."""
    for row in session.execute(select(EscalationRevisionRow)).scalars():
        entry = said.pop((f"escalation:{row.escalation_id}", row.revision), None)
        if entry is None or entry.details[CONTENT] != content_hash(row.content):
            where = f"Revision {row.revision} of escalation {row.escalation_id}"
            return AuditBreak(entry.id if entry else 0, f"{where} is not what was recorded.", entry)
    if said:
        entry = min(said.values(), key=lambda candidate: candidate.id)
        return AuditBreak(entry.id, f"The revision that entry {entry.id} recorded is missing.", entry)
    return None

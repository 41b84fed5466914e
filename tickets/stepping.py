"""Steps on the way of an escalation, inside a transaction of the desk: written once, read in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets.audit import FINGERPRINT, STEP, fingerprint
from tickets.errors import NotFound, StaleRevision
from tickets.models import EscalationRow, EscalationStepRow
from tickets.people import Role
from tickets.records import Audience, EscalationState, NoticeKind
from tickets.rows import escalation_subject, step_value
from tickets.rules import may_change
from tickets.rung_records import LeftOut, Step, StepKind
from tickets.transaction import Transaction


def locked(session: Session, escalation_id: int) -> EscalationRow:
    """The row, until the end of the transaction nobody else's to change; NotFound."""
    row = session.get(EscalationRow, escalation_id, with_for_update=True)
    if row is None:
        raise NotFound("escalation", escalation_id)
    return row


def require_current(row: EscalationRow, revision: int, to: EscalationState) -> None:
    """Raise StaleRevision unless the row stands at the revision that was seen and may go to that state."""
    if row.revision == revision and may_change(EscalationState(row.state), to):
        return
    raise stale(row)


def stale(row: EscalationRow) -> StaleRevision:
    """That somebody was faster."""
    return StaleRevision(
        row.number,
        state=row.state,
        revision=row.revision,
        changed_by=row.changed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def move(
    tx: Transaction, row: EscalationRow, actor_id: str, state: EscalationState, awaiting: Role | None = None
) -> None:
    """A new revision, that waits anew: for the rung, or for the filer, or for nobody."""
    row.state, row.awaiting = state, awaiting or Role(row.awaiting)
    row.revision += 1
    row.changed_by, row.updated_at = actor_id, tx.now
    ended = state in (EscalationState.REJECTED, EscalationState.WITHDRAWN)
    row.waiting_since, row.reminded_at = None if ended else tx.now, None


def take(
    tx: Transaction,
    row: EscalationRow,
    kind: StepKind,
    actor_id: str,
    *,
    from_role: Role | None = None,
    to_role: Role | None = None,
    note: str = "",
    objection: str = "",
    left_out: Sequence[LeftOut] = (),
    special: bool = False,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write a step, and the audit entry that vouches for it and for the escalation as it stands now."""
    tx.session.flush()
    last = select(func.max(EscalationStepRow.number)).where(EscalationStepRow.escalation_id == row.id)
    step = EscalationStepRow(
        escalation_id=row.id,
        number=(tx.session.execute(last).scalar() or 0) + 1,
        kind=kind,
        actor_id=actor_id,
        at=tx.now,
        revision=row.revision,
        from_role=from_role,
        to_role=to_role,
        note=note,
        objection=objection,
        left_out=[[one.role.value, one.grounds.value] for one in left_out],
        special=special,
    )
    tx.session.add(step)
    tx.session.flush()
    entry: dict[str, Any] = {
        "revision": row.revision,
        "step": step.number,
        STEP: fingerprint(step),
        FINGERPRINT: fingerprint(row),
        **(details or {}),
    }
    tx.record(actor_id, f"escalation.{kind.value}", escalation_subject(row.id), entry)


def steps_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Step, ...]]:
    """Escalation id → its way, oldest first; nothing for those without one."""
    query = (
        select(EscalationStepRow)
        .where(EscalationStepRow.escalation_id.in_(ids))
        .order_by(EscalationStepRow.escalation_id, EscalationStepRow.number)
    )
    found: defaultdict[int, list[Step]] = defaultdict(list)
    for row in session.execute(query).scalars():
        found[row.escalation_id].append(step_value(row))
    return {number: tuple(steps) for number, steps in found.items()}


def tell(tx: Transaction, row: EscalationRow, kind: NoticeKind, audience: Audience) -> None:
    """A notice about an escalation."""
    tx.tell(kind, escalation_subject(row.id), row.id, audience, row.changed_by)

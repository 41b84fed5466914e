"""Reports that a filer owes to superiors who were passed over, inside a transaction of the desk.

Passing a rung over is allowed in urgent or special cases only, and whoever did it reports to the superior afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tickets.audit import FINGERPRINT, fingerprint
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal
from tickets.models import EscalationRow, OwedReportRow
from tickets.people import People, Person, Role
from tickets.records import Audience, NoticeKind, Urgency
from tickets.rows import escalation_content, owed_report_subject, owed_report_value, storable
from tickets.rung_records import LeftOut, OwedReport, StepKind
from tickets.stepping import take
from tickets.transaction import Transaction

MAX_TEXT = 3_000
_READ = "report"
"""What a refusal calls it."""


def owe(
    tx: Transaction, people: People, row: EscalationRow, left_out: Sequence[LeftOut], within: timedelta
) -> None:
    """Note that the filer owes a report for each of these rungs, once; they are told at once."""
    filer = people.get(row.filer_id)
    accused = escalation_content(row.content).accused
    query = select(OwedReportRow.role).where(OwedReportRow.escalation_id == row.id)
    known = set(tx.session.execute(query).scalars())
    for one in left_out:
        if one.role.value in known:
            continue
        report = OwedReportRow(
            escalation_id=row.id,
            role=one.role,
            owed_to=[person.id for person in people.superiors(filer, one.role, accused)],
            owed_by=row.filer_id,
            grounds=one.grounds,
            created_at=tx.now,
            due_at=_later(people, row, tx.now, within) if within else None,
        )
        tx.session.add(report)
        tx.session.flush()
        _record(tx, report, row.changed_by, "owed_report.owed")
        _remind(tx, report)


def write(tx: Transaction, actor: Person, report_id: int, text: str) -> OwedReport:
    """The report, by whoever owes it, once; each superior gets it. NotAllowed, InvalidInput, NotFound."""
    report = _locked(tx.session, report_id)
    if actor.id != report.owed_by:
        raise NotAllowed(_READ, actor.role, Refusal.NOT_OWED)
    text = storable(text).strip()
    if not text or len(text) > MAX_TEXT:
        raise InvalidInput("report_text", f"The report has 1 to {MAX_TEXT} characters.")
    if report.done_at is not None:
        raise InvalidInput("report_done", "This report was given already.")
    row = _escalation(tx.session, report)
    report.text, report.done_at = text, tx.now
    _record(tx, report, actor.id, "owed_report.given")
    take(tx, row, StepKind.REPORTED, actor.id, to_role=Role(report.role), note=text)
    for audience in [Audience(user_id=one) for one in report.owed_to] or [Audience(role=Role(report.role))]:
        tx.tell(NoticeKind.REPORT_GIVEN, owed_report_subject(report.id), report.id, audience, report.owed_by)
    return owed_report_value(report, row.number)


def read(tx: Transaction, people: People, actor: Person, report_id: int) -> OwedReport:
    """A superior who was passed over has read it; the first one counts. NotAllowed, InvalidInput, NotFound."""
    report = _locked(tx.session, report_id)
    row = _escalation(tx.session, report)
    accused = escalation_content(row.content).accused
    superiors = people.superiors(people.get(report.owed_by), Role(report.role), accused)
    # Whoever was a superior then and is none any more has no part in it now.
    ladder = people.ladder_of(people.get(report.owed_by))
    still = actor.id in report.owed_to and ladder.height(actor.role) >= ladder.height(Role(report.role))
    if actor.id in accused or not (still or actor.id in {one.id for one in superiors}):
        raise NotAllowed(_READ, actor.role, Refusal.NOT_OWED)
    if report.done_at is None:
        raise InvalidInput("report_missing", "This report was not given yet.")
    if report.read_at is None:
        report.read_by, report.read_at = actor.id, tx.now
        _record(tx, report, actor.id, "owed_report.read")
        take(tx, row, StepKind.REPORT_READ, actor.id, from_role=Role(report.role))
    return owed_report_value(report, row.number)


def remind(tx: Transaction, people: People, within: timedelta) -> list[int]:
    """Remind whoever owes a report that is due, and again after the same time until it is given; the reports' ids."""
    owed = tx.session.execute(_missing()).scalars().all()
    found = [report for report in owed if is_due(tx.session, people, report, tx.now, within)]
    for report in found:
        report.reminded_at = tx.now
        _record(tx, report, "", "owed_report.reminded")
        _remind(tx, report)
    return [report.id for report in found]


def is_due(session: Session, people: People, report: OwedReportRow, now: datetime, within: timedelta) -> bool:
    """Whether somebody is to be reminded now."""
    if not within or report.due_at is None:
        return False
    if report.reminded_at is None:
        return report.due_at <= now
    if report.reminded_at + within > now:
        return False
    return _later(people, _escalation(session, report), report.reminded_at, within) <= now


def _later(people: People, row: EscalationRow, start: datetime, within: timedelta) -> datetime:
    """When the time is over that the filer has for a report."""
    filer = people.get(row.filer_id)
    return people.later(start, within, [filer], urgent=row.urgency == Urgency.URGENT)


def get(session: Session, report_id: int) -> OwedReport:
    """One report; NotFound."""
    report = session.get(OwedReportRow, report_id)
    if report is None:
        raise NotFound(_READ, report_id)
    return owed_report_value(report, _escalation(session, report).number)


def listed(
    session: Session, owed_by: str | None = None, escalation_id: int | None = None, *, missing: bool = False
) -> list[OwedReport]:
    """Reports, oldest first: of one filer, of one escalation, only those not given yet."""
    query = _missing() if missing else select(OwedReportRow).order_by(OwedReportRow.id)
    if owed_by is not None:
        query = query.where(OwedReportRow.owed_by == owed_by)
    if escalation_id is not None:
        query = query.where(OwedReportRow.escalation_id == escalation_id)
    rows = session.execute(query).scalars().all()
    return [owed_report_value(row, _escalation(session, row).number) for row in rows]


def _missing() -> Select[OwedReportRow]:
    return select(OwedReportRow).where(OwedReportRow.done_at.is_(None)).order_by(OwedReportRow.id)


def _locked(session: Session, report_id: int) -> OwedReportRow:
    row = session.get(OwedReportRow, report_id, with_for_update=True)
    if row is None:
        raise NotFound(_READ, report_id)
    return row


def _escalation(session: Session, report: OwedReportRow) -> EscalationRow:
    row = session.get(EscalationRow, report.escalation_id)
    if row is None:
        raise NotFound("escalation", report.escalation_id)
    return row


def _record(tx: Transaction, report: OwedReportRow, actor_id: str, action: str) -> None:
    tx.session.flush()
    details = {
        "escalation": report.escalation_id,
        "role": str(report.role),
        FINGERPRINT: fingerprint(report),
    }
    tx.record(actor_id, action, owed_report_subject(report.id), details)


def _remind(tx: Transaction, report: OwedReportRow) -> None:
    audience = Audience(user_id=report.owed_by)
    tx.tell(NoticeKind.REPORT_OWED, owed_report_subject(report.id), report.id, audience, report.owed_by)

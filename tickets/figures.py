"""Figures of a stretch of time, counted by the database. Read-only.

Days are those of the site's time zone; a stretch includes its start and not its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tickets import figures_history
from tickets.models import (
    AnswerRow,
    EscalationRow,
    FeedbackRow,
    GapQuestionRow,
    ProcedureRecordRow,
    ReminderRow,
    TicketRow,
)
from tickets.records import UNDECIDED, Verdict
from tickets.reminders import ReminderKind


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when."""

    since: datetime
    until: datetime

    def before(self) -> Stretch:
        """The stretch of the same length just before this one."""
        return Stretch(self.since - (self.until - self.since), self.since)

    def days(self, zone: ZoneInfo) -> list[date]:
        """The days that it touches, in order."""
        first = self.since.astimezone(zone).date()
        last = (self.until - timedelta(microseconds=1)).astimezone(zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Questions:
    """What was asked."""

    total: int
    askers: int
    by_outcome: Mapping[str, int]
    by_day: Mapping[date, Mapping[str, int]]
    """Day → outcome → questions; each day of the stretch is there."""
    unhelpful: int
    """Answers with a thumbs-down."""
    gaps: int
    """Questions that the manuals ought to have answered."""
    latency_ms: float | None
    """Median time of an answer; None when nothing was asked."""


@dataclass(frozen=True, slots=True)
class Escalations:
    """What was reported upwards."""

    filed: int
    by_category: Mapping[str, int]
    by_state: Mapping[str, int]
    """How those that were filed stood at the end of the stretch."""
    hours_to_decision: Mapping[str, float]
    """Category → median hours from filing to decision, of those that were decided in the stretch."""
    median_hours: float | None
    waiting: int
    """Undecided at the end of the stretch, whenever they were filed."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """What was logged."""

    logged: int
    closed: int
    """Closed in the stretch, and still closed at its end; each once, however often it was."""
    open: int
    """Neither closed nor merged with another at the end of the stretch, whenever they were logged."""
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Records:
    """Filled-in procedures."""

    by_procedure: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]
    """`procedure.field` → value → how many, for the fields that were asked for."""
    missing: Mapping[str, Mapping[str, int]]
    """Procedure → user id → how often a record that was due was not filed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a stretch."""

    stretch: Stretch
    questions: Questions
    escalations: Escalations
    tickets: Tickets
    records: Records


def collect(
    session: Session, stretch: Stretch, zone: ZoneInfo, counted: Sequence[tuple[str, str]] = ()
) -> Figures:
    """The figures of a stretch; `counted` names fields of procedures whose values are counted."""
    return Figures(
        stretch,
        _questions(session, stretch, zone),
        _escalations(session, stretch),
        _tickets(session, stretch),
        _records(session, stretch, counted),
    )


def _within(
    column: InstrumentedAttribute[datetime], stretch: Stretch
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= stretch.since, column < stretch.until


def _counts(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {str(key): count for key, count in session.execute(query)}


def _questions(session: Session, stretch: Stretch, zone: ZoneInfo) -> Questions:
    asked = _within(AnswerRow.at, stretch)
    rows = session.execute(select(AnswerRow.at, AnswerRow.outcome, AnswerRow.latency_ms).where(*asked)).all()
    by_day: dict[date, Counter[str]] = {day: Counter() for day in stretch.days(zone)}
    for at, outcome, _ in rows:
        by_day[at.astimezone(zone).date()][outcome] += 1
    unhelpful = (
        select(func.count(func.distinct(FeedbackRow.answer_id)))
        .join(AnswerRow, AnswerRow.id == FeedbackRow.answer_id)
        .where(*asked, FeedbackRow.verdict == Verdict.UNHELPFUL.value)
    )
    gaps = (
        select(func.count())
        .select_from(GapQuestionRow)
        .join(AnswerRow, AnswerRow.id == GapQuestionRow.answer_id)
        .where(*asked)
    )
    return Questions(
        total=len(rows),
        askers=session.scalar(select(func.count(func.distinct(AnswerRow.asker_id))).where(*asked)) or 0,
        by_outcome=dict(Counter(outcome for _, outcome, _ in rows)),
        by_day=by_day,
        unhelpful=session.scalar(unhelpful) or 0,
        gaps=session.scalar(gaps) or 0,
        latency_ms=median(latency for *_, latency in rows) if rows else None,
    )


def _escalations(session: Session, stretch: Stretch) -> Escalations:
    filed = _within(EscalationRow.created_at, stretch)
    category = EscalationRow.category
    decided = session.execute(
        select(category, EscalationRow.created_at, EscalationRow.decided_at).where(
            EscalationRow.decided_at >= stretch.since, EscalationRow.decided_at < stretch.until
        )
    ).all()
    hours: dict[str, list[float]] = {}
    for name, begun, ended in decided:
        if ended is not None:
            hours.setdefault(name, []).append((ended - begun).total_seconds() / 3600)
    every = [one for many in hours.values() for one in many]
    stood = figures_history.escalations_at(session, stretch.until)
    numbers = session.scalars(select(EscalationRow.id).where(*filed))
    by_state = Counter(stood[number] for number in numbers)
    return Escalations(
        filed=by_state.total(),
        by_category=_counts(session, select(category, func.count()).where(*filed).group_by(category)),
        by_state={state.value: count for state, count in by_state.items()},
        hours_to_decision={name: median(many) for name, many in hours.items()},
        median_hours=median(every) if every else None,
        waiting=sum(state in UNDECIDED for state in stood.values()),
    )


def _tickets(session: Session, stretch: Stretch) -> Tickets:
    logged = _within(TicketRow.created_at, stretch)
    by_kind = _counts(session, select(TicketRow.kind, func.count()).where(*logged).group_by(TicketRow.kind))
    stood = figures_history.tickets_at(session, stretch.until)
    return Tickets(
        logged=sum(by_kind.values()),
        closed=sum(one.closed_at is not None and one.closed_at >= stretch.since for one in stood),
        open=sum(one.closed_at is None and not one.merged for one in stood),
        by_kind=by_kind,
    )


def _records(session: Session, stretch: Stretch, counted: Sequence[tuple[str, str]]) -> Records:
    filed = _within(ProcedureRecordRow.created_at, stretch)
    procedure = ProcedureRecordRow.procedure
    by_procedure = _counts(session, select(procedure, func.count()).where(*filed).group_by(procedure))
    values: dict[str, dict[str, int]] = {}
    for key, field in counted:
        value = ProcedureRecordRow.fields[field].as_string()
        query = (
            select(value, func.count()).where(*filed, procedure == key, value.is_not(None)).group_by(value)
        )
        values[f"{key}.{field}"] = _counts(session, query)
    # By when it was due, not by when it was found out; each moment once, however many reports name somebody.
    moments: dict[str, set[tuple[datetime, str]]] = {}
    reports = select(ReminderRow).where(
        ReminderRow.kind == ReminderKind.MISSING.value, *_within(ReminderRow.at, stretch)
    )
    for report in session.scalars(reports):
        moments.setdefault(report.procedure, set()).update(
            (report.at, person) for person in report.content["missing"]
        )
    missing = {key: Counter(person for _, person in found) for key, found in moments.items()}
    return Records(by_procedure, values, missing)


def week(day: date, zone: ZoneInfo) -> Stretch:
    """The week of a day, Monday to Sunday, in the site's time zone."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    midnight = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    after = monday + timedelta(days=7)
    return Stretch(midnight, datetime(after.year, after.month, after.day, tzinfo=zone))

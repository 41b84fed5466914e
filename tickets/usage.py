"""Recording what language models took, and adding it up. Pure database work inside somebody's transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tickets.transaction import Transaction
from tickets.usage_records import DaySpent, ModelUse, Purpose, Spent, UsageBy, UsageTotal, UseOutcome
from tickets.usage_rows import ModelUsageRow


def site_day(at: datetime, zone: ZoneInfo) -> date:
    """The site's day at a moment: budgets begin anew at its midnight."""
    return at.astimezone(zone).date()


def record(tx: Transaction, person_id: str, use: ModelUse, answer_id: int | None = None) -> int:
    """Write one use, or settle the reservation that was made for it; the row's id."""
    row = tx.session.get(ModelUsageRow, use.reservation) if use.reservation is not None else None
    if row is None:
        row = ModelUsageRow(person_id=person_id, at=tx.now, day=site_day(tx.now, tx.zone).isoformat())
        tx.session.add(row)
    row.answer_id = answer_id
    row.purpose = use.purpose.value
    row.model = use.model[:128]
    row.prompt = use.prompt[:64]
    row.outcome = use.outcome.value
    row.fault = use.fault[:32]
    row.tokens_in = use.tokens_in
    row.tokens_out = use.tokens_out
    row.estimated = use.estimated
    row.micros = use.micros
    row.currency = use.currency[:8]
    row.first_ms = use.first_ms
    row.ms = use.ms
    row.kept = use.kept
    row.dropped = dict(use.dropped)
    tx.session.flush()
    return row.id


def of_answer(session: Session, answer_id: int) -> ModelUse | None:
    """What the model took for an answer; None when none was asked."""
    row = session.execute(
        select(ModelUsageRow).where(ModelUsageRow.answer_id == answer_id)
    ).scalar_one_or_none()
    return None if row is None else use_value(row)


def use_value(row: ModelUsageRow) -> ModelUse:
    """A row as a value."""
    return ModelUse(
        model=row.model,
        prompt=row.prompt,
        outcome=UseOutcome(row.outcome),
        purpose=Purpose(row.purpose),
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        estimated=row.estimated,
        micros=row.micros,
        currency=row.currency,
        first_ms=row.first_ms,
        ms=row.ms,
        kept=row.kept,
        dropped=dict(row.dropped),
        fault=row.fault,
    )


def spent(session: Session, day: date, person_id: str, currency: str) -> DaySpent:
    """What a person and the whole site took on a day, calls under way included (as estimated).

    Money counts in `currency` only: what was recorded under another one is not converted.
    """
    site = _sum(session, day, None, currency)
    return DaySpent(day, _sum(session, day, person_id, currency), site)


def _sum(session: Session, day: date, person_id: str | None, currency: str) -> Spent:
    money = case((ModelUsageRow.currency == currency, ModelUsageRow.micros))
    query = select(func.sum(ModelUsageRow.tokens_in + ModelUsageRow.tokens_out), func.sum(money)).where(
        ModelUsageRow.day == day.isoformat()
    )
    if person_id is not None:
        query = query.where(ModelUsageRow.person_id == person_id)
    tokens, micros = session.execute(query).one()
    return Spent(int(tokens or 0), int(micros or 0))


def totals(session: Session, by: UsageBy, since: date, until: date) -> list[UsageTotal]:
    """The uses of the days from `since` to `until` (both included), one total for each day, person or model."""
    query = (
        select(ModelUsageRow)
        .where(ModelUsageRow.day >= since.isoformat(), ModelUsageRow.day <= until.isoformat())
        .order_by(ModelUsageRow.id)
    )
    groups: dict[str, list[ModelUsageRow]] = defaultdict(list)
    for row in session.execute(query).scalars():
        key = {UsageBy.DAY: row.day, UsageBy.PERSON: row.person_id, UsageBy.MODEL: row.model}[by]
        groups[key].append(row)
    return [_total(key, groups[key]) for key in sorted(groups)]


def _total(key: str, rows: Iterable[ModelUsageRow]) -> UsageTotal:
    rows = list(rows)
    cost: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for row in rows:
        dropped.update(row.dropped)
        if row.micros is not None:
            cost[row.currency] += row.micros
    first = [row.first_ms for row in rows if row.first_ms is not None]
    return UsageTotal(
        key=key,
        calls=len(rows),
        answers=sum(row.answer_id is not None for row in rows),
        tokens_in=sum(row.tokens_in for row in rows),
        tokens_out=sum(row.tokens_out for row in rows),
        estimated=sum(row.estimated for row in rows),
        cost=dict(cost),
        kept=sum(row.kept for row in rows),
        dropped=dict(dropped),
        outcomes=dict(Counter(row.outcome for row in rows)),
        faults=dict(Counter(row.fault for row in rows if row.fault)),
        first_ms=median(first) if first else None,
    )

"""How often something was filed in a day, month or year of the site's zone, and what a procedure allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from tickets.models import ProcedureRecordRow
from tickets.procedure_records import RecordState, Used
from tickets.procedure_spec import Limit, Procedure
from tickets.procedure_values import holds

_NOT_COUNTED = (RecordState.REJECTED.value, RecordState.WITHDRAWN.value)


def exceeded(
    session: Session, zone: ZoneInfo, spec: Procedure, row: ProcedureRecordRow
) -> list[tuple[int, Limit]]:
    """The limits that this record goes beyond, with their number from 1.

    The caller holds the writers' turn, so that no other record can be filed between the count and the commit.
    """
    beyond = []
    for number, limit in enumerate(spec.limits, start=1):
        people = [row.filer_id]
        if limit.also is not None and row.fields.get(limit.also):
            people.append(row.fields[limit.also])
        added = weight(limit, row.fields)
        if not holds(limit.when, row.fields):
            continue
        day = day_of(limit, row.fields, row.created_at, zone)
        if any(
            used(session, zone, spec, limit, one, day, row.fields, leaving_out=row.id) + added > limit.most
            for one in people
        ):
            beyond.append((number, limit))
    return beyond


def all_used(
    session: Session,
    zone: ZoneInfo,
    spec: Procedure,
    person_id: str,
    values: Mapping[str, str],
    now: datetime,
) -> list[Used]:
    """How much of each limit a person has used up, for the period and the item that `values` name."""
    return [
        Used(number, limit.most, used(session, zone, spec, limit, person_id, day_of(limit, values, now, zone), values))
        for number, limit in enumerate(spec.limits, start=1)
    ]  # fmt: skip


def weight(limit: Limit, fields: Mapping[str, str]) -> float:
    """What one record counts."""
    if limit.amount is None:
        return 1
    try:
        return float(fields.get(limit.amount) or 0)
    except ValueError:  # filed when the file still asked for a text here
        return 1


def day_of(limit: Limit, fields: Mapping[str, str], filed_at: datetime, zone: ZoneInfo) -> date:
    """The day that decides in which period a record counts."""
    named = fields.get(limit.on, "") if limit.on is not None else ""
    try:
        return date.fromisoformat(named)
    except ValueError:  # not filled in, or no date when it was filed
        return filed_at.astimezone(zone).date()


def used(
    session: Session,
    zone: ZoneInfo,
    spec: Procedure,
    limit: Limit,
    person_id: str,
    day: date,
    fields: Mapping[str, str],
    leaving_out: int | None = None,
) -> float:
    """What a person's records count in the period of `day`."""
    return sum(
        weight(limit, row.fields)
        for row in _candidates(session, zone, spec, limit, person_id, day)
        if row.id != leaving_out
        and holds(limit.when, row.fields)
        and _period(limit, day_of(limit, row.fields, row.created_at, zone)) == _period(limit, day)
        and (limit.by is None or row.fields.get(limit.by) == fields.get(limit.by))
    )


def _candidates(
    session: Session, zone: ZoneInfo, spec: Procedure, limit: Limit, person_id: str, day: date
) -> list[ProcedureRecordRow]:
    """The person's records that may count; by the day of filing, none from before the year is looked at."""
    columns = ProcedureRecordRow
    query = select(columns).where(columns.procedure == spec.key, columns.state.not_in(_NOT_COUNTED))
    if limit.on is None:
        query = query.where(columns.created_at >= datetime(day.year, 1, 1, tzinfo=zone))
    if limit.also is None:
        return list(session.execute(query.where(columns.filer_id == person_id)).scalars())
    # An id is plain ASCII in the stored JSON, so that the database can leave out most of the others.
    named = cast(columns.fields, Text).contains(f'"{person_id}"', autoescape=True)
    rows = session.execute(query.where(or_(columns.filer_id == person_id, named))).scalars()
    return [row for row in rows if person_id in (row.filer_id, row.fields.get(limit.also))]


def _period(limit: Limit, day: date) -> tuple[int, ...]:
    parts = (day.year, day.month, day.day)
    return parts[: {"year": 1, "month": 2, "day": 3}[limit.per]]

"""Swaps of shifts that were approved: what their records make of the roster, and taking one back (S29).

Which procedure swaps shifts, its file says (`[effect.swap]`). The records are the one place where swaps stand; the
roster is reckoned from them whenever who is who is read anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import directory_rows
from tickets.directory_shifts import Swap
from tickets.models import ProcedureRecordRow, ProcedureVersionRow
from tickets.procedure_records import Act, RecordState
from tickets.procedure_spec import Procedure, SwapEffect

_LONGEST_AHEAD = timedelta(days=400)
"""Swaps that were filed longer ago are over."""


def approved(session: Session, now: datetime, zone: ZoneInfo) -> tuple[Swap, ...]:
    """The swaps of shifts that hold, in the order in which they were approved; of one that was taken back, the days
    that had begun by then."""
    versions = session.execute(select(ProcedureVersionRow)).scalars()
    effects = {row.digest: row.content["effect"].get("swap") for row in versions}
    swapping = {
        digest: SwapEffect.model_validate(effect) for digest, effect in effects.items() if effect is not None
    }
    if not swapping:
        return ()
    query = select(ProcedureRecordRow).where(
        ProcedureRecordRow.version.in_(swapping),
        ProcedureRecordRow.state.in_((RecordState.DONE.value, RecordState.WITHDRAWN.value)),
        ProcedureRecordRow.created_at >= now - _LONGEST_AHEAD,
    )
    found = []
    for row in session.execute(query).scalars():
        held = [datetime.fromisoformat(entry["at"]) for entry in row.path]
        revoked = [at for at, entry in zip(held, row.path, strict=True) if entry["act"] == Act.REVOKED]
        done = row.state == RecordState.DONE
        if not done and not revoked:
            continue  # withdrawn before it was approved
        until = None if done else revoked[-1].astimezone(zone).date()
        agreed = held[-1] if done else held[-2]
        found.append((agreed, row.id, _swaps(swapping[row.version], row, until)))
    return tuple(swap for _, _, swaps in sorted(found, key=lambda one: one[:2]) for swap in swaps)


def _swaps(effect: SwapEffect, row: ProcedureRecordRow, until: date | None) -> list[Swap]:
    """Of one record; with `until` only of the days that had begun then."""
    filer, partner = row.filer_id, row.fields.get(effect.partner, "")
    days = list(_days(effect, row.fields))
    if not partner or not days:
        return []
    if len(days) == 2 and days[0] == days[1]:
        swaps = [Swap(days[0], filer, partner, exchanged=True)]
    else:
        swaps = [
            Swap(day, *pair) for day, pair in zip(days, ((filer, partner), (partner, filer)), strict=False)
        ]
    return [swap for swap in swaps if until is None or swap.day <= until]


def _days(effect: SwapEffect, fields: Mapping[str, str]) -> Iterator[date]:
    """The day of the filer's shift, then that of the partner's."""
    for key in (effect.day, effect.back):
        if key is not None and fields.get(key):
            yield date.fromisoformat(fields[key])


def changed(session: Session, spec: Procedure) -> None:
    """A record of this procedure was approved or taken back: whoever knows the roster reads it anew."""
    if spec.effect.swap is not None:
        directory_rows.count_up(session)


def is_over(spec: Procedure, row: ProcedureRecordRow, today: date) -> bool:
    """Whether every shift that was swapped has begun: then there is nothing to take back."""
    return spec.effect.swap is None or max(_days(spec.effect.swap, row.fields), default=today) <= today

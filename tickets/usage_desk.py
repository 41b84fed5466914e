"""The part of the desk that counts language models, reached as `desk.usage`: every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from tickets import usage
from tickets.transaction import reading, writing
from tickets.usage_records import Allowance, DaySpent, ModelUse, Spent, UsageBy, UsageTotal


class UsageDesk:
    """What models took, and whether there is budget left. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone

    def reserve(self, person_id: str, estimate: ModelUse, allowance: Allowance) -> int | None:
        """Set aside what a call will take at most; the reservation, or None when that would exceed a budget.

        Whoever asks at the same time, in this process or another, takes turns (as all writers of the desk do) and
        counts what the others set aside: the day's budget can only be exceeded by what a call takes beyond its
        estimate. The day is the site's. `record` settles it.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            day = usage.site_day(tx.now, self._zone)
            taken = usage.spent(tx.session, day, person_id, estimate.currency)
            if not _within(taken, estimate, allowance):
                return None
            return usage.record(tx, person_id, replace(estimate, reservation=None))

    def record(self, person_id: str, use: ModelUse) -> None:
        """Record a use that belongs to no answer of the ledger: a draft, a stopped answer, the command line."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            usage.record(tx, person_id, use)

    def of_answer(self, answer_id: int) -> ModelUse | None:
        """What the model took for an answer; None when none was asked."""
        with reading(self._engine) as session:
            return usage.of_answer(session, answer_id)

    def spent_today(self, person_id: str, currency: str = "") -> DaySpent:
        """What the site's day has taken so far."""
        with reading(self._engine) as session:
            return usage.spent(session, self.today(), person_id, currency)

    def today(self) -> date:
        """The site's day; budgets begin anew with it."""
        return usage.site_day(self._clock(), self._zone)

    def totals(self, by: UsageBy, days: int) -> list[UsageTotal]:
        """The uses of the last `days` days, today included, for each day, person or model."""
        today = self.today()
        with reading(self._engine) as session:
            return usage.totals(session, by, today - timedelta(days=days - 1), today)


def _within(taken: DaySpent, estimate: ModelUse, allowance: Allowance) -> bool:
    tokens = estimate.tokens_in + estimate.tokens_out
    limits: list[tuple[Spent, int | None, int | None]] = [
        (taken.person, allowance.person_tokens, allowance.person_micros),
        (taken.site, allowance.site_tokens, allowance.site_micros),
    ]
    return all(
        (most_tokens is None or spent.tokens + tokens <= most_tokens)
        and (most_micros is None or (spent.micros or 0) + (estimate.micros or 0) <= most_micros)
        for spent, most_tokens, most_micros in limits
    )

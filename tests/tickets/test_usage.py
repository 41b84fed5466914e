"""What language models took: recorded with the answer, added up, limited by the day of the site."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk_samples import AGENT, AGENT2, EVERYBODY, ORIGIN, Clock
from sqlalchemy import Engine, text

from tickets.desk import Desk
from tickets.people import People
from tickets.records import AnswerRecord
from tickets.usage_records import Allowance, ModelUse, Purpose, UsageBy, UseOutcome

USE = ModelUse(
    model="openai:small",
    prompt="answer@0123456789ab",
    outcome=UseOutcome.PARTLY,
    tokens_in=900,
    tokens_out=100,
    micros=1500,
    currency="CNY",
    first_ms=420.0,
    ms=900.0,
    kept=2,
    dropped={"number": 1, "overlap": 2},
)
BEGUN = ModelUse(
    model="openai:small",
    prompt="answer@0123456789ab",
    outcome=UseOutcome.RESERVED,
    tokens_in=900,
    tokens_out=1100,
    micros=3000,
    currency="CNY",
    estimated=True,
)


def answered(use: ModelUse | None) -> AnswerRecord:
    return AnswerRecord("借几本？", "answered", (3,), model="openai:small", origin=ORIGIN, usage=use)


def test_an_answer_keeps_what_it_took(desk: Desk) -> None:
    answer_id = desk.record_answer(AGENT.id, answered(USE))
    assert desk.answer_record(answer_id).usage == USE
    assert desk.answer_record(desk.record_answer(AGENT.id, answered(None))).usage is None


def test_neither_is_written_without_the_other(desk: Desk, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE model_usage"))
    with pytest.raises(Exception, match="model_usage"):
        desk.record_answer(AGENT.id, answered(USE))
    assert [entry.action for entry in desk.audit()] == []
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar() == 0


def test_totals_by_day_person_and_model(desk: Desk, clock: Clock) -> None:
    desk.record_answer(AGENT.id, answered(USE))
    desk.usage.record(AGENT2.id, replace(USE, purpose=Purpose.DRAFT, micros=None, currency=""))
    clock.advance(timedelta(days=1))
    desk.usage.record(
        AGENT.id, replace(USE, model="ollama:x", fault="timeout", estimated=True, first_ms=None)
    )
    days = desk.usage.totals(UsageBy.DAY, 30)
    assert [(one.key, one.calls, one.answers) for one in days] == [("2026-11-24", 2, 1), ("2026-11-25", 1, 0)]
    assert days[0].tokens_in == 1800
    assert days[0].cost == {"CNY": 1500}, "an unknown cost is not zero money"
    assert days[0].dropped == {"number": 2, "overlap": 4}
    assert days[0].first_ms == 420.0
    assert (days[1].estimated, days[1].faults, days[1].first_ms) == (1, {"timeout": 1}, None)
    assert {one.key: one.calls for one in desk.usage.totals(UsageBy.PERSON, 30)} == {
        AGENT.id: 2,
        AGENT2.id: 1,
    }
    assert {one.key for one in desk.usage.totals(UsageBy.MODEL, 1)} == {"ollama:x"}


def test_a_reservation_is_settled_by_its_answer(desk: Desk) -> None:
    allowance = Allowance(person_tokens=2500)
    reserved = desk.usage.reserve(AGENT.id, BEGUN, allowance)
    assert reserved is not None
    assert desk.usage.spent_today(AGENT.id).person.tokens == 2000
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is None, "2000 of 2500 are set aside"
    desk.record_answer(AGENT.id, answered(replace(USE, tokens_in=300, reservation=reserved)))
    assert desk.usage.spent_today(AGENT.id).person.tokens == 400
    assert desk.usage.totals(UsageBy.DAY, 1)[0].calls == 1
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is not None


@pytest.mark.parametrize(
    ("allowance", "who"),
    [
        (Allowance(person_tokens=2000), "person"),
        (Allowance(site_tokens=2000), "site"),
        (Allowance(person_micros=3000), "person"),
        (Allowance(site_micros=3000), "site"),
    ],
)
def test_a_budget_of_a_person_and_of_the_site(desk: Desk, allowance: Allowance, who: str) -> None:
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is not None
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is None
    other = desk.usage.reserve(AGENT2.id, BEGUN, allowance)
    assert (other is not None) == (who == "person")


def test_a_budget_begins_anew_at_the_sites_midnight(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People(EVERYBODY), clock, zone="America/New_York")
    allowance = Allowance(site_tokens=2000)
    clock.now = datetime(2026, 11, 25, 4, 59, tzinfo=UTC)  # 23:59 of the 24th in New York
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is not None
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is None
    clock.advance(timedelta(minutes=2))
    assert desk.usage.reserve(AGENT.id, BEGUN, allowance) is not None
    assert [one.key for one in desk.usage.totals(UsageBy.DAY, 2)] == ["2026-11-24", "2026-11-25"]


def test_many_askers_at_once_do_not_exceed_a_budget(desk: Desk) -> None:
    allowance = Allowance(site_tokens=7000)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: desk.usage.reserve(f"U{n}", BEGUN, allowance), range(16)))
    assert sum(one is not None for one in got) == 3
    assert desk.usage.spent_today("U0").site.tokens == 6000


def test_money_in_another_currency_is_not_counted(desk: Desk) -> None:
    desk.usage.record(AGENT.id, replace(USE, micros=9_000_000, currency="USD"))
    assert desk.usage.reserve(AGENT.id, BEGUN, Allowance(person_micros=3000)) is not None

"""What a call took: counted by the provider or estimated, priced, set aside, told apart when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bot.assistant.answers import Answer
from bot.assistant.language_model import LanguageModel
from bot.assistant.metering import Meter, Prices, tokens_in
from bot.assistant.model_settings import ModelSettings
from bot.assistant.prompts import Prompts
from bot.assistant.writing import Writer
from tests.assistant.model_cases import CLAUSES
from tests.assistant.test_model_citations import similarity
from tests.assistant.writing_case import hits, quoted, reply
from tests.model_server import ModelServer, Reply
from tickets.usage_records import Allowance, ModelUse, UseOutcome

LATE = CLAUSES["late"]
GOOD = ("迟到10分钟以内,每次扣20元。", ["C1"])
PRICES = Prices(Decimal(2), Decimal(8), "CNY")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def write(server: ModelServer, scripted: Reply, meter: Meter | None = None, **settings: Any) -> ModelUse:
    server.play(scripted)
    made = Writer(LanguageModel(server.settings(**settings)), Prompts(), str, marks=False, meter=meter)
    answer = made.write("迟到?", (), hits([LATE]), quoted([LATE]), person="U1")
    assert answer.usage is not None
    return answer.usage


def test_the_providers_count_and_its_price(server: ModelServer) -> None:
    use = write(server, Reply(reply(GOOD)), Meter(PRICES), model_reports_usage=True)
    assert (use.tokens_in, use.tokens_out, use.estimated) == (100, 20, False)
    assert (use.micros, use.currency) == (100 * 2 + 20 * 8, "CNY")
    assert use.outcome is UseOutcome.WRITTEN
    assert use.prompt.startswith("answer@")


def test_without_a_count_it_is_estimated_and_without_prices_it_costs_nothing_known(
    server: ModelServer,
) -> None:
    use = write(server, Reply(reply(GOOD)))
    assert use.estimated
    assert use.tokens_in > 300
    assert 10 < use.tokens_out < 200
    assert use.micros is None


@pytest.mark.parametrize(
    ("scripted", "outcome", "fault", "paid"),
    [
        (Reply(status=500), UseOutcome.UNUSED, "server", False),
        (Reply(status=429), UseOutcome.UNUSED, "rate_limited", False),
        (Reply(reply(GOOD), first_token_seconds=60), UseOutcome.UNUSED, "timeout", True),
        (Reply(reply(GOOD), cut_after=12), UseOutcome.UNUSED, "connection", True),
        (Reply(reply(GOOD, GOOD), cut_after=60), UseOutcome.PARTLY, "connection", True),
    ],
)
def test_what_failed_costs_what_it_cost(
    server: ModelServer, scripted: Reply, outcome: UseOutcome, fault: str, paid: bool
) -> None:
    use = write(server, scripted, model_first_token_seconds=0.7 if fault == "timeout" else 60)
    assert use.fault == fault
    assert (use.tokens_in > 0) == paid
    assert outcome in (use.outcome, UseOutcome.PARTLY)


def test_a_spent_budget_means_the_model_is_not_asked(server: ModelServer) -> None:
    asked: list[tuple[str, ModelUse]] = []

    def reserve(person: str, use: ModelUse) -> int | None:
        asked.append((person, use))
        return None

    use = write(server, Reply(reply(GOOD)), Meter(PRICES, most_out=500, reserve=reserve))
    assert server.requests == []
    assert (use.fault, use.tokens_in, use.micros) == ("budget", 0, 0)
    person, estimate = asked[0]
    assert person == "U1"
    assert estimate.tokens_out == 500
    assert estimate.tokens_in > 300


def test_a_reservation_comes_back_with_what_was_taken(server: ModelServer) -> None:
    use = write(server, Reply(reply(GOOD)), Meter(reserve=lambda person, use: 7))
    assert use.reservation == 7


def test_a_stopped_answer_costs_what_it_cost(server: ModelServer) -> None:
    server.play(Reply(reply(GOOD, GOOD), hang_after=len(reply(GOOD, end=None)) + 3))
    stop: list[bool] = []
    answer = None
    made = Writer(LanguageModel(server.settings()), Prompts(), str, marks=False)
    for item in made.stream("迟到?", (), hits([LATE]), quoted([LATE]), lambda: bool(stop)):
        stop.append(True)
        answer = item
    assert isinstance(answer, Answer)
    assert answer.usage is not None
    assert answer.usage.outcome is UseOutcome.STOPPED
    assert answer.usage.tokens_in > 300
    assert answer.usage.tokens_out > 0


@pytest.mark.parametrize(
    ("key", "language", "question", "said"),
    [
        ("en_esc", "zh", "可以承诺赔偿吗?", "坐席绝不能承诺赔偿。"),
        (
            "ring",
            "en",
            "How fast must a call be answered?",
            "Incoming calls must be answered within three rings.",
        ),
    ],
)
def test_the_answer_is_in_the_askers_language_over_a_clause_in_the_other(
    server: ModelServer, key: str, language: Any, question: str, said: str
) -> None:
    clause = CLAUSES[key]
    server.play(Reply(reply((clause.text, ["C1"]), (said, ["C1"]))))
    made = Writer(LanguageModel(server.settings()), Prompts(), str, similarity, marks=False)
    answer = made.write(question, (), hits([clause]), quoted([clause], language=language))
    assert answer.text == said
    wish = "Write in Chinese" if language == "zh" else "Write in English"
    assert wish in server.requests[0]["messages"][0]["content"]


def test_tokens_are_estimated_rather_too_high_than_too_low() -> None:
    assert tokens_in("迟到十分钟") == 5
    assert tokens_in("Being late") == 4
    assert tokens_in("") == 0


def test_budgets_and_prices_as_settings() -> None:
    plain = ModelSettings(budget_user_day="20,000", budget_day="1000000 tokens")
    assert plain.allowance == Allowance(person_tokens=20_000, site_tokens=1_000_000)
    assert plain.prices is None
    money = ModelSettings(
        model_price_in=Decimal("0.5"), model_price_out=Decimal(2), model_currency="cny", budget_day="2.5 CNY"
    )
    assert money.allowance == Allowance(site_micros=2_500_000)
    assert money.prices is not None
    assert money.prices.micros(3, 1) == 4, "3.5 millionths, rounded up"
    assert not ModelSettings().allowance


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget_day": "plenty"},
        {"budget_day": "2.5"},
        {"budget_day": "5 CNY"},
        {"budget_day": "5 EUR", "model_price_in": 1, "model_price_out": 1, "model_currency": "CNY"},
        {"model_price_in": 1},
    ],
)
def test_a_wrong_budget_or_price_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ModelSettings(**wrong)

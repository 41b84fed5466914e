"""Rewording a draft: better words come through, invented facts and private data do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from bot.assistant.draft_writing import FIELDS, improve_draft
from bot.assistant.language_model import LanguageModel
from bot.assistant.prompts import Prompts
from tests.model_server import ModelServer, Reply

TEXT = (
    "客户来电说净水器装好第3天开始漏水,已经断水,要求今天有人上门,情绪激动,我安抚了10分钟没有用。电话[电话]。"
)
FIELD_VALUES = {
    "summary": "净水器漏水,客户要求上门",
    "what_happened": TEXT,
    "handling_suggestion": "安排技术员上门检修,并由班长致电客户说明",
    "route": "ladder",
    "next_approver": "班长",
}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def improve(
    server: ModelServer, reply: dict[str, str] | str, mask: Callable[[str], str] = lambda text: text
) -> dict[str, str]:
    text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
    server.play(Reply(text))
    return improve_draft(TEXT, FIELD_VALUES, LanguageModel(server.settings()), Prompts(), mask)


GOOD = {
    "summary": "净水器装好第3天漏水,客户情绪激动,要求今天上门。",
    "what_happened": "净水器装好第3天开始漏水,客户已经断水。客户要求今天有人上门。安抚10分钟没有用。",
    "handling_suggestion": "安排技术员上门检修,由班长致电客户说明。",
}


def test_good_wording_comes_through(server: ModelServer) -> None:
    assert improve(server, GOOD) == GOOD


def test_fences_and_talk_around_the_object_are_ignored(server: ModelServer) -> None:
    assert improve(server, f"好的:\n```json\n{json.dumps(GOOD, ensure_ascii=False)}\n```\n请查收。") == GOOD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "净水器装好第5天漏水,客户要求今天上门。"),
        ("summary", "净水器漏水,客户要求赔偿。"),
        ("summary", "净水器漏水,电话13800138000。"),
        ("summary", "净水器漏水 <!channel>"),
        ("summary", "The purifier leaks and the customer wants a visit."),
        ("what_happened", "净水器漏水,总经理已经答应退款。"),
        ("handling_suggestion", "安排技术员上门检修,并赠送滤芯。"),
        ("handling_suggestion", "由总经理批准后上门检修。"),
    ],
)
def test_a_field_that_invents_keeps_the_wording_of_the_rules(
    server: ModelServer, field: str, value: str
) -> None:
    kept = improve(server, GOOD | {field: value})
    assert kept == {name: GOOD[name] for name in FIELDS if name != field}


def test_route_and_approver_cannot_be_changed(server: ModelServer) -> None:
    assert improve(server, GOOD | {"route": "answer", "next_approver": "总经理"}) == GOOD


def test_no_suggestion_is_made_where_the_rules_made_none(server: ModelServer) -> None:
    server.play(Reply(json.dumps(GOOD, ensure_ascii=False)))
    fields = FIELD_VALUES | {"handling_suggestion": ""}
    kept = improve_draft(TEXT, fields, LanguageModel(server.settings()), Prompts(), lambda text: text)
    assert "handling_suggestion" not in kept


def test_what_the_mask_would_hide_is_refused_and_never_sent(server: ModelServer) -> None:
    kept = improve(server, GOOD, mask=lambda text: text.replace("净水器", "[产品]"))
    assert "净水器" not in str(server.requests[0])
    assert all("净水器" not in value for value in kept.values())


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(""), Reply("没有"), Reply('{"summary": 5}'), Reply("{broken}")]
)
def test_a_useless_reply_changes_nothing(server: ModelServer, reply: Reply) -> None:
    server.play(reply)
    assert (
        improve_draft(TEXT, FIELD_VALUES, LanguageModel(server.settings()), Prompts(), lambda text: text)
        == {}
    )


def test_without_a_model_nothing_changes() -> None:
    assert improve_draft(TEXT, FIELD_VALUES, None, Prompts(), lambda text: text) == {}

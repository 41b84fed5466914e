"""Drafts made by rules alone, over scenarios of our own (`escalations.jsonl`)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.drafting import Drafter
from bot.assistant.drafts import EscalationDraft, Route, Urgency
from knowledge.clauses import Citation
from tickets.people import DEFAULT_LADDER, Ladder, Role

SCENARIOS = [
    json.loads(line)
    for line in (Path(__file__).parent / "escalations.jsonl").read_text(encoding="utf-8").splitlines()
]
PROMISE = re.compile(
    r"保证(?:退|赔|解决)|一定(?:退|赔|给您)|承诺(?:退|赔)|we will (?:refund|compensate|pay)", re.I
)


def nothing(query: str) -> Sequence[Citation]:
    return []


def flat(text: str) -> str:
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text))


DRAFTER = Drafter(nothing)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_scenario(scenario: dict[str, Any]) -> None:
    draft = DRAFTER.draft(scenario["text"], scenario.get("sender_role", "agent"))

    assert draft.route == scenario["route"]
    shown = flat(json.dumps(draft.to_json("x"), ensure_ascii=False))
    assert [secret for secret in scenario.get("secret", ()) if flat(secret) in shown] == []
    assert [fact for fact in scenario.get("keep", ()) if fact not in draft.report] == []
    assert not PROMISE.search(draft.handling_suggestion)
    if draft.route is Route.LADDER:
        assert DEFAULT_LADDER.name(Role(draft.next_role)) in scenario["next"]
        assert draft.next_approver.startswith(DEFAULT_LADDER.name(Role(draft.next_role)))
        assert draft.skip_level_allowed is scenario.get("skip", draft.skip_level_allowed)
        assert draft.handling_suggestion or any("处理意见" in item for item in draft.missing)
        assert draft.next_reason
        assert draft.skip_reason
    else:
        assert (draft.next_role, draft.next_approver, draft.skip_level_allowed) == ("", "", False)


def test_who_is_complained_about_never_gets_it() -> None:
    assert DRAFTER.draft("班长排班偏心,我要举报班长").next_role == Role.SUPERVISOR
    assert DRAFTER.draft("我要举报现场主管克扣奖金").next_role == Role.MANAGER
    assert DRAFTER.draft("我要举报经理收客户回扣").next_role == Role.GENERAL_MANAGER
    assert DRAFTER.draft("我要举报总经理收客户回扣").next_role != Role.GENERAL_MANAGER


def test_the_writers_own_rung_is_left_out() -> None:
    text = "客户要求退还全部安装费2600元,我没有权限"
    by_sender = {
        role: DRAFTER.draft(text, role).next_role for role in ("agent", "leader", "supervisor", "manager")
    }
    assert by_sender == {
        "agent": Role.LEADER,
        "leader": Role.SUPERVISOR,
        "supervisor": Role.MANAGER,
        "manager": Role.GENERAL_MANAGER,
    }
    assert DRAFTER.draft(text, "班长").next_role == Role.SUPERVISOR
    assert DRAFTER.draft(text, "whoever").next_role == Role.LEADER


def test_the_ladder_is_configuration() -> None:
    short = Ladder((Role.LEADER, Role.MANAGER), {Role.LEADER: "小组长", Role.MANAGER: "部门负责人"})
    draft = Drafter(nothing, ladder=short).draft("班长联系不上,客户要求今天退2600元,我没有权限")
    assert (draft.next_role, draft.next_approver) == (Role.MANAGER, "部门负责人")


def test_shouting_makes_nothing_urgent() -> None:
    assert DRAFTER.draft("特急!!!!紧急!!!客户要求退20块钱运费,我没有权限").urgency is Urgency.IMPORTANT
    assert DRAFTER.draft("三楼配电室起火了").urgency is Urgency.URGENT


def test_a_refused_skip_is_explained_politely() -> None:
    draft = DRAFTER.draft("质检给我打分不公平,我要直接找总经理")
    assert not draft.skip_level_allowed
    assert draft.next_role == Role.LEADER
    assert "总经理" in draft.skip_reason
    assert "逐级" in draft.skip_reason


def test_those_passed_over_are_to_be_told_afterwards() -> None:
    draft = DRAFTER.draft("班长联系不上,有客户在大厅里摔东西伤了人")
    assert draft.after_the_fact_report
    assert "补报" in draft.report
    assert not DRAFTER.draft("客户要求退20块钱运费,我没有权限").after_the_fact_report


def test_facts_are_found_in_the_text() -> None:
    draft = DRAFTER.draft("昨天下午3点半在二楼仓库,小何搬货摔伤了腿,我们已经叫了救护车,班长陪着去了")
    assert draft.when == "昨天下午3点半"
    assert draft.where == "二楼仓库"
    assert "救护车" in draft.tried
    assert not {"发生时间", "发生地点", "已采取的措施和沟通情况"} & set(draft.missing)


def citation(clause_id: int) -> Citation:
    published = datetime(2026, 11, 1, tzinfo=UTC)
    return Citation(
        clause_id, "示例现场制度", "某公司", "二、3", "遇到办不了的事，找班长。", 1, published, "a.md"
    )


def test_the_policy_basis_comes_from_the_search_and_is_cited_once() -> None:
    asked: list[str] = []

    def policy(query: str) -> Sequence[Citation]:
        asked.append(query)
        return [citation(1), citation(2), citation(3)]

    draft = Drafter(policy).draft("班长联系不上,客户身份证320106198502143327被同事拍照外传")
    assert len(asked) >= 2
    assert all("3201061985" not in query for query in asked)
    assert [one.clause_id for one in draft.policy_basis] == [1, 2]
    assert "《示例现场制度》二、3" in draft.report
    assert draft.to_json("a1")["policy_basis"][0] == {
        "manual": "示例现场制度",
        "clause": "二、3",
        "quote": "遇到办不了的事，找班长。",
    }


def test_json_is_plain_and_complete() -> None:
    plain = DRAFTER.draft("客户要求退20块钱运费,我没有权限").to_json("a1")
    assert json.loads(json.dumps(plain)) == plain
    assert plain["id"] == "a1"
    assert {
        "route",
        "next_approver",
        "skip_level_allowed",
        "handling_suggestion",
        "report",
        "missing",
    } <= set(plain)


TEXT = "客户要求退运费20元,电话13800001111,我没有权限"


def test_a_models_wording_is_taken_over_and_masked() -> None:
    seen: list[str] = []

    def improve(draft: EscalationDraft, masked: str, person: str) -> EscalationDraft:
        seen.append(masked)
        return replace(draft, summary="客户要求退回20元运费,联系13800001111", model="test:model")

    draft = Drafter(nothing, improve).draft(TEXT)
    assert "13800001111" not in seen[0]
    assert draft.summary.startswith("客户要求退回20元运费")
    assert "13800001111" not in draft.report
    assert "客户要求退回20元运费" in draft.report
    assert draft.model == "test:model"


def test_a_model_decides_nothing_and_invents_no_figures() -> None:
    def improve(draft: EscalationDraft, masked: str, person: str) -> EscalationDraft:
        return replace(
            draft,
            summary="客户要求退500元",
            handling_suggestion="  ",
            next_role="general_manager",
            next_approver="总经理",
            skip_level_allowed=True,
            urgency=Urgency.URGENT,
            model="test:model",
        )

    plain, draft = DRAFTER.draft(TEXT), Drafter(nothing, improve).draft(TEXT)
    assert draft == replace(plain, model="test:model")


def test_a_model_without_an_answer_leaves_the_rules() -> None:
    assert Drafter(nothing, lambda draft, masked, person: None).draft(TEXT) == DRAFTER.draft(TEXT)


@given(st.text(max_size=300))
def test_any_text_makes_a_draft(text: str) -> None:
    draft = DRAFTER.draft(text)
    assert draft.report
    assert draft.route in Route


@pytest.mark.parametrize("text", ["", "   \n", "😀😀😀", "？？？"])
def test_nothing_to_go_on_is_asked_about(text: str) -> None:
    draft = DRAFTER.draft(text)
    assert draft.route is Route.ASK_FOR_DETAILS
    assert draft.missing


def test_a_very_long_text_is_read_in_time() -> None:
    assert DRAFTER.draft("客户要求退款,班长联系不上。" * 2000).route is Route.LADDER

"""What somebody may not do is refused also when the request says otherwise: signed payloads with other people's buttons
in them, over the real socket. Nothing is written, and they get one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_door import SlackDoor, click, command, submission

from bot.blocks import contacts, escalations, expiries, gaps, home_lists, publication, rungs, voice
from bot.blocks.references import (
    AcknowledgementRef,
    CardRef,
    ConfirmedRef,
    ExtendFormRef,
    GapRef,
    ManualRef,
    StagedRef,
    SubjectRef,
    VoiceFormRef,
)
from tickets.records import AuditEntry, EscalationContent, Origin, TicketContent

CATALOGUES = [json.loads(Path(f"bot/blocks/words/{one}.json").read_text("utf-8")) for one in ("zh", "en")]
SENTENCES = [
    text for one in CATALOGUES for key, text in one.items() if key.startswith(("error.", "expiry.not_live"))
]
AGENT, ADMIN = "U_AGENT2", "U_ADMIN"
DM = "D_U_AGENT2"
STAGED = "# 访客守则\n\n一、访客须登记。\n"


@pytest.fixture(scope="module")
def ids(door: SlackDoor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Things of others that an agent might reach for."""
    desk, people, keeper = door.desk.services.desk, door.desk.services.people, door.desk.services.keeper
    content = EscalationContent("客户催单", "【事件】催单", handling_suggestion="请加急")
    filed = desk.file_escalation(people.get("U_AGENT"), content, Origin(), "forged")
    logged = desk.log_ticket(people.get("U_AGENT"), TicketContent("漏水"), Origin(), "forged")
    file = tmp_path_factory.mktemp("staged") / "访客守则.md"
    file.write_text(STAGED, "utf-8")
    staged = keeper.stage(people.get(ADMIN), [file]).edition_ids[0]
    return {"escalation": filed.id, "ticket": logged.id, "edition": staged}


@pytest.fixture(scope="module")
def card(door: SlackDoor) -> dict[str, Any]:
    """A message of the bot in the agent's DM, below which refusals are said."""
    sent = door.desk.app.client.chat_postMessage(channel=DM, text="卡片")
    return {
        "type": "message",
        "user": "U_BOT",
        "bot_id": "B1",
        "text": "卡片",
        "blocks": [],
        "ts": str(sent["ts"]),
    }


def forged(ids: dict[str, int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and payload of each attempt by an agent whose colleague's matters these are."""
    card = CardRef(escalation_id=ids["escalation"], revision=1).dump()
    staged = StagedRef(editions=str(ids["edition"])).dump()
    confirmed = ConfirmedRef(confirmed_id=1, revision=1).dump()
    buttons = {
        escalations.APPROVE: card, escalations.EDIT: card, rungs.WITHDRAW: card, rungs.WAY: card,
        publication.PUBLISH: staged, publication.PUBLISH_SILENTLY: staged, publication.DETAILS: staged,
        publication.DISCARD: staged, home_lists.STAGED: staged, expiries.EXTEND: ManualRef(manual_id=1).dump(),
        gaps.TICKET: GapRef(gap_id=1).dump(), voice.WITHDRAW: confirmed, voice.SEND: confirmed,
        voice.COVERAGE: AcknowledgementRef(acknowledgement_id=1).dump(),
        contacts.LOOK: SubjectRef(subject=f"ticket:{ids['ticket']}").dump(),
    }  # fmt: skip
    for action, value in buttons.items():
        yield action, click(AGENT, action, value, DM)
    send = VoiceFormRef(channel=DM, confirmed_id=1, revision=1).dump()
    chosen = {voice.CHANNEL: {"input": {"type": "conversations_select", "selected_conversation": "C_FLOOR"}}}
    yield voice.SEND_FORM, submission(AGENT, voice.SEND_FORM, send, chosen)
    extend = ExtendFormRef(channel=DM, manual_id=1).dump()
    date = {expiries.UNTIL: {"input": {"type": "datepicker", "selected_date": "2030-01-01"}}}
    yield expiries.FORM, submission(AGENT, expiries.FORM, extend, date)


@pytest.mark.refusals
def test_forged_requests_change_nothing_and_are_told_off(
    door: SlackDoor, ids: dict[str, int], card: dict[str, Any]
) -> None:
    services, crew = door.desk.services, door.desk.crew
    before = (services.library.generation(), services.library.staged())
    last, told_before = services.desk.audit()[-1].id, len(told(door, card["ts"]))
    answers = 0
    for name, payload in forged(ids):
        if "container" in payload:
            payload["message"], payload["container"]["message_ts"] = card, card["ts"]
        assert door.interact(payload)[0] == 200, name
        answers += 1
    crew.wait(lambda: len(told(door, card["ts"])) >= told_before + answers, f"{answers} refusals")
    assert before == (services.library.generation(), services.library.staged())
    assert not written(door, last, f"escalation:{ids['escalation']}", f"ticket:{ids['ticket']}")
    assert not [text for text in told(door, card["ts"]) if "\n" in text or "Traceback" in text]


@pytest.mark.refusals
def test_commands_and_files_that_are_not_for_an_agent(door: SlackDoor) -> None:
    services, crew = door.desk.services, door.desk.crew
    last = services.desk.audit()[-1].id
    told_before = len(told(door))
    for text in ("audit T-20261124-0001", "channel", "off 张三"):
        assert door.command(command(AGENT, text, DM))[0] == 200
    file = {"id": "F1", "name": "x.md", "url_private_download": "http://127.0.0.1:9/x"}
    event = {"type": "message", "subtype": "file_share", "channel_type": "im", "channel": DM, "user": AGENT}
    assert door.event({**event, "text": "", "ts": "1700000001.000100", "files": [file]})[0] == 200
    crew.wait(lambda: len(told(door)) >= told_before + 2, "the refusals")
    assert not written(door, last)
    assert services.desk.preferences.of_channel(DM).organisation == ""


def written(door: SlackDoor, last: int, *subjects: str) -> list[AuditEntry]:
    """What stands in the trail since the entry `last` of the agent's, or about these things. (Others' acts that an earlier
    test began may still come in.)"""
    entries = door.desk.services.desk.audit()
    return [one for one in entries if one.id > last and (one.actor_id == AGENT or one.subject in subjects)]


def told(door: SlackDoor, thread_ts: str = "") -> list[str]:
    """Sentences of refusal in the agent's DM."""
    known = [text.split("{")[0] for text in SENTENCES]
    listed = door.desk.crew.messages(AGENT, "dm")
    listed += door.desk.crew.messages(AGENT, "dm", thread_ts=thread_ts) if thread_ts else []
    seen = {str(one["ts"]): str(one.get("text", "")) for one in listed}.values()
    return [text for text in seen if any(start and text.startswith(start) for start in known)]


def test_whoever_asks_too_fast_is_told_once_each_and_approvals_go_on() -> None:
    from bot.listeners.pace import Pace

    now = 0.0
    pace = Pace(3, lambda: now)
    assert [pace.allows("U1") for _ in range(5)] == [True, True, True, False, False]
    assert pace.allows("U2")
    now = 59.9
    assert not pace.allows("U1")
    now = 60.1
    assert [pace.allows("U1") for _ in range(4)] == [True, True, True, False]
    assert all(Pace(0).allows("U1") for _ in range(100))


def test_too_fast_is_one_sentence_and_clicks_are_never_counted(
    door: SlackDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew, pace = door.desk.crew, door.desk.app.shared.pace
    monkeypatch.setattr(pace, "most", 2)
    # Nobody else's test asks as the leader: what they left under way is not counted.
    asked = [crew.say("U_LEADER", "dm", f"第{number}问：借期几天？") for number in range(4)]

    def answers() -> list[str]:
        return [
            str(one.get("text", "")) for ts in asked for one in crew.messages("U_LEADER", "dm", ts["ts"])[1:]
        ]

    crew.wait(lambda: sum("一分钟内已经问了 2 个问题" in text for text in answers()) == 2, "two refusals")
    crew.wait(lambda: len([text for text in answers() if "一分钟内" not in text]) >= 2, "two answers")
    # Forms are opened all the same.
    crew.command("U_LEADER", "D_U_LEADER", "escalate 读者吵闹，要求免收滞还费")
    assert crew.form("U_LEADER", escalations.FORM)

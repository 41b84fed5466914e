"""Modals: opening with a trigger, sending, objections of client and bot, closing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError
from workspace_bot import FORM, SampleBot, plain
from workspace_people import PATIENCE, People, wait_for
from workspace_stage import PATIENT, Stage, connect

from bot.workspace import Workspace


def _click(stage: Stage, action_id: str, user: str = "U_AGENT") -> None:
    """Press a button of a new card; the form that is open afterwards is its own."""
    while left := stage.people.get("views", user=user)["modal"]:
        stage.people.post("closings", user=user, view_id=left["id"])
    asked = stage.people.say("按钮", user=user)
    card = wait_for(
        lambda: [m for m in stage.people.messages(user) if m["text"] == "请选" and m["ts"] > asked]
    )[-1]
    done = stage.people.post("clicks", user=user, channel="dm", ts=card["ts"], action_id=action_id)
    assert done["acked"]


def _submit(stage: Stage, view_id: str, **values: Any) -> dict[str, Any]:
    return stage.people.post("submissions", user="U_AGENT", view_id=view_id, values=values)


def test_a_form_goes_through_objections_to_the_end(stage: Stage) -> None:
    _click(stage, "open_form")
    view = stage.people.modal()
    missing = _submit(stage, view["id"], what="")
    assert (missing["sent"], missing["errors"]) == (False, {"what": "请填写此项。"})
    short = _submit(stage, view["id"], what="短")
    assert short["sent"] is False
    refused = _submit(stage, view["id"], what="不行", kind="投诉")
    assert refused["response_action"] == "errors"
    assert refused["errors"] == {"what": "再写清楚些"}
    assert stage.people.get("views", user="U_AGENT")["modal"]["id"] == view["id"]
    done = _submit(stage, view["id"], what={"text": "客户来电"})
    assert done["closed"] is True
    assert stage.people.get("views", user="U_AGENT")["modal"] is None
    wait_for(lambda: [m for m in stage.people.messages() if m["text"] == "已登记：客户来电"])


def test_an_answer_may_replace_the_form(stage: Stage) -> None:
    _click(stage, "open_form")
    view = stage.people.modal()
    assert _submit(stage, view["id"], what="继续")["response_action"] == "update"
    assert stage.people.modal()["title"]["text"] == "第二步"
    done = _submit(stage, view["id"], what="坏的")
    assert "refused" in done["error"]
    assert stage.people.calls("view_submission")[-1]["ok"] is False
    assert stage.people.modal()["title"]["text"] == "第二步"


def test_closing_is_told_to_who_asked_for_it(stage: Stage) -> None:
    _click(stage, "open_form")
    view, before = stage.people.modal(), stage.people.messages()[-1]["ts"]
    assert stage.people.post("closings", user="U_AGENT", view_id=view["id"])["notified"] is True
    assert stage.people.get("views", user="U_AGENT")["modal"] is None
    wait_for(lambda: [m for m in stage.people.messages() if m["text"] == "表单关了" and m["ts"] > before])


def test_a_message_shortcut_opens_the_form(stage: Stage) -> None:
    ts = stage.people.say("客户很生气", user="U_AGENT2", channel="C_FLOOR")
    wish = {"user": "U_LEADER", "channel": "C_FLOOR", "ts": ts, "callback_id": "escalate"}
    assert stage.people.post("shortcuts", **wish)["acked"]
    assert stage.people.modal("U_LEADER")["callback_id"] == "form"


def test_a_trigger_lives_once(stage: Stage) -> None:
    stage.bot.errors.clear()
    _click(stage, "twice")
    wait_for(lambda: stage.bot.errors)
    assert stage.bot.errors == ["exchanged_trigger_id"]


def test_a_trigger_lives_shortly(closing: Callable[[SocketModeHandler], SocketModeHandler]) -> None:
    with Workspace(timing=replace(PATIENT, trigger=0.6)) as workspace:
        bot = SampleBot(workspace.api_url, workspace.bot_token)
        handler = closing(connect(bot, workspace))
        assert workspace.wait_for_bot(PATIENCE)
        _click(Stage(workspace, People(workspace), bot), "too_late")
        wait_for(lambda: bot.errors)
        assert bot.errors == ["expired_trigger_id"]
        handler.client.auto_reconnect_enabled = False


def test_an_invented_trigger_is_refused(stage: Stage) -> None:
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        stage.client.views_open(trigger_id="1.2.abc", view=FORM)


def test_a_bad_view_is_refused_with_a_pointer_and_keeps_the_trigger(stage: Stage) -> None:
    with pytest.raises(SlackApiError) as refused:
        stage.client.views_open(trigger_id="1.2.abc", view=FORM | {"title": plain("长" * 25)})
    assert refused.value.response["error"] == "invalid_arguments"
    messages = refused.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]


def test_update_minds_the_hash(stage: Stage) -> None:
    _click(stage, "open_form")
    view = stage.people.modal()
    stage.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM | {"title": plain("新的")})
    with pytest.raises(SlackApiError, match="hash_conflict"):
        stage.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    with pytest.raises(SlackApiError, match="not_found"):
        stage.client.views_update(view_id="V_NONE", view=FORM)

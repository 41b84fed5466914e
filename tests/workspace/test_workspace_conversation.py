"""An unmodified Bolt app and people talk over real sockets."""

import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from workspace_bot import SampleBot
from workspace_people import PATIENCE, People, wait_for
from workspace_stage import QUICK, Stage, connect

from bot.workspace import Workspace


def test_a_message_is_answered_in_its_thread(stage: Stage) -> None:
    ts = stage.people.say("你好 <b> & 再见")
    reply = stage.people.reply(ts)
    assert reply["text"] == "收到：你好 &lt;b&gt; &amp; 再见"
    assert reply["thread_ts"] == ts
    assert reply["bot_id"]


def test_a_follow_up_arrives_with_its_thread(stage: Stage) -> None:
    ts = stage.people.say("第一问")
    stage.people.reply(ts)
    stage.people.say("第二问", thread_ts=ts)
    wait_for(lambda: len(stage.people.replies(ts)) == 3)
    follow_up = next(b["event"] for b in stage.bot.events("message") if b["event"].get("text") == "第二问")
    assert follow_up["thread_ts"] == ts
    assert follow_up["channel_type"] == "im"


def test_a_mention_causes_two_events_with_two_ids(stage: Stage) -> None:
    ts = stage.people.say("<@U_BOT> 在吗", channel="C_FLOOR")
    assert stage.people.reply(ts, channel="C_FLOOR")["text"] == "在"

    def heard() -> list[dict[str, Any]]:
        return [body for body in stage.bot.seen if body["event"].get("ts") == ts]

    wait_for(lambda: len(heard()) >= 2)  # which of the two comes first is open
    bodies = heard()
    assert sorted(body["event"]["type"] for body in bodies) == ["app_mention", "message"]
    assert len({body["event_id"] for body in bodies}) == 2


def test_a_stream_is_seen_while_it_grows(stage: Stage) -> None:
    stage.bot.release.clear()
    ts = stage.people.say("流式")
    growing = stage.people.reply(ts)
    assert growing["stream"]["state"] == "streaming"
    assert growing["stream"]["text"] == "**第一段**"
    stage.bot.release.set()
    whole = wait_for(lambda: [m for m in stage.people.replies(ts) if m["stream"]["state"] == "stopped"])[0]
    assert [block["type"] for block in whole["blocks"]] == ["plan", "markdown", "context_actions"]
    assert whole["blocks"][0]["title"] == "查找"
    assert whole["stream"]["tasks"][0]["status"] == "complete"
    assert stage.people.get("messages", user="U_AGENT", channel="dm")["statuses"] == []
    clicked = stage.people.post(
        "clicks", user="U_AGENT", channel="dm", ts=whole["ts"], action_id="feedback", value="negative"
    )
    assert clicked["acked"] is True
    thanks = wait_for(lambda: [m for m in stage.people.replies(ts) if m["ephemeral"]])[0]
    assert thanks["text"] == "谢谢：bad"


def test_stop_ends_a_stream_and_tells_the_bot(stage: Stage) -> None:
    stage.bot.release.clear()
    ts = stage.people.say("流式，停")
    streaming = stage.people.reply(ts)["ts"]
    stopped = stage.people.post("stops", user="U_AGENT", channel="dm", thread_ts=ts)
    assert stopped["streaming_message_ts"] == [streaming]
    with pytest.raises(SlackApiError) as refused:
        stage.client.chat_appendStream(channel="D_U_AGENT", ts=streaming, markdown_text="还有")
    assert refused.value.response["error"] == "stopped_by_user"
    event = wait_for(lambda: stage.bot.events("agent_session_stopped"))[-1]["event"]
    assert event["streaming_message_ts"] == [streaming]
    assert event["thread_ts"] == ts
    stage.bot.release.set()


def test_an_ephemeral_message_is_for_one_person(stage: Stage) -> None:
    stage.client.chat_postEphemeral(channel="C_FLOOR", user="U_AGENT", text="悄悄话")
    assert any(m["text"] == "悄悄话" for m in stage.people.messages("U_AGENT", "C_FLOOR"))
    assert not any(m["text"] == "悄悄话" for m in stage.people.messages("U_AGENT2", "C_FLOOR"))
    history = stage.client.conversations_history(channel="C_FLOOR")["messages"]
    assert not any(m["text"] == "悄悄话" for m in history)
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        stage.client.chat_postEphemeral(channel="C_REVIEW", user="U_AGENT", text="不在")


def test_a_slash_command_is_answered_privately(stage: Stage) -> None:
    done = stage.people.post("commands", user="U_AGENT", channel="C_FLOOR", command="/kefu", text="帮助")
    shown = next(m for m in stage.people.messages("U_AGENT", "C_FLOOR") if m["ts"] == done["ts"])
    assert shown["text"] == "你要的是：帮助"
    assert shown["ephemeral"] is True


def test_a_file_reaches_the_bot_and_only_the_bot(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "手册.txt"
    path.write_text("第一条", encoding="utf-8")
    stage.people.post("files", user="U_ADMIN", channel="dm", path=str(path))
    bodies = wait_for(lambda: [b for b in stage.bot.seen if b["event"].get("subtype") == "file_share"])
    shared = bodies[-1]["event"]["files"][0]
    assert shared["name"] == "手册.txt"
    file = stage.client.files_info(file=shared["id"])["file"]
    request = urllib.request.Request(_ascii(file["url_private_download"]))
    request.add_header("Authorization", f"Bearer {stage.workspace.bot_token}")
    with urllib.request.urlopen(request) as answer:
        assert answer.read().decode() == "第一条"
    with urllib.request.urlopen(_ascii(file["url_private_download"])) as answer:
        assert b"<!DOCTYPE html>" in answer.read()


def _ascii(url: str) -> str:
    return urllib.parse.quote(url, safe=":/")


def test_the_bot_uploads_a_file(stage: Stage) -> None:
    done = stage.client.files_upload_v2(
        content="周报", filename="week.md", channel="C_REVIEW", initial_comment="本周"
    )
    posted = stage.people.messages("U_LEADER", "C_REVIEW")[-1]
    assert posted["text"] == "本周"
    assert posted["files"][0]["id"] == done["file"]["id"]


def test_home_and_prompts_follow_the_tab(stage: Stage) -> None:
    stage.people.post("home", user="U_AGENT2", tab="home")
    home = wait_for(lambda: stage.people.get("views", user="U_AGENT2")["home"])
    done = stage.people.post("clicks", user="U_AGENT2", view_id=home["id"], action_id="open_form")
    assert done["acked"]
    assert stage.people.modal("U_AGENT2")["callback_id"] == "form"
    stage.people.post("home", user="U_AGENT2", tab="messages")
    prompts = wait_for(lambda: stage.people.get("messages", user="U_AGENT2", channel="dm")["prompts"])
    assert prompts == {"title": "试试", "prompts": [{"title": "保修期多久", "message": "保修期多久"}]}


def test_reactions_edits_and_deletions_are_events(stage: Stage) -> None:
    ts = stage.people.say("改我", channel="C_FLOOR")
    stage.people.post("reactions", user="U_AGENT2", channel="C_FLOOR", ts=ts, name="eyes")
    stage.people.post("edits", user="U_AGENT", channel="C_FLOOR", ts=ts, text="改了")
    stage.people.post("deletions", user="U_AGENT", channel="C_FLOOR", ts=ts)
    # Bolt's threads may overtake each other: each is waited for.
    wait_for(lambda: [b for b in stage.bot.seen if b["event"].get("deleted_ts") == ts])
    wait_for(lambda: [b for b in stage.bot.events("reaction_added") if b["event"]["item"]["ts"] == ts])

    def edits() -> list[dict[str, Any]]:
        changes = [b["event"] for b in stage.bot.seen if b["event"].get("subtype") == "message_changed"]
        return [event for event in changes if event["message"]["ts"] == ts]

    (changed,) = wait_for(edits)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("改了", "改我")


def _buttons(stage: Stage, user: str = "U_AGENT") -> str:
    asked = stage.people.say("按钮", user=user)
    found = wait_for(
        lambda: [m for m in stage.people.messages(user) if m["text"] == "请选" and m["ts"] > asked]
    )
    return str(found[-1]["ts"])


def test_response_url_answers_privately_and_rewrites(stage: Stage) -> None:
    ts = _buttons(stage, "U_LEADER")
    click = {"user": "U_LEADER", "channel": "dm", "ts": ts}
    stage.people.post("clicks", **click, action_id="answer_privately")
    wait_for(lambda: [m for m in stage.people.replies(ts, "U_LEADER") if m["ephemeral"]])
    stage.people.post("clicks", **click, action_id="replace")
    wait_for(
        lambda: [m for m in stage.people.messages("U_LEADER") if m["ts"] == ts and m["text"] == "改好了"]
    )


def test_response_url_works_five_times(stage: Stage) -> None:
    stage.people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
    payload = stage.workspace._grid.response_urls
    webhook = WebhookClient(f"{stage.workspace.url}actions/{next(reversed(payload))}")
    codes = [webhook.send(text=f"第 {number} 次").status_code for number in range(6)]
    assert codes == [200] * 5 + [404]
    assert json.loads(webhook.send(text="又").body)["error"] == "used_url"


def test_a_select_carries_choice_and_state(stage: Stage) -> None:
    ts = _buttons(stage)
    stage.people.post("clicks", user="U_AGENT", channel="dm", ts=ts, action_id="pick", value="b")
    assert stage.people.reply(ts)["text"] == "选了 b b"


def test_an_unacknowledged_click_is_reported(
    closing: Callable[[SocketModeHandler], SocketModeHandler],
) -> None:
    with Workspace(timing=QUICK) as workspace:
        bot = SampleBot(workspace.api_url, workspace.bot_token)
        handler = closing(connect(bot, workspace))
        assert workspace.wait_for_bot(PATIENCE)
        people = People(workspace)
        ts = _buttons(Stage(workspace, people, bot))
        done = people.post("clicks", user="U_AGENT", channel="dm", ts=ts, action_id="silent")
        assert done["acked"] is False
        assert "did not acknowledge" in done["error"]
        handler.client.auto_reconnect_enabled = False


def test_history_and_replies_page_by_cursor(stage: Stage) -> None:
    first = stage.people.say("一", user="U_SUPERVISOR2")
    stage.people.reply(first, "U_SUPERVISOR2")
    second = stage.people.say("二", user="U_SUPERVISOR2")
    stage.people.reply(second, "U_SUPERVISOR2")
    page = stage.client.conversations_history(channel="D_U_SUPERVISOR2", limit=1)
    assert [m["ts"] for m in page["messages"]] == [second]
    assert page["has_more"] is True
    page = stage.client.conversations_history(
        channel="D_U_SUPERVISOR2", limit=1, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [m["ts"] for m in page["messages"]] == [first]
    thread = stage.client.conversations_replies(channel="D_U_SUPERVISOR2", ts=first)["messages"]
    assert [m["text"] for m in thread] == ["一", "收到：一"]
    assert thread[0]["reply_count"] == 1


def test_people_have_locales(stage: Stage) -> None:
    assert stage.client.users_info(user="U_AGENT2", include_locale=True)["user"]["locale"] == "en-US"
    assert "locale" not in stage.client.users_info(user="U_AGENT")["user"]

"""Places, scopes, limits and lives: what the app may do where, how often, and how long."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import websocket
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from workspace_bot import SampleBot
from workspace_people import People
from workspace_stage import PATIENT, connect

from bot.workspace import Timing, Workspace

Json = dict[str, Any]
BRIEF = Timing(stream=0.2)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace(timing=PATIENT) as running:
        yield running


@pytest.fixture(scope="module")
def people(workspace: Workspace) -> People:
    return People(workspace)


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url)


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_the_app_writes_and_reads_where_it_was_invited(people: People, client: WebClient) -> None:
    public = people.post("channels", user="U_AGENT", name="培训")["id"]
    private = people.post("channels", user="U_AGENT", name="悄悄话", private=True)["id"]
    ts = people.say("问", channel=public)
    assert refusal(client.chat_postMessage, channel=public, text="x") == "not_in_channel"
    assert refusal(client.chat_postEphemeral, channel=public, user="U_AGENT", text="x") == "not_in_channel"
    assert refusal(client.conversations_history, channel=public) == "not_in_channel"
    assert refusal(client.reactions_add, channel=public, timestamp=ts, name="eyes") == "not_in_channel"
    assert refusal(client.chat_startStream, channel=public, thread_ts=ts) == "not_in_channel"
    place = {"channel_id": public, "thread_ts": ts, "status": "processing"}
    assert refusal(client.agents_sessions_setStatus, **place) == "not_authorized"
    assert refusal(client.chat_postMessage, channel=private, text="x") == "channel_not_found"
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {public: False}.items() <= {c["id"]: c["is_member"] for c in listed}.items()
    assert private not in {c["id"] for c in listed}
    people.post("members", user="U_AGENT", channel=public, member="U_BOT")
    assert client.chat_postMessage(channel=public, text="x")["ok"]
    people.post("archives", user="U_AGENT", channel=public)
    assert refusal(client.chat_postMessage, channel=public, text="x") == "is_archived"


def test_what_happens_where_the_app_is_not_is_not_told_to_it(
    closing: Callable[[SocketModeHandler], SocketModeHandler], quiet_workspace: Workspace
) -> None:
    bot = SampleBot(quiet_workspace.api_url, quiet_workspace.bot_token)
    closing(connect(bot, quiet_workspace))
    people = People(quiet_workspace)
    elsewhere = people.post("channels", user="U_AGENT", name="别处")["id"]
    people.say("<@U_BOT> 在吗", channel=elsewhere)
    people.post("members", user="U_AGENT", channel=elsewhere, member="U_BOT")
    ts = people.say("<@U_BOT> 现在呢", channel=elsewhere)
    assert people.reply(ts, channel=elsewhere)["text"] == "在"
    assert {body["event"].get("text") for body in bot.events("app_mention")} == {"<@U_BOT> 现在呢"}
    people.post("members", user="U_AGENT", channel=elsewhere, member="U_BOT", leaves=True)
    status, body = people.try_post(
        "members", {"user": "U_AGENT", "channel": elsewhere, "member": "U_BOT", "leaves": True}
    )
    assert (status, body["error"]) == (400, f"U_BOT is not in {elsewhere}")  # fmt: skip


def test_looks_of_its_own_need_a_scope(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C_FLOOR", text="x", username="别人")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write.customize"


def test_a_manifest_says_what_the_app_may_and_hears(
    closing: Callable[[SocketModeHandler], SocketModeHandler],
) -> None:
    manifest: Json = {
        "features": {"slash_commands": [{"command": "/kefu"}], "shortcuts": []},
        "oauth_config": {"scopes": {"bot": ["chat:write", "im:history", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    with Workspace(timing=PATIENT, manifest=manifest) as workspace:
        client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
        people = People(workspace)
        with pytest.raises(SlackApiError) as refused:
            client.users_info(user="U_AGENT")
        assert refused.value.response["needed"] == "users:read"
        assert refusal(client.conversations_history, channel="C_FLOOR") == "missing_scope"
        assert client.conversations_history(channel="D_U_AGENT")["ok"]
        bot = SampleBot(workspace.api_url, workspace.bot_token)
        closing(connect(bot, workspace))
        people.say("<@U_BOT> 不该听见", channel="C_FLOOR")
        assert people.reply(people.say("听见"))["text"] == "收到：听见"
        assert {body["event"]["channel"] for body in bot.seen} == {"D_U_AGENT"}
        wish = {"user": "U_AGENT", "channel": "dm", "command": "/other", "text": ""}
        assert people.try_post("commands", wish) == (
            404,
            {"error": "the app has no /other; its manifest has /kefu"},
        )
        assert people.try_post("shortcuts", {"user": "U_AGENT", "callback_id": "x"})[0] == 404
        bot.app.client.timeout = 1


def test_tiers_are_kept_and_say_when_to_come_back(quiet_workspace: Workspace) -> None:
    people = People(quiet_workspace)
    client = WebClient(token=quiet_workspace.bot_token, base_url=quiet_workspace.api_url)
    people.post("faults", kind="rate_limits", seconds=3600)  # so that it does not end meanwhile
    for _ in range(20):
        client.users_list()
    with pytest.raises(SlackApiError) as refused:
        client.users_list()
    assert refused.value.response.status_code == 429
    assert 1 <= int(refused.value.response.headers["Retry-After"]) <= 3600
    for _ in range(5):
        client.chat_postMessage(channel="C_FLOOR", text="x")
    assert refusal(client.chat_postMessage, channel="C_FLOOR", text="x") == "ratelimited"
    assert client.chat_postMessage(channel="D_U_AGENT", text="x")["ok"], "each channel counts for itself"
    people.post("faults", kind="rate_limits", seconds=0)
    assert client.users_list()["ok"]


def test_a_long_text_is_cut_and_said_so(client: WebClient) -> None:
    sent = client.chat_postMessage(channel="C_FLOOR", text="长" * 40_001)
    assert sent["warning"] == "message_truncated"
    assert len(sent["message"]["text"]) == 40_000


def test_markdown_counts_in_all(client: WebClient) -> None:
    blocks = [{"type": "markdown", "text": "长" * 7_000}] * 2
    assert (
        refusal(client.chat_postMessage, channel="C_FLOOR", text="x", blocks=blocks) == "msg_blocks_too_long"
    )


def test_validate_says_what_was_expected(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.blocks_validate(view={"type": "modal", "blocks": []})
    assert refused.value.response["error"] == "invalid_view"
    assert refused.value.response["errors"] == [
        {
            "pointer": "",
            "code": "failed_constraint",
            "message": "missing required field: title",
            "constraint": {"type": "required", "expected": "title"},
        }
    ]
    assert client.blocks_validate(message={"blocks": [{"type": "divider"}]})["ok"], "no text is no problem"
    deep = {"attachments": [{"blocks": [{"type": "header"}]}]}
    with pytest.raises(SlackApiError) as refused:
        client.blocks_validate(message=deep)
    assert refused.value.response["errors"][0]["pointer"] == "/attachments/0/blocks/0"
    with pytest.raises(SlackApiError) as refused:
        client.api_call("blocks.validate", json={"view": {}, "blocks": []})
    assert refused.value.response["response_metadata"]["messages"] == [
        "must provide exactly one of `blocks`, `view`, or `message`"
    ]


@contextmanager
def raw_socket(workspace: Workspace) -> Iterator[websocket.WebSocket]:
    """A socket without a client around it, which shows what the workspace sends and when it closes."""
    answer = WebClient(base_url=workspace.api_url).apps_connections_open(app_token=workspace.app_token)
    socket = websocket.create_connection(answer["url"], timeout=30)
    try:
        yield socket
    finally:
        socket.close()


def told(socket: websocket.WebSocket, kind: str) -> Json:
    """The next message of a type; events on the way are acknowledged."""
    while True:
        message: Json = json.loads(socket.recv())
        if message["type"] == kind:
            return message
        if "envelope_id" in message:
            socket.send(json.dumps({"envelope_id": message["envelope_id"]}))


def test_an_eleventh_socket_is_sent_away(quiet_workspace: Workspace) -> None:
    with ExitStack() as stack:
        for number in range(10):
            socket = stack.enter_context(raw_socket(quiet_workspace))
            assert told(socket, "hello")["num_connections"] == number + 1
        extra = stack.enter_context(raw_socket(quiet_workspace))
        assert told(extra, "disconnect")["reason"] == "too_many_websockets"
        assert People(quiet_workspace).get("sockets")["count"] == 10


def test_an_old_socket_is_warned_and_serves_on() -> None:
    timing = Timing(socket=30.2, disconnect_grace=30, wait_for_socket=0.1)
    with Workspace(timing=timing) as workspace, raw_socket(workspace) as socket:
        assert told(socket, "hello")["debug_info"]["approximate_connection_time"] == 30
        assert told(socket, "disconnect")["reason"] == "warning"
        People(workspace).say("还在吗")
        event = told(socket, "events_api")
        assert event["payload"]["event"]["text"] == "还在吗", "there is no other socket yet"


def test_after_the_warning_it_is_closed() -> None:
    with (
        Workspace(timing=Timing(socket=0.4, disconnect_grace=0.3)) as workspace,
        raw_socket(workspace) as socket,
    ):
        assert [told(socket, "disconnect")["reason"] for _ in range(2)] == ["warning", "refresh_requested"]
        assert socket.recv() == ""


def test_a_stream_left_alone_leaves_the_streaming_state() -> None:
    with Workspace(timing=BRIEF) as workspace:
        client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
        people = People(workspace)
        thread = people.say("问")
        ts = client.chat_startStream(channel="D_U_AGENT", thread_ts=thread, markdown_text="半句")["ts"]
        time.sleep(BRIEF.stream + 0.1)
        gone = refusal(client.chat_appendStream, channel="D_U_AGENT", ts=ts, markdown_text="太晚")
        assert gone == "message_not_in_streaming_state"


def test_one_may_write_to_ones_own_stream_only(people: People, client: WebClient) -> None:
    mine = people.say("我的")
    where = {"channel": "D_U_AGENT", "ts": mine, "markdown_text": "x"}
    assert refusal(client.chat_appendStream, **where) == "message_not_owned_by_app"
    ts = client.chat_startStream(channel="D_U_AGENT", thread_ts=mine, markdown_text="x")["ts"]
    people.post("stops", user="U_AGENT", channel="dm", thread_ts=mine)
    gone = refusal(client.chat_appendStream, channel="D_U_AGENT", ts=ts, markdown_text="y")
    assert gone == "stopped_by_user"

"""What Slack would refuse is refused here, in Slack's words."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from workspace_people import People

from bot.workspace import Workspace


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace() as running:
        yield running


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url)


def _refusal(client: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json=arguments)
    data: dict[str, Any] = refused.value.response.data  # type: ignore[assignment]
    return data


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.shout", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "loud": True}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C_NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C_FLOOR"}, "no_text"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "thread_ts": "1.2"}, "cannot_reply_to_message"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "attachments": ["y"]}, "invalid_attachments"),
        ("chat.postMessage", {"channel": "C_FLOOR", "text": "x", "attachments": [{"text": "y"}] * 101}, "too_many_attachments"),
        ("chat.update", {"channel": "C_FLOOR", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C_FLOOR", "message_ts": "1.2"}, "message_not_found"),
        ("chat.startStream", {"channel": "C_FLOOR", "thread_ts": "1.2"}, "missing_recipient_user_id"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("users.info", {"user": "U_NOBODY"}, "user_not_found"),
        ("conversations.history", {"channel": "C_FLOOR", "cursor": "?"}, "invalid_cursor"),
        ("conversations.replies", {"channel": "C_FLOOR", "ts": "1.2"}, "thread_not_found"),
        ("views.publish", {"user_id": "U_AGENT", "view": {"type": "modal"}}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": "{"}, "invalid_arguments"),
        ("files.info", {"file": "F1"}, "file_not_found"),
        ("assistant.threads.setStatus", {"channel_id": "D_U_AGENT", "thread_ts": "1.2", "status": "x"}, "invalid_thread_ts"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "D_U_AGENT", "prompts": [{"title": "x"}]}, "invalid_arguments"),
        ("agents.sessions.setStatus", {"channel_id": "D_U_AGENT", "status": "busy", "thread_ts": "1.2"}, "invalid_arguments"),
        ("agents.sessions.setStatus", {"channel_id": "D_U_AGENT", "status": "active"}, "thread_ts_required"),
        ("blocks.validate", {}, "invalid_arguments"),
        ("usergroups.list", {"limit": 3}, "invalid_arguments"),
        ("usergroups.users.list", {}, "invalid_arguments"),
        ("usergroups.users.list", {"usergroup": "S_NONE"}, "no_such_subteam"),
    ],
)  # fmt: skip
def test_calls_that_slack_refuses(
    client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert _refusal(client, method, **arguments)["error"] == error


def test_tokens_are_told_apart(workspace: Workspace) -> None:
    for token, error in (("xoxb-wrong", "invalid_auth"), (workspace.app_token, "not_allowed_token_type")):
        stranger = WebClient(token=token, base_url=workspace.api_url)
        assert _refusal(stranger, "chat.postMessage", channel="C_FLOOR", text="x")["error"] == error


def test_invalid_blocks_point_at_the_culprit(client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "长" * 3001}}]
    answer = _refusal(client, "chat.postMessage", channel="C_FLOOR", text="x", blocks=blocks)
    message = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [message],
        "response_metadata": {"messages": [f"[ERROR] {message}"]},
    }


def test_blocks_validate_answers_like_slack(client: WebClient) -> None:
    assert client.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    with pytest.raises(SlackApiError) as refused:
        client.blocks_validate(blocks=[{"type": "section", "text": {"type": "loud", "text": "x"}}])
    problem = refused.value.response["errors"][0]
    assert problem["pointer"] == "/0/text/type"
    assert problem["code"] == "failed_constraint"
    assert set(problem["constraint"]["expected"]) == {"plain_text", "mrkdwn"}


def test_streams_keep_their_order(workspace: Workspace, client: WebClient) -> None:
    people = People(workspace)
    ts = people.say("问", channel="C_FLOOR")
    place = {
        "channel": "C_FLOOR",
        "thread_ts": ts,
        "recipient_team_id": "T_KEFU",
        "recipient_user_id": "U_AGENT",
    }
    stream = client.chat_startStream(**place)["ts"]
    where = {"channel": "C_FLOOR", "ts": stream}
    assert _refusal(client, "chat.update", **where, text="x")["error"] == "streaming_state_conflict"
    assert (
        _refusal(client, "chat.appendStream", **where, chunks=[{"type": "song"}])["error"] == "invalid_chunks"
    )
    assert _refusal(client, "chat.appendStream", **where)["error"] == "no_text"
    assert _refusal(client, "chat.stopStream", **where)["error"] == "no_text"
    assert (
        _refusal(client, "chat.appendStream", **where, markdown_text="x" * 12_001)["error"] == "msg_too_long"
    )
    client.chat_appendStream(**where, markdown_text="x" * 8_000)
    assert (
        _refusal(client, "chat.appendStream", **where, markdown_text="x" * 8_000)["error"]
        == "msg_blocks_too_long"
    )
    client.chat_stopStream(**where, markdown_text="完")
    assert (
        _refusal(client, "chat.appendStream", **where, markdown_text="x")["error"]
        == "message_not_in_streaming_state"
    )
    client.chat_update(**where, text="改写", blocks=[])
    assert people.replies(ts, channel="C_FLOOR")[0]["text"] == "改写"


def test_an_expired_stream_can_be_rewritten(workspace: Workspace, client: WebClient) -> None:
    people = People(workspace)
    ts = people.say("问")
    stream = client.chat_startStream(channel="D_U_AGENT", thread_ts=ts, markdown_text="半句")["ts"]
    assert people.post("faults", kind="expire_streams")["done"] == 1
    answer = _refusal(client, "chat.stopStream", channel="D_U_AGENT", ts=stream, markdown_text="x")
    assert answer["error"] == "message_not_in_streaming_state"
    client.chat_update(channel="D_U_AGENT", ts=stream, text="整句")
    assert people.replies(ts)[0]["text"] == "整句"


def test_prompts_with_a_thread_fail_silently(workspace: Workspace, client: WebClient) -> None:
    people = People(workspace)
    ts = people.say("问", user="U_LEADER")
    prompts = [{"title": "t", "message": "m"}]
    client.assistant_threads_setSuggestedPrompts(channel_id="D_U_LEADER", thread_ts=ts, prompts=prompts)
    assert people.get("messages", user="U_LEADER", channel="dm")["prompts"] is None
    assert people.calls("assistant.threads.setSuggestedPrompts")[-1]["advice"]


def test_a_rate_limit_says_when_to_come_back(workspace: Workspace, client: WebClient) -> None:
    people = People(workspace)
    people.post("faults", kind="rate_limit", count=2, retry_after=1, method="chat.postMessage")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C_FLOOR", text="x")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert refused.value.response["error"] == "ratelimited"
    patient = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    patient.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert patient.chat_postMessage(channel="C_FLOOR", text="x")["ok"]
    verdicts = [call["verdict"] for call in people.calls("chat.postMessage")][-3:]
    assert verdicts == ["ratelimited", "ratelimited", "ok"]


def test_forms_and_json_both_work(workspace: Workspace) -> None:
    body = b"channel=C_FLOOR&text=form&blocks=" + urllib.request.quote('[{"type":"divider"}]').encode()
    request = urllib.request.Request(f"{workspace.api_url}chat.postMessage", body)
    request.add_header("Authorization", f"Bearer {workspace.bot_token}")
    with urllib.request.urlopen(request) as answer:
        sent = json.load(answer)
    assert sent["ok"]
    assert sent["message"]["blocks"][0]["type"] == "divider"


def test_a_socket_address_works_once(workspace: Workspace) -> None:
    url = WebClient(base_url=workspace.api_url).apps_connections_open(app_token=workspace.app_token)["url"]
    plain_url = url.replace("ws://", "http://")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(plain_url)  # used up, although it was no WebSocket
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(plain_url)
    assert refused.value.code == 408

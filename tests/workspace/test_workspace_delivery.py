"""Delivery over sockets: one socket gets it, lost acks bring it again, broken sockets come back."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler as BuiltinHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from workspace_bot import SampleBot
from workspace_people import PATIENCE, People, wait_for
from workspace_stage import PATIENT, connect

from bot.workspace import Workspace

# Lost acknowledgements are waited for; and one that is not lost must come in time, on a busy machine too.
LOST = replace(PATIENT, ack=3.0)
Closing = Callable[[SocketModeHandler], SocketModeHandler]


@pytest.fixture
def own(closing: Closing, request: pytest.FixtureRequest) -> Iterator[tuple[Workspace, People, SampleBot]]:
    """A workspace and a bot that a test may maltreat."""
    with Workspace(timing=getattr(request, "param", PATIENT)) as workspace:
        bot = SampleBot(workspace.api_url, workspace.bot_token)
        handler = closing(connect(bot, workspace))
        assert workspace.wait_for_bot(PATIENCE)
        yield workspace, People(workspace), bot
        handler.client.auto_reconnect_enabled = False


@pytest.mark.parametrize("own", [LOST], indirect=True, ids=["short"])
def test_a_lost_ack_brings_the_same_event_again(own: tuple[Workspace, People, SampleBot]) -> None:
    _, people, bot = own
    people.post("faults", kind="lose_ack", count=1, type="events_api")
    ts = people.say("一次")
    wait_for(lambda: len([b for b in bot.seen if b["event"].get("ts") == ts]) == 2)
    wait_for(lambda: len(people.replies(ts)) == 2)
    time.sleep(LOST.ack + 0.3)
    bodies = [b for b in bot.seen if b["event"].get("ts") == ts]
    assert len(bodies) == 2
    assert len({b["event_id"] for b in bodies}) == 1
    assert len(people.replies(ts)) == 2, "a bot without de-duplication answers twice; so it must here"


@pytest.mark.parametrize("own", [LOST], indirect=True, ids=["short"])
def test_a_click_is_never_delivered_again(own: tuple[Workspace, People, SampleBot]) -> None:
    _, people, _ = own
    people.post("faults", kind="lose_ack", count=1, type="slash_commands")
    done = people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
    assert done["acked"] is False
    time.sleep(LOST.ack + 0.3)
    assert people.calls("/kefu") == []


def test_two_sockets_share_events_without_doubling(
    own: tuple[Workspace, People, SampleBot], closing: Closing
) -> None:
    workspace, people, bot = own
    other = SampleBot(workspace.api_url, workspace.bot_token)
    closing(connect(other, workspace))
    wait_for(lambda: people.get("sockets")["count"] == 2)
    asked = [people.say(f"第 {number} 条") for number in range(10)]
    wait_for(lambda: all(people.replies(ts) for ts in asked))
    counts = [sum(b["event"].get("ts") in asked for b in one.seen) for one in (bot, other)]
    assert sum(counts) == 10
    assert min(counts) > 0
    assert all(len(people.replies(ts)) == 1 for ts in asked)


def test_duplicate_events(closing: Closing, quiet_workspace: Workspace) -> None:
    bot, people = SampleBot(quiet_workspace.api_url, quiet_workspace.bot_token), People(quiet_workspace)
    handler = closing(connect(bot, quiet_workspace))
    assert quiet_workspace.wait_for_bot(PATIENCE)
    people.post("faults", kind="duplicate")
    ts = people.say("双份")
    wait_for(lambda: len([b for b in bot.seen if b["event"].get("ts") == ts]) == 2)
    handler.client.auto_reconnect_enabled = False


def test_reordered_events(closing: Closing, quiet_workspace: Workspace) -> None:
    """Nothing else is under way: what the bot says is an event as well, and would be the one after the first."""
    bot, people = SampleBot(quiet_workspace.api_url, quiet_workspace.bot_token), People(quiet_workspace)
    handler = closing(connect(bot, quiet_workspace))
    received: list[str] = []  # as it came over the socket: Bolt's threads may overtake each other
    handler.client.on_message_listeners.append(lambda _, message: received.append(message))
    assert quiet_workspace.wait_for_bot(PATIENCE)
    people.post("faults", kind="reorder")
    first, second = people.say("先说"), people.say("后说")
    wait_for(lambda: {first, second} <= {b["event"].get("ts") for b in bot.seen})
    events = [json.loads(message).get("payload", {}).get("event", {}) for message in received]
    order = dict.fromkeys(event["ts"] for event in events if event.get("ts") in (first, second))
    assert list(order) == [second, first]
    handler.client.auto_reconnect_enabled = False


def test_the_bot_comes_back_after_a_reset_and_loses_nothing(own: tuple[Workspace, People, SampleBot]) -> None:
    _, people, _ = own
    assert people.post("faults", kind="tcp_reset")["done"] == 1
    ts = people.say("还在吗")
    assert people.reply(ts)["text"] == "收到：还在吗"
    wait_for(lambda: people.get("sockets")["count"] == 1)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_client_that_is_told_to_go_comes_back(quiet_workspace: Workspace, reason: str) -> None:
    """With the SDK's built-in client: the other one may sleep ten seconds over a `disconnect`."""
    bot = SampleBot(quiet_workspace.api_url, quiet_workspace.bot_token)
    handler = BuiltinHandler(bot.app, quiet_workspace.app_token)
    handler.connect()
    people = People(quiet_workspace)
    assert people.reply(people.say("内置"))["text"] == "收到：内置"
    assert people.post("faults", kind="disconnect", reason=reason)["done"] == 1
    assert people.reply(people.say("重连"))["text"] == "收到：重连"
    handler.close()


def test_an_event_waits_for_a_bot_that_comes_late(closing: Closing, quiet_workspace: Workspace) -> None:
    people = People(quiet_workspace)
    ts = people.say("早到")
    bot = SampleBot(quiet_workspace.api_url, quiet_workspace.bot_token)
    closing(connect(bot, quiet_workspace))
    assert people.reply(ts)["text"] == "收到：早到"


def test_a_click_without_a_bot_fails_at_once(quiet_workspace: Workspace) -> None:
    done = People(quiet_workspace).post("commands", user="U_AGENT", channel="dm", command="/kefu", text="")
    assert done["acked"] is False
    assert "no bot is connected" in done["error"]

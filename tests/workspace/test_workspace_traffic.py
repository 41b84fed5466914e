"""What the page asks beside messages: what passed both ways, who has what unread, the guide."""

from typing import Any

import pytest
from workspace_people import People, wait_for
from workspace_stage import Stage

from bot.workspace import Workspace


def names(stage: Stage, **query: Any) -> list[tuple[str, str]]:
    found = stage.people.get("traffic", **query)["traffic"]
    return [(one["direction"], one["name"]) for one in found]


def test_both_directions_are_listed_with_their_verdicts(stage: Stage) -> None:
    stage.people.post("messages", user="U_AGENT", channel="dm", text="稀奇的一问")
    wait_for(lambda: names(stage, search="收到：稀奇的一问", direction="out"))
    wait_for(lambda: ("in", "message") in names(stage, search="稀奇的一问"))
    assert ("in", "message") in names(stage, search="稀奇的一问")
    assert {way for way, _ in names(stage, search="稀奇的一问", direction="in")} == {"in"}
    assert names(stage, search="没有人写过这个") == []
    newest = stage.people.get("traffic", search="稀奇的一问", direction="in")["traffic"][-1]
    assert (newest["ok"], newest["verdict"], newest["envelope"]["kind"]) == (True, "ack", "events_api")
    assert len(names(stage, limit=2)) == 2


def test_what_was_refused_can_be_picked_out(stage: Stage) -> None:
    from slack_sdk.errors import SlackApiError

    with pytest.raises(SlackApiError):
        stage.client.chat_postMessage(channel="C_FLOOR", blocks=[{"type": "hologram"}], text="x")
    found = stage.people.get("traffic", refused=1)["traffic"]
    assert found[0]["verdict"] == "invalid_blocks"
    assert not any(one["ok"] for one in found)


def test_unread_is_counted_per_person_and_gone_once_seen(quiet_workspace: Workspace) -> None:
    from slack_sdk import WebClient

    people = People(quiet_workspace)
    client = WebClient(token=quiet_workspace.bot_token, base_url=quiet_workspace.api_url)
    root = client.chat_postMessage(channel="C_REVIEW", text="等审批")["ts"]
    client.chat_postEphemeral(channel="C_FLOOR", user="U_AGENT", text="悄悄话")
    client.chat_postMessage(channel="C_FLOOR", text="大家好")

    def unread() -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = people.get("unread")["unread"]
        return found

    assert unread()["U_SUPERVISOR"] == {"C_REVIEW": 1}
    assert unread()["U_AGENT"] == {"C_FLOOR": 1}
    assert unread()["U_AGENT2"] == {}
    people.post("reads", user="U_SUPERVISOR", channel="C_REVIEW")
    assert unread()["U_SUPERVISOR"] == {}
    assert unread()["U_SUPERVISOR2"] == {"C_REVIEW": 1}
    client.chat_postMessage(channel="C_REVIEW", thread_ts=root, text="补充一句")
    assert unread()["U_SUPERVISOR"] == {}, "replies count for those who wrote in the thread or are named"
    client.chat_postMessage(channel="C_REVIEW", thread_ts=root, text="<@U_SUPERVISOR> 请看")
    assert unread()["U_SUPERVISOR"] == {"C_REVIEW": 1}


def test_a_guide_is_kept_for_the_page(quiet_workspace: Workspace) -> None:

    people = People(quiet_workspace)
    assert people.get("guide") == {}
    people.post("guide", title={"zh": "题", "en": "Title"})
    assert people.get("guide") == {"title": {"zh": "题", "en": "Title"}}
    assert people.try_post("guide", [])[0] == 400


def test_only_pictures_are_shown_as_such(quiet_workspace: Workspace, tmp_path: Any) -> None:
    import urllib.request

    people = People(quiet_workspace)
    for name, wanted in (
        ("a.png", "image/png"),
        ("b.svg", "application/octet-stream"),
        ("c.html", "application/octet-stream"),
    ):
        (tmp_path / name).write_bytes(b"x")
        sent = people.post("files", user="U_AGENT", channel="dm", path=str(tmp_path / name))
        address = f"{quiet_workspace.control_url}/files/{sent['file_id']}?user=U_AGENT&shown"
        with urllib.request.urlopen(address) as answer:
            assert answer.headers["Content-Type"] == wanted

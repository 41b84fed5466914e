"""What Slack sends is looked at before any listener runs: what Slack may add, leave out or send as null passes, what is not
built so goes no further, is told in one line without its content, and is not to be sent again."""

from __future__ import annotations

from typing import Any

import pytest
from slack_door import SlackDoor, click, command, event_body, shortcut, submission
from structlog.testing import capture_logs

from bot.listeners import LISTENERS, is_only_taken_on
from bot.listeners.listener import Kind
from bot.listeners.well_built import well_built
from bot.slack_shapes import problem
from bot.wellformed import cleaned

Json = dict[str, Any]
SAID: Json = {
    "type": "message",
    "channel": "D1",
    "channel_type": "im",
    "user": "U1",
    "text": "借书",
    "ts": "1.2",
}
INNER: Json = {"type": "message", "user": "U1", "text": "借书", "ts": "1.2"}
BUTTON = click("U1", "review_approve", "{}", "C1")
FORM = submission(
    "U1", "ticket_form", "{}", {"title": {"input": {"type": "plain_text_input", "value": None}}}
)

WELL: dict[str, Json] = {
    "a message": event_body(SAID),
    "one without a text (a file only)": event_body({**SAID, "text": None, "subtype": "file_share", "files": [{"id": "F1", "mode": "tombstone"}]}),
    "one of a kind that is new": event_body({**SAID, "subtype": "huddle_thread", "room": {"id": "R1"}}),
    "one with blocks of a kind that is new": event_body({**SAID, "blocks": [{"type": "hologram", "elements": {"a": 1}}]}),
    "one of a bot, without a user": event_body({"type": "message", "subtype": "bot_message", "channel": "C1", "ts": "1.2", "text": "x", "bot_id": "B1"}),
    "an edit": event_body({"type": "message", "subtype": "message_changed", "channel": "C1", "message": INNER, "previous_message": INNER}),
    "a deletion, without what was deleted": event_body({"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.2"}),
    "an event that nobody listens to": event_body({"type": "emoji_changed", "subtype": "add"}),
    "an installation for a whole organisation": {**event_body(SAID), "team_id": None, "enterprise_id": "E1", "authorizations": [{"team_id": None}]},
    "the address proving itself": {"type": "url_verification", "challenge": "x"},
    "too many events": {"type": "app_rate_limited", "minute_rate_limited": 1},
    "a button": BUTTON,
    "a button below an ephemeral message": {k: v for k, v in BUTTON.items() if k != "message"},
    "a button in the Home tab": {**{k: v for k, v in BUTTON.items() if k not in ("message", "channel", "response_url")}, "view": {**FORM["view"], "type": "home", "callback_id": ""}},
    "a button of an organisation": {**BUTTON, "team": None, "enterprise": {"id": "E1", "name": "x"}, "is_enterprise_install": True},
    "a select": {**BUTTON, "actions": [{"type": "static_select", "action_id": "x", "block_id": "b", "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": "v"}}]},
    "a form": FORM,
    "a form that was closed": {"type": "view_closed", "user": {"id": "U1"}, "view": FORM["view"], "is_cleared": True},
    "a message's menu": shortcut("U1", "ask_about_message", "C1", INNER),
    "a shortcut from the composer": {"type": "shortcut", "callback_id": "x", "user": {"id": "U1"}, "trigger_id": "1.2.x", "action_ts": "1"},
    "options from outside": {"type": "block_suggestion", "action_id": "x", "block_id": "b", "value": "", "user": {"id": "U1"}},
    "a command": command("U1", "", "C1"),
}  # fmt: skip
ILL: dict[str, tuple[Any, str]] = {
    "nothing": (None, "body: no object"),
    "no kind": ({"event": SAID}, "type: no text"),
    "no event": (event_body({}), "event: no object with a type"),
    "no moment": (event_body({k: v for k, v in SAID.items() if k != "ts"}), "event.ts: missing"),
    "a number for a text": (event_body({**SAID, "text": 7}), "event.text: string_type"),
    "no channel": (event_body({**SAID, "channel": ""}), "event.channel: string_too_short"),
    "an edit of nothing": (event_body({"type": "message", "subtype": "message_changed", "channel": "C1"}), "event.message: missing"),
    "nothing pressed": ({**BUTTON, "actions": []}, "actions: missing"),
    "pressed without a name": ({**BUTTON, "actions": [{"type": "button"}]}, "actions.0.action_id: missing"),
    "nobody pressed": ({k: v for k, v in BUTTON.items() if k != "user"}, "user: missing"),
    "a form without a name": ({**FORM, "view": {k: v for k, v in FORM["view"].items() if k != "callback_id"}}, "view.callback_id: missing"),
    "what a form holds under names of somebody's": (submission("U1", "x", "", {"geheim": {"input": {"value": 3}}}), "view.state.values.*.*.value: string_type"),
    "a menu of no message": (shortcut("U1", "ask_about_message", "C1", {}), "message.ts: missing"),
    "a command without an answer's address": ({k: v for k, v in command("U1", "", "C1").items() if k != "response_url"}, "response_url: missing"),
    "a kind of before Block Kit": ({"type": "interactive_message", "callback_id": "review_approve"}, "type: not one of ours"),
}  # fmt: skip


@pytest.mark.parametrize("name", WELL)
def test_what_slack_may_send_passes(name: str) -> None:
    assert problem(WELL[name]) == ""


@pytest.mark.parametrize("name", ILL)
def test_what_slack_never_sends_is_told_by_its_place(name: str) -> None:
    body, fault = ILL[name]
    assert problem(body) == fault
    assert not is_only_taken_on("interactive", body if isinstance(body, dict) else {})


def test_every_event_that_is_listened_to_has_a_shape() -> None:
    for listener in LISTENERS:
        if listener.kind is Kind.EVENT and listener.name != "app_uninstalled":  # which says nothing
            assert problem(
                event_body({"type": listener.name, "channel": [], "user": [], "subteam_id": [], "tokens": []})
            )


def test_halves_of_letters_and_nul_are_taken_out_and_the_rest_goes_on() -> None:
    body = event_body({**SAID, "text": "借\0书\ud83d \\u0000"})
    seen: list[Json] = []
    well_built(body, lambda: seen.append(body))  # type: ignore[arg-type, return-value, func-returns-value]
    assert seen[0]["event"]["text"] == "借书\ufffd \\u0000"
    assert cleaned(event_body(SAID) | {"event_id": "E"})["event"] == SAID


def test_in_both_doors_it_is_refused_in_one_line_without_its_content(door: SlackDoor) -> None:
    secret = "客户的秘密"  # noqa: S105
    sent = {**SAID, "text": [secret], secret: secret}
    for by_socket in (False, True):
        with capture_logs() as lines:
            status, said = door.by_socket("event", event_body(sent)) if by_socket else door.event(sent)
        assert status == 400
        told = [line for line in lines if line["event"] == "request.ill_built"]
        assert [line["fault"] for line in told] == ["event.text: string_type"]
        assert secret not in f"{lines} {said}"

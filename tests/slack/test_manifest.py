"""The manifest: equal to the listeners, in both directions, and within Slack's limits."""

from __future__ import annotations

import json

import pytest

from bot.listeners import LISTENERS
from bot.listeners.listener import Kind
from bot.manifest import FILE, manifest, text


def test_the_file_is_what_the_listeners_say() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run: python -m bot.manifest"


def test_every_subscription_has_a_listener_and_the_reverse() -> None:
    subscribed = set(manifest()["settings"]["event_subscriptions"]["bot_events"])
    heard = {listener.name for listener in LISTENERS if listener.kind is Kind.EVENT}
    assert {name.partition(".")[0] for name in subscribed} == heard


def test_every_shortcut_and_command_is_offered() -> None:
    features = manifest()["features"]
    offered = {s["callback_id"] for s in features["shortcuts"]} | {
        c["command"] for c in features["slash_commands"]
    }
    listening = {x.name for x in LISTENERS if x.kind in (Kind.SHORTCUT, Kind.COMMAND)}
    assert offered == listening


@pytest.mark.parametrize("oauth", [False, True])
def test_over_http_everything_goes_to_the_one_address(oauth: bool) -> None:
    made = manifest("https://desk.example.com/kefu/", oauth=oauth)
    address = "https://desk.example.com/kefu/slack/events"
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert (
        settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == address
    )
    assert {command["url"] for command in made["features"]["slash_commands"]} == {address}
    assert (
        settings["event_subscriptions"]["bot_events"]
        == manifest()["settings"]["event_subscriptions"]["bot_events"]
    )
    redirects = ["https://desk.example.com/kefu/slack/oauth_redirect"] if oauth else None
    assert made["oauth_config"].get("redirect_urls") == redirects
    assert settings["token_rotation_enabled"] is settings["org_deploy_enabled"] is oauth


def test_names_are_unique_and_within_limits() -> None:
    assert len({(x.kind, x.name) for x in LISTENERS}) == len(LISTENERS)
    made = json.loads(text())
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300
    for shortcut in made["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24

"""The manifest: equal to the listeners, in both directions, and within Slack's limits."""

from __future__ import annotations

import json

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


def test_names_are_unique_and_within_limits() -> None:
    assert len({(x.kind, x.name) for x in LISTENERS}) == len(LISTENERS)
    made = json.loads(text())
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300
    for shortcut in made["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24

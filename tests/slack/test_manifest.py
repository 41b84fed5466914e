"""The manifest: equal to the listeners, in both directions, and within Slack's limits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from slack_sdk import WebClient

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


NEEDED: dict[str, set[str]] = {
    "agents_sessions_rename": {"assistant:write"},
    "agents_sessions_setStatus": {"assistant:write"},
    "apps_connections_open": set(),  # by the app's own token
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_revoke": set(),
    "auth_test": set(),
    "blocks_validate": set(),
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_stream": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_conversations": {"channels:read", "groups:read", "im:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""Scopes of the Web API's methods as Slack's reference gives them, for the kinds of conversations the bot is in."""
HEARD: dict[str, set[str]] = {
    "agent_session_stopped": {"assistant:write"},
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "subteam_members_changed": {"usergroups:read"},
    "tokens_revoked": set(),
}
FILES_OF_MESSAGES = {"files:read"}
"""Without it messages with files come without the address that a file is fetched from."""


def called_methods() -> set[str]:
    """Every method of the Web API that the bot's code calls."""
    found = set()
    for file in Path("bot").rglob("*.py"):
        if "workspace" not in file.parts:
            found |= set(re.findall(r"client\.([a-z]+_\w+)\(", file.read_text(encoding="utf-8")))
    return {name for name in found - {"api_call"} if hasattr(WebClient, name)}


def test_the_scopes_are_those_that_are_needed_and_no_more() -> None:
    asked = set(manifest()["oauth_config"]["scopes"]["bot"])
    needed = {scope for method in called_methods() for scope in NEEDED[method]}
    needed |= {
        scope for name in manifest()["settings"]["event_subscriptions"]["bot_events"] for scope in HEARD[name]
    }
    assert asked == needed | FILES_OF_MESSAGES | {"commands"}

"""The app manifest, made from the list of listeners: what is listened to is what is subscribed to.

`python -m bot.manifest` writes bot/manifest.json; a test fails when the file is older than the listeners.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.blocks import homes
from bot.blocks.wording import LANGUAGES, words
from bot.listeners import LISTENERS
from bot.listeners.listener import Kind
from bot.web.gateway import EVENTS, REDIRECT
from tickets.people import Role

FILE = Path(__file__).with_name("manifest.json")

_ALWAYS = ("chat:write", "im:write", "im:read", "users:read", "assistant:write")
"""Scopes for what the bot does by itself: messages, DMs, which conversations it is in, locales, status and prompts."""


def scopes() -> list[str]:
    """What the bot must be allowed to do."""
    return sorted({*_ALWAYS, *(scope for listener in LISTENERS for scope in listener.scopes)})


def manifest(address: str = "", *, oauth: bool = False) -> dict[str, Any]:
    """The manifest as Slack takes it (Create app → From a manifest).

    `address`: where Slack reaches the bot (`https://desk.example.com/kefu`), for HTTP mode or OAuth; without one, for
    Socket Mode. `oauth`: several workspaces may install the app, their tokens are renewed, and a whole Enterprise
    Grid organisation may install it, too.
    """
    house = words("zh")
    address = address.rstrip("/")
    events = sorted({name for listener in LISTENERS for name in listener.subscriptions})
    incoming: dict[str, Any] = {"request_url": f"{address}{EVENTS}"} if address else {}
    redirects: dict[str, Any] = {"redirect_urls": [f"{address}{REDIRECT}"]} if oauth and address else {}
    return {
        "display_information": {
            "name": "Kefu Desk",
            "description": house("manifest.description"),
            "background_color": "#1f4e5f",
        },
        "features": {
            "agent_view": {
                "agent_description": house("manifest.agent_description"),
                "suggested_prompts": homes.prompts(Role.AGENT, house),
            },
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "kefu", "always_online": True},
            "shortcuts": _shortcuts(),
            "slash_commands": _commands(address),
        },
        "oauth_config": {**redirects, "scopes": {"bot": scopes()}},
        "settings": {
            "event_subscriptions": {**incoming, "bot_events": events},
            "interactivity": {"is_enabled": True, **incoming},
            "org_deploy_enabled": oauth,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": oauth,
        },
    }


def _shortcuts() -> list[dict[str, str]]:
    return [
        {
            "name": _in_both(listener.title),
            "type": "message",
            "callback_id": listener.name,
            "description": _in_both(listener.title),
        }
        for listener in LISTENERS
        if listener.kind is Kind.SHORTCUT
    ]


def _commands(address: str) -> list[dict[str, Any]]:
    url = {"url": f"{address}{EVENTS}"} if address else {}
    return [
        {
            "command": listener.name,
            **url,
            "description": _in_both(listener.title),
            "usage_hint": _in_both(listener.hint),
            "should_escape": False,
        }
        for listener in LISTENERS
        if listener.kind is Kind.COMMAND
    ]


def _in_both(key: str) -> str:
    """A string in both languages: a manifest knows only one."""
    return " ".join(words(language)(key) for language in LANGUAGES)


def text(address: str = "", *, oauth: bool = False) -> str:
    """The manifest as text; without arguments as the file holds it."""
    return json.dumps(manifest(address, oauth=oauth), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""The payloads of interactions: what a click, a form, a command or a shortcut sends to the bot."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.elements import elements_of
from bot.workspace.http_sender import VERIFICATION_TOKEN
from bot.workspace.messages import Message
from bot.workspace.people import APP, Channel
from bot.workspace.response_urls import new_response_url
from bot.workspace.views import View
from bot.workspace.world import World

Json = dict[str, Any]


def _base(world: World, kind: str, user: str, view_id: str | None = None) -> Json:
    person = world.people[user]
    return {
        "type": kind,
        "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": world.team.id},
        "api_app_id": APP,
        "token": VERIFICATION_TOKEN,
        "trigger_id": world.triggers.issue(user, world.timing.trigger, view_id),
        **_where(world),
    }


def _where(world: World) -> Json:
    """Team and organisation of an interaction."""
    team = world.team
    home: Json = {"id": team.id, "domain": team.domain}
    enterprise: Json | None = None
    if team.enterprise:
        enterprise = {"id": team.enterprise, "name": team.enterprise_name}
        home |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}
    return {"team": home, "enterprise": enterprise, "is_enterprise_install": world.org_wide}


def _enterprise_fields(world: World) -> Json:
    """Organisation of a slash command."""
    team = world.team
    if not team.enterprise:
        return {}
    return {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}


def _named(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def message_click(world: World, user: str, message: Message, action: Json) -> Json:
    """block_actions from a message. An ephemeral message is not part of its payload, as in Slack."""
    channel = world.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = _base(world, "block_actions", user) | {
        "container": container,
        "channel": _named(channel),
        "state": {"values": message.choices.get(user, {})},
        "response_url": new_response_url(world, user, channel.id, message),
        "actions": [action],
    }
    if message.only_for is None:
        payload["message"] = message.to_slack(metadata=True)
    return payload


def view_click(world: World, user: str, view: View, action: Json) -> Json:
    """block_actions from a modal or a Home tab."""
    from_modal = view.id if view.body["type"] == "modal" else None
    return _base(world, "block_actions", user, from_modal) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.to_slack(),
        "actions": [action],
    }


def submission(world: World, user: str, view: View) -> Json:
    """view_submission."""
    chosen = list(_chosen_places(view))
    urls = [
        place | {"response_url": new_response_url(world, user, place["channel_id"], None)}
        for place in chosen
        if place["channel_id"] in world.channels
    ]
    return _base(world, "view_submission", user, view.id) | {"view": view.to_slack(), "response_urls": urls}


def _chosen_places(view: View) -> Iterator[Json]:
    """Conversations chosen in selects that ask for a response_url."""
    for block, element in elements_of(view.body["blocks"]):
        if element.get("response_url_enabled"):
            state = view.state.get(block["block_id"], {}).get(element["action_id"], {})
            chosen = state.get("selected_conversation") or state.get("selected_channel")
            if chosen:
                ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                yield ids | {"channel_id": chosen}


def closing(world: World, user: str, view: View, is_cleared: bool) -> Json:
    """view_closed."""
    payload = _base(world, "view_closed", user) | {"view": view.to_slack(), "is_cleared": is_cleared}
    del payload["trigger_id"]
    return payload


def slash_command(world: World, user: str, channel: Channel, command: str, text: str) -> Json:
    """A slash command, whose payload is flat."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        **_enterprise_fields(world),
        "channel_id": channel.id,
        "channel_name": _named(channel)["name"],
        "user_id": user,
        "user_name": world.people[user].handle,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "true" if world.org_wide else "false",
        "response_url": new_response_url(world, user, channel.id, None),
        "trigger_id": world.triggers.issue(user, world.timing.trigger),
    }


def message_shortcut(world: World, user: str, message: Message, callback_id: str) -> Json:
    """A shortcut out of a message's menu."""
    channel = world.channels[message.channel]
    body = message.to_slack(metadata=True)
    if message.by_bot:
        body["bot_id"] = world.team.bot
    return _base(world, "message_action", user) | {
        "callback_id": callback_id,
        "message_ts": message.ts,
        "action_ts": world.next_ts(),
        "channel": _named(channel),
        "message": body,
        "response_url": new_response_url(world, user, channel.id, message),
    }


def global_shortcut(world: World, user: str, callback_id: str) -> Json:
    """A shortcut from the composer, without a message."""
    return _base(world, "shortcut", user) | {"callback_id": callback_id, "action_ts": world.next_ts()}

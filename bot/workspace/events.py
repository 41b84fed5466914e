"""The inner event objects of the Events API."""

from typing import Any

from bot.workspace.messages import Message
from bot.workspace.people import Channel, Team, UserGroup

Json = dict[str, Any]


def _placed(channel: Channel, message: Message) -> Json:
    return {"channel": channel.id, "channel_type": channel.channel_type, "event_ts": message.ts}


def message_event(channel: Channel, message: Message) -> Json:
    """A new message: message.im, message.channels or message.groups by its channel_type."""
    event = message.to_slack(metadata=True) | _placed(channel, message)
    if message.thread_ts:
        event["parent_user_id"] = message.team.bot_user
    return event


def mention_event(channel: Channel, message: Message) -> Json:
    """The second event that a message naming the bot causes in a channel."""
    event = message.to_slack() | _placed(channel, message) | {"type": "app_mention"}
    del event["channel_type"]
    return event


def edited_event(channel: Channel, message: Message, before: Json, event_ts: str) -> Json:
    """message_changed."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.channel_type,
        "ts": event_ts,
        "event_ts": event_ts,
        "message": message.to_slack(metadata=True),
        "previous_message": before,
    }


def deleted_event(channel: Channel, message: Message, event_ts: str) -> Json:
    """message_deleted."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.channel_type,
        "ts": event_ts,
        "event_ts": event_ts,
        "deleted_ts": message.ts,
        "previous_message": message.to_slack(),
    }


def home_opened_event(channel: Channel, user: str, tab: str, view: Json | None, event_ts: str) -> Json:
    """app_home_opened; view is the Home tab as published before, if any."""
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel.id,
        "tab": tab,
        "event_ts": event_ts,
    }
    if tab == "home" and view is not None:
        event["view"] = view
    return event


def reaction_event(kind: str, message: Message, user: str, name: str, event_ts: str) -> Json:
    """reaction_added or reaction_removed."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": event_ts,
    }


def session_stopped_event(channel: str, thread_ts: str, streams: list[str], user: str, event_ts: str) -> Json:
    """agent_session_stopped: the person pressed Stop."""
    return {
        "type": "agent_session_stopped",
        "channel": channel,
        "thread_ts": thread_ts,
        "streaming_message_ts": streams,
        "user": user,
        "event_ts": event_ts,
    }


def group_members_event(
    group: UserGroup, added: list[str], removed: list[str], before: int, event_ts: str
) -> Json:
    """subteam_members_changed: who came and who went, not who is in it."""
    return {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": group.team,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": event_ts,
    }


def tokens_revoked_event(team: Team, event_ts: str) -> Json:
    """tokens_revoked: the app's user in a team has lost its token."""
    return {
        "type": "tokens_revoked",
        "tokens": {"oauth": [], "bot": [team.bot_user]},
        "event_ts": event_ts,
    }


def uninstalled_event(event_ts: str) -> Json:
    """app_uninstalled."""
    return {"type": "app_uninstalled", "event_ts": event_ts}


def membership_event(channel: Channel, user: str, joined: bool, event_ts: str) -> Json:
    """member_joined_channel or member_left_channel."""
    return {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": channel.team.id,
        "event_ts": event_ts,
    }

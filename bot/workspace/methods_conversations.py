"""conversations.*, users.*, reactions.*: reading what is there."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from bot.workspace.arguments import Arguments, missing_scope
from bot.workspace.errors import SlackError
from bot.workspace.events import reaction_event
from bot.workspace.messages import Message
from bot.workspace.methods import method
from bot.workspace.people import Channel

Json = dict[str, Any]
READING = "cursor inclusive include_all_metadata latest limit oldest"


def _page(call: Arguments, rows: Sequence[Any], default: int = 100) -> tuple[list[Any], Json]:
    """One page of rows and the fields that lead to the next."""
    limit = call.number("limit", default, 999)
    start = 0
    if call.text("cursor"):
        try:
            start = int(base64.b64decode(call.text("cursor"), validate=True).decode().removeprefix("next:"))
        except (binascii.Error, ValueError):
            raise SlackError("invalid_cursor", "this cursor was never handed out") from None
    page = list(rows[start : start + limit])
    more = start + limit < len(rows)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
    return page, {"has_more": more, "response_metadata": {"next_cursor": cursor}}


def _within(call: Arguments, messages: list[Message]) -> list[Message]:
    """Messages between oldest and latest."""
    oldest, latest = call.text("oldest", "0"), call.text("latest")
    for name, value in (("oldest", oldest), ("latest", latest or "0")):
        if not value.replace(".", "", 1).isdigit():
            raise SlackError(f"invalid_ts_{name}", f"{name} is not a ts")
    low, high, inclusive = float(oldest), float(latest or "inf"), call.flag("inclusive")
    return [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and float(message.ts) in (low, high))
    ]


@method(
    "conversations.open",
    "",
    "channel return_im users prevent_creation",
    scopes="channels:manage groups:write im:write mpim:write",
    tier=3,
)
def open_conversation(call: Arguments) -> Json:
    """The direct messages with one person."""
    if call.text("channel"):
        channel = call.channel()
    else:
        if "im:write" not in call.grant.scopes:
            raise missing_scope(call.grant, ("im:write",))
        users = call.names("users")
        if not users:
            raise SlackError("users_list_not_supplied", "give users or channel")
        if len(users) > 1:
            raise SlackError(
                "method_not_supported_for_channel_type", "group messages are not part of this workspace"
            )
        if users[0] not in call.world.people or users[0] == call.world.team.bot_user:
            raise SlackError("user_not_found", f"there is no person {users[0]!r} to write to")
        channel = call.world.direct_messages(users[0])
    shown = channel.to_slack() if call.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": shown}


@method(
    "conversations.info",
    "channel",
    "include_locale include_num_members",
    scopes="channels:read groups:read im:read mpim:read",
    tier=3,
)
def info(call: Arguments) -> Json:
    """One conversation."""
    channel = call.channel()
    call.may(channel, "read")
    out = channel.to_slack()
    if call.flag("include_num_members"):
        out["num_members"] = len(channel.members)
    if call.flag("include_locale"):
        out["locale"] = "zh-CN"
    return {"channel": out}


@method(
    "conversations.list",
    "",
    "cursor exclude_archived limit types",
    scopes="channels:read groups:read im:read mpim:read",
    tier=2,
)
def listed(call: Arguments) -> Json:
    """The conversations of the workspace that the bot may see."""
    wanted = set(call.names("types") or ["public_channel"])
    if wanted - {"public_channel", "private_channel", "im", "mpim"}:
        raise SlackError("invalid_types", "types are public_channel, private_channel, mpim and im")

    def kind(channel: Channel) -> str:
        return {"im": "im", "group": "private_channel"}.get(channel.channel_type, "public_channel")

    for name in sorted(wanted):
        scope = {"public_channel": "channels", "private_channel": "groups"}.get(name, name)
        if f"{scope}:read" not in call.grant.scopes:
            raise missing_scope(call.grant, (f"{scope}:read",))
    rows = [
        channel.to_slack()
        for channel in call.world.channels.values()
        if kind(channel) in wanted
        and (channel.channel_type == "channel" or call.world.team.bot_user in channel.members)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    page, more = _page(call, rows)
    return {"channels": page, "response_metadata": more["response_metadata"]}


@method(
    "users.conversations",
    "",
    "cursor exclude_archived limit team_id types user",
    scopes="channels:read groups:read im:read mpim:read",
    tier=3,
)
def conversations_of(call: Arguments) -> Json:
    """The conversations that the bot is in."""
    listing = listed(call)
    mine = [
        row
        for row in listing["channels"]
        if call.world.team.bot_user in call.world.channels[row["id"]].members
    ]
    return listing | {"channels": mine}


@method(
    "conversations.members",
    "channel",
    "cursor limit",
    scopes="channels:read groups:read im:read mpim:read",
    tier=4,
)
def members(call: Arguments) -> Json:
    """Who is in a conversation."""
    channel = call.channel()
    call.may(channel, "read")
    page, more = _page(call, channel.members)
    return {"members": page, "response_metadata": more["response_metadata"]}


@method(
    "conversations.history",
    "channel",
    READING,
    scopes="channels:history groups:history im:history mpim:history",
    tier=3,
)
def history(call: Arguments) -> Json:
    """Messages outside threads, newest first."""
    channel = call.joined()
    call.may(channel, "history")
    every = call.world.visible(channel.id, None)
    roots = [message for message in every if not message.thread_ts or message.broadcast]
    page, more = _page(call, _within(call, roots)[::-1])
    whole = call.flag("include_all_metadata")
    return {"messages": [message.to_slack(whole) for message in page], "pin_count": 0, **more}


@method(
    "conversations.replies",
    "channel ts",
    READING,
    scopes="channels:history groups:history im:history mpim:history",
    tier=3,
)
def replies(call: Arguments) -> Json:
    """A thread, its parent first."""
    channel = call.joined()
    call.may(channel, "history")
    asked = call.world.find(channel.id, call.text("ts"))
    if asked is None or asked.only_for is not None:
        raise SlackError("thread_not_found", f"no message {call.text('ts')!r} in {channel.id}")
    thread = call.world.visible(channel.id, None, asked.thread_ts or asked.ts)
    rows = thread[:1] + _within(call, thread[1:])
    page, more = _page(call, rows, default=1000)
    whole = call.flag("include_all_metadata")
    return {"messages": [message.to_slack(whole) for message in page], **more}


@method("users.info", "user", "include_locale", scopes="users:read", tier=4)
def user_info(call: Arguments) -> Json:
    """One person."""
    return {"user": call.person().to_slack(call.flag("include_locale"))}


@method("users.list", "", "cursor include_locale limit", scopes="users:read", tier=2)
def user_list(call: Arguments) -> Json:
    """Everybody."""
    people = [person.to_slack(call.flag("include_locale")) for person in call.world.people.values()]
    page, more = _page(call, people)
    return {"members": page, "cache_ts": call.world.now(), "response_metadata": more["response_metadata"]}


def _reaction(call: Arguments) -> tuple[Message, str]:
    name = call.text("name").strip(":")
    if not name or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name", "name is no emoji name")
    return call.message(call.joined(), "timestamp"), name


@method("reactions.add", "channel name timestamp", scopes="reactions:write", tier=3)
def add_reaction(call: Arguments) -> Json:
    """React as the bot."""
    message, name = _reaction(call)
    users = message.reactions.setdefault(name, [])
    if call.world.team.bot_user in users:
        raise SlackError("already_reacted", "the bot has reacted with it before")
    users.append(call.world.team.bot_user)
    call.world.changed(message)
    call.world.emit(
        reaction_event("reaction_added", message, call.world.team.bot_user, name, call.world.next_ts())
    )
    return {}


@method("reactions.remove", "name", "channel file file_comment timestamp", scopes="reactions:write", tier=2)
def remove_reaction(call: Arguments) -> Json:
    """Take the bot's reaction back."""
    message, name = _reaction(call)
    users = message.reactions.get(name, [])
    if call.world.team.bot_user not in users:
        raise SlackError("no_reaction", "the bot has not reacted with it")
    users.remove(call.world.team.bot_user)
    if not users:
        del message.reactions[name]
    call.world.changed(message)
    call.world.emit(
        reaction_event("reaction_removed", message, call.world.team.bot_user, name, call.world.next_ts())
    )
    return {}

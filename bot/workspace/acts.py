"""What people do: write, edit, delete, react, upload, open the app's Home, press Stop."""

import re
import uuid
from pathlib import Path
from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.events import (
    edited_event,
    group_members_event,
    home_opened_event,
    mention_event,
    message_event,
    reaction_event,
    session_stopped_event,
)
from bot.workspace.messages import Message, StreamState
from bot.workspace.methods_agents import set_session
from bot.workspace.methods_files import LARGEST_FILE, new_file, share
from bot.workspace.people import Channel, UserGroup
from bot.workspace.world import World

Json = dict[str, Any]
LONGEST_POST = 40_000


def known_person(world: World, user: Any) -> str:
    """The id of a person who may act. Raises Refused."""
    if not isinstance(user, str) or user not in world.people or world.people[user].is_bot:
        people = ", ".join(p.id for p in world.people.values() if not p.is_bot)
        raise Refused(f"user must be one of {people}")
    return user


def place_of(world: World, user: str, channel: Any) -> Channel:
    """The channel meant by a person; "dm" is the person's DM with the bot. Raises Refused."""
    if channel == "dm":
        return world.direct_messages(user)
    found = world.channels.get(channel) if isinstance(channel, str) else None
    if found is None:
        names = ", ".join(c.id for c in world.channels_of(user))
        raise Refused(f"there is no channel {channel!r}; {user} has dm, {names}", status=404)
    if user not in found.members:
        raise Refused(f"{user} is not in {found.id}", status=403)
    return found


def seen_message(world: World, user: str, channel: Channel, ts: Any) -> Message:
    """A message that the person can see. Raises Refused."""
    message = world.find(channel.id, ts) if isinstance(ts, str) else None
    if message is None or message.only_for not in (None, user):
        raise Refused(f"{user} sees no message {ts!r} in {channel.id}", status=404)
    return message


def _thread(world: World, channel: Channel, thread_ts: Any) -> str | None:
    """The thread's parent ts; the ts of a reply stands for its thread, as a click in Slack does."""
    if thread_ts in (None, ""):
        return None
    parent = world.find(channel.id, thread_ts) if isinstance(thread_ts, str) else None
    if parent is None or parent.only_for is not None:
        raise Refused(f"there is no message {thread_ts!r} in {channel.id} to answer to", status=404)
    return parent.thread_ts or parent.ts


def say(world: World, user: str, channel: Channel, text: Any, thread_ts: Any = None) -> Message:
    """Write a message; the bot gets the message event and, in channels, app_mention if it is named."""
    if not isinstance(text, str) or not text.strip():
        raise Refused("text must not be empty")
    if len(text) > LONGEST_POST:
        raise Refused(f"text holds at most {LONGEST_POST} characters")
    message = Message(
        channel=channel.id,
        ts=world.next_ts(),
        user=user,
        text=escaped(text),
        blocks=[_as_rich_text(text, world.team.bot_user)],
        thread_ts=_thread(world, channel, thread_ts),
        client_msg_id=str(uuid.uuid4()),
    )
    world.add(message)
    world.emit(message_event(channel, message))
    if not channel.is_im and f"<@{world.team.bot_user}>" in text:
        world.emit(mention_event(channel, message))
    return message


def escaped(text: str) -> str:
    """Text as Slack hands it to apps: & < > escaped, mentions and links kept."""
    pieces = re.split(r"(<[@#!][^<>\s]+>|<https?:[^<>\s]+>)", text)
    return "".join(
        piece if number % 2 else piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for number, piece in enumerate(pieces)
    )


def _as_rich_text(text: str, bot_user: str) -> Json:
    """What Slack's composer makes of a person's text: one rich_text block, mentions as elements."""
    elements: list[Json] = []
    mention = f"<@{bot_user}>"
    for number, piece in enumerate(text.split(mention)):
        if number:
            elements.append({"type": "user", "user_id": bot_user})
        if piece:
            elements.append({"type": "text", "text": piece})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]}


def edit(world: World, user: str, message: Message, text: Any) -> Message:
    """Change one's own message."""
    if message.user != user:
        raise Refused("people edit their own messages only", status=403)
    if not isinstance(text, str) or not text.strip():
        raise Refused("text must not be empty")
    before = message.to_slack()
    message.text, message.blocks = escaped(text), [_as_rich_text(text, world.team.bot_user)]
    message.edited = {"user": user, "ts": world.next_ts()}
    world.changed(message)
    world.emit(edited_event(world.channels[message.channel], message, before, world.next_ts()))
    return message


def delete(world: World, user: str, message: Message) -> None:
    """Delete one's own message."""
    if message.user != user:
        raise Refused("people delete their own messages only", status=403)
    world.delete(message)


def react(world: World, user: str, message: Message, name: Any) -> bool:
    """Add a reaction, or take it back if it is there. Returns whether it is there now."""
    if not isinstance(name, str) or not name.strip(":"):
        raise Refused("name must be an emoji's name, such as thumbsup")
    name = name.strip(":")
    users = message.reactions.setdefault(name, [])
    added = user not in users
    if added:
        users.append(user)
    else:
        users.remove(user)
        if not users:
            del message.reactions[name]
    kind = "reaction_added" if added else "reaction_removed"
    world.changed(message)
    world.emit(reaction_event(kind, message, user, name, world.next_ts()))
    return added


def upload(
    world: World, user: str, channel: Channel, path: Any, text: str = "", thread_ts: Any = None
) -> Message:
    """Drop a file of this machine into a conversation."""
    if not isinstance(path, str) or not path:
        raise Refused("path must name a file on this machine")
    place = Path(path)
    if not place.is_file():
        raise Refused(f"there is no file {path}", status=404)
    if place.stat().st_size > LARGEST_FILE:
        raise Refused("a file may hold 100 MB here", status=413)
    try:
        content = place.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    return upload_bytes(world, user, channel, place.name, content, text, thread_ts)


def upload_bytes(
    world: World,
    user: str,
    channel: Channel,
    name: str,
    content: bytes,
    text: str = "",
    thread_ts: Any = None,
) -> Message:
    """Drop bytes as a file into a conversation; the bot gets a file_share message."""
    if not content:
        raise Refused(f"{name} is empty; Slack takes no empty files")
    thread = _thread(world, channel, thread_ts)
    stored = new_file(world, name, user, content)
    return share(world, [stored], channel.id, user, text, thread_ts=thread)


def open_app(world: World, user: str, tab: Any) -> Json:
    """Open the app's Home or messages tab."""
    if tab not in ("home", "messages"):
        raise Refused("tab must be home or messages")
    view = world.views.home(user)
    channel = world.direct_messages(user)
    shown = view.to_slack() if view else None
    world.emit(home_opened_event(channel, user, tab, shown, world.next_ts()))
    return {"channel": channel.id, "tab": tab}


def stop(world: World, user: str, channel: Channel, thread_ts: Any) -> list[str]:
    """Press Stop in a thread: its streams take no more text, the bot gets agent_session_stopped."""
    thread = _thread(world, channel, thread_ts)
    if thread is None:
        raise Refused("thread_ts is needed: Stop belongs to a thread")
    stopped = []
    for message in world.visible(channel.id, user, thread):
        if message.stream is not None and message.stream.state is StreamState.STREAMING:
            message.stream.state = StreamState.STOPPED_BY_USER
            stopped.append(message.ts)
            world.changed(message)
    if (channel.id, thread) in world.sessions:
        set_session(world, channel.id, thread, "suspended")
    world.drop_status(channel.id, thread)
    world.emit(session_stopped_event(channel.id, thread, stopped, user, world.next_ts()))
    return stopped


def change_group(world: World, handle: Any, users: Any, name: Any = "", disabled: Any = False) -> UserGroup:
    """Make a user group or say who is in it; the bot is told who came and went. Raises Refused."""
    if not isinstance(handle, str) or not handle.strip():
        raise Refused("handle must not be empty")
    if not isinstance(users, list) or not all(isinstance(user, str) for user in users):
        raise Refused("users must be a list of user ids")
    for user in users:
        known_person(world, user)
    now = world.now()
    group = world.groups.get(handle)
    if group is None:
        group = UserGroup(
            world.new_id("S"), handle, str(name or handle), list(users), now, now, team=world.team.id
        )
        world.groups[handle] = group
        return group
    before, last = list(group.users), group.updated
    group.users, group.updated = list(users), max(now, last + 1)
    group.name, group.disabled = str(name or group.name), now if disabled else 0
    added = [user for user in users if user not in before]
    removed = [user for user in before if user not in users]
    if added or removed:
        world.emit(group_members_event(group, added, removed, last, world.next_ts()))
    return group

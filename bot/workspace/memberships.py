"""Making channels, and who is in them: the app must be invited before it can read or write."""

from dataclasses import replace
from typing import Any

from bot.workspace.acts import known_person, place_of
from bot.workspace.errors import Refused
from bot.workspace.events import membership_event
from bot.workspace.people import Channel
from bot.workspace.world import World

Json = dict[str, Any]


def make_channel(world: World, user: str, name: Any, members: Any = None, private: Any = False) -> Channel:
    """A new channel with its maker and these members; the app is in it only if it is named. Raises Refused."""
    if not isinstance(name, str) or not name.strip():
        raise Refused("name must not be empty")
    if any(channel.name == name for channel in world.channels.values()):
        raise Refused(f"there is a channel {name} already")
    others = members or []
    if not isinstance(others, list) or not all(isinstance(one, str) for one in others):
        raise Refused("members must be a list of user ids")
    for one in others:
        _known(world, one)
    everybody = tuple(dict.fromkeys((user, *others)))
    channel = Channel(world.new_id("C"), name, everybody, is_private=bool(private), team=world.team)
    world.channels[channel.id] = channel
    world.messages[channel.id] = {}
    world.feed.publish("channels")
    if world.team.bot_user in everybody:
        world.emit(membership_event(channel, world.team.bot_user, True, world.next_ts()))
    return channel


def _known(world: World, member: Any) -> str:
    if member == world.team.bot_user:
        return world.team.bot_user
    return known_person(world, member)


def change_members(world: World, user: str, channel: Any, member: Any, leaves: Any = False) -> Channel:
    """Invite somebody (the app, too) into a channel, or take them out. Raises Refused."""
    place = place_of(world, user, channel)
    if place.is_im:
        raise Refused("direct messages have the members that they have")
    who = _known(world, member)
    if leaves == (who not in place.members):
        raise Refused(f"{who} is {'not' if leaves else 'already'} in {place.id}")
    if leaves:
        left = tuple(one for one in place.members if one != who)
        world.emit(membership_event(place, who, False, world.next_ts()))
        changed = replace(place, members=left)
        world.channels[place.id] = changed
    else:
        changed = replace(place, members=(*place.members, who))
        world.channels[place.id] = changed
        world.emit(membership_event(changed, who, True, world.next_ts()))
    world.feed.publish("channels")
    return changed


def archive(world: World, user: str, channel: Any) -> Channel:
    """Archive a channel: nobody writes there any more. Raises Refused."""
    place = replace(place_of(world, user, channel), is_archived=True)
    if place.is_im:
        raise Refused("direct messages cannot be archived")
    world.channels[place.id] = place
    world.emit({"type": "channel_archive", "channel": place.id, "user": user, "event_ts": world.next_ts()})
    return place

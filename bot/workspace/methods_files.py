"""files.info and the two calls around an upload."""

import mimetypes
from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import check_blocks
from bot.workspace.errors import SlackError
from bot.workspace.events import message_event
from bot.workspace.messages import Message
from bot.workspace.methods import method
from bot.workspace.world import StoredFile, World

Json = dict[str, Any]
LARGEST_FILE = 100_000_000


def new_file(world: World, name: str, user: str, content: bytes | None) -> StoredFile:
    """Store a file under a new id."""
    stored = StoredFile(
        id=world.new_id("F"),
        name=name,
        title=name,
        user=user,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        content=content,
        created=world.now(),
    )
    world.files[stored.id] = stored
    return stored


def share(world: World, files: list[StoredFile], channel: str, user: str, text: str, **more: Any) -> Message:
    """Post files as a message (subtype file_share)."""
    for stored in files:
        stored.shared = True
        stored.channels.add(channel)
    message = Message(
        channel=channel,
        ts=world.next_ts(),
        user=user,
        text=text,
        subtype="file_share",
        files=[world.describe_file(stored) for stored in files],
        **more,
    )
    world.add(message)
    world.emit(message_event(world.channels[channel], message))
    return message


@method("files.info", "file", "count cursor limit page", scopes="files:read", tier=4)
def info(call: Arguments) -> Json:
    """One file."""
    stored = call.world.files.get(call.text("file"))
    if stored is None or stored.content is None:
        raise SlackError("file_not_found", f"there is no file {call.text('file')!r}")
    return {
        "file": call.world.describe_file(stored),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


@method(
    "files.getUploadURLExternal",
    "filename length",
    "alt_txt snippet_type highlight_type",
    scopes="files:write",
    tier=4,
)
def get_upload_url(call: Arguments) -> Json:
    """Where to send a file's bytes."""
    length = call.text("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("missing_argument", "length must be the number of bytes and not 0")
    if int(length) > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted", "a file may hold 100 MB here")
    if len(call.text("alt_txt")) > 1000:
        raise SlackError("alt_txt_too_large", "alt_txt holds at most 1,000 characters")
    stored = new_file(call.world, call.text("filename"), call.world.team.bot_user, None)
    stored.declared_length = int(length)
    return {"upload_url": f"{call.world.base_url}upload/v1/{stored.id}", "file_id": stored.id}


@method(
    "files.completeUploadExternal",
    "files",
    "channel_id channels initial_comment thread_ts blocks icon_emoji icon_url username",
    scopes="files:write",
    tier=4,
)
def complete_upload(call: Arguments) -> Json:
    """Share what was uploaded."""
    wanted = call.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments", "files must list at least one file")
    files = []
    for entry in wanted:
        stored = call.world.files.get(entry.get("id", "")) if isinstance(entry, dict) else None
        if stored is None or stored.content is None:
            raise SlackError("file_not_found", "a file was never uploaded")
        stored.title = str(entry.get("title") or stored.name)
        files.append(stored)
    blocks = check_blocks(call.structure("blocks", "invalid_blocks") or [])
    for channel_id in [call.text("channel_id")] if call.text("channel_id") else call.names("channels"):
        channel = call.world.channels.get(channel_id)
        if channel is None:
            raise SlackError("channel_not_found", f"there is no channel {channel_id!r}")
        if call.world.team.bot_user not in channel.members:
            raise SlackError("not_in_channel", f"the app is not in {channel_id}; invite it")
        thread_ts = call.thread(channel)
        share(
            call.world,
            files,
            channel.id,
            call.world.team.bot_user,
            call.text("initial_comment"),
            thread_ts=thread_ts,
            blocks=blocks,
        )
    return {"files": [call.world.describe_file(stored) for stored in files]}

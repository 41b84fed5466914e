"""response_url: five answers in thirty minutes to where a person did something."""

import secrets
from typing import Any

from bot.workspace.blocks import check_blocks
from bot.workspace.errors import SlackError
from bot.workspace.events import deleted_event, edited_event, message_event
from bot.workspace.grid import Grid
from bot.workspace.messages import Message
from bot.workspace.world import World

Json = dict[str, Any]
KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original",
    "unfurl_links", "unfurl_media", "thread_ts", "metadata", "mrkdwn",
}  # fmt: skip


def new_response_url(world: World, user: str, channel: str, message: Message | None) -> str:
    """A response_url for an interaction of a person in a channel, maybe on a message."""
    key = secrets.token_urlsafe(18)
    world.grid.response_urls[key] = {
        "team": world.team.id,
        "user": user,
        "channel": channel,
        "ts": message.ts if message else None,
        "uses": 0,
        "expires": world.clock().timestamp() + world.timing.response_url,
    }
    return f"{world.base_url}actions/{key}"


def respond(grid: Grid, key: str, body: Any) -> None:
    """Do what a POST to a response_url asks for. Raises SlackError with an HTTP status."""
    place = grid.response_urls.get(key)
    if place is None:
        raise SlackError("no_such_url", "this response_url was never handed out", status=404)
    world = grid.worlds[place["team"]]
    if world.clock().timestamp() > place["expires"]:
        raise SlackError("expired_url", "a response_url lives for 30 minutes", status=404)
    if place["uses"] >= world.timing.response_url_uses:
        raise SlackError("used_url", "a response_url works five times", status=404)
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", "the body must be a JSON object", status=400)
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        raise SlackError("invalid_payload", f"unknown field: {', '.join(unknown)}", status=400)
    place["uses"] += 1
    original = world.find(place["channel"], place["ts"] or "")
    if body.get("delete_original"):
        _delete(world, original)
        return
    post_answer(world, place, body, original if body.get("replace_original") else None)


def _delete(world: World, original: Message | None) -> None:
    if original is None or not original.by_bot:
        raise SlackError("message_not_found", "there is no message of the app to delete", status=404)
    world.remove(original)
    if original.only_for is None:
        world.emit(deleted_event(world.channels[original.channel], original, world.next_ts()))


def post_answer(world: World, place: Json, body: Json, replaced: Message | None = None) -> Message:
    """Write (or rewrite) what a response_url or a command's acknowledgement says."""
    try:
        blocks = check_blocks(body.get("blocks") or [])
    except SlackError as error:
        error.status = 400
        raise
    text = str(body.get("text") or "")
    if not text.strip() and not blocks and not body.get("attachments"):
        raise SlackError("no_text", "an answer needs text or blocks", status=400)
    if body.get("response_type") not in (None, "ephemeral", "in_channel"):
        raise SlackError("invalid_payload", "response_type is ephemeral or in_channel", status=400)
    channel = world.channels[place["channel"]]
    if replaced is not None and replaced.by_bot:
        before = replaced.to_slack()
        replaced.text, replaced.blocks, replaced.stream = text, blocks, None
        replaced.edited = {"user": world.team.bot_user, "ts": world.next_ts()}
        world.changed(replaced)
        if replaced.only_for is None:
            world.emit(edited_event(channel, replaced, before, world.next_ts()))
        return replaced
    in_channel = body.get("response_type") == "in_channel"
    message = Message(
        channel=channel.id,
        ts=world.next_ts(),
        user=world.team.bot_user,
        text=text,
        blocks=blocks,
        attachments=body.get("attachments") or [],
        thread_ts=body.get("thread_ts"),
        only_for=None if in_channel else place["user"],
    )
    world.add(message)
    if in_channel:
        world.emit(message_event(channel, message))
    return message

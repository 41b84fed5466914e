"""chat.postMessage, update, delete, postEphemeral, getPermalink."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import check_blocks
from bot.workspace.errors import SlackError
from bot.workspace.events import edited_event, message_event
from bot.workspace.limits import MARKDOWN_TOTAL
from bot.workspace.messages import Message, StreamState
from bot.workspace.methods import method
from bot.workspace.pictures import check_pictures

Json = dict[str, Any]
LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LOOKS = "icon_emoji icon_url username"
MOST_ATTACHMENTS = 100
SHARED = f"text as_user attachments blocks thread_ts link_names parse markdown_text {LOOKS}"


def _body(call: Arguments) -> Json:
    """text, blocks, attachments of a message to post, or the error that Slack gives."""
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = call.structure("blocks", "invalid_blocks_format")
    attachments = call.structure("attachments", "invalid_attachments") or []
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict", "markdown_text goes without text and blocks")
    if len(markdown) > MARKDOWN_TOTAL:
        raise SlackError("msg_too_long", f"markdown_text holds at most {MARKDOWN_TOTAL} characters")
    if markdown:
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    checked = check_blocks(blocks) if blocks is not None else None
    check_pictures(call.world, checked or [], "invalid_blocks", "/blocks")
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments", "attachments must be an array of objects")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments", f"a message holds at most {MOST_ATTACHMENTS} attachments")
    for position, attachment in enumerate(attachments):
        check_blocks(attachment.get("blocks") or [], base=f"/attachments/{position}/blocks")
    if not text.strip() and not checked and not attachments:
        raise SlackError("no_text", "a message needs text, blocks or attachments")
    if checked and not text.strip():
        call.advice.append("missing_text_in_message: give a plain text for notifications and screen readers")
    return {"text": text, "blocks": checked, "attachments": attachments}


def _accepted(call: Arguments, body: Json) -> Json:
    """Warnings to add to a response."""
    if call.advice:
        codes = [advice.partition(":")[0] for advice in call.advice]
        return body | {"warning": ",".join(codes), "response_metadata": {"warnings": codes}}
    return body


@method(
    "chat.postMessage",
    "channel",
    f"{SHARED} reply_broadcast unfurl_links unfurl_media container_id mrkdwn metadata client_msg_id",
    scopes="chat:write",
    tier=5,
)
def post_message(call: Arguments) -> Json:
    """Write a message as the bot."""
    channel = call.joined(users_too=True)
    call.looks()
    body = _body(call)
    if len(body["text"]) > LONGEST_TEXT:
        body["text"] = body["text"][:LONGEST_TEXT]
        call.advice.append("message_truncated: text holds at most 40,000 characters")
    message = Message(
        channel=channel.id,
        ts=call.world.next_ts(),
        user=call.world.team.bot_user,
        text=body["text"],
        blocks=body["blocks"] or [],
        attachments=body["attachments"],
        thread_ts=call.thread(channel),
        metadata=call.metadata(),
        client_msg_id=call.text("client_msg_id") or None,
        broadcast=call.flag("reply_broadcast"),
    )
    call.world.add(message)
    call.world.emit(message_event(channel, message))
    return _accepted(
        call, {"channel": channel.id, "ts": message.ts, "message": message.to_slack(metadata=True)}
    )


@method("chat.postEphemeral", "channel user", f"{SHARED} metadata", scopes="chat:write", tier=4)
def post_ephemeral(call: Arguments) -> Json:
    """Write a message that one person sees."""
    channel, person = call.joined(users_too=True), call.person()
    call.looks()
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel", f"{person.id} is not in {channel.id}")
    body = _body(call)
    if len(body["text"]) > LONGEST_TEXT:
        raise SlackError("msg_too_long", "text holds at most 40,000 characters")
    message = Message(
        channel=channel.id,
        ts=call.world.next_ts(),
        user=call.world.team.bot_user,
        text=body["text"],
        blocks=body["blocks"] or [],
        attachments=body["attachments"],
        thread_ts=call.thread(channel),
        only_for=person.id,
    )
    call.world.add(message)
    return _accepted(call, {"message_ts": message.ts})


@method(
    "chat.update",
    "channel ts",
    "attachments unfurled_attachments blocks markdown_text metadata link_names parse text reply_broadcast"
    " file_ids as_user",
    scopes="chat:write",
    tier=3,
)
def update(call: Arguments) -> Json:
    """Rewrite one of the bot's messages."""
    channel = call.joined()
    message = call.message(channel)
    if not message.by_bot:
        raise SlackError("cant_update_message", "an app may update its own messages only")
    if message.stream is not None and message.stream.state is StreamState.STREAMING:
        raise SlackError("streaming_state_conflict", "the message is streaming; stop the stream first")
    body = _body(call)
    if len(body["text"]) > LONGEST_UPDATE and not call.text("markdown_text"):
        raise SlackError("msg_too_long", f"text holds at most {LONGEST_UPDATE} characters in chat.update")
    metadata = call.metadata()
    before = message.to_slack()
    if "text" in call.given or call.text("markdown_text"):
        message.text = body["text"]
    if body["blocks"] is not None:
        message.blocks = body["blocks"]
    if "attachments" in call.given:
        message.attachments = body["attachments"]
    if metadata is not None:
        message.metadata = metadata
    message.stream = None
    message.edited = {"user": call.world.team.bot_user, "ts": call.world.next_ts()}
    call.world.changed(message)
    call.world.emit(edited_event(channel, message, before, call.world.next_ts()))
    answer = {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.to_slack(True),
    }
    return _accepted(call, answer)


@method("chat.delete", "channel ts", "as_user", scopes="chat:write", tier=3)
def delete(call: Arguments) -> Json:
    """Take one of the bot's messages away."""
    channel = call.joined()
    message = call.message(channel)
    if not message.by_bot:
        raise SlackError("cant_delete_message", "an app may delete its own messages only")
    call.world.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", "channel message_ts", tier=5)
def get_permalink(call: Arguments) -> Json:
    """The address of a message on the page."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.world.base_url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}

"""chat.startStream, appendStream, stopStream: a message that grows while it is read."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import block_problems, check_blocks, with_ids
from bot.workspace.errors import SlackError
from bot.workspace.events import message_event
from bot.workspace.limits import MARKDOWN_TOTAL
from bot.workspace.messages import Message, Stream, StreamState
from bot.workspace.methods import method
from bot.workspace.methods_agents import STATUSES, set_session
from bot.workspace.people import Channel
from bot.workspace.problems import refuse

Json = dict[str, Any]
MOST_BLOCKS = 50
TASK_FIELDS = {"type", "id", "title", "status", "details", "output", "sources"}
TASK_STATUSES = {"pending", "in_progress", "complete", "error"}


def _bad(place: int, message: str) -> SlackError:
    text = f"{message} [json-pointer:/chunks/{place}]"
    return SlackError("invalid_chunks", text, errors=[text])


def _read_chunks(call: Arguments) -> list[Json]:
    """The chunks of a call (markdown_text counts as one), each checked."""
    markdown = call.text("markdown_text")
    chunks = call.structure("chunks", "invalid_chunks")
    if chunks is not None and not isinstance(chunks, list):
        raise SlackError("invalid_chunks", "chunks must be an array")
    if markdown and chunks:
        raise SlackError("markdown_text_conflict", "markdown_text goes without chunks")
    out = list(chunks or [])
    if markdown:
        out.append({"type": "markdown_text", "text": markdown})
    for place, chunk in enumerate(out):
        _check_chunk(place, chunk)
    if sum(len(chunk["text"]) for chunk in out if chunk["type"] == "markdown_text") > MARKDOWN_TOTAL:
        raise SlackError("msg_too_long", f"one call holds at most {MARKDOWN_TOTAL} characters of Markdown")
    return out


def _check_chunk(place: int, chunk: Any) -> None:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    known = {
        "markdown_text": {"type", "text"},
        "task_update": TASK_FIELDS,
        "plan_update": {"type", "title"},
        "blocks": {"type", "blocks"},
    }
    if not isinstance(kind, str) or kind not in known:
        raise _bad(place, f"unsupported chunk type: {kind}")
    extra = sorted(set(chunk) - known[kind])
    if extra:
        raise _bad(place, f"unexpected field: {', '.join(extra)}")
    if kind == "markdown_text" and not (isinstance(chunk.get("text"), str) and chunk["text"]):
        raise _bad(place, "text must be more than 0 characters")
    if kind in ("task_update", "plan_update") and not (
        isinstance(chunk.get("title"), str) and chunk["title"]
    ):
        raise _bad(place, "missing required field: title")
    if kind == "task_update":
        if not (isinstance(chunk.get("id"), str) and chunk["id"]):
            raise _bad(place, "missing required field: id")
        if chunk.get("status") not in TASK_STATUSES:
            raise _bad(place, f"status must be one of {', '.join(sorted(TASK_STATUSES))}")
        for name in ("details", "output"):
            if chunk.get(name) is not None and not isinstance(chunk[name], str):
                raise _bad(place, f"{name} must be a string")
        problems = block_problems([_card(chunk)], "message", f"/chunks/{place}/task")
        refuse("invalid_chunks", problems)
    if kind == "blocks":
        refuse("invalid_chunks", block_problems(chunk.get("blocks"), "message", f"/chunks/{place}/blocks"))


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _card(chunk: Json) -> Json:
    """A task chunk as a task_card block."""
    card: Json = {
        "type": "task_card",
        "task_id": chunk["id"],
        "title": chunk["title"],
        "status": chunk["status"],
    }
    for name in ("details", "output"):
        if chunk.get(name):
            card[name] = _rich(chunk[name])
    if chunk.get("sources"):
        card["sources"] = chunk["sources"]
    return card


def _put_task(stream: Stream, card: Json) -> None:
    """Add a task or renew it in place; details, output and sources stay when an update is silent on them."""
    for task in stream.tasks:
        if task["task_id"] == card["task_id"]:
            task.update(card)
            return
    plan = next((part for part in stream.parts if part["type"] == "plan"), None)
    if stream.mode == "plan" or plan is not None:
        if plan is None:
            plan = {"type": "plan", "title": "…", "tasks": []}
            stream.parts.insert(0, plan)
        plan["tasks"].append(card)
    else:
        stream.parts.append(card)


def _apply(stream: Stream, chunks: list[Json]) -> None:
    """Append chunks. Raises SlackError when the message grows beyond what it may hold."""
    total = len(stream.text) + sum(len(c["text"]) for c in chunks if c["type"] == "markdown_text")
    if total > MARKDOWN_TOTAL:
        raise SlackError(
            "msg_blocks_too_long", f"a message holds at most {MARKDOWN_TOTAL} characters of Markdown"
        )
    blocks = sum(len(c["blocks"]) for c in chunks if c["type"] == "blocks")
    if blocks + sum(part["type"] != "markdown" for part in stream.parts) > MOST_BLOCKS:
        raise SlackError("msg_blocks_too_many", f"at most {MOST_BLOCKS} blocks per message")
    for chunk in chunks:
        if chunk["type"] == "markdown_text":
            if stream.parts and stream.parts[-1]["type"] == "markdown":
                stream.parts[-1]["text"] += chunk["text"]
            else:
                stream.parts.append({"type": "markdown", "text": chunk["text"]})
        elif chunk["type"] == "task_update":
            _put_task(stream, _card(chunk))
        elif chunk["type"] == "plan_update":
            _put_plan(stream, chunk["title"])
        else:
            stream.parts.extend(with_ids(chunk["blocks"]))
    stream.appends += 1


def _put_plan(stream: Stream, title: str) -> None:
    for part in stream.parts:
        if part["type"] == "plan":
            part["title"] = title
            return
    stream.parts.insert(0, {"type": "plan", "title": title, "tasks": []})


def _need_recipient(call: Arguments, channel: Channel) -> None:
    """Streaming to a channel names the person who reads it first."""
    if channel.is_im:
        return
    if not call.text("recipient_user_id"):
        raise SlackError("missing_recipient_user_id", "needed when streaming to a channel")
    if not call.text("recipient_team_id"):
        raise SlackError("missing_recipient_team_id", "needed when streaming to a channel")
    call.person("recipient_user_id")
    if call.text("recipient_team_id") != call.world.team.id:
        raise SlackError("team_not_found", "recipient_team_id is no team of this workspace")


@method(
    "chat.startStream",
    "channel thread_ts",
    "markdown_text recipient_team_id recipient_user_id chunks task_display_mode icon_emoji icon_url username",
    scopes="chat:write",
    tier=2,
)
def start_stream(call: Arguments) -> Json:
    """Begin a message that streams."""
    channel = call.joined()
    call.looks()
    _need_recipient(call, channel)
    mode = call.text("task_display_mode", "timeline")
    if mode not in ("timeline", "plan"):
        raise SlackError("invalid_arguments", "task_display_mode must be timeline or plan")
    stream = Stream(mode=mode, touched=call.world.clock().timestamp())
    chunks = _read_chunks(call)
    thread_ts = call.thread(channel)
    _apply(stream, chunks)
    message = Message(
        channel.id,
        call.world.next_ts(),
        call.world.team.bot_user,
        stream.text,
        thread_ts=thread_ts,
        stream=stream,
    )
    call.world.add(message)
    call.world.emit(message_event(channel, message))
    return {"channel": channel.id, "ts": message.ts}


def _streaming(call: Arguments) -> tuple[Message, Stream]:
    """The message of an append or stop call; Slack's error if it does not stream."""
    message = call.message(call.joined())
    if not message.by_bot:
        raise SlackError("message_not_owned_by_app", "the message is not the app's own")
    stream = message.stream
    now = call.world.clock().timestamp()
    if stream is not None and stream.state is StreamState.STREAMING:
        if now - stream.touched > call.world.timing.stream:
            stream.state = StreamState.EXPIRED
            call.world.changed(message)
        stream.touched = now
    if stream is None or stream.state in (StreamState.STOPPED, StreamState.EXPIRED):
        raise SlackError("message_not_in_streaming_state", "the message is not streaming (any more)")
    return message, stream


@method("chat.appendStream", "channel ts", "markdown_text chunks", scopes="chat:write", tier=4)
def append_stream(call: Arguments) -> Json:
    """Add to a streaming message."""
    message, stream = _streaming(call)
    if stream.state is StreamState.STOPPED_BY_USER:
        raise SlackError("stopped_by_user", "the person stopped this answer")
    chunks = _read_chunks(call)
    if not chunks:
        raise SlackError("no_text", "give markdown_text or chunks")
    _apply(stream, chunks)
    message.text = stream.text
    call.world.changed(message)
    return {"channel": message.channel, "ts": message.ts}


@method(
    "chat.stopStream",
    "channel ts",
    "markdown_text blocks metadata chunks session_status",
    scopes="chat:write",
    tier=2,
)
def stop_stream(call: Arguments) -> Json:
    """Finish a streaming message; blocks go below what was streamed."""
    message, stream = _streaming(call)
    chunks = _read_chunks(call)
    blocks = check_blocks(call.structure("blocks", "invalid_blocks_format") or [])
    metadata = call.metadata()
    session_status = call.text("session_status")
    if session_status and session_status not in STATUSES:
        raise SlackError("invalid_arguments", f"session_status must be one of {', '.join(sorted(STATUSES))}")
    if not chunks and not blocks and not stream.parts:
        raise SlackError("no_text", "the message would be empty")
    _apply(stream, chunks)
    stream.final_blocks = blocks
    if stream.state is StreamState.STREAMING:
        stream.state = StreamState.STOPPED
    message.text = stream.text
    message.metadata = metadata or message.metadata
    if session_status and message.thread_ts:
        set_session(call.world, message.channel, message.thread_ts, session_status)
    call.world.changed(message)
    return {"channel": message.channel, "ts": message.ts, "message": message.to_slack(metadata=True)}

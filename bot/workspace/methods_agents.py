"""What an agent shows besides messages: status, suggested prompts, titles, sessions."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.errors import SlackError
from bot.workspace.methods import method
from bot.workspace.world import Session, Status, World

Json = dict[str, Any]
STATUSES = {"processing", "active", "suspended", "closed"}
LOOKS = "icon_emoji icon_url username"


@method(
    "assistant.threads.setStatus",
    "channel_id thread_ts",
    f"status loading_messages {LOOKS}",
    scopes="chat:write assistant:write",
    tier=5,
)
def set_status(call: Arguments) -> Json:
    """Show (or with an empty status, hide) what the app is doing in a thread."""
    channel = call.joined("channel_id")
    thread_ts = call.thread(channel, "invalid_thread_ts")
    if "status" not in call.given:
        raise SlackError("invalid_arguments", "missing required field: status")
    loading = call.structure("loading_messages") or []
    if (
        not isinstance(loading, list)
        or len(loading) > 10
        or not all(isinstance(m, str) and m for m in loading)
    ):
        raise SlackError("invalid_arguments", "loading_messages holds at most 10 texts")
    place = (channel.id, str(thread_ts))
    text = call.text("status")
    if text:
        call.world.statuses[place] = Status(text, loading, call.world.clock())
        call.world.feed.publish("status", channel=place[0], thread_ts=place[1])
    else:
        call.world.drop_status(*place)
    return {}


@method(
    "assistant.threads.setSuggestedPrompts",
    "channel_id prompts",
    "thread_ts title",
    scopes="assistant:write",
    tier=4,
)
def set_suggested_prompts(call: Arguments) -> Json:
    """Offer up to four prompts in the messages tab."""
    channel = call.joined("channel_id")
    prompts = call.structure("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise SlackError("invalid_arguments", "prompts must hold one to four prompts")
    for number, prompt in enumerate(prompts):
        good = isinstance(prompt, dict) and set(prompt) == {"title", "message"}
        if not good or not all(isinstance(text, str) and text.strip() for text in prompt.values()):
            raise SlackError(
                "invalid_arguments", f"prompts[{number}] needs title and message, both not empty"
            )
    if call.text("thread_ts"):
        # In an agent app a thread_ts makes the call silently fail: it says ok, and nothing shows.
        call.advice.append("ignored: with thread_ts an agent app's prompts are never shown")
        return {}
    call.world.prompts[channel.id] = {"title": call.text("title"), "prompts": prompts}
    call.world.feed.publish("prompts", channel=channel.id)
    return {}


@method("assistant.threads.setTitle", "channel_id thread_ts title", scopes="assistant:write", tier=4)
def set_title(call: Arguments) -> Json:
    """Name a thread."""
    channel = call.joined("channel_id")
    thread_ts = call.thread(channel, "invalid_thread_ts")
    call.world.titles[channel.id, str(thread_ts)] = call.text("title")
    call.world.feed.publish("title", channel=channel.id, thread_ts=str(thread_ts))
    return {}


def set_session(
    world: World, channel: str, thread_ts: str, status: str, title: str = "", by: str = ""
) -> Session:
    """Create or change the session of a thread; title and initiator count at creation only."""
    session = world.sessions.get((channel, thread_ts))
    if session is None:
        session = world.sessions[channel, thread_ts] = Session(status, title, by)
        if title:
            world.titles[channel, thread_ts] = title
    session.status = status
    if status != "processing":
        world.drop_status(channel, thread_ts)
    world.feed.publish("session", channel=channel, thread_ts=thread_ts)
    return session


def _place(call: Arguments) -> tuple[str, str]:
    channel = call.joined("channel_id", error="not_authorized")
    if not call.text("thread_ts"):
        raise SlackError("thread_ts_required", "sessions in channels and DMs belong to a thread")
    return channel.id, str(call.thread(channel, "invalid_arguments"))


@method(
    "agents.sessions.setStatus",
    "channel_id status",
    f"thread_ts title initiator_user_id {LOOKS}",
    scopes="chat:write",
    tier=3,
)
def set_session_status(call: Arguments) -> Json:
    """Say where an agent's session stands; `processing` shows the Stop button."""
    channel, thread_ts = _place(call)
    status, title = call.text("status"), call.text("title")
    if status not in STATUSES:
        raise SlackError("invalid_status", f"status must be one of {', '.join(sorted(STATUSES))}")
    if len(title) > 200:
        raise SlackError("invalid_arguments", "title holds at most 200 characters")
    if call.text("initiator_user_id"):
        call.person("initiator_user_id")
    session = set_session(call.world, channel, thread_ts, status, title, call.text("initiator_user_id"))
    return {"status": status, "agent_status": status, "title": session.title}


@method("agents.sessions.rename", "channel_id title", "thread_ts", scopes="chat:write", tier=3)
def rename_session(call: Arguments) -> Json:
    """Give a session another title."""
    place = _place(call)
    title = call.text("title")
    session = call.world.sessions.get(place)
    if session is None:
        raise SlackError("session_not_found", "no session in this thread")
    if len(title) > 200:
        raise SlackError("invalid_arguments", "title holds at most 200 characters")
    session.title = title
    call.world.titles[place] = title
    call.world.feed.publish("title", channel=place[0], thread_ts=place[1])
    return {"title": title}

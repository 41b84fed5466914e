"""How what Slack sends is built: one declaration for each entry, looked at before any listener runs.

Declared is only what a listener relies on. A field that Slack may leave out or send as null is not `Required`; fields, events
and kinds that nobody here knows are let through, for Slack adds some every month. The fields stand in the payload pages
of Slack's documentation and in slack_bolt's request types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Required

from pydantic import StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic does not take that of typing before Python 3.12

Json = dict[str, Any]

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Maybe = str | None
"""A text that may be missing, null or empty."""


class Known(TypedDict, total=False):
    """Somebody or something with an id: a person, a team, a channel."""

    id: Required[Id]


class Home(TypedDict, total=False):
    """The team of an interaction; of an app installed for a whole organisation it may be null."""

    id: Maybe
    enterprise_id: Maybe


class File(TypedDict, total=False):
    """A file that hangs on a message. One from outside Slack or one that is gone has little more than its id."""

    id: Maybe
    name: Maybe
    title: Maybe
    mode: Maybe
    size: int | None
    url_private: Maybe
    url_private_download: Maybe


class Message(TypedDict, total=False):
    """A message, by itself or within an event or a click."""

    ts: Required[Id]
    user: Maybe
    text: Maybe
    thread_ts: Maybe
    subtype: Maybe
    bot_id: Maybe
    app_id: Maybe
    blocks: list[Json] | None
    files: list[File] | None
    edited: Json | None


class Said(Message, total=False):
    """The event of a message: the message and its channel."""

    channel: Required[Id]
    channel_type: Maybe


class Changed(TypedDict, total=False):
    """message_changed."""

    channel: Required[Id]
    message: Required[Message]
    previous_message: Json | None


class Deleted(TypedDict, total=False):
    """message_deleted."""

    channel: Required[Id]
    deleted_ts: Maybe
    previous_message: Json | None


class Notice(TypedDict, total=False):
    """A message of Slack's own (somebody joined, a topic was set …): none of ours reads more of it."""

    channel: Maybe
    ts: Maybe


class Mentioned(Message, total=False):
    """app_mention."""

    channel: Required[Id]


class Stopped(TypedDict, total=False):
    """agent_session_stopped."""

    channel: Required[Id]
    thread_ts: Maybe


class HomeOpened(TypedDict, total=False):
    """app_home_opened."""

    user: Required[Id]
    channel: Required[Id]
    tab: Maybe


class GroupChanged(TypedDict, total=False):
    """subteam_members_changed."""

    subteam_id: Required[Id]


class Tokens(TypedDict, total=False):
    """Whose tokens."""

    bot: list[str] | None
    oauth: list[str] | None


class Revoked(TypedDict, total=False):
    """tokens_revoked."""

    tokens: Tokens | None


class Option(TypedDict, total=False):
    """What was chosen of a list."""

    value: Maybe


class Choice(TypedDict, total=False):
    """What an input holds: by its type one of these."""

    value: Maybe
    selected_option: Option | None
    selected_options: list[Option] | None
    selected_user: Maybe
    selected_users: list[str] | None
    selected_conversation: Maybe
    selected_conversations: list[str] | None
    selected_channel: Maybe
    selected_date: Maybe
    selected_time: Maybe
    selected_date_time: int | None


class State(TypedDict, total=False):
    """Block → element → what it holds."""

    values: dict[str, dict[str, Choice]] | None


class View(TypedDict, total=False):
    """A form or a Home tab."""

    id: Required[Id]
    type: Required[Id]
    callback_id: Required[str]
    hash: Maybe
    private_metadata: Maybe
    root_view_id: Maybe
    previous_view_id: Maybe
    state: State | None
    blocks: list[Json] | None


class Action(Choice, total=False):
    """What was pressed or chosen."""

    action_id: Required[Id]
    block_id: Maybe
    type: Maybe


class Container(TypedDict, total=False):
    """In what it was pressed."""

    type: Maybe
    message_ts: Maybe
    thread_ts: Maybe
    channel_id: Maybe
    view_id: Maybe
    is_ephemeral: bool | None


class Clicked(TypedDict, total=False):
    """block_actions."""

    user: Required[Known]
    trigger_id: Required[Id]
    team: Home | None
    actions: Required[list[Action]]
    container: Container | None
    channel: Known | None
    message: Message | None
    view: View | None
    state: State | None
    response_url: Maybe


class Submitted(TypedDict, total=False):
    """view_submission."""

    user: Required[Known]
    trigger_id: Maybe
    team: Home | None
    view: Required[View]


class Closed(TypedDict, total=False):
    """view_closed."""

    user: Required[Known]
    view: Required[View]


class OnMessage(TypedDict, total=False):
    """message_action: a shortcut out of a message's menu."""

    callback_id: Required[Id]
    user: Required[Known]
    trigger_id: Required[Id]
    team: Home | None
    channel: Required[Known]
    message: Required[Message]
    response_url: Maybe


class Anywhere(TypedDict, total=False):
    """shortcut: one from the composer."""

    callback_id: Required[Id]
    user: Required[Known]
    trigger_id: Required[Id]


class Suggesting(TypedDict, total=False):
    """block_suggestion: what a select with options from outside asks for."""

    action_id: Required[Id]
    user: Required[Known]
    value: Maybe


class Commanded(TypedDict, total=False):
    """A slash command; its fields are flat, and all of them texts."""

    command: Required[Id]
    text: Maybe
    user_id: Required[Id]
    channel_id: Required[Id]
    team_id: Maybe
    trigger_id: Required[Id]
    response_url: Required[str]


class Envelope(TypedDict, total=False):
    """event_callback around an event."""

    event_id: Maybe
    team_id: Maybe
    enterprise_id: Maybe


_ENVELOPE = TypeAdapter(Envelope)
_EVENTS: Mapping[str, TypeAdapter[Any]] = {
    "app_mention": TypeAdapter(Mentioned),
    "agent_session_stopped": TypeAdapter(Stopped),
    "app_home_opened": TypeAdapter(HomeOpened),
    "subteam_members_changed": TypeAdapter(GroupChanged),
    "tokens_revoked": TypeAdapter(Revoked),
}
_SAID, _NOTICE = TypeAdapter(Said), TypeAdapter(Notice)
_MESSAGES: Mapping[str | None, TypeAdapter[Any]] = {
    "message_changed": TypeAdapter(Changed),
    "message_deleted": TypeAdapter(Deleted),
    **dict.fromkeys((None, "", "file_share", "thread_broadcast", "me_message"), _SAID),
}
_INTERACTIONS: Mapping[str, TypeAdapter[Any]] = {
    "block_actions": TypeAdapter(Clicked),
    "view_submission": TypeAdapter(Submitted),
    "view_closed": TypeAdapter(Closed),
    "message_action": TypeAdapter(OnMessage),
    "shortcut": TypeAdapter(Anywhere),
    "block_suggestion": TypeAdapter(Suggesting),
}
_COMMAND = TypeAdapter(Commanded)
_NOT_OURS = frozenset(
    {"interactive_message", "dialog_submission", "dialog_cancellation", "dialog_suggestion"}
    | {"workflow_step_edit", "workflow_step_execute"}
)
"""Kinds of before Block Kit, which bolt would hand to a listener of the same name."""


def problem(body: Any) -> str:
    """Where a body is not built as Slack builds it, as `field.field: what`, without anything that stands in it; empty when
    it is well built, or of a kind that nobody here listens to."""
    if not isinstance(body, dict):
        return "body: no object"
    kind = body.get("type")
    if "command" in body and kind is None:
        return _fault(_COMMAND, body)
    if not isinstance(kind, str):
        return "type: no text"
    if kind == "event_callback":
        return _fault(_ENVELOPE, body) or _of_event(body.get("event"))
    if kind in _NOT_OURS:
        return "type: not one of ours"
    shape = _INTERACTIONS.get(kind)
    if shape is None:
        return ""
    if kind == "block_actions" and not body.get("actions"):
        return "actions: missing"
    return _fault(shape, body)


def _of_event(event: Any) -> str:
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        return "event: no object with a type"
    if event["type"] != "message":
        shape = _EVENTS.get(event["type"])
    elif isinstance(event.get("subtype"), str | None):
        shape = _MESSAGES.get(event.get("subtype"), _NOTICE)
    else:
        return "event.subtype: no text"
    return "" if shape is None else _fault(shape, event, "event")


def _fault(shape: TypeAdapter[Any], value: Json, *under: str) -> str:
    try:
        shape.validate_python(value, strict=True)  # nothing is converted: a number is no text
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # Keys of what came in are shown only where they look like Slack's own names of fields.
        steps = [str(one) if isinstance(one, int) or _declared(one) else "*" for one in first["loc"]]
        return f"{'.'.join([*under, *steps])}: {first['type']}"
    return ""


def _declared(name: str) -> bool:
    return name in _NAMES


_NAMES = frozenset(
    name
    for shape in (
        *(
            Known,
            Home,
            File,
            Said,
            Changed,
            Deleted,
            Mentioned,
            Stopped,
            HomeOpened,
            GroupChanged,
            Tokens,
            Revoked,
        ),
        *(
            State,
            View,
            Action,
            Container,
            Clicked,
            Submitted,
            Closed,
            OnMessage,
            Anywhere,
            Suggesting,
            Commanded,
        ),
        Envelope,
    )
    for name in shape.__annotations__
)

"""What people do in Slack: one file per thing they do, and the list of all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from slack_bolt import Ack, App, Args

from bot.assistant.turns import pressed
from bot.listeners import (
    ask,
    ask_about,
    clarifying,
    commands,
    conflicts,
    contacts,
    errors,
    escalate,
    expiries,
    feedback,
    gaps,
    homes,
    leaving,
    manuals,
    papers,
    people,
    preferences,
    procedure_forms,
    procedures,
    record_steps,
    resuming,
    review,
    rungs,
    sharing,
    ticket_lists,
    ticket_work,
    tickets,
    voice,
    voice_reading,
)
from bot.listeners.acknowledging import acknowledged_late, before_acknowledging, taken_on
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from bot.slack_shapes import problem
from tickets.store import first_in_line

LISTENERS: tuple[Listener, ...] = (
    *ask.LISTENERS,
    *resuming.LISTENERS,
    *ask_about.LISTENERS,
    *sharing.LISTENERS,
    *clarifying.LISTENERS,
    *preferences.LISTENERS,
    *feedback.LISTENERS,
    *voice.LISTENERS,
    *voice_reading.LISTENERS,
    *escalate.LISTENERS,
    *review.LISTENERS,
    *rungs.LISTENERS,
    *tickets.LISTENERS,
    *ticket_work.LISTENERS,
    *ticket_lists.LISTENERS,
    *contacts.LISTENERS,
    *papers.LISTENERS,
    *manuals.LISTENERS,
    *expiries.LISTENERS,
    *gaps.LISTENERS,
    *conflicts.LISTENERS,
    *procedures.LISTENERS,
    *procedure_forms.LISTENERS,
    *record_steps.LISTENERS,
    *homes.LISTENERS,
    *people.LISTENERS,
    *leaving.LISTENERS,
    *commands.LISTENERS,
)


_ANSWERING = frozenset({Kind.VIEW})
"""What is acknowledged with something in it: a form's complaints, or its next page. Everything else is only taken on."""
_NAMED: Mapping[Kind, Callable[[Mapping[str, Any]], str]] = {
    Kind.ACTION: lambda body: str(body["actions"][0]["action_id"]),
    Kind.VIEW: lambda body: str(body["view"]["callback_id"]),
    Kind.SHORTCUT: lambda body: str(body["callback_id"]),
    Kind.COMMAND: lambda body: str(body["command"]),
}
"""How the listener of a request is named in it."""
_ONLY_TAKEN_ON: Mapping[Kind, Mapping[str, Listener]] = {
    kind: {one.name: one for one in LISTENERS if one.kind is kind}
    for kind in Kind
    if kind is not Kind.EVENT and kind not in _ANSWERING
}


def _at_once(kind: Kind, name: object, body: Mapping[str, Any]) -> bool:
    """Whether a request changes nothing in the record: then it is acknowledged before anything is done. What does is
    acknowledged when that is written (`bot.listeners.acknowledging`)."""
    listener = _ONLY_TAKEN_ON.get(kind, {}).get(name) if isinstance(name, str) else None
    return listener is not None and not listener.changes(body)


def register(app: App, shared: Shared) -> None:
    """Attach every listener to the app. Of one kind they are one to bolt, which tries its listeners one by one, each
    with a thread that wants its turn: what is pressed while answers are written would wait for all of that."""
    for listener in LISTENERS:
        if listener.kind is Kind.EVENT and listener.writes:
            taking_on = before_acknowledging(_runner(shared, listener), app.listener_runner.listener_executor)
            app.event(listener.name, middleware=[taking_on])(taken_on)
        elif listener.kind is Kind.EVENT:
            app.event(listener.name)(_runner(shared, listener))
    _attach(app.action, shared, Kind.ACTION)
    _attach(app.view, shared, Kind.VIEW)
    _attach(app.shortcut, shared, Kind.SHORTCUT)
    _attach(app.command, shared, Kind.COMMAND)


def _attach(door: Callable[..., Any], shared: Shared, kind: Kind) -> None:
    """All listeners of a kind."""
    run = {one.name: _runner(shared, one) for one in LISTENERS if one.kind is kind}
    names, name_of = re.compile("|".join(rf"\A{re.escape(name)}\Z" for name in run)), _NAMED[kind]

    def acknowledge(ack: Ack, body: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002 - bolt's name
        """Before a thread is found to do it."""
        if _at_once(kind, name_of(body), body):
            ack()
        next()

    def call(args: Args) -> None:
        run[name_of(args.body)](args)

    # Ours are offered in a message's menu only: one of the same name from the composer has no message.
    wanted = {"type": "message_action", "callback_id": names} if kind is Kind.SHORTCUT else names
    door(wanted, middleware=[] if kind in _ANSWERING else [acknowledge])(call)


def _runner(shared: Shared, listener: Listener) -> Callable[[Args], None]:
    def call(args: Args) -> None:
        with ExitStack() as first:
            if listener.kind is not Kind.EVENT:
                first.enter_context(first_in_line())
                first.enter_context(pressed.held())
            errors.run(shared.at(args.context), args, listener.run)

    if listener.kind is Kind.EVENT or not listener.writes:
        return call
    late = acknowledged_late(call)
    return lambda args: (late if listener.changes(args.body) else call)(args)


def is_only_taken_on(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether a request that came over a socket (`kind`: Slack's name of the envelope) is something pressed or typed that
    is acknowledged with nothing in it and changes nothing in the record, so that whoever receives it may do so at once."""
    if problem(body):
        return False
    if kind == "slash_commands":
        return _at_once(Kind.COMMAND, body.get("command"), body)
    if kind != "interactive":
        return False
    if body.get("type") == "block_actions":
        return _at_once(Kind.ACTION, body["actions"][0]["action_id"], body)
    return body.get("type") in ("message_action", "shortcut") and _at_once(
        Kind.SHORTCUT, body.get("callback_id"), body
    )

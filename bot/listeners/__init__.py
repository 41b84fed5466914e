"""What people do in Slack: one file per thing they do, and the list of all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from slack_bolt import Ack, App, Args

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
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
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
}
"""How the listener of a request is named in it."""


def register(app: App, shared: Shared) -> None:
    """Attach every listener to the app. Of one kind they are one to bolt, which tries its listeners one by one, each
    with a thread that wants its turn: what is pressed while answers are written would wait for all of that."""
    for listener in LISTENERS:
        if listener.kind is Kind.EVENT:
            app.event(listener.name)(_runner(shared, listener))
        elif listener.kind is Kind.COMMAND:
            app.command(listener.name, middleware=[_acknowledge])(_runner(shared, listener))
    _attach(app.action, shared, Kind.ACTION)
    _attach(app.view, shared, Kind.VIEW)
    _attach(app.shortcut, shared, Kind.SHORTCUT)


def _attach(door: Callable[..., Any], shared: Shared, kind: Kind) -> None:
    """All listeners of a kind."""
    run = {one.name: _runner(shared, one) for one in LISTENERS if one.kind is kind}
    names, name_of = re.compile("|".join(rf"\A{re.escape(name)}\Z" for name in run)), _NAMED[kind]

    def call(args: Args) -> None:
        run[name_of(args.body)](args)

    door(names, middleware=[] if kind in _ANSWERING else [_acknowledge])(call)


def _runner(shared: Shared, listener: Listener) -> Callable[[Args], None]:
    def call(args: Args) -> None:
        with nullcontext() if listener.kind is Kind.EVENT else first_in_line():
            errors.run(shared.at(args.context), args, listener.run)

    return call


def _acknowledge(ack: Ack, next: Callable[[], None]) -> None:  # noqa: A002 - bolt's name
    """Before anything is done, and before a thread is found to do it."""
    ack()
    next()


_KNOWN = {kind: frozenset(one.name for one in LISTENERS if one.kind is kind) for kind in Kind}


def is_only_taken_on(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether a request that came over a socket (`kind`: Slack's name of the envelope) is something pressed or typed that
    is acknowledged with nothing in it, so that whoever receives it may do so at once."""
    if kind == "slash_commands":
        return body.get("command") in _KNOWN[Kind.COMMAND]
    if kind != "interactive":
        return False
    if body.get("type") == "block_actions":
        named = [str(one.get("action_id")) for one in body.get("actions") or ()]
        return bool(named) and named[0] in _KNOWN[Kind.ACTION]
    return (
        body.get("type") in ("message_action", "shortcut")
        and body.get("callback_id") in _KNOWN[Kind.SHORTCUT]
    )

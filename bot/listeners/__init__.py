"""What people do in Slack: one file per thing they do, and the list of all of it."""

from __future__ import annotations

from slack_bolt import App, Args

from bot.listeners import (
    ask,
    ask_about,
    clarifying,
    commands,
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
    *procedures.LISTENERS,
    *procedure_forms.LISTENERS,
    *record_steps.LISTENERS,
    *homes.LISTENERS,
    *people.LISTENERS,
    *leaving.LISTENERS,
    *commands.LISTENERS,
)


def register(app: App, shared: Shared) -> None:
    """Attach every listener to the app."""
    for listener in LISTENERS:
        _attach(app, shared, listener)


def _attach(app: App, shared: Shared, listener: Listener) -> None:
    def call(args: Args) -> None:
        errors.run(shared.at(args.context), args, listener.run)

    run = acknowledged_late(call) if listener.writes else call
    match listener.kind:
        case Kind.EVENT if listener.writes:
            taking_on = before_acknowledging(call, app.listener_runner.listener_executor)
            app.event(listener.name, middleware=[taking_on])(taken_on)
        case Kind.EVENT:
            app.event(listener.name)(call)
        case Kind.ACTION:
            app.action(listener.name)(run)
        case Kind.VIEW:
            app.view(listener.name)(run)
        case Kind.COMMAND:
            app.command(listener.name)(run)
        case Kind.SHORTCUT:
            app.shortcut(listener.name)(run)

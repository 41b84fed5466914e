"""`/kefu`: help, ask, escalate, procedures, tickets, manuals, audit, people, on, off, me, channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import audit as audit_blocks
from bot.blocks import homes, parts
from bot.blocks import manuals as manual_blocks
from bot.blocks.parts import Block
from bot.listeners import (
    errors,
    escalate,
    people,
    places,
    preferences,
    procedures,
    rungs,
    threads,
    ticket_lists,
    whispering,
)
from bot.listeners.answering import asker_at, below_answer, record
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.channel_settings import Reach
from tickets.preferences import Owner
from tickets.rules import Action, allowed, require

COMMAND = "/kefu"
_LISTED = 20


def on_command(shared: Shared, args: Args) -> None:
    """The first word says what; anything else is a question."""
    args.ack()
    text, first, rest = _typed(args.body)
    run = _SUBCOMMANDS.get(first.lower())
    procedure = shared.services.desk.procedures.catalogue.named(first) if run is None and first else None
    if procedure is not None:
        place = places.of_interaction(args.body)
        procedures.begin(shared, place, str(args.body["trigger_id"]), procedure, rest)
        return
    if run is None:
        run, rest = (_ask, text) if text else (_help, "")
    run(shared, args, rest)


def _typed(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """What stands behind the command, its first word and the rest, whichever blanks (a Chinese keyboard's are wide) or
    lines part them."""
    text = str(body.get("text") or "").strip()
    first, *rest = text.split(maxsplit=1) or [""]
    return text, first, rest[0] if rest else ""


def changes_record(body: Mapping[str, Any]) -> bool:
    """Whether what was typed changes the record at once. What is asked is written down with its answer, which comes
    later than any acknowledgement could; forms write when they are sent."""
    return _typed(body)[1].lower() in _WRITING


def _help(shared: Shared, args: Args, rest: str) -> None:
    person = shared.person(str(args.body["user_id"]))
    words = shared.words(person.id)
    _reply(args, homes.usage(words, person.role, commands=True))


def _ask(shared: Shared, args: Args, question: str) -> None:
    """Answered to the asker alone; a thread is needed for follow-up questions."""
    place = places.of_interaction(args.body)
    words = shared.words(place.user)
    text = mask(question)
    if not text:
        raise errors.Declined("ask.empty")
    if not shared.pace.allows(place.user):
        raise errors.Declined("ask.too_fast", most=shared.pace.most)

    def work() -> None:
        generation = shared.services.library.generation()
        view = shared.answering_view(place, private=True)
        answer = shared.services.assistant.answer(text, view=view, asker=asker_at(shared, place))
        answer_id = record(shared, place.user, text, answer, generation, place.origin)
        below = below_answer(shared, place, text, answer, answer_id, Reach.ASKER)
        whispering.respond(args, text, answer.text, below, words)

    errors.run_in_pool(shared, place, work)


def _escalate(shared: Shared, args: Args, text: str) -> None:
    escalate.open_form(shared, places.of_interaction(args.body), str(args.body["trigger_id"]), text=text)


def _me(shared: Shared, args: Args, rest: str) -> None:
    preferences.open_form(
        shared, places.of_interaction(args.body), str(args.body["trigger_id"]), Owner.PERSON
    )


def _channel(shared: Shared, args: Args, rest: str) -> None:
    preferences.open_form(
        shared, places.of_interaction(args.body), str(args.body["trigger_id"]), Owner.CHANNEL
    )


def _on(shared: Shared, args: Args, rest: str) -> None:
    if not people.attend(shared, args, rest, on=True):
        _ask(shared, args, f"on {rest}")


def _off(shared: Shared, args: Args, rest: str) -> None:
    if not people.attend(shared, args, rest, on=False):
        _ask(shared, args, f"off {rest}")


def _tickets(shared: Shared, args: Args, rest: str) -> None:
    """My tickets, or those that are overdue, all that I may see, or what is looked for."""
    person = shared.person(str(args.body["user_id"]))
    asked = ticket_lists.asked_for(rest, shared.services.people)
    _reply(args, ticket_lists.blocks(shared, person, asked))


def _ticket(shared: Shared, args: Args, number: str) -> None:
    """The card of one ticket."""
    if not number:
        raise errors.Declined("ticket.usage")
    ticket_lists.show(shared, args, number)


def _manuals(shared: Shared, args: Args, rest: str) -> None:
    place = places.of_interaction(args.body)
    words = shared.words(place.user)
    keeper = allowed(
        shared.person(place.user).role, Action.MANAGE_MANUALS
    )  # who changes them sees those of all readers
    live = shared.services.library.manuals() if keeper else shared.view(place, private=True).manuals()
    title = words("home.manuals", count=len(live))
    _reply(args, [parts.header(title), *manual_blocks.listed(live, words, shared.zone)])


def _audit(shared: Shared, args: Args, number: str) -> None:
    """The trail of a ticket together with the escalation that it came from."""
    user = str(args.body["user_id"])
    require(shared.person(user), Action.SEE_AUDIT)  # before it tells how the command is used
    words, number = shared.words(user), number.upper()
    if not number:
        raise errors.Declined("audit.usage")
    trail = shared.services.desk.trails.of(shared.person(user), number)
    _reply(args, audit_blocks.trail(number, trail.entries, trail.intact, words, shared.zone))


def _procedures(shared: Shared, args: Args, text: str) -> None:
    place = places.of_interaction(args.body)
    procedures.open_menu(shared, place, str(args.body["trigger_id"]), threads.typed(text))


def _escalations(shared: Shared, args: Args, number: str) -> None:
    """What was filed and what waits; with a number, one with its whole way."""
    _reply(args, rungs.overview(shared, shared.person(str(args.body["user_id"])), number))


def _reply(args: Args, blocks: list[Block]) -> None:
    args.respond(
        text=parts.clip(parts.fallback(parts.read_out(blocks)), 3000),
        blocks=blocks[: parts.MAX_MESSAGE_BLOCKS],
        response_type="ephemeral",
    )


_Subcommand = Callable[[Shared, Args, str], None]

_SUBCOMMANDS: Mapping[str, _Subcommand] = {
    "help": _help,
    "帮助": _help,
    "ask": _ask,
    "问": _ask,
    "escalate": _escalate,
    "上报": _escalate,
    "escalations": _escalations,
    "上报列表": _escalations,
    "tickets": _tickets,
    "工单": _tickets,
    "ticket": _ticket,
    "manuals": _manuals,
    "手册": _manuals,
    "procedures": _procedures,
    "办事": _procedures,
    "audit": _audit,
    "审计": _audit,
    "people": people.show,
    "人员": people.show,
    "on": _on,
    "上班": _on,
    "off": _off,
    "下班": _off,
    "me": _me,
    "我": _me,
    "channel": _channel,
    "频道": _channel,
}

_WRITING = frozenset(name for name, run in _SUBCOMMANDS.items() if run in (_on, _off))

LISTENERS = (
    Listener(
        Kind.COMMAND,
        COMMAND,
        on_command,
        scopes=("commands",),
        title="command.about",
        hint="command.hint",
        writes=changes_record,
    ),
)

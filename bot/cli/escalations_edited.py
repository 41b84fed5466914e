"""`kefu escalations edit`: what the Edit button does in Slack, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.escalations_shown import open_desk, print_one

if TYPE_CHECKING:
    from bot.cli.escalations_shown import Opened
    from tickets.records import Escalation

_ROUTING = {"next_role", "grounds", "skip_reason", "accused"}
"""The fields that say to whom it goes."""


def edit(
    number: Annotated[
        str, typer.Argument(help="Number of the escalation, like E-20260131-0001.", show_default=False)
    ],
    actor: Annotated[
        str, typer.Option("--as", help="Id of the person who does it.", show_default=False)
    ] = "",
    revision: Annotated[
        int | None,
        typer.Option(
            "--revision",
            min=1,
            help="The revision that you have seen (`show --json` tells it): refused if there is a newer one.",
            show_default=False,
        ),
    ] = None,
    what: Annotated[
        str | None, typer.Option("--what", help="What happened; - reads it from stdin.", show_default=False)
    ] = None,
    where: Annotated[str | None, typer.Option("--where", help="Where.", show_default=False)] = None,
    when: Annotated[str | None, typer.Option("--when", help="When.", show_default=False)] = None,
    tried: Annotated[
        str | None, typer.Option("--tried", help="What has been tried.", show_default=False)
    ] = None,
    handling: Annotated[
        str | None, typer.Option("--handling", help="What should be done.", show_default=False)
    ] = None,
    urgency: Annotated[
        str | None, typer.Option("--urgency", help="urgent, important or normal.", show_default=False)
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", help="Name of a category.", show_default=False)
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="leader, supervisor, manager or general_manager; only its filer changes to whom it goes.",
            show_default=False,
        ),
    ] = None,
    grounds: Annotated[
        str | None,
        typer.Option(
            "--grounds",
            help="Why rungs are left out: urgent, special, unreachable, asked, accused or none.",
            show_default=False,
        ),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", help="The same in words.", show_default=False)] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", help="Id of a person whom it is about; may be repeated.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Change what an undecided escalation says.

    Its filer may, and whoever may decide it. What is not given stays; an empty value takes one out.
    """
    from bot.blocks import escalations as fields
    from bot.blocks.wording import words
    from bot.listeners import forms
    from tickets.errors import InvalidInput
    from tickets.people import Role
    from tickets.records import Urgency
    from tickets.rung_records import GIVEN

    _require_one_of("--urgency", urgency, [level.value for level in Urgency])
    _require_one_of("--to", to, [role.value for role in Role if role not in (Role.AGENT, Role.ADMIN)])
    _require_one_of("--grounds", grounds, [*map(str, GIVEN), fields.NO_GROUNDS])
    given = {
        fields.WHAT_HAPPENED: _read(what),
        fields.WHERE: where,
        fields.WHEN: when,
        fields.TRIED: tried,
        fields.HANDLING: handling,
        fields.URGENCY: urgency,
        fields.CATEGORY: category,
        fields.NEXT_ROLE: to,
        fields.GROUNDS: grounds,
        fields.SKIP_REASON: why,
        fields.ACCUSED: None if about is None else ",".join(about),
    }
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise InvalidInput("edit", "Say what is to be changed, for example --handling; --help lists it all.")
    opened = open_desk()
    who = opened.person(actor)
    seen = opened.desk.rungs.find(number, who)
    _require_one_of("--category", category, _categories(opened, seen))
    held = _as_it_is(opened, seen, routing=bool(_ROUTING & changes.keys()))
    content = forms.amended(seen.content, {**held, **changes}, words(opened.settings.language))
    if not content.what_happened.strip():
        raise InvalidInput("what_happened", "What happened must not be empty.")
    edited = opened.desk.edit_escalation(who, seen.id, revision or seen.revision, content)
    print_one(edited, opened, json=json)


def _as_it_is(opened: Opened, seen: Escalation, *, routing: bool) -> dict[str, str]:
    """What the form would hold before anything is typed; to whom it goes only when something of that is changed."""
    from bot.blocks import escalations as fields

    content, people = seen.content, opened.desk.people
    held = {
        fields.WHAT_HAPPENED: content.what_happened or content.summary,
        fields.WHERE: content.where,
        fields.WHEN: content.when,
        fields.TRIED: content.tried,
        fields.HANDLING: content.handling_suggestion,
        fields.URGENCY: content.urgency.value,
        fields.CATEGORY: content.category,
    }
    if routing:
        filer = people.get(seen.filer_id)
        nearest = next(iter(people.ladder_of(filer).above(filer.role)), seen.awaiting)
        held |= {
            fields.NEXT_ROLE: (content.next_role or nearest).value,
            fields.GROUNDS: str(content.grounds or fields.NO_GROUNDS),
            fields.SKIP_REASON: content.skip_reason,
            fields.ACCUSED: ",".join(content.accused),
        }
    return held


def _categories(opened: Opened, seen: Escalation) -> list[str]:
    """The names that may be chosen: the organisation's, and the one that it has."""
    from bot.assistant.draft_categories import of_catalogue

    named = [one.name(seen.content.language) for one in of_catalogue(opened.desk.procedures.catalogue)]
    return list(filter(None, dict.fromkeys([seen.content.category, *named])))


def _require_one_of(option: str, given: str | None, possible: list[str]) -> None:
    """Usage error for a value that there is not."""
    if given is not None and given not in possible:
        raise typer.BadParameter(f"{given} is none of {', '.join(possible)}.", param_hint=option)


def _read(text: str | None) -> str | None:
    import sys

    return sys.stdin.read() if text == "-" else text

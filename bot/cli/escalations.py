"""`kefu escalations …`: what was reported upwards, and what a supervisor or an agent does about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches, escalations_edited
from bot.cli.escalations_shown import line, open_desk, print_one, row

if TYPE_CHECKING:
    from bot.assistant.drafts import EscalationDraft
    from tickets.desk import Desk
    from tickets.people import Person
    from tickets.records import Escalation

app = typer.Typer(help="What was reported upwards: lists, filing, deciding.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="Id of the person who does it.", show_default=False)]
AsAnybody = Annotated[
    str, typer.Option("--as", help="Id of the person who asks; without it everything is shown.")
]
Number = Annotated[
    str, typer.Argument(help="Number of the escalation, like E-20260131-0001.", show_default=False)
]
Text = Annotated[
    str, typer.Option("--text", help="In your words; - reads them from stdin.", show_default=False)
]
Maybe = Annotated[str, typer.Option("--text", help="In your words; - reads them from stdin.")]


def _said(text: str) -> str:
    """What was typed or piped in, masked."""
    import sys

    from bot.assistant.redaction import mask

    return mask(sys.stdin.read() if text == "-" else text)


@app.callback(invoke_without_command=True)
def list_escalations(
    context: typer.Context,
    actor: AsAnybody = "",
    mine: Annotated[bool, typer.Option("--mine", help="Those that --as filed.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Those that --as may decide now.")] = False,
    state: Annotated[str, typer.Option(help="submitted, returned, approved, rejected or withdrawn.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is late.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 50,
    json: Json = False,
) -> None:
    """What was reported upwards, the newest first."""
    if context.invoked_subcommand is not None:
        return
    from tickets.records import EscalationState

    if state and state not in set(EscalationState):
        raise typer.BadParameter(f"--state is one of {', '.join(EscalationState)}.")
    opened = open_desk()
    reader = opened.person(actor) if actor or mine or waiting else None
    found = opened.desk.rungs.listed(
        reader,
        filer_id=reader.id if reader and mine else None,
        state=EscalationState(state) if state else None,
        waiting_for=reader if waiting else None,
        overdue=overdue,
        limit=limit,
    )
    if json:
        batches.print_json({"escalations": [row(one, opened) for one in found]})
        return
    for one in found:
        typer.echo(line(one, opened))
    if not found:
        typer.echo("No escalations.")


@app.command("show")
def show(number: Number, actor: AsAnybody = "", json: Json = False) -> None:
    """One escalation with its whole way.

    And the reports owed to whoever was passed over.
    """
    opened = open_desk()
    one = opened.desk.rungs.find(number, opened.person(actor) if actor else None)
    print_one(one, opened, json=json)


@app.command("file")
def file(
    text: Annotated[
        str, typer.Argument(help="What happened, in your own words; - reads stdin.", show_default=False)
    ],
    actor: As = "",
    handling: Annotated[
        str, typer.Option("--handling", help="What should be done, where the text does not say.")
    ] = "",
    to: Annotated[str, typer.Option("--to", help="leader, supervisor, manager or general_manager.")] = "",
    grounds: Annotated[
        str,
        typer.Option(
            "--grounds", help="Why rungs are left out: urgent, special, unreachable, asked or accused."
        ),
    ] = "",
    why: Annotated[str, typer.Option("--why", help="The same in words.")] = "",
    about: Annotated[
        list[str] | None, typer.Option("--about", help="Id of a person whom it is about; may be repeated.")
    ] = None,
    json: Json = False,
) -> None:
    """Draft an escalation from free text and file it.

    How to reach the customer goes to the contact details.
    """
    import sys
    from dataclasses import replace
    from uuid import uuid4

    from bot.assistant.filing import content_of
    from bot.blocks import escalations as blocks
    from bot.blocks.wording import words
    from bot.cli.tickets_opened import contact_in
    from bot.wiring import open_drafter
    from tickets.people import Role
    from tickets.records import Basis, Origin
    from tickets.rung_records import GIVEN, Grounds

    if to and to not in set(Role):
        raise typer.BadParameter("--to is one of leader, supervisor, manager, general_manager.")
    if grounds and grounds not in GIVEN:
        raise typer.BadParameter(f"--grounds is one of {', '.join(GIVEN)}.")
    if text == "-":
        text = sys.stdin.read()
    opened = open_desk()
    filer, people, masked = opened.person(actor), opened.desk.people, _said(text)
    draft = open_drafter(opened.settings, people=people).draft(
        masked, filer.role.value, person=filer.id, ladder=people.ladder_of(filer)
    )
    basis = [Basis(c.clause_id, c.manual, c.label, c.quote) for c in draft.policy_basis]
    content = content_of(draft, masked, filer, people, basis)
    if not handling:
        _require_escalation(draft)
    if handling:
        content = replace(content, handling_suggestion=_said(handling))
    if to:
        content = replace(content, next_role=Role(to), next_reason=_said(why), after_the_fact_report=False)
    if grounds:
        content = replace(content, grounds=Grounds(grounds))
    if why:
        content = replace(content, skip_reason=_said(why))
    if about:
        content = replace(content, accused=tuple(about))
    content = replace(content, report=blocks.report(content, words(opened.settings.language)))
    contact = contact_in(opened.desk, text)
    filed = opened.desk.file_escalation(filer, content, Origin(), f"cli:{uuid4()}", contact)
    print_one(filed, opened, json=json)


def _require_escalation(draft: EscalationDraft) -> None:
    """Raise InvalidInput for a text that asks something, belongs into a procedure, or tells too little to suggest what
    should be done (no report without a suggestion, S5)."""
    from bot.assistant.drafts import Route
    from tickets.errors import InvalidInput

    anyway = "To report it all the same, say with --handling what should be done."
    if draft.route is Route.ANSWER and draft.procedure:
        instead = f"This belongs into a record of its own: kefu procedures file {draft.procedure}. {anyway}"
        raise InvalidInput("text", instead)
    if draft.route is Route.ANSWER:
        raise InvalidInput(
            "text", f"This reads like a question or a remark; kefu ask answers questions. {anyway}"
        )
    if not draft.handling_suggestion.strip():
        missing = ", ".join(draft.missing)
        raise InvalidInput("text", f"There is too little to go on (missing: {missing}); tell more. {anyway}")


app.command("edit")(escalations_edited.edit)


@app.command("approve")
def approve(number: Number, actor: As = "", text: Maybe = "", json: Json = False) -> None:
    """Approve it, which logs a ticket; --text is the instruction."""
    _do(number, actor, json, lambda desk, who, one: desk.approve(who, one.id, one.revision, _said(text)))


@app.command("reject")
def reject(number: Number, actor: As = "", text: Text = "", json: Json = False) -> None:
    """Reject it; --text is the reason."""
    _do(number, actor, json, lambda desk, who, one: desk.reject(who, one.id, one.revision, _said(text)))


@app.command("ask-back")
def ask_back(number: Number, actor: As = "", text: Text = "", json: Json = False) -> None:
    """Ask its filer something."""
    _do(
        number,
        actor,
        json,
        lambda desk, who, one: desk.rungs.ask_back(who, one.id, one.revision, _said(text)),
    )


@app.command("answer")
def answer(number: Number, actor: As = "", text: Text = "", json: Json = False) -> None:
    """Answer what was asked, which submits it again."""
    _do(number, actor, json, lambda desk, who, one: desk.rungs.answer(who, one.id, one.revision, _said(text)))


@app.command("pass-up")
def pass_up(number: Number, actor: As = "", text: Maybe = "", json: Json = False) -> None:
    """Hand it on to the rung above."""
    _do(
        number, actor, json, lambda desk, who, one: desk.rungs.pass_up(who, one.id, one.revision, _said(text))
    )


@app.command("unreachable")
def unreachable(number: Number, actor: As = "", text: Text = "", json: Json = False) -> None:
    """The rung that it waits for cannot be reached.

    --text are the circumstances in detail.
    """
    _do(
        number,
        actor,
        json,
        lambda desk, who, one: desk.rungs.unreachable(who, one.id, one.revision, _said(text)),
    )


@app.command("withdraw")
def withdraw(number: Number, actor: As = "", text: Maybe = "", json: Json = False) -> None:
    """Take it back."""
    _do(
        number,
        actor,
        json,
        lambda desk, who, one: desk.rungs.withdraw(who, one.id, one.revision, _said(text)),
    )


@app.command("carried-out")
def carried_out(
    number: Number,
    actor: As = "",
    text: Text = "",
    objection: Annotated[
        str, typer.Option("--objection", help="What there is against the instruction.")
    ] = "",
    json: Json = False,
) -> None:
    """Say that the instruction was carried out."""

    def do(desk: Desk, who: Person, one: Escalation) -> Escalation:
        return desk.rungs.carried_out(who, one.id, one.revision, _said(text), _said(objection))

    _do(number, actor, json, do)


@app.command("seen")
def seen(number: Number, actor: As = "", json: Json = False) -> None:
    """Say that --as, who could not be reached, knows who has it now."""
    _do(number, actor, json, lambda desk, who, one: desk.rungs.missed_seen(who, one.id))


@app.command("report")
def report(
    number: Number,
    actor: As = "",
    text: Text = "",
    to: Annotated[str, typer.Option("--to", help="The rung that was passed over, when several were.")] = "",
    read: Annotated[bool, typer.Option("--read", help="Say that --as has read it.")] = False,
    json: Json = False,
) -> None:
    """Report to a superior who was passed over.

    With --read: say that it was read.
    """
    from tickets.errors import InvalidInput

    opened = open_desk()
    who = opened.person(actor)
    one = opened.desk.rungs.find(number, who)
    owed = opened.desk.rungs.owed_reports(escalation_id=one.id, missing=not read)
    owed = [report for report in owed if to in ("", report.role.value)]
    if len(owed) != 1:
        roles = ", ".join(report.role.value for report in owed)
        what = (
            f"Several reports belong to {one.number}: say --to {roles}."
            if owed
            else f"{one.number} owes no report."
        )
        raise InvalidInput("report", what)
    if read:
        opened.desk.rungs.report_read(who, owed[0].id)
    else:
        opened.desk.rungs.report(who, owed[0].id, _said(text))
    print_one(opened.desk.rungs.find(number), opened, json=json)


def _do(number: str, actor: str, json: bool, work: Callable[[Desk, Person, Escalation], Escalation]) -> None:
    """Something done to an escalation as it stands now, by somebody who may see it."""
    opened = open_desk()
    who = opened.person(actor)
    print_one(work(opened.desk, who, opened.desk.rungs.find(number, who)), opened, json=json)

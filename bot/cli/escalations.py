"""`kefu escalations …`: what was reported upwards, and what a supervisor or an agent does about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.people import Person
    from tickets.records import Escalation
    from tickets.rung_records import OwedReport

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
NOBODY = "Say who does it: --as with the id of a person of the people file."


@dataclass(frozen=True)
class _Opened:
    settings: Settings
    desk: Desk

    def person(self, user_id: str) -> Person:
        """Who acts. Raises InvalidInput when nobody is named."""
        from tickets.errors import InvalidInput

        if not user_id.strip():
            raise InvalidInput("actor", NOBODY)
        return self.desk.people.get(user_id.strip())


def _open() -> _Opened:
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    return _Opened(settings, open_desk(settings, open_engine(settings), open_people(settings)))


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
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    json: Json = False,
) -> None:
    """What was reported upwards, the newest first."""
    if context.invoked_subcommand is not None:
        return
    from tickets.records import EscalationState

    if state and state not in set(EscalationState):
        raise typer.BadParameter(f"--state is one of {', '.join(EscalationState)}.")
    opened = _open()
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
        batches.print_json({"escalations": [_row(one, opened) for one in found]})
        return
    for one in found:
        typer.echo(_line(one, opened))
    if not found:
        typer.echo("No escalations.")


@app.command("show")
def show(number: Number, actor: AsAnybody = "", json: Json = False) -> None:
    """One escalation with its whole way, and the reports owed to whoever was passed over."""
    opened = _open()
    one = opened.desk.rungs.find(number, opened.person(actor) if actor else None)
    _print(one, opened, json=json)


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
    """Draft an escalation from free text and file it."""
    from dataclasses import replace
    from uuid import uuid4

    from bot.assistant.filing import content_of
    from bot.blocks import escalations as blocks
    from bot.blocks.wording import words
    from bot.wiring import open_drafter
    from tickets.people import Role
    from tickets.records import Basis, Origin
    from tickets.rung_records import GIVEN, Grounds

    if to and to not in set(Role):
        raise typer.BadParameter("--to is one of leader, supervisor, manager, general_manager.")
    if grounds and grounds not in GIVEN:
        raise typer.BadParameter(f"--grounds is one of {', '.join(GIVEN)}.")
    opened = _open()
    filer, people, masked = opened.person(actor), opened.desk.people, _said(text)
    draft = open_drafter(opened.settings, people=people).draft(masked, filer.role.value, person=filer.id)
    basis = [Basis(c.clause_id, c.manual, c.label, c.quote) for c in draft.policy_basis]
    content = content_of(draft, masked, filer, people, basis)
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
    filed = opened.desk.file_escalation(filer, content, Origin(), f"cli:{uuid4()}")
    _print(filed, opened, json=json)


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
    """The rung that it waits for cannot be reached; --text are the circumstances in detail."""
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


@app.command("report")
def report(
    number: Number,
    actor: As = "",
    text: Text = "",
    to: Annotated[str, typer.Option("--to", help="The rung that was passed over, when several were.")] = "",
    read: Annotated[bool, typer.Option("--read", help="Say that --as has read it.")] = False,
    json: Json = False,
) -> None:
    """Report to a superior who was passed over; with --read, say that it was read."""
    from tickets.errors import InvalidInput

    opened = _open()
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
    _print(opened.desk.rungs.find(number), opened, json=json)


def _do(number: str, actor: str, json: bool, work: Callable[[Desk, Person, Escalation], Escalation]) -> None:
    """Something done to an escalation as it stands now, by somebody who may see it."""
    opened = _open()
    who = opened.person(actor)
    _print(work(opened.desk, who, opened.desk.rungs.find(number, who)), opened, json=json)


def _print(one: Escalation, opened: _Opened, *, json: bool) -> None:
    reports = opened.desk.rungs.owed_reports(escalation_id=one.id)
    if json:
        batches.print_json(_row(one, opened) | {"reports": [_report(report) for report in reports]})
        return
    typer.echo(_line(one, opened))
    typer.echo(f"    {_path(one, opened)}")
    typer.echo("\n".join(f"    {line}" for line in one.content.report.splitlines()))
    for step in one.steps:
        who = opened.desk.people.get(step.actor_id).name if step.actor_id else "by itself"
        rungs = " → ".join(role.value for role in (step.from_role, step.to_role) if role)
        said = f": {step.note}" if step.note else ""
        against = f" (objection: {step.objection})" if step.objection else ""
        moment = step.at.astimezone(opened.settings.zone)
        typer.echo(f"    {moment:%Y-%m-%d %H:%M}  {step.kind.value:<12} {who}  {rungs}{said}{against}")
    for report in reports:
        done = f"given: {report.text}" if report.done_at else "still owed"
        typer.echo(f"    report to the {report.role.value}: {done}")


def _path(one: Escalation, opened: _Opened) -> str:
    from bot.blocks.rungs import path_line
    from bot.blocks.wording import words

    filer = opened.desk.people.get(one.filer_id)
    return path_line(one, filer.role, words(opened.settings.language))


def _line(one: Escalation, opened: _Opened) -> str:
    late = "  overdue" if opened.desk.rungs.is_overdue(one) else ""
    ticket = f"  {one.ticket_number}" if one.ticket_number else ""
    filer = opened.desk.people.get(one.filer_id).name
    return (
        f"{one.number}  {one.state.value:<9}  {one.awaiting.value:<10}  {one.content.urgency.value:<9}  {filer}  "
        f"{one.content.summary}{ticket}{late}"
    )


def _row(one: Escalation, opened: _Opened) -> dict[str, Any]:
    due = opened.desk.rungs.due_at(one)
    return {
        "number": one.number,
        "state": one.state.value,
        "revision": one.revision,
        "summary": one.content.summary,
        "report": one.content.report,
        "urgency": one.content.urgency.value,
        "category": one.content.category,
        "filer": one.filer_id,
        "awaiting": one.awaiting.value,
        "passed_over": [role.value for role in one.passed_over],
        "about": list(one.content.accused),
        "created_at": one.created_at.isoformat(),
        "due_at": due.isoformat() if due else None,
        "overdue": opened.desk.rungs.is_overdue(one),
        "decided_by": one.decided_by,
        "decision_note": one.decision_note,
        "carried_out_at": one.carried_out_at.isoformat() if one.carried_out_at else None,
        "ticket": one.ticket_number,
        "path": _path(one, opened),
        "steps": [
            {
                "kind": step.kind.value,
                "actor": step.actor_id,
                "at": step.at.isoformat(),
                "from": step.from_role.value if step.from_role else None,
                "to": step.to_role.value if step.to_role else None,
                "note": step.note,
                "objection": step.objection,
                "left_out": [[left.role.value, left.grounds.value] for left in step.left_out],
                "special": step.special,
            }
            for step in one.steps
        ],
    }


def _report(report: OwedReport) -> dict[str, Any]:
    return {
        "to": report.role.value,
        "people": list(report.owed_to),
        "owed_by": report.owed_by,
        "why": report.grounds.value,
        "due_at": report.due_at.isoformat() if report.due_at else None,
        "text": report.text,
        "done_at": report.done_at.isoformat() if report.done_at else None,
        "read_by": report.read_by,
    }

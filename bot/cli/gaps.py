"""`kefu gaps …`: what was asked and the manuals do not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches, working

if TYPE_CHECKING:
    from bot.blocks.gaps import Listed
    from bot.keeping.gaps import Gaps, Looked
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.gaps import Gap

app = typer.Typer(help="What was asked and the manuals do not answer.")
NOBODY = (
    "Nobody would get the ticket: no manual near the gap names an owner, and the people file names no admin; "
    "give the manual an owner or list an admin."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the gap.", show_default=False)]


@dataclass(frozen=True)
class _Opened:
    settings: Settings
    desk: Desk
    gaps: Gaps

    def catch_up(self) -> Looked | None:
        """Look for what is new; None when the running bot holds the store: then it looks by itself."""
        from knowledge.errors import StoreBusy

        try:
            return self.gaps.catch_up()
        except StoreBusy:
            return None

    def listed(self, gap: Gap) -> Listed:
        from bot.blocks.gaps import Listed

        return Listed(gap, self.gaps.near(gap), self.gaps.owner(gap))


def _open() -> _Opened:
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_gaps, open_library, open_people

    settings = Settings()
    engine = open_engine(settings)
    desk = open_desk(settings, engine, open_people(settings))
    return _Opened(settings, desk, open_gaps(settings, engine, open_library(settings, engine), desk))


@app.callback(invoke_without_command=True)
def list_gaps(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Answered and dismissed ones too.")] = False,
    json: Json = False,
) -> None:
    """What was asked and the manuals do not answer: the matter asked most comes first."""
    if context.invoked_subcommand is not None:
        return
    from tickets.gaps import GapState

    opened = _open()
    opened.catch_up()
    found = opened.gaps.most_asked(list(GapState) if everything else (GapState.OPEN,))
    if json:
        batches.print_json({"gaps": [_row(opened.listed(gap)) for gap in found]})
        return
    for gap in found:
        _show(opened.listed(gap), opened.settings)
    if not found:
        typer.echo("No gaps: whatever was asked was answered.")


@app.command("show")
def show(number: Number, json: Json = False) -> None:
    """One gap with every wording, and the clauses that are near."""
    opened = _open()
    opened.catch_up()
    one = opened.listed(opened.desk.gaps.get(number))
    if json:
        batches.print_json(_row(one))
        return
    _show(one, opened.settings)
    for example in one.gap.examples:
        typer.echo(f"    asked: {example}")
    for clause in one.near:
        typer.echo(f"    near: 《{clause.manual}》{clause.label}: {' '.join(clause.text.split())[:120]}")
    typer.echo(f"    owner: {one.owner or 'no near manual has one: the admins'}")


@app.command("ticket")
def ticket(number: Number, json: Json = False) -> None:
    """Make a ticket for the owner of the nearest manual.

    Where no manual near it names an owner, it goes to an admin. A gap that has a ticket keeps it.
    """
    from dataclasses import replace

    from bot.blocks import gaps as blocks
    from bot.blocks.wording import words
    from tickets.errors import InvalidInput
    from tickets.people import Person, Role

    opened = _open()
    gap = opened.desk.gaps.get(number)
    content = blocks.ticket(opened.listed(gap), words(opened.settings.language), opened.settings.zone)
    if not content.owner_id:
        admins = opened.desk.people.with_role(Role.ADMIN)
        if not admins:
            raise InvalidInput("owner", NOBODY)
        content = replace(content, owner_id=admins[0].id)
    actor = Person(working.BY, working.BY, Role.ADMIN)  # whoever may run this keeps the manuals
    logged = opened.desk.gaps.make_ticket(actor, number, content)
    if json:
        batches.print_json({"ticket": logged.number, "owner": logged.owner_id, "gap": number})
        return
    typer.echo(f"#{number} is ticket {logged.number} for {logged.owner_id}.")


@app.command("dismiss")
def dismiss(
    number: Number,
    why: Annotated[str, typer.Option("--why", help="The reason, kept with it.", show_default=False)],
    json: Json = False,
) -> None:
    """Say that the manuals need not answer it.

    Asked again, it stays dismissed.
    """
    from tickets.people import Person, Role

    _open().desk.gaps.dismiss(Person(working.BY, working.BY, Role.ADMIN), number, why)
    if json:
        batches.print_json({"gap": number, "state": "dismissed"})
        return
    typer.echo(f"#{number} is dismissed.")


@app.command("check")
def check(json: Json = False) -> None:
    """Look now for new gaps and for answered ones.

    A running bot does this by itself: it groups what was asked, and asks open gaps again after each publication.
    """
    opened = _open()
    looked = opened.catch_up()
    if looked is None:
        typer.echo("The running bot holds the manuals and does this by itself every few seconds.")
        return
    left = len(opened.desk.gaps.gaps())
    if json:
        batches.print_json(
            {
                "grouped": looked.grouped,
                "answered": looked.answered,
                "reopened": looked.reopened,
                "open": left,
            }
        )
        return
    typer.echo(
        f"{looked.grouped} questions grouped, {looked.answered} gaps answered by new editions, "
        f"{looked.reopened} opened again; {left} open."
    )


def _show(one: Listed, settings: Settings) -> None:
    gap = one.gap
    last = gap.last_at.astimezone(settings.zone)
    state = (
        "" if gap.state.value == "open" else f"  [{gap.state.value}{f': {gap.reason}' if gap.reason else ''}]"
    )
    ticketed = f"  {gap.ticket_number}" if gap.ticket_number else ""
    typer.echo(
        f"#{gap.id}  {len(gap.questions)}× by {len(gap.askers)}, last {last:%Y-%m-%d}  {gap.examples[-1]}{ticketed}{state}"
    )


def _row(one: Listed) -> dict[str, Any]:
    gap = one.gap
    return {
        "id": gap.id,
        "state": gap.state.value,
        "questions": len(gap.questions),
        "askers": list(gap.askers),
        "first_at": gap.first_at.isoformat(),
        "last_at": gap.last_at.isoformat(),
        "examples": list(gap.examples),
        "not_found": sum(question.not_found for question in gap.questions),
        "unhelpful": sum(question.unhelpful for question in gap.questions),
        "near": [{"manual": c.manual, "clause": c.label, "clause_id": c.id} for c in one.near],
        "owner": one.owner,
        "ticket": gap.ticket_number,
        "reason": gap.reason,
        "answering": list(gap.answering),
    }

"""`kefu tickets …`: find tickets and work on them, as in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import batches, tickets_opened, tickets_shown, tickets_working
from bot.cli.tickets_opened import As, Json, Number, Priority

if TYPE_CHECKING:
    from bot.cli.tickets_opened import Opened
    from tickets.ticket_records import TicketQuery

app = typer.Typer(help="Find tickets and work on them.", no_args_is_help=True)

Which = Literal["all", "mine", "overdue", "accept", "unhanded"]
State = Literal["open", "in_progress", "waiting_customer", "waiting_other", "closed", "merged"]
Order = Literal["newest", "oldest", "due", "priority", "updated"]


@app.callback()
def _group() -> None:
    """Find tickets and work on them."""


# -- finding ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Filters:
    text: str
    which: str
    kind: str
    state: str
    owner: str
    first: str
    priority: str
    customer: str
    since: str
    until: str
    sort: str


def _query(opened: Opened, given: _Filters, limit: int, offset: int) -> TicketQuery:
    from tickets.records import TicketState, Urgency
    from tickets.ticket_records import Sort, TicketQuery

    me = opened.actor.id
    return TicketQuery(
        text=given.text,
        kind=given.kind,
        states=(TicketState(given.state),) if given.state else (),
        owner_id=tickets_opened.colleague(opened.desk, given.owner) if given.owner else "",
        first_responder_id=tickets_opened.colleague(opened.desk, given.first) if given.first else "",
        person_id=me if given.which == "mine" else "",
        offered_to=me if given.which == "accept" else "",
        priority=Urgency(given.priority) if given.priority else None,
        customer=given.customer,
        created_from=tickets_opened.day(opened, given.since, "--since", ends=False),
        created_before=tickets_opened.day(opened, given.until, "--until", ends=True),
        overdue=given.which == "overdue",
        unhanded=given.which == "unhanded",
        sort=Sort(given.sort),
        offset=offset,
        limit=limit,
    )


@app.command("list")
def list_tickets(
    text: Annotated[str, typer.Argument(help="Words in number, title, description or comments.")] = "",
    which: Annotated[Which, typer.Option("--which", help="All that one may see, or which of them.")] = "all",
    kind: Annotated[str, typer.Option("--kind", help="Of this kind.")] = "",
    state: Annotated[State | None, typer.Option("--state", help="In this state.")] = None,
    owner: Annotated[str, typer.Option("--owner", help="Of this owner.")] = "",
    first: Annotated[str, typer.Option("--first-responder", help="Where this person was asked first.")] = "",
    priority: Annotated[Priority | None, typer.Option("--priority", help="Of this priority.")] = None,
    customer: Annotated[str, typer.Option("--customer", help="Of this customer (id).")] = "",
    since: Annotated[str, typer.Option("--since", help="Logged from this day on.")] = "",
    until: Annotated[str, typer.Option("--until", help="Logged up to this day.")] = "",
    sort: Annotated[Order, typer.Option("--sort", help="In which order.")] = "newest",
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many.")] = 20,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many to leave out before.")] = 0,
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Find tickets; merged ones only when their words are looked for."""
    opened = tickets_opened.open_as(as_whom)
    given = _Filters(
        text, which, kind, state or "", owner, first, priority or "", customer, since, until, sort
    )
    page = opened.desk.board.find(opened.actor, _query(opened, given, limit, offset))
    if json:
        rows = [tickets_shown.row(one, opened.desk) for one in page.tickets]
        batches.print_json({"tickets": rows, "total": page.total, "next_offset": page.next_offset})
        return
    for one in page.tickets:
        tickets_shown.line(opened, one)
    if not page.tickets:
        typer.echo("No tickets.")
    elif page.next_offset is not None:
        typer.echo(f"{page.total - page.next_offset} more: --offset {page.next_offset}")


@app.command("show")
def show(number: Number, as_whom: As = "", json: Json = False) -> None:
    """One ticket with comments, duplicates and history."""
    opened = tickets_opened.open_as(as_whom)
    view = opened.desk.board.view(opened.actor, number)
    if json:
        batches.print_json(tickets_shown.view_row(view, opened.desk))
        return
    tickets_shown.line(opened, view.ticket)
    tickets_shown.details(opened, view)


@app.command("export")
def export(
    path: Annotated[
        Path, typer.Argument(help="Where to write it; .csv or .xlsx decides how.", show_default=False)
    ],
    text: Annotated[str, typer.Option("--text", help="Words in it.")] = "",
    which: Annotated[Which, typer.Option("--which", help="All that one may see, or which of them.")] = "all",
    kind: Annotated[str, typer.Option("--kind", help="Of this kind.")] = "",
    state: Annotated[State | None, typer.Option("--state", help="In this state.")] = None,
    owner: Annotated[str, typer.Option("--owner", help="Of this owner.")] = "",
    since: Annotated[str, typer.Option("--since", help="Logged from this day on.")] = "",
    until: Annotated[str, typer.Option("--until", help="Logged up to this day.")] = "",
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Write tickets to a CSV or XLSX file, masked as they are kept. For leaders and above, and admins."""
    kinds: dict[str, Literal["csv", "xlsx"]] = {".csv": "csv", ".xlsx": "xlsx"}
    file_kind = kinds.get(path.suffix.lower())
    if file_kind is None:
        raise typer.BadParameter(f"{path} must end in .csv or .xlsx.", param_hint="PATH")
    opened = tickets_opened.open_as(as_whom)
    given = _Filters(text, which, kind, state or "", owner, "", "", "", since, until, "oldest")
    made, count = opened.desk.board.export(opened.actor, _query(opened, given, 1, 0), file_kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    if json:
        batches.print_json({"path": str(path), "tickets": count})
        return
    typer.echo(f"{count} tickets in {path}.")


# -- working ---------------------------------------------------------------------------------------

app.command("log")(tickets_working.log)
app.command("comment")(tickets_working.comment)
app.command("hand-over")(tickets_working.hand_over)
app.command("accept")(tickets_working.accept)
app.command("take")(tickets_working.take)
app.command("change")(tickets_working.change)
app.command("decline")(tickets_working.decline)
app.command("close")(tickets_working.close)
app.command("reopen")(tickets_working.reopen)
app.command("merge")(tickets_working.merge)

"""`kefu tickets …`: find tickets and work on them, as in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import batches, tickets_opened, tickets_shown

if TYPE_CHECKING:
    from bot.cli.tickets_opened import Opened
    from tickets.ticket_records import TicketQuery

app = typer.Typer(help="Find tickets and work on them.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Whose doing it is: id or name in the people file.")
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="T-20261124-0001.", show_default=False)]
Which = Literal["all", "mine", "overdue", "accept", "unhanded"]
State = Literal["open", "in_progress", "waiting_customer", "waiting_other", "closed", "merged"]
Priority = Literal["normal", "important", "urgent"]
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


@app.command("log")
def log(
    title: Annotated[str, typer.Argument(help="What it is about.", show_default=False)],
    description: Annotated[str, typer.Option("--description", help="What happened.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="Which kind.")] = "inquiry",
    priority: Annotated[Priority, typer.Option("--priority", help="How soon.")] = "normal",
    due: Annotated[str, typer.Option("--due", help="Promised to the customer for: 2026-02-15 18:00.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Whose it is; otherwise of whoever logs it.")] = "",
    customer: Annotated[str, typer.Option("--customer", help="Whose matter it is (id).")] = "",
    new: Annotated[
        bool, typer.Option("--new", help="Log it although it may have been asked before.")
    ] = False,
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Log a ticket.

    When there are tickets that may be about the same matter, they are shown and nothing is logged: add to one
    with `comment --again`, or use --new.
    """
    import secrets

    from bot.assistant.redaction import mask
    from tickets.records import Origin, TicketContent, Urgency

    opened = tickets_opened.open_as(as_whom)
    title, description = mask(title), mask(description)
    board = opened.desk.board
    before = [] if new else board.asked_before(customer=customer, title=title, description=description)
    if before:
        tickets_shown.asked_before(opened, before, json=json)
        raise typer.Exit(1)
    content = TicketContent(
        title,
        description,
        kind,
        Urgency(priority),
        tickets_opened.colleague(opened.desk, owner) if owner else "",
    )
    key, due_at = f"cli:{secrets.token_hex(8)}", tickets_opened.due_at(opened, due)
    logged = opened.desk.log_ticket(opened.actor, content, Origin(), key, customer=customer, due_at=due_at)
    tickets_shown.done(opened, logged, "logged", json=json)


@app.command("comment")
def comment(
    number: Number,
    text: Annotated[str, typer.Argument(help="What to add.", show_default=False)],
    again: Annotated[bool, typer.Option("--again", help="The customer came with it again: counted.")] = False,
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Add a comment."""
    import secrets

    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    act = opened.desk.board.ask_again if again else opened.desk.board.comment
    ticket = act(opened.actor, opened.desk.ticket(number).id, mask(text), f"cli:{secrets.token_hex(8)}")
    tickets_shown.done(opened, ticket, "commented", json=json)


@app.command("hand-over")
def hand_over(
    number: Number,
    to: Annotated[str, typer.Option("--to", help="Who is asked to take it over.", show_default=False)],
    note: Annotated[str, typer.Option("--note", help="What they need to know.", show_default=False)],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Ask somebody to take a ticket over; until they accept, the owner stays responsible."""
    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    seen, colleague = opened.desk.ticket(number), tickets_opened.colleague(opened.desk, to)
    ticket = opened.desk.board.offer(opened.actor, seen.id, seen.revision, colleague, mask(note))
    tickets_shown.done(opened, ticket, f"offered to {opened.name(colleague)}", json=json)


@app.command("accept")
def accept(number: Number, as_whom: As = "", json: Json = False) -> None:
    """Take a ticket over, as one was asked to."""
    opened = tickets_opened.open_as(as_whom)
    seen = opened.desk.ticket(number)
    tickets_shown.done(
        opened, opened.desk.board.accept(opened.actor, seen.id, seen.revision), "taken over", json=json
    )


@app.command("decline")
def decline(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why not.", show_default=False)],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Say no to a hand-over."""
    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    seen = opened.desk.ticket(number)
    ticket = opened.desk.board.decline(opened.actor, seen.id, seen.revision, mask(reason))
    tickets_shown.done(opened, ticket, "declined", json=json)


@app.command("close")
def close(
    number: Number,
    resolution: Annotated[str, typer.Option("--resolution", help="How it was resolved.", show_default=False)],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Close a ticket."""
    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    seen = opened.desk.ticket(number)
    ticket = opened.desk.board.close(opened.actor, seen.id, seen.revision, mask(resolution))
    tickets_shown.done(opened, ticket, "closed", json=json)


@app.command("reopen")
def reopen(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why.", show_default=False)],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Open a closed ticket again."""
    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    seen = opened.desk.ticket(number)
    ticket = opened.desk.board.reopen(opened.actor, seen.id, seen.revision, mask(reason))
    tickets_shown.done(opened, ticket, "open again", json=json)


@app.command("merge")
def merge(
    number: Number,
    into: Annotated[
        str, typer.Option("--into", help="The ticket that goes on for both; - parts them again.")
    ],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Merge a duplicate into another ticket, or part it again with `--into -`. Nothing of it is lost."""
    opened = tickets_opened.open_as(as_whom)
    seen, board = opened.desk.ticket(number), opened.desk.board
    if into == "-":
        tickets_shown.done(
            opened, board.unmerge(opened.actor, seen.id, seen.revision), "on its own again", json=json
        )
        return
    survivor = board.merge(opened.actor, seen.id, seen.revision, into)
    tickets_shown.done(opened, survivor, f"what {seen.number} is merged into", json=json)

"""`kefu tickets log|comment|hand-over|…`: what somebody does with tickets."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import tickets_opened, tickets_shown
from bot.cli.tickets_opened import As, Json, Number, Priority


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
    with `comment --again`, or use --new. A telephone number or another way to reach the customer goes, encrypted, to
    the contact details (with KEFU_CONTACT_KEY; without it, nowhere), and by it the customer is known again.
    """
    import secrets

    from bot.assistant.redaction import mask
    from tickets.records import Origin, TicketContent, Urgency

    opened = tickets_opened.open_as(as_whom)
    contact = tickets_opened.contact_in(opened.desk, f"{title}\n{description}")
    if contact is not None and not customer:
        customer = opened.desk.contacts.known_customer(contact)
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
    logged = opened.desk.log_ticket(
        opened.actor, content, Origin(), key, customer=customer, due_at=due_at, contact=contact
    )
    tickets_shown.done(opened, logged, "logged", json=json)


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


def hand_over(
    number: Number,
    to: Annotated[str, typer.Option("--to", help="Who is asked to take it over.", show_default=False)],
    note: Annotated[str, typer.Option("--note", help="What they need to know.", show_default=False)],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Ask somebody to take a ticket over.

    Until they accept, the owner stays responsible.
    """
    from bot.assistant.redaction import mask

    opened = tickets_opened.open_as(as_whom)
    seen, colleague = opened.desk.ticket(number), tickets_opened.colleague(opened.desk, to)
    ticket = opened.desk.board.offer(opened.actor, seen.id, seen.revision, colleague, mask(note))
    tickets_shown.done(opened, ticket, f"offered to {opened.name(colleague)}", json=json)


def accept(number: Number, as_whom: As = "", json: Json = False) -> None:
    """Take a ticket over, as one was asked to."""
    opened = tickets_opened.open_as(as_whom)
    seen = opened.desk.ticket(number)
    tickets_shown.done(
        opened, opened.desk.board.accept(opened.actor, seen.id, seen.revision), "taken over", json=json
    )


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


def merge(
    number: Number,
    into: Annotated[
        str, typer.Option("--into", help="The ticket that goes on for both; - parts them again.")
    ],
    as_whom: As = "",
    json: Json = False,
) -> None:
    """Merge a duplicate into another ticket.

    Nothing of it is lost: `--into -` parts it again.
    """
    opened = tickets_opened.open_as(as_whom)
    seen, board = opened.desk.ticket(number), opened.desk.board
    if into == "-":
        tickets_shown.done(
            opened, board.unmerge(opened.actor, seen.id, seen.revision), "on its own again", json=json
        )
        return
    survivor = board.merge(opened.actor, seen.id, seen.revision, into)
    tickets_shown.done(opened, survivor, f"what {seen.number} is merged into", json=json)

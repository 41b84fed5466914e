"""Tickets on the command line: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.cli.tickets_opened import Opened
    from tickets.desk import Desk
    from tickets.records import Ticket
    from tickets.ticket_records import AskedBefore, TicketView


def done(opened: Opened, ticket: Ticket, what: str, *, json: bool) -> None:
    """What became of a ticket."""
    if json:
        batches.print_json(row(ticket, opened.desk))
        return
    typer.echo(f"{ticket.number} is {what}.")


def asked_before(opened: Opened, before: Sequence[AskedBefore], *, json: bool) -> None:
    """Tickets that may be about the same matter."""
    if json:
        rows = [
            {**row(one.ticket, opened.desk), "why": [reason.value for reason in one.why]} for one in before
        ]
        batches.print_json({"logged": None, "asked_before": rows})
        return
    typer.echo(
        "It may have been asked before; nothing was logged. Add to one with `comment --again`, or use --new."
    )
    for one in before:
        line(opened, one.ticket)


def line(opened: Opened, one: Ticket) -> None:
    """A ticket on a line."""
    pieces = [one.state.value + (f" into {one.merged_into}" if one.merged_into else "")]
    if one.content.priority.value != "normal":
        pieces.append(one.content.priority.value)
    if one.due_at is not None and one.state.active:
        late = "OVERDUE, " if one.overdue(opened.desk.board.now()) else ""
        pieces.append(f"{late}promised for {opened.moment(one.due_at)}")
    if one.offer is not None:
        pieces.append(f"offered to {opened.name(one.offer.to)}")
    who = f"{opened.name(one.owner_id)} (first asked: {opened.name(one.first_responder_id)})"
    typer.echo(f"{one.number}  {', '.join(pieces)}  {who}  {one.content.title}")


def details(opened: Opened, view: TicketView) -> None:
    """Everything else about it."""
    ticket = view.ticket
    if ticket.content.description:
        typer.echo(f"    {ticket.content.description}")
    for basis in ticket.content.policy_basis:
        typer.echo(f"    clause: 《{basis.manual}》{basis.label}")
    if ticket.offer is not None:
        typer.echo(f"    offered by {opened.name(ticket.offer.by)}: {ticket.offer.note}")
    if ticket.resolution:
        typer.echo(f"    resolution: {ticket.resolution}")
    if view.contacts > 1:
        typer.echo(f"    the customer asked {view.contacts} times")
    for one in view.duplicates:
        typer.echo(
            f"    merged here: {one.number} ({opened.name(one.first_responder_id)}) {one.content.title}"
        )
    for said in view.comments:
        about = "" if said.ticket_id == ticket.id else f" on {said.ticket_number}"
        again = " (asked again)" if said.asked_again else ""
        typer.echo(f"    {opened.moment(said.at)} {opened.name(said.author_id)}{about}{again}: {said.text}")
    for entry in view.history:
        who = f"    {opened.moment(entry.at)} {opened.name(entry.actor_id)}"
        typer.echo(f"{who} {entry.action} {_said(opened, entry.details)}".rstrip())


def _said(opened: Opened, details: Mapping[str, Any]) -> str:
    """What an entry of the history says besides: to whom, what changed, why."""
    to = details.get("to")
    pieces = [f"to {opened.name(str(to))}"] if to else []
    changes = dict(details.get("changes") or {}).items()
    pieces += [f"{name}: {before or '-'} -> {after or '-'};" for name, (before, after) in changes]
    return " ".join([*pieces, str(details.get("note", ""))])


def row(one: Ticket, desk: Desk) -> dict[str, Any]:
    """A ticket as JSON; times in UTC."""
    return {
        "number": one.number,
        "state": one.state.value,
        "revision": one.revision,
        "kind": one.content.kind,
        "priority": one.content.priority.value,
        "title": one.content.title,
        "description": one.content.description,
        "owner": one.owner_id,
        "first_responder": one.first_responder_id,
        "logged_by": one.logged_by,
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
        "due_at": one.due_at.astimezone(UTC).isoformat() if one.due_at else None,
        "overdue": one.overdue(desk.board.now()),
        "customer": one.customer,
        "contacts": one.contacts,
        "offered_to": one.offer.to if one.offer else None,
        "resolution": one.resolution,
        "merged_into": one.merged_into or None,
        "clauses": [
            {"manual": basis.manual, "clause": basis.label, "clause_id": basis.clause_id}
            for basis in one.content.policy_basis
        ],
    }


def view_row(view: TicketView, desk: Desk) -> dict[str, Any]:
    """A ticket with everything that belongs to it, as JSON."""
    return {
        **row(view.ticket, desk),
        "contacts": view.contacts,
        "duplicates": [row(one, desk) for one in view.duplicates],
        "comments": [
            {
                "ticket": said.ticket_number,
                "author": said.author_id,
                "at": said.at.isoformat(),
                "text": said.text,
                "asked_again": said.asked_again,
            }
            for said in view.comments
        ],
        "history": [
            {
                "entry": entry.id,
                "at": entry.at.isoformat(),
                "actor": entry.actor_id,
                "action": entry.action,
                "details": dict(entry.details),
            }
            for entry in view.history
        ],
    }

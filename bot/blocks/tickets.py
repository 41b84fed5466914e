"""What people see of a ticket: the form, what was logged, lists."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from tickets.records import Ticket, TicketState, Urgency

FORM = "ticket_form"
TITLE = "title"
DESCRIPTION = "description"
PRIORITY = "priority"


def form(title: str, description: str, metadata: str, words: Words) -> Block:
    """The form, filled from the thread."""
    levels = [views.option(words(f"urgency.{level.value}"), level.value) for level in Urgency]
    return views.modal(
        FORM,
        words("ticket.form_title"),
        [
            views.text_field(TITLE, words("ticket.title"), initial=parts.clip(title, 200), multiline=False),
            views.text_field(DESCRIPTION, words("ticket.description"), initial=description, optional=True),
            views.choice_field(PRIORITY, words("ticket.priority"), levels, Urgency.NORMAL.value),
        ],
        close=words("button.cancel"),
        submit=words("button.log_ticket"),
        private_metadata=metadata,
    )


def logged(ticket: Ticket, words: Words) -> list[Block]:
    """What the owner is told: the number, and what it says."""
    rows = [
        (words("ticket.title"), ticket.content.title),
        (words("ticket.description"), ticket.content.description),
        (words("ticket.priority"), words(f"urgency.{ticket.content.priority.value}")),
    ]
    return [
        parts.markdown(logged_text(ticket, words)),
        parts.rich(parts.lines(*[parts.labelled(label, value) for label, value in rows if value])),
    ]


def logged_text(ticket: Ticket, words: Words) -> str:
    """One sentence with the ticket number."""
    return words("ticket.logged", number=ticket.number)


def changed_text(ticket: Ticket, words: Words) -> str:
    """One sentence that a ticket was closed by the manuals, or is open again."""
    closed = ticket.state is TicketState.CLOSED
    sentence = words(
        "ticket.closed_by_manual" if closed else "ticket.reopened_by_manual", number=ticket.number
    )
    return f"{sentence}\n{ticket.content.title}"


def listed(tickets: Sequence[Ticket], words: Words, zone: ZoneInfo) -> list[Block]:
    """Tickets, one line each, newest first as given."""
    if not tickets:
        return [parts.context(words("ticket.none"))]
    rows = [
        parts.line(
            parts.styled(ticket.number, bold=True),
            parts.styled(
                f"  {ticket.created_at.astimezone(zone).strftime('%m-%d %H:%M')} · "
                f"{words(f'ticket_state.{ticket.state.value}')} · {parts.clip(ticket.content.title, 80)}"
                f"{' · ' + words('correction.flag') if ticket.changed_basis else ''}"
            ),
        )
        for ticket in tickets
    ]
    return [parts.rich(parts.lines(*rows))]

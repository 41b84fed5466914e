"""What people see of tickets: the form that logs one, lists, and what the owner is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import contacts, parts, views
from bot.blocks.parts import Block
from bot.blocks.references import TicketListRef, TicketRef
from bot.blocks.wording import Words
from tickets.contacts import Contact
from tickets.records import Ticket, TicketState, Urgency
from tickets.ticket_records import AskedBefore, TicketPage

FORM = "ticket_form"
TITLE = "title"
DESCRIPTION = "description"
PRIORITY = "priority"
KIND = "kind"
DUE = "due_at"
SAME = "same_matter"
"""Field: the ticket that it is added to, or NEW."""
NEW = "new"

SHOW = "ticket_show"
LIST = "ticket_list"
LIST_VIEW = "ticket_list_view"

KINDS = (
    "inquiry", "repair", "installation", "complaint", "suggestion", "refund", "transfer", "escalation", "manual_gap",
)  # fmt: skip
"""Kinds with a name in the catalogues; an organisation may have others."""

_USER = re.compile(r"[UW][A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Logged:
    """What the form says at first."""

    title: str = ""
    description: str = ""
    kind: str = "inquiry"
    priority: str = Urgency.NORMAL.value
    due_at: int | None = None


def form(
    filled: Logged,
    metadata: str,
    words: Words,
    zone: ZoneInfo,
    *,
    before: Sequence[AskedBefore] = (),
    contact: bool = False,
    known: Contact | None = None,
) -> Block:
    """The form, filled from the thread; first of all whether it is one of the tickets that there were `before`.

    `contact`: with fields for how to reach the customer, which show what is `known`.
    """
    return views.modal(
        FORM,
        words("ticket.form_title"),
        [
            *(_same(before, words, zone) if before else ()),
            views.text_field(
                TITLE, words("ticket.title"), initial=parts.clip(filled.title, 200), multiline=False
            ),
            views.text_field(
                DESCRIPTION, words("ticket.description"), initial=filled.description, optional=True
            ),
            kind_field(filled.kind, words),
            priority_field(filled.priority, words),
            views.moment_field(DUE, words("ticket.due"), filled.due_at, words("ticket.due_hint")),
            *(contacts.inputs(words, known) if contact else ()),
        ],
        close=words("button.cancel"),
        submit=words("button.log_ticket"),
        private_metadata=metadata,
    )


def _same(before: Sequence[AskedBefore], words: Words, zone: ZoneInfo) -> list[Block]:
    options = [
        views.option(words("ticket.add_to", number=one.ticket.number), str(one.ticket.id)) for one in before
    ]
    return [
        parts.rich(parts.lines(parts.line(parts.styled(words("ticket.asked_before"), bold=True)))),
        *(_earlier(one, words, zone) for one in before),
        views.choice_field(
            SAME, words("ticket.same_matter"), [*options, views.option(words("ticket.is_new"), NEW)], ""
        ),
    ]


def _earlier(one: AskedBefore, words: Words, zone: ZoneInfo) -> Block:
    """Who was asked first, when, where it stands, and why it may be the same."""
    ticket = one.ticket
    why = words("list.comma").join(words(f"ticket.alike.{reason.value}") for reason in one.why)
    return parts.rich(
        parts.lines(
            parts.line(
                parts.styled(f"{ticket.number}  ", bold=True),
                parts.styled(f"{state_of(ticket, words)} · {parts.clip(ticket.content.title, 120)}"),
            ),
            parts.line(
                parts.styled(words("ticket.first_responder")),
                who(ticket.first_responder_id),
                parts.styled(f" {moment(ticket.created_at, zone)} · {words('ticket.owner')}"),
                who(ticket.owner_id),
                parts.styled(f" · {why}"),
            ),
        )
    )


def kind_field(chosen: str, words: Words) -> Block:
    """The choice of kinds, with the present one whatever it is."""
    kinds = dict.fromkeys((*KINDS, chosen))
    return views.choice_field(
        KIND, words("ticket.kind"), [views.option(kind_of(kind, words), kind) for kind in kinds], chosen
    )


def priority_field(chosen: str, words: Words) -> Block:
    """The choice of priorities."""
    levels = [views.option(words(f"urgency.{level.value}"), level.value) for level in Urgency]
    return views.choice_field(PRIORITY, words("ticket.priority"), levels, chosen)


def who(user: str) -> Block:
    """Somebody inside a rich_text section: a manual may name people whom Slack does not know."""
    return parts.mention(user) if _USER.fullmatch(user) else parts.styled(user)


def kind_of(kind: str, words: Words) -> str:
    """The name of a kind; one that an organisation made up is its own name."""
    return words.get(f"ticket_kind.{kind}") or kind


def state_of(ticket: Ticket, words: Words) -> str:
    """Where it stands; of a duplicate, which ticket goes on for it."""
    state = words(f"ticket_state.{ticket.state.value}")
    return f"{state} → {ticket.merged_into}" if ticket.state is TicketState.MERGED else state


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time for people."""
    return at.astimezone(zone).strftime("%m-%d %H:%M")


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


def listed(
    tickets: Sequence[Ticket], words: Words, zone: ZoneInfo, now: datetime | None = None, prefix: str = ""
) -> list[Block]:
    """Tickets in the order given, each with a button that shows it. `prefix`: what the block ids begin with, where
    one ticket may stand in two lists of a view."""
    if not tickets:
        return [parts.context(words("ticket.none"))]
    return [_row(ticket, words, zone, now, prefix) for ticket in tickets]


def _row(ticket: Ticket, words: Words, zone: ZoneInfo, now: datetime | None, prefix: str) -> Block:
    pieces = [moment(ticket.created_at, zone), state_of(ticket, words)]
    if ticket.content.priority is not Urgency.NORMAL:
        pieces.append(words(f"urgency.{ticket.content.priority.value}"))
    if ticket.due_at is not None and ticket.state.active:
        late = now is not None and ticket.overdue(now)
        pieces.append(words("ticket.late" if late else "ticket.until", at=moment(ticket.due_at, zone)))
    if ticket.offer is not None:
        pieces.append(words("ticket.offered_flag"))
    if ticket.changed_basis:
        pieces.append(words("correction.flag"))
    text = f"{ticket.number}  {' · '.join(pieces)}\n{parts.clip(ticket.content.title, 120)}"
    seen = TicketRef(ticket_id=ticket.id, revision=ticket.revision).dump()
    return parts.row_with(
        text, parts.button(SHOW, words("button.show_ticket"), seen), f"{prefix}ticket_{ticket.id}"
    )


def more(page: TicketPage, asked: TicketListRef, words: Words, prefix: str = "") -> list[Block]:
    """The button for what a page left over; nothing when it left nothing."""
    if page.next_offset is None:
        return []
    left = page.total - page.next_offset
    following = asked.model_copy(update={"offset": page.next_offset}).dump()
    button = parts.button(LIST, words("button.more_tickets", count=left), following)
    return [parts.actions(button, block_id=f"{prefix}more_{asked.which}_{page.next_offset}")]


def page_title(asked: TicketListRef, total: int, words: Words) -> str:
    """What a list is of, and how many."""
    name = words(f"ticket_list.{asked.which}")
    if asked.text:
        name = f"{name} · {parts.clip(asked.text, 40)}"
    return words("ticket.list_title", name=name, count=total)


def page(asked: TicketListRef, found: TicketPage, words: Words, zone: ZoneInfo, now: datetime) -> list[Block]:
    """A page of a list."""
    return [
        parts.header(page_title(asked, found.total, words)),
        *listed(found.tickets, words, zone, now),
        *more(found, asked, words),
    ]


def list_view(blocks: Sequence[Block], words: Words) -> Block:
    """A page in a modal."""
    return views.modal(LIST_VIEW, words("ticket.list_view"), list(blocks), close=words("button.close"))


def home(asked: TicketListRef, found: TicketPage, words: Words, zone: ZoneInfo, now: datetime) -> list[Block]:
    """A list as a section of the home; nothing when nothing waits."""
    if not found.tickets:
        return []
    prefix = f"{asked.which}_"
    return [
        parts.header(page_title(asked, found.total, words)),
        *listed(found.tickets, words, zone, now, prefix),
        *more(found, asked, words, prefix),
    ]

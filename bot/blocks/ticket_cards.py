"""A ticket as a card: what it says, who has it, what happened, and the buttons for what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import contacts, corrections, parts, views
from bot.blocks.parts import Block, Line
from bot.blocks.references import TicketRef
from bot.blocks.tickets import SHOW, kind_of, moment, state_of, who
from bot.blocks.wording import Words
from tickets.records import AuditEntry, Ticket, TicketState
from tickets.rows import ticket_subject
from tickets.ticket_records import TicketComment, TicketView

TAKE = "ticket_take"
ACCEPT = "ticket_accept"
DECLINE = "ticket_decline"
OFFER = "ticket_offer"
COMMENT = "ticket_comment"
CLOSE = "ticket_close"
REOPEN = "ticket_reopen"
UNMERGE = "ticket_unmerge"
HISTORY = "ticket_history"
MORE = "ticket_more"
VIEW = "ticket_view"
HISTORY_VIEW = "ticket_history_view"

CHANGE, MERGE, WITHDRAW, AGAIN, PAST = "change", "merge", "withdraw", "again", "history"
"""What the menu offers."""

_COMMENTS = 5
_CLAUSES = 3
_DUPLICATES = 5
_HISTORY = 40

Links = Mapping[int, str]
"""Ticket → address of the Slack thread where it began."""


def card(
    view: TicketView,
    words: Words,
    zone: ZoneInfo,
    now: datetime,
    *,
    reader: str = "",
    links: Links | None = None,
    contact: bool = False,
    note: str = "",
) -> list[Block]:
    """The ticket with everything that belongs to it. `reader`: whose card it is; `contact`: how to reach the customer
    is kept; `note`: a sentence on top."""
    ticket, links = view.ticket, links or {}
    blocks = [parts.context(note)] if note else []
    blocks += [
        parts.header(words("ticket.card_title", number=ticket.number)),
        parts.rich(parts.lines(*_facts(view, words, zone, now, links))),
    ]
    if ticket.content.description:
        blocks.append(parts.rich(parts.quote(parts.clip(ticket.content.description, 1500))))
    blocks += _basis(ticket, words)
    blocks += _duplicates(view.duplicates, words, zone, links)
    blocks += _comments(view.comments, ticket, words, zone)
    return [*blocks, *_buttons(ticket, words, reader, contact)]


def card_text(ticket: Ticket, words: Words) -> str:
    """The plain `text` of a card, not yet escaped."""
    title = parts.clip(ticket.content.title, 200)
    return words("ticket.card_text", number=ticket.number, state=state_of(ticket, words), title=title)


def _facts(view: TicketView, words: Words, zone: ZoneInfo, now: datetime, links: Links) -> list[Line]:
    ticket, first = view.ticket, view.asked_first
    pieces = [state_of(ticket, words), kind_of(ticket.content.kind, words)]
    pieces.append(words(f"urgency.{ticket.content.priority.value}"))
    rows = [
        parts.line(parts.styled(ticket.content.title, bold=True)),
        parts.line(parts.styled(" · ".join(pieces))),
        parts.line(
            parts.styled(words("ticket.first_responder")),
            who(first.first_responder_id),
            parts.styled(f" {moment(first.created_at, zone)} · {words('ticket.owner')}"),
            who(ticket.owner_id),
        ),
    ]
    if ticket.due_at is not None:
        key = "ticket.late" if ticket.overdue(now) else "ticket.until"
        rows.append(parts.line(parts.styled(words(key, at=moment(ticket.due_at, zone)))))
    if view.contacts > 1:
        rows.append(parts.line(parts.styled(words("ticket.contacts", count=view.contacts), bold=True)))
    if ticket.offer is not None:
        rows += [
            parts.line(
                parts.styled(words("ticket.offered"), bold=True),
                who(ticket.offer.by),
                parts.styled(" → "),
                who(ticket.offer.to),
                parts.styled(f" {moment(ticket.offer.at, zone)} · {words('ticket.stays')}"),
            ),
            parts.line(parts.styled(f"“{ticket.offer.note}”")),
        ]
    if ticket.resolution:
        rows.append(parts.labelled(words("ticket.resolution"), ticket.resolution))
    if ticket.id in links:
        rows.append(parts.line(parts.link(links[ticket.id], words("ticket.thread"))))
    return rows


def _basis(ticket: Ticket, words: Words) -> list[Block]:
    rows = [
        parts.line(
            parts.styled(f"{words('source.manual', title=basis.manual)}{basis.label}  ", bold=True),
            parts.styled(parts.clip(basis.quote, 200)),
        )
        for basis in ticket.content.policy_basis[:_CLAUSES]
    ]
    flags = corrections.flag(ticket.content.policy_basis, ticket.changed_basis, words)
    return [*([parts.rich(parts.bullets(*rows))] if rows else []), *flags]


def _duplicates(merged: Sequence[Ticket], words: Words, zone: ZoneInfo, links: Links) -> list[Block]:
    rows = [_duplicate(one, words, zone, links) for one in merged[:_DUPLICATES]]
    return [parts.rich(parts.lines(*rows))] if rows else []


def _duplicate(one: Ticket, words: Words, zone: ZoneInfo, links: Links) -> Line:
    row = parts.line(
        parts.styled(words("ticket.merged_from", number=one.number)),
        parts.styled(f" {parts.clip(one.content.title, 80)} · {words('ticket.first_responder')}"),
        who(one.first_responder_id),
        parts.styled(f" {moment(one.created_at, zone)} "),
    )
    return [*row, parts.link(links[one.id], words("ticket.thread"))] if one.id in links else row


def _comments(comments: Sequence[TicketComment], ticket: Ticket, words: Words, zone: ZoneInfo) -> list[Block]:
    if not comments:
        return []
    rows = [_comment(one, ticket, words, zone) for one in comments[-_COMMENTS:]]
    left = len(comments) - len(rows)
    older = [parts.context(words("ticket.older_comments", count=left))] if left else []
    return [*older, parts.rich(parts.lines(*rows))]


def _comment(one: TicketComment, ticket: Ticket, words: Words, zone: ZoneInfo) -> Line:
    about = "" if one.ticket_id == ticket.id else f" {one.ticket_number}"
    again = f" [{words('ticket.again')}]" if one.asked_again else ""
    return parts.line(
        parts.styled(f"{moment(one.at, zone)} "),
        who(one.author_id),
        parts.styled(f"{about}{again}  {parts.clip(one.text, 600)}"),
    )


def _buttons(ticket: Ticket, words: Words, reader: str, contact: bool) -> list[Block]:
    seen = TicketRef(ticket_id=ticket.id, revision=ticket.revision).dump()

    def button(action: str, label: str, style: parts.Style | None = None) -> Block:
        return parts.button(action, label, seen, style=style)

    if ticket.state is TicketState.MERGED:
        row = [button(UNMERGE, words("button.unmerge")), button(HISTORY, words("button.history"))]
    elif ticket.state is TicketState.CLOSED:
        row = [button(REOPEN, words("button.reopen")), button(COMMENT, words("button.comment"))]
        row.append(_menu(ticket, (AGAIN, MERGE, PAST), words))
    else:
        if ticket.offer is not None and ticket.offer.to == reader:
            row = [
                button(ACCEPT, words("button.accept"), "primary"),
                button(DECLINE, words("button.decline"), "danger"),
            ]
        else:
            row = [button(TAKE, words("button.take"), "primary"), button(OFFER, words("button.hand_over"))]
        row += [button(COMMENT, words("button.comment")), button(CLOSE, words("button.close_ticket"))]
        offered = (WITHDRAW,) if ticket.offer is not None else ()
        row.append(_menu(ticket, (CHANGE, AGAIN, MERGE, *offered, PAST), words))
    if contact:
        row.insert(-1, contacts.button(ticket_subject(ticket.id), words))
    return [parts.actions(*row, block_id=f"ticket_{ticket.id}_{ticket.revision}")]


def _menu(ticket: Ticket, acts: Sequence[str], words: Words) -> Block:
    options = []
    for act in acts:
        value = TicketRef(ticket_id=ticket.id, revision=ticket.revision, act=act).dump()
        options.append(views.option(words(f"ticket_menu.{act}"), value))
    return parts.menu(MORE, options)


def modal(blocks: Sequence[Block], metadata: str, words: Words) -> Block:
    """The card in a modal."""
    return views.modal(
        VIEW, words("ticket.view_title"), blocks, close=words("button.close"), private_metadata=metadata
    )


# -- what happened ---------------------------------------------------------------------------------


def history(view: TicketView, words: Words, zone: ZoneInfo) -> Block:
    """Everything that happened, oldest first."""
    shown = view.history[-_HISTORY:]
    blocks = [parts.header(words("ticket.card_title", number=view.ticket.number))]
    if len(view.history) > len(shown):
        blocks.append(parts.context(words("audit.left_out", count=len(view.history) - len(shown))))
    blocks.append(parts.rich(parts.lines(*[event(one, words, zone) for one in shown])))
    return views.modal(HISTORY_VIEW, words("ticket.history_title"), blocks, close=words("button.close"))


def event(entry: AuditEntry, words: Words, zone: ZoneInfo) -> Line:
    """One entry of the trail in words."""
    said = described(entry.details, words, zone)
    return parts.line(
        parts.styled(f"{entry.at.astimezone(zone).strftime('%Y-%m-%d %H:%M')} "),
        who(entry.actor_id),
        parts.styled(f" {done(entry, words)}", bold=True),
        *_to(entry),
        parts.styled(f"  {said}" if said else ""),
    )


def _to(entry: AuditEntry) -> Line:
    """Whom somebody asked to take it over."""
    to = str(entry.details.get("to") or "")
    return [parts.styled(" → "), who(to)] if to else []


def done(entry: AuditEntry, words: Words) -> str:
    """What was done."""
    return words.get(f"audit_action.{entry.action}") or entry.action


def described(details: Mapping[str, Any], words: Words, zone: ZoneInfo) -> str:
    """What an entry says besides: what changed, to whom, why."""
    pieces = [
        f"{words(f'ticket_field.{name}')} {_value(name, before, words, zone)} → {_value(name, after, words, zone)}"
        for name, (before, after) in dict(details.get("changes") or {}).items()
    ]
    pieces += [str(details[key]) for key in ("into", "ticket") if details.get(key)]
    if details.get("note"):
        pieces.append(f"“{details['note']}”")
    return " · ".join(pieces)


def _value(name: str, value: str, words: Words, zone: ZoneInfo) -> str:
    if not value:
        return words("ticket.nothing")
    if name == "due_at":
        return moment(datetime.fromisoformat(value), zone)
    prefix = {"state": "ticket_state", "priority": "urgency", "kind": "ticket_kind"}[name]
    return words.get(f"{prefix}.{value}") or value


def told(entry: AuditEntry, ticket: Ticket, words: Words, zone: ZoneInfo, block_id: str) -> list[Block]:
    """What somebody is told of their ticket: who did what, and the button that shows it."""
    said = described(entry.details, words, zone)
    rows = [
        parts.line(
            who(entry.actor_id),
            parts.styled(f" {done(entry, words)} ", bold=True),
            parts.styled(f"{ticket.number} {parts.clip(ticket.content.title, 120)}"),
        )
    ]
    if said:
        rows.append(parts.line(parts.styled(said)))
    seen = TicketRef(ticket_id=ticket.id, revision=ticket.revision).dump()
    return [
        parts.rich(parts.lines(*rows), block_id=block_id),
        parts.actions(parts.button(SHOW, words("button.show_ticket"), seen)),
    ]


def told_text(entry: AuditEntry, ticket: Ticket, person: str, words: Words) -> str:
    """The same as one plain line, not yet escaped."""
    return words("ticket.told", person=person, done=done(entry, words), number=ticket.number)

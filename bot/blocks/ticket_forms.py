"""The forms behind the buttons of a ticket: hand over, decline, comment, close, reopen, merge, change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.tickets import DUE, kind_field, priority_field, state_of
from bot.blocks.wording import Words
from tickets.records import Ticket, TicketState
from tickets.ticket_records import AskedBefore

OFFER_FORM = "ticket_offer_form"
DECLINE_FORM = "ticket_decline_form"
COMMENT_FORM = "ticket_comment_form"
AGAIN_FORM = "ticket_again_form"
CLOSE_FORM = "ticket_close_form"
REOPEN_FORM = "ticket_reopen_form"
MERGE_FORM = "ticket_merge_form"
CHANGE_FORM = "ticket_change_form"

TO = "offered_to"
NOTE = "note"
REASON = "reason"
COMMENT = "comment"
RESOLUTION = "resolution"
INTO = "merge_into"
STATE = "ticket_state"
TOO_LATE = "too_late"


def offer(ticket: Ticket, metadata: str, words: Words) -> Block:
    """To whom, and what they need to know."""
    to = ticket.offer.to if ticket.offer else ""
    note = ticket.offer.note if ticket.offer else ""
    fields = [
        views.person_field(TO, words("ticket.offer_to"), to),
        views.text_field(NOTE, words("ticket.offer_note"), initial=note),
    ]
    hint = words("ticket.offer_hint")
    return _form(
        OFFER_FORM, words("ticket.offer_title"), ticket, [parts.context(hint), *fields], metadata, words
    )


def decline(ticket: Ticket, metadata: str, words: Words) -> Block:
    """Why not."""
    fields = [views.text_field(REASON, words("ticket.decline_reason"))]
    return _form(DECLINE_FORM, words("ticket.decline_title"), ticket, fields, metadata, words)


def comment(ticket: Ticket, metadata: str, words: Words, *, again: bool) -> Block:
    """What to add; `again`: what the customer said when they came again."""
    fields = [views.text_field(COMMENT, words("ticket.again_text" if again else "ticket.comment"))]
    title = words("ticket.again_title" if again else "ticket.comment_title")
    return _form(AGAIN_FORM if again else COMMENT_FORM, title, ticket, fields, metadata, words)


def close(ticket: Ticket, metadata: str, words: Words) -> Block:
    """How it was resolved."""
    fields = [views.text_field(RESOLUTION, words("ticket.resolution"), hint=words("ticket.resolution_hint"))]
    return _form(CLOSE_FORM, words("ticket.close_title"), ticket, fields, metadata, words)


def reopen(ticket: Ticket, metadata: str, words: Words) -> Block:
    """Why it is not done."""
    fields = [views.text_field(REASON, words("ticket.reopen_reason"))]
    return _form(REOPEN_FORM, words("ticket.reopen_title"), ticket, fields, metadata, words)


def merge(ticket: Ticket, alike: Sequence[AskedBefore], metadata: str, words: Words) -> Block:
    """Which ticket goes on for it; tickets that may be about the same are named."""
    rows = [
        f"{one.ticket.number} {state_of(one.ticket, words)} · {parts.clip(one.ticket.content.title, 80)}"
        for one in alike
    ]
    first = alike[0].ticket.number if alike else ""
    return _form(
        MERGE_FORM,
        words("ticket.merge_title"),
        ticket,
        [
            parts.context(words("ticket.merge_hint"), *rows),
            views.text_field(
                INTO,
                words("ticket.merge_into"),
                initial=first,
                placeholder="T-20260101-0001",
                multiline=False,
            ),
        ],
        metadata,
        words,
    )


def change(ticket: Ticket, metadata: str, words: Words) -> Block:
    """State, priority, kind, and what the customer was promised."""
    states = [
        views.option(words(f"ticket_state.{state.value}"), state.value)
        for state in TicketState
        if state.active
    ]
    due = None if ticket.due_at is None else int(ticket.due_at.timestamp())
    fields = [
        views.choice_field(STATE, words("ticket_field.state"), states, ticket.state.value),
        priority_field(ticket.content.priority.value, words),
        kind_field(ticket.content.kind, words),
        views.moment_field(DUE, words("ticket.due"), due, words("ticket.due_hint")),
    ]
    return _form(CHANGE_FORM, words("ticket.change_title"), ticket, fields, metadata, words)


def again(sent: Mapping[str, Any], typed: Mapping[str, str], sentence: str, metadata: str) -> Block:
    """A form that was sent too late: the sentence on top, everything typed still in it."""
    blocks = [
        _kept(block, typed) for block in (sent.get("blocks") or []) if block.get("block_id") != TOO_LATE
    ]
    view = {key: sent[key] for key in ("type", "callback_id", "title", "submit", "close") if key in sent}
    warning = {**parts.section(sentence), "block_id": TOO_LATE}
    return {**view, "blocks": [warning, *blocks], "private_metadata": metadata}


def _kept(block: Block, typed: Mapping[str, str]) -> Block:
    element = block.get("element") or {}
    text = typed.get(str(block.get("block_id")), "")
    if element.get("type") != "plain_text_input" or not text:
        return block
    return {**block, "element": {**element, "initial_value": text}}


def _form(
    name: str, title: str, ticket: Ticket, fields: Sequence[Block], metadata: str, words: Words
) -> Block:
    about = parts.section(f"{ticket.number} {parts.clip(ticket.content.title, 200)}")
    return views.modal(
        name,
        title,
        [about, *fields],
        close=words("button.cancel"),
        submit=words("button.submit"),
        private_metadata=metadata,
    )

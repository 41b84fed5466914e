"""A customer asks again: which tickets may be about the same matter (whoever was asked first stays responsible)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from tickets import ticketing
from tickets.models import TicketRow
from tickets.records import Origin, TicketState
from tickets.ticket_merging import survivor_of
from tickets.ticket_records import Alike, AskedBefore
from tickets.ticket_search import ACTIVE, DESCRIPTION, TITLE, of_customer

RECENT = timedelta(days=30)
"""How long after it was closed a ticket may still be what a customer comes back with."""
MAX_FOUND = 5
MAX_NUMBERS = 10
_LOOKED_AT = 200
_LIKE = 0.35
"""From which share of common characters on the words of one customer are taken for the same matter. Low, as it is
a question to a person and not a decision: of ten pairs of our own it finds nine or ten, and it asks needlessly about
tickets of the same customer that differ in one word."""
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:[TE]-\d{8}-\d{4,}|[A-Za-z]{0,6}-?\d{7,}[A-Za-z0-9-]*)")
_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def numbers(text: str) -> frozenset[str]:
    """The numbers of orders and tickets that a text names; days are none."""
    found = (match.group().upper() for match in _NUMBER.finditer(text))
    return frozenset(number for number in found if not _DAY.fullmatch(number))


def asked_before(
    session: Session, now: datetime, *, customer: str, title: str, description: str, origin: Origin
) -> list[AskedBefore]:
    """Open and lately closed tickets that may be about the same matter, the likeliest first."""
    named = frozenset(sorted(numbers(f"{title}\n{description}"))[:MAX_NUMBERS])
    found: dict[int, AskedBefore] = {}
    for row, theirs in _candidates(session, now, customer, named, origin):
        why, likeness = _why(row, theirs, title, description, named, origin)
        if not why:
            continue
        survivor = survivor_of(session, row)
        known = found.get(survivor.id)
        if known is not None:
            why = tuple(one for one in Alike if one in why or one in known.why)
            likeness = max(likeness, known.likeness)
        found[survivor.id] = AskedBefore(ticketing.value(session, survivor), why, likeness)
    ranked = sorted(found.values(), key=lambda one: (len(one.why), one.likeness, one.ticket.id), reverse=True)
    return ranked[:MAX_FOUND]


def _candidates(
    session: Session, now: datetime, customer: str, named: Iterable[str], origin: Origin
) -> list[tuple[TicketRow, bool]]:
    """The rows to look at, and whether each is that customer's."""
    theirs = of_customer(customer) if customer else false()
    alike: list[ColumnElement[bool]] = [theirs] if customer else []
    if origin.channel and origin.thread_ts:
        alike.append(and_(TicketRow.channel == origin.channel, TicketRow.thread_ts == origin.thread_ts))
    for number in named:
        columns = (TITLE, DESCRIPTION, TicketRow.number)
        alike += [column.icontains(number, autoescape=True) for column in columns]
    if not alike:
        return []
    lately = and_(TicketRow.state == TicketState.CLOSED, TicketRow.closed_at >= now - RECENT)
    current = or_(TicketRow.state.in_((*ACTIVE, TicketState.MERGED)), lately)
    query = select(TicketRow, theirs).where(current, or_(*alike)).order_by(TicketRow.id.desc())
    rows = session.execute(query.limit(_LOOKED_AT)).all()
    return [(row, bool(is_theirs)) for row, is_theirs in rows if _current(survivor_of(session, row), now)]


def _current(row: TicketRow, now: datetime) -> bool:
    return TicketState(row.state).active or (row.closed_at is not None and row.closed_at >= now - RECENT)


def _why(
    row: TicketRow, theirs: bool, title: str, description: str, named: frozenset[str], origin: Origin
) -> tuple[tuple[Alike, ...], float]:
    before = str(row.content["title"]), str(row.content.get("description") or "")
    why: list[Alike] = []
    if origin.thread_ts and (row.channel, row.thread_ts) == (origin.channel, origin.thread_ts):
        why.append(Alike.THREAD)
    if named & (numbers("\n".join(before)) | {row.number}):
        why.append(Alike.NUMBER)
    likeness = _likeness((title, description), before)
    if theirs and likeness >= _LIKE:
        why.append(Alike.CUSTOMER)
    return tuple(why), likeness


def _likeness(one: tuple[str, str], other: tuple[str, str]) -> float:
    titles = fuzz.ratio(_bare(one[0]), _bare(other[0]))
    return max(titles, fuzz.ratio(_bare("".join(one)), _bare("".join(other)))) / 100


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())

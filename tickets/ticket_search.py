"""Finding tickets: words, filters, order, pages; limited to what somebody may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, UnaryExpression, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from tickets import ticketing
from tickets.errors import InvalidInput
from tickets.models import ContactRow, TicketCommentRow, TicketRow
from tickets.people import People, Person
from tickets.records import TicketState, Urgency
from tickets.ticket_records import Sort, TicketPage, TicketQuery
from tickets.ticket_rules import sees_all_of

MAX_LIMIT = 200
MAX_WORDS = 10
ACTIVE = tuple(state.value for state in TicketState if state.active)

TITLE: ColumnElement[str] = TicketRow.content["title"].as_string()
DESCRIPTION: ColumnElement[str] = TicketRow.content["description"].as_string()
_URGENCY = {
    level.value: rank for rank, level in enumerate((Urgency.URGENT, Urgency.IMPORTANT, Urgency.NORMAL))
}
_ORDER: dict[Sort, tuple[UnaryExpression[Any], ...]] = {
    Sort.NEWEST: (TicketRow.id.desc(),),
    Sort.OLDEST: (TicketRow.id.asc(),),
    Sort.DUE: (TicketRow.due_at.is_(None).asc(), TicketRow.due_at.asc(), TicketRow.id.asc()),
    Sort.PRIORITY: (case(_URGENCY, value=TicketRow.priority, else_=len(_URGENCY)).asc(), TicketRow.id.asc()),
    Sort.UPDATED: (TicketRow.updated_at.desc(), TicketRow.id.desc()),
}


def page(session: Session, people: People, actor: Person, now: datetime, query: TicketQuery) -> TicketPage:
    """One page of what is found and may be seen. Raises InvalidInput for a page that cannot be."""
    if query.offset < 0 or not 1 <= query.limit <= MAX_LIMIT:
        raise InvalidInput("page", f"A page has 1 to {MAX_LIMIT} tickets.")
    wanted = and_(*conditions(people, actor, now, query))
    total = session.scalar(select(func.count()).select_from(TicketRow).where(wanted)) or 0
    chosen = select(TicketRow).where(wanted).order_by(*_ORDER[query.sort])
    rows = session.execute(chosen.offset(query.offset).limit(query.limit)).scalars().all()
    return TicketPage(tuple(ticketing.value(session, row) for row in rows), total, query.offset)


def rows(
    session: Session, people: People, actor: Person, now: datetime, query: TicketQuery
) -> list[TicketRow]:
    """Everything that is found and may be seen, whatever the page."""
    chosen = select(TicketRow).where(*conditions(people, actor, now, query)).order_by(*_ORDER[query.sort])
    return list(session.execute(chosen).scalars())


def conditions(
    people: People, actor: Person, now: datetime, query: TicketQuery
) -> Iterator[ColumnElement[bool]]:
    """What a row must fulfil."""
    yield visible(people, actor)
    yield from (_holds(word) for word in query.text.split()[:MAX_WORDS])
    if query.states:
        yield TicketRow.state.in_([state.value for state in query.states])
    elif not query.text.strip():
        yield TicketRow.state != TicketState.MERGED
    for column, value in (
        (TicketRow.kind, query.kind),
        (TicketRow.owner_id, query.owner_id),
        (TicketRow.first_responder_id, query.first_responder_id),
        (TicketRow.offered_to, query.offered_to),
        (TicketRow.priority, query.priority),
    ):
        if value:
            yield column == value
    if query.customer:
        yield of_customer(query.customer)
    if query.person_id:
        yield involves(query.person_id)
    if query.created_from is not None:
        yield TicketRow.created_at >= query.created_from
    if query.created_before is not None:
        yield TicketRow.created_at < query.created_before
    if query.overdue:
        yield and_(TicketRow.due_at < now, TicketRow.state.in_(ACTIVE))
    if query.unhanded:
        yield TicketRow.offered_to != ""


def involves(person_id: str) -> ColumnElement[bool]:
    """The tickets with which a person has to do: owner, first responder or whoever logged it."""
    columns = (TicketRow.owner_id, TicketRow.first_responder_id, TicketRow.logged_by)
    return or_(*(column == person_id for column in columns))


def of_customer(customer: str) -> ColumnElement[bool]:
    """The tickets that say whose they are, and those that a contact of the customer is kept for."""
    kept = select(ContactRow.subject).where(
        ContactRow.customer_id == customer,
        ContactRow.erased_at.is_(None),
        ContactRow.subject == literal("ticket:") + cast(TicketRow.id, String),
    )
    return or_(TicketRow.customer == customer, kept.exists())


def visible(people: People, actor: Person) -> ColumnElement[bool]:
    """The tickets that a person may see, by `tickets.ticket_rules`: their own and those of whom they see all."""
    listed = people.everybody()
    # Whoever is not listed is an agent like any other such: either all of them are seen, or none.
    if sees_all_of(people, actor, people.get("")):
        hidden = [one.id for one in listed if not sees_all_of(people, actor, one)]
        of_others = TicketRow.owner_id.not_in(hidden)
    else:
        shown = [one.id for one in listed if sees_all_of(people, actor, one)]
        of_others = TicketRow.owner_id.in_(shown)
    return or_(of_others, involves(actor.id), TicketRow.offered_to == actor.id)


def _holds(word: str) -> ColumnElement[bool]:
    """The word stands somewhere, whatever the case; `%` and `_` are ordinary characters."""
    said = select(TicketCommentRow.id).where(
        TicketCommentRow.ticket_id == TicketRow.id, TicketCommentRow.text.icontains(word, autoescape=True)
    )
    columns = (TITLE, DESCRIPTION, TicketRow.number)
    return or_(*(column.icontains(word, autoescape=True) for column in columns), said.exists())

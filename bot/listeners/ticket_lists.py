"""Finding tickets: lists by role, search, and one ticket as a card in a modal."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import ticket_cards
from bot.blocks import tickets as ticket_blocks
from bot.blocks.parts import Block
from bot.blocks.references import TicketFormRef, TicketListRef, TicketRef
from bot.listeners import places, ticket_filters
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from bot.ticket_cards import TicketCards
from tickets.people import People, Person
from tickets.rules import Action, allowed
from tickets.ticket_records import Sort, TicketPage, TicketQuery, TicketView

PAGE = 10
_HOME = 5

MINE, ACCEPT, OVERDUE, ALL, SEARCH = "mine", "accept", "overdue", "all", "search"

NAMES = {
    "": MINE, "mine": MINE, "我的": MINE, "overdue": OVERDUE, "超时": OVERDUE, "逾期": OVERDUE,
    "all": ALL, "全部": ALL, "accept": ACCEPT, "待接手": ACCEPT,
}  # fmt: skip
"""What can be written after `/kefu tickets`; anything else is looked for."""


def asked_for(text: str, people: People) -> TicketListRef:
    """The list that somebody wrote down: its name or words to look for, and filters (`ticket_filters`)."""
    typed = ticket_filters.masked(text, people)[:200]
    looked_for = ticket_filters.words_of(typed)
    name = NAMES.get(looked_for.lower()) if looked_for or not typed else ALL
    if name is None:
        return TicketListRef(which=SEARCH, text=typed)
    return TicketListRef(which=name, text=typed.removeprefix(looked_for).strip())


def found(shared: Shared, person: Person, asked: TicketListRef, limit: int = PAGE) -> TicketPage:
    """A page of a list."""
    narrowed = ticket_filters.narrowed(
        query(person, asked, limit), asked.text, shared.services.people, person.id
    )
    return shared.services.desk.board.find(person, narrowed)


def query(person: Person, asked: TicketListRef, limit: int = PAGE) -> TicketQuery:
    """What a list asks for. Agents see as overdue what is theirs; whoever stands above them, that of their people."""
    offset = asked.offset
    match asked.which:
        case "accept":
            return TicketQuery(offered_to=person.id, sort=Sort.UPDATED, offset=offset, limit=limit)
        case "overdue":
            theirs = "" if allowed(person.role, Action.EXPORT_TICKETS) else person.id
            return TicketQuery(overdue=True, person_id=theirs, sort=Sort.DUE, offset=offset, limit=limit)
        case "mine":
            return TicketQuery(person_id=person.id, offset=offset, limit=limit)
        case _:
            return TicketQuery(text=ticket_filters.words_of(asked.text), offset=offset, limit=limit)


def blocks(shared: Shared, person: Person, asked: TicketListRef) -> list[Block]:
    """A page of a list as it is shown."""
    page = found(shared, person, asked)
    return ticket_blocks.page(
        asked, page, shared.words(person.id), shared.zone, shared.services.desk.board.now()
    )


def home_sections(
    shared: Shared, person: Person, above: TicketPage | None = None, which: str = MINE
) -> list[Block]:
    """What of a person's tickets needs them: to accept, and overdue (theirs, or of their people); first the button for
    what the list `above` left over."""
    sections: list[Block] = []
    if above is not None:
        sections += ticket_blocks.more(above, TicketListRef(which=which), shared.words(person.id), "home_")
    for waiting in (ACCEPT, OVERDUE):
        asked = TicketListRef(which=waiting)
        page = found(shared, person, asked, _HOME)
        sections += ticket_blocks.home(
            asked, page, shared.words(person.id), shared.zone, shared.services.desk.board.now()
        )
    return sections


def on_list(shared: Shared, args: Args) -> None:
    """The button for more: the next page, in a modal."""
    args.ack()
    place = places.of_interaction(args.body)
    asked = TicketListRef.load(str(args.body["actions"][0].get("value") or ""))
    view = ticket_blocks.list_view(blocks(shared, shared.person(place.user), asked), shared.words(place.user))
    opened = args.body.get("view") or {}
    if opened.get("callback_id") == ticket_blocks.LIST_VIEW:
        shared.client.views_update(view_id=opened["id"], view=view)
    else:
        open_modal(shared, args, view)


def on_show(shared: Shared, args: Args) -> None:
    """The button beside a ticket: its card."""
    args.ack()
    seen = TicketRef.load(str(args.body["actions"][0].get("value") or ""))
    show(shared, args, seen.ticket_id)


def show(shared: Shared, args: Args, number_or_id: int | str) -> None:
    """Open the card of a ticket. Raises NotFound, NotAllowed."""
    place = places.of_interaction(args.body)
    view = shared.services.desk.board.view(shared.person(place.user), number_or_id)
    open_modal(shared, args, modal(shared, place.user, view))


def modal(shared: Shared, user: str, view: TicketView) -> Block:
    """The card of a ticket in a modal."""
    words = shared.words(user)
    cards = TicketCards(shared.services, shared.client, shared.languages)
    seen = TicketFormRef(ticket_id=view.ticket.id, revision=view.ticket.revision)
    return ticket_cards.modal(cards.blocks(view, words, user), seen.dump(), words)


def open_modal(shared: Shared, args: Args, view: Block) -> None:
    """Open a modal, on top of the one in which the button was."""
    trigger = str(args.body["trigger_id"])
    if (args.body.get("view") or {}).get("type") == "modal":
        shared.client.views_push(trigger_id=trigger, view=view)
    else:
        shared.client.views_open(trigger_id=trigger, view=view)


LISTENERS = (
    Listener(Kind.ACTION, ticket_blocks.LIST, on_list),
    Listener(Kind.ACTION, ticket_blocks.SHOW, on_show),
)

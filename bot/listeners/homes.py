"""Coming to the bot: suggested prompts in the messages tab, the home per role."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import homes
from bot.blocks.gaps import MAX_LISTED, Listed
from bot.blocks.parts import Block
from bot.blocks.references import TicketListRef
from bot.listeners import procedures, rungs, ticket_lists, voice
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.people import Person
from tickets.rules import Action, allowed

_LISTED = 10


def on_opened(shared: Shared, args: Args) -> None:
    """The messages tab or the home tab was opened."""
    event = args.body["event"]
    person = shared.person(str(event["user"]))
    words = shared.words(person.id)
    if event.get("tab") == "home":
        shared.client.views_publish(user_id=person.id, view=home(shared, person))
        return
    # Without thread_ts: with one, Slack says ok and shows nothing in an agent app.
    shared.client.assistant_threads_setSuggestedPrompts(
        channel_id=str(event["channel"]),
        title=words("prompt.title"),
        prompts=homes.prompts(person.role, words),
    )


def home(shared: Shared, person: Person) -> Block:
    """The home of a person as things stand now."""
    view = homes.extended(_of_role(shared, person), rungs.home(shared, person))
    return homes.extended(view, procedures.home(shared, person.id))


def _of_role(shared: Shared, person: Person) -> Block:
    """What the person's role finds there."""
    words, zone, desk = shared.words(person.id), shared.zone, shared.services.desk
    told = desk.preferences.of_person(person.id)
    group = homes.prompt_group(person.role)
    if group == "admin":
        gaps = shared.services.gaps
        found = gaps.most_asked()
        listed = [Listed(gap, gaps.near(gap), gaps.owner(gap)) for gap in found[:MAX_LISTED]]
        manuals = shared.services.library.manuals()
        view = homes.admin(person, manuals, words, zone, listed, len(found), told)
        return homes.extended(view, ticket_lists.home_sections(shared, person))
    if group == "reviewer":
        newest = ticket_lists.found(shared, person, TicketListRef(which=ticket_lists.ALL))
        view = homes.reviewer(person, desk.waiting_for(person), newest.tickets, words, zone, told)
        view = homes.extended(view, ticket_lists.home_sections(shared, person, newest, ticket_lists.ALL))
        return (
            homes.extended(view, voice.home(shared, words))
            if allowed(person.role, Action.CONFIRM_ANSWER)
            else view
        )
    mine = desk.escalations(filer_id=person.id, limit=_LISTED)
    tickets = ticket_lists.found(shared, person, TicketListRef(which=ticket_lists.MINE))
    view = homes.agent(person, mine, tickets.tickets, words, zone, told)
    return homes.extended(view, ticket_lists.home_sections(shared, person, tickets, ticket_lists.MINE))


LISTENERS = (Listener(Kind.EVENT, "app_home_opened", on_opened, scopes=("assistant:write",)),)

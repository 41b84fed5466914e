"""Coming to the bot: suggested prompts in the messages tab, the home per role."""

from __future__ import annotations

import threading

import structlog
from slack_bolt import Args
from sqlalchemy.exc import DBAPIError

from bot.assistant import turns
from bot.blocks import conflicts, feedbacks, home_lists, homes, publication
from bot.blocks.gaps import MAX_LISTED, Listed
from bot.blocks.parts import Block
from bot.blocks.references import StagedRef, TicketListRef
from bot.blocks.wording import Words
from bot.listeners import errors, home_pictures, places, procedures, rungs, ticket_lists, voice
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from bot.observing import requests
from bot.reporting import weekly
from bot.slack_errors import code_of
from tickets import calendar_file
from tickets.errors import CalendarError
from tickets.figures import Stretch
from tickets.people import Person
from tickets.rules import Action, allowed, require

_log = structlog.get_logger(__name__)
_LISTED = 10
_COMPLAINTS = 5
_wishes: set[tuple[str, str]] = set()
"""Whose homes are to be drawn anew: the bot's user id and theirs."""
_lock = threading.Lock()


def on_opened(shared: Shared, args: Args) -> None:
    """The messages tab or the home tab was opened."""
    event = args.body["event"]
    person = shared.person(str(event["user"]))
    words = shared.words(person.id)
    if event.get("tab") == "home":
        if _is_new(shared, str(args.body.get("event_id") or "")):
            publish(shared, person)
        return
    # Without thread_ts: with one, Slack says ok and shows nothing in an agent app.
    shared.client.assistant_threads_setSuggestedPrompts(
        channel_id=str(event["channel"]),
        title=words("prompt.title"),
        prompts=homes.prompts(person.role, words),
    )


def _is_new(shared: Shared, event_id: str) -> bool:
    """Whether no other copy of this opening was taken. A home shown twice is better than none: where nothing can be
    written, it is new."""
    try:
        return not event_id or shared.services.desk.claim(f"event:{event_id}")
    except DBAPIError:
        return True


def publish(shared: Shared, person: Person) -> None:
    """Show a person their home. A picture that is not drawn yet follows."""
    view = home(shared, person)
    home_pictures.publish(shared, person.id, view)
    if homes.prompt_group(person.role) == "reviewer" and not home_pictures.shows(view):
        shared.later.submit(_draw, shared, person)


def refresh(shared: Shared, person: Person) -> None:
    """Show a person their home anew, soon: several wishes at once are one, and answers and buttons go first."""
    wish = (shared.bot_user, person.id)
    with _lock:
        if wish in _wishes:
            return
        _wishes.add(wish)

    def show() -> None:
        with _lock:
            _wishes.discard(wish)
        try:
            with turns.computing():
                publish(shared, person)
        except Exception as error:  # noqa: BLE001 - opening the home shows it
            _log.warning("home.not_shown", error=code_of(error))

    shared.later.submit(requests.carried(show))


def _draw(shared: Shared, person: Person) -> None:
    """The week's picture, and the home with it."""
    try:
        words, stretch = shared.words(person.id), _this_week(shared)
        found = weekly.collect(shared.services.desk, stretch, words)
        if weekly.plain_lines(found, words) == [words("week.nothing")]:
            return
        title = weekly.title(stretch, words, shared.zone)
        if home_pictures.newest(shared, found, title, words) or home_pictures.draw(
            shared, found, stretch, words
        ):
            home_pictures.publish(shared, person.id, home(shared, person))
    except Exception as error:  # noqa: BLE001 - the home stands there without it
        _log.warning("home_picture.failed", error=code_of(error))


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
        waiting = _to_decide(shared, person, words)
        view = homes.admin(person, manuals, words, zone, listed, len(found), told, waiting)
        return homes.extended(view, ticket_lists.home_sections(shared, person))
    if group == "reviewer":
        newest = ticket_lists.found(shared, person, TicketListRef(which=ticket_lists.ALL))
        view = homes.reviewer(person, desk.waiting_for(person), newest.tickets, words, zone, told)
        view = homes.extended(view, ticket_lists.home_sections(shared, person, newest, ticket_lists.ALL))
        view = homes.extended(view, _week(shared, words))
        return (
            homes.extended(view, voice.home(shared, words))
            if allowed(person.role, Action.CONFIRM_ANSWER)
            else view
        )
    mine = desk.escalations(filer_id=person.id, limit=_LISTED)
    tickets = ticket_lists.found(shared, person, TicketListRef(which=ticket_lists.MINE))
    view = homes.agent(person, mine, tickets.tickets, words, zone, told)
    view = homes.extended(view, ticket_lists.home_sections(shared, person, tickets, ticket_lists.MINE))
    return homes.extended(view, _recent(shared, person))


def _recent(shared: Shared, person: Person) -> list[Block]:
    """What they were answered last, with the way there."""
    given = shared.services.desk.answers.recent(person.id, home_lists.MAX_ANSWERS)
    return home_lists.recent(
        given, lambda one: shared.links.to(shared.client, one.origin), shared.words(person.id), shared.zone
    )


def _this_week(shared: Shared) -> Stretch:
    return weekly.of_week(shared.services.desk.board.now().astimezone(shared.zone).date(), shared.zone)


def _week(shared: Shared, words: Words) -> list[Block]:
    """The running week so far, with its picture if that is drawn."""
    stretch = _this_week(shared)
    found = weekly.collect(shared.services.desk, stretch, words)
    title = weekly.title(stretch, words, shared.zone)
    picture = home_pictures.newest(shared, found, title, words)
    return home_lists.week(title, weekly.plain_lines(found, words), picture, words)


def _to_decide(shared: Shared, person: Person, words: Words) -> list[Block]:
    """What waits for an admin: editions, conflicts, answers that did not help, settings that are wrong."""
    services, zone = shared.services, shared.zone
    return [
        *home_lists.staged(services.library.staged(), words, zone),
        *conflicts.listed(services.library.conflicts(), words),
        *feedbacks.listed(services.desk.answers.complaints(person, _COMPLAINTS), words, zone),
        *home_lists.settings(_faults(shared), words),
    ]


def _faults(shared: Shared) -> list[str]:
    """What is wrong with the files that admins keep, one sentence each."""
    desk = shared.services.desk
    faults = [*desk.directory.concerns(), *map(str, desk.procedures.catalogue.problems)]
    try:
        calendar_file.load(shared.services.settings.calendar_file)
    except CalendarError as error:
        faults.append(str(error))
    return faults


def on_staged(shared: Shared, args: Args) -> None:
    """The comparison of what waits to be published, once more in the DM."""
    args.ack()
    place = places.of_interaction(args.body)
    person = shared.person(place.user)
    require(person, Action.MANAGE_MANUALS)  # the keeper refuses, too, but later and in another thread
    waiting = StagedRef.load(str(args.body["actions"][0].get("value") or "")).edition_ids
    words = shared.words(place.user)

    def show() -> None:
        report = shared.services.keeper.report(person, waiting)
        card = publication.card(report, words, shared.zone)
        places.tell(shared.client, place.user, publication.totals(report, words), card)

    errors.run_in_pool(shared, place, show)


LISTENERS = (
    Listener(Kind.EVENT, "app_home_opened", on_opened, scopes=("assistant:write",)),
    Listener(Kind.ACTION, home_lists.STAGED, on_staged),
)

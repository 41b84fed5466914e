"""Draft cards in Slack: every message that shows a draft, kept equal to what the desk knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import escalations, parts, rungs
from bot.blocks.parts import Block
from bot.blocks.rungs import Seen
from bot.blocks.wording import Words, words
from bot.services import Services
from tickets.people import Person
from tickets.records import Audience, Card, Escalation
from tickets.rungs import may_review, next_above

_log = structlog.get_logger(__name__)

_GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "cant_update_message"})

Drawn = tuple[str, list[Block]]
"""The plain text, not yet escaped, and the blocks of a message."""
DrawForFiler = Callable[[Services, Escalation, Words], Drawn]
WordsOf = Callable[[str], Words]
"""The strings in somebody's language, by their id."""


def subject(escalation_id: int) -> str:
    """The name under which the desk keeps the cards of an escalation."""
    return f"escalation:{escalation_id}"


def filed_subject(escalation_id: int) -> str:
    """The name of the filer's messages that say that it was filed."""
    return f"escalation_filed:{escalation_id}"


def asked_subject(escalation_id: int) -> str:
    """The name of the filer's messages that ask them something."""
    return f"escalation_asked:{escalation_id}"


def outcome_subject(escalation_id: int) -> str:
    """The name of the filer's messages that say how it ended."""
    return f"escalation_outcome:{escalation_id}"


def seen(services: Services, escalation: Escalation, *, buttons: bool = True) -> Seen:
    """What there is to know of an escalation besides itself."""
    desk, people = services.desk, services.people
    filer, accused = people.get(escalation.filer_id), escalation.content.accused
    above = next_above(people, filer, accused, escalation.awaiting)
    due, overdue = desk.rungs.due_at(escalation), desk.rungs.is_overdue(escalation)
    contact = desk.contacts.kept(subject(escalation.id))
    return Seen(filer.role, due, overdue, above is not None, buttons, contact)


def is_shut(escalation: Escalation, channel: str, audience: Audience) -> bool:
    """Whether it must not be read there: by somebody whom it is about, or where they could read along."""
    accused = escalation.content.accused
    return audience.user_id in accused if audience.user_id else bool(accused) and not channel.startswith("D")


def draw(services: Services, escalation: Escalation, channel: str, audience: Audience) -> Drawn:
    """The card in one place, for its readers: buttons only for those whose turn it can be."""
    house = words(services.settings.language)
    if is_shut(escalation, channel, audience):
        return house("card.closed"), escalations.closed(house)
    people = services.people
    if audience.user_id is not None:
        mine = may_review(people, people.get(audience.user_id), escalation)
    else:
        ladder = people.ladder_of(people.get(escalation.filer_id))
        mine = audience.role is None or ladder.height(audience.role) >= ladder.height(escalation.awaiting)
    shown = seen(services, escalation, buttons=mine)
    blocks = escalations.card(escalation, house, services.settings.zone, shown)
    return escalations.card_text(escalation, house), blocks


def draw_filed(services: Services, escalation: Escalation, reader: Words) -> Drawn:
    """The filer's message that it was filed, as things stand now."""
    blocks = escalations.filed(escalation, reader, seen(services, escalation), services.settings.zone)
    return escalations.filed_text(escalation, reader), blocks


def draw_asked(services: Services, escalation: Escalation, reader: Words) -> Drawn:
    """The filer's message that asks something."""
    blocks = rungs.asked(escalation, seen(services, escalation), reader, services.settings.zone)
    return rungs.asked_text(escalation, reader), blocks


def draw_outcome(services: Services, escalation: Escalation, reader: Words, *, lead: str = "") -> Drawn:
    """The filer's message that says how it ended."""
    blocks = escalations.outcome(escalation, reader, services.settings.zone, lead=lead)
    return escalations.outcome_text(escalation, reader), blocks


def redraw(
    client: WebClient,
    services: Services,
    escalation_id: int,
    also: tuple[str, str] | None = None,
    words_of: WordsOf | None = None,
) -> int:
    """Update every card of a draft, the filer's messages about it, and the message `also` (channel, ts); how many
    were updated.

    Cards that were deleted in Slack are left alone. Raises SlackApiError for anything else.
    """
    escalation = services.desk.escalation(escalation_id)
    cards = {(card.channel, card.ts): card for card in services.desk.cards(subject(escalation_id))}
    if also is not None and also not in cards:
        cards[also] = Card(subject(escalation_id), *also, Audience())
    drawn = [
        (card, draw(services, escalation, card.channel, card.audience)) for card in cards.values()
    ] + list(_of_filer(services, escalation, words_of))
    return sum(_update(client, card, made) for card, made in drawn)


def _of_filer(
    services: Services, escalation: Escalation, words_of: WordsOf | None
) -> Iterator[tuple[Card, Drawn]]:
    house = words(services.settings.language)
    reader = words_of(escalation.filer_id) if words_of else house
    kinds: list[tuple[str, Callable[[], Drawn]]] = [
        (filed_subject(escalation.id), partial(draw_filed, services, escalation, reader)),
        (asked_subject(escalation.id), partial(draw_asked, services, escalation, reader)),
        (outcome_subject(escalation.id), partial(draw_outcome, services, escalation, reader)),
    ]
    for name, make in kinds:
        for card in services.desk.cards(name):
            yield card, make()


def redraw_report(client: WebClient, services: Services, report_id: int, words_of: WordsOf) -> None:
    """Update the messages about a report owed afterwards. Raises SlackApiError but for messages that are gone."""
    report = services.desk.rungs.owed_report(report_id)
    for card in services.desk.cards(owed_subject(report_id)):
        reader = words_of(report.owed_by)
        _update(client, card, (rungs.owed_text(report, reader), rungs.owed(report, reader)))
    for card in services.desk.cards(given_subject(report_id)):
        reader = words_of(card.audience.user_id or "")
        _update(client, card, (rungs.given_text(report, reader), rungs.given(report, reader)))


def draw_missed(escalation: Escalation, person: Person, reader: Words, zone: ZoneInfo) -> Drawn:
    """The message to a superior who could not be reached."""
    return rungs.missed_text(escalation, person, reader), rungs.missed(escalation, person, reader, zone)


def redraw_missed(client: WebClient, services: Services, escalation_id: int, words_of: WordsOf) -> None:
    """Update these messages. Raises SlackApiError but for messages that are gone."""
    escalation, zone = services.desk.escalation(escalation_id), services.settings.zone
    for card in services.desk.cards(missed_subject(escalation_id)):
        user = card.audience.user_id or ""
        _update(client, card, draw_missed(escalation, services.people.get(user), words_of(user), zone))


def missed_subject(escalation_id: int) -> str:
    """The name of the messages to those who could not be reached."""
    return f"rung_missed:{escalation_id}"


def owed_subject(report_id: int) -> str:
    """The name of the messages to whoever owes a report."""
    return f"report_owed:{report_id}"


def given_subject(report_id: int) -> str:
    """The name of the messages to those who get it."""
    return f"report_given:{report_id}"


def _update(client: WebClient, card: Card, drawn: Drawn) -> bool:
    text, blocks = drawn
    try:
        client.chat_update(channel=card.channel, ts=card.ts, text=parts.fallback(text), blocks=blocks)
    except SlackApiError as error:
        if error.response.get("error") not in _GONE:
            raise
        _log.info("card.gone", subject=card.subject, channel=card.channel)
        return False
    return True

"""Telling people about tickets: logged, offered, changed, and cards drawn again."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, ticket_cards
from bot.blocks import tickets as ticket_blocks
from bot.blocks.parts import Block
from bot.keeping.correction_post import NothingToTell, dm_of, find_message, post
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PERSON_GONE
from bot.ticket_cards import TicketCards
from tickets.people import Role
from tickets.records import Notice, Ticket
from tickets.rows import ticket_subject

_log = structlog.get_logger(__name__)

_Send = Callable[[str], tuple[str, str]]
"""Tells one person; channel and ts of the message."""


class TicketPost:
    """Renders such messages and posts them. Raises `NothingToTell`, `Unreachable` and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages
        self._cards = TicketCards(services, client, languages)

    def logged(self, notice: Notice) -> tuple[str, str]:
        """The card of a new ticket to its owner, or to every admin when Slack does not know them: a manual may name
        anybody."""
        ticket = self._services.desk.ticket(notice.subject_id)
        if notice.maybe_sent and (there := self._card_of(ticket, ticket.owner_id)):
            return there
        return self._to_owner(ticket, lambda user: self._post_card(ticket, user))

    def _post_card(self, ticket: Ticket, user: str) -> tuple[str, str]:
        note = ticket_blocks.logged_text(ticket, self._languages.words(user))
        dm = str(self._client.conversations_open(users=user)["channel"]["id"])
        thread_ts = ticket.origin.thread_ts if ticket.origin.channel == dm else ""
        return self._cards.post(ticket.id, user, dm, thread_ts, note)

    def changed(self, notice: Notice) -> tuple[str, str]:
        """That a ticket was closed by the manuals, or opened again, as it stands now; and its cards drawn again."""
        ticket = self._services.desk.ticket(notice.subject_id)
        self._cards.redraw(ticket.id)

        def tell(user: str) -> tuple[str, str]:
            text = ticket_blocks.changed_text(ticket, self._languages.words(user))
            return self._tell(ticket, user, text, [parts.markdown(text)])

        return self._to_owner(ticket, tell)

    def offered(self, notice: Notice) -> tuple[str, str]:
        """The card with Accept and Decline to whoever is asked to take a ticket over."""
        ticket, user = self._services.desk.ticket(notice.subject_id), notice.audience.user_id or ""
        if ticket.offer is None or ticket.offer.to != user:
            raise NothingToTell
        if notice.maybe_sent and (there := self._card_of(ticket, user)):
            return there
        person = self._services.people.get(ticket.offer.by).name
        note = self._languages.words(user)("ticket.please_take", person=person, number=ticket.number)
        return self._cards.post(ticket.id, user, dm_of(self._client, user), "", note)

    def updated(self, notice: Notice) -> tuple[str, str]:
        """The cards of a ticket as it stands now."""
        self._cards.redraw(notice.subject_id)
        return "", ""

    def told(self, notice: Notice) -> tuple[str, str]:
        """One sentence to one person: who did what with the ticket."""
        number, user = int(notice.subject.partition(":")[2]), notice.audience.user_id or ""
        desk, words, zone = self._services.desk, self._languages.words(user), self._services.settings.zone
        entry = desk.board.told(number, notice.subject_id)
        if entry is None:
            raise NothingToTell
        dm, block_id = dm_of(self._client, user), f"ticket_told_{notice.id}"
        if notice.maybe_sent and (there := find_message(self._client, block_id, dm)):
            return there
        ticket = desk.ticket(number)
        person = self._services.people.get(entry.actor_id).name
        text = ticket_cards.told_text(entry, ticket, person, words)
        return post(self._client, dm, text, ticket_cards.told(entry, ticket, words, zone, block_id))

    def _to_owner(self, ticket: Ticket, send: _Send) -> tuple[str, str]:
        try:
            return send(ticket.owner_id)
        except SlackApiError as error:
            admins = [person.id for person in self._services.people.with_role(Role.ADMIN)]
            others = [user for user in admins if user != ticket.owner_id]
            if error.response.get("error") not in PERSON_GONE or not others:
                raise
            _log.warning("ticket.owner_unreachable", ticket=ticket.id)
            return [send(user) for user in others][-1]

    def _tell(self, ticket: Ticket, user: str, text: str, blocks: list[Block]) -> tuple[str, str]:
        dm = str(self._client.conversations_open(users=user)["channel"]["id"])
        thread_ts = ticket.origin.thread_ts if ticket.origin.channel == dm else ""
        return post(self._client, dm, text, blocks, thread_ts)

    def _card_of(self, ticket: Ticket, user: str) -> tuple[str, str] | None:
        """The card that an earlier attempt left with somebody."""
        cards = self._services.desk.cards(ticket_subject(ticket.id))
        mine = [card for card in cards if card.audience.user_id == user]
        return (mine[-1].channel, mine[-1].ts) if mine else None

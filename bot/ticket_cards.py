"""Cards of tickets in Slack, kept equal to what the desk knows."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, ticket_cards
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PLACE_GONE, TROUBLE, code_of
from tickets.records import Audience, Ticket
from tickets.rows import ticket_subject
from tickets.ticket_records import TicketView

_log = structlog.get_logger(__name__)

_REDRAWN = 20
"""The newest cards of a ticket are kept up to date: older ones have scrolled away long since."""
_LINKED = 6


class TicketCards:
    """Draws cards of tickets, posts them, and draws them again when the ticket changed."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    def blocks(self, view: TicketView, words: Words, reader: str, note: str = "") -> list[Block]:
        """The card for one reader as things stand now."""
        desk, settings = self._services.desk, self._services.settings
        contact = desk.contacts.kept(ticket_subject(view.ticket.id))
        return ticket_cards.card(
            view, words, settings.zone, self._services.desk.board.now(), reader=reader, links=self._links(view),
            contact=contact, note=note,
        )  # fmt: skip

    def _links(self, view: TicketView) -> dict[int, str]:
        """Where each began, as far as Slack still knows."""
        found = {}
        for ticket in (view.ticket, *view.duplicates)[:_LINKED]:
            link = self._link(ticket)
            if link:
                found[ticket.id] = link
        return found

    def _link(self, ticket: Ticket) -> str:
        origin = ticket.origin
        ts = origin.message_ts or origin.thread_ts
        if not origin.channel or not ts:
            return ""
        try:
            answer = self._client.chat_getPermalink(channel=origin.channel, message_ts=ts)
        except TROUBLE as error:  # without its link a card is still worth having
            _log.info("ticket.no_link", ticket=ticket.id, error=code_of(error))
            return ""
        return str(answer.get("permalink") or "")

    def post(self, ticket_id: int, reader: str, channel: str, thread_ts: str, note: str) -> tuple[str, str]:
        """Post the card for a reader and remember it; channel and ts. Raises SlackApiError."""
        desk, words = self._services.desk, self._languages.words(reader)
        view = desk.board.shown(ticket_id)
        sent = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts or None,
            text=parts.fallback(note or ticket_cards.card_text(view.ticket, words)),
            blocks=self.blocks(view, words, reader, note),
        )
        where = str(sent["channel"]), str(sent["ts"])
        desk.place_card(ticket_subject(ticket_id), *where, Audience(user_id=reader))
        if desk.ticket(ticket_id).updated_at != view.ticket.updated_at:  # it changed before it was remembered
            self.redraw(ticket_id)
        return where

    def redraw(self, ticket_id: int) -> int:
        """Bring the cards of a ticket up to date; how many. Cards that are gone are left alone.

        Raises SlackApiError for anything else.
        """
        desk = self._services.desk
        view, drawn = desk.board.shown(ticket_id), 0
        for card in desk.cards(ticket_subject(ticket_id))[-_REDRAWN:]:
            reader = card.audience.user_id or ""
            words = self._languages.words(reader)
            text = parts.fallback(ticket_cards.card_text(view.ticket, words))
            try:
                self._client.chat_update(
                    channel=card.channel, ts=card.ts, text=text, blocks=self.blocks(view, words, reader)
                )
            except SlackApiError as error:
                if error.response.get("error") not in {*PLACE_GONE, "cant_update_message"}:
                    raise
                _log.info("card.gone", ticket=ticket_id, channel=card.channel)
            else:
                drawn += 1
        return drawn

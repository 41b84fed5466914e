"""Cards about confirmed answers in Slack, kept equal to what the desk knows."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.assistant.one_voice import standing
from bot.assistant.quoting import cite
from bot.blocks import parts, voice
from bot.blocks.parts import Block
from bot.blocks.wording import Words, words
from bot.services import Services
from bot.slack_errors import PLACE_GONE
from knowledge.clauses import Citation
from knowledge.views import Reader
from tickets import acknowledging, confirming
from tickets.confirmed import Acknowledgement

_log = structlog.get_logger(__name__)

SentenceOf = Callable[[Words], str]
"""A sentence in the language of whoever reads it."""


def text(sent: Acknowledgement, reader: Words) -> str:
    """The plain `text` of a card to be read, not yet escaped."""
    return reader("ack.text", question=parts.clip(sent.content.question, 300))


def acknowledgement_card(
    services: Services, sent: Acknowledgement, reader: Words, *, reminder: bool = False
) -> list[Block]:
    """The card of what is to be read, as things stand now."""
    confirmed = services.desk.confirmed.get(sent.confirmed_id)
    return voice.card(
        sent, confirmed, _citations(services, sent), reader, services.settings.zone, reminder=reminder
    )


def _citations(services: Services, sent: Acknowledgement) -> list[Citation]:
    """Its sources, as far as the channel may read them and they are still so."""
    view = services.library.view(reader=Reader(channel=sent.channel))
    return [cite(clause) for clause in standing(view, sent.content.clause_ids) or ()]


def redraw_acknowledgement(client: WebClient, services: Services, acknowledgement_id: int) -> None:
    """Bring the cards of something to be read up to date. Raises SlackApiError for all but a card that is gone."""
    sent = services.desk.confirmed.acknowledgement(acknowledgement_id)
    house = words(services.settings.language)
    blocks = acknowledgement_card(services, sent, house)
    for card in services.desk.cards(acknowledging.subject(acknowledgement_id)):
        _update(client, card.channel, card.ts, text(sent, house), blocks)


def settle(
    client: WebClient, services: Services, confirmed_id: int, sentence: SentenceOf, user: str = ""
) -> None:
    """Take the buttons off the cards that asked about a confirmed answer (of one user: theirs only)."""
    for card in services.desk.cards(confirming.subject(confirmed_id)):
        if user in ("", card.audience.user_id):
            said = sentence(words(services.settings.language))
            _update(client, card.channel, card.ts, said, voice.settled(said))


def _update(client: WebClient, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
    try:
        client.chat_update(channel=channel, ts=ts, text=parts.fallback(text), blocks=blocks)
    except SlackApiError as error:
        if error.response.get("error") not in {*PLACE_GONE, "cant_update_message"}:
            raise
        _log.info("card.gone", channel=channel)

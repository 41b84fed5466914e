"""Draft cards in Slack: every message that shows a draft, kept equal to what the desk knows."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import escalations, parts
from bot.blocks.wording import words
from bot.services import Services

_log = structlog.get_logger(__name__)

_GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "cant_update_message"})


def subject(escalation_id: int) -> str:
    """The name under which the desk keeps the cards of an escalation."""
    return f"escalation:{escalation_id}"


def redraw(
    client: WebClient, services: Services, escalation_id: int, also: tuple[str, str] | None = None
) -> int:
    """Update every card of a draft, and the message `also` (channel, ts); how many were updated.

    Cards that were deleted in Slack are left alone. Raises SlackApiError for anything else.
    """
    escalation = services.desk.escalation(escalation_id)
    house = words(services.settings.language)
    blocks = escalations.card(escalation, house, services.settings.zone)
    text = parts.escape(escalations.card_text(escalation, house))
    places = {(card.channel, card.ts): None for card in services.desk.cards(subject(escalation_id))}
    if also is not None:
        places[also] = None
    updated = 0
    for channel, ts in places:
        try:
            client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            _log.info("card.gone", escalation=escalation_id, channel=channel)
        else:
            updated += 1
    return updated

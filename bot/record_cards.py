"""Cards of filled-in procedures in Slack: each in the language of its reader, all kept equal to what the desk knows."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, records
from bot.blocks.parts import Block
from bot.blocks.wording import Words, words
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PERSON_GONE, PLACE_GONE
from tickets.procedure_records import Record
from tickets.records import Audience

_log = structlog.get_logger(__name__)

_GONE = PLACE_GONE | PERSON_GONE | {"cant_update_message"}

Where = tuple[str, str]
"""Channel and ts of a message."""


class RecordCards:
    """Posts and redraws the cards of records."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    def blocks(self, record: Record, user: str) -> list[Block]:
        """The card as `user` sees it; empty: as everybody in a channel does."""
        procedure = self._services.desk.procedures.spec_of(record)
        return records.card(record, procedure, self.reader(user), self._services.settings.zone, user)

    def text(self, record: Record, user: str) -> str:
        """The plain `text` of the card, not yet escaped."""
        return records.card_text(record, self._services.desk.procedures.spec_of(record), self.reader(user))

    def reader(self, user: str) -> Words:
        """The strings in the language of `user`, or of the house."""
        return self._languages.words(user) if user else words(self._services.settings.language)

    def place(
        self, record: Record, user: str, channel: str, *, above: str = "", thread_ts: str = ""
    ) -> Where:
        """Post the card for a person (empty: for a channel), below a sentence, and remember it. SlackApiError."""
        blocks = [*([parts.markdown(above)] if above else []), *self.blocks(record, user)]
        sent = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts or None,
            text=parts.fallback(above or self.text(record, user)),
            blocks=blocks[: parts.MAX_MESSAGE_BLOCKS],
        )
        where = str(sent["channel"]), str(sent["ts"])
        audience = Audience(user_id=user) if user else Audience()
        subject, desk = records.subject(record.id), self._services.desk
        older = [card for card in desk.cards(subject) if user and card.audience.user_id == user]
        desk.place_card(subject, *where, audience)
        for card in older:
            self._write(record, (card.channel, card.ts), user, live=False)
        return where

    def redraw(self, record_id: int, also: Where | None = None, user: str = "") -> int:
        """Bring every card of a record up to date, and the message `also`, which `user` looks at; how many.

        Cards that were deleted in Slack are left alone. Raises SlackApiError for anything else.
        """
        desk = self._services.desk
        record = desk.procedures.get(record_id)
        readers = {
            (card.channel, card.ts): card.audience.user_id or ""
            for card in desk.cards(records.subject(record_id))
        }
        if also is not None:
            readers.setdefault(also, user if also[0].startswith("D") else "")
        # Of several cards of one reader the newest is the one to act on; a ts is a time.
        newest = {
            reader: where for where, reader in sorted(readers.items(), key=lambda item: float(item[0][1]))
        }
        return sum(
            self._write(record, where, reader, live=not reader or newest[reader] == where)
            for where, reader in readers.items()
        )

    def _write(self, record: Record, where: Where, reader: str, *, live: bool) -> bool:
        channel, ts = where
        text = parts.fallback(self.text(record, reader))
        blocks = self.blocks(record, reader) if live else records.superseded(record, self.reader(reader))
        try:
            self._client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            _log.info("card.gone", record=record.id, channel=channel)
            return False
        return True

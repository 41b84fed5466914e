"""Delivering corrections: into the thread of the answer, else the asker's DM, and never twice."""

from __future__ import annotations

from collections.abc import Collection

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import corrections as correction_blocks
from bot.blocks import parts
from bot.blocks.corrections import Change, Ending
from bot.blocks.parts import Block
from bot.blocks.wording import Words, words
from bot.cards import redraw, subject
from bot.listeners import threads
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PERSON_GONE, PLACE_GONE
from knowledge.manuals import PublicationKind
from knowledge.views import Reader
from tickets.corrections import ChangedClause, Correction, RecordKind
from tickets.records import UNDECIDED, Notice, Origin

_log = structlog.get_logger(__name__)

_LOOKED_BACK = 50
"""Messages of a DM in which one that may have been sent before is looked for."""


def find_message(
    client: WebClient, block_id: str, channel: str, thread_ts: str = ""
) -> tuple[str, str] | None:
    """The message with a block of this id in a thread, or among the last of a channel."""
    try:
        if thread_ts:
            messages = threads.read(client, channel, thread_ts)
        else:
            page = client.conversations_history(channel=channel, limit=_LOOKED_BACK)
            messages = page.get("messages") or []
    except SlackApiError as error:
        if error.response.get("error") in PLACE_GONE:
            return None
        raise
    for message in messages:
        if any(block.get("block_id") == block_id for block in message.get("blocks") or ()):
            return channel, str(message["ts"])
    return None


class Unreachable(Exception):
    """Slack knows no way to this person any more."""


class NothingToTell(Exception):
    """What was to be told is told by a newer notice, or holds no more."""


class OlderOnItsWay(Exception):
    """An older correction of the same answer is not settled; this one comes after it."""


class CorrectionPost:
    """Renders corrections and flags and posts them. Raises the three errors above and Slack's own."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    def to_asker(self, notice: Notice) -> tuple[str, str]:
        """One answer's correction; channel and ts of the message."""
        correction = self._services.desk.corrections.get(notice.subject_id)
        answer = correction.answer
        if answer is None:
            raise NothingToTell
        reader = self._languages.words(answer.asker_id)
        there = self._sent_before(notice, correction.id, answer.asker_id, answer.origin)
        if there is not None:
            return there
        if correction.superseded:
            raise NothingToTell
        if correction.waits:
            raise OlderOnItsWay
        private = not answer.origin.channel or answer.origin.channel.startswith("D")
        roles = frozenset({self._services.people.get(answer.asker_id).role.value}) if private else frozenset()
        changes = self._changes(correction, Reader(roles, answer.origin.channel))
        if not changes:
            raise NothingToTell
        zone = self._services.settings.zone
        text = correction_blocks.message_text(answer.question, reader)

        def blocks(address: str = "") -> list[Block]:
            return correction_blocks.message(
                correction.id, answer.question, answer.asked_at, changes, reader, zone, address=address
            )

        origin = answer.origin
        if origin.channel and origin.thread_ts:
            try:
                address = "" if origin.channel.startswith("D") else answer.asker_id
                return self._post(origin.channel, text, blocks(address), origin.thread_ts)
            except SlackApiError as error:
                if error.response.get("error") not in PLACE_GONE:
                    raise
                _log.info("correction.thread_gone", correction=correction.id, channel=origin.channel)
        return self._post(self._dm(answer.asker_id), text, blocks())

    def to_holders(self, notice: Notice) -> tuple[str, str]:
        """That the basis of an open escalation or ticket changed: to one person, or to the rung it waits for."""
        correction = self._services.desk.corrections.get(notice.subject_id)
        user = notice.audience.user_id
        reader = self._languages.words(user) if user else words(self._services.settings.language)
        sentence, origin = self._about(correction, reader)
        changes = self._changes(correction, Reader())
        zone = self._services.settings.zone
        blocks = correction_blocks.flagged(correction.id, sentence, changes, reader, zone)
        if user:
            dm = self._dm(user)
            thread_ts = origin.thread_ts if origin.channel == dm else ""
            return self._post_once(notice, correction.id, dm, sentence, blocks, thread_ts)
        redraw(self._client, self._services, correction.record_id)
        last = ("", "")
        for card in self._services.desk.cards(subject(correction.record_id)):
            try:
                last = self._post_once(notice, correction.id, card.channel, sentence, blocks, card.ts)
            except SlackApiError as error:
                if error.response.get("error") not in PLACE_GONE:
                    raise
                _log.info("card.gone", correction=correction.id, channel=card.channel)
        return last

    def _about(self, correction: Correction, reader: Words) -> tuple[str, Origin]:
        """One sentence that names the record, and where it began. NothingToTell when it is settled by now."""
        desk = self._services.desk
        if correction.kind is RecordKind.ESCALATION:
            escalation = desk.escalation(correction.record_id)
            if escalation.state not in UNDECIDED:
                raise NothingToTell
            return reader("correction.basis_escalation", number=escalation.number), escalation.origin
        ticket = desk.ticket(correction.record_id)
        if not ticket.state.active:
            raise NothingToTell
        return reader("correction.basis_ticket", number=ticket.number), ticket.origin

    def _changes(self, correction: Correction, reader: Reader) -> list[Change]:
        return self.changes(correction.generation, correction.clauses, reader)

    def changes(self, generation: int, changed: Collection[ChangedClause], reader: Reader) -> list[Change]:
        """What really differs, each rule once; of a rule that `reader` must not see any more only that it changed."""
        numbers = {n for clause in changed for n in (clause.old, clause.new) if n is not None}
        library = self._services.library
        clauses = dict(zip(sorted(numbers), library.clauses(sorted(numbers)), strict=True))
        admitted = {manual.manual_id for manual in library.view(reader=reader).manuals()}
        found: dict[tuple[str, str], Change] = {}
        for clause in changed:
            old = clauses[clause.old] if clause.old is not None else None
            new = clauses[clause.new] if clause.new is not None else None
            keys = (old.text_key if old else "", new.text_key if new else "")
            if keys[0] != keys[1]:
                ending = self._ending(generation, old.manual_id if old and not new else 0)
                if new is not None and new.manual_id not in admitted:
                    new, ending = None, "restricted"
                found.setdefault(keys, Change(old, new, ending))
        return list(found.values())

    def _ending(self, generation: int, manual_id: int) -> Ending:
        """Why a rule of a manual ended."""
        if not manual_id:
            return "removed"
        published = self._services.library.publication(generation)
        if any(m.manual_id == manual_id and m.after_edition_id for m in published.moves):
            return "removed"
        return "expired" if published.kind is PublicationKind.EXPIRY else "withdrawn"

    def _dm(self, user: str) -> str:
        return dm_of(self._client, user)

    def _sent_before(
        self, notice: Notice, correction_id: int, user: str, origin: Origin
    ) -> tuple[str, str] | None:
        """The message that an earlier attempt left behind, when there may be one."""
        if not notice.maybe_sent:
            return None
        if origin.channel and origin.thread_ts:
            there = self._find(correction_id, origin.channel, origin.thread_ts)
            if there is not None:
                return there
        return self._find(correction_id, self._dm(user))

    def _post_once(
        self,
        notice: Notice,
        correction_id: int,
        channel: str,
        text: str,
        blocks: list[Block],
        thread_ts: str = "",
    ) -> tuple[str, str]:
        there = self._find(correction_id, channel, thread_ts) if notice.maybe_sent else None
        return there or self._post(channel, text, blocks, thread_ts)

    def _find(self, correction_id: int, channel: str, thread_ts: str = "") -> tuple[str, str] | None:
        """The message of a correction in a thread or among the last of a DM."""
        return find_message(self._client, correction_blocks.block_id(correction_id), channel, thread_ts)

    def _post(self, channel: str, text: str, blocks: list[Block], thread_ts: str = "") -> tuple[str, str]:
        return post(self._client, channel, text, blocks, thread_ts)


def dm_of(client: WebClient, user: str) -> str:
    """The DM of a person with the bot. Raises Unreachable when Slack does not know them any more."""
    try:
        return str(client.conversations_open(users=user)["channel"]["id"])
    except SlackApiError as error:
        if error.response.get("error") in PERSON_GONE:
            raise Unreachable(user) from error
        raise


def post(
    client: WebClient, channel: str, text: str, blocks: list[Block], thread_ts: str = ""
) -> tuple[str, str]:
    """Post a message; its channel and ts. `text` is escaped here."""
    sent = client.chat_postMessage(
        channel=channel, thread_ts=thread_ts or None, text=parts.fallback(text), blocks=blocks
    )
    return str(sent["channel"]), str(sent["ts"])

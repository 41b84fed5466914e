"""Delivering what concerns confirmed answers: asking a supervisor again, having a channel read, reminding."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import voice_cards
from bot.blocks import parts, voice
from bot.blocks.corrections import Change
from bot.blocks.parts import Block
from bot.blocks.wording import words
from bot.keeping.correction_post import CorrectionPost, NothingToTell, Unreachable, find_message
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PERSON_GONE, PLACE_GONE
from knowledge.views import Reader
from tickets import acknowledging, confirming
from tickets.confirmed import ConfirmedAnswer, ConfirmedState
from tickets.corrections import ChangedClause
from tickets.people import Role
from tickets.records import Audience, Notice
from tickets.rules import Action, allowed

_log = structlog.get_logger(__name__)

_NOT_THERE = PLACE_GONE | {"missing_scope", "no_permission", "not_allowed"}


class VoicePost:
    """Renders and posts. Raises Unreachable, NothingToTell and Slack's own errors."""

    def __init__(
        self, services: Services, client: WebClient, languages: Languages, corrections: CorrectionPost
    ) -> None:
        self._services = services
        self._client = client
        self._languages = languages
        self._corrections = corrections

    def ask_again(self, notice: Notice) -> tuple[str, str]:
        """Whoever confirmed an answer whose clauses changed, once for all that changed until now."""
        desk = self._services.desk
        confirmed = desk.confirmed.get(notice.subject_id)
        for sent in desk.confirmed.acknowledgements(confirmed.id):
            if sent.ended_at is None:
                voice_cards.redraw_acknowledgement(self._client, self._services, sent.id)
        if confirmed.state is not ConfirmedState.STALE or not confirmed.asked_at_generation:
            raise NothingToTell
        last = ("", "")
        for user in self._supervisors(confirmed):
            try:
                last = self._ask(confirmed, user)
            except SlackApiError as error:
                if error.response.get("error") not in PERSON_GONE:
                    raise
                _log.warning("confirmed.supervisor_unreachable", confirmed=confirmed.id, user=user)
            else:
                if user == confirmed.confirmed_by:
                    break
        if last == ("", ""):
            raise Unreachable(confirmed.confirmed_by)
        return last

    def _supervisors(self, confirmed: ConfirmedAnswer) -> list[str]:
        """Whoever confirmed it, as long as they may; then every supervisor."""
        people = self._services.people
        others = [person.id for person in people.with_role(Role.SUPERVISOR)]
        may = allowed(people.get(confirmed.confirmed_by).role, Action.CONFIRM_ANSWER)
        return list(dict.fromkeys([confirmed.confirmed_by, *others] if may else others))

    def _ask(self, confirmed: ConfirmedAnswer, user: str) -> tuple[str, str]:
        reader = self._languages.words(user)
        dm = str(self._client.conversations_open(users=user)["channel"]["id"])
        there = find_message(self._client, voice.stale_block_id(confirmed), dm)
        if there is not None:  # of this change; another notice was of the same
            return there
        voice_cards.settle(
            self._client,
            self._services,
            confirmed.id,
            lambda words: words("confirm.newer_card", id=confirmed.id),
            user,
        )
        blocks = voice.stale(confirmed, self._changes(confirmed, user), reader, self._services.settings.zone)
        place = self._post(dm, reader("confirm.stale_title"), blocks)
        subject = confirming.subject(confirmed.id)
        self._services.desk.place_card(subject, *place, Audience(user_id=user))
        return place

    def _changes(self, confirmed: ConfirmedAnswer, user: str) -> list[Change]:
        """What each clause said when it was confirmed, and says now."""
        role = self._services.people.get(user).role.value
        changed = [
            ChangedClause(clause.position, clause.cited, clause.stands, told=True)
            for clause in confirmed.clauses
        ]
        reader = Reader(frozenset({role}))
        return self._corrections.changes(confirmed.asked_at_generation, changed, reader)

    def to_channel(self, notice: Notice) -> tuple[str, str]:
        """The card that a channel is to read; of one that is over, its cards are redrawn."""
        desk = self._services.desk
        sent = desk.confirmed.acknowledgement(notice.subject_id)
        if sent.ended_at is not None:
            voice_cards.redraw_acknowledgement(self._client, self._services, sent.id)
            raise NothingToTell
        block_id = voice.card_block_id(sent)
        there = find_message(self._client, block_id, sent.channel) if notice.maybe_sent else None
        house = words(self._services.settings.language)
        try:
            place = there or self._post(
                sent.channel,
                voice_cards.text(sent, house),
                voice_cards.acknowledgement_card(self._services, sent, house),
            )
        except SlackApiError as error:
            if error.response.get("error") not in _NOT_THERE:
                raise
            reader = self._languages.words(sent.sent_by)
            sentence = reader("ack.not_posted", id=sent.confirmed_id)
            dm = str(self._client.conversations_open(users=sent.sent_by)["channel"]["id"])
            self._post(dm, sentence, voice.settled(sentence))
            raise Unreachable(sent.channel) from error
        desk.place_card(acknowledging.subject(sent.id), *place)
        return place

    def remind(self, notice: Notice) -> tuple[str, str]:
        """One person who has not read it."""
        sent = self._services.desk.confirmed.acknowledgement(notice.subject_id)
        user = notice.audience.user_id or ""
        if sent.ended_at is not None or user not in {reader.person_id for reader in sent.missing}:
            raise NothingToTell
        reader = self._languages.words(user)
        try:
            dm = str(self._client.conversations_open(users=user)["channel"]["id"])
        except SlackApiError as error:
            if error.response.get("error") in PERSON_GONE:
                raise Unreachable(user) from error
            raise
        blocks = voice_cards.acknowledgement_card(self._services, sent, reader, reminder=True)
        return self._post(dm, voice_cards.text(sent, reader), blocks)

    def _post(self, channel: str, text: str, blocks: list[Block]) -> tuple[str, str]:
        sent = self._client.chat_postMessage(channel=channel, text=parts.fallback(text), blocks=blocks)
        return str(sent["channel"]), str(sent["ts"])

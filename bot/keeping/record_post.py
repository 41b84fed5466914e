"""Delivering what concerns filled-in procedures: cards to whoever acts, what became of them, reminders, broadcasts."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, procedures, record_lists, records
from bot.blocks.parts import Block
from bot.blocks.wording import Words, words
from bot.keeping.correction_post import NothingToTell, Unreachable, dm_of, find_message, post
from bot.listeners.languages import Languages
from bot.record_cards import RecordCards, Where
from bot.services import Services
from bot.slack_errors import PLACE_GONE
from tickets.people import Role
from tickets.procedure_records import Record, RecordState
from tickets.records import Notice

_log = structlog.get_logger(__name__)

_REMEMBERED = 1000
_NOT_THERE = PLACE_GONE | {"missing_scope", "no_permission", "not_allowed"}


class NobodyActs(Exception):
    """Nobody stands on the rung that a step waits for; it is told as soon as the people file names somebody."""


class RecordPost:
    """Renders and posts. Raises Unreachable, NothingToTell, NobodyActs and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages
        self._cards = RecordCards(services, client, languages)
        self._drawn: dict[int, tuple[int, int]] = {}

    def step(self, notice: Notice) -> Where:
        """The card to whoever may take the step now; of one that went on meanwhile, only its cards are redrawn."""
        record = self._record(notice)
        self._redraw(record)
        return self._to_actors(notice, record, "")

    def reminder(self, notice: Notice) -> Where:
        """The card again, to whoever let its deadline pass."""
        return self._to_actors(notice, self._record(notice), "record.reminder")

    def passed_up(self, notice: Notice) -> Where:
        """The card to the next rung, which may act now."""
        record = self._record(notice)
        self._redraw(record)
        return self._to_actors(notice, record, "record.passed_up_to_you")

    def _to_actors(self, notice: Notice, record: Record, above: str) -> Where:
        last = None
        for user in self._audience(notice, record):
            if user in record.waiting_for:
                last = self._card(notice, record, user, above)
        if last is None:
            raise NothingToTell
        return last

    def _audience(self, notice: Notice, record: Record) -> list[str]:
        """The person that a notice is for, or those who stand on its rung by now."""
        if notice.audience.user_id:
            return [notice.audience.user_id]
        if (
            notice.kind.value != "procedure_alarm"
            and record.state is RecordState.WAITING
            and record.waiting_for
        ):
            return list(record.waiting_for)
        role = notice.audience.role or Role.ADMIN
        found = [one.id for one in self._services.people.with_role(role) if one.id != record.filer_id]
        if not found:
            raise NobodyActs(role.value)
        return found

    def _card(self, notice: Notice, record: Record, user: str, above: str = "", **values: str) -> Where:
        """The card in somebody's DM, once: when an earlier sender died in the middle, it may be there already."""
        dm = dm_of(self._client, user)
        placed = {(card.channel, card.ts) for card in self._services.desk.cards(records.subject(record.id))}
        there = find_message(self._client, records.block_id(record), dm) if notice.maybe_sent else None
        if there is not None and there not in placed:
            return there
        return self._cards.place(record, user, dm, above=self._sentence(record, user, above, **values))

    def _sentence(self, record: Record, user: str, key: str, **values: str) -> str:
        if not key:
            return ""
        reader = self._cards.reader(user)
        procedure = self._services.desk.procedures.spec_of(record)
        name = procedure.name.in_language(reader.language)
        return reader(key, number=record.number, name=name, **values)

    def changed(self, notice: Notice) -> Where:
        """What became of it: to its filer, and to who took part when it ended. All its cards are redrawn."""
        record = self._record(notice)
        self._redraw(record)
        user = notice.audience.user_id or ""
        if not user:
            raise NothingToTell
        if record.state is RecordState.RETURNED and user == record.filer_id:
            return self._card(notice, record, user, "record.returned_to_you", reason=self._last_note(record))
        dm, reader = dm_of(self._client, user), self._cards.reader(user)
        text = records.told(record, self._services.desk.procedures.spec_of(record), reader)
        return post(self._client, dm, text, self._told(record, user, text, reader))

    def _told(self, record: Record, user: str, text: str, reader: Words) -> list[Block]:
        desk = self._services.desk.procedures
        blocks = [parts.markdown(text)]
        note = self._last_note(record)
        if note:
            blocks.append(parts.rich(parts.quote(note)))
        following = desk.catalogue.procedures.get(desk.spec_of(record).effect.starts or "")
        if record.state is RecordState.DONE and user == record.filer_id and following is not None:
            label = reader("record.start_next", name=following.name.in_language(reader.language))
            blocks.append(parts.actions(procedures.start(following, label)))
        return blocks

    @staticmethod
    def _last_note(record: Record) -> str:
        return record.path[-1].note if record.path else ""

    def alarm(self, notice: Notice) -> Where:
        """What must be heard at once, with the card; `subject_id` is the alarm's number."""
        record = self._record(notice)
        alarm = self._services.desk.procedures.spec_of(record).alarms[notice.subject_id - 1]
        last: Where = "", ""
        for user in self._audience(notice, record):
            message = alarm.message.in_language(self._cards.reader(user).language)
            last = self._card(notice, record, user, "record.alarm", message=message)
        return last

    def moment(self, notice: Notice) -> Where:
        """A moment that was booked comes; `subject_id` is the reminder's number."""
        record = self._record(notice)
        reminder = self._services.desk.procedures.spec_of(record).reminders[notice.subject_id - 1]
        last: Where = "", ""
        for user in self._audience(notice, record):
            message = reminder.message.in_language(self._cards.reader(user).language)
            last = self._card(notice, record, user, "record.moment", message=message)
        return last

    def broadcast(self, notice: Notice) -> Where:
        """The agreed wording into its channel; its filer is told when it cannot be posted there."""
        desk, record = self._services.desk.procedures, self._record(notice)
        channel, text = desk.broadcast(record)
        house = words(self._services.settings.language)
        there = None
        if notice.maybe_sent and channel:
            there = find_message(self._client, record_lists.broadcast_block_id(record), channel)
        procedure = desk.spec_of(record)
        blocks = record_lists.broadcast(record, procedure, text, len(desk.read_by(record.id)), house)
        try:
            return there or post(self._client, channel, records.card_text(record, procedure, house), blocks)
        except SlackApiError as error:
            if error.response.get("error") not in _NOT_THERE:
                raise
            sentence = self._sentence(record, record.filer_id, "record.not_broadcast")
            post(self._client, dm_of(self._client, record.filer_id), sentence, [parts.markdown(sentence)])
            raise Unreachable(channel) from error

    def _redraw(self, record: Record) -> None:
        """Bring its cards up to date, once for all notices of what happened last."""
        state = record.revision, len(record.path)
        if self._drawn.get(record.id) == state:
            return
        self._cards.redraw(record.id)
        if len(self._drawn) >= _REMEMBERED:
            self._drawn.clear()
        self._drawn[record.id] = state

    def _record(self, notice: Notice) -> Record:
        return self._services.desk.procedures.get(int(notice.subject.partition(":")[2]))

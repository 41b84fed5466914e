"""The preferences' part of the desk, reached as `desk.preferences`: like there, every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from tickets import channel_settings, preferences
from tickets.channel_settings import ChannelSetting
from tickets.errors import InvalidInput
from tickets.people import Person
from tickets.preferences import Effective, Owner, Preference
from tickets.rules import Action, require
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


class PreferenceDesk:
    """What people and channels have told about themselves. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone

    def of_person(self, person_id: str) -> Preference:
        """What a person told about themselves."""
        with reading(self._engine) as session:
            return preferences.get(session, Owner.PERSON, person_id)

    def of_channel(self, channel: str) -> Preference:
        """What is set for a channel."""
        with reading(self._engine) as session:
            return preferences.get(session, Owner.CHANNEL, channel)

    def channel_setting(self, channel: str) -> ChannelSetting:
        """How a channel is answered: as it is set, else openly and from every manual."""
        with reading(self._engine) as session:
            return channel_settings.get(session, channel)

    def effective(self, person_id: str, channel: str = "") -> Effective:
        """What holds for a question of this person in this channel: a channel's setting wins there."""
        with reading(self._engine) as session:
            return preferences.effective(session, person_id, channel)

    def choose(self, actor: Person, organisation: str, product: str) -> Preference:
        """Remember which organisation or product the actor means; what else they told stays. InvalidInput."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            told = preferences.get(tx.session, Owner.PERSON, actor.id)
            chosen = replace(
                told, organisation=organisation or told.organisation, product=product or told.product
            )
            return preferences.put(tx, actor.id, Owner.PERSON, actor.id, chosen)

    def set_person(self, actor: Person, told: Preference) -> Preference:
        """Replace what the actor told about themselves; an empty one forgets it. InvalidInput."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            kept = preferences.put(tx, actor.id, Owner.PERSON, actor.id, told)
        log.info("preference.set", owner=Owner.PERSON.value)
        return kept

    def set_channel(
        self, actor: Person, channel: str, told: Preference, setting: ChannelSetting | None = None
    ) -> Preference:
        """Replace what is set for a channel; an empty one forgets it. `setting` None: that part stays.

        Raises NotAllowed (it changes everybody's answers there), InvalidInput.
        """
        require(actor, Action.SET_CHANNEL)
        if not channel:
            raise InvalidInput("channel", "There is no channel to set this for.")
        with writing(self._engine, self._clock(), self._zone) as tx:
            kept = preferences.put(tx, actor.id, Owner.CHANNEL, channel, replace(told, staff_number=""))
            if setting is not None:
                channel_settings.put(tx, actor.id, channel, setting)
        log.info("preference.set", owner=Owner.CHANNEL.value)
        return kept

"""What every listener works with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot.blocks.wording import Words, words
from bot.listeners.kept import KeptAnswers
from bot.listeners.languages import Languages
from bot.listeners.links import Links
from bot.listeners.pace import Pace
from bot.listeners.places import Place
from bot.listeners.running import RunningAnswers
from bot.listeners.threads import OurThreads
from bot.services import Services
from knowledge.views import Reader, View
from tickets.channel_settings import OPEN, ChannelSetting, Reach
from tickets.people import Person

if TYPE_CHECKING:
    from bot.connecting import Connection


@dataclass(frozen=True, slots=True)
class Shared:
    """The services, and what is needed to speak to Slack."""

    services: Services
    client: WebClient
    bot_user: str
    """User id of the bot: its own mention and messages are known by it."""
    pool: Executor
    """For slow work (answering, drafting, reading files), so that clicks never wait for it."""
    later: Executor
    """For what nobody waits for (homes drawn anew, pictures), a piece at a time."""
    languages: Languages
    nudge: Callable[[], None]
    """Tell the outbox that there is something to deliver."""
    running: RunningAnswers = field(default_factory=RunningAnswers)
    joined: OurThreads = field(default_factory=OurThreads)
    links: Links = field(default_factory=Links)
    pace: Pace = field(default_factory=lambda: Pace(0))
    """How fast people may ask."""
    connection: Connection | None = None
    """What knows the workspaces, when there may be several."""

    def at(self, context: BoltContext) -> Shared:
        """The same with the client, the bot and the languages of the workspace that a request came from."""
        return self if self.connection is None else self.connection.at(self, context)

    def at_team(self, team_id: str, enterprise_id: str) -> Shared:
        """The same by ids, for work that was begun by a request of before."""
        return self if self.connection is None else self.connection.at_team(self, team_id, enterprise_id)

    @property
    def unshared(self) -> KeptAnswers:
        """Answers that only their asker has read so far, in case they are shared."""
        return KeptAnswers(self.services.desk.kept)

    def person(self, user_id: str) -> Person:
        """Who somebody is here."""
        return self.services.people.get(user_id)

    def view(self, place: Place, *, private: bool) -> View:
        """What is live, as far as it may be quoted at a place.

        What several people read (not `private`) is limited to what the channel may read: a role of the asker
        does not open a manual to everybody who reads along.
        """
        roles = frozenset({self.person(place.user).role.value}) if private else frozenset()
        return self.services.library.view(reader=Reader(roles, place.channel))

    def answering_view(self, place: Place, *, private: bool) -> View:
        """What a question asked at a place is answered from: `view`, in a channel only the manuals it is set to."""
        seen = self.view(place, private=private)
        manuals = frozenset(self.setting(place).manuals)
        if not manuals or seen.reader is None:
            return seen
        return self.services.library.view(reader=replace(seen.reader, manuals=manuals))

    def setting(self, place: Place) -> ChannelSetting:
        """How the channel of a place is answered; a DM has no such setting."""
        if not place.channel or place.is_dm:
            return OPEN
        return self.services.desk.preferences.channel_setting(place.channel)

    def reach(self, place: Place) -> Reach:
        """Who reads what is answered at a place at this moment."""
        now = self.services.desk.board.now().astimezone(self.zone)
        return self.setting(place).reach_at(now)

    def words(self, user_id: str) -> Words:
        """The strings in somebody's language."""
        return self.languages.words(user_id)

    @property
    def house_words(self) -> Words:
        """The strings in the language of the house, for what several people read."""
        return words(self.services.settings.language)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return self.services.settings.zone

"""In which language the interface speaks to whom: their Slack locale, asked once an hour."""

from __future__ import annotations

import threading
import time

import structlog
from slack_sdk import WebClient

from bot.assistant.answers import Language
from bot.blocks.ladder_words import named
from bot.blocks.wording import Words, words
from bot.slack_errors import TROUBLE
from tickets.people import People

_log = structlog.get_logger(__name__)

_KEPT_SECONDS = 3600.0
_KEPT_PEOPLE = 10_000


class Languages:
    """The language of each person. Safe to use from many threads."""

    def __init__(self, client: WebClient, default: Language, people: People) -> None:
        self._client = client
        self._people = people
        self._default = default
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Language, float]] = {}

    def words(self, user_id: str) -> Words:
        """The catalogue of the language that `user_id` reads, with the names that their own ladder gives its rungs."""
        return named(words(self.of(user_id)), self._people.ladder_of(self._people.get(user_id)))

    def of(self, user_id: str) -> Language:
        """The language of `user_id`; the default when Slack does not say."""
        now = time.monotonic()
        with self._lock:
            known = self._known.get(user_id)
        if known is not None and known[1] > now:
            return known[0]
        language = self._ask(user_id)
        with self._lock:
            if len(self._known) >= _KEPT_PEOPLE:
                self._known.clear()
            self._known[user_id] = (language, now + _KEPT_SECONDS)
        return language

    def _ask(self, user_id: str) -> Language:
        try:
            user = self._client.users_info(user=user_id, include_locale=True).get("user") or {}
        except TROUBLE:
            _log.warning("locale.unknown", user=user_id)
            return self._default
        locale = str(user.get("locale") or "")
        if locale.startswith("zh"):
            return "zh"
        return "en" if locale.startswith("en") else self._default

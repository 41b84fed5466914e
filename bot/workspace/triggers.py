"""Trigger ids: what a click is worth for three seconds, once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.workspace.errors import SlackError


@dataclass
class Trigger:
    """Who clicked, and from which modal if it was in one."""

    user: str
    expires: datetime
    view_id: str | None = None
    exchanged: bool = False


class Triggers:
    """Issues trigger ids and exchanges each at most once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, seconds: float, view_id: str | None = None) -> str:
        """A new trigger id that lives for so many seconds."""
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        expires = datetime.fromtimestamp(self._clock().timestamp() + seconds, tz=self._clock().tzinfo)
        self._issued[trigger_id] = Trigger(user, expires, view_id)
        return trigger_id

    def knows(self, trigger_id: str) -> bool:
        """Whether it was issued here."""
        return trigger_id in self._issued

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger id up. Raises SlackError with invalid_, exchanged_ or expired_trigger_id."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id", "this trigger_id was never issued")
        if trigger.exchanged:
            raise SlackError(
                "exchanged_trigger_id", "the trigger_id was already exchanged in a previous call"
            )
        if self._clock() > trigger.expires:
            raise SlackError("expired_trigger_id", "a trigger_id lives for 3 seconds")
        trigger.exchanged = True
        return trigger

    def expire_all(self) -> int:
        """Fault switch: let every trigger id run out now."""
        for trigger in self._issued.values():
            trigger.expires = datetime.fromtimestamp(0, tz=self._clock().tzinfo)
        return len(self._issued)

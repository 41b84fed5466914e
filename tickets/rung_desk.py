"""The way of an escalation up the ladder, reached as `desk.rungs`: asking back, passing up, who could not be reached,
deadlines, instructions carried out, reports owed afterwards. Every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from tickets.people import People


class RungDesk:
    """What happens to an escalation between filing and its end. Safe between threads and processes."""

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone

"""Working on tickets, reached as `desk.board`: hand-overs, comments, closing and opening again, merging, searching.
Every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from tickets.people import People


class TicketDesk:
    """What people do with tickets. Safe between threads and processes."""

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone

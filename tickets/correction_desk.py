"""The corrections' part of the desk, reached as `desk.corrections`: like there, every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, func, select

from tickets import citing, correcting
from tickets.corrections import (
    Announced,
    Announcement,
    CitingAnswer,
    CitingRecord,
    Correction,
    ManualMove,
    PlannedCorrection,
)
from tickets.models import AnnouncementRow, AnswerRow
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


class CorrectionDesk:
    """Who must hear of a publication of manuals, and what they heard. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone

    # -- who relies on what ------------------------------------------------------------------------

    def cited_since(self, since: datetime) -> Mapping[int, bool]:
        """Clauses that answers since then cite → whether such an answer was corrected before."""
        with reading(self._engine) as session:
            return citing.cited_since(session, since)

    def answers_citing(self, clause_ids: Collection[int], since: datetime) -> list[CitingAnswer]:
        """Answers since then that quoted one of these clauses, each with what its asker last heard."""
        with reading(self._engine) as session:
            return citing.answers_citing(session, clause_ids, since)

    def late_answers(self, after: int, below: int, since: datetime) -> list[CitingAnswer]:
        """Answers recorded after answer `after`, yet given from an older publication than `below`."""
        with reading(self._engine) as session:
            return citing.late_answers(session, after, below, since)

    def open_records(self) -> list[CitingRecord]:
        """Undecided escalations and open tickets that rest on clauses."""
        with reading(self._engine) as session:
            return citing.open_records(session)

    def newest_answer(self) -> int:
        """Id of the newest answer; 0 when there is none."""
        with reading(self._engine) as session:
            return session.scalar(select(func.max(AnswerRow.id))) or 0

    def has_undated_answers(self) -> bool:
        """Whether answers were recorded by a version that did not note the publication."""
        with reading(self._engine) as session:
            query = select(AnswerRow.id).where(AnswerRow.generation.is_(None)).limit(1)
            return session.scalar(query) is not None

    # -- what was announced ------------------------------------------------------------------------

    def announced(self) -> Mapping[int, Announced]:
        """Number of every publication that was announced → what was noted of it."""
        with reading(self._engine) as session:
            rows = session.execute(select(AnnouncementRow)).scalars()
            return {row.generation: Announced(frozenset(row.quiet), row.through_answer) for row in rows}

    def quiet(self, moves: Collection[ManualMove]) -> tuple[ManualMove, ...]:
        """Those of the moves for which corrections are switched off and that were not announced yet."""
        with reading(self._engine) as session:
            return correcting.quiet(session, moves)

    # -- writing -----------------------------------------------------------------------------------

    def switch_off(self, actor_id: str, moves: Collection[ManualMove]) -> None:
        """Say nothing about these moves when they are published next; recorded before the publication, so
        that it holds whatever happens in between."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            correcting.switch_off(tx, actor_id, moves)

    def switch_on(self, actor_id: str, moves: Collection[ManualMove]) -> None:
        """Take `switch_off` back, when the publication did not happen."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            correcting.switch_on(tx, actor_id, moves)

    def announce(self, actor_id: str, announcement: Announcement) -> int:
        """Record a publication as announced, with its corrections, flags, audit entries and notices.

        Returns how many answers are corrected; 0 when this publication was announced before.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            told = correcting.announce(tx, actor_id, announcement)
        log.info("corrections.announced", generation=announcement.generation, answers=told)
        return told

    def announce_late(
        self, actor_id: str, generation: int, corrections: Collection[PlannedCorrection]
    ) -> int:
        """Corrections of answers that were being written while `generation` was announced; how many."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            told = correcting.correct(tx, actor_id, generation, corrections)
        log.info("corrections.announced_late", generation=generation, answers=told)
        return told

    def get(self, correction_id: int) -> Correction:
        """A correction as it is to be delivered now; NotFound."""
        with reading(self._engine) as session:
            return correcting.get(session, correction_id)

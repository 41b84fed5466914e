"""The gaps' part of the desk, reached as `desk.gaps`: like there, every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from tickets import gapping, ledger, rules
from tickets.errors import NotFound
from tickets.gaps import Gap, GapQuestion, GapState
from tickets.models import GapQuestionRow
from tickets.people import Person
from tickets.records import AnswerRecord, Ticket, TicketContent
from tickets.rows import ticket_value
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


class GapDesk:
    """What the manuals do not answer, and what became of it. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone

    # -- reading -----------------------------------------------------------------------------------

    def waiting(self, limit: int = 200) -> list[GapQuestion]:
        """Questions that nobody has grouped yet, oldest first."""
        with reading(self._engine) as session:
            return gapping.waiting(session, limit)

    def gaps(self, states: Collection[GapState] = (GapState.OPEN,)) -> list[Gap]:
        """Gaps in these states, oldest first."""
        with reading(self._engine) as session:
            return gapping.gaps(session, gapping.in_states(*states))

    def to_look_at(self, generation: int) -> list[Gap]:
        """Open and answered gaps that were not asked again after this publication, oldest first."""
        with reading(self._engine) as session:
            states = gapping.in_states(GapState.OPEN, GapState.ANSWERED)
            return gapping.gaps(session, states, gapping.unlooked(generation))

    def known(self) -> tuple[list[Gap], int]:
        """The gaps that a question can join (open and dismissed), and the id of the newest gap of all."""
        with reading(self._engine) as session:
            known = gapping.gaps(session, gapping.in_states(GapState.OPEN, GapState.DISMISSED))
            return known, gapping.newest(session)

    def get(self, gap_id: int) -> Gap:
        """One gap; NotFound."""
        with reading(self._engine) as session:
            return gapping.get(session, gap_id)

    # -- writing -----------------------------------------------------------------------------------

    def group(
        self, answer_id: int, gap_id: int | None, vector: bytes, model: str, *, seen: int
    ) -> int | None:
        """Put a question into a gap, or let it found one (`gap_id` None); the gap that it is in now.

        `seen`: the newest gap when this was decided. None: somebody founded or closed one meanwhile, so decide
        again. A question that is in a gap already stays there. NotFound.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            return gapping.group(tx, answer_id, gap_id, vector, model, seen)

    def looked(self, gap_ids: Collection[int], generation: int) -> None:
        """These gaps were asked again after this publication and are as they were. NotFound."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            gapping.looked(tx, gap_ids, generation)

    def answered(
        self, actor_id: str, seen: Gap, generation: int, answering: Sequence[int], tell: Iterable[int] = ()
    ) -> bool:
        """Close a gap that the manuals answer since `generation`, and the ticket that it made.

        `tell`: answers of its questions whose askers are to hear of it; whoever was told before is left out.
        False (nothing was done) when the gap is not as `seen` any more.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            done = gapping.answer(tx, actor_id, seen, generation, answering, tell)
        if done:
            log.info("gap.answered", gap=seen.id, generation=generation)
        return done

    def reopened(self, actor_id: str, seen: Gap, generation: int) -> bool:
        """Open a gap again, with its ticket: the manuals of `generation` answer it no more. See `answered`."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            done = gapping.reopen(tx, actor_id, seen, generation)
        if done:
            log.info("gap.reopened", gap=seen.id, generation=generation)
        return done

    def told(self, answer_id: int, record: AnswerRecord) -> int:
        """Enter into the ledger what the asker of a question was told, once; the id of that answer.

        From then on they hear of changes to it as of any other answer. NotFound.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            row = tx.session.get(GapQuestionRow, answer_id)
            if row is None:
                raise NotFound("question", answer_id)
            if row.told_answer_id is None:
                asker = gapping.asker(tx.session, answer_id)
                row.told_answer_id = ledger.record_answer(tx, asker, record)
            return row.told_answer_id

    # -- what admins do ----------------------------------------------------------------------------

    def make_ticket(self, actor: Person, gap_id: int, content: TicketContent) -> Ticket:
        """Log a ticket for an open gap; a gap that has one gives it back.

        Raises NotAllowed, NotFound, InvalidInput (it is not open, or the content cannot be logged).
        """
        rules.require(actor, rules.Action.MANAGE_MANUALS)
        with writing(self._engine, self._clock(), self._zone) as tx:
            return ticket_value(gapping.make_ticket(tx, actor, gap_id, content))

    def dismiss(self, actor: Person, gap_id: int, why: str) -> None:
        """Say that the manuals need not answer it. Raises NotAllowed, NotFound, InvalidInput."""
        rules.require(actor, rules.Action.MANAGE_MANUALS)
        with writing(self._engine, self._clock(), self._zone) as tx:
            gapping.dismiss(tx, actor, gap_id, why)

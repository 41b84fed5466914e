"""One voice (统一口径), reached as `desk.confirmed`: like at the desk, every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tickets import acknowledging, confirming, rules
from tickets.confirmed import (
    Acknowledgement,
    ConfirmedAnswer,
    ConfirmedContent,
    ConfirmedRevision,
    ConfirmedState,
)
from tickets.errors import InvalidInput, StaleRevision
from tickets.models import AcknowledgementRow
from tickets.people import Person
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


class ConfirmedDesk:
    """Answers that a supervisor stands by, and who has read them. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone

    # -- confirming --------------------------------------------------------------------------------

    def confirm(self, actor: Person, content: ConfirmedContent, generation: int) -> ConfirmedAnswer:
        """Stand by an answer whose clauses were read from a publication. A question has one confirmed answer: said
        again, it is the next revision of it, or nothing when nothing is new.

        Raises NotAllowed, InvalidInput (`question`, `text`, `sources`; `generation`: newer manuals were announced).
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            found = confirming.confirm(tx, actor, content, generation)
        log.info("confirmed.confirmed", confirmed_id=found.id, revision=found.revision)
        return found

    def revise(
        self, actor: Person, confirmed_id: int, revision: int, content: ConfirmedContent, generation: int
    ) -> ConfirmedAnswer:
        """Say it otherwise, or on other clauses, having seen `revision`. Raises as `confirm`, StaleRevision, NotFound."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            found = confirming.revise(tx, actor, confirmed_id, revision, content, generation)
        log.info("confirmed.revised", confirmed_id=found.id, revision=found.revision)
        return found

    def withdraw(self, actor: Person, confirmed_id: int, revision: int | None = None) -> ConfirmedAnswer:
        """Stand by it no more, having seen `revision` (None: whatever it says now). Raises NotAllowed, StaleRevision,
        NotFound."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            found = confirming.withdraw(tx, actor, confirmed_id, revision)
        log.info("confirmed.withdrawn", confirmed_id=found.id)
        return found

    def get(self, confirmed_id: int) -> ConfirmedAnswer:
        """One confirmed answer; NotFound."""
        with reading(self._engine) as session:
            return confirming.get(session, confirmed_id)

    def active(self) -> list[ConfirmedAnswer]:
        """Those that may be given, newest first."""
        with reading(self._engine) as session:
            found = confirming.listed(session, withdrawn=False)
        return [one for one in found if one.state is ConfirmedState.ACTIVE]

    def all(self) -> list[ConfirmedAnswer]:
        """All that were ever confirmed, newest change first."""
        with reading(self._engine) as session:
            return confirming.listed(session, withdrawn=True)

    def history(self, confirmed_id: int) -> list[ConfirmedRevision]:
        """What it said at each revision, oldest first; NotFound."""
        with reading(self._engine) as session:
            return confirming.history(session, confirmed_id)

    # -- being read --------------------------------------------------------------------------------

    def send(
        self, actor: Person, confirmed_id: int, revision: int, channel: str, readers: Collection[str]
    ) -> tuple[Acknowledgement, bool]:
        """Have a channel read it: `readers` are its members now. False: it was sent there before, to those of then.

        Raises NotAllowed, StaleRevision, InvalidInput (`state`: only an active one is sent; `readers`: nobody), NotFound.
        """
        rules.require(actor, rules.Action.CONFIRM_ANSWER)
        with writing(self._engine, self._clock(), self._zone) as tx:
            now = confirming.get(tx.session, confirmed_id)
            if now.revision != revision:
                raise StaleRevision(
                    f"#{now.id}", state=now.state.value, revision=now.revision, changed_by=now.changed_by
                )
            if now.state is not ConfirmedState.ACTIVE:
                raise InvalidInput("state", f"The confirmed answer #{now.id} is {now.state.value}.")
            if not readers:
                raise InvalidInput("readers", "There is nobody in this channel to read it.")
            number, new = acknowledging.send(tx, actor, confirmed_id, revision, channel, readers)
            return _one(tx.session, number), new

    def read(self, person: Person, acknowledgement_id: int) -> tuple[Acknowledgement, bool]:
        """A person has read it; said again it stays the first time. False: they were not asked to. NotFound."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            asked = acknowledging.read(tx, person.id, acknowledgement_id)
            return _one(tx.session, acknowledgement_id), asked

    def acknowledgement(self, acknowledgement_id: int) -> Acknowledgement:
        """One of them; NotFound."""
        with reading(self._engine) as session:
            return _one(session, acknowledgement_id)

    def coverage(self, actor: Person, acknowledgement_id: int) -> Acknowledgement:
        """Who has read one, by name, for those who may send them. NotAllowed, NotFound."""
        rules.require(actor, rules.Action.CONFIRM_ANSWER)
        return self.acknowledgement(acknowledgement_id)

    def acknowledgements(self, confirmed_id: int) -> list[Acknowledgement]:
        """Where a confirmed answer was sent, newest first; NotFound."""
        with reading(self._engine) as session:
            confirming.get(session, confirmed_id)
            return _values(session, acknowledging.listed(session, confirmed_id))

    def remind(self, after: timedelta, most: int) -> int:
        """Remind whoever has not read what was sent so long ago, each at most `most` times; how many now."""
        active = [one.id for one in self.active()]
        if not active:
            return 0
        with writing(self._engine, self._clock(), self._zone) as tx:
            count = acknowledging.remind(tx, active, after, most)
        if count:
            log.info("acknowledgements.reminded", people=count)
        return count


def _one(session: Session, acknowledgement_id: int) -> Acknowledgement:
    return _values(session, [acknowledging.row_of(session, acknowledgement_id)])[0]


def _values(session: Session, rows: Sequence[AcknowledgementRow]) -> list[Acknowledgement]:
    contents = {row.id: confirming.content_at(session, row.confirmed_id, row.revision) for row in rows}
    return acknowledging.values(session, rows, contents)

"""The way of an escalation up the ladder, reached as `desk.rungs`: asking back, passing up, who could not be reached,
deadlines, instructions carried out, reports owed afterwards. Every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, or_, select

from tickets import escalations, moving, owing, rungs, watching
from tickets.errors import NotAllowed, NotFound, Refusal
from tickets.models import EscalationRow, TicketRow
from tickets.people import People, Person
from tickets.records import Escalation, EscalationState
from tickets.rung_records import Deadlines, OwedReport, Watched
from tickets.transaction import Transaction, reading, writing

_log = structlog.get_logger(__name__)

_LISTED = 200


class RungDesk:
    """What happens to an escalation between filing and its end. Safe between threads and processes.

    What takes a revision raises StaleRevision when somebody was faster; all raise NotAllowed, InvalidInput (`field`
    says what) and NotFound, and then nothing was changed.
    """

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone
        self.deadlines = Deadlines()
        """How long things may wait; whoever opens the desk sets what the settings say."""

    # -- reviewers -------------------------------------------------------------------------------

    def pass_up(self, actor: Person, escalation_id: int, revision: int, note: str = "") -> Escalation:
        """Hand it on to the rung above, because it cannot be settled here."""
        return self._write(
            "passed_up",
            lambda tx: moving.pass_up(tx, self._people, actor, escalation_id, revision, note),
        )

    def ask_back(self, actor: Person, escalation_id: int, revision: int, question: str) -> Escalation:
        """Ask the filer something; it waits for them until they answer."""
        return self._write(
            "returned",
            lambda tx: moving.ask_back(tx, self._people, actor, escalation_id, revision, question),
        )

    # -- the filer -------------------------------------------------------------------------------

    def answer(self, actor: Person, escalation_id: int, revision: int, text: str) -> Escalation:
        """Answer what was asked, which submits it again to the rung that asked."""
        return self._write("answered", lambda tx: moving.answer(tx, actor, escalation_id, revision, text))

    def unreachable(self, actor: Person, escalation_id: int, revision: int, circumstances: str) -> Escalation:
        """Record that the awaited rung cannot be reached and ask the next one, who has to reach it."""
        within = self.deadlines.report
        return self._write(
            "unreachable",
            lambda tx: moving.unreachable(
                tx, self._people, actor, escalation_id, revision, circumstances, within
            ),
        )

    def withdraw(self, actor: Person, escalation_id: int, revision: int, reason: str = "") -> Escalation:
        """Take it back."""
        return self._write(
            "withdrawn", lambda tx: moving.withdraw(tx, actor, escalation_id, revision, reason)
        )

    def carried_out(
        self, actor: Person, escalation_id: int, revision: int, note: str, objection: str = ""
    ) -> Escalation:
        """Say that what was instructed is done, and what there is against it; the filer or the ticket's owner."""
        return self._write(
            "carried_out",
            lambda tx: moving.carried_out(tx, actor, escalation_id, revision, note, objection),
        )

    def report(self, actor: Person, report_id: int, text: str) -> OwedReport:
        """Give the report that the actor owes to a superior who was passed over."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            given = owing.write(tx, actor, report_id, text)
        _log.info("owed_report.given", report_id=given.id, escalation_id=given.escalation_id)
        return given

    def report_read(self, actor: Person, report_id: int) -> OwedReport:
        """The superior who was passed over has read it."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            return owing.read(tx, self._people, actor, report_id)

    def missed_seen(self, actor: Person, escalation_id: int) -> Escalation:
        """A superior who could not be reached knows what was passed on in their place; once."""
        return self._write("missed_seen", lambda tx: moving.missed_seen(tx, actor, escalation_id))

    # -- time ------------------------------------------------------------------------------------

    def watch(self) -> Watched:
        """Remind of what is late and send up what stays late, once, however many processes look."""
        now = self._clock()
        with reading(self._engine) as session:
            if not watching.is_anything_due(session, self._people, now, self.deadlines):
                return Watched()
        with writing(self._engine, now, self._zone) as tx:
            done = watching.watch(tx, self._people, self.deadlines)
        for escalation_id in done.moved:
            _log.info("escalation.overdue", escalation_id=escalation_id)
        return done

    # -- looking ---------------------------------------------------------------------------------

    def find(self, number: str, reader: Person | None = None) -> Escalation:
        """One escalation by its number. For somebody who may not see it there is none: NotFound."""
        with reading(self._engine) as session:
            found = escalations.by_number(session, number)
        if reader is not None and not rungs.may_see(self._people, reader, found):
            raise NotFound("escalation", number)
        return found

    def view(self, reader: Person, escalation_id: int) -> Escalation:
        """One escalation by its id, as `find`. NotFound, also for somebody who may not see it."""
        with reading(self._engine) as session:
            found = escalations.get(session, escalation_id)
        if not rungs.may_see(self._people, reader, found):
            raise NotFound("escalation", found.number)
        return found

    def report_to_write(self, actor: Person, report_id: int) -> OwedReport:
        """A report owed, for whoever owes it. NotAllowed, NotFound."""
        report = self.owed_report(report_id)
        if report.owed_by != actor.id:
            raise NotAllowed("report", actor.role, Refusal.NOT_OWED)
        return report

    def listed(
        self,
        reader: Person | None = None,
        *,
        filer_id: str | None = None,
        state: EscalationState | None = None,
        waiting_for: Person | None = None,
        overdue: bool = False,
        limit: int = 50,
    ) -> list[Escalation]:
        """The newest escalations that a reader may see (None: all), of one filer, in one state, those that one person
        may decide now, and only what is late."""
        query = select(EscalationRow).order_by(EscalationRow.id.desc())
        if filer_id is not None:
            query = query.where(EscalationRow.filer_id == filer_id)
        if waiting_for is not None:
            query = query.where(EscalationRow.state == EscalationState.SUBMITTED)
        if state is not None:
            query = query.where(EscalationRow.state == state)
        now = self._clock()

        def wanted(one: Escalation) -> bool:
            seen = reader is None or rungs.may_see(self._people, reader, one)
            awaited = waiting_for is None or rungs.may_review(self._people, waiting_for, one)
            due = self.due_at(one) if overdue else None
            return seen and awaited and (not overdue or (due is not None and due <= now))

        found: list[Escalation] = []
        with reading(self._engine) as session:
            for start in count(0, _LISTED):
                page = escalations.list_values(session, query.offset(start).limit(_LISTED))
                found += filter(wanted, page)
                if len(page) < _LISTED or len(found) >= limit:
                    break
        return found[:limit]

    def to_carry_out(self, person_id: str) -> list[Escalation]:
        """Approved escalations whose instruction this person has to carry out: own ones, and those whose ticket is theirs."""
        theirs = select(TicketRow.escalation_id).where(TicketRow.owner_id == person_id)
        query = (
            select(EscalationRow)
            .where(
                EscalationRow.state == EscalationState.APPROVED,
                EscalationRow.waiting_since.is_not(None),
                or_(EscalationRow.filer_id == person_id, EscalationRow.id.in_(theirs)),
            )
            .order_by(EscalationRow.id)
        )
        with reading(self._engine) as session:
            return escalations.list_values(session, query)

    def due_at(self, escalation: Escalation) -> datetime | None:
        """Until when whoever it waits for should have done something; None: no such time."""
        owner = self._owner(escalation) if escalation.to_carry_out else ""
        return rungs.due_at(self._people, escalation, self.deadlines, owner)

    def _owner(self, escalation: Escalation) -> str:
        with reading(self._engine) as session:
            query = select(TicketRow.owner_id).where(TicketRow.escalation_id == escalation.id)
            return session.execute(query).scalar() or ""

    def is_overdue(self, escalation: Escalation) -> bool:
        """Whether that time has passed."""
        due = self.due_at(escalation)
        return due is not None and due <= self._clock()

    def reviewers(self, escalation: Escalation) -> list[Person]:
        """Whose turn it is on the awaited rung; never those whom it is about."""
        filer = self._people.get(escalation.filer_id)
        return self._people.superiors(filer, escalation.awaiting, escalation.content.accused)

    def owed_report(self, report_id: int) -> OwedReport:
        """One report owed, or given, afterwards; NotFound."""
        with reading(self._engine) as session:
            return owing.get(session, report_id)

    def owed_reports(
        self, *, owed_by: str | None = None, escalation_id: int | None = None, missing: bool = False
    ) -> list[OwedReport]:
        """Reports owed afterwards, oldest first; `missing`: only those that were not given yet."""
        with reading(self._engine) as session:
            return owing.listed(session, owed_by, escalation_id, missing=missing)

    def _write(self, what: str, work: Callable[[Transaction], Escalation]) -> Escalation:
        with writing(self._engine, self._clock(), self._zone) as tx:
            done = work(tx)
        _log.info(f"escalation.{what}", escalation_id=done.id, revision=done.revision)
        return done

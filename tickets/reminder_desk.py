"""Reminders that go out exactly once, reached as `desk.reminders`. Every method is one transaction.

`look` reckons what is due from the calendar, the procedures and the records; a unique key in the database lets each
reminder out once, whoever looks and however often, and its notices are written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tickets import reminding
from tickets.calendar_file import Appointment
from tickets.people import People, Person, Role
from tickets.procedure_spec import Procedure
from tickets.reminders import (
    LOOK_BACK,
    Due,
    Reminder,
    ReminderKind,
    ReportTime,
    ShiftEnd,
    Turn,
    appointments_due,
    duty_due,
    missing_due,
    report_due,
    turns,
)
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


def no_shift(person: Person, day: date) -> datetime | None:
    """For those whose shifts nobody has told: duties at the end of a shift do not come round."""
    return None


class ReminderDesk:
    """What people are reminded of. Safe between threads and processes."""

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone
        self._files: dict[str, str] = {}

    def look(
        self,
        appointments: Sequence[Appointment],
        procedures: Sequence[Procedure],
        shift_end: ShiftEnd = no_shift,
        report: ReportTime | None = None,
    ) -> int:
        """Send what is due now and was not sent; how many reminders. `report`: when the week's figures go out.

        What fell due before the first look ever is not called missing.
        """
        now = self._clock()
        began = self._began(now)
        with reading(self._engine) as session:
            due = [
                *appointments_due(appointments, now, self._zone),
                *self._duties(session, procedures, now, shift_end, max(began, now - LOOK_BACK)),
            ]
            if report is not None and (week := report_due(report, now, self._zone)) and began < week.at:
                due.append(week)  # a desk that began in this week has no last week to tell of
            known = reminding.known(session, [one.key for one in due])
        new = [one for one in due if one.key not in known]
        if not new:
            return 0
        with writing(self._engine, now, self._zone) as tx:
            count = sum(reminding.send(tx, self._people, one) for one in new)
        log.info("reminders.sent", count=count)
        return count

    def _began(self, now: datetime) -> datetime:
        with reading(self._engine) as session:
            began = reminding.began_at(session)
        if began is None:
            with writing(self._engine, now, self._zone) as tx:
                reminding.begin(tx)
            return now
        return began

    def _duties(
        self,
        session: Session,
        procedures: Sequence[Procedure],
        now: datetime,
        shift_end: ShiftEnd,
        start: datetime,
    ) -> Iterator[Due]:
        for procedure in procedures:
            if procedure.recurrence is None:
                continue
            ahead = now + timedelta(minutes=procedure.recurrence.minutes_before)
            grace = timedelta(hours=procedure.recurrence.grace_hours)
            mine = [
                turn
                for person in self._people.everybody()
                for turn in turns(procedure, person, start, ahead, self._zone, shift_end)
            ]
            done = {day: reminding.filed(session, procedure.key, day) for day in {turn.day for turn in mine}}
            owed = [turn for turn in mine if turn.person.id not in done[turn.day]]
            yield from (duty_due(procedure, turn) for turn in owed if turn.at > now)
            yield from self._missing(session, procedure, [turn for turn in owed if turn.at + grace <= now])

    def _missing(self, session: Session, procedure: Procedure, late: Sequence[Turn]) -> Iterator[Due]:
        """One report per moment: who did not file, to those of the role who lead them; a further one for who is found
        missing later (their record was rejected or taken back since)."""
        recurrence = procedure.recurrence
        if recurrence is None:
            return
        for at in sorted({turn.at for turn in late}):
            reported = reminding.reported_missing(session, procedure.key, at)
            missing = [turn.person for turn in late if turn.at == at and turn.person.id not in reported]
            if not missing:
                continue
            told = [
                superior.id
                for person in missing
                for superior in self._people.superiors(person, recurrence.missing_to)
            ]
            everybody = [person.id for person in self._people.with_role(Role.ADMIN)]
            yield missing_due(
                procedure, at, missing, list(dict.fromkeys(told)) or everybody, further=bool(reported)
            )

    def tell_of_file(self, file: str, fault: str) -> bool:
        """Tell the admins that a settings file (`people`, `calendar`, `procedures`) is not believed, with the sentence
        that says why, or that it is good again; once, however many processes look. True when they are told."""
        if self._files.get(file) == fault:
            return False
        with writing(self._engine, self._clock(), self._zone) as tx:
            told = reminding.tell_of_file(tx, self._people, file, fault)
        self._files[file] = fault
        if told:
            log.warning(
                "settings_file.spoiled" if fault else "settings_file.good_again", file=file, reason=fault
            )
        return told

    def get(self, reminder_id: int) -> Reminder:
        """One reminder; NotFound."""
        with reading(self._engine) as session:
            return reminding.get(session, reminder_id)

    def missing(self, since: datetime, until: datetime) -> list[Reminder]:
        """The reports of records that were not filed, due after `since` and until `until`, oldest first."""
        with reading(self._engine) as session:
            return reminding.sent(session, ReminderKind.MISSING, since, until)

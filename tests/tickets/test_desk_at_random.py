"""Everything at one desk: tickets, escalations and procedures together, random people who come and go, stale clicks,
races, restarts of both processes, a clock that jumps on and back, and reminders.

Each part brings its own model (`ticket_acts`, `rung_acts`, `procedure_acts`); here stands what one of them does to
another: approvals and records make tickets, records close them, and nothing else touches them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk_machine import OpenDatabase, play
from desk_samples import ORIGIN, escalation, ticket
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from procedure_acts import IDS, ProcedureActs, procedures, values
from rung_acts import ALWAYS, LADDERS, ROLES, Known, RungActs
from ticket_acts import PICK, WHO, TicketActs

from tickets import calendar_file, procedure_files
from tickets.desk import Desk
from tickets.figures import Figures, Stretch
from tickets.people import Ladder, Person, Role
from tickets.procedure_spec import Procedure
from tickets.records import UNDECIDED, NoticeKind, Ticket, Urgency
from tickets.reminders import ReportTime
from tickets.rules import Action, allowed

APPOINTMENTS = calendar_file.load()
DUTIES = [one for one in procedure_files.load().procedures.values() if one.recurrence and one.recurrence.at]
REPORT = ReportTime(1, datetime(2026, 1, 1, 8).time())


class WholeDesk(TicketActs, RungActs, ProcedureActs):
    """One desk with everything that happens at it."""

    @initialize(
        spec=procedures(),
        roles=st.lists(st.sampled_from(ROLES), max_size=4),
        deputies=st.lists(st.sampled_from(["", *IDS[:4]]), min_size=8, max_size=8),
        ladder=st.sampled_from(LADDERS),
        given=values,
    )
    def begin(
        self,
        spec: Procedure,
        roles: list[Role],
        deputies: list[str],
        ladder: Ladder,
        given: Mapping[str, str],
    ) -> None:
        # Saturday half past three at the site: at five the weekly summary is due
        self.clock.now = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)
        self.bring(spec)
        everybody = zip([*ALWAYS, *roles], deputies, strict=False)
        self.open(
            [Person(f"U{n}", f"人{n}", role, deputy=deputy) for n, (role, deputy) in enumerate(everybody)],
            ladder,
        )
        self.reminded, self.went_back = 0, False
        self.counted: list[Figures] = []
        self.new_ticket(self.listed[0], {})
        self.file_escalation_as_usual(0, Urgency.URGENT)
        self.take_on("U0", given, twice=False)
        self.take_note_of_tickets()
        self.look_at_reminders(1)

    # -- people and time ---------------------------------------------------------------------------

    @rule(who=WHO, on=st.booleans())
    def come_or_go(self, who: int, on: bool) -> None:
        """Somebody says that they are there, or not: others may be asked now."""
        person = self.person(who)
        self.desk.directory.set_attendance(person, person.id, on=on)
        self.see_who_is_there()

    def see_who_is_there(self) -> None:
        """Nothing of a record changes with it but whom it waits for."""
        for desk in self.desks:
            desk.directory.refresh()
        for before in list(self.filed.values()):
            after = self.desk.procedures.get(before.id)
            same = replace(after, waiting_for=before.waiting_for, waiting_role=before.waiting_role)
            assert same == before
            self.filed[before.id] = after

    @rule(hours=st.sampled_from([1, 2, 26]), looks=st.integers(2, 3))
    def hours_pass(self, hours: int, looks: int) -> None:
        """What is due in a week comes up in this time; what else waits too long, too."""
        self.time_passes(hours, looks)

    @rule(hours=st.sampled_from([-30, 0, 3, 20, 24 * 30]), looks=st.integers(1, 3))
    def time_passes(self, hours: int, looks: int) -> None:
        """The clock jumps; then both processes look at everything that comes with time."""
        self.count_the_week()
        self.went_back |= hours < 0
        self.clock.advance(timedelta(hours=hours, seconds=1))
        self.see_who_is_there()
        self.look_at_deadlines(looks)
        self.look_at_records(looks)
        self.look_at_reminders(looks)

    def count_the_week(self) -> None:
        """The figures up to now are what everybody sees now; what comes later must not change them."""
        if self.went_back:  # then what was done later may have been written down as earlier
            return
        until = self.clock.now + timedelta(milliseconds=1)
        stretch = Stretch(until - timedelta(days=7), until)
        found = self.desk.figures(stretch)
        closed = [one.closed_at for one in self.known_tickets.values() if one.closed_at]
        assert found.tickets.open == sum(one.state.active for one in self.known_tickets.values())
        assert found.tickets.closed == sum(at >= stretch.since for at in closed)
        stored = self.desk.escalations(limit=1000)
        recent = Counter(one.state.value for one in stored if one.created_at >= stretch.since)
        assert found.escalations.by_state == recent
        assert found.escalations.waiting == sum(one.state in UNDECIDED for one in stored)
        self.counted.append(found)

    def look_at_reminders(self, looks: int) -> None:
        """What comes round is told once, whoever looks."""
        sent = self.at_once([lambda desk=self.desks[n % 2]: self.look(desk) for n in range(looks)])
        assert None not in sent
        self.reminded += sum(count or 0 for count in sent)
        assert self.look(self.desk) == 0, "a second look found more"

    @staticmethod
    def look(desk: Desk) -> int:
        return desk.reminders.look(APPOINTMENTS, DUTIES, report=REPORT)

    # -- everybody at once -------------------------------------------------------------------------

    @rule(who=WHO, other=WHO, given=values, pick=PICK)
    def everybody_at_once(self, who: int, other: int, given: Mapping[str, str], pick: int) -> None:
        """In both processes one reports upwards, twice with one key, another logs a ticket, a third files a record, and
        a fourth comments on a ticket: each of them succeeds, or is refused for a reason of its own."""
        here, there = self.desks
        filer, logger = self.person(who), self.person(other)
        number, keys = self.ticket_at(pick), [self.key() for _ in range(4)]
        upwards = escalation(policy_basis=())
        made = self.at_once(
            [
                lambda: here.file_escalation(filer, upwards, ORIGIN, keys[0]),
                lambda: there.file_escalation(filer, upwards, ORIGIN, keys[0]),
                lambda: here.log_ticket(logger, ticket(), ORIGIN, keys[1]),
                lambda: there.procedures.file(logger, "made", given, ORIGIN, keys[2]),
                lambda: here.board.comment(logger, number, keys[3], keys[3]),
            ]
        )
        assert made[0] == made[1]
        if made[0] is not None:
            self.known_escalations.append(Known(made[0].id, filer, frozenset(), [made[0]]))
        else:
            assert not (self.ladder.above(filer.role) and allowed(filer.role, Action.FILE_ESCALATION))
        assert made[2] is not None
        self.ticket_keys.append((keys[1], made[2].id))
        if made[3] is not None:
            self.filed[made[3].id] = made[3]
        if made[4] is not None:
            self.said[keys[3]] += 1
            self.settle(number)

    # -- what one does to the other ----------------------------------------------------------------

    def take_note_of_tickets(self) -> None:
        """Tickets appear with an approval, a record, or because somebody logged one; a record alone changes its own."""
        of_records = {record.ticket_id: record for record in self.filed.values() if record.ticket_id}
        of_escalations = {
            now.ticket_id: now for now in self.desk.escalations(limit=1000) if now.ticket_id is not None
        }
        logged = {number for _, number in self.ticket_keys}
        found = {one.id: one for one in self.desk.tickets(limit=100_000)}
        assert sorted(found) == sorted([*of_records, *of_escalations, *logged])
        if self.spec.effect.ticket:
            assert len(of_records) == len(self.filed)
        for number, now in found.items():
            before = self.known_tickets.get(number)
            if before is None:
                self.adopt(now)
                source = of_records.get(number) or of_escalations.get(number)
                assert source is None or now.first_responder_id == source.filer_id
            elif now != before:
                assert number in of_records
                self.closed_by_record(before, now)

    def closed_by_record(self, before: Ticket, after: Ticket) -> None:
        self.followed(before, after)
        assert after.owner_id == before.owner_id
        concealed = after.content.title != before.content.title
        assert after.closed_at or after.merged_into_id or concealed
        record = next(one for one in self.filed.values() if one.ticket_id == after.id)
        assert not concealed or record.facts["about"]
        self.known_tickets[after.id] = after

    @invariant()
    def no_ticket_is_lost_or_doubled(self) -> None:
        if self.is_open:
            self.take_note_of_tickets()
            super().no_ticket_is_lost_or_doubled()

    def check_end(self) -> None:
        super().check_end()
        for before in [] if self.went_back else self.counted:
            now = self.desk.figures(before.stretch)
            was = before.records.missing
            # What is missing is found out when somebody looks, which may be after a long sleep: it may become more.
            assert all(
                count <= now.records.missing[key][person]
                for key, people in was.items()
                for person, count in people.items()
            )
            rest = replace(now, records=replace(now.records, missing=was))
            assert rest == before, "the past was counted anew"
        told = Counter(
            (notice.subject_id, notice.audience) for notice in self.told if notice.kind is NoticeKind.REMINDER
        )
        assert set(told.values()) <= {1}
        sent = [entry for entry in self.desk.audit() if entry.action == "reminder.sent"]
        assert len(sent) == self.reminded
        assert sum(told.values()) == sum(entry.details["told"] for entry in sent)


def test_a_desk_whatever_happens(sqlite_copies: OpenDatabase) -> None:
    play(WholeDesk, sqlite_copies, 4, 22)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_desk_for_a_while(sqlite_copies: OpenDatabase) -> None:
    play(WholeDesk, sqlite_copies, 12, 30)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_desk_on_a_server_for_a_while(postgres_copies: OpenDatabase) -> None:
    play(WholeDesk, postgres_copies, 8, 25)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_a_desk_for_long(copies: OpenDatabase) -> None:
    play(WholeDesk, copies, 60, 60, shrink=True)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_a_desk_on_a_server_for_longer(postgres_copies: OpenDatabase) -> None:
    """Twelve long histories: what an hour of two cores allows on a real PostgreSQL."""
    play(WholeDesk, postgres_copies, 12, 60)

"""Limits, changes, clicks that come too late, deadlines and lists of records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, MANAGER, ORIGIN, SUPERVISOR, SUPERVISOR2, Clock
from procedure_samples import CREW, GENERAL, SWAP, codes, done, file, notices, step, told
from sqlalchemy import Engine, text

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal, StaleRevision
from tickets.people import People, Person, Role
from tickets.procedure_finding import Search
from tickets.procedure_records import Act, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind
from tickets.vault import Vault, new_key


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(CREW), clock, vault=Vault([new_key()]))


# -- limits ------------------------------------------------------------------------------------------


def test_two_swaps_a_month_for_either_side_by_the_day_of_the_shift(desk: Desk, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    first = file(desk, AGENT, "shift_swap", {**SWAP, "shift_date": "2026-11-29"})
    file(desk, AGENT2, "shift_swap", {**SWAP, "shift_date": "2026-11-30", "partner": AGENT.id})
    for who, partner in ((AGENT, LEADER), (LEADER, AGENT)):  # as filer and as partner
        with pytest.raises(InvalidForm) as refused:
            file(desk, who, "shift_swap", {**SWAP, "shift_date": "2026-11-30", "partner": partner.id})
        assert codes(refused.value) == {"shift_date": "limit"}
    file(desk, AGENT, "shift_swap", {**SWAP, "shift_date": "2026-12-01"})
    step(desk, first, AGENT2, Act.REJECTED, "不行")  # what was declined does not count
    file(desk, AGENT, "shift_swap", {**SWAP, "shift_date": "2026-11-30"})
    assert desk.verify_audit() is None


def test_editing_counts_itself_once_and_cannot_get_round_the_limit(desk: Desk) -> None:
    for day in ("2026-12-01", "2026-12-02"):
        file(desk, AGENT, "shift_swap", {**SWAP, "shift_date": day})
    record = file(desk, AGENT, "shift_swap", {**SWAP, "shift_date": "2026-11-30"})
    with pytest.raises(InvalidForm):
        desk.procedures.edit(AGENT, record.id, 1, {**SWAP, "shift_date": "2026-12-03"})
    assert desk.procedures.edit(AGENT, record.id, 1, {**SWAP, "reason": "改了"}).revision == 2


def test_a_soft_limit_only_shows_that_it_is_exceeded(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    own = (Path(__file__).parents[2] / "tickets" / "procedures" / "shift_swap.toml").read_text(
        encoding="utf-8"
    )
    soft = own.replace("most = 2", "most = 1\nstrict = false")
    (tmp_path / "shift_swap.toml").write_text(soft, encoding="utf-8")
    desk = Desk(engine, People(CREW), clock, procedures=tmp_path)
    assert file(desk, AGENT, "shift_swap", SWAP).exceeded == ()
    assert file(desk, AGENT, "shift_swap", SWAP).exceeded == ("1",)


def test_a_limit_counts_what_was_filed_before_its_file_was_changed(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    asked = """
        key = "draw"
        prefix = "DW"
        name = { zh = "领用", en = "Draw" }
        purpose = { zh = "领用。", en = "Drawing." }
        fields = [{ key = "amount", kind = "KIND", label = { zh = "数量", en = "Amount" } }]
        """
    limit = """
        [[limits]]
        most = 3
        per = "year"
        amount = "amount"
        message = { zh = "够了", en = "Enough" }
        """
    (tmp_path / "draw.toml").write_text(asked.replace("KIND", "text"), encoding="utf-8")
    file(Desk(engine, People(CREW), clock, procedures=tmp_path), AGENT, "draw", {"amount": "三支"})
    (tmp_path / "draw.toml").write_text(asked.replace("KIND", "number") + limit, encoding="utf-8")
    desk = Desk(engine, People(CREW), clock, procedures=tmp_path)
    file(desk, AGENT, "draw", {"amount": "2"})
    with pytest.raises(InvalidForm):
        file(desk, AGENT, "draw", {"amount": "1"})


# -- changing, returning, being too late -------------------------------------------------------------


def test_what_was_approved_and_then_changed_is_approved_again(desk: Desk) -> None:
    values = {"kind": "other", "item": "白板", "amount": "1"}
    record = file(desk, AGENT, "office_supplies", values)
    record = step(desk, record, SUPERVISOR, Act.APPROVED)
    record = step(desk, record, ADMIN, Act.RETURNED, "要几块")
    same = desk.procedures.edit(AGENT, record.id, record.revision, values, "一块")
    assert same.step == "office_checks"  # nothing changed: it goes on where it was
    record = step(desk, same, ADMIN, Act.RETURNED, "确定吗")
    changed = desk.procedures.edit(AGENT, record.id, record.revision, {**values, "amount": "100"})
    assert changed.step == "head"
    assert changed.waiting_for == (SUPERVISOR.id, SUPERVISOR2.id)


def test_somebody_was_faster(desk: Desk) -> None:
    record = step(desk, file(desk, AGENT, "shift_swap", SWAP), AGENT2, Act.ACCEPTED)
    step(desk, record, SUPERVISOR, Act.APPROVED)
    with pytest.raises(StaleRevision) as late:
        step(desk, record, SUPERVISOR2, Act.REJECTED, "不行")
    assert (late.value.state, late.value.decided_by) == ("done", SUPERVISOR.id)
    for call in (
        lambda: desk.procedures.withdraw(AGENT, record.id, record.revision),
        lambda: desk.procedures.edit(AGENT, record.id, 3, SWAP),
        lambda: step(desk, desk.procedures.get(record.id), SUPERVISOR2, Act.APPROVED),
    ):
        with pytest.raises(StaleRevision):
            call()


def test_only_who_may_acts(desk: Desk) -> None:
    record = file(desk, AGENT, "shift_swap", SWAP)
    for who in (LEADER, SUPERVISOR, ADMIN):
        with pytest.raises(NotAllowed):
            step(desk, record, who, Act.ACCEPTED)
    for call in (desk.procedures.withdraw, lambda *given: desk.procedures.edit(*given, SWAP)):
        with pytest.raises(NotAllowed) as refused:
            call(AGENT2, record.id, 1)
        assert refused.value.refusal is Refusal.NOT_YOURS
    with pytest.raises(InvalidInput):
        step(desk, record, AGENT2, Act.APPROVED)  # at this step one accepts
    with pytest.raises(InvalidForm) as own:
        file(desk, AGENT, "shift_swap", {**SWAP, "partner": AGENT.id})
    assert codes(own.value) == {"partner": "own"}
    assert desk.procedures.get(record.id) == record


def test_a_supervisor_is_approved_from_above(desk: Desk) -> None:
    record = file(desk, SUPERVISOR, "shift_swap", {**SWAP, "partner": SUPERVISOR2.id})
    assert step(desk, record, SUPERVISOR2, Act.ACCEPTED).waiting_for == (MANAGER.id,)
    record = file(desk, GENERAL, "shift_swap", {**SWAP, "partner": MANAGER.id, "shift_date": "2026-12-05"})
    assert step(desk, record, MANAGER, Act.ACCEPTED).waiting_for == (ADMIN.id,)


def test_whoever_carried_it_out_does_not_approve_it(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "job.toml").write_text(
        """
        key = "job"
        prefix = "JB"
        name = { zh = "任务", en = "Job" }
        purpose = { zh = "任务。", en = "A job." }
        fields = [{ key = "what", kind = "text", label = { zh = "做什么", en = "What" } }]
        steps = [
            { key = "work", kind = "do", label = { zh = "做", en = "Do it" }, by = { role = "supervisor", or_above = true } },
            { key = "check", kind = "approve", label = { zh = "验收", en = "Check" }, by = { role = "supervisor" } },
        ]
        """,
        encoding="utf-8",
    )  # fmt: skip
    desk = Desk(engine, People((AGENT, SUPERVISOR, MANAGER)), clock, procedures=tmp_path)
    record = file(desk, AGENT, "job", {"what": "盘点"})
    record = step(desk, record, SUPERVISOR, Act.CARRIED_OUT)
    assert record.waiting_for == (MANAGER.id,)


class Roster(People):
    """People of whom it is known who is on shift and who holds which duty."""

    off: frozenset[str] = frozenset()

    def on_shift(self, person_id: str, at: datetime | None = None) -> bool | None:
        return person_id not in self.off

    def with_duty(self, name: str, for_person: Person) -> list[Person]:
        return [LEADER, for_person] if name == "office_manager" else []


def test_a_deputy_stands_in_off_shift_and_never_in_person(engine: Engine, clock: Clock) -> None:
    away = Person("U_AWAY", "钟外", Role.SUPERVISOR, deputy=SUPERVISOR2.id)
    people = Roster((*CREW, away))
    desk = Desk(engine, people, clock)
    values = {"matter": "发票", "details": "改抬头", "department": "财务", "receiver": away.id}
    slip = file(desk, AGENT, "transfer_slip", values)
    assert slip.waiting_for == (away.id,)
    people.off = frozenset({away.id})
    assert desk.procedures.get(slip.id).waiting_for == (SUPERVISOR2.id, away.id)
    swap = file(desk, AGENT, "shift_swap", {**SWAP, "partner": away.id})
    assert swap.waiting_for == (away.id,)  # nobody agrees to a swap for somebody else
    accepted = step(desk, slip, SUPERVISOR2, Act.ACCEPTED)
    assert accepted.waiting_for == (SUPERVISOR2.id,)  # whoever accepted it handles it


def test_a_duty_is_taken_by_who_holds_it_but_never_for_oneself(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, Roster(CREW), clock)
    values = {"kind": "other", "item": "白板", "amount": "1"}
    record = step(desk, file(desk, AGENT, "office_supplies", values), SUPERVISOR, Act.APPROVED)
    assert record.waiting_for == (LEADER.id,)
    record = step(desk, file(desk, LEADER, "office_supplies", values), SUPERVISOR, Act.APPROVED)
    assert record.waiting_for == (ADMIN.id,)


def test_without_people_a_record_waits_for_the_rung_until_there_is_somebody(
    engine: Engine, clock: Clock
) -> None:
    desk = Desk(engine, People(()), clock)
    record = step(desk, file(desk, AGENT, "shift_swap", SWAP), AGENT2, Act.ACCEPTED)
    assert (record.waiting_for, record.waiting_role) == ((), Role.SUPERVISOR)
    assert "supervisor" in told(desk, NoticeKind.PROCEDURE_STEP)
    later = Desk(engine, People(CREW), clock)
    done(later, step(later, record, SUPERVISOR, Act.APPROVED))


def test_a_record_goes_on_under_the_wording_it_was_filed_under(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    desk = Desk(engine, People(CREW), clock)
    record = file(desk, AGENT, "shift_swap", SWAP)
    own = (Path(__file__).parents[2] / "tickets" / "procedures" / "shift_swap.toml").read_text(
        encoding="utf-8"
    )
    (tmp_path / "s.toml").write_text(own.replace('role = "supervisor"', 'role = "manager"'), encoding="utf-8")
    later = Desk(engine, People(CREW), clock, procedures=tmp_path)
    assert step(later, record, AGENT2, Act.ACCEPTED).waiting_for == (SUPERVISOR.id, SUPERVISOR2.id)
    other = file(later, AGENT, "shift_swap", {**SWAP, "shift_date": "2026-12-05"})
    assert step(later, other, AGENT2, Act.ACCEPTED).waiting_for == (MANAGER.id,)


def test_the_same_key_files_once(desk: Desk) -> None:
    first = desk.procedures.file(AGENT, "shift_swap", SWAP, ORIGIN, "click")
    assert desk.procedures.file(AGENT, "shift_swap", {**SWAP, "reason": "别的"}, ORIGIN, "click") == first
    assert desk.procedures.count() == 1


def test_everything_wrong_is_told_at_once(desk: Desk) -> None:
    values = {"shift_date": "2026-02-30", "partner": "谁", "return_date": "2026-11-01", "colour": "red"}
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "shift_swap", values)
    assert codes(refused.value) == {
        "shift_date": "not_date",
        "partner": "not_person",
        "return_date": "too_early",
        "reason": "missing",
        "colour": "unknown",
    }
    assert all(
        problem.in_language(language) for problem in refused.value.problems for language in ("zh", "en")
    )
    assert desk.procedures.count() == 0
    with pytest.raises(NotFound):
        file(desk, AGENT, "holiday", {})


# -- deadlines ---------------------------------------------------------------------------------------


def test_a_step_that_takes_too_long_reminds_and_then_passes_up(desk: Desk, clock: Clock) -> None:
    record = step(desk, file(desk, AGENT, "shift_swap", SWAP), AGENT2, Act.ACCEPTED)
    notices(desk)
    clock.advance(timedelta(hours=24))
    assert desk.procedures.watch() == 1
    assert told(desk, NoticeKind.PROCEDURE_REMINDER) == {SUPERVISOR.id, SUPERVISOR2.id}
    assert MANAGER.id not in desk.procedures.get(record.id).waiting_for
    clock.advance(timedelta(hours=24))
    assert desk.procedures.watch() == 1
    assert told(desk, NoticeKind.PROCEDURE_PASSED_UP) == {MANAGER.id}
    late = desk.procedures.get(record.id)
    assert (late.passed_up, late.revision) == (True, record.revision)  # a card shown before still works
    assert [taken.act for taken in late.path][2:] == [Act.REMINDED, Act.PASSED_UP]
    clock.advance(timedelta(days=9))
    assert desk.procedures.watch() == 0
    done(desk, step(desk, record, MANAGER, Act.APPROVED))


def test_a_step_taken_in_time_reminds_nobody(desk: Desk, clock: Clock) -> None:
    record = step(desk, file(desk, AGENT, "shift_swap", SWAP), AGENT2, Act.ACCEPTED)
    clock.advance(timedelta(hours=23))
    step(desk, record, SUPERVISOR, Act.APPROVED)
    clock.advance(timedelta(days=3))
    assert desk.procedures.watch() == 0


# -- looking -----------------------------------------------------------------------------------------


def test_search_by_what_where_when_and_who(desk: Desk, clock: Clock) -> None:
    swap = file(desk, AGENT, "shift_swap", SWAP)
    clock.advance(timedelta(days=1))
    report = file(desk, AGENT2, "daily_report", {"contacts": "3", "work": "50%_办好"})
    find = desk.procedures.list
    assert [one.number for one in find()] == [report.number, swap.number]
    assert [one.number for one in find(Search(procedure="shift_swap"))] == [swap.number]
    assert [one.number for one in find(Search(filer_id=AGENT2.id))] == [report.number]
    assert [one.number for one in find(Search(since=clock.now))] == [report.number]
    assert [one.number for one in find(Search(until=clock.now))] == [swap.number]
    assert [one.number for one in find(Search(text="安宁 有事"))] == [swap.number]
    assert [one.number for one in find(Search(text="50%_"))] == [report.number]
    assert find(Search(text="%")) == [report]
    assert find(Search(state=RecordState.DONE)) == []
    assert [one.number for one in desk.procedures.waiting_for(AGENT2)] == [swap.number]
    assert desk.procedures.waiting_for(AGENT) == []


def test_a_record_changed_behind_the_desk_is_found(desk: Desk, engine: Engine) -> None:
    record = file(desk, AGENT, "shift_swap", SWAP)
    with engine.begin() as connection:
        connection.execute(text("UPDATE procedure_records SET filer_id = 'U_OTHER'"))
    found = desk.verify_audit()
    assert found is not None
    assert record.number in found.reason

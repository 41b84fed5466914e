"""Every built-in procedure walked through at the desk, on SQLite and PostgreSQL, and what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, MANAGER, ORIGIN, SUPERVISOR, SUPERVISOR2, Clock
from sqlalchemy import Engine, text

from tickets.contacts import Contact
from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal, StaleRevision
from tickets.people import People, Person, Role
from tickets.procedure_finding import Search
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import Notice, NoticeKind, TicketState
from tickets.vault import Vault, new_key

GENERAL = Person("U_GENERAL", "郑总", Role.GENERAL_MANAGER)
CREW = (AGENT, AGENT2, LEADER, SUPERVISOR, SUPERVISOR2, MANAGER, GENERAL, ADMIN)
CONTACT = Contact(name="钱女士", phone="13800000000", address="松江路 3 号")
SWAP = {"shift_date": "2026-11-28", "partner": AGENT2.id, "reason": "家里有事"}
NO_CONTACT = Contact()


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(CREW), clock, vault=Vault([new_key()]))


def file(
    desk: Desk, who: Person, key: str, values: Mapping[str, str], contact: Contact = NO_CONTACT
) -> Record:
    return desk.procedures.file(who, key, values, ORIGIN, f"{key}:{desk.procedures.count()}", contact or None)


def step(desk: Desk, record: Record, who: Person, act: Act, note: str = "", **fields: str) -> Record:
    return desk.procedures.act(who, record.id, record.revision, act, note, fields)


def notices(desk: Desk) -> list[Notice]:
    found = desk.due_notices(200)
    for notice in found:
        desk.delivered(notice.id)
    return found


def told(desk: Desk, kind: NoticeKind) -> set[str]:
    return {one.audience.user_id or str(one.audience.role) for one in notices(desk) if one.kind is kind}


def done(desk: Desk, record: Record) -> None:
    assert record.state is RecordState.DONE
    assert record.waiting_for == ()
    assert desk.procedures.get(record.number) == record
    assert desk.verify_audit() is None


def codes(error: InvalidForm) -> dict[str, str]:
    return {problem.field: problem.code for problem in error.problems}


# -- each built-in procedure -------------------------------------------------------------------------


def test_shift_swap(desk: Desk) -> None:
    record = file(desk, AGENT, "shift_swap", {**SWAP, "partner": "安宁"})
    assert (record.number, record.title) == ("SS-20261124-0001", "2026-11-28 与安宁换班")
    assert (record.step, record.waiting_for) == ("agree", (AGENT2.id,))
    assert told(desk, NoticeKind.PROCEDURE_STEP) == {AGENT2.id}
    record = step(desk, record, AGENT2, Act.ACCEPTED)
    assert record.waiting_for == (SUPERVISOR.id, SUPERVISOR2.id)
    assert {one.kind: one.audience.user_id for one in notices(desk)}[NoticeKind.PROCEDURE_CHANGED] == AGENT.id
    record = step(desk, record, SUPERVISOR, Act.APPROVED, "注意交接")
    done(desk, record)
    assert [taken.act for taken in record.path] == [Act.FILED, Act.ACCEPTED, Act.APPROVED]
    assert (record.path[2].actor_id, record.path[2].note) == (SUPERVISOR.id, "注意交接")
    assert told(desk, NoticeKind.PROCEDURE_CHANGED) == {AGENT.id, AGENT2.id}


def test_a_partner_may_decline(desk: Desk) -> None:
    record = file(desk, AGENT, "shift_swap", SWAP)
    with pytest.raises(InvalidForm) as missing:
        step(desk, record, AGENT2, Act.REJECTED)
    assert codes(missing.value) == {"note": "no_reason"}
    record = step(desk, record, AGENT2, Act.REJECTED, "那天我也有事")
    assert (record.state, record.step, record.due_at) == (RecordState.REJECTED, "", None)
    assert told(desk, NoticeKind.PROCEDURE_CHANGED) == {AGENT.id}


def test_complaint_of_our_own_fault(desk: Desk) -> None:
    values = {"summary": "上门晚到", "source": "电话", "story": "约三点，五点才到", "wish": "解释原因"}
    record = file(desk, AGENT, "complaint", values, CONTACT)
    assert record.waiting_for[0] == LEADER.id
    assert set(record.waiting_for) == {one.id for one in CREW[2:7]}
    ticket = desk.ticket(record.ticket_number or "")
    assert (ticket.state, ticket.owner_id, ticket.content.kind) == (TicketState.OPEN, AGENT.id, "complaint")
    assert record.has_contact
    assert "13800000000" not in str(record)
    record = step(desk, record, LEADER, Act.CARRIED_OUT, findings="派单漏看时间", own_fault="是")
    record = step(desk, record, LEADER, Act.CARRIED_OUT, solution="致歉并免上门费")
    assert record.waiting_for == (AGENT.id,)
    record = step(desk, record, AGENT, Act.CARRIED_OUT, agreed="yes", reaction="接受")
    assert record.step == "feedback"  # nothing to decide: the customer agreed
    record = step(desk, record, AGENT, Act.CARRIED_OUT, satisfied="满意")
    record = step(desk, record, LEADER, Act.CARRIED_OUT, cause="delay", prevention="派单后复核")
    done(desk, record)
    assert record.facts["own_fault"] == "yes"
    assert desk.ticket(ticket.number).state is TicketState.CLOSED
    assert desk.procedures.tally("complaint", "cause") == {"delay": 1}


def test_complaint_that_the_customer_does_not_settle(desk: Desk) -> None:
    values = {"summary": "收费", "source": "online", "story": "嫌贵", "wish": "退款"}
    record = file(desk, AGENT, "complaint", values)
    record = step(desk, record, LEADER, Act.CARRIED_OUT, findings="照价目表", own_fault="no")
    record = step(desk, record, LEADER, Act.CARRIED_OUT, solution="说明价目表")
    record = step(desk, record, AGENT, Act.CARRIED_OUT, agreed="no", reaction="仍要退")
    assert record.step == "decide"
    assert record.waiting_for[0] == SUPERVISOR.id
    assert LEADER.id not in record.waiting_for
    record = step(desk, record, SUPERVISOR, Act.CARRIED_OUT, decision="维持原价")
    notices(desk)
    record = step(desk, record, AGENT, Act.CARRIED_OUT, satisfied="dissatisfied")
    assert told(desk, NoticeKind.PROCEDURE_ALARM) == {SUPERVISOR.id, SUPERVISOR2.id}


def test_whoever_is_complained_about_takes_no_part_and_hears_nothing(desk: Desk) -> None:
    values = {
        "summary": "班长骂人",
        "source": "phone",
        "story": "…经过",
        "wish": "道歉",
        "about_person": LEADER.id,
    }
    record = file(desk, AGENT, "complaint", values)
    assert LEADER.id not in record.waiting_for
    assert record.waiting_for[:2] == (SUPERVISOR.id, SUPERVISOR2.id)
    assert [desk.procedures.may_see(who, record) for who in (LEADER, AGENT, AGENT2)] == [False, True, True]
    assert all(one.audience.user_id != LEADER.id and one.audience.role is None for one in notices(desk))
    with pytest.raises(NotAllowed) as refused:
        step(desk, record, LEADER, Act.CARRIED_OUT, findings="没有这回事", own_fault="no")
    assert refused.value.refusal is Refusal.NOT_YOURS


def test_repair_call_is_read_back_and_its_contact_sealed(desk: Desk, engine: Engine) -> None:
    values = {"fault": "空调不制冷", "closed_properly": "yes"}
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "repair_call", values, CONTACT)
    assert codes(refused.value) == dict.fromkeys(("fault", "address", "customer_name", "phone"), "read_back")
    ticks = {f"{key}.read_back": "yes" for key in ("fault", "address", "customer_name", "phone")}
    record = file(desk, AGENT, "repair_call", {**values, **ticks}, CONTACT)
    assert record.fields["phone.read_back"] == "yes"
    assert desk.contacts.look(AGENT, f"record:{record.id}") == CONTACT
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT fields, path, words FROM procedure_records")).all())
    assert not any(part in stored for part in (CONTACT.name, CONTACT.phone, CONTACT.address))
    assert record.waiting_for == (ADMIN.id,)  # nobody holds the duty: the admins
    record = step(desk, record, ADMIN, Act.CARRIED_OUT, result="加氟", finished="no")
    done(desk, record)
    assert told(desk, NoticeKind.PROCEDURE_ALARM) == {SUPERVISOR.id, SUPERVISOR2.id}
    assert desk.procedures.spec_of(record).effect.starts == "callback"


def test_a_contact_is_refused_without_a_vault(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People(CREW), clock)
    values = {"summary": "晚到", "source": "phone", "story": "经过", "wish": "解释"}
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "complaint", values, CONTACT)
    assert codes(refused.value) == {"contact": "no_vault"}
    assert "加密密钥" in refused.value.in_language("zh")
    with pytest.raises(InvalidForm) as as_text:
        file(desk, AGENT, "complaint", {**values, "contact_phone": "13800000000"})
    assert codes(as_text.value) == {"contact_phone": "contact_as_text"}
    assert "13800000000" not in str(as_text.value)
    assert desk.procedures.count() == 0


ANSWERS = {
    "ticket": "T-20261123-0004",
    "convenient": "是",
    "solved": "是",
    "attitude": "普通",
    "charged": "否",
    "score": "9",
}


def test_callback_that_suits_is_done_at_once(desk: Desk) -> None:
    record = file(desk, AGENT, "callback", ANSWERS)
    done(desk, record)
    assert record.fields["attitude"] == "ordinary"
    assert desk.procedures.tally("callback", "score") == {"9": 1}
    assert notices(desk) == []


def test_callback_that_tells_of_a_charge_alarms_once(desk: Desk) -> None:
    record = file(desk, AGENT, "callback", {**ANSWERS, "charged": "yes", "charge": "30", "solved": "no"})
    found = [one for one in notices(desk) if one.kind is NoticeKind.PROCEDURE_ALARM]
    assert [(one.audience.user_id, one.subject_id) for one in found] == [
        (SUPERVISOR.id, 1),
        (SUPERVISOR2.id, 1),
        (LEADER.id, 2),
    ]
    assert found[0].subject == f"record:{record.id}"


@pytest.mark.parametrize(
    ("score", "code"), [("0", "too_small"), ("11", "too_large"), ("7.5", "not_whole"), ("好", "not_number")]
)
def test_a_score_is_a_whole_number_from_1_to_10(desk: Desk, score: str, code: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "callback", {**ANSWERS, "score": score})
    assert codes(refused.value) == {"score": code}
    assert refused.value.field == "score"


def test_a_booked_callback_reminds_once_and_is_filled_in_later(desk: Desk, clock: Clock) -> None:
    booked = {"ticket": "T-1", "convenient": "no", "booked": "2026-11-24 15:00", "solved": "yes"}
    record = file(desk, AGENT, "callback", booked)
    assert "solved" not in record.fields  # not asked
    assert (record.step, record.fields["booked"]) == ("call_again", "2026-11-24T15:00+08:00")
    notices(desk)
    clock.now = datetime(2026, 11, 24, 6, 49, tzinfo=UTC)
    assert desk.procedures.watch() == 0
    clock.advance(timedelta(minutes=1))
    assert desk.procedures.watch() == 1
    assert desk.procedures.watch() == 0
    assert told(desk, NoticeKind.PROCEDURE_MOMENT) == {AGENT.id}
    record = desk.procedures.edit(AGENT, record.id, record.revision, {**booked, "booked": "2026-11-24 18:00"})
    clock.advance(timedelta(hours=3))
    assert desk.procedures.watch() == 1  # booked anew
    record = desk.procedures.edit(AGENT, record.id, record.revision, ANSWERS)
    done(desk, record)
    clock.advance(timedelta(days=2))
    assert desk.procedures.watch() == 0


def test_transfer_slip_leaves_the_first_responder_responsible_until_accepted(desk: Desk) -> None:
    values = {
        "matter": "发票改抬头",
        "details": "要改成公司名",
        "department": "财务",
        "receiver": SUPERVISOR2.id,
    }
    record = file(desk, AGENT, "transfer_slip", {**values, "absent": SUPERVISOR.id})
    number = record.ticket_number or ""
    assert desk.ticket(number).owner_id == AGENT.id
    record = step(desk, record, SUPERVISOR2, Act.RETURNED, "要找行政")
    assert (record.state, record.waiting_for) == (RecordState.RETURNED, ())
    assert [one.number for one in desk.procedures.waiting_for(AGENT)] == [record.number]
    assert desk.ticket(number).owner_id == AGENT.id
    record = desk.procedures.edit(AGENT, record.id, record.revision, {**values, "receiver": MANAGER.id})
    record = step(desk, record, MANAGER, Act.ACCEPTED)
    ticket = desk.ticket(number)
    assert (ticket.owner_id, ticket.content.owner_id, ticket.first_responder_id) == (
        MANAGER.id,
        MANAGER.id,
        AGENT.id,
    )
    assert (record.step, record.waiting_for) == ("handle", (MANAGER.id,))
    record = step(desk, record, MANAGER, Act.CARRIED_OUT, result="改好了", customer_told="yes")
    done(desk, record)
    assert desk.ticket(number).state is TicketState.CLOSED


def test_a_declined_transfer_keeps_its_ticket_open_and_a_withdrawn_one_closes_it(desk: Desk) -> None:
    values = {"matter": "发票", "details": "改抬头", "department": "财务", "receiver": SUPERVISOR2.id}
    declined = step(desk, file(desk, AGENT, "transfer_slip", values), SUPERVISOR2, Act.REJECTED, "不归我管")
    assert desk.ticket(declined.ticket_number or "").state is TicketState.OPEN
    filed = file(desk, AGENT, "transfer_slip", values)
    withdrawn = desk.procedures.withdraw(AGENT, filed.id, filed.revision, "客户不改了")
    assert withdrawn.state is RecordState.WITHDRAWN
    assert desk.ticket(withdrawn.ticket_number or "").state is TicketState.CLOSED
    assert desk.verify_audit() is None


HANDOVER = {
    "shift": "晚班",
    "open_tickets": "T-20261124-0001 等 2 张",
    "to_do": "无",
    "next_person": AGENT2.id,
}


def test_shift_handover_is_signed_by_both_and_missing_ones_are_known(desk: Desk, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # 18:00 at the site
    assert [one.procedure for one in desk.procedures.owed(AGENT)][:2] == ["daily_report", "shift_handover"]
    record = file(desk, AGENT, "shift_handover", HANDOVER)
    assert (record.fields["shift_date"], str(record.due_day)) == ("2026-11-24", "2026-11-24")
    assert record.waiting_for == (AGENT.id,)
    record = step(desk, record, AGENT, Act.SIGNED)
    with pytest.raises(NotAllowed):
        step(desk, record, SUPERVISOR, Act.ACCEPTED)
    record = step(desk, record, AGENT2, Act.ACCEPTED)
    done(desk, record)
    day = record.created_at.date()
    assert desk.procedures.missing("shift_handover", day) == [AGENT2.id]
    assert desk.procedures.missing("shift_handover", day, [AGENT.id]) == []


def test_desk_leave(desk: Desk) -> None:
    values = {"kind": "请假", "first_day": "2026-11-24", "days": "1", "reason": "看病", "relief": AGENT2.id}
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "desk_leave", values)
    assert codes(refused.value) == {"first_day": "too_early"}
    assert refused.value.in_language("zh") == "“第一天”最早是2026-11-25。"
    record = file(desk, AGENT, "desk_leave", {**values, "first_day": "2026/11/25"})
    record = step(desk, record, AGENT2, Act.ACCEPTED)
    assert record.waiting_for[:2] == (LEADER.id, SUPERVISOR.id)
    assert told(desk, NoticeKind.PROCEDURE_STEP) == {
        AGENT2.id,
        LEADER.id,
    }  # who stands above may, and is not bothered
    done(desk, step(desk, record, SUPERVISOR, Act.APPROVED))
    short = file(
        desk, AGENT, "desk_leave", {"kind": "short", "minutes": "20", "reason": "接孩子", "relief": AGENT2.id}
    )
    assert short.fields["from_time"] == "2026-11-24T10:00+08:00"
    assert "first_day" not in short.fields


def test_weekly_summary_has_its_length_and_its_saturday(desk: Desk, clock: Clock) -> None:
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "weekly_summary", {"summary": "字 " * 199})
    (problem,) = refused.value.problems
    assert (problem.code, problem.params["least"], problem.params["given"]) == ("too_short", "200", "199")
    clock.now = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)  # Saturday 18:00 at the site
    (late, following) = [one for one in desk.procedures.owed(AGENT) if one.procedure == "weekly_summary"]
    assert (str(late.day), str(following.day)) == ("2026-11-28", "2026-12-05")
    assert late.due_at == datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    record = file(desk, AGENT, "weekly_summary", {"summary": "字" * 200})
    assert str(record.due_day) == "2026-11-28"  # late, and still for this week
    assert record.waiting_for == (SUPERVISOR.id, SUPERVISOR2.id)
    done(desk, step(desk, record, SUPERVISOR2, Act.SIGNED))
    clock.now = datetime(2026, 11, 29, 9, 1, tzinfo=UTC)  # the grace is over
    assert str(file(desk, AGENT2, "weekly_summary", {"summary": "字" * 200}).due_day) == "2026-12-05"
    assert desk.procedures.missing("weekly_summary", late.day) == [AGENT2.id]


def test_daily_report(desk: Desk) -> None:
    record = file(desk, AGENT, "daily_report", {"contacts": "1,204", "work": "都办了", "counts": "42 个问题"})
    assert (record.fields["contacts"], record.fields["day"]) == ("1204", "2026-11-24")
    assert record.waiting_for == (MANAGER.id,)
    with pytest.raises(InvalidInput) as refused:  # a signature cannot be refused for good
        step(desk, record, MANAGER, Act.REJECTED, "太短")
    assert refused.value.field == "act"
    record = step(desk, record, MANAGER, Act.RETURNED, "没办完的呢")
    record = desk.procedures.edit(AGENT, record.id, record.revision, record.fields, "没有没办完的")
    assert record.waiting_for == (MANAGER.id,)
    assert record.path[-1].note == "没有没办完的"
    done(desk, step(desk, record, MANAGER, Act.SIGNED))


def test_office_supplies_by_kind(desk: Desk) -> None:
    record = file(
        desk,
        AGENT,
        "office_supplies",
        {"kind": "durable", "durable_item": "计算器", "old_item": "returned", "amount": "1"},
    )
    assert record.title == "计算器 × 1"
    for who, act in ((SUPERVISOR, Act.APPROVED), (ADMIN, Act.APPROVED), (AGENT, Act.SIGNED)):
        record = step(desk, record, who, act)
    done(desk, record)
    record = file(desk, AGENT, "office_supplies", {"kind": "other", "item": "白板", "amount": "1"})
    for who in (SUPERVISOR, ADMIN, GENERAL):
        record = step(desk, record, who, Act.APPROVED)
    assert record.step == "buy"
    done(desk, step(desk, record, ADMIN, Act.CARRIED_OUT, cost="128.50"))
    assert desk.procedures.get(record.id).facts["cost"] == "128.5"


def test_pens_are_counted_by_the_year_and_by_the_kind(desk: Desk, clock: Clock) -> None:
    pen = {"kind": "pen", "pen_item": "签字笔", "amount": "1"}
    clock.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)  # 23:59 at the site
    record = file(desk, AGENT, "office_supplies", pen)
    with pytest.raises(InvalidForm) as refused:
        file(desk, AGENT, "office_supplies", pen)
    assert codes(refused.value) == {"pen_item": "limit"}
    assert "今年已经领过" in refused.value.in_language("zh")
    file(desk, AGENT, "office_supplies", {**pen, "pen_item": "圆珠笔"})
    file(desk, AGENT2, "office_supplies", pen)
    with pytest.raises(InvalidForm):
        file(desk, ADMIN, "office_supplies", {**pen, "amount": "2"})
    assert [
        (one.limit, one.most, one.used)
        for one in desk.procedures.used(AGENT, "office_supplies", {**pen, "pen_item": "gel_pen"})
    ] == [(1, 1, 1)]
    clock.advance(timedelta(minutes=1))  # the new year, while it is still the old one in UTC
    assert file(desk, AGENT, "office_supplies", pen).number == "OS-20270101-0001"
    assert record.number == "OS-20261231-0001"


def test_visitor_log(desk: Desk) -> None:
    values = {
        "unit": "电力公司",
        "people": "2",
        "purpose": "检修",
        "area": "机房",
        "arrival": "2026-11-24 14:00",
    }
    record = file(desk, AGENT, "visitor_log", values)
    assert record.fields["escort"] == AGENT.id
    record = step(desk, record, LEADER, Act.APPROVED)
    done(
        desk, step(desk, record, AGENT, Act.CARRIED_OUT, entered="2026-11-24 14:05", left="2026-11-24 15:00")
    )


def test_incident_broadcast(desk: Desk) -> None:
    values = {"incident": "充值失败", "wording": "正在处理，请稍后再试。", "channel": "C_ALL"}
    with pytest.raises(NotAllowed):
        file(desk, AGENT, "incident_broadcast", values)
    record = file(desk, SUPERVISOR, "incident_broadcast", values)
    with pytest.raises(NotAllowed) as own:
        step(desk, record, SUPERVISOR, Act.APPROVED)
    assert own.value.refusal is Refusal.OWN_WORK
    with pytest.raises(InvalidInput):
        desk.procedures.acknowledge(AGENT, record.id)
    record = step(desk, record, MANAGER, Act.APPROVED)
    done(desk, record)
    assert [one.subject for one in notices(desk) if one.kind is NoticeKind.PROCEDURE_BROADCAST] == [
        f"record:{record.id}"
    ]
    assert desk.procedures.broadcast(record) == ("C_ALL", "充值失败\n正在处理，请稍后再试。")
    assert desk.procedures.acknowledge(AGENT, record.id)
    assert not desk.procedures.acknowledge(AGENT, record.id)
    assert [one.person_id for one in desk.procedures.read_by(record.id)] == [AGENT.id]


def test_training_record(desk: Desk) -> None:
    values = {
        "trainee": AGENT.id,
        "course": "岗前培训",
        "exam": "yes",
        "score": "58",
        "passed": "no",
        "again_on": "2026-12-01",
    }
    record = file(desk, LEADER, "training_record", values)
    assert told(desk, NoticeKind.PROCEDURE_ALARM) == {SUPERVISOR.id, SUPERVISOR2.id}
    record = step(desk, record, AGENT, Act.SIGNED)
    done(desk, step(desk, record, SUPERVISOR, Act.APPROVED))


def test_an_escalation_is_not_filed_here(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        file(desk, AGENT, "escalation", {"summary": "x"})
    assert "escalation" not in {one.key for one in desk.procedures.for_person(AGENT)}


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

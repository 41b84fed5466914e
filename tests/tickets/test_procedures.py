"""Every built-in procedure walked through at the desk, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, MANAGER, SUPERVISOR, SUPERVISOR2, Clock
from procedure_samples import CONTACT, CREW, GENERAL, SWAP, codes, done, file, notices, step, told
from sqlalchemy import Engine, text

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.people import People
from tickets.procedure_records import Act, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind, TicketState
from tickets.vault import Vault, new_key


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(CREW), clock, vault=Vault([new_key()]))


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

"""Every procedure that comes with the product, walked through once over real sockets; errors, races, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from procedure_walks import Walk, walking
from running_bot import MANUALS, Desk, at_once
from sqlalchemy.orm import Session

from bot.blocks import contacts, escalations, procedures, records
from bot.demo.crew import Crew, Json, buttons_of, text_of
from bot.keeping.packets import Packets
from tickets.directory_told import Facts
from tickets.models import ProcedureRecordRow
from tickets.procedure_files import built_in
from tickets.procedure_finding import Search
from tickets.procedure_records import Act, RecordState
from tickets.records import EscalationContent, Origin, TicketContent, Urgency

AGENT, AMY, LEADER, SUPERVISOR = "U_AGENT", "U_AGENT2", "U_LEADER", "U_SUPERVISOR"
MANAGER, ADMIN, BOSS = "U_SUPERVISOR2", "U_ADMIN", "U_BOSS"
TAKE, BACK, REJECT = records.TAKE, records.SEND_BACK, records.REJECT
LONG = "本周接待客户咨询，整理常见问题，改进答复用语。" * 10


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One bot for all tests here, with people on every rung."""
    with walking(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead, hours=8)).date().isoformat()


def moment(minutes: int) -> int:
    return int((datetime.now(UTC) + timedelta(minutes=minutes)).timestamp())


Step = tuple[str, str, Json | None]
"""Who presses which button, and what is filled in then (None: nothing is asked)."""


@dataclass(frozen=True)
class Case:
    """One procedure from the command to its end."""

    command: str
    values: dict[str, Any]
    steps: tuple[Step, ...] = ()
    filer: str = AGENT
    shown: tuple[str, ...] = ()
    """What the form shows or has filled in."""
    seen: tuple[tuple[str, str], ...] = ()
    """Who reads what in the end."""
    said: tuple[str, ...] = field(default=())
    """What the last card says."""


CASES: dict[str, Case] = {
    "callback": Case(
        "回访",
        {
            "ticket": "T-20261130-0001", "convenient": "yes", "solved": "yes", "attitude": "ordinary",
            "charged": "yes", "charge": "50", "score": "8",
        },
        shown=("先问现在是否方便",),
        seen=((SUPERVISOR, "收了费"),),
        said=("普通", "50"),
    ),
    "complaint": Case(
        "投诉 客户说维修迟到了两天",
        {
            "summary": "维修迟到", "source": "phone", "wish": "尽快上门", "about_person": ADMIN,
            "contact_name": "王小明", "contact_phone": "13812345678",
        },
        (
            (LEADER, TAKE, {"findings": "排班漏掉了", "own_fault": "yes"}),
            (LEADER, TAKE, {"solution": "当天上门"}),
            (AGENT, TAKE, {"agreed": "no", "reaction": "还要求减免"}),
            (SUPERVISOR, TAKE, {"decision": "减免上门费"}),
            (AGENT, TAKE, {"satisfied": "dissatisfied"}),
            (LEADER, TAKE, {"cause": "delay", "prevention": "派单后两小时内核对"}),
        ),
        shown=("维修迟到了两天", "加密保存"),
        seen=((SUPERVISOR, "客户对投诉的处理结果不满意"), (AGENT, "已办结")),
        said=("处理不及时", "减免上门费"),
    ),
    "daily_report": Case(
        "日报",
        {"contacts": "31", "work": "退换货咨询 12 件，报修 3 件"},
        ((MANAGER, TAKE, None),),
        shown=("工单：登记",),
        seen=((AGENT, "已办结"),),
    ),
    "desk_leave": Case(
        "离岗 去楼下取快递",
        {"kind": "short", "minutes": "15", "reason": "取快递", "relief": AMY},
        ((AMY, TAKE, None), (LEADER, TAKE, None)),
        seen=((AGENT, "已办结"), (AMY, "Done")),
    ),
    "incident_broadcast": Case(
        "突发",
        {"incident": "机房停电", "wording": "系统正在抢修，预计两小时恢复。", "channel": "C_FLOOR"},
        ((SUPERVISOR, TAKE, None),),
        filer=LEADER,
        seen=((LEADER, "已办结"),),
    ),
    "office_supplies": Case(
        "领用",
        {"kind": "other", "item": "文件柜", "amount": "2"},
        (
            (SUPERVISOR, TAKE, None),
            (ADMIN, TAKE, None),
            (BOSS, TAKE, None),
            (ADMIN, TAKE, {"cost": "680"}),
        ),
        seen=((AGENT, "已办结"),),
        said=("680",),
    ),
    "repair_call": Case(
        "报修 饮水机不出热水",
        {
            "fault": "饮水机不出热水", "fault.read_back": ["yes"], "address": "南京路 1 号 2 楼",
            "address.read_back": ["yes"], "customer_name": "李女士", "customer_name.read_back": ["yes"],
            "phone": "13912345678", "phone.read_back": ["yes"], "closed_properly": "yes",
        },
        ((ADMIN, TAKE, {"result": "更换加热管", "finished": "yes"}),),
        shown=("先问候", "加密保存", "跟读确认"),
        seen=((AGENT, "接着办：回访问卷"),),
        said=("更换加热管",),
    ),
    "shift_handover": Case(
        "交接班",
        {"shift": "early", "to_do": "下午三点给李女士回电", "next_person": AMY},
        ((AGENT, TAKE, None), (AMY, TAKE, None)),
        shown=("未办完的工单", "手册的变动", "借阅室守则", "异常情况"),
        seen=((AGENT, "已办结"),),
        said=("借阅室守则", "下午三点"),
    ),
    "shift_swap": Case(
        "换班 家里有事，想和 Amy 换",
        {"shift_date": day(3), "reason": "家里有事"},
        ((AMY, TAKE, None), (SUPERVISOR, TAKE, None)),
        shown=("U_AGENT2",),
        seen=((AGENT, "已办结"), (AMY, "Done")),
        said=("家里有事",),
    ),
    "training_record": Case(
        "培训",
        {"trainee": AMY, "course": "新品知识", "exam": "yes", "score": "92", "passed": "yes"},
        ((AMY, TAKE, None), (SUPERVISOR, TAKE, None)),
        filer=LEADER,
        seen=((LEADER, "已办结"),),
    ),
    "transfer_slip": Case(
        "转办",
        {
            "matter": "发票抬头开错", "details": "客户要求重开发票", "department": "财务", "receiver": LEADER,
            "contact_phone": "13712345678",
        },
        ((LEADER, TAKE, None), (LEADER, TAKE, {"result": "已重开", "customer_told": "yes"})),
        seen=((AGENT, "已办结"),),
        said=("已重开",),
    ),
    "visitor_log": Case(
        "来访",
        {"unit": "电梯公司", "people": "2", "purpose": "年检", "area": "机房"},
        ((LEADER, TAKE, None), (AGENT, TAKE, {"entered": moment(-60), "left": moment(-5)})),
        shown=("U_AGENT",),
        said=("年检", "机房"),
    ),
    "weekly_summary": Case(
        "周报",
        {"summary": LONG},
        ((SUPERVISOR, TAKE, None),),
        shown=("工单：登记", "至少 200 个字"),
        seen=((AGENT, "已办结"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", CASES)
def test_it_is_walked_from_the_form_to_its_end(desk: Desk, crew: Crew, key: str) -> None:
    case = CASES[key]
    walk = Walk(desk, crew, case.filer)
    form = walk.open(case.command)
    for fragment in case.shown:
        assert fragment in str(form["blocks"])
    assert walk.file(form, case.values).procedure == key
    for user, button, values in case.steps:
        walk.act(user, button, values)
    for user, fragment in case.seen:
        walk.told(fragment, user)
    assert walk.record.state is RecordState.DONE
    last = walk.crew.wait(
        lambda: all(text in text_of(walk.card(case.filer)) for text in case.said), "the last card"
    )
    assert last
    for user in {case.filer, *(user for user, _, _ in case.steps)}:
        walk.bare(user)
    secrets = {"王小明", "13812345678", "南京路", "李女士", "13912345678", "13712345678"}
    typed = {key: str(value) for key, value in walk.record.facts.items()}
    assert not [value for value in typed.values() if any(secret in value for secret in secrets - {"李女士"})]


def test_every_built_in_procedure_is_walked() -> None:
    filed_here = {one.key for one in built_in() if one.procedure and not one.procedure.machine}
    assert filed_here == set(CASES)


LEAVE = {"kind": "short", "minutes": "10", "reason": "取件", "relief": AMY}

# -- what goes otherwise -----------------------------------------------------------------------------------


def swap(desk: Desk, crew: Crew, ahead: int, filer: str = AGENT) -> Walk:
    """A swap that was filed and waits for the partner; months apart, so that the limit leaves it alone."""
    walk = Walk(desk, crew, filer)
    partner = AMY if filer == AGENT else AGENT
    walk.file(
        walk.open("换班 家里有事"), {"shift_date": day(ahead), "partner": partner, "reason": "家里有事"}
    )
    return walk


def test_what_is_wrong_stands_under_its_input_in_the_language_of_the_reader(desk: Desk, crew: Crew) -> None:
    for user, command, said in ((AGENT, "周报", "至少要200个字"), (AMY, "weekly", "at least 200 characters")):
        walk = Walk(desk, crew, user)
        form = walk.open(command)
        sent = crew.submit(user, form, {"summary": "太短了"})
        assert said in sent["errors"]["summary"]
        assert crew.modal(user)
    walk = Walk(desk, crew)
    form = walk.open("换班")
    sent = crew.submit(AGENT, form, {"shift_date": day(-2), "partner": AGENT, "reason": "急事"})
    assert set(sent["errors"]) == {"shift_date", "partner"}


def test_a_limit_that_is_reached_is_said_where_it_was_filled_in(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew, AMY)
    pen = {"kind": "pen", "pen_item": "gel_pen", "amount": "1"}
    walk.file(walk.open("领笔"), pen)
    again = walk.fill(walk.open("领笔"), pen)
    sent = crew.submit(AMY, again, pen)
    assert "this year already" in str(sent["errors"])
    crew.seen("U_SUPERVISOR", "dm", walk.number)


def test_fields_come_and_go_with_the_choice_and_nothing_typed_is_lost(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    form = walk.open("离岗 牙疼要去看医生")
    assert "from_time" not in str(form["blocks"])
    short = walk.fill(form, {"kind": "short", "reason": "看牙医"})
    started = {b["block_id"]: b["element"] for b in short["blocks"] if b["type"] == "input"}
    assert "initial_date_time" in started["from_time"]
    assert started["reason"]["initial_value"] == "看牙医"
    crew.change(AGENT, short, "kind", started["kind"]["action_id"], "day", {"minutes": "25"})
    other = crew.wait(lambda: (v := crew.modal(AGENT)) and "first_day" in str(v["blocks"]) and v, "the days")
    assert "minutes" not in str(other["blocks"])
    back = walk.fill(other, {"kind": "short"})
    kept = {b["block_id"]: b["element"] for b in back["blocks"] if b["type"] == "input"}
    assert kept["minutes"]["initial_value"] == "25"


def test_a_choice_that_was_not_told_asks_for_the_rest_before_anything_is_filed(
    desk: Desk, crew: Crew
) -> None:
    """A client that did not report the choice: the form is drawn again with what it asks for now."""
    walk = Walk(desk, crew)
    before = desk.services.desk.procedures.count()
    form = walk.open("回访")
    sent = crew.submit(AGENT, form, {"ticket": "T-1", "convenient": "yes"})
    assert sent["response_action"] == "update"
    again = crew.wait(lambda: (v := crew.modal(AGENT)) and "score" in str(v["blocks"]) and v, "the questions")
    assert "还有几项要填" in text_of(again)
    assert desk.services.desk.procedures.count() == before


def test_a_booked_call_back_reminds_and_is_filled_in_afterwards(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    walk.file(walk.open("回访"), {"ticket": "T-2", "convenient": "no", "booked": moment(5)})
    assert walk.record.state is RecordState.WAITING
    desk.services.desk.procedures.watch()
    desk.app.outbox.nudge()
    reminder = walk.told("快到约定的回访时间了")
    crew.click(AGENT, reminder, records.CORRECT)
    form = walk.fill(crew.form(AGENT, procedures.FORM), {"convenient": "yes"})
    answers = {"convenient": "yes", "solved": "yes", "attitude": "satisfied", "charged": "no", "score": "10"}
    form = walk.fill(form, answers)
    assert crew.submit(AGENT, form, walk._shown(form, answers))["closed"]
    crew.wait(lambda: walk.record.state is RecordState.DONE, "the call-back done")


def test_sent_back_with_a_reason_it_is_corrected_and_goes_on(desk: Desk, crew: Crew) -> None:
    walk = swap(desk, crew, 40)
    card = walk.card(AMY, BACK)
    crew.click(AMY, card, BACK)
    form = crew.form(AMY, procedures.STEP_FORM)
    assert not crew.submit(AMY, form, {"note": ""})["sent"]
    assert "reason" in str(crew.submit(AMY, form, {"note": "  "})["errors"]).lower()
    assert crew.submit(AMY, form, {"note": "那天我也休息，换 4 号吧"})["closed"]
    returned = walk.told("被退回")
    assert "那天我也休息" in text_of(returned)
    crew.click(AGENT, walk.card(AGENT, records.CORRECT), records.CORRECT)
    form = crew.form(AGENT, procedures.FORM)
    filled = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert filled["shift_date"]["initial_date"] == day(40)
    assert crew.submit(AGENT, form, {"shift_date": day(41)})["closed"]
    crew.wait(lambda: day(41) in text_of(walk.card(AMY, TAKE)), "the corrected card")
    crew.click(AMY, walk.card(AMY, REJECT), REJECT)
    crew.submit(AMY, crew.form(AMY, procedures.STEP_FORM), {"note": "还是不行"})
    assert "还是不行" in text_of(walk.told("未通过"))
    walk.bare(AGENT)


def test_an_approved_swap_is_revoked_by_who_approves_it(desk: Desk, crew: Crew) -> None:
    walk = swap(desk, crew, 110)
    walk.act(AMY, TAKE)
    walk.act(SUPERVISOR, TAKE)
    assert walk.record.state is RecordState.DONE
    walk.press(SUPERVISOR, records.REVOKE)
    form = crew.form(SUPERVISOR, records.REVOKE_FORM)
    assert crew.submit(SUPERVISOR, form, {"note": "  "})["errors"]
    assert crew.submit(SUPERVISOR, form, {"note": "那天缺人"})["closed"]
    crew.wait(lambda: walk.record.state is RecordState.WITHDRAWN, "it revoked")
    assert "撤销批准" in text_of(walk.told("撤销批准"))
    assert records.REVOKE not in buttons_of(walk.card(AMY))  # neither of the two takes it back alone


def test_who_was_faster_is_told_and_an_old_card_does_nothing(desk: Desk, crew: Crew) -> None:
    walk = swap(desk, crew, 75, AMY)
    old = walk.card(AGENT, TAKE)
    newest = crew.messages(AMY, "dm")[-1]["ts"]
    crew.click(AMY, walk.card(AMY, records.WITHDRAW), records.WITHDRAW)
    crew.wait(lambda: walk.record.state is RecordState.WITHDRAWN, "it withdrawn")
    refused = crew.messages(AGENT, "dm")[-1]["ts"]
    with_buttons = {**old}
    crew.wait(lambda: not buttons_of(walk.card(AGENT)), "the card of the partner")
    late = post_again(desk, AGENT, with_buttons)
    crew.click(AGENT, late, TAKE)
    told = crew.seen(AGENT, "dm", "Amy", after=refused)
    assert "没有生效" in text_of(told)
    assert "已撤回" in text_of(told)
    assert walk.record.state is RecordState.WITHDRAWN
    assert newest


def post_again(desk: Desk, user: str, message: Json) -> Json:
    """A card as it was before, in the same DM: what somebody sees whose screen is behind."""
    sent = desk.app.client.chat_postMessage(channel=message["channel"], text="old", blocks=message["blocks"])
    return {"channel": str(sent["channel"]), "ts": str(sent["ts"])}


def test_of_two_at_once_one_counts_and_the_other_is_told_who(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    walk.file(walk.fill(walk.open("离岗"), LEAVE), LEAVE)
    walk.act(AMY, TAKE)
    crew.open_app(SUPERVISOR, "home")
    home = crew.wait(lambda: (h := crew.home(SUPERVISOR)) and walk.number in text_of(h) and h, "the home")
    row = next(b for b in home["blocks"] if b.get("accessory") and walk.number in b["text"]["text"])
    crew.click_view(SUPERVISOR, home, row["block_id"], records.SHOW)
    cards = {user: walk.card(user, TAKE) for user in (LEADER, SUPERVISOR)}
    before = {user: crew.messages(user, "dm")[-1]["ts"] for user in cards}
    pressed = at_once(
        *(lambda user=user, card=card: crew.click(user, card, TAKE) for user, card in cards.items())  # type: ignore[misc]
    )
    crew.wait(lambda: walk.record.state is RecordState.DONE, "the leave approved")

    def late() -> list[str]:
        listed = [(user, m) for user in cards for m in crew.messages(user, "dm") if m["ts"] > before[user]]
        return [text_of(m) for _, m in listed if "没有生效" in text_of(m)]

    if pressed == 2:
        [sentence] = crew.wait(late, "the sentence for the slower one")
        winner = desk.services.people.get(walk.record.path[-1].actor_id)
        assert winner.name in sentence
    desk.rest()
    assert [taken.act for taken in walk.record.path].count(Act.APPROVED) == 1


def test_a_correction_of_what_went_on_says_who_was_faster_and_keeps_what_was_typed(
    desk: Desk, crew: Crew
) -> None:
    walk = swap(desk, crew, 180)
    walk.card(AMY, TAKE)
    crew.click(AGENT, walk.card(AGENT, records.CORRECT), records.CORRECT)
    form = crew.form(AGENT, procedures.FORM)
    walk.act(AMY, TAKE)
    late = crew.submit(AGENT, form, {"reason": "改一下原因"})
    assert "Amy" in str(late["errors"])
    assert not late["closed"]


def test_an_own_long_procedure_is_filled_in_page_by_page(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    first = walk.open("盘点")
    answers = {f"shelf_{number}": f"第 {number} 架齐全" for number in range(1, 21) if number != 2}
    sent = crew.submit(AGENT, first, walk._shown(first, answers))
    assert sent["response_action"] == "update"
    second = crew.wait(lambda: (v := crew.modal(AGENT)) and "shelf_20" in str(v["blocks"]) and v, "page 2")
    assert "第 1 架齐全" in text_of(second)
    assert not crew.submit(AGENT, second, {})["sent"]
    rest = walk._shown(second, answers) | {"keeper": "13300001111"}
    assert crew.submit(AGENT, second, rest)["closed"]
    record = desk.services.desk.procedures.list(Search(procedure="stock_taking"), limit=1)[0]
    assert record.fields == answers
    assert record.has_contact


def test_nobody_acts_on_what_does_not_wait_for_them(desk: Desk, crew: Crew) -> None:
    walk = swap(desk, crew, 110)
    card = walk.card(AMY, TAKE)
    for user in (AGENT, ADMIN):
        foreign = {**card, "channel": f"D_{user}"}
        copied = post_again(desk, user, foreign)
        crew.click(user, copied, TAKE)
        crew.seen(user, "dm", "不是等您", after=copied["ts"])
    assert walk.record.step == "agree"
    assert crew.command(AGENT, "C_FLOOR", "突发 停电")["acked"]
    crew.seen(AGENT, "C_FLOOR", "没有这项权限")


def test_the_broadcast_reaches_its_channel_and_is_confirmed(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew, LEADER)
    values = {
        "incident": "线路中断",
        "wording": "正在抢修。",
        "not_to_say": "不要说原因",
        "channel": "C_FLOOR",
    }
    walk.file(walk.open("突发"), values)
    walk.act(SUPERVISOR, TAKE)
    posted = crew.seen(AGENT, "C_FLOOR", "线路中断")
    assert "正在抢修" in text_of(posted)
    crew.click(AGENT, posted, records.READ)
    crew.seen(AGENT, "C_FLOOR", "已阅 1 人")
    crew.click(AGENT, posted, records.READ)
    crew.click(AMY, posted, records.READ)
    crew.seen(AGENT, "C_FLOOR", "已阅 2 人")


def test_contacts_are_shown_to_whoever_answers_for_them_and_to_nobody_else(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    walk.file(walk.open("转办"), {**CASES["transfer_slip"].values, "contact_name": "赵先生"})
    card = walk.card(LEADER, TAKE)
    assert "13712345678" not in text_of(card)
    crew.click(LEADER, card, contacts.LOOK)
    shown = crew.seen(LEADER, "dm", "13712345678")
    assert shown["ephemeral"]
    looks = desk.services.desk.contacts.looks(records.subject(walk.record.id))
    assert [look.person_id for look in looks] == [LEADER]
    copied = post_again(desk, AMY, {**card, "channel": f"D_{AMY}"})
    crew.click(AMY, copied, contacts.LOOK)
    crew.seen(AMY, "dm", "those who work on it")
    assert not any("13712345678" in text_of(m) for m in crew.messages(AMY, "dm"))
    assert "13712345678" not in str(desk.services.desk.audit(records.subject(walk.record.id)))


def test_what_is_typed_of_customers_is_masked(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    values = {**CASES["transfer_slip"].values, "details": "客户电话 13612345678，要求重开"}
    record = walk.file(walk.open("转办 客户13612345678要求重开发票"), values)
    assert "13612345678" not in str(record)


def test_a_message_of_a_colleague_becomes_a_procedure(desk: Desk, crew: Crew) -> None:
    said = crew.say(AMY, "C_FLOOR", "饮水机漏水了，客户电话13512345678")
    crew.shortcut(AGENT, said, "start_procedure_message")
    menu = crew.form(AGENT, procedures.MENU)
    assert crew.submit(AGENT, menu, {"procedure": "repair_call"})["response_action"] == "update"
    form = crew.form(AGENT, procedures.FORM)
    filled = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert "饮水机漏水" in filled["fault"]["initial_value"]
    assert "13512345678" not in filled["fault"]["initial_value"]
    assert filled["phone"]["initial_value"] == "13512345678"
    assert "13512345678" not in form["private_metadata"]
    walk = Walk(desk, crew)
    kept = {key: value for key, value in CASES["repair_call"].values.items() if key != "phone"}
    assert "13512345678" not in str(walk.file(form, kept))
    subject = records.subject(walk.record.id)
    person = desk.services.people.get(AGENT)
    assert desk.services.desk.contacts.look(person, subject).phone == "13512345678"


def test_a_text_fills_the_form_as_far_as_it_says(desk: Desk, crew: Crew) -> None:
    """Days, choices, numbers, people, and how to reach the customer: each into its own input."""

    def filled(user: str, command: str) -> dict[str, Any]:
        form = Walk(desk, crew, user).open(command)
        found = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
        return {
            key: next((value for name, value in element.items() if name.startswith("initial_")), None)
            for key, element in found.items()
        }

    swapped = filled(AGENT, f"换班 家里有事，想把 {day(6)} 的班和 <@U_AGENT2|amy> 换一下")
    assert (swapped["shift_date"], swapped["partner"]) == (day(6), AMY)
    pens = filled(AGENT, "领用 签字笔 1 支")
    assert pens["kind"]["value"] == "pen"
    slip = filled(AGENT, "转办 客户王女士要求重开发票，电话 13911112222，转给周岚")
    assert slip["receiver"] == LEADER
    assert slip["contact_phone"] == "13911112222"
    assert "王女士" in slip["contact_name"]
    assert "13911112222" not in slip["details"]
    assert "发票" in slip["matter"]


def test_the_menu_offers_what_the_role_may_file(desk: Desk, crew: Crew) -> None:
    def offered(user: str) -> set[str]:
        crew.command(user, "C_FLOOR", "procedures")
        menu = crew.form(user, procedures.MENU)
        return {option["value"] for option in menu["blocks"][0]["element"]["options"]}

    assert "incident_broadcast" not in offered(AGENT)
    assert "incident_broadcast" in offered(LEADER)
    menu = crew.form(LEADER, procedures.MENU)
    elsewhere = next(b for b in menu["blocks"] if b["type"] == "actions")
    assert "请示报告" in text_of(menu)
    crew.click_view(LEADER, menu, elsewhere["block_id"], elsewhere["elements"][0]["action_id"])
    assert crew.form(LEADER, escalations.FORM)


def test_an_escalation_of_something_with_a_procedure_offers_it_instead(desk: Desk, crew: Crew) -> None:
    crew.command(AGENT, "C_FLOOR", "上报 我下周三家里有事想和Amy换班")
    form = crew.form(AGENT, escalations.FORM)
    assert "换班" in text_of(form)
    offer = next(b for b in form["blocks"] if b["type"] == "actions")
    crew.click_view(AGENT, form, offer["block_id"], procedures.OPEN)
    swapping = crew.form(AGENT, procedures.FORM)
    filled = {b["block_id"]: b["element"] for b in swapping["blocks"] if b["type"] == "input"}
    assert filled["partner"]["initial_user"] == AMY
    assert "家里有事" in filled["reason"]["initial_value"]


def test_below_an_answer_to_somebody_who_wants_it_done_stands_the_procedure(desk: Desk, crew: Crew) -> None:
    asked = crew.say(AGENT, "dm", f"我想和Amy换班，{day(9)} 家里有事")
    answer = crew.reply(AGENT, asked)
    crew.click(AGENT, answer, procedures.OPEN)
    form = crew.form(AGENT, procedures.FORM)
    filled = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert filled["shift_date"]["initial_date"] == day(9)
    assert filled["partner"]["initial_user"] == AMY
    rule = crew.reply(AGENT, crew.say(AGENT, "dm", "换班有什么规定？"))
    assert procedures.OPEN not in buttons_of(rule)


def test_the_home_lists_what_waits_and_opens_it(desk: Desk, crew: Crew) -> None:
    walk = swap(desk, crew, 145, AMY)
    crew.open_app(AGENT, "home")
    home = crew.wait(lambda: (h := crew.home(AGENT)) and walk.number in text_of(h) and h, "the home")
    assert "等我处理" in text_of(home)
    row = next(b for b in home["blocks"] if b.get("accessory") and walk.number in b["text"]["text"])
    newest = crew.messages(AGENT, "dm")[-1]["ts"]
    crew.click_view(AGENT, home, row["block_id"], records.SHOW)
    card = crew.seen(AGENT, "dm", walk.number, after=newest)
    assert TAKE in buttons_of(card)
    begin = next(b for b in home["blocks"] if b["type"] == "actions" and "procedure_open" in str(b))
    crew.click_view(AGENT, home, begin["block_id"], begin["elements"][0]["action_id"])
    crew.form(AGENT, procedures.FORM)


def test_a_form_whose_acknowledgement_was_lost_is_filed_once(desk: Desk) -> None:
    crew = desk.crew
    walk = Walk(desk, crew, AMY)
    form = walk.open("daily")
    values = {"contacts": "3", "work": "calls"}
    before = desk.services.desk.procedures.count()
    crew.fault(kind="lose_ack", type="interactive")
    assert not crew.submit(AMY, form, values)["acked"]
    assert crew.submit(AMY, form, values)["closed"]
    assert desk.services.desk.procedures.count() == before + 1


# -- what the bot does by itself ---------------------------------------------------------------------------


def pass_time(desk: Desk, walk: Walk) -> None:
    """The deadline of the step passes, as far as the record knows."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    with Session(desk.services.desk.procedures._engine) as session, session.begin():
        row = session.get_one(ProcedureRecordRow, walk.record.id)
        row.due_at = row.look_at = past
    desk.app._watch()
    desk.app.outbox.nudge()


def test_a_step_that_takes_too_long_is_reminded_of_and_passed_up(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew, AMY)
    walk.file(walk.open("来访"), CASES["visitor_log"].values)
    pass_time(desk, walk)
    assert "超过约定的时间" in text_of(walk.told("超过约定的时间", LEADER))
    pass_time(desk, walk)
    walk.told("超时没有人处理", SUPERVISOR)
    walk.told("overdue", AMY)
    walk.act(SUPERVISOR, TAKE)
    walk.bare(LEADER)
    assert walk.record.step == "register"


def test_a_broadcast_that_cannot_be_posted_is_told_to_its_filer(desk: Desk) -> None:
    crew, walk = desk.crew, Walk(desk, desk.crew, LEADER)
    values = {"incident": "断网", "wording": "正在抢修。", "channel": "C_GONE"}
    walk.file(walk.open("突发"), values)
    walk.act(SUPERVISOR, TAKE)
    walk.told("没能发到频道")
    assert crew


def test_the_packet_of_a_handover_says_what_is_open_promised_changed_and_unusual(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    services = desk.services
    agent, leader = services.people.get(AGENT), services.people.get(LEADER)
    services.desk.log_ticket(
        agent, TicketContent("读者等回电", priority=Urgency.URGENT), Origin(), f"test:{tmp_path}"
    )
    soon = datetime.now(UTC) + timedelta(hours=2)
    promised = services.desk.log_ticket(
        agent, TicketContent("答应送回雨伞"), Origin(), f"promised:{tmp_path}", due_at=soon
    )
    call_back = Walk(desk, crew)
    call_back.file(call_back.open("回访"), {"ticket": "T-9", "convenient": "no", "booked": moment(90)})
    name = "借阅室守则.md"
    (tmp_path / name).write_text(MANUALS[name].replace("最多借 7 本", "最多借 9 本"), encoding="utf-8")
    staged = services.publisher.stage([tmp_path / name], "U_ADMIN")
    services.publisher.publish(staged.edition_ids, "U_ADMIN")
    content = EscalationContent("大厅冒烟", "大厅冒烟", urgency=Urgency.URGENT, handling_suggestion="疏散")
    services.desk.file_escalation(agent, content, Origin(), f"test:{tmp_path}")
    private = replace(content, summary="反映主管骂人", category="内部投诉（针对上级）")
    services.desk.file_escalation(agent, private, Origin(), f"private:{tmp_path}")
    packets = Packets(services, leader, datetime.now(UTC))
    assert packets.text("open_tickets").startswith("1. T-")
    assert "读者等回电（小林，特急）" in packets.text("open_tickets").splitlines()[0]
    assert f"{call_back.number} 回访 T-9" in packets.text("promises_due")
    assert f"{promised.number} 答应送回雨伞" in packets.text("promises_due")
    changed = packets.text("manual_changes")
    assert "《街角图书借阅室守则》改版：新增或改动 1 条，删去 1 条" in changed
    assert "最多借9本" in changed
    assert "大厅冒烟" in packets.text("unusual_events")
    assert "骂人" not in packets.text("unusual_events")
    told = {
        "summary": "说话难听骂人",
        "source": "phone",
        "story": "说话难听",
        "wish": "道歉",
        "about_person": LEADER,
    }
    complaint = services.desk.procedures.file(agent, "complaint", told, Origin(), f"complaint:{tmp_path}")
    private_ticket = services.desk.ticket(complaint.ticket_number or "")
    assert "骂" not in private_ticket.content.title
    assert f"{private_ticket.number} 涉及同事，内容只在记录中查看" in packets.text("open_tickets")
    mine = Packets(services, agent, datetime.now(UTC))
    assert "回访问卷：" in mine.text("day_counts")
    assert mine.text("week_counts")
    late = Packets(services, leader, datetime.now(UTC) + timedelta(hours=3))
    assert f"{promised.number} 答应送回雨伞（已过时间）" in late.text("promises_due")
    services.desk.board.close(agent, promised.id, promised.revision, "送到了")
    assert promised.number not in late.text("promises_due")
    with pytest.raises(KeyError):
        packets.text("weather")


def test_the_packet_of_a_handover_is_of_the_own_organisation(desk: Desk, crew: Crew, tmp_path: Path) -> None:
    services = desk.services
    directory, leader = services.desk.directory, services.people.get(LEADER)
    amy = services.people.get(AMY)
    theirs = services.desk.log_ticket(
        amy, TicketContent("别家的雨伞", priority=Urgency.URGENT), Origin(), f"theirs:{tmp_path}"
    )
    here = Packets(services, replace(leader, organisation="南湖"), datetime.now(UTC))
    assert theirs.number in here.text("open_tickets")
    directory.set_person(services.people.get("U_ADMIN"), AMY, Facts(organisation="北岸"))
    try:
        assert theirs.number not in here.text("open_tickets")
        there = Packets(services, replace(leader, organisation="北岸"), datetime.now(UTC))
        assert theirs.number in there.text("open_tickets")
    finally:
        directory.reset(services.people.get("U_ADMIN"), AMY)
        services.desk.board.close(amy, theirs.id, theirs.revision, "还了")
    assert crew

"""Working on tickets in Slack: cards, hand-overs, asked before, lists, duplicates; over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from pydantic import SecretStr
from running_bot import Desk, running

from bot.blocks import contacts
from bot.blocks import ticket_cards as cards
from bot.blocks import ticket_forms as forms
from bot.blocks import tickets as blocks
from bot.demo.crew import Crew, Json, buttons_of, text_of
from tickets.records import Origin, Ticket, TicketContent, TicketState, Urgency
from tickets.ticket_records import TicketChange
from tickets.vault import new_key

_keys = count(1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot of these tests alone: lists show what there is."""
    key = SecretStr(new_key())
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals"), contact_key=key) as bot:
        yield bot


def log(desk: Desk, title: str, user: str = "U_AGENT", hours: float = 0, **content: object) -> Ticket:
    """A ticket whose card stands in its owner's DM; with `hours`, promised for then."""
    store = desk.services.desk
    due = store.board.now() + timedelta(hours=hours) if hours > 0 else None
    said = TicketContent(title, **content)  # type: ignore[arg-type]
    ticket = store.log_ticket(desk.services.people.get(user), said, Origin(), f"t{next(_keys)}", due_at=due)
    desk.app.outbox.nudge()
    return ticket


def card(desk: Desk, user: str, number: str, fragment: str = "") -> Json:
    """The newest card of a ticket in somebody's DM, once it shows the ticket as it is now and says `fragment`."""

    def look() -> Json | None:
        shown = [m for m in desk.crew.messages(user, "dm") if any(cards.TAKE[:7] in b for b in buttons_of(m))]
        shown = [m for m in shown if f"工单 {number}" in text_of(m) or f"Ticket {number}" in text_of(m)]
        ticket = desk.services.desk.ticket(number)
        newest = (
            f"ticket_{ticket.id}_{ticket.revision}"  # a button of an older one is told so and does nothing
        )
        fresh = bool(shown) and any(b.get("block_id") == newest for b in shown[-1]["blocks"])
        return shown[-1] if fresh and fragment in text_of(shown[-1]) else None

    found: Json = desk.crew.wait(look, f"the card of {number} with “{fragment}”")
    return found


def now(desk: Desk, ticket: Ticket) -> Ticket:
    return desk.services.desk.ticket(ticket.id)


def choose(crew: Crew, user: str, shown: Json, act: str) -> None:
    """Choose from the menu behind the three dots."""
    options = [
        option["value"]
        for block in shown["blocks"]
        for element in block.get("elements") or []
        if element.get("action_id") == cards.MORE
        for option in element["options"]
        if f'"act":"{act}"' in option["value"]
    ]
    crew.click(user, shown, cards.MORE, options[0])


def test_a_hand_over_counts_only_when_it_is_accepted(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "读者要求周三前补好书脊")
    crew.click("U_AGENT", card(desk, "U_AGENT", ticket.number), cards.OFFER)
    form = crew.form("U_AGENT", forms.OFFER_FORM)
    refused = crew.submit("U_AGENT", form, {forms.TO: "U_AGENT", forms.NOTE: "我"})
    assert "不能转交给现在的负责人" in str(refused["errors"])
    assert crew.submit("U_AGENT", form, {forms.TO: "U_AGENT2", forms.NOTE: "电话 13912345678，请周三前办"})[
        "closed"
    ]

    offered = card(desk, "U_AGENT2", ticket.number, "请周三前办")
    assert "13912345678" not in text_of(offered)
    assert {cards.ACCEPT, cards.DECLINE} <= set(buttons_of(offered))
    mine = card(desk, "U_AGENT", ticket.number, "接手前仍由原负责人负责")
    assert cards.ACCEPT not in buttons_of(mine)
    assert now(desk, ticket).owner_id == "U_AGENT"

    crew.click("U_AGENT2", offered, cards.DECLINE)
    decline = crew.form("U_AGENT2", forms.DECLINE_FORM)
    assert crew.submit("U_AGENT2", decline, {forms.REASON: " "})["errors"]
    assert crew.submit("U_AGENT2", decline, {forms.REASON: "我周三休息"})["closed"]
    crew.seen("U_AGENT", "dm", "我周三休息")
    assert now(desk, ticket).offer is None

    crew.click("U_AGENT", card(desk, "U_AGENT", ticket.number), cards.OFFER)
    crew.submit(
        "U_AGENT", crew.form("U_AGENT", forms.OFFER_FORM), {forms.TO: "U_AGENT2", forms.NOTE: "那就周四"}
    )
    crew.click("U_AGENT2", card(desk, "U_AGENT2", ticket.number, "那就周四"), cards.ACCEPT)
    crew.seen("U_AGENT", "dm", "接手工单")
    after = now(desk, ticket)
    assert (after.owner_id, after.first_responder_id, after.state) == (
        "U_AGENT2",
        "U_AGENT",
        TicketState.IN_PROGRESS,
    )


def test_closing_needs_a_result_and_the_card_follows(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "还书箱卡住了")
    shown = card(desk, "U_AGENT", ticket.number)
    crew.click("U_AGENT", shown, cards.CLOSE)
    form = crew.form("U_AGENT", forms.CLOSE_FORM)
    assert "没有结果不能关闭" in str(crew.submit("U_AGENT", form, {forms.RESOLUTION: "  "})["errors"])
    assert crew.submit("U_AGENT", form, {forms.RESOLUTION: "换了弹簧，读者认可"})["closed"]
    closed = card(desk, "U_AGENT", ticket.number, "换了弹簧")
    assert cards.REOPEN in buttons_of(closed)
    crew.click("U_AGENT", closed, cards.REOPEN)
    crew.submit("U_AGENT", crew.form("U_AGENT", forms.REOPEN_FORM), {forms.REASON: "第二天又卡住"})
    again = card(desk, "U_AGENT", ticket.number, "待处理")
    choose(crew, "U_AGENT", again, cards.PAST)
    history = text_of(crew.form("U_AGENT", cards.HISTORY_VIEW))
    assert all(said in history for said in ("登记工单", "关闭工单", "换了弹簧", "重开工单", "第二天又卡住"))


def test_a_card_that_is_out_of_date_says_who_was_faster(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "借书机死机")
    shown = card(desk, "U_AGENT", ticket.number)
    crew.click("U_AGENT", shown, cards.CLOSE)
    form = crew.form("U_AGENT", forms.CLOSE_FORM)
    store, leader = desk.services.desk, desk.services.people.get("U_LEADER")
    store.board.change(leader, ticket.id, 1, TicketChange(priority=Urgency.URGENT))
    assert not crew.submit("U_AGENT", form, {forms.RESOLUTION: "重启了"})["closed"]
    assert now(desk, ticket).state is TicketState.OPEN
    form = crew.form("U_AGENT", forms.CLOSE_FORM)
    assert "刚被 周岚 更新" in text_of(form)
    assert "重启了" in str(form)
    assert crew.submit("U_AGENT", form, {})["closed"]  # knowing that
    assert now(desk, ticket).resolution == "重启了"


def test_the_menu_changes_priority_state_and_promise(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "读者证丢失")
    due = int((datetime.now(UTC) + timedelta(hours=5)).timestamp())
    choose(crew, "U_AGENT", card(desk, "U_AGENT", ticket.number), cards.CHANGE)
    form = crew.form("U_AGENT", forms.CHANGE_FORM)
    values = {
        forms.STATE: "waiting_customer",
        blocks.PRIORITY: "urgent",
        blocks.KIND: "complaint",
        blocks.DUE: due - 40 * 86400,
    }
    assert "必须在将来" in str(crew.submit("U_AGENT", form, values)["errors"])
    assert crew.submit("U_AGENT", form, values | {blocks.DUE: due})["closed"]
    text = text_of(card(desk, "U_AGENT", ticket.number, "等客户"))
    assert all(said in text for said in ("特急", "投诉", "答应"))


def test_comments_are_masked_and_another_team_is_refused(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "预约的座位被占")
    crew.click("U_AGENT", card(desk, "U_AGENT", ticket.number), cards.COMMENT)
    crew.submit("U_AGENT", crew.form("U_AGENT", forms.COMMENT_FORM), {forms.COMMENT: "回拨 13912345678 未接"})
    text = text_of(card(desk, "U_AGENT", ticket.number, "未接"))
    assert "13912345678" not in text
    other = log(desk, "主管自己的单", user="U_SUPERVISOR")
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command("U_AGENT", "C_FLOOR", f"ticket {other.number}")
    crew.seen("U_AGENT", "C_FLOOR", "由其他同事或班组负责", after=before["ts"])


def test_a_supervisor_takes_over_and_the_owner_hears_it(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "空调太冷，读者第三次投诉")
    crew.command("U_SUPERVISOR", "C_REVIEW", f"ticket {ticket.number.lower()}")
    modal = crew.form("U_SUPERVISOR", cards.VIEW)
    row = next(b["block_id"] for b in modal["blocks"] if b["type"] == "actions")
    crew.click_view("U_SUPERVISOR", modal, row, cards.TAKE)
    crew.seen("U_AGENT", "dm", "主管接管工单")
    assert now(desk, ticket).owner_id == "U_SUPERVISOR"
    crew.wait(lambda: "处理中" in text_of(crew.form("U_SUPERVISOR", cards.VIEW)), "the modal drawn again")


def test_a_form_on_top_of_a_card_in_a_modal_draws_it_again(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "书架灯不亮")
    crew.command("U_AGENT", "C_FLOOR", f"ticket {ticket.number}")
    modal = crew.form("U_AGENT", cards.VIEW)
    row = next(b["block_id"] for b in modal["blocks"] if b["type"] == "actions")
    crew.click_view("U_AGENT", modal, row, cards.COMMENT)
    crew.submit("U_AGENT", crew.form("U_AGENT", forms.COMMENT_FORM), {forms.COMMENT: "已报电工"})
    crew.wait(lambda: "已报电工" in text_of(crew.form("U_AGENT", cards.VIEW)), "the comment in the modal")


def test_who_asks_again_in_the_same_thread_is_recognised(desk: Desk, crew: Crew) -> None:
    said = crew.say("U_AGENT2", "C_FLOOR", "读者说订单 KX20261188 的书少了一本")
    crew.shortcut("U_AGENT", said, "log_ticket_message")
    crew.submit("U_AGENT", crew.form("U_AGENT", blocks.FORM), {})
    store = desk.services.desk
    first = next(t for t in store.tickets(limit=5) if "KX20261188" in t.content.title)

    other = crew.say("U_AGENT", "C_FLOOR", "又有读者来问")
    crew.shortcut("U_AGENT2", other, "log_ticket_message")
    form = crew.form("U_AGENT2", blocks.FORM)
    before = len(store.tickets(limit=200))
    asked = crew.submit("U_AGENT2", form, {"title": "单号 KX20261188 少书，读者再次来电"})
    assert not asked["closed"]
    form = crew.form("U_AGENT2", blocks.FORM)
    text = text_of(form)
    assert first.number in text
    assert "names the same number" in text  # in her language
    assert "单号 KX20261188 少书，读者再次来电" in str(form)  # nothing typed is lost
    crew.submit("U_AGENT2", form, {blocks.SAME: str(first.id)})
    assert len(store.tickets(limit=200)) == before
    assert now(desk, first).contacts == 2
    crew.seen("U_AGENT", "dm", "客户再次询问")
    assert "客户已来问 2 次" in text_of(card(desk, "U_AGENT", first.number, "已来问"))


def test_a_customer_who_calls_again_is_known_by_number_and_words(desk: Desk, crew: Crew) -> None:
    def fill(user: str, title: str, phone: str) -> Json:
        crew.shortcut(user, crew.say(user, "C_FLOOR", "有读者来电"), "log_ticket_message")
        return crew.submit(user, crew.form(user, blocks.FORM), {"title": title, contacts.PHONE: phone})

    assert fill("U_AGENT", "借书机吞了读者证，要求补卡", "13912345678")["closed"]
    store = desk.services.desk
    first = next(t for t in store.tickets(limit=5) if "吞了读者证" in t.content.title)
    assert "13912345678" not in str(store.audit())
    assert contacts.LOOK in buttons_of(card(desk, "U_AGENT", first.number))

    assert fill("U_AGENT2", "借书机失灵，读者要退押金", "13800001111")["closed"]  # somebody else
    assert not fill("U_AGENT2", "读者证被借书机吞了，还没补卡", "139 1234 5678")["closed"]
    form = crew.form("U_AGENT2", blocks.FORM)
    assert first.number in text_of(form)
    assert "the same customer" in text_of(form)
    crew.submit("U_AGENT2", form, {blocks.SAME: str(first.id)})
    crew.seen("U_AGENT2", "C_FLOOR", "contact details were not kept")
    assert now(desk, first).contacts == 2
    assert not fill("U_AGENT", "又是借书机吞读者证，补卡进度", "13912345678")["closed"]
    assert crew.submit("U_AGENT", crew.form("U_AGENT", blocks.FORM), {blocks.SAME: blocks.NEW})["closed"]
    assert now(desk, first).contacts == 2


def test_duplicates_are_merged_with_what_was_said_and_parted_again(desk: Desk, crew: Crew) -> None:
    survivor, double = log(desk, "门口积水"), log(desk, "入口处有水")
    store, agent = desk.services.desk, desk.services.people.get("U_AGENT")
    store.board.comment(agent, double.id, "保洁已到", "c-double")
    choose(crew, "U_AGENT", card(desk, "U_AGENT", double.number), cards.MERGE)
    form = crew.form("U_AGENT", forms.MERGE_FORM)
    assert "不能这样合并" in str(crew.submit("U_AGENT", form, {forms.INTO: double.number})["errors"])
    assert "T-19990101-0001" in str(crew.submit("U_AGENT", form, {forms.INTO: "T-19990101-0001"})["errors"])
    assert crew.submit("U_AGENT", form, {forms.INTO: survivor.number})["closed"]
    text = text_of(card(desk, "U_AGENT", survivor.number, "已并入"))
    assert double.number in text
    assert "保洁已到" in text
    gone = card(desk, "U_AGENT", double.number, f"→ {survivor.number}")
    crew.click("U_AGENT", gone, cards.UNMERGE)
    card(desk, "U_AGENT", double.number, "待处理")
    assert now(desk, double).merged_into == ""


def test_lists_by_command_with_a_button_for_more(desk: Desk, crew: Crew) -> None:
    for number in range(12):
        log(desk, f"批量登记 第{number}件")
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command("U_AGENT", "C_FLOOR", "tickets 批量登记")
    shown = crew.seen("U_AGENT", "C_FLOOR", "批量登记（12）", after=before["ts"])
    crew.click("U_AGENT", shown, blocks.LIST)
    rest = crew.form("U_AGENT", blocks.LIST_VIEW)
    assert "第0件" in text_of(rest)
    row = next(b["block_id"] for b in rest["blocks"] if b.get("accessory"))
    crew.click_view("U_AGENT", rest, row, blocks.SHOW)
    assert "批量登记" in text_of(crew.form("U_AGENT", cards.VIEW))
    crew.command("U_AGENT", "C_FLOOR", "tickets 100%")
    crew.seen("U_AGENT", "C_FLOOR", "100%（0）", after=before["ts"])


def test_lists_are_narrowed_down_by_state_kind_priority_and_people(desk: Desk, crew: Crew) -> None:
    repair = log(desk, "筛选甲 座椅松动", kind="repair", priority=Urgency.URGENT)
    log(desk, "筛选乙 座椅松动", kind="inquiry")
    theirs = log(desk, "筛选丙 座椅松动", user="U_AGENT2", kind="repair")
    store, amy = desk.services.desk, desk.services.people.get("U_AGENT2")
    store.board.change(amy, theirs.id, theirs.revision, TicketChange(state=TicketState.WAITING_CUSTOMER))

    def listed(typed: str, title: str) -> str:
        before = crew.say("U_AGENT2", "C_FLOOR", "早")
        crew.command("U_AGENT", "C_FLOOR", f"tickets {typed}")
        return text_of(crew.seen("U_AGENT", "C_FLOOR", title, after=before["ts"]))

    assert repair.number in listed("座椅松动 类型:报修 优先:特急", "座椅松动 类型:报修 优先:特急（1）")
    assert theirs.number in listed("座椅松动 状态：等客户", "状态：等客户（1）")
    assert theirs.number in listed("owner:Amy 座椅松动 kind:repair", "kind:repair（1）")
    assert "（2）" in listed("首问:我 座椅松动", "首问:我（2）")
    assert repair.number in listed("全部 priority:urgent 类型:报修", "priority:urgent 类型:报修")
    # Who types a customer's number or name into a filter finds it in no button and no message.
    private = listed("类型:13912345678 座椅松动", "（0）")
    assert "12345678" not in private
    assert "1234567" not in listed("状态:13912345678", "筛选里没有")
    listed("状态:飞走了", "筛选里没有“飞走了”")
    listed("负责人:没有这个人", "没有“没有这个人”")


def test_home_shows_what_waits_for_whom(desk: Desk, crew: Crew) -> None:
    ticket = log(desk, "等人接手的单", user="U_AGENT2")
    store, people = desk.services.desk, desk.services.people
    store.board.offer(people.get("U_AGENT2"), ticket.id, 1, "U_AGENT", "请接")
    crew.open_app("U_AGENT", "home")
    home = crew.wait(
        lambda: (h := crew.home("U_AGENT")) and "等我接手" in text_of(h) and h, "the home with the offer"
    )
    assert "等人接手的单" in text_of(home)
    row = f"accept_ticket_{ticket.id}"
    crew.click_view("U_AGENT", home, row, blocks.SHOW)
    crew.wait(  # the modal of this ticket: another may still be open
        lambda: (shown := crew.modal("U_AGENT")) and cards.ACCEPT in buttons_of(shown), "the offered ticket"
    )

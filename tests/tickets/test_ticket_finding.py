"""Comments, customers who come again, duplicates, searching, and cards."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from desk_samples import AGENT, AGENT2, LEADER, ORIGIN, SUPERVISOR, Clock, sent, ticket
from sqlalchemy import Engine, text
from ticket_samples import log, told

from tickets import ticketing
from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound
from tickets.people import Person, Role
from tickets.records import Audience, NoticeKind, TicketState, Urgency
from tickets.rows import ticket_subject
from tickets.ticket_records import Alike, Sort, TicketChange, TicketQuery
from tickets.transaction import writing

# -- comments, and customers who come again --------------------------------------------------------


def test_comments_do_not_get_in_the_way_of_what_others_do(desk: Desk) -> None:
    logged = log(desk)
    desk.board.comment(LEADER, logged.id, "已催配件", "c1")
    desk.board.close(AGENT, logged.id, 1, "修好了")  # what was seen is still so
    desk.board.comment(AGENT, logged.id, "客户满意", "c2")
    said = desk.board.view(AGENT, logged.id).comments
    assert [(one.author_id, one.text) for one in said] == [(LEADER.id, "已催配件"), (AGENT.id, "客户满意")]
    assert desk.verify_audit() is None
    with pytest.raises(InvalidInput):
        desk.board.comment(AGENT, logged.id, " ", "c3")


def test_a_comment_changed_behind_the_desk_is_found(desk: Desk, engine: Engine) -> None:
    logged = log(desk)
    desk.board.comment(AGENT, logged.id, "答应赔偿五百", "c1")
    with engine.begin() as connection:
        connection.execute(text("UPDATE ticket_comments SET text = '没有答应赔偿'"))
    broken = desk.verify_audit()
    assert broken is not None
    assert "ticket_comment" in broken.reason


def test_a_ticket_changed_behind_the_desk_is_found(desk: Desk, engine: Engine) -> None:
    log(desk)
    for column in ("owner_id", "first_responder_id", "offered_to", "customer", "resolution"):
        with engine.begin() as connection:
            before = connection.execute(text(f"SELECT {column} FROM tickets")).scalar_one()
            connection.execute(text(f"UPDATE tickets SET {column} = 'U_X'"))
        broken = desk.verify_audit()
        assert broken is not None
        assert "T-20261124-0001" in broken.reason
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE tickets SET {column} = :before"), {"before": before})
    assert desk.verify_audit() is None


def test_who_asks_again_is_counted_and_opens_what_was_closed(desk: Desk) -> None:
    logged = log(desk)
    closed = desk.board.close(AGENT, logged.id, 1, "修好了")
    stranger = Person("U_NEW", "新人", Role.AGENT, team="夜班")  # whoever is at the phone writes it down
    sent(desk)
    again = desk.board.ask_again(stranger, closed.id, "客户说又漏了", "c1")
    assert (again.state, again.contacts, again.owner_id) == (TicketState.OPEN, 2, AGENT.id)
    assert told(desk) == [(AGENT.id, "ticket.asked_again")]
    with pytest.raises(NotAllowed):
        desk.board.comment(stranger, closed.id, "看一眼", "c2")


def test_the_same_matter_is_recognised(desk: Desk, clock: Clock) -> None:
    mine = desk.log_ticket(AGENT, ticket(title="洗衣机漏水，约周三上门"), ORIGIN, "t1", customer="k1")
    order = log(desk, "t2", title="订单 KX20261188 少了一件")

    def found(**asked: object) -> list[tuple[int, tuple[Alike, ...]]]:
        return [(one.ticket.id, one.why) for one in desk.board.asked_before(**asked)]  # type: ignore[arg-type]

    assert found(customer="k1", title="洗衣机还在漏水，师傅周三没来") == [(mine.id, (Alike.CUSTOMER,))]
    assert found(customer="k1", title="咨询会员积分兑换") == []  # the same customer, another matter
    assert found(customer="k2", title="洗衣机漏水，约周三上门") == []  # another customer's
    assert found(title="单号 kx20261188 还没补发") == [(order.id, (Alike.NUMBER,))]
    assert found(title=f"又问 {mine.number}") == [(mine.id, (Alike.NUMBER,))]
    assert found(title="20261124 当天的事") == []  # a day is no order
    assert found(title="别的事", origin=ORIGIN) == [(mine.id, (Alike.THREAD,))]
    assert found(title="别的事") == []
    desk.board.close(AGENT, mine.id, 1, "修好了")
    assert found(customer="k1", title="洗衣机又漏水") == [(mine.id, (Alike.CUSTOMER,))]
    clock.advance(timedelta(days=31))
    assert found(customer="k1", title="洗衣机又漏水") == []


def test_a_merged_ticket_is_recognised_as_the_one_that_goes_on(desk: Desk) -> None:
    one, other = log(desk, "t1", title="订单 KX20261188 少件"), log(desk, "t2", title="少件")
    desk.board.merge(AGENT, one.id, 1, other.number)
    (found,) = desk.board.asked_before(title="KX20261188")
    assert found.ticket.id == other.id


# -- duplicates ------------------------------------------------------------------------------------


def test_a_merge_loses_nothing_and_can_be_undone(desk: Desk, clock: Clock) -> None:
    first = log(desk, "t1", title="漏水")
    desk.board.comment(AGENT, first.id, "第一次来电", "c1")
    clock.advance(timedelta(hours=1))
    second = desk.log_ticket(AGENT2, ticket(title="还是漏水"), ORIGIN, "t2")
    second = desk.board.change(AGENT2, second.id, 1, TicketChange(state=TicketState.WAITING_OTHER))
    desk.board.offer(AGENT, first.id, 1, LEADER.id, "请看")

    survivor = desk.board.merge(AGENT, first.id, 2, second.number.lower())
    assert survivor.id == second.id
    gone = desk.ticket(first.id)
    assert (gone.state, gone.merged_into, gone.offer) == (TicketState.MERGED, second.number, None)
    desk.board.ask_again(AGENT, first.id, "又来电", "c2")  # goes to the one that goes on
    view = desk.board.view(AGENT2, second.id)
    assert [one.number for one in view.duplicates] == [first.number]
    assert [(one.ticket_number, one.text) for one in view.comments] == [
        (first.number, "第一次来电"),
        (second.number, "又来电"),
    ]
    assert view.asked_first.first_responder_id == AGENT.id
    assert view.contacts == 3
    assert desk.board.find(SUPERVISOR, TicketQuery()).total == 1
    assert desk.board.find(SUPERVISOR, TicketQuery(text="第一次来电")).total == 1

    back = desk.board.unmerge(AGENT, first.id, 3)
    assert (back.state, back.merged_into) == (TicketState.OPEN, "")
    assert desk.board.view(AGENT2, second.id).duplicates == ()
    assert desk.verify_audit() is None


def test_chains_of_duplicates_end_at_one_ticket_and_never_in_a_circle(desk: Desk) -> None:
    a, b, c = (log(desk, key) for key in "abc")
    desk.board.merge(AGENT, a.id, 1, b.id)
    with pytest.raises(InvalidInput):
        desk.board.merge(AGENT, b.id, 2, a.id)  # a goes on as b
    with pytest.raises(InvalidInput):
        desk.board.merge(AGENT, c.id, 1, c.number)
    desk.board.merge(AGENT, b.id, 2, c.id)
    assert [one.id for one in desk.board.view(AGENT, c.id).duplicates] == [a.id, b.id]
    assert desk.board.merge(AGENT, b.id, 2, c.id).id == c.id  # a double click
    with pytest.raises(InvalidInput):
        desk.board.merge(AGENT, a.id, 2, c.id)  # it is merged already
    with pytest.raises(NotFound):
        desk.board.merge(AGENT, c.id, 3, "T-19990101-0001")


def test_a_closed_ticket_is_closed_again_after_an_undone_merge(desk: Desk) -> None:
    a, b = log(desk, "a"), log(desk, "b")
    desk.board.close(AGENT, a.id, 1, "好了")
    desk.board.merge(AGENT, a.id, 2, b.id)
    back = desk.board.unmerge(AGENT, a.id, 3)
    assert (back.state, back.resolution, back.closed_by) == (TicketState.CLOSED, "好了", AGENT.id)


def test_a_merged_ticket_is_worked_on_where_it_goes_on(desk: Desk) -> None:
    a, b = log(desk, "a"), log(desk, "b")
    desk.board.merge(AGENT, a.id, 1, b.id)
    for act in (
        lambda: desk.board.close(AGENT, a.id, 2, "好了"),
        lambda: desk.board.reopen(AGENT, a.id, 2, "没好"),
        lambda: desk.board.take(AGENT, a.id, 2),
        lambda: desk.board.take(SUPERVISOR, a.id, 2),
        lambda: desk.board.offer(AGENT, a.id, 2, AGENT2.id, "请"),
    ):
        with pytest.raises(InvalidInput) as error:
            act()
        assert error.value.field == "ticket_state"


def test_what_the_manuals_settle_of_a_duplicate_shows_when_the_merge_is_undone(
    desk: Desk, engine: Engine, clock: Clock
) -> None:
    a, b = log(desk, "a"), log(desk, "b")
    desk.board.merge(AGENT, a.id, 1, b.id)
    with writing(engine, clock(), ZoneInfo("Asia/Shanghai")) as tx:
        ticketing.settle(tx, "", ticketing.find(tx.session, a.id), TicketState.CLOSED, {"gap": 1})
    assert desk.ticket(a.id).state is TicketState.MERGED
    assert desk.board.unmerge(AGENT, a.id, 3).state is TicketState.CLOSED
    assert desk.ticket(b.id).state is TicketState.OPEN
    assert desk.verify_audit() is None


# -- finding ---------------------------------------------------------------------------------------


def test_words_find_what_was_written_anywhere_as_it_was_written(desk: Desk) -> None:
    one = log(desk, "t1", title="打八折 50% 的事", description="型号 AB_12")
    other = log(desk, "t2", title="打折 50 元", description="型号 ABX12")
    desk.board.comment(AGENT, other.id, "已寄Invoice", "c1")

    def found(words: str) -> list[int]:
        return [ticket.id for ticket in desk.board.find(AGENT, TicketQuery(text=words)).tickets]

    assert found("50%") == [one.id]
    assert found("AB_12") == [one.id]
    assert found("invoice") == [other.id]
    assert found("50 型号") == [other.id, one.id]
    assert found(other.number[-4:]) == [other.id]
    assert found("\\") == []


def test_filters_and_orders(desk: Desk, clock: Clock) -> None:
    due = clock.now + timedelta(days=1)
    a = desk.log_ticket(AGENT, ticket(priority=Urgency.URGENT), ORIGIN, "a", customer="k1")
    clock.advance(timedelta(hours=1))
    b = desk.log_ticket(AGENT2, ticket(kind="complaint"), ORIGIN, "b", due_at=due)
    c = desk.log_ticket(AGENT, ticket(owner_id=AGENT2.id), ORIGIN, "c", due_at=due - timedelta(hours=5))
    desk.board.offer(AGENT, a.id, 1, AGENT2.id, "请")
    desk.board.close(AGENT2, b.id, 1, "好了")

    def found(**asked: object) -> list[int]:
        query = TicketQuery(**asked)  # type: ignore[arg-type]
        return [ticket.id for ticket in desk.board.find(SUPERVISOR, query).tickets]

    assert found() == [c.id, b.id, a.id]
    assert found(kind="complaint") == [b.id]
    assert found(states=(TicketState.CLOSED,)) == [b.id]
    assert found(owner_id=AGENT2.id) == [c.id, b.id]
    assert found(first_responder_id=AGENT.id) == [c.id, a.id]
    assert found(person_id=AGENT.id) == [c.id, a.id]
    assert found(offered_to=AGENT2.id) == found(unhanded=True) == [a.id]
    assert found(priority=Urgency.URGENT) == [a.id]
    assert found(customer="k1") == [a.id]
    assert found(created_from=clock.now) == [c.id, b.id]
    assert found(created_before=clock.now) == [a.id]
    assert found(sort=Sort.OLDEST) == [a.id, b.id, c.id]
    assert found(sort=Sort.DUE) == [c.id, b.id, a.id]
    assert found(sort=Sort.PRIORITY) == [a.id, b.id, c.id]
    clock.advance(timedelta(minutes=1))
    desk.board.comment(AGENT, a.id, "新消息", "c1")
    assert found(sort=Sort.UPDATED)[0] == a.id
    page = desk.board.find(SUPERVISOR, TicketQuery(limit=2))
    assert (page.total, page.next_offset) == (3, 2)
    rest = desk.board.find(SUPERVISOR, TicketQuery(limit=2, offset=2))
    assert ([one.id for one in rest.tickets], rest.next_offset) == ([a.id], None)
    with pytest.raises(InvalidInput):
        desk.board.find(SUPERVISOR, TicketQuery(limit=1000))


# -- cards -----------------------------------------------------------------------------------------


def test_cards_are_redrawn_once_for_many_changes(desk: Desk) -> None:
    logged = log(desk)
    sent(desk)
    desk.board.comment(AGENT, logged.id, "没有卡片，不用重画", "c0")
    desk.place_card(ticket_subject(logged.id), "D1", "1.1", Audience(user_id=AGENT.id))
    desk.board.comment(AGENT, logged.id, "一", "c1")
    desk.board.comment(AGENT, logged.id, "二", "c2")
    (redrawn,) = desk.due_notices(100)
    assert redrawn.kind is NoticeKind.TICKET_UPDATED
    desk.board.comment(AGENT, logged.id, "三", "c3")  # the other is being drawn: it may have missed this
    assert desk.due_notices(100) == [], "one after the other"
    desk.delivered(redrawn.id)
    assert [notice.kind for notice in desk.due_notices(100)] == [NoticeKind.TICKET_UPDATED]

"""Working on tickets: hand-overs, comments, asking again, closing, merging, searching; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from desk_samples import (
    AGENT,
    AGENT2,
    EVERYBODY,
    LEADER,
    MANAGER,
    ORIGIN,
    SUPERVISOR,
    Clock,
    ticket,
)
from sqlalchemy import Engine, text

from tickets import ticketing
from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal, StaleRevision
from tickets.people import People, Person, Role
from tickets.records import Audience, NoticeKind, Origin, Ticket, TicketState, Urgency
from tickets.rows import ticket_subject
from tickets.ticket_records import Alike, Sort, TicketChange, TicketQuery
from tickets.ticket_rules import TABLE, Act, Standing, standings
from tickets.transaction import writing


def log(desk: Desk, key: str = "t1", **changes: object) -> Ticket:
    return desk.log_ticket(AGENT, ticket(**changes), Origin(), key)


def told(desk: Desk) -> list[tuple[str | None, str]]:
    """Whom the outbox tells of tickets now, and of what."""
    trail = {entry.id: entry.action for entry in desk.audit()}
    due = [notice for notice in desk.due_notices(100) if notice.kind is NoticeKind.TICKET_TOLD]
    return [(notice.audience.user_id, trail.get(notice.subject_id, "")) for notice in due]


# -- hand-overs ------------------------------------------------------------------------------------


def test_whoever_was_asked_first_stays_responsible_until_a_hand_over_is_accepted(desk: Desk) -> None:
    logged = log(desk)
    offered = desk.board.offer(AGENT, logged.id, 1, AGENT2.id, " 客户只在上午有空 ")
    assert (offered.owner_id, offered.revision) == (AGENT.id, 2)
    assert offered.offer is not None
    assert (offered.offer.to, offered.offer.by, offered.offer.note) == (
        AGENT2.id,
        AGENT.id,
        "客户只在上午有空",
    )
    accepted = desk.board.accept(AGENT2, logged.id, 2)
    assert (accepted.owner_id, accepted.first_responder_id, accepted.offer) == (AGENT2.id, AGENT.id, None)
    assert accepted.state is TicketState.IN_PROGRESS
    assert accepted.content.owner_id == AGENT2.id
    assert desk.verify_audit() is None
    actions = [entry.action for entry in desk.board.view(AGENT, logged.id).history]
    assert actions == ["ticket.logged", "ticket.offered", "ticket.accepted"]


def test_the_offer_and_its_end_are_told_to_those_whom_they_concern(desk: Desk) -> None:
    logged = log(desk)
    desk.due_notices(100)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请接手")
    (notice,) = desk.due_notices(100)
    assert (notice.kind, notice.audience) == (NoticeKind.TICKET_OFFERED, Audience(user_id=AGENT2.id))
    desk.board.decline(AGENT2, logged.id, 2, "我不在班")
    assert told(desk) == [(AGENT.id, "ticket.declined")]
    desk.board.offer(LEADER, logged.id, 3, AGENT2.id, "你明天在")
    assert told(desk) == [(AGENT.id, "ticket.offered")]
    desk.board.offer(AGENT, logged.id, 4, SUPERVISOR.id, "还是请主管")
    assert told(desk) == [(AGENT2.id, "ticket.offered")]
    desk.board.take(MANAGER, logged.id, 5)
    assert told(desk) == [(AGENT.id, "ticket.taken_over"), (SUPERVISOR.id, "ticket.taken_over")]


def test_a_declined_or_withdrawn_offer_leaves_the_owner(desk: Desk) -> None:
    logged = log(desk)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请接手")
    with pytest.raises(InvalidInput) as error:
        desk.board.decline(AGENT2, logged.id, 2, " ")
    assert error.value.field == "reason"
    declined = desk.board.decline(AGENT2, logged.id, 2, "不归我管")
    assert (declined.owner_id, declined.offer) == (AGENT.id, None)
    desk.board.offer(AGENT, logged.id, 3, AGENT2.id, "再问一次")
    withdrawn = desk.board.withdraw(AGENT, logged.id, 4)
    assert withdrawn.offer is None
    with pytest.raises(StaleRevision):
        desk.board.accept(AGENT2, logged.id, 4)
    with pytest.raises(NotAllowed) as refused:
        desk.board.accept(AGENT2, logged.id, 5)
    assert refused.value.refusal is Refusal.NOT_OFFERED
    assert [e.details.get("note") for e in desk.audit("ticket:1")][1:4] == ["请接手", "不归我管", "再问一次"]


def test_it_is_handed_to_somebody_else(desk: Desk) -> None:
    logged = log(desk)
    for to in (AGENT.id, "", " ", "U" * 65):
        with pytest.raises(InvalidInput) as error:
            desk.board.offer(AGENT, logged.id, 1, to, "请")
        assert error.value.field == "offered_to"


def test_taking_is_what_it_means_for_each(desk: Desk) -> None:
    logged = log(desk)
    assert desk.board.take(AGENT, logged.id, 1).state is TicketState.IN_PROGRESS
    with pytest.raises(NotAllowed):
        desk.board.take(AGENT2, logged.id, 2)
    with pytest.raises(NotAllowed):  # a leader asks for a hand-over; the department's supervisor takes
        desk.board.take(LEADER, logged.id, 2)
    desk.board.offer(AGENT, logged.id, 2, AGENT2.id, "请接手")
    assert desk.board.take(AGENT2, logged.id, 3).owner_id == AGENT2.id
    taken = desk.board.take(SUPERVISOR, logged.id, 4)
    assert (taken.owner_id, taken.first_responder_id) == (SUPERVISOR.id, AGENT.id)


# -- double clicks and lost races ------------------------------------------------------------------

ACTS: dict[str, Callable[[Desk, int], Ticket]] = {
    "take": lambda desk, number: desk.board.take(AGENT, number, 1),
    "change": lambda desk, number: desk.board.change(AGENT, number, 1, TicketChange(kind="complaint")),
    "offer": lambda desk, number: desk.board.offer(AGENT, number, 1, AGENT2.id, "请"),
    "close": lambda desk, number: desk.board.close(AGENT, number, 1, "修好了"),
    "comment": lambda desk, number: desk.board.comment(AGENT, number, "已回电", f"c{number}"),
    "ask again": lambda desk, number: desk.board.ask_again(AGENT, number, "又来电", f"c{number}"),
    "take over": lambda desk, number: desk.board.take(SUPERVISOR, number, 1),
}


def test_a_double_click_does_nothing_twice(desk: Desk) -> None:
    for name, act in ACTS.items():
        logged = log(desk, name)
        first = act(desk, logged.id)
        entries, notices = len(desk.audit()), len(desk.due_notices(100))
        assert notices
        assert act(desk, logged.id) == first, name
        assert len(desk.audit()) == entries, name
        assert desk.due_notices(100) == [], name


def test_whoever_is_too_late_is_told_who_was_faster(desk: Desk) -> None:
    for name in ("take", "change", "offer", "close", "take over"):
        logged = log(desk, name)
        desk.board.change(LEADER, logged.id, 1, TicketChange(priority=Urgency.URGENT))
        entries = len(desk.audit())
        with pytest.raises(StaleRevision) as error:
            ACTS[name](desk, logged.id)
        assert (error.value.changed_by, error.value.revision) == (LEADER.id, 2)
        assert len(desk.audit()) == entries


# -- changing, closing, reopening ------------------------------------------------------------------


def test_what_is_changed_is_in_the_history(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    due = clock.now + timedelta(hours=3)
    asked = TicketChange(TicketState.WAITING_CUSTOMER, Urgency.URGENT, "complaint", due)
    changed = desk.board.change(AGENT, logged.id, 1, asked)
    assert (changed.state, changed.content.priority, changed.content.kind, changed.due_at) == (
        TicketState.WAITING_CUSTOMER,
        Urgency.URGENT,
        "complaint",
        due,
    )
    assert desk.ticket(logged.id) == changed
    (entry,) = [e for e in desk.audit("ticket:1") if e.action == "ticket.changed"]
    assert entry.details["changes"]["state"] == ["open", "waiting_customer"]
    assert desk.board.change(AGENT, logged.id, 2, asked) == changed  # nothing to change: nothing is recorded
    assert desk.board.change(AGENT, logged.id, 2, TicketChange(due_at=None)).due_at is None


def test_what_cannot_be_is_refused(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    for asked, field in (
        (TicketChange(state=TicketState.CLOSED), "ticket_state"),
        (TicketChange(state=TicketState.MERGED), "ticket_state"),
        (TicketChange(kind="Bad Kind"), "kind"),
        (TicketChange(due_at=clock.now), "due_at"),
    ):
        with pytest.raises(InvalidInput) as error:
            desk.board.change(AGENT, logged.id, 1, asked)
        assert error.value.field == field
    assert desk.ticket(logged.id) == logged


def test_a_promise_is_overdue_until_the_ticket_is_closed(desk: Desk, clock: Clock) -> None:
    with pytest.raises(InvalidInput):
        desk.log_ticket(AGENT, ticket(), ORIGIN, "t0", due_at=clock.now)
    due = clock.now + timedelta(hours=1)
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1", due_at=due)
    log(desk, "t2")
    overdue = TicketQuery(overdue=True)
    assert desk.board.find(AGENT, overdue).total == 0
    clock.advance(timedelta(hours=2))
    assert [one.id for one in desk.board.find(AGENT, overdue).tickets] == [logged.id]
    assert logged.overdue(clock.now)
    desk.board.close(AGENT, logged.id, 1, "上门修好")
    assert desk.board.find(AGENT, overdue).total == 0


def test_closing_needs_a_resolution_and_reopening_a_reason(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请")
    with pytest.raises(InvalidInput) as error:
        desk.board.close(AGENT, logged.id, 2, "  ")
    assert error.value.field == "resolution"
    closed = desk.board.close(AGENT, logged.id, 2, "换了水管")
    assert (closed.state, closed.resolution, closed.closed_by, closed.closed_at, closed.offer) == (
        TicketState.CLOSED,
        "换了水管",
        AGENT.id,
        clock.now,
        None,
    )
    for asked in (
        lambda: desk.board.accept(AGENT2, logged.id, 3),
        lambda: desk.board.close(AGENT, logged.id, 3, "再关一次"),
        lambda: desk.board.offer(AGENT, logged.id, 3, AGENT2.id, "请"),
        lambda: desk.board.change(AGENT, logged.id, 3, TicketChange(kind="complaint")),
    ):
        with pytest.raises(InvalidInput) as refused:
            asked()
        assert refused.value.field == "ticket_state"
    with pytest.raises(InvalidInput):
        desk.board.reopen(AGENT, logged.id, 3, "")
    again = desk.board.reopen(AGENT, logged.id, 3, "又漏了")
    assert (again.state, again.resolution, again.closed_at) == (TicketState.OPEN, "", None)
    notes = [entry.details.get("note") for entry in desk.board.view(AGENT, logged.id).history]
    assert notes == [None, "请", "换了水管", "又漏了"]


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
    desk.due_notices(100)
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


# -- who may do what -------------------------------------------------------------------------------

EARLY = Person("U_E1", "早一", Role.AGENT, "早班", "甲")
EARLY2 = Person("U_E2", "早二", Role.AGENT, "早班", "甲")
LATE = Person("U_L1", "晚一", Role.AGENT, "晚班", "甲")
OTHER = Person("U_O1", "外一", Role.AGENT, "早班", "乙")
FIRST = Person("U_F1", "首问", Role.AGENT, "晚班", "甲")
HEAD = Person("U_H", "班长", Role.LEADER, "早班", "甲")
CHIEF = Person("U_C", "主管", Role.SUPERVISOR, "", "甲")
THEIR_CHIEF = Person("U_D", "乙主管", Role.SUPERVISOR, "", "乙")
HOUSE_CHIEF = Person("U_M", "总部", Role.MANAGER)
KEEPER = Person("U_K", "管理", Role.ADMIN, "", "甲")
TEAMS = (EARLY, EARLY2, LATE, OTHER, FIRST, HEAD, CHIEF, THEIR_CHIEF, HOUSE_CHIEF, KEEPER)

ALL = set(Act)
WORK = {Act.SEE, Act.COMMENT, Act.CHANGE, Act.CLOSE, Act.REOPEN, Act.MERGE}
MAY: dict[str, set[Act]] = {
    EARLY.id: WORK | {Act.HAND_OVER},
    EARLY2.id: WORK,
    LATE.id: set(),
    OTHER.id: set(),
    FIRST.id: {Act.SEE, Act.COMMENT, Act.REOPEN},
    HEAD.id: WORK | {Act.HAND_OVER},
    CHIEF.id: ALL,
    THEIR_CHIEF.id: set(),
    HOUSE_CHIEF.id: ALL,
    KEEPER.id: ALL,
}


@pytest.fixture
def teams(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(TEAMS), clock)


def attempts(desk: Desk, actor: Person) -> dict[Act, Callable[[], object]]:
    """For each act, doing it to a ticket of the early shift whose first responder is of the late one."""
    count = len(desk.tickets(limit=500))

    def fresh(*, closed: bool = False) -> Ticket:
        nonlocal count
        count += 1
        made = desk.log_ticket(FIRST, ticket(owner_id=EARLY.id), Origin(), f"p{count}")
        return desk.board.close(EARLY, made.id, 1, "好了") if closed else made

    def merge() -> object:
        mine = desk.log_ticket(actor, ticket(), Origin(), f"own{fresh().id}")
        return desk.board.merge(actor, fresh().id, 1, mine.id)

    return {
        Act.SEE: lambda: desk.board.view(actor, fresh().id),
        Act.COMMENT: lambda: desk.board.comment(actor, fresh().id, "说明", f"c{count}"),
        Act.CHANGE: lambda: desk.board.change(actor, fresh().id, 1, TicketChange(kind="complaint")),
        Act.CLOSE: lambda: desk.board.close(actor, fresh().id, 1, "好了"),
        Act.REOPEN: lambda: desk.board.reopen(actor, fresh(closed=True).id, 2, "没好"),
        Act.MERGE: merge,
        Act.HAND_OVER: lambda: desk.board.offer(actor, fresh().id, 1, "U_SOMEBODY", "请"),
        Act.TAKE_OVER: lambda: desk.board.take(actor, fresh().id, 1),
    }


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_table_of_permissions_holds_both_ways(teams: Desk) -> None:
    for actor in TEAMS:
        for act, attempt in attempts(teams, actor).items():
            if act is Act.TAKE_OVER and actor is EARLY:
                continue  # the owner begins with the same button
            if act in MAY[actor.id]:
                attempt()
            else:
                with pytest.raises(NotAllowed) as error:
                    attempt()
                assert error.value.refusal is Refusal.NOT_YOUR_TICKET
    assert teams.verify_audit() is None


def test_lists_show_exactly_what_may_be_seen(teams: Desk) -> None:
    everybody = [*TEAMS, Person("U_UNLISTED", "U_UNLISTED")]
    for number, owner in enumerate(everybody):
        teams.log_ticket(KEEPER, ticket(owner_id=owner.id), Origin(), f"t{number}")
    for actor in everybody:
        listed = {one.owner_id for one in teams.board.find(actor, TicketQuery(limit=100)).tickets}
        assert listed == {one.owner_id for one in teams.tickets() if sees(teams, actor, one)}
        assert actor.id in listed
        assert (len(listed) == len(everybody)) == (actor in (KEEPER, HOUSE_CHIEF))


def sees(desk: Desk, actor: Person, one: Ticket) -> bool:
    try:
        return desk.board.view(actor, one.id).ticket == one
    except NotAllowed:
        return False


def test_everything_in_the_table_is_of_a_known_standing() -> None:
    assert set(TABLE) == set(Act)
    assert all(Standing.ADMIN in allowed for allowed in TABLE.values())
    nobody = standings(People(TEAMS), OTHER, _Held())
    assert nobody == frozenset()


class _Held:
    owner_id, first_responder_id, logged_by = EARLY.id, FIRST.id, FIRST.id


def test_leaders_and_above_export(desk: Desk) -> None:
    log(desk)
    for actor in EVERYBODY:
        if actor.role is Role.AGENT:
            with pytest.raises(NotAllowed):
                desk.board.export(actor, TicketQuery(), "csv")
        else:
            assert desk.board.export(actor, TicketQuery(), "csv")[1] == 1
            assert desk.audit("tickets")[-1].actor_id == actor.id


# -- cards -----------------------------------------------------------------------------------------


def test_cards_are_redrawn_once_for_many_changes(desk: Desk) -> None:
    logged = log(desk)
    desk.due_notices(100)
    desk.board.comment(AGENT, logged.id, "没有卡片，不用重画", "c0")
    desk.place_card(ticket_subject(logged.id), "D1", "1.1", Audience(user_id=AGENT.id))
    desk.board.comment(AGENT, logged.id, "一", "c1")
    desk.board.comment(AGENT, logged.id, "二", "c2")
    kinds = [notice.kind for notice in desk.due_notices(100)]
    assert kinds == [NoticeKind.TICKET_UPDATED]
    desk.board.comment(AGENT, logged.id, "三", "c3")  # the other is being drawn: it may have missed this
    assert [notice.kind for notice in desk.due_notices(100)] == [NoticeKind.TICKET_UPDATED]

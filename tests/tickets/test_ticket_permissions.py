"""Who may do what with a ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk_samples import (
    EVERYBODY,
    Clock,
    ticket,
)
from sqlalchemy import Engine
from ticket_samples import log

from tickets.desk import Desk
from tickets.errors import NotAllowed, Refusal
from tickets.people import People, Person, Role
from tickets.records import Origin, Ticket
from tickets.ticket_records import TicketChange, TicketQuery
from tickets.ticket_rules import TABLE, Act, Standing, standings

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

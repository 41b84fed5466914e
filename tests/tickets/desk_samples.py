"""People, a clock, and contents to file and log."""

from datetime import UTC, datetime, timedelta

from tickets.desk import Desk
from tickets.people import Person, Role
from tickets.records import Basis, EscalationContent, Notice, Origin, TicketContent, Urgency

AGENT = Person("U_AGENT", "安静", Role.AGENT)
AGENT2 = Person("U_AGENT2", "安宁", Role.AGENT)
LEADER = Person("U_LEADER", "林领", Role.LEADER)
SUPERVISOR = Person("U_SUPERVISOR", "苏管", Role.SUPERVISOR)
SUPERVISOR2 = Person("U_SUPERVISOR2", "宋管", Role.SUPERVISOR)
MANAGER = Person("U_MANAGER", "马理", Role.MANAGER)
ADMIN = Person("U_ADMIN", "管库", Role.ADMIN)
EVERYBODY = (AGENT, AGENT2, LEADER, SUPERVISOR, SUPERVISOR2, MANAGER, ADMIN)


class Clock:
    """A clock that stands still until told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


ORIGIN = Origin(
    channel="C_FLOOR", thread_ts="1790000000.000100", message_ts="1790000000.000200", team_id="T1"
)


def escalation(**changes: object) -> EscalationContent:
    fields: dict[str, object] = {
        "summary": "客户要求当天上门，坐席无权安排",
        "report": "【事件】客户要求当天上门\n【处理意见】请协调加急",
        "category": "超出本职范围",
        "urgency": Urgency.IMPORTANT,
        "handling_suggestion": "请协调加急派单",
        "policy_basis": (Basis(7, "示例手册", "三、2", "坐席解决不了的，报班长。"),),
        "missing": ("发生时间",),
    }
    return EscalationContent(**{**fields, **changes})  # type: ignore[arg-type]


def ticket(**changes: object) -> TicketContent:
    fields: dict[str, object] = {"title": "洗衣机漏水，约周三上门", "kind": "repair"}
    return TicketContent(**{**fields, **changes})  # type: ignore[arg-type]


def sent(desk: Desk) -> list[Notice]:
    """Everything that is to be sent, oldest first, which is sent: one after the other about the same matter."""
    found: list[Notice] = []
    while notices := desk.due_notices(500):
        for notice in notices:
            desk.delivered(notice.id)
        found += notices
    return sorted(found, key=lambda notice: notice.id)

"""Filing escalations, and what was told of them."""

from __future__ import annotations

from desk_samples import AGENT, ORIGIN, escalation, sent

from tickets.desk import Desk
from tickets.people import Person, Role
from tickets.records import Escalation, Notice, NoticeKind
from tickets.rung_records import Mark, StepKind
from tickets.rungs import path

LEADER2 = Person("U_LEADER2", "李领", Role.LEADER)
GENERAL = Person("U_GENERAL", "钟总", Role.GENERAL_MANAGER)


def file(desk: Desk, filer: Person = AGENT, key: str = "k1", **changes: object) -> Escalation:
    return desk.file_escalation(filer, escalation(**changes), ORIGIN, key)


def told(desk: Desk) -> list[tuple[NoticeKind, str]]:
    """Kind and audience of everything that is to be sent, which is sent."""
    return [(notice.kind, audience_of(notice)) for notice in sent(desk)]


def audience_of(notice: Notice) -> str:
    return notice.audience.user_id or str(notice.audience.role)


def kinds(one: Escalation) -> list[StepKind]:
    return [step.kind for step in one.steps]


def way(one: Escalation) -> list[tuple[Role, Mark | None]]:
    return [(stop.role, stop.mark) for stop in path(one, Role.AGENT)]

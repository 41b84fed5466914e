"""A desk with one of everything on it, and the cast that tries what it may not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tickets.confirmed import ConfirmedContent
from tickets.contacts import Contact
from tickets.desk import Desk
from tickets.directory_told import GroupRule
from tickets.people import People, Person, Role
from tickets.procedure_records import Act, Record
from tickets.records import AnswerRecord, Basis, EscalationContent, Origin, TicketContent, Urgency, Verdict
from tickets.rung_records import Grounds
from tickets.vault import Vault

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TEAM = ("早班", "甲")

OWNER = Person("U_OWNER", "安静", Role.AGENT, *TEAM)
"""The agent whose matters they are."""
MATE = Person("U_MATE", "安宁", Role.AGENT, *TEAM)
FOREIGN = Person("U_FOREIGN", "外一", Role.AGENT, "早班", "乙")
LEADER = Person("U_LEADER", "林领", Role.LEADER, *TEAM)
SUPERVISOR = Person("U_SUPERVISOR", "苏管", Role.SUPERVISOR, "", "甲")
MANAGER = Person("U_MANAGER", "马理", Role.MANAGER, "", "甲")
GENERAL = Person("U_GENERAL", "钟总", Role.GENERAL_MANAGER, "", "甲")
ADMIN = Person("U_ADMIN", "管库", Role.ADMIN, "", "甲")
FORMER = Person("U_FORMER", "前管", Role.SUPERVISOR, "", "甲")
"""A supervisor who was taken out before anything is tried: deactivated."""
STRANGER = Person("U_STRANGER", "U_STRANGER")
"""Listed nowhere."""
ACCUSED = Person("U_ACCUSED", "被管", Role.SUPERVISOR, "", "甲")
"""A supervisor whom one escalation and one record complain about."""

LISTED = (OWNER, MATE, FOREIGN, LEADER, SUPERVISOR, MANAGER, GENERAL, ADMIN, FORMER, ACCUSED)
CAST = {
    "owner": OWNER, "mate": MATE, "foreign": FOREIGN, "leader": LEADER, "supervisor": SUPERVISOR, "manager": MANAGER,
    "general": GENERAL, "admin": ADMIN, "former": FORMER, "stranger": STRANGER, "accused": ACCUSED,
}  # fmt: skip
ORIGIN = Origin(channel="C_FLOOR", thread_ts="1.1", message_ts="1.2", team_id="T1")
CONFIRMED = ConfirmedContent("水票一张多少钱?", "每张 6 元。", (11, 12), (12, 13))
CONTACT = Contact(name="欧阳小满", phone="139-8888-6666")
MISSING = AnswerRecord("员工车位怎么申请", "not_found", origin=ORIGIN, generation=3, absent=True, near=(5, 6))
COMPLAINT = {
    "summary": "客户投诉主管态度", "source": "phone", "story": "客户说主管在电话里大声", "wish": "道歉",
    "about_person": ACCUSED.id,
}  # fmt: skip
SWAP = {"shift_date": "2026-11-28", "partner": MATE.id, "reason": "家里有事"}


def escalation(**changes: Any) -> EscalationContent:
    """What an escalation says."""
    said: dict[str, Any] = {
        "summary": "客户要求当天上门", "report": "【事件】客户要求当天上门\n【处理意见】请协调加急",
        "category": "超出本职范围", "urgency": Urgency.IMPORTANT, "handling_suggestion": "请协调加急派单",
        "policy_basis": (Basis(7, "示例手册", "三、2", "坐席解决不了的，报班长。"),), "missing": (),
    }  # fmt: skip
    return EscalationContent(**{**said, **changes})


@dataclass
class House:
    """A desk, and the ids of what lies on it."""

    desk: Desk
    engine: Engine
    file: Path
    ids: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str) -> Person:
        """Somebody of the cast as the desk knows them now."""
        return self.desk.people.get(CAST[name].id)

    def fingerprint(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with closing(sqlite3.connect(self.file)) as connection:
            tables = [
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}

    def keep(self) -> None:
        """Remember how things are now, for `reset`."""
        self.engine.dispose()
        shutil.copy(self.file, self.file.with_suffix(".kept"))

    def reset(self) -> None:
        """Put everything back. The engine stays: preparing its statements again is what would cost."""
        self.engine.dispose()
        for rest in ("-wal", "-shm"):
            self.file.with_name(self.file.name + rest).unlink(missing_ok=True)
        shutil.copy(self.file.with_suffix(".kept"), self.file)
        self.desk.directory.refresh()


def desk_on(engine: Engine, key: str, procedures: Path) -> Desk:
    """A desk whose time stands still."""
    return Desk(engine, People(LISTED), lambda: NOW, vault=Vault([key]), procedures=procedures)


def furnish(house: House) -> None:
    """Put one of everything on the desk; `ids` says under which numbers. Then the former supervisor is let go."""
    desk, ids = house.desk, house.ids

    def filed(key: str, **changes: Any) -> int:
        return desk.file_escalation(OWNER, escalation(**changes), ORIGIN, key).id

    ids["submitted"] = filed("e1")
    ids["returned"] = desk.rungs.ask_back(LEADER, filed("e2"), 1, "几点?").id
    approved = desk.approve(LEADER, filed("e3"), 1, "先道歉再补发")
    ids["approved"], ids["approved_revision"] = approved.id, approved.revision
    ids["missed"] = desk.rungs.unreachable(OWNER, filed("e4"), 1, "打了三次没人接").id
    skipped = {"urgency": Urgency.URGENT, "next_role": Role.MANAGER, "skip_reason": "正在漏电"}
    ids["skipped"] = filed("e5", grounds=Grounds.URGENT, **skipped)
    first, second = desk.rungs.owed_reports(escalation_id=ids["skipped"])
    ids["report_owed"], ids["report_given"] = first.id, desk.rungs.report(OWNER, second.id, "已断电").id
    ids["about"] = filed("e6", accused=(ACCUSED.id,))

    def logged(key: str) -> int:
        return desk.log_ticket(OWNER, TicketContent("洗衣机漏水", kind="repair"), ORIGIN, key).id

    ids["ticket"], ids["other_ticket"] = logged("t1"), logged("t2")
    ids["closed"] = desk.board.close(OWNER, logged("t3"), 1, "好了").id
    ids["offered"] = desk.board.offer(OWNER, logged("t4"), 1, MATE.id, "请接").id
    ids["merged"] = logged("t5")
    desk.board.merge(OWNER, ids["merged"], 1, ids["other_ticket"])
    ids["merged_revision"] = desk.ticket(ids["merged"]).revision
    desk.contacts.keep(OWNER, f"ticket:{ids['ticket']}", CONTACT)

    ids["swap"] = _filed(house, OWNER, "shift_swap", SWAP).id
    ids["swapped"] = _swapped(house)
    ids["complaint"] = _filed(house, OWNER, "complaint", COMPLAINT).id
    ids["confirmed"] = desk.confirmed.confirm(SUPERVISOR, CONFIRMED, 3).id
    ids["sent"] = desk.confirmed.send(SUPERVISOR, ids["confirmed"], 1, "C1", [OWNER.id, MATE.id])[0].id
    ids["answer"] = desk.record_answer(OWNER.id, MISSING)
    ids["gap"] = desk.gaps.group(ids["answer"], None, b"\0\0\0\0", "m", seen=0) or 0
    desk.record_feedback(OWNER, ids["answer"], Verdict.UNHELPFUL, "没有")
    desk.directory.set_group(ADMIN, GroupRule("early", role=Role.LEADER))
    desk.directory.remove_person(ADMIN, FORMER.id)


def _swapped(house: House) -> int:
    """A swap of shifts that everybody has agreed to."""
    act = house.desk.procedures.act
    values = {**SWAP, "shift_date": "2027-01-09"}
    record = house.desk.procedures.file(OWNER, "shift_swap", values, ORIGIN, "p:swapped")
    return act(SUPERVISOR, act(MATE, record.id, 1, Act.ACCEPTED).id, 2, Act.APPROVED).id


def _filed(house: House, actor: Person, key: str, values: dict[str, str]) -> Record:
    return house.desk.procedures.file(actor, key, values, ORIGIN, f"p:{key}")

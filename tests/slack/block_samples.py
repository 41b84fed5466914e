"""Values for views, with everything that a view could show, and at the limits."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.assistant.answers import Answer, Outcome
from ingest.pipeline import Refusal, Staged
from knowledge.clauses import Citation, Clause, ClauseKind
from knowledge.editions import Change
from knowledge.library import ManualSummary
from tickets.people import Role
from tickets.records import (
    AuditEntry,
    Basis,
    Escalation,
    EscalationContent,
    EscalationState,
    Origin,
    Ticket,
    TicketContent,
    TicketState,
    Urgency,
)

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOSTILE = "<!channel> & <@U_ADMIN> *粗* ](http://x) " + "长" * 4000


def citation(text: str = "每张借书卡一次最多借 7 本", **changes: object) -> Citation:
    values: dict[str, object] = {
        "clause_id": 7,
        "manual": "借阅室守则",
        "organisation": "街角图书",
        "label": "二、第1条",
        "quote": text,
        "edition": 3,
        "published_at": NOW,
        "source": "a.md",
    }
    return Citation(**(values | changes))  # type: ignore[arg-type]


def clause(text: str = "每张借书卡一次最多借 7 本", manual: str = "借阅室守则") -> Clause:
    return Clause(
        7, 1, 2, 3, manual, "街角图书", 0, "二、第1条", ("二、借还",), text, text, ClauseKind.TEXT,
        False, False, "a.md", NOW,
    )  # fmt: skip


def answer(count: int = 1, outcome: Outcome = Outcome.ANSWERED, text: str = "最多 7 本。") -> Answer:
    return Answer(outcome, text, tuple(citation() for _ in range(count)))


def content(text: str = "读者吵闹") -> EscalationContent:
    return EscalationContent(
        summary=text[:400],
        report=text,
        category="投诉",
        urgency=Urgency.URGENT,
        what_happened=text,
        where=text[:3000],
        when="今天",
        tried=text[:3000],
        handling_suggestion=text[:3000],
        skip_level_allowed=True,
        skip_reason="班长联系不上",
        policy_basis=tuple(Basis(n, "守则", "第一条", text[:900]) for n in range(9)),
    )


def escalation(state: EscalationState = EscalationState.SUBMITTED, text: str = "读者吵闹") -> Escalation:
    decided = state is not EscalationState.SUBMITTED
    return Escalation(
        id=5,
        number="E-20260304-0005",
        state=state,
        revision=2,
        content=content(text),
        filer_id="U_AGENT",
        awaiting=Role.SUPERVISOR,
        passed_over=(Role.LEADER,),
        origin=Origin("D_U_AGENT", "1.1", "1.2", "T"),
        created_at=NOW,
        updated_at=NOW,
        changed_by="U_SUPERVISOR",
        decided_by="U_SUPERVISOR" if decided else None,
        decided_at=NOW if decided else None,
        decision_note=text[:3000] if decided else "",
        ticket_id=9 if decided else None,
        ticket_number="T-20260304-0009" if state is EscalationState.APPROVED else None,
    )


def ticket(text: str = "补卡") -> Ticket:
    return Ticket(
        id=9,
        number="T-20260304-0009",
        state=TicketState.OPEN,
        revision=1,
        content=TicketContent(title=text[:200], description=text),
        owner_id="U_AGENT",
        first_responder_id="U_AGENT",
        logged_by="U_AGENT",
        origin=Origin(),
        created_at=NOW,
        updated_at=NOW,
    )


def staged(count: int = 2, text: str = "守则") -> Staged:
    changes = tuple(
        Change(n, n, text[:200], "街角图书", 2, 1, 2, 3, 4, True, (text[:500],), n % 2 == 0)
        for n in range(1, count + 1)
    )
    return Staged(changes, (Refusal("照片.md", "not text"),))


def manual(title: str = "守则") -> ManualSummary:
    return ManualSummary(1, title, "街角图书", 2, 40, True, "a.md", NOW, "zh", ())


def audit_entry(action: str = "ticket.logged") -> AuditEntry:
    return AuditEntry(1, NOW, "U_AGENT", action, "ticket:9", {}, "", "abc")

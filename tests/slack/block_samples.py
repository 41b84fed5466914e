"""Values for views, with everything that a view could show, and at the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.assistant.answers import Answer, Outcome
from bot.blocks.gaps import Listed
from bot.keeping.publication import (
    ChangedClause,
    ConflictReport,
    EditionReport,
    GoldenReport,
    PublicationReport,
    RefusalReport,
)
from knowledge.clauses import Citation, Clause, ClauseKind
from knowledge.library import ManualSummary
from tickets.gaps import Gap, GapQuestion, GapState
from tickets.people import Role
from tickets.records import (
    AuditEntry,
    Basis,
    Escalation,
    EscalationContent,
    EscalationState,
    Offer,
    Origin,
    Ticket,
    TicketContent,
    TicketState,
    Urgency,
)
from tickets.rung_records import Grounds, LeftOut, OwedReport, Step, StepKind
from tickets.ticket_records import Alike, AskedBefore, TicketComment, TicketPage, TicketView

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


def gap(text: str = "猫能进吗？", ticket: str = "") -> Listed:
    asked = GapQuestion(3, 1, "U_AGENT", text, (), NOW, 2, Origin(), True, False, (7,), (), None, "", None)
    found = Gap(1, GapState.OPEN, NOW, NOW, "", "", (), 2, None, ticket, (asked,))
    return Listed(found, [clause(text, text)] * 3, "U_SUPERVISOR")


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


def gone_far(text: str, state: EscalationState = EscalationState.SUBMITTED) -> Escalation:
    """An escalation to which everything happened that can happen, many times."""
    kinds = list(StepKind) * 6
    steps = tuple(
        Step(
            number, kind, "U_LEADER" if number % 2 else "", NOW, number, Role.LEADER, Role.SUPERVISOR, text[:3000],
            text[:3000], tuple(LeftOut(role, Grounds.UNREACHABLE) for role in (Role.LEADER, Role.MANAGER)), True,
        )
        for number, kind in enumerate(kinds, 1)
    )  # fmt: skip
    return replace(
        escalation(state, text), steps=steps, waiting_since=NOW, reminded_at=NOW, decision_note=text[:3000]
    )


def owed_report(text: str = "") -> OwedReport:
    return OwedReport(
        4, 5, "E-20260304-0005", Role.LEADER, ("U_LEADER",), "U_AGENT", Grounds.URGENT, NOW, NOW, text,
        NOW if text else None,
    )  # fmt: skip


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


LINKS = {9: "https://example.test/p9", 10: "https://example.test/p10"}


def ticket_view(text: str = "补卡", state: TicketState = TicketState.OPEN) -> TicketView:
    """A ticket with everything that a card can show."""
    basis = (Basis(3, text[:100], "第一条", text),) * 4
    one = ticket(text)
    offer = Offer("U_B", "U_AGENT", NOW, text[:3000]) if state is TicketState.OPEN else None
    one = replace(
        one, state=state, offer=offer, due_at=NOW - timedelta(days=1), contacts=3, merged_into="T-20260304-0001",
        resolution=text[:3000] if state is TicketState.CLOSED else "", changed_basis=(0,),
        content=replace(one.content, policy_basis=basis),
    )  # fmt: skip
    other = replace(one, id=10, number="T-20260304-0010", owner_id="张三")
    said = [TicketComment(n, 9 + n % 2, f"T-{n}", "U_AGENT", text[:3000], NOW, n % 2 == 0) for n in range(9)]
    details = {"note": text[:3000], "changes": {"due_at": ["", NOW.isoformat()], "state": ["open", "closed"]}}
    trail = [AuditEntry(n, NOW, "U_AGENT", "ticket.changed", "ticket:9", details, "", "") for n in range(60)]
    return TicketView(one, (other,) * 9, tuple(said), tuple(trail))


def ticket_page(text: str) -> TicketPage:
    """A page that leaves something over."""
    shown = tuple(replace(ticket_view(text).ticket, id=n) for n in range(10))
    return TicketPage(shown, 30, 0)


def asked_before(text: str) -> list[AskedBefore]:
    """As many as are shown."""
    return [AskedBefore(replace(ticket(text), id=n), tuple(Alike), 0.5) for n in range(5)]


def publication(count: int = 2, text: str = "守则", clauses: int = 5) -> PublicationReport:
    """What a publication of `count` manuals would change, with everything that a card can show."""
    old, new = f"每次最多借 7 本{text}", f"每次最多借 9 本{text}"
    edits = (("equal", "每次最多借 ", "每次最多借 "), ("replace", "7 本", "9 本"), ("equal", text, text))
    changed = ChangedClause(
        kind="changed", old_label="第一条", new_label="第二条", old_text=old, new_text=new, edits=edits,
        numbers=(("7 本", "9 本"), ("", "3 天")), moved=True,
    )  # fmt: skip
    gone = ChangedClause(kind="removed", old_label="第三条", old_text=text)
    come = ChangedClause(kind="added", new_label="", new_text=text)
    same = ChangedClause(
        kind="renumbered", old_label="第四条", new_label="第三条", old_text=text, new_text=text
    )
    editions = tuple(
        EditionReport(
            edition_id=n, manual_id=n, title=text[:200], organisation="街角图书", number=2, is_new=n % 3 == 0,
            added=1, changed=2, removed=3, unchanged=4, moved=1, renumbered=1, truncated=True, notes=(text[:500],),
            suspicious=(text,), metadata_changes=("owner",), effective_at=NOW, expires_at=NOW,
            clauses=(changed, gone, come, same) * clauses,
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    conflict = ConflictReport(
        id=1, kind="number", manuals=(text[:200], "须知"), organisations=("街角图书", ""), labels=("第一条", "二、"),
        quotes=(text, text), values=("7", "9"), manual_ids=(1, 2),
    )  # fmt: skip
    golden = GoldenReport(
        question=text[:300], before_outcome="answered", before=text, before_sources=("《守则》第一条",),
        after_outcome="conflict", after=text, after_sources=(),
    )  # fmt: skip
    return PublicationReport(
        editions=editions, refused=(RefusalReport(source="照片.md", reason="not text"),),
        conflicts_new=(conflict,) * 6, conflicts_gone=(conflict,), golden=(golden,) * 6, golden_asked=9, agents=3,
        answers=5, days=30,
    )  # fmt: skip


def manual(title: str = "守则") -> ManualSummary:
    return ManualSummary(1, title, "街角图书", 2, 40, True, "a.md", NOW, "zh", ())


def audit_entry(action: str = "ticket.logged") -> AuditEntry:
    return AuditEntry(1, NOW, "U_AGENT", action, "ticket:9", {}, "", "abc")

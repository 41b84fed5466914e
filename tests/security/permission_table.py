"""Who may do what: every action of every service against everybody. Data; tried both ways by test_permissions.py.

A row names a service's method, who may, and how it is tried on the furnished house. `INNER` names the methods that
know no person: what the machinery does, or what only whoever may use the database itself may do (`kefu` commands).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from security_house import CAST, CONFIRMED, CONTACT, OWNER, SWAP, House, escalation

from tickets.directory_told import Facts, GroupRule
from tickets.people import Person, Role
from tickets.preferences import Preference
from tickets.procedure_records import Act
from tickets.records import Origin, TicketContent, Verdict
from tickets.ticket_records import TicketChange, TicketQuery

Try = Callable[[House, Person], object]


@dataclass(frozen=True)
class Row:
    """One action."""

    method: str
    """`desk.approve`, `desk.board.close`."""
    may: frozenset[str]
    attempt: Try
    case: str = ""
    """What is special, where a method has several rows."""
    empty: bool = False
    """Whoever may not gets an empty list and no refusal."""
    senseless: frozenset[str] = frozenset()
    """Who may, but has nothing to do it to: refused as a mistake."""


EVERYBODY = frozenset(CAST)
AGENTS = {"owner", "mate", "foreign", "stranger", "former"}
LEADING = {"leader", "supervisor", "manager", "general"}
"""Above the owner, and not complained about."""
SUPERVISING = {"supervisor", "accused", "manager", "general"}
"""Of the owner's organisation, supervisors and above; `accused` has a part in other matters only."""


def _row(
    method: str,
    may: set[str] | frozenset[str],
    attempt: Try,
    case: str = "",
    *,
    empty: bool = False,
    senseless: set[str] | None = None,
) -> Row:
    return Row(method, frozenset(may), attempt, case, empty, frozenset(senseless or ()))


def _due(n: str) -> str:
    return f"ticket:{n}"


_NEW = TicketContent("热水器不热", kind="repair")

TABLE: tuple[Row, ...] = (
    # -- escalations -------------------------------------------------------------------------------
    _row("desk.file_escalation", EVERYBODY - {"general"},
         lambda h, p: h.desk.file_escalation(p, escalation(), Origin(), "new")),
    _row("desk.edit_escalation", {"owner", "leader", "supervisor", "accused", "manager", "general"},
         lambda h, p: h.desk.edit_escalation(p, h.ids["submitted"], 1, escalation(summary="改了"))),
    _row("desk.edit_escalation", {"owner", "supervisor", "manager", "general"},
         lambda h, p: h.desk.edit_escalation(
             p, h.ids["about"], 1, escalation(summary="改了", accused=("U_ACCUSED",))), "about somebody"),
    _row("desk.approve", {"leader", *SUPERVISING}, lambda h, p: h.desk.approve(p, h.ids["submitted"], 1, "去吧")),
    _row("desk.approve", LEADING - {"leader"}, lambda h, p: h.desk.approve(p, h.ids["about"], 1, "去吧"), "about somebody"),
    _row("desk.reject", {"leader", *SUPERVISING}, lambda h, p: h.desk.reject(p, h.ids["submitted"], 1, "不行")),
    _row("desk.waiting_for", {"leader", *SUPERVISING}, lambda h, p: h.desk.waiting_for(p), empty=True),
    _row("desk.rungs.pass_up", {"leader", "supervisor", "accused", "manager"},
         lambda h, p: h.desk.rungs.pass_up(p, h.ids["submitted"], 1, "我定不了"), senseless={"general"}),
    _row("desk.rungs.ask_back", {"leader", *SUPERVISING},
         lambda h, p: h.desk.rungs.ask_back(p, h.ids["submitted"], 1, "几点?")),
    _row("desk.rungs.answer", {"owner"}, lambda h, p: h.desk.rungs.answer(p, h.ids["returned"], 2, "十点")),
    _row("desk.rungs.unreachable", {"owner"},
         lambda h, p: h.desk.rungs.unreachable(p, h.ids["submitted"], 1, "没人接")),
    _row("desk.rungs.withdraw", {"owner"}, lambda h, p: h.desk.rungs.withdraw(p, h.ids["submitted"], 1, "好了")),
    _row("desk.rungs.carried_out", {"owner"},
         lambda h, p: h.desk.rungs.carried_out(p, h.ids["approved"], h.ids["approved_revision"], "办好了")),
    _row("desk.rungs.report", {"owner"}, lambda h, p: h.desk.rungs.report(p, h.ids["report_owed"], "已断电")),
    _row("desk.rungs.report_to_write", {"owner"}, lambda h, p: h.desk.rungs.report_to_write(p, h.ids["report_owed"])),
    _row("desk.rungs.report_read", {"supervisor", "accused"},
         lambda h, p: h.desk.rungs.report_read(p, h.ids["report_given"])),
    _row("desk.rungs.missed_seen", {"leader"}, lambda h, p: h.desk.rungs.missed_seen(p, h.ids["missed"])),
    _row("desk.rungs.view", {"owner", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.rungs.view(p, h.ids["submitted"])),
    _row("desk.rungs.view", {"owner", "admin", *LEADING},
         lambda h, p: h.desk.rungs.view(p, h.ids["about"]), "about somebody"),
    _row("desk.rungs.find", {"owner", "admin", *LEADING},
         lambda h, p: h.desk.rungs.find(h.desk.escalation(h.ids["about"]).number, p)),
    _row("desk.rungs.listed", {"owner", "admin", "leader", *SUPERVISING}, lambda h, p: h.desk.rungs.listed(p),
         empty=True),
    # -- tickets -----------------------------------------------------------------------------------
    _row("desk.log_ticket", EVERYBODY, lambda h, p: h.desk.log_ticket(p, _NEW, Origin(), "new")),
    _row("desk.board.view", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.view(p, h.ids["ticket"])),
    _row("desk.board.find", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.find(p, TicketQuery()).tickets, empty=True),
    _row("desk.board.export", {"admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.export(p, TicketQuery(), "csv")),
    _row("desk.board.take", {"owner", "admin", *SUPERVISING}, lambda h, p: h.desk.board.take(p, h.ids["ticket"], 1)),
    _row("desk.board.change", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.change(p, h.ids["ticket"], 1, TicketChange(kind="complaint"))),
    _row("desk.board.offer", {"owner", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.offer(p, h.ids["ticket"], 1, "U_SOMEBODY", "请")),
    _row("desk.board.withdraw", {"owner", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.withdraw(p, h.ids["offered"], 2)),
    _row("desk.board.accept", {"mate"}, lambda h, p: h.desk.board.accept(p, h.ids["offered"], 2)),
    _row("desk.board.decline", {"mate"}, lambda h, p: h.desk.board.decline(p, h.ids["offered"], 2, "忙")),
    _row("desk.board.comment", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.comment(p, h.ids["ticket"], "说明", "c1")),
    # Whoever has the customer on the line must be able to say that they asked again.
    _row("desk.board.ask_again", EVERYBODY, lambda h, p: h.desk.board.ask_again(p, h.ids["ticket"], "又来问", "a1")),
    _row("desk.board.close", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.close(p, h.ids["ticket"], 1, "好了")),
    _row("desk.board.reopen", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.reopen(p, h.ids["closed"], 2, "没好")),
    _row("desk.board.merge", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.merge(p, h.ids["ticket"], 1, h.ids["other_ticket"])),
    _row("desk.board.unmerge", {"owner", "mate", "admin", "leader", *SUPERVISING},
         lambda h, p: h.desk.board.unmerge(p, h.ids["merged"], h.ids["merged_revision"])),
    # -- customers' contact details -----------------------------------------------------------------
    _row("desk.contacts.keep", {"owner", "leader", *SUPERVISING},
         lambda h, p: h.desk.contacts.keep(p, _due(str(h.ids["ticket"])), CONTACT)),
    _row("desk.contacts.look", {"owner", "leader", *SUPERVISING},
         lambda h, p: h.desk.contacts.look(p, _due(str(h.ids["ticket"])), "回电")),
    _row("desk.contacts.erase", {"manager", "general", "admin"},
         lambda h, p: h.desk.contacts.erase(p, CONTACT.phone)),
    _row("desk.contacts.reseal", {"manager", "general", "admin"}, lambda h, p: h.desk.contacts.reseal(p)),
    # -- procedures --------------------------------------------------------------------------------
    _row("desk.procedures.file", EVERYBODY,
         lambda h, p: h.desk.procedures.file(
             p, "shift_swap", {**SWAP, "partner": "U_PARTNER"}, Origin(), "new"), "open to all"),
    _row("desk.procedures.file", {"leader", "admin", *SUPERVISING},
         lambda h, p: h.desk.procedures.file(
             p, "incident_broadcast", {"incident": "停电", "wording": "正在抢修", "channel": "C1"}, Origin(), "new"),
         "of leaders"),
    _row("desk.procedures.edit", {"owner"},
         lambda h, p: h.desk.procedures.edit(p, h.ids["swap"], 1, {**SWAP, "reason": "看病"})),
    _row("desk.procedures.act", {"mate"}, lambda h, p: h.desk.procedures.act(p, h.ids["swap"], 1, Act.ACCEPTED)),
    _row("desk.procedures.withdraw", {"owner"}, lambda h, p: h.desk.procedures.withdraw(p, h.ids["swap"], 1)),
    _row("desk.procedures.revoke", SUPERVISING,
         lambda h, p: h.desk.procedures.revoke(p, h.ids["swapped"], 3, "那天缺人")),
    _row("desk.procedures.view_own", {"owner", "mate"}, lambda h, p: h.desk.procedures.view_own(p, h.ids["swap"])),
    _row("desk.procedures.view", EVERYBODY, lambda h, p: h.desk.procedures.view(p, h.ids["swap"])),
    _row("desk.procedures.view", EVERYBODY - {"accused"},
         lambda h, p: h.desk.procedures.view(p, h.ids["complaint"]), "about somebody"),
    _row("desk.procedures.waiting_for", {"mate", *LEADING}, lambda h, p: h.desk.procedures.waiting_for(p), empty=True),
    # -- confirmed answers --------------------------------------------------------------------------
    _row("desk.confirmed.confirm", SUPERVISING, lambda h, p: h.desk.confirmed.confirm(p, CONFIRMED, 3)),
    _row("desk.confirmed.revise", SUPERVISING,
         lambda h, p: h.desk.confirmed.revise(p, h.ids["confirmed"], 1, CONFIRMED, 4)),
    _row("desk.confirmed.withdraw", {"admin", *SUPERVISING},
         lambda h, p: h.desk.confirmed.withdraw(p, h.ids["confirmed"], 1)),
    _row("desk.confirmed.send", SUPERVISING,
         lambda h, p: h.desk.confirmed.send(p, h.ids["confirmed"], 1, "C2", [OWNER.id])),
    _row("desk.confirmed.coverage", SUPERVISING, lambda h, p: h.desk.confirmed.coverage(p, h.ids["sent"])),
    _row("desk.confirmed.read", {"owner", "mate"},
         lambda h, p: h.desk.confirmed.read(p, h.ids["sent"])[1], empty=True),
    # -- what the manuals do not answer, what was no help ----------------------------------------------
    _row("desk.gaps.make_ticket", {"admin"}, lambda h, p: h.desk.gaps.make_ticket(p, h.ids["gap"], _NEW)),
    _row("desk.gaps.dismiss", {"admin"}, lambda h, p: h.desk.gaps.dismiss(p, h.ids["gap"], "不归手册管")),
    _row("desk.answers.complaints", {"admin"}, lambda h, p: h.desk.answers.complaints(p, 5)),
    _row("desk.record_feedback", EVERYBODY,
         lambda h, p: h.desk.record_feedback(p, h.ids["answer"], Verdict.HELPFUL)),
    # -- people and settings ------------------------------------------------------------------------
    _row("desk.directory.set_person", {"admin"},
         lambda h, p: h.desk.directory.set_person(p, "U_NEW", Facts(name="新", role=Role.AGENT))),
    _row("desk.directory.set_person", {"admin"},
         lambda h, p: h.desk.directory.set_person(p, p.id, Facts(role=Role.ADMIN)), "oneself an admin"),
    _row("desk.directory.remove_person", {"admin"}, lambda h, p: h.desk.directory.remove_person(p, "U_MATE")),
    _row("desk.directory.reset", {"admin"}, lambda h, p: h.desk.directory.reset(p, "U_FORMER")),
    _row("desk.directory.set_group", {"admin"},
         lambda h, p: h.desk.directory.set_group(p, GroupRule("night", role=Role.LEADER))),
    _row("desk.directory.remove_group", {"admin"}, lambda h, p: h.desk.directory.remove_group(p, "early")),
    _row("desk.directory.set_attendance", {"owner", "admin", *SUPERVISING},
         lambda h, p: h.desk.directory.set_attendance(p, OWNER.id, on=True)),
    _row("desk.preferences.set_channel", {"leader", "admin", *SUPERVISING},
         lambda h, p: h.desk.preferences.set_channel(p, "C1", Preference("甲"))),
    _row("desk.preferences.set_person", EVERYBODY, lambda h, p: h.desk.preferences.set_person(p, Preference("甲"))),
    _row("desk.preferences.choose", EVERYBODY, lambda h, p: h.desk.preferences.choose(p, "甲", "")),
    # -- the trail -----------------------------------------------------------------------------------
    _row("desk.trails.of", {"admin", *LEADING} - {"leader"},
         lambda h, p: h.desk.trails.of(p, h.desk.escalation(h.ids["about"]).number)),
    _row("desk.trails.of", {"admin", *SUPERVISING},
         lambda h, p: h.desk.trails.of(p, h.desk.ticket(h.ids["ticket"]).number), "a ticket"),
)  # fmt: skip

MACHINE: dict[str, str] = {
    "desk": "audit verify_audit figures due_notices hold_notice release_notices delivered failed claim stops forget_claims "
    "ask_about_expiry tickets",
    "desk.corrections": "cited_since answers_citing late_answers open_records newest_answer has_undated_answers announced "
    "quiet switch_off switch_on announce announce_late get",
    "desk.gaps": "waiting to_look_at known group looked answered reopened told gaps",
    "desk.confirmed": "active remind acknowledgement history",
    "desk.contacts": "purge looks subject",
    "desk.directory": "keep_members group_unread source version",
    "desk.procedures": "watch missing count tally ticket_ids_about_people",
    "desk.reminders": "look tell_of_file get missing",
    "desk.rungs": "watch reviewers",
    "desk.board": "told",
    "desk.underway": "open",
    "desk.usage": "reserve of_answer spent_today totals",
    "keeper": "",
}
"""What only the machinery and `kefu` commands do: no listener calls any of it."""

DOORS: dict[str, dict[str, str]] = {
    "desk": {
        "escalation": "read to draw a card that its readers were chosen for, or to compare a revision before the service acts",
        "escalations": "the home: always one's own (filer_id)",
        "ticket": "read to draw a form or a card after `board.may`",
        "disclaim": "gives back a claim of the listener's own that came to nothing",
        "pass_stop_on": "Stop in a thread: Slack offers it to whoever reads the thread",
        "record_answer": "the ledger of what the asker was just answered",
        "answer_record": "the answer below which the button stands that was pressed",
        "place_card": "where a card was just posted",
        "cards": "the cards that are redrawn",
    },
    "desk.answers": {
        "to_message": "answers to the asker's own message, when they edit or delete it",
        "recent": "the home: one's own",
    },
    "desk.confirmed": {
        "get": "what everybody is answered with",
        "all": "the home of those who confirm",
        "acknowledgements": "beside a confirmed answer, for those who confirm",
    },
    "desk.contacts": {
        "vault": "whether any can be kept",
        "may_look": "whether a button is shown",
        "kept": "whether a button is shown",
        "known_customer": "an id that tells nothing, of a number that the actor typed",
    },
    "desk.directory": {
        "refresh": "rereading files", "groups": "which Slack groups are read", "now": "the clock",
        "named": "everybody may see who is who", "concerns": "the admin's home",
    },
    "desk.gaps": {"get": "then `make_ticket` refuses"},
    "desk.preferences": {
        "of_person": "one's own", "of_channel": "the form of a channel", "channel_setting": "how it is answered there",
        "effective": "for the asker's own question",
    },
    "desk.procedures": {
        "refresh": "rereading files", "for_person": "which forms one may file", "spec_of": "words of a form",
        "may_see": "the rule itself", "get": "read to compare a revision before the service acts", "acknowledge":
        "whoever reads the channel of a broadcast says so of themselves", "list": "the home: one's own (filer_id)",
        "owed": "one's own", "used": "one's own", "read_by": "how many have read, on the broadcast itself",
        "broadcast": "what stands in the channel", "catalogue": "the forms there are",
    },
    "desk.rungs": {
        "to_carry_out": "one's own", "due_at": "drawn on cards", "is_overdue": "drawn on cards",
        "owed_report": "read to draw the card that was pressed; the service acts", "owed_reports":
        "after `view` of the escalation, or one's own",
    },
    "desk.board": {
        "now": "the clock", "shown": "drawn on cards that only people get who may see it", "may": "whether a button is shown",
        "asked_before": "whoever has the customer on the line must know who was asked first",
    },
    "desk.kept": dict.fromkeys(["put", "get", "drop", "purge", "picture", "keep_picture"], "what Slack does not give back: only the listeners of whoever was answered"),
    "desk.presence": dict.fromkeys(["last", "mark", "threads", "unheard"], "when the bot was there last, and ids of what it has not heard"),
    "desk.underway": dict.fromkeys(["begin", "streaming", "known", "done", "renew", "take_over", "tried", "is_stale", "put_off", "streams", "let_go"], "answers that are being written"),
    "desk.usage": {"record": "what the answer just took", "today": "the date"},
}  # fmt: skip
"""What knows no person and a listener may call all the same, and why nothing gets out by it."""

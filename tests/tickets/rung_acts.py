"""Random histories of escalations: people, ladders, clicks with old revisions, races, deadlines.

Beside the desk runs a model that knows only what was accepted. After every act: nothing lost or doubled, no state
that may not be, nobody decided who may not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from desk_machine import DeskMachine
from desk_samples import ORIGIN, escalation
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tickets.desk import Desk
from tickets.errors import DeskError
from tickets.people import Ladder, Person, Role
from tickets.records import UNDECIDED, Escalation, EscalationState, NoticeKind, Urgency
from tickets.rung_records import GIVEN, Grounds, StepKind

LADDERS = (
    Ladder(),
    Ladder((Role.LEADER, Role.MANAGER)),
    Ladder((Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)),
)
ROLES = (Role.AGENT, Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN)
ALWAYS = (Role.AGENT, Role.LEADER, Role.SUPERVISOR, Role.MANAGER)
ENDED = {EscalationState.APPROVED, EscalationState.REJECTED, EscalationState.WITHDRAWN}
ENDING = {StepKind.APPROVED, StepKind.REJECTED, StepKind.WITHDRAWN}

WORDS = st.sampled_from(["没人接电话", "请核实", "同意", "正在漏电", "请补充", " "])
INDEX = st.integers(0, 8)
ABOUT = st.one_of(st.just([]), st.just([]), st.lists(INDEX, max_size=2))
OLD = st.sampled_from([0, 0, 0, 0, 1, 2, 3])
USUAL = st.sampled_from([True, True, True, False])
"""Mostly whoever it belongs to does it."""

FILERS = ("answer", "unreachable", "withdraw", "done", "edit")
REVIEWERS = ("approve", "reject", "edit", "pass_up", "ask_back")
FITTING = {
    EscalationState.SUBMITTED: (
        "ask_back",
        "pass_up",
        "unreachable",
        "edit",
        "approve",
        "reject",
        "withdraw",
    ),
    EscalationState.RETURNED: ("answer", "answer", "edit", "approve", "withdraw"),
    EscalationState.APPROVED: ("done", "approve"),
}


@dataclass
class Known:
    """What was accepted of one escalation."""

    id: int
    filer: Person
    accused: frozenset[str]
    seen: list[Escalation] = field(default_factory=list)
    """Every state in which somebody saw it, oldest first: clicks carry any of these revisions."""


MOVES = {StepKind.FILED, StepKind.EDITED, StepKind.UNREACHABLE, StepKind.PASSED_UP, StepKind.OVERDUE}


class RungActs(DeskMachine):
    """What people do with escalations, beside a model that knows only what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.known_escalations: list[Known] = []

    # -- acts ------------------------------------------------------------------------------------

    @rule(
        filer=INDEX,
        accused=ABOUT,
        urgency=st.sampled_from(Urgency),
        wanted=st.sampled_from([None, None, *ROLES]),
        grounds=st.sampled_from([None, *GIVEN]),
        why=WORDS,
        twice=st.booleans(),
    )
    def file_escalation(
        self,
        filer: int,
        accused: list[int],
        urgency: Urgency,
        wanted: Role | None,
        grounds: object,
        why: str,
        twice: bool,
    ) -> None:
        who = self.person(filer)
        about = tuple({self.person(n).id for n in accused})
        content = escalation(
            urgency=urgency,
            next_role=wanted,
            grounds=grounds,
            skip_reason=why,
            accused=about,
            policy_basis=(),
        )
        key = self.key()
        filed = self.accepted(lambda: self.desk.file_escalation(who, content, ORIGIN, key))
        if filed is None:
            return
        if twice:  # a form whose acknowledgement was lost
            again = self.desk.file_escalation(who, content, ORIGIN, key)
            assert again.id == filed.id
        self.known_escalations.append(Known(filed.id, who, frozenset(about), [filed]))

    @rule(filer=st.sampled_from([0, 0, 1]), urgency=st.sampled_from(Urgency))
    def file_escalation_as_usual(self, filer: int, urgency: Urgency) -> None:
        """An agent, or a leader, reports to the next rung."""
        self.file_escalation(filer, [], urgency, None, None, "", False)

    @precondition(lambda self: self.known_escalations)
    @rule(which=INDEX, actor=INDEX, act=INDEX, old=OLD, said=WORDS, accused=ABOUT)
    def click_escalation(
        self, which: int, actor: int, act: int, old: int, said: str, accused: list[int]
    ) -> None:
        """Anybody presses anything on what they saw, perhaps long ago."""
        one = self.chosen(which)
        self.press_escalation(one, (*FILERS, *REVIEWERS)[act], self.person(actor), old, said, accused)

    @precondition(lambda self: self.known_escalations)
    @rule(which=INDEX, actor=INDEX, act=INDEX, said=WORDS)
    def click_escalation_as_usual(self, which: int, actor: int, act: int, said: str) -> None:
        """Somebody whose turn it is does something that fits.

        Whether anything fits is no precondition: it may hang on who won a race, and Hypothesis, which begins many
        histories like an earlier one, takes it for an error when the same beginning offers other rules.
        """
        able = [one for one in self.known_escalations if self.fitting(one)]
        if not able:
            return
        one = able[which % len(able)]
        acts = self.fitting(one)
        self.press_escalation(one, *acts[(act + actor) % len(acts)], 0, said, [])

    def press_escalation(
        self, one: Known, act: str, who: Person, old: int, said: str, accused: list[int]
    ) -> None:
        seen = one.seen[max(len(one.seen) - 1 - old, 0)]
        before = self.desk.escalation(one.id)
        about = tuple({self.person(n).id for n in accused}) if act == "edit" and who == one.filer else None
        done = self.accepted(self.deed(act, who, seen, said, about))
        if done is None:
            assert self.desk.escalation(one.id) == before  # refused: nothing changed
            return
        assert seen.revision == before.revision, "a click on an old card was taken"
        if about is not None:
            one.accused = frozenset(about)
        self.allowed_to(act, who, one, before)
        one.seen.append(done)

    @precondition(lambda self: self.known_escalations)
    @rule(
        which=INDEX,
        first=INDEX,
        second=INDEX,
        acts=st.tuples(*[st.sampled_from(["approve", "reject", "pass_up", "ask_back", "withdraw"])] * 2),
    )
    def race_for_escalation(self, which: int, first: int, second: int, acts: tuple[str, str]) -> None:
        """Two people press at the same time on what both see, through two processes."""
        one = self.chosen(which)
        seen, before = one.seen[-1], self.desk.escalation(one.id)
        if seen.revision != before.revision:
            return
        pairs = list(zip(acts, (self.person(first), self.person(second)), strict=True))
        done = self.at_once(
            [
                self.deed(act, who, seen, "原因", None, desk)
                for desk, (act, who) in zip(self.desks, pairs, strict=True)
            ]
        )
        assert sum(result is not None for result in done) <= 1, "both won"
        for result, (act, who) in zip(done, pairs, strict=True):
            if result is not None:
                self.allowed_to(act, who, one, before)
                one.seen.append(result)

    def look_at_deadlines(self, looks: int) -> None:
        """Several processes look at the deadlines at the same time: each is noticed once."""
        found = self.at_once([self.desks[n % 2].rungs.watch for n in range(looks)])
        for kind in ("reminded", "moved", "reports"):
            ids = [number for watched in found for number in getattr(watched, kind)]
            assert len(ids) == len(set(ids)), f"{kind} twice"
        assert not self.desk.rungs.watch(), "a second look found more"
        self.take_note_of_moves()

    def take_note_of_moves(self) -> None:
        """What went up by itself has been seen, too."""
        for one in self.known_escalations:
            now = self.desk.escalation(one.id)
            if now.revision != one.seen[-1].revision:
                assert now.steps[-1].kind is StepKind.OVERDUE
                one.seen.append(now)

    @rule(which=INDEX, actor=INDEX, said=WORDS, usual=USUAL)
    def give_report(self, which: int, actor: int, said: str, usual: bool) -> None:
        """Somebody gives, or reads, a report that is owed."""
        owed = self.desk.rungs.owed_reports()
        if not owed:
            return
        report, who = owed[which % len(owed)], self.person(actor)
        reading = report.done_at is not None
        if usual and (report.owed_to or not reading):
            who = self.people.get(report.owed_to[0] if reading else report.owed_by)
        try:
            if reading:
                self.desk.rungs.report_read(who, report.id)
            else:
                self.desk.rungs.report(who, report.id, said)
        except DeskError:
            assert self.desk.rungs.owed_report(report.id) == report
        else:
            assert reading or (report.owed_by == who.id and report.done_at is None and said.strip())

    @precondition(lambda self: self.known_escalations)
    @rule(which=INDEX, actor=INDEX, usual=USUAL)
    def know_that_they_were_missed(self, which: int, actor: int, usual: bool) -> None:
        """Somebody says that they know it; this is for those who could not be reached, once."""
        one, who = self.chosen(which), self.person(actor)
        before = self.desk.escalation(one.id)
        missed = {step.from_role for step in before.steps if step.kind is StepKind.UNREACHABLE}
        missed |= {
            left.role
            for step in before.steps
            for left in step.left_out
            if left.grounds is Grounds.UNREACHABLE
        }
        if usual:
            who = next((person for person in self.listed if person.role in missed), who)
        done = self.accepted(lambda: self.desk.rungs.missed_seen(who, one.id))
        if done is None:
            assert self.desk.escalation(one.id) == before
            return
        assert who.role in missed
        assert who.id not in before.content.accused
        said = [step for step in done.steps if step.kind is StepKind.MISSED_SEEN and step.actor_id == who.id]
        assert len(said) == 1
        assert done.revision == before.revision

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def no_escalation_is_lost_or_doubled(self) -> None:
        if not self.is_open:
            return
        stored = {one.id: one for one in self.desk.escalations(limit=1000)}
        assert stored.keys() == {one.id for one in self.known_escalations}
        tickets = [one.escalation_id for one in self.desk.tickets(limit=1000) if one.escalation_id]
        approved = {number for number, one in stored.items() if one.state is EscalationState.APPROVED}
        assert len(tickets) == len(set(tickets))
        assert set(tickets) == approved
        for one in self.known_escalations:
            self.is_sound(one, stored[one.id])

    def is_sound(self, one: Known, now: Escalation) -> None:
        assert now.revision == one.seen[-1].revision
        assert [step.number for step in now.steps] == list(range(1, len(now.steps) + 1))
        kept = one.seen[-1].steps
        assert now.steps[: len(kept)] == kept, "the way was rewritten"
        ends = [step for step in now.steps if step.kind in ENDING]
        assert len(ends) == (1 if now.state in ENDED else 0)
        assert now.awaiting in self.ladder.above(one.filer.role)
        assert (now.decided_by is not None) == (now.state in ENDED - {EscalationState.WITHDRAWN})
        assert now.carried_out_at is None or now.state is EscalationState.APPROVED
        heights = [
            self.ladder.height(step.to_role) for step in now.steps if step.to_role and step.kind in MOVES
        ]
        assert heights == sorted(heights), "it went down"
        for person in self.listed:
            if person.id in now.content.accused and person.id != one.filer.id:
                assert now not in self.desk.waiting_for(person)
                assert now not in self.desk.rungs.listed(person)
        assert not {person.id for person in self.desk.rungs.reviewers(now)} & set(now.content.accused)

    def check_end(self) -> None:
        super().check_end()
        self.every_decision_is_announced()
        self.every_reminder_is_told_once()
        self.who_was_missed_is_told_once()

    def every_decision_is_announced(self) -> None:
        """Each escalation's end is told to its filer exactly once."""
        told = [
            notice.subject_id
            for notice in self.told
            if notice.kind is NoticeKind.ESCALATION_DECIDED and notice.audience.user_id
        ]
        decided = [one.id for one in self.desk.escalations(limit=1000) if one.decided_by]
        assert sorted(told) == sorted(decided)

    def who_was_missed_is_told_once(self) -> None:
        """Whoever knows that they could not be reached was told so; nobody twice of one escalation."""
        told = Counter(
            (notice.subject_id, notice.audience.user_id)
            for notice in self.told
            if notice.kind is NoticeKind.RUNG_MISSED
        )
        assert set(told.values()) <= {1}
        know = {
            (one.id, step.actor_id)
            for one in self.desk.escalations(limit=1000)
            for step in one.steps
            if step.kind is StepKind.MISSED_SEEN
        }
        assert know <= told.keys()

    def every_reminder_is_told_once(self) -> None:
        """As many are told as stand in the way of each escalation."""
        kinds = (NoticeKind.ESCALATION_OVERDUE, NoticeKind.INSTRUCTION_REMINDER)
        told = Counter(notice.subject_id for notice in self.told if notice.kind in kinds)
        for one in self.desk.escalations(limit=1000):
            reminded = [step for step in one.steps if step.kind is StepKind.REMINDED]
            assert told[one.id] == len(reminded)

    # -- small parts -----------------------------------------------------------------------------

    def fitting(self, one: Known) -> list[tuple[str, Person]]:
        """What can be done about it now, and by whom."""
        now = self.desk.escalation(one.id)
        found: list[tuple[str, Person]] = []
        for act in FITTING.get(now.state, ()):
            if act in FILERS:
                found.append((act, one.filer))
            else:
                found += [(act, reviewer) for reviewer in self.desk.rungs.reviewers(now)]
        return found

    def chosen(self, number: int) -> Known:
        return self.known_escalations[number % len(self.known_escalations)]

    def deed(
        self,
        act: str,
        who: Person,
        seen: Escalation,
        said: str,
        accused: tuple[str, ...] | None,
        desk: Desk | None = None,
    ) -> Callable[[], Escalation]:
        desk = desk or self.desk
        number, revision = seen.id, seen.revision
        content = escalation(
            summary=f"改{said}",
            urgency=seen.content.urgency,
            next_role=seen.content.next_role,
            grounds=seen.content.grounds,
            skip_reason=seen.content.skip_reason,
            accused=seen.content.accused if accused is None else accused,
            policy_basis=(),
        )
        return {
            "approve": lambda: desk.approve(who, number, revision, said),
            "reject": lambda: desk.reject(who, number, revision, said),
            "edit": lambda: desk.edit_escalation(who, number, revision, content),
            "pass_up": lambda: desk.rungs.pass_up(who, number, revision, said),
            "ask_back": lambda: desk.rungs.ask_back(who, number, revision, said),
            "answer": lambda: desk.rungs.answer(who, number, revision, said),
            "unreachable": lambda: desk.rungs.unreachable(who, number, revision, said),
            "withdraw": lambda: desk.rungs.withdraw(who, number, revision, said),
            "done": lambda: desk.rungs.carried_out(who, number, revision, said),
        }[act]

    def allowed_to(self, act: str, who: Person, one: Known, before: Escalation) -> None:
        """Whoever was let through may do this, by rules written down a second time."""
        filers = {"answer", "unreachable", "withdraw"}
        if act == "done":  # who owns the ticket by now may say so, too
            owner = self.desk.ticket(before.ticket_id).owner_id if before.ticket_id else one.filer.id
            assert who.id in {one.filer.id, owner}
        elif act in filers:
            assert who.id == one.filer.id
        elif act != "edit" or who.id != one.filer.id:
            assert who.id != one.filer.id, "their own"
            assert who.id not in before.content.accused, "about themselves"
            assert self.ladder.height(who.role) >= self.ladder.height(before.awaiting), "too low"
        states = {
            "answer": {EscalationState.RETURNED},
            "ask_back": {EscalationState.SUBMITTED},
            "pass_up": {EscalationState.SUBMITTED},
            "unreachable": {EscalationState.SUBMITTED},
            "done": {EscalationState.APPROVED},
        }
        assert before.state in states.get(act, set(UNDECIDED))

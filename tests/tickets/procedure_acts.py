"""Generated procedures among generated people: whatever is clicked in whatever order, nobody acts who may not, no limit
is exceeded, nothing is lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from desk_machine import DeskMachine
from desk_samples import ORIGIN
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, StaleRevision
from tickets.people import People, Person, Role
from tickets.procedure_acting import DONE_BY, acts_at
from tickets.procedure_checks import faults_of
from tickets.procedure_files import Catalogue
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_spec import Limit, Procedure, StepKind, StepSpec
from tickets.procedure_values import holds
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind

ENDED = {RecordState.DONE, RecordState.REJECTED, RecordState.WITHDRAWN}
ACTS = (Act.APPROVED, Act.ACCEPTED, Act.SIGNED, Act.CARRIED_OUT, Act.RETURNED, Act.REJECTED)
DAYS = ("2026-11-29", "2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01")
IDS = tuple(f"U{number}" for number in range(6))
BOTH = {"zh": "字", "en": "Word"}

# -- generated procedures and people -----------------------------------------------------------------

rungs = st.sampled_from([Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN])
others = st.one_of(
    st.builds(
        lambda role, above: {"role": role, "or_above": above and role is not Role.ADMIN}, rungs, st.booleans()
    ),
    st.builds(lambda above: {"next_rung": True, "or_above": above}, st.booleans()),
    st.builds(lambda alone: {"field": "who", "in_person": alone}, st.booleans()),
    st.just({"duty": "office_manager"}),
)
conditions = st.one_of(
    st.none(),
    st.none(),
    st.just({"field": "kind", "equals": ["a"]}),
    st.just({"field": "amount", "at_least": 2}),
)


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number in range(draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4]))):
        kind = draw(st.sampled_from(list(StepKind)))
        own = kind in (StepKind.SIGN, StepKind.DO) and draw(st.booleans())
        hours = draw(st.sampled_from([None, 1, 30]))
        step: dict[str, Any] = {
            "key": f"s{number}", "kind": kind, "label": BOTH, "by": {"filer": True} if own else draw(others),
            "when": draw(conditions), "within_hours": hours, "pass_up": hours is not None and draw(st.booleans()),
        }  # fmt: skip
        if kind is StepKind.DO:
            step["fields"] = [{"key": f"ok{number}", "kind": "yes_no", "label": BOTH}]
        earlier = [one["key"] for one in made if "fields" in one]
        if earlier and draw(st.booleans()):
            step["when"] = {"field": earlier[-1].replace("s", "ok"), "equals": ["yes"]}
        if made and not own and draw(st.integers(0, 4)) == 0:
            step["by"] = {"taker": made[-1]["key"]}
        made.append(step)
    return made


limits = st.builds(
    lambda most, per, by, amount, on, also, strict: {
        "most": most, "per": per, "by": by, "amount": amount, "on": on, "also": also, "strict": strict, "message": BOTH,
    },
    st.integers(1, 3), st.sampled_from(["day", "month", "year"]), st.sampled_from([None, "kind"]),
    st.sampled_from([None, "amount"]), st.sampled_from([None, "day"]), st.sampled_from([None, "who"]), st.booleans(),
)  # fmt: skip


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    fields = [
        {"key": "who", "kind": "person", "label": BOTH},
        {"key": "about", "kind": "person", "label": BOTH, "required": False, "never_acts": True},
        {"key": "kind", "kind": "choice", "label": BOTH,
         "options": [{"value": "a", "label": {"zh": "甲", "en": "A"}}, {"value": "b", "label": {"zh": "乙", "en": "B"}}]},
        {"key": "amount", "kind": "number", "label": BOTH, "whole": True, "least": 1, "most": 3},
        {"key": "day", "kind": "date", "label": BOTH},
    ]  # fmt: skip
    made = Procedure.model_validate(
        {
            "key": "made", "prefix": "MD", "name": BOTH, "purpose": BOTH, "fields": fields, "steps": draw(steps()),
            "limits": draw(st.lists(limits, max_size=2)),
            "effect": {"ticket": draw(st.sampled_from([None, "made"])), "title": "{kind} {amount}"},
        }
    )  # fmt: skip
    assume(not faults_of(made))
    return made


@st.composite
def crews(draw: st.DrawFn) -> list[Person]:
    count = draw(st.integers(3, len(IDS)))
    deputies = st.sampled_from(["", *IDS[:count]])
    roles = st.sampled_from(list(Role))
    return [Person(one, one, draw(roles), deputy=draw(deputies)) for one in IDS[:count]]


values = st.fixed_dictionaries(
    {"who": st.sampled_from(IDS), "kind": st.sampled_from(["a", "b"]), "amount": st.sampled_from(["1", "2", "3"]),
     "day": st.sampled_from(DAYS)},
    optional={"about": st.sampled_from(IDS)},
)  # fmt: skip
anybody = st.sampled_from(IDS)
yes_no = st.sampled_from(["yes", "yes", "no"])

# -- what must hold, said independently of the desk --------------------------------------------------


def taken_steps(spec: Procedure, record: Record) -> dict[str, str]:
    """Step → who took it last."""
    return {
        one.step: one.actor_id for one in record.path if one.act in DONE_BY.values() and spec.step(one.step)
    }


def may_ever(spec: Procedure, step: StepSpec, before: Record, people: People, actor: Person) -> bool:
    """What has to be true of whoever acts, whatever else the people file says."""
    filer, ladder = people.get(before.filer_id), people.ladder
    above = ladder.height(actor.role) > ladder.height(filer.role)
    if before.facts.get("about") == actor.id:
        return step.by.filer and actor.id == filer.id
    if step.by.filer:
        return actor.id == filer.id or (before.passed_up and above)
    if actor.id == filer.id:
        return False
    carriers = {one.actor_id for one in before.path if one.act is Act.CARRIED_OUT}
    if step.kind is StepKind.APPROVE and actor.id in carriers and not _dropped(before):
        return False
    if above or actor.role is Role.ADMIN:
        return True
    named = (
        before.facts.get("who", "")
        if step.by.field
        else taken_steps(spec, before).get(step.by.taker or "", "")
    )
    if step.by.field or step.by.taker:
        return (
            actor.id == named
            or (not step.by.in_person and actor.id == people.get(named).deputy)
            or _top(ladder, filer)
        )
    return _top(ladder, filer)


def _dropped(record: Record) -> bool:
    """Whether steps may have been taken back by an edit: then the plain reading of the path says too much."""
    return any(one.act is Act.EDITED for one in record.path)


def _top(ladder: Any, filer: Person) -> bool:
    """Nobody stands above the filer: peers and admins decide."""
    return not ladder.above(filer.role)


def period(limit: Limit, record: Record) -> tuple[int, ...]:
    day = date.fromisoformat(record.fields["day"]) if limit.on else _local(record.created_at)
    return {"year": (day.year,), "month": (day.year, day.month), "day": (day.year, day.month, day.day)}[
        limit.per
    ]


def _local(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


def over_limit(spec: Procedure, records: Sequence[Record]) -> list[Any]:
    """What goes beyond a strict limit."""
    beyond = []
    for limit in (one for one in spec.limits if one.strict):
        counted: Counter[Any] = Counter()
        for record in records:
            if record.state in (RecordState.REJECTED, RecordState.WITHDRAWN):
                continue
            item = record.fields["kind"] if limit.by else ""
            for person in {record.filer_id, *([record.fields["who"]] if limit.also else [])}:
                counted[person, item, period(limit, record)] += (
                    int(record.fields["amount"]) if limit.amount else 1
                )
        beyond += [(limit, key, count) for key, count in counted.items() if count > limit.most]
    return beyond


def refused_rightly(error: InvalidForm) -> None:
    """All values are of the right kind: only a limit, or naming oneself, can be wrong."""
    assert {one.code for one in error.problems} <= {"limit", "own"}


# -- what people do ----------------------------------------------------------------------------------


class ProcedureActs(DeskMachine):
    """People file, act, change, withdraw and wait, beside a model that knows only what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.filed: dict[int, Record] = {}

    def bring(self, spec: Procedure) -> None:
        """The one procedure that is filed here; before the desk is opened."""
        self.spec = spec
        self.catalogue = Catalogue(MappingProxyType({"made": spec}), MappingProxyType({"made": "made"}))

    def record_at(self, pick: int) -> Record | None:
        return list(self.filed.values())[pick % len(self.filed)] if self.filed else None

    @rule(who=anybody, given=values, twice=st.booleans())
    def file_record(self, who: str, given: Mapping[str, str], twice: bool) -> None:
        self.take_on(who, given, twice=twice)

    def take_on(self, who: str, given: Mapping[str, str], *, twice: bool) -> None:
        key = self.key()
        try:
            record = self.desk.procedures.file(self.people.get(who), "made", given, ORIGIN, key)
        except InvalidForm as error:
            refused_rightly(error)
            return
        assert record.id not in self.filed
        assert record.filer_id == who
        self.filed[record.id] = record
        if twice:
            assert self.desk.procedures.file(self.people.get(who), "made", given, ORIGIN, key) == record

    @rule(
        pick=st.integers(0, 99),
        who=anybody,
        what=st.sampled_from(ACTS),
        ok=yes_no,
        late=st.booleans(),
    )
    def act_on_record(self, pick: int, who: str, what: Act, ok: str, late: bool) -> None:
        before = self.record_at(pick)
        if before is not None:
            self.take_step(before, who, what, ok, late=late)

    @rule(
        moves=st.lists(
            st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(0, 5), yes_no),
            min_size=1,
            max_size=6,
        )
    )
    def act_on_records_as_awaited(self, moves: list[tuple[int, int, int, str]]) -> None:
        """Those whom records wait for do what is possible: this must succeed."""
        for pick, whom, back, ok in moves:
            before = self.record_at(pick)
            step = self.spec.step(before.step) if before is not None else None
            if before is None or step is None or not before.waiting_for:
                continue
            possible = acts_at(step)
            what = possible[back] if back < len(possible) else possible[0]
            who = before.waiting_for[whom % len(before.waiting_for)]
            assert self.take_step(before, who, what, ok) is not None

    def take_step(self, before: Record, who: str, what: Act, ok: str, *, late: bool = False) -> Record | None:
        step = self.spec.step(before.step)
        fields = (
            {one.key: ok for one in step.fields} if step is not None and what is DONE_BY[step.kind] else {}
        )
        revision = before.revision - late
        try:
            after = self.desk.procedures.act(self.people.get(who), before.id, revision, what, "因为", fields)
        except StaleRevision:
            assert late or before.state is not RecordState.WAITING
            return None
        except NotAllowed:
            assert who not in before.waiting_for
            return None
        except InvalidInput:
            assert step is not None
            assert what not in acts_at(step)
            return None
        assert step is not None
        assert not late
        assert who in before.waiting_for
        assert may_ever(self.spec, step, before, self.people, self.people.get(who)), (step, before, who)
        assert after.path[-1].actor_id == who
        expected = {Act.RETURNED: RecordState.RETURNED, Act.REJECTED: RecordState.REJECTED}.get(what)
        assert after.state in ({expected} if expected else {RecordState.WAITING, RecordState.DONE})
        self.record_changed(before, after)
        return after

    @rule(pick=st.integers(0, 99), what=st.tuples(st.integers(0, 2), st.integers(0, 2)), ok=yes_no)
    def race_for_record(self, pick: int, what: tuple[int, int], ok: str) -> None:
        """Two of those whom it waits for act at the same time, or one of them twice: one of them at most."""
        before = self.record_at(pick)
        step = self.spec.step(before.step) if before is not None else None
        if before is None or step is None or not before.waiting_for:
            return
        possible = acts_at(step)
        whom = (before.waiting_for[0], before.waiting_for[-1])
        done = self.at_once(
            [
                self.step_of(desk, before, who, possible[which % len(possible)], ok, step)
                for desk, who, which in zip(self.desks, whom, what, strict=True)
            ]
        )
        after = [one for one in done if one is not None]
        assert len(after) == 1, "nobody, or both"
        self.record_changed(before, after[0])

    def step_of(
        self, desk: Desk, before: Record, who: str, what: Act, ok: str, step: StepSpec
    ) -> Callable[[], Record]:
        fields = {one.key: ok for one in step.fields} if what is DONE_BY[step.kind] else {}
        person = self.people.get(who)
        return lambda: desk.procedures.act(person, before.id, before.revision, what, "因为", fields)

    @rule(pick=st.integers(0, 99), given=values, same=st.booleans(), stranger=st.booleans())
    def edit_record(self, pick: int, given: Mapping[str, str], same: bool, stranger: bool) -> None:
        before = self.record_at(pick)
        if before is None:
            return
        who = next(one for one in IDS if one != before.filer_id) if stranger else before.filer_id
        try:
            after = self.desk.procedures.edit(
                self.people.get(who), before.id, before.revision, before.fields if same else given
            )
        except NotAllowed:
            assert stranger
            return
        except StaleRevision:
            assert before.state in ENDED
            return
        except InvalidForm as error:
            refused_rightly(error)
            return
        assert not stranger
        self.record_changed(before, after)

    @rule(pick=st.integers(0, 99), who=anybody)
    def withdraw_record(self, pick: int, who: str) -> None:
        before = self.record_at(pick)
        if before is None:
            return
        try:
            after = self.desk.procedures.withdraw(self.people.get(who), before.id, before.revision)
        except NotAllowed:
            assert who != before.filer_id
            return
        except StaleRevision:
            assert before.state in ENDED
            return
        assert (after.state, who) == (RecordState.WITHDRAWN, before.filer_id)
        self.record_changed(before, after)

    def record_changed(self, before: Record, after: Record) -> None:
        assert before.state not in ENDED
        assert after.revision == before.revision + 1
        assert after.path[: len(before.path)] == before.path
        assert len(after.path) == len(before.path) + 1
        self.filed[after.id] = after

    def look_at_records(self, looks: int) -> None:
        """Several processes look; what one did the others do not do again."""
        done = self.at_once([self.desks[n % 2].procedures.watch for n in range(looks)])
        assert None not in done
        assert self.desk.procedures.watch() == 0
        for before in list(self.filed.values()):
            after = self.desk.procedures.get(before.id)
            assert (after.revision, after.state) == (before.revision, before.state)
            new = [one.act for one in after.path[len(before.path) :]]
            assert new in ([], [Act.REMINDED], [Act.PASSED_UP]), new
            if new:  # first the reminder, then the rung above, each once
                was = before.path[-1].act
                assert (was is Act.REMINDED) == (new == [Act.PASSED_UP]), (was, new)
                assert was is not Act.PASSED_UP
            self.filed[after.id] = after

    @invariant()
    def nothing_is_lost_and_no_limit_exceeded(self) -> None:
        if not self.is_open:
            return
        found = self.desk.procedures.list(limit=1000)
        assert {one.id: one for one in found} == self.filed
        assert over_limit(self.spec, found) == []
        for record in found:
            self.is_done_rightly(record)

    def is_done_rightly(self, record: Record) -> None:
        if record.state is not RecordState.DONE:
            return
        taken = taken_steps(self.spec, record)
        known = dict(record.fields)
        for step in self.spec.steps:
            if not holds(step.when, known):
                continue
            assert step.key in taken, (step.key, record)
            known.update(
                {key: record.facts[key] for key in (one.key for one in step.fields) if key in record.facts}
            )

    def check_end(self) -> None:
        super().check_end()
        said = Counter(entry.subject for entry in self.desk.audit() if entry.action == "procedure.filed")
        assert said == Counter(f"record:{one}" for one in self.filed)
        reminded = Counter(
            record.id for record in self.filed.values() for one in record.path if one.act is Act.REMINDED
        )
        told = Counter(
            (notice.subject_id, notice.audience)
            for notice in self.told
            if notice.kind is NoticeKind.PROCEDURE_REMINDER
        )
        assert {record for record, _ in told} <= reminded.keys()
        assert all(count <= reminded[record] for (record, _), count in told.items())

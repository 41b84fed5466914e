"""Whatever is published, rolled back, withdrawn or killed in between: what people last heard is what holds.

The machine keeps its own account, by rules and words, of what everybody should have heard and how often they
were written to; the desk keeps its by clauses of editions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from correction_house import DAYS, House
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tickets.corrections import Announcement
from tickets.records import NoticeKind

MANUALS = ("饮水站守则", "停车棚须知")
SLOTS = ("第1条", "第2条", "第3条")
State = tuple[str | None, ...]
"""The words of each slot; None where there is no rule."""


RULES = (
    ("每人每天限接热水 {} 壶,自带容器。", "总阀由值日员晚上 {} 点钟关上。", "滤芯满 {} 个月后通知后勤来换。"),
    ("电动车充电一次收费 {} 元整。", "长期不动的车辆 {} 周后移到北门。", "门卫夜里巡查 {} 遍并签字留底。"),
)
"""So unlike that no rule of one slot passes for the new wording of another's."""


def words(manual: int, slot: int, variant: int | None) -> str | None:
    return None if variant is None else RULES[manual][slot].format(variant)


@dataclass
class Told:
    """An answer as it should have been corrected. Citations are (manual, slot)."""

    given: int
    cited: list[tuple[int, int]]
    at: Any
    heard: list[str | None]
    stands: list[str | None]
    through: int
    messages: list[int] = field(default_factory=list)


class KilledError(Exception):
    """The bot died here."""


class LastHeard(RuleBasedStateMachine):
    open_house: Callable[[], House]

    def __init__(self) -> None:
        super().__init__()
        self.house = self.open_house()
        self.live: list[State] = [(None,) * 3, (None,) * 3]
        self.edition: list[int | None] = [None, None]
        self.manual_ids: dict[int, int] = {}
        self.known: dict[int, State] = {}
        self.published: list[tuple[int, int, State, bool]] = []
        self.answers: dict[int, Told] = {}
        self.settled = True
        for manual in range(2):
            self._publish(manual, (1, 1, 1), tell=True)
        self._settle()

    # -- what happens --------------------------------------------------------------------------------
    variants = st.tuples(*[st.sampled_from([None, 1, 2, 3])] * 3).filter(any)

    @rule(manual=st.integers(0, 1), variants=variants, tell=st.booleans())
    def publish(self, manual: int, variants: tuple[int | None, ...], tell: bool) -> None:
        self._publish(manual, variants, tell=tell)

    def _publish(self, manual: int, variants: tuple[int | None, ...], *, tell: bool) -> None:
        state = tuple(words(manual, slot, variant) for slot, variant in enumerate(variants))
        if state == self.live[manual]:
            return
        rules = {SLOTS[slot]: text for slot, text in enumerate(state) if text}
        if self.edition[manual] is None and manual in self.manual_ids:
            return  # a manual that is out comes back by rollback here: the title alone would make a new one
        edition = self.house.stage(MANUALS[manual], rules)
        with self.house.corrections.publishing(self.house.lineage.moves_of([edition]), "U_ADMIN", tell=tell):
            generation = self.house.publish(edition)
        self.manual_ids[manual] = self.house.library.edition_clauses(edition)[0].manual_id
        self.known[edition] = state
        self._moved(manual, edition, state, generation, tell)

    def _moved(self, manual: int, edition: int | None, state: State, generation: int, tell: bool) -> None:
        self.live[manual], self.edition[manual] = state, edition
        self.published.append((generation, manual, state, tell))
        self.settled = False

    @rule(manual=st.integers(0, 1), choice=st.integers(0, 9))
    def roll_back(self, manual: int, choice: int) -> None:
        held = [e for e, state in self.known.items() if self._of(e) == manual and e != self.edition[manual]]
        if held:
            edition = held[choice % len(held)]
            generation = self.house.move(self.manual_ids[manual], edition, "rollback")
            self._moved(manual, edition, self.known[edition], generation, True)

    @rule(manual=st.integers(0, 1))
    def withdraw(self, manual: int) -> None:
        if self.edition[manual] is not None:
            generation = self.house.move(self.manual_ids[manual], None, "withdrawal")
            self._moved(manual, None, (None,) * 3, generation, True)

    @rule(citations=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=3))
    def ask(self, citations: list[tuple[int, int]]) -> None:
        self._record(citations, len(self.published))

    @rule(citations=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=3))
    def be_answered_late(self, citations: list[tuple[int, int]]) -> None:
        """The answer was begun before the newest publication, and is recorded after it."""
        if len(self.published) > 2:
            self._record(citations, len(self.published) - 1)

    def _record(self, citations: list[tuple[int, int]], after: int) -> None:
        then: dict[int, tuple[State, int | None]] = {}
        for generation, manual, state, _ in self.published[:after]:
            then[manual] = (state, self._edition_at(generation, manual))
        real = [(m, s) for m, s in citations if then[m][1] is not None and then[m][0][s]]
        if not real:
            return
        clauses = [self.house.ids(then[m][1] or 0)[SLOTS[s]] for m, s in real]
        given = self.published[after - 1][0]
        answer = self.house.answer(*clauses, generation=given)
        heard = [then[m][0][s] for m, s in real]
        self.answers[answer] = Told(given, real, self.house.now, heard, list(heard), given)
        self.settled = False

    @rule(days=st.sampled_from([1, 12]))
    def time_passes(self, days: int) -> None:
        self._settle()
        self.house.now += timedelta(days=days)

    @rule()
    def start_again(self) -> None:
        self.house.reopen()

    @rule(committed=st.booleans())
    def be_killed_while_announcing(self, committed: bool) -> None:
        """The process dies right before, or right after, the first commit of an announcement."""
        desk = self.house.desk.corrections
        announce = desk.announce

        def dying(actor_id: str, announcement: Announcement) -> int:
            if committed:
                announce(actor_id, announcement)
            raise KilledError

        desk.announce = dying  # type: ignore[method-assign]
        try:
            self.house.corrections.catch_up()
        except KilledError:
            self.house.reopen()
        finally:
            del desk.announce

    @rule(again=st.booleans())
    def catch_up(self, again: bool) -> None:
        self._settle()
        if again:
            self.house.corrections.catch_up()

    # -- what must be so -------------------------------------------------------------------------------
    def _settle(self) -> None:
        self.house.corrections.catch_up()
        since = self.house.now - timedelta(days=DAYS)
        for told in self.answers.values():
            for generation, manual, state, tell in self.published:
                if generation > told.through:
                    if told.at >= since:
                        self._follow(told, generation, manual, state, tell)
                    told.through = generation
        self.settled = True

    @staticmethod
    def _follow(told: Told, generation: int, manual: int, state: State, tell: bool) -> None:
        wrote = False
        for n, (of, slot) in enumerate(told.cited):
            if of == manual and told.stands[n] != state[slot]:
                told.stands[n] = state[slot]
                if tell and told.heard[n] != state[slot]:
                    told.heard[n] = state[slot]
                    wrote = True
        if wrote:
            told.messages.append(generation)

    @invariant()
    def everybody_heard_what_holds(self) -> None:
        if not self.settled:
            return
        for answer, told in self.answers.items():
            assert self.house.heard(answer) == told.heard

    def teardown(self) -> None:
        self._settle()
        self.everybody_heard_what_holds()
        self.house.now += timedelta(days=1)
        sent: Counter[tuple[int, int]] = Counter()
        while due := self.house.desk.due_notices(100):
            for notice in due:
                assert notice.kind is NoticeKind.CORRECTION
                correction = self.house.desk.corrections.get(notice.subject_id)
                sent[correction.record_id, correction.generation] += 1
                self.house.desk.delivered(notice.id, "C", "1.1")
        wanted = Counter(
            (answer, number) for answer, told in self.answers.items() for number in told.messages
        )
        assert sent == wanted
        assert self.house.desk.verify_audit() is None

    def _of(self, edition: int) -> int:
        manual_id = self.house.library.edition_clauses(edition)[0].manual_id
        return next(manual for manual, number in self.manual_ids.items() if number == manual_id)

    def _edition_at(self, generation: int, manual: int) -> int | None:
        (move,) = self.house.library.publication(generation).moves
        return move.after_edition_id


def run(open_house: Callable[[], House], examples: int, steps: int) -> None:
    machine = type("Machine", (LastHeard,), {"open_house": staticmethod(open_house)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_everybody_last_heard_what_holds(open_house: Callable[[], House]) -> None:
    run(open_house, 12, 20)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_everybody_last_heard_what_holds_for_long(open_house: Callable[[], House]) -> None:
    run(open_house, 300, 40)

"""Corrections: who was answered from a clause that a publication changed, and telling each of them once.

The ledger knows which clauses an answer cited and what its asker heard since; the lineage of the manuals knows
which wording holds now. Here the two are joined, publication by publication and in their order. The first look
at a publication records it as announced in the same transaction as all that follows from it, so that a bot
killed before, in the middle or afterwards says everything once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from knowledge.history import Move, PublicationRecord
from knowledge.lineage import Lineage, Standing
from tickets.correction_desk import CorrectionDesk
from tickets.corrections import (
    Announced,
    Announcement,
    ChangedClause,
    CitedClause,
    CitingAnswer,
    CitingRecord,
    ManualMove,
    PlannedCorrection,
    RecordKind,
)


class Replacements(Protocol):
    """Clauses of one edition whose rule another one changed or removed → what stands in their place there, or None.

    A clause that is left out holds on, whatever its wording.
    """

    def __call__(self, before: int, after: int, /) -> Mapping[int, int | None]: ...


@dataclass(frozen=True, slots=True)
class CorrectionPlan:
    """Who would hear of a publication."""

    agents: int
    """Different people among the askers."""
    answers: int
    escalations: int
    tickets: int
    confirmed: int
    """Confirmed answers that will not be given any more until their supervisors confirm them again."""
    by_clause: Mapping[int, int]
    """Changed or removed clause, of the edition that is live before → answers whose askers heard it."""
    corrections: tuple[PlannedCorrection, ...] = field(repr=False)


class Corrections:
    """See the module. Safe between threads, and between processes on one database."""

    def __init__(
        self,
        lineage: Lineage,
        desk: CorrectionDesk,
        clock: Callable[[], datetime],
        days: int,
        replacements: Replacements,
    ) -> None:
        """Answers of the last `days` are corrected; 0 corrects none. `replacements` compares two editions of
        one manual (`Library.replacements`).
        """
        self._lineage = lineage
        self._desk = desk
        self._clock = clock
        self._days = timedelta(days=days)
        self._replacements = replacements
        self._lock = threading.Lock()
        self._looked: int | None = None
        """The newest answer that was looked at for having been given from an older publication; None at first."""
        self._announced: dict[int, Announced] = {}
        self._caught_up: tuple[int, int] | None = None
        """The extent of the publications when all of them were announced."""

    def plan(self, moves: Collection[Move]) -> CorrectionPlan:
        """Who would hear of these moves if they were published now (`Lineage.moves_of` gives those of staged
        editions). Changes nothing."""
        planning = _Planning(self._lineage, self._replacements, moves)
        answers = self._answers(planning)
        corrections, counts, agents = [], Counter[int](), set()
        for answer in answers:
            planned = planning.of_answer(answer)
            if planned is not None and planned.told:
                corrections.append(planned)
                agents.add(answer.asker_id)
                counts.update(planning.before(clause) for clause in answer.clauses if planning.tells(clause))
        records = [planned for planned in self._records(planning) if planned.told]
        kinds = Counter(planned.kind for planned in records)
        return CorrectionPlan(
            len(agents), len(corrections), kinds[RecordKind.ESCALATION], kinds[RecordKind.TICKET],
            kinds[RecordKind.CONFIRMED], dict(counts), (*corrections, *records),
        )  # fmt: skip

    @contextmanager
    def publishing(self, moves: Collection[Move], by: str, *, tell: bool = True) -> Iterator[None]:
        """Around a publication, rollback or withdrawal of these moves: whether it is to be told.

        The choice is recorded before anything is live, and taken back when the publication fails.
        """
        keys = [ManualMove(move.manual_id, move.after_edition_id) for move in moves]
        if tell:
            self._desk.switch_on(by, self._desk.quiet(keys))  # left by an attempt that never published
            yield
            return
        self._desk.switch_off(by, keys)
        try:
            yield
        except BaseException:
            self._desk.switch_on(by, keys)
            raise

    def catch_up(self) -> int:
        """Announce every publication that was not yet, and correct answers that were being written meanwhile.

        Cheap when there is nothing to do. Returns how many answers are corrected.
        """
        with self._lock:
            extent = self._lineage.extent()
            if extent == self._caught_up:
                return self._late()
            if self._looked is None or not self._announced.keys() >= set(self._lineage.generations()):
                self._refresh()
            done = self._late()
            if self._announced.keys() >= set(self._lineage.generations()):
                self._caught_up = extent
                return done
            history = self._lineage.history()
            if not self._announced and self._desk.has_undated_answers():
                # The first start of a version that corrects: what was published before is not dug up again.
                for published in history:
                    self._desk.announce(published.by, Announcement(published.generation, 0))
                self._refresh()
            for published in history:
                if published.generation not in self._announced:
                    done += self._announce(published, history)
                    self._refresh()
                    done += self._late()
            return done

    def _refresh(self) -> None:
        """Learn what was announced, also by others; answers recorded while they did are looked at again."""
        announced = self._desk.announced()
        new = [one.through_answer for number, one in announced.items() if number not in self._announced]
        if self._looked is None:  # whoever announces has looked at all answers up to there before
            self._looked = announced[max(announced)].through_answer if announced else 0
        self._looked = min([self._looked, *new]) if self._announced else self._looked
        self._announced = dict(announced)

    def _announce(self, published: PublicationRecord, history: Sequence[PublicationRecord]) -> int:
        moves = [ManualMove(move.manual_id, move.after_edition_id) for move in published.moves]
        quiet = self._desk.quiet(moves) if moves else ()
        off = frozenset(move.manual_id for move in quiet)
        planning = _Planning(self._lineage, self._replacements, published.moves, published, off, history)
        corrections = [planning.of_answer(answer) for answer in self._answers(planning)]
        found = (*(one for one in corrections if one is not None), *self._records(planning))
        announcement = Announcement(published.generation, self._looked or 0, found, quiet)
        return self._desk.announce(published.by, announcement)

    def _late(self) -> int:
        """Correct answers recorded since the last look that had been given from an older publication."""
        newest = self._desk.newest_answer()
        if newest == self._looked or not self._announced:
            return 0
        since, below = self._clock() - self._days, max(self._announced)
        told = 0
        if self._desk.late_answers(self._looked or 0, below, since):
            history = self._lineage.history()
            for published in history:
                if published.generation in self._announced:
                    told += self._correct_late(published, history, since, below)
        self._looked = newest
        return told

    def _correct_late(
        self, published: PublicationRecord, history: Sequence[PublicationRecord], since: datetime, below: int
    ) -> int:
        off = self._announced[published.generation].quiet
        planning = _Planning(self._lineage, self._replacements, published.moves, published, off, history)
        late = self._desk.late_answers(self._looked or 0, below, since)
        planning.learn_all(late)
        corrections = [planned for answer in late if (planned := planning.of_answer(answer))]
        if not corrections:
            return 0
        return self._desk.announce_late(published.by, published.generation, corrections)

    def _answers(self, planning: _Planning) -> list[CitingAnswer]:
        """Answers of the last days that the moves can concern."""
        since = self._clock() - self._days
        cited = self._desk.cited_since(since)
        planning.learn(cited)
        concerned = [
            clause for clause, corrected in cited.items() if planning.concerns(clause, also_alike=corrected)
        ]
        answers = self._desk.answers_citing(concerned, since) if concerned else []
        planning.learn_all(answers)
        return answers

    def _records(self, planning: _Planning) -> tuple[PlannedCorrection, ...]:
        records = self._desk.open_records()
        planning.learn_all(records)
        planned = (planning.of_record(record) for record in records)
        return tuple(one for one in planned if one is not None)


class _Planning:
    """What one publication changes for those who rely on its manuals."""

    def __init__(
        self,
        lineage: Lineage,
        replacements: Replacements,
        moves: Collection[Move],
        published: PublicationRecord | None = None,
        off: Collection[int] = (),
        history: Sequence[PublicationRecord] | None = None,
    ) -> None:
        """`published` None: the moves are not published yet. `off`: manuals that are changed in silence."""
        self._lineage = lineage
        self._compare = replacements
        self._moves = {move.manual_id: move for move in moves}
        self._published = published
        self._off = off
        self._history = lineage.history() if history is None else history
        self._standing: dict[int, Standing] = {}
        self._compared: dict[tuple[int, int], Mapping[int, int | None]] = {}
        self._tenures = _tenures(self._history)

    def learn(self, clause_ids: Iterable[int]) -> None:
        """Find out where clauses belong."""
        unknown = set(clause_ids) - self._standing.keys()
        if unknown:
            self._standing.update(self._lineage.standing(unknown))

    def learn_all(self, cited: Sequence[CitingAnswer] | Sequence[CitingRecord]) -> None:
        """The same of everything that answers or records ever rested on."""
        numbers = (
            number
            for one in cited
            for clause in one.clauses
            for number in (clause.cited, clause.heard, clause.stands, clause.known)
        )
        self.learn({number for number in numbers if number is not None})

    def concerns(self, clause_id: int, *, also_alike: bool) -> bool:
        """Whether the clause is of a moved manual and its wording does not hold any more (`also_alike`: or does)."""
        move = self._move(clause_id)
        if move is None:
            return False
        return also_alike or not self._holding(clause_id, move)

    def of_answer(self, answer: CitingAnswer) -> PlannedCorrection | None:
        """What is to be noted, and mostly told, of an answer; None when nothing changed for it."""
        given = self._given_from(answer)
        if self._published is not None and given >= self._published.generation:
            return None
        clauses = [clause for clause in answer.clauses if self._was_live(clause.cited, given, answer.at)]
        return self._planned(RecordKind.ANSWER, answer.answer_id, clauses)

    def of_record(self, record: CitingRecord) -> PlannedCorrection | None:
        """The same of an open escalation or ticket, or of a confirmed answer."""
        if self._published is not None and self._is_newer(record, self._published):
            return None
        return self._planned(record.kind, record.record_id, record.clauses)

    @staticmethod
    def _is_newer(record: CitingRecord, published: PublicationRecord) -> bool:
        """Whether a record was made from what was published, or later."""
        if record.generation is not None:
            return record.generation >= published.generation
        return record.created_at >= published.at

    def tells(self, clause: CitedClause) -> bool:
        """Whether there is something to tell about a citation."""
        changed = self._changed(clause)
        return changed is not None and changed.told

    def before(self, clause: CitedClause) -> int:
        """The clause that has the wording of a citation in the edition that is live before."""
        move = self._move(clause.known)
        if move is None or move.before_edition_id is None:
            return clause.known
        key = self._standing[clause.known].text_key
        return self._lineage.edition(move.before_edition_id).by_text.get(key, clause.known)

    def _planned(
        self, kind: RecordKind, record_id: int, clauses: Collection[CitedClause]
    ) -> PlannedCorrection | None:
        changed = tuple(one for clause in clauses if (one := self._changed(clause)))
        if kind is RecordKind.CONFIRMED:
            # Not what its supervisor heard counts, but what they stand by: they are asked whenever that changes,
            # also when corrections to agents are switched off, and hear nothing when it is back.
            changed = tuple(replace(one, told=not one.restored) for one in changed)
        return PlannedCorrection(kind, record_id, changed) if changed else None

    def _changed(self, clause: CitedClause) -> ChangedClause | None:
        move = self._move(clause.cited)
        if move is None:
            return None
        now = self._now(clause, move)
        if self._alike(now, clause.stands):
            return None
        told = move.manual_id not in self._off and not self._alike(now, clause.heard)
        restored = self._alike(now, clause.cited)
        return ChangedClause(clause.position, clause.heard, now, told, restored)

    def _now(self, clause: CitedClause, move: Move) -> int | None:
        """What holds in place of a citation after the move."""
        if move.after_edition_id is None:
            return None
        for number in (clause.stands, clause.heard, clause.known):
            found = self._holding(number, move)
            if found is not None:
                return found
        known = self._standing[clause.known]
        source, number = known.edition_id, known.clause_id
        if move.before_edition_id is not None and source != move.before_edition_id:
            same = self._lineage.edition(move.before_edition_id).by_text.get(known.text_key)
            if same is not None:
                source, number = move.before_edition_id, same
        pair = (source, move.after_edition_id)
        if pair not in self._compared:
            self._compared[pair] = self._compare(*pair)
            self.learn(new for new in self._compared[pair].values() if new is not None)
        return self._compared[pair].get(number, clause.stands)

    def _holding(self, clause_id: int | None, move: Move) -> int | None:
        """The clause that has this one's wording after the move."""
        if clause_id is None or move.after_edition_id is None:
            return None
        key = self._standing[clause_id].text_key
        found = self._lineage.edition(move.after_edition_id).by_text.get(key)
        if found is not None:
            self._standing[found] = Standing(found, move.manual_id, move.after_edition_id, key)
        return found

    def _move(self, clause_id: int) -> Move | None:
        standing = self._standing.get(clause_id)
        return self._moves.get(standing.manual_id) if standing else None

    def _alike(self, one: int | None, other: int | None) -> bool:
        keys = [None if number is None else self._standing[number].text_key for number in (one, other)]
        return keys[0] == keys[1]

    def _given_from(self, answer: CitingAnswer) -> int:
        """The publication that an answer was given from, by its time when it was not noted."""
        if answer.generation is not None:
            return answer.generation
        return max((one.generation for one in self._history if one.at <= answer.asked_at), default=0)

    def _was_live(self, clause_id: int, given: int, at: datetime) -> bool:
        """Whether a clause was cited as what holds. One quoted from the past on request never changes."""
        standing = self._standing.get(clause_id)
        if standing is None:
            return False
        return any(
            begin.generation <= given < end or (begin.generation > given and begin.at <= at)
            for begin, end in self._tenures.get(standing.edition_id, ())
        )


def _tenures(history: Sequence[PublicationRecord]) -> dict[int, list[tuple[PublicationRecord, float]]]:
    """Edition → when it was live: from a publication to the number of the one that ended it."""
    found: dict[int, list[tuple[PublicationRecord, float]]] = {}
    for published in history:
        for move in published.moves:
            if move.before_edition_id is not None and found.get(move.before_edition_id):
                begin, _ = found[move.before_edition_id][-1]
                found[move.before_edition_id][-1] = (begin, published.generation)
            if move.after_edition_id is not None:
                found.setdefault(move.after_edition_id, []).append((published, float("inf")))
    return found

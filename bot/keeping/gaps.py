"""Gaps: questions that the manuals do not answer, grouped by matter, and closed when a new edition answers them.

An answer is marked in the transaction that records it (only then is it known why nothing was found); grouping
needs the embedding model and is done afterwards, by whoever looks first: the schedule of the bot, or `kefu gaps`.
Both steps look into the database for what is left and write by compare-and-set, so that a bot killed anywhere
loses nothing and two at once count nothing twice.

A gap is answered when questions of it, asked again, are answered by a **new wording**: one that the manual did
not hold when they were asked. Without that, every shift of a score near the threshold would be news.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.assistant.answering import Assistant
from bot.assistant.answers import Outcome
from bot.assistant.matters import Matter, in_full, nearest, turns_of
from knowledge.clauses import Clause
from knowledge.history import PublicationRecord
from knowledge.library import Library
from knowledge.lineage import Lineage
from knowledge.reading import search_reading
from knowledge.views import Reader, View
from tickets.corrections import ManualMove
from tickets.desk import Desk
from tickets.gaps import Gap, GapQuestion, GapState

_TRIES = 5
"""How often a question is placed again because another process founded a gap meanwhile."""
_ASKED_AGAIN = 8
"""Wordings of one gap that are asked again, the newest first."""
_SURE = 0.9
"""Least probability of an answer that closes a gap: who asks reads and judges, who is told relies on it. To be
measured again whenever `deciding` is refitted: a rule for the same act on another thing must stay below it."""
_ON_THE_MATTER = 0.1
"""Least share of what a question is about that a clause must say to close its gap: a rule for applying for one thing
is near in meaning to the question how to apply for another."""
_RELEVANT = 5
"""An asker whose own wording is not answered is told when the answering clause is among so many best for it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did."""

    grouped: int = 0
    """Questions put into a gap."""
    answered: int = 0
    reopened: int = 0


class Gaps:
    """See the module. Safe between threads, and between processes on one database."""

    def __init__(
        self, library: Library, lineage: Lineage, desk: Desk, assistant: Assistant, *, tell: bool = True
    ) -> None:
        """`assistant` answers without a language model; `tell`: askers hear when their question is answered."""
        self._library = library
        self._lineage = lineage
        self._desk = desk
        self._assistant = assistant
        self._tell = tell
        self._lock = threading.Lock()

    def catch_up(self) -> Looked:
        """Group what is waiting, and ask again after a publication. Cheap when there is nothing to do."""
        with self._lock:
            grouped = self._group()
            return replace(self._look(), grouped=grouped)

    # -- grouping ------------------------------------------------------------------------------------------

    def _group(self) -> int:
        grouped = 0
        waiting = self._desk.gaps.waiting()
        while waiting:
            pool, seen = self._pool()
            for question in waiting:
                matter = self._matter(question)
                placed = None
                for _ in range(_TRIES):
                    gap_id = nearest(matter, pool, self._library.embedder.nearness)
                    vector, model = matter.vector.astype("<f4").tobytes(), self._library.embedder.name
                    placed = self._desk.gaps.group(question.answer_id, gap_id, vector, model, seen=seen)
                    if placed is not None:
                        break
                    pool, seen = self._pool()
                if placed is not None:
                    pool.append((placed, matter))
                    seen = max(seen, placed)
                    grouped += 1
            left = self._desk.gaps.waiting()
            if left == waiting:
                break  # others are at it; the next look goes on
            waiting = left
        return grouped

    def _pool(self) -> tuple[list[tuple[int, Matter]], int]:
        gaps, newest = self._desk.gaps.known()
        return [(gap.id, self._matter(question)) for gap in gaps for question in gap.questions], newest

    def _matter(self, question: GapQuestion) -> Matter:
        text = in_full(question.question, question.context)
        if question.vector is not None and question.model == self._library.embedder.name:
            return Matter(text, np.frombuffer(question.vector, dtype="<f4"))
        return Matter(text, self._library.embedder.query(search_reading(text)))

    # -- asking again --------------------------------------------------------------------------------------

    def _look(self) -> Looked:
        generation = self._library.generation()
        stale = self._desk.gaps.to_look_at(generation)
        if not stale:
            return Looked()
        history = self._lineage.history()
        view = self._library.view()
        by = history[-1].by if history else ""
        same: list[int] = []
        answered = reopened = 0
        for gap in stale:
            if gap.state is GapState.ANSWERED and self._holds(gap, view):
                same.append(gap.id)
                continue
            answering = self._answering(gap, view, history)
            if answering:
                tell = [] if gap.state is GapState.ANSWERED else self._to_tell(gap, answering[0], history)
                done = self._desk.gaps.answered(by, gap, generation, answering, tell)
                answered += done and gap.state is GapState.OPEN
            elif gap.state is GapState.ANSWERED:
                reopened += self._desk.gaps.reopened(by, gap, generation)
            else:
                same.append(gap.id)
        if same:
            self._desk.gaps.looked(same, generation)
        return Looked(answered=answered, reopened=reopened)

    def _holds(self, gap: Gap, view: View) -> bool:
        """Whether the wording that answered a gap is live still."""
        (clause,) = self._library.clauses(gap.answering[:1])
        return self._live_wording(clause, view) is not None

    def _live_wording(self, clause: Clause, view: View) -> Clause | None:
        """The clause with the same wording in what the view has of its manual."""
        manual = next((m for m in view.manuals() if m.manual_id == clause.manual_id), None)
        if manual is None:
            return None
        found = self._lineage.edition(manual.edition_id).by_text.get(clause.text_key)
        return None if found is None else self._library.clauses([found])[0]

    def _answering(self, gap: Gap, view: View, history: Sequence[PublicationRecord]) -> tuple[int, ...]:
        """The clauses that answer a gap now, the one that answers most of its wordings first; none while fewer
        than half of them are answered."""
        wordings = {in_full(question.question, question.context): question for question in gap.questions}
        asked = list(wordings.values())[-_ASKED_AGAIN:]
        found = [clause for one in asked if (clause := self._newly_answered(one, view, history))]
        if 2 * len(found) < len(asked):
            return ()
        return tuple(clause for clause, _ in Counter(clause.id for clause in found).most_common())

    def _newly_answered(
        self, question: GapQuestion, view: View, history: Sequence[PublicationRecord]
    ) -> Clause | None:
        """The clause that answers a question in a view and was not there when it was asked; else None."""
        answer = self._assistant.answer(question.question, turns_of(question.context), view=view)
        if answer.outcome not in (Outcome.ANSWERED, Outcome.CONFLICT) or not answer.citations:
            return None
        if float(answer.details.get("probability", 1.0)) < _SURE:
            return None
        if float(answer.details.get("signals", {}).get("focus", 1.0)) < _ON_THE_MATTER:
            return None
        leading = answer.citations if answer.outcome is Outcome.CONFLICT else answer.citations[:1]
        clauses = self._library.clauses([citation.clause_id for citation in leading])
        return next((one for one in clauses if self._is_new(one, question.generation or 0, history)), None)

    def _is_new(self, clause: Clause, generation: int, history: Sequence[PublicationRecord]) -> bool:
        """Whether a manual did not hold this wording at a publication."""
        for published in history:
            if published.generation <= generation:
                continue
            move = next((m for m in published.moves if m.manual_id == clause.manual_id), None)
            if move is not None:
                before = move.before_edition_id
                return before is None or clause.text_key not in self._lineage.edition(before).by_text
        return False

    # -- telling -------------------------------------------------------------------------------------------

    def _to_tell(self, gap: Gap, clause_id: int, history: Sequence[PublicationRecord]) -> list[int]:
        """Of each asker the newest question that they can be told about; none when telling is off, or was
        switched off for the publication that answers."""
        (clause,) = self._library.clauses([clause_id])
        if not self._tell or self._is_quiet(clause.manual_id, history):
            return []
        newest = {question.asker_id: question for question in gap.questions}
        return [
            question.answer_id
            for question in newest.values()
            if self._for_asker(question, clause, history) is not None
        ]

    def _is_quiet(self, manual_id: int, history: Sequence[PublicationRecord]) -> bool:
        """Whether the newest publication that moved a manual is to be passed over in silence."""
        moves = ((p.generation, m) for p in reversed(history) for m in p.moves if m.manual_id == manual_id)
        generation, move = next(moves)
        # In this order: the announcement takes the switch away in the transaction in which it remembers it.
        switched_off = self._desk.corrections.quiet([ManualMove(manual_id, move.after_edition_id)])
        announced = self._desk.corrections.announced().get(generation)
        return bool(switched_off) or (announced is not None and manual_id in announced.quiet)

    def for_asker(self, gap: Gap, question: GapQuestion) -> Clause | None:
        """The clause that a question of an answered gap is answered by, for whoever asked it where they asked it;
        None when they must not see it or it holds no more."""
        if gap.state is not GapState.ANSWERED or not gap.answering:
            return None
        (clause,) = self._library.clauses(gap.answering[:1])
        return self._for_asker(question, clause, self._lineage.history())

    def _for_asker(
        self, question: GapQuestion, clause: Clause, history: Sequence[PublicationRecord]
    ) -> Clause | None:
        view = self._library.view(reader=self._reader(question))
        own = self._newly_answered(question, view, history)
        if own is not None:
            return own
        live = self._live_wording(clause, view)
        if live is None:
            return None
        best = view.search(in_full(question.question, question.context), _RELEVANT)
        return live if any(hit.clause.id == live.id for hit in best) else None

    def _reader(self, question: GapQuestion) -> Reader:
        """Who reads along where a question was asked: a role opens a manual only in private."""
        origin = question.origin
        private = not origin.thread_ts or origin.channel.startswith("D")
        roles = frozenset({self._desk.people.get(question.asker_id).role.value}) if private else frozenset()
        return Reader(roles, origin.channel)

    # -- who keeps what is near ----------------------------------------------------------------------------

    def near(self, gap: Gap, limit: int = 3) -> list[Clause]:
        """The clauses near a gap, as they read when it was asked."""
        return self._library.clauses(list(gap.near[:limit]))

    def most_asked(self, states: Collection[GapState] = (GapState.OPEN,)) -> list[Gap]:
        """Gaps, those with most questions first, then those asked last."""
        gaps = self._desk.gaps.gaps(states)
        return sorted(gaps, key=lambda gap: (-len(gap.questions), -gap.last_at.timestamp()))

    def owner(self, gap: Gap) -> str:
        """Whoever keeps the manual nearest to a gap (a Slack user id); empty when no near manual has one."""
        owners = {manual.manual_id: manual.owner for manual in self._library.manuals()}
        found = (owners.get(clause.manual_id, "") for clause in self.near(gap))
        return next((owner for owner in found if owner), "")

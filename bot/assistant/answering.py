"""Assistant: from a question to an answer, without Slack and without side effects.

understand → search → adjust and fold → found? → choose → quote, and, with a model, write and check.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.assistant import clarifying, composing, layouts, occasions, steps, surveys, turns
from bot.assistant.answers import NOBODY, Answer, Asker, Outcome, Turn
from bot.assistant.asking import Asks
from bot.assistant.choosing import Choice, adjust, candidates, choose, side_by_side, without_superseded
from bot.assistant.deciding import LOOKED_AT, point, probability
from bot.assistant.decision_signals import signals
from bot.assistant.evidence import Evidence
from bot.assistant.facets import facets
from bot.assistant.following import find
from bot.assistant.moments import Moment, asked_moment
from bot.assistant.one_voice import Confirmed, OneVoice
from bot.assistant.questions import Question, language_of, understand
from bot.assistant.refusals import is_doubtful, reason_to_refuse, refusal_sentence
from bot.assistant.scope import Scope
from bot.assistant.wordings import wording_of
from bot.observing import tracing
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.library import Library
from knowledge.reading import terms
from knowledge.views import View

if TYPE_CHECKING:
    from bot.assistant.writing import Writer  # the checks of written answers take a while to import

MOST_CHARACTERS = 2000
"""A longer question is asked back for: nobody on the phone needs it, and it would cost everyone else time."""
BEYOND_DOUBT = 0.6
"""Probability from which the manuals answer even what sounds like a demand to be refused."""
_SEARCH = 60
"""Hits among which what belongs beside an answer is looked for; the decision compares the first `LOOKED_AT`."""
_OF_EACH = 2
"""Clauses of every manual that are looked at for its own rule on the matter, wherever they rank."""
_FACET_SEARCH = 15
_SURVEY_SEARCH = 80
_RULES = 8
"""Best clauses whose conflicts are looked up: an answer quotes no more."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the view that it is answered over; `view` is empty for what is live, not looked at yet."""

    text: str
    history: Sequence[Turn]
    view: View | None
    when: Moment | None = None
    """The moment whose rules are asked for, if not today's."""
    ahead: bool = False
    """That moment is still to come."""
    asker: Asker = NOBODY


class Assistant:
    """See the module. Safe for many threads."""

    def __init__(
        self,
        library: Library,
        writer: Writer | None = None,
        threshold: float | None = None,
        zone: tzinfo = ZoneInfo("Asia/Shanghai"),  # noqa: B008 - immutable
        confirmed: Callable[[], Sequence[Confirmed]] = tuple,
    ) -> None:
        """`writer` puts found clauses into a language model's words; without one, answers are quotes.
        `threshold`: probability from which a question counts as answered by the manuals; None: the point of normal
        caution. `zone`: the site's, in which 「上个月」 begins and ends. `confirmed`: answers that a supervisor
        stands by, asked for anew at every question.
        """
        self._library = library
        self._writer = writer
        self._threshold = point() if threshold is None else threshold
        self._zone = zone
        self._voice = OneVoice(confirmed, lambda: library.embedder)

    @property
    def model_state(self) -> str:
        """How the language model does: `ok`, `paused`, `none`."""
        return self._writer.state if self._writer is not None else "none"

    def warm_up(self) -> None:
        """Load the embedding model, the index and the client of the language model, so that the first question does
        not wait for them."""
        if self._writer is not None:
            self._writer.warm_up()
        self._library.search("热身", 1)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        view: View | None = None,
        asker: Asker = NOBODY,
    ) -> Answer:
        """Answer a question in its thread; never raises for what a person typed.

        `view`: what to answer from (a reader's, a past one, a preview); by default what is live. A question for
        the rules of another time (「上个月的规定」) is answered as of then, unless the view is of another time or
        a preview already.
        """
        *_, answer = self.stream(question, history, view=view, asker=asker)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        cancelled: Callable[[], bool] = lambda: False,
        view: View | None = None,
        asker: Asker = NOBODY,
    ) -> Iterator[str | Answer]:
        """Pieces of the answer's Markdown as they are ready, then the `Answer` itself. See `answer`."""
        started = time.perf_counter()
        with turns.computing(cancelled):
            asked = replace(self._asked(question.strip(), history, view), asker=asker)
            quoted, hits = self._answer(asked)
            opening = self._opening(asked, quoted)
        quoted = replace(quoted, latency_ms=(time.perf_counter() - started) * 1000)
        if self._writer is not None:
            if opening:
                yield opening
            history = asked.history if quoted.details.get("follows_up") else ()
            for item in self._writer.stream(asked.text, history, hits, quoted, cancelled, asked.asker.person):
                yield replace(item, text=opening + item.text) if isinstance(item, Answer) else item
            return
        if not cancelled():
            yield opening + quoted.text
        yield replace(quoted, text=opening + quoted.text)

    def _asked(self, text: str, history: Sequence[Turn], view: View | None) -> _Asked:
        """The question with its time read and taken out of it; a follow-up stays in the time of what it follows."""
        if view is not None and view.as_of is not None:
            day = view.as_of.astimezone(self._zone).date()
            return _Asked(text, history, view, Moment(day, "day", text), view.as_of > self._library.now())
        if (view is not None and view.staged) or len(text) > MOST_CHARACTERS:
            return _Asked(text, history, view)
        today = self._library.now().astimezone(self._zone).date()
        when = asked_moment(text, today)
        if when is not None:
            text = when.rest
        earlier = [asked_moment(turn.text, today) if turn.role == "user" else None for turn in history]
        if any(earlier):
            history = [
                replace(turn, text=moment.rest) if moment is not None else turn
                for turn, moment in zip(history, earlier, strict=True)
            ]
            last = next((i for i in reversed(range(len(history))) if history[i].role == "user"), None)
            if when is None and last is not None and understand(text, history).follows_up:
                when = earlier[last]
        if when is None:
            return _Asked(text, history, view)
        ends = datetime.combine(when.day + timedelta(days=1), datetime.min.time(), self._zone)
        moment = ends - timedelta(microseconds=1)
        then = self._library.view(as_of=moment, reader=view.reader if view is not None else None)
        return _Asked(text, history, then, when, moment > self._library.now())

    def _opening(self, asked: _Asked, answer: Answer) -> str:
        told = clarifying.opening(answer)
        if asked.when is None or "as_of" not in answer.details:
            return told
        when = asked.when.spelled(answer.language)
        return composing.as_of_opening(when, answer, ahead=asked.ahead) + told

    def _answer(self, asked: _Asked) -> tuple[Answer, Sequence[Hit]]:
        """The quoting answer, and the hits that a model may write from (none when it must not write)."""
        text, language = asked.text, language_of(asked.text)
        if len(text) > MOST_CHARACTERS or not terms(text):
            return composing.unusable(text, MOST_CHARACTERS, language), ()
        refusal = reason_to_refuse(text)
        if refusal is not None:
            sentence = refusal_sentence(refusal, language)
            return Answer(Outcome.REFUSED, sentence, language=language, details={"reason": refusal.value}), ()
        view = asked.view or self._library.view()
        answer, hits = self._over(view, text, asked.history, asked.asker)
        if view.by_words:
            answer = replace(answer, details={**answer.details, "by_words": True})
        if view.as_of is None or asked.when is None:
            return answer, hits
        details = {**answer.details, "as_of": view.as_of.isoformat()}
        if answer.outcome is Outcome.NOT_FOUND and not asked.ahead:
            return self._not_held(view, asked, asked.when) or replace(answer, details=details), ()
        return replace(answer, details=details), hits

    def _not_held(self, view: View, asked: _Asked, when: Moment) -> Answer | None:
        """The answer when the manual that rules the matter today was not there at the view's moment."""
        assert view.as_of is not None
        now, _ = self._over(self._library.view(reader=view.reader), asked.text, asked.history)
        clause = None
        since = self._library.first_held() if not view.manuals() else None
        if now.outcome in (Outcome.ANSWERED, Outcome.CONFLICT):
            lead = self._library.clauses([now.citations[0].clause_id])[0]
            held = self._library.first_held(lead.manual_id)
            if held is not None and held > view.as_of:
                clause, since = lead, held
        if since is None or since <= view.as_of:
            return None
        day = Moment(since.astimezone(self._zone).date(), "day", "")
        question = understand(asked.text)
        return composing.not_held_yet(
            question,
            when.spelled(question.language),
            day.spelled(question.language),
            clause,
            {"held_as_of": view.as_of.isoformat(), "since": since.isoformat()},
        )

    def _over(
        self, view: View, text: str, history: Sequence[Turn], asker: Asker | None = None
    ) -> tuple[Answer, Sequence[Hit]]:
        """The quoting answer from the clauses of one view; for an asker, the confirmed one where there is one."""
        of = asker or NOBODY
        with tracing.span("answer.search"):
            found = find(view, text, history, _SEARCH, of_each=_OF_EACH)
        question, scope, hits = found.question, found.scope, found.hits
        occasion = self._occasion(question, of) if question.wants_script else None
        if occasion is not None:
            question = replace(question, search_text=occasions.search_text(question.search_text, occasion))
            hits = view.search(question.search_text, _SEARCH, scope.manual_ids if scope.is_exact else ())
        turns.pressed.give_way()
        by_day = occasion is not None and occasion.day is not None  # what the day asks for goes before
        said = None if asker is None or by_day else self._voice.said(question, asker, view, hits, scope)
        if said is not None:
            return said, ()
        if hits:
            ranked = adjust(hits, question, scope)
            looked_at = {hit.clause.id for hit in hits[:LOOKED_AT]}
            if occasion is not None:
                ranked = occasions.adjusted(ranked, occasion)
                if occasions.lacks_words(ranked, occasion):
                    details = {"no_words_for": occasion.wording, "follows_up": question.follows_up}
                    return composing.not_found(question, candidates(ranked, scope)[:2], details), ()
            with tracing.span("answer.decide", hits=len(ranked)):
                answer, used = self._decide(view, question, ranked, looked_at, scope, of, occasion)
            of_day = {"day": occasion.day.isoformat()} if occasion is not None and occasion.day else {}
            more = {"follows_up": question.follows_up, **of_day}
            return replace(answer, details={**answer.details, **more}), used
        if view.manuals() or view.reader is not None:
            return composing.not_found(question, (), {}), ()
        return composing.nothing_ingested(question), ()

    def _occasion(self, question: Question, asker: Asker) -> occasions.Occasion | None:
        """What the day, or the holiday that is named, asks to be said."""
        today = asker.today or self._library.now().astimezone(self._zone).date()
        return occasions.occasion_of(question.search_text, today, self._library.notices.in_force)

    def _decide(
        self,
        view: View,
        question: Question,
        ranked: Sequence[Hit],
        looked_at: Collection[int],
        scope: Scope,
        asker: Asker,
        occasion: occasions.Occasion | None,
    ) -> tuple[Answer, Sequence[Hit]]:
        top = ranked[0].clause
        if top.kind is ClauseKind.HEADING and (not scope.manual_ids or top.manual_id in scope):
            return composing.cut_off(question, top), ()
        bodies = candidates(ranked, scope)
        if not bodies:
            return composing.cut_off(question, top), ()
        conflicts = view.conflicts_of([hit.clause for hit in bodies[:_RULES]])
        bodies = without_superseded(bodies, conflicts)
        unsaid = composing.unsaid(question, [hit.clause for hit in bodies[:2]])
        if unsaid is not None:
            return unsaid, ()
        wording = wording_of(question, view.index(), view.nearnesses)
        compared = [hit for hit in ranked if hit.clause.id in looked_at]
        seen = signals(question, compared, bodies, view.index(), view.nearnesses, wording)
        chance = probability(seen)
        details: dict[str, object] = {
            "probability": round(chance, 3),
            "signals": {k: round(v, 3) for k, v in asdict(seen).items()},
        }
        if chance < self._threshold or (chance < BEYOND_DOUBT and is_doubtful(question.text)):
            return composing.not_found(question, bodies[:2], details), ()
        layout = layouts.Layout(question, view.index().body.rarity, details, asker, occasion)
        evidence = Evidence(question, view.index())
        if question.wants_survey and not scope.is_exact:
            return self._surveyed(view, scope, layout, evidence)
        likeness = view.likeness(bodies[0].clause.id, [hit.clause.id for hit in bodies])
        chosen = choose(bodies, question, scope, likeness, evidence, wording)
        choice = side_by_side(chosen, conflicts, question, scope)
        return self._quoted(view, scope, layout, choice, ranked, evidence)

    def _surveyed(
        self, view: View, scope: Scope, layout: layouts.Layout, evidence: Evidence
    ) -> tuple[Answer, Sequence[Hit]]:
        """What several manuals say on the matter."""
        question = layout.question
        wide = adjust(view.search(question.search_text, _SURVEY_SEARCH), question, scope)
        searches = [surveys.Found("", tuple(wide), evidence), *self._facets(view, question, scope)]
        listed = surveys.surveyed(searches)
        return layouts.surveyed(layout, listed), listed

    def _quoted(
        self,
        view: View,
        scope: Scope,
        layout: layouts.Layout,
        choice: Choice,
        ranked: Sequence[Hit],
        evidence: Evidence,
    ) -> tuple[Answer, Sequence[Hit]]:
        """The quotes of a choice, or the question whose rule is meant."""
        question, details = layout.question, dict(layout.details)
        if choice.rivals:
            alike = view.likeness(choice.lead.clause.id, [hit.clause.id for hit in ranked])
            settled = clarifying.clarified(
                choice, ranked, alike, question, scope, layout.asker, view.manuals(), evidence
            )
            if settled.options:
                return clarifying.ask(question, settled, details), ()
            choice = settled.choice
            if settled.told:
                details |= {"told": settled.told, "told_product": settled.by_product}
        edition = view.edition_clauses(choice.lead.clause.edition_id)
        choice = replace(choice, family=self._family(choice, edition, ranked, question))
        choice = replace(choice, parts=self._parts(view, question, scope, choice))
        return layouts.quoted(replace(layout, details=details), choice), choice.hits

    def _family(
        self, choice: Choice, edition: Sequence[Clause], ranked: Sequence[Hit], question: Question
    ) -> tuple[Clause, ...]:
        """The list that belongs to the lead, the lead included; the lead alone when none does."""
        lead = choice.lead.clause
        if steps.introduces(lead):
            return steps.below(lead, edition)
        if Asks.HOW in question.asks and not question.wants_list:
            return steps.case_with_rules(lead, edition)
        return steps.siblings(lead, edition, ranked, question) if question.wants_list else (lead,)

    def _facets(self, view: View, question: Question, scope: Scope) -> list[surveys.Found]:
        """A search of its own for each facet of the question; none when it asks for one thing. What a follow-up does
        not ask again was answered before."""
        within = scope.manual_ids if scope.is_exact else ()
        now, earlier = question.parted
        found = []
        for facet in facets(now):
            asked = understand(facet.text)
            hits = view.search(asked.search_text, _FACET_SEARCH, within, context=earlier)
            ranked = tuple(adjust(hits, asked, scope))
            found.append(surveys.Found(facet.label, ranked, Evidence(asked, view.index())))
        return found

    def _parts(
        self, view: View, question: Question, scope: Scope, choice: Choice
    ) -> tuple[tuple[str, Hit], ...]:
        """The clause for each part of a question, where it is not among those chosen for the whole."""
        shown = {choice.lead.clause.id, *(clause.id for clause in choice.family)}
        made: list[tuple[str, Hit]] = []
        for found in self._facets(view, question, scope):
            best = next(iter(candidates(found.hits, scope)), None) if found.hits else None
            if best is not None and best.clause.id not in shown:
                shown.add(best.clause.id)
                made.append((found.label, best))
        return tuple(made)

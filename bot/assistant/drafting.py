"""Drafting: from a free, messy text to an escalation, a transfer slip, a question or a request for details.

Everything that decides (route, rung, urgency, skipping) is done by rules. A language model may improve
the wording afterwards; what it returns is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.assistant import draft_categories, draft_words, facts, ladder_rules, signals
from bot.assistant.draft_categories import Category, Nearness
from bot.assistant.draft_checks import FOUND, WORDED, trusted
from bot.assistant.draft_report import report
from bot.assistant.draft_sense import Impression, Sense
from bot.assistant.drafts import EscalationDraft, Route, Urgency
from bot.assistant.extracting import Wanted, extract
from bot.assistant.ladder_rules import ENGLISH_NAMES, Step
from bot.assistant.own_suggestion import suggestion_in
from bot.assistant.procedure_signals import procedure
from bot.assistant.redaction import mask
from bot.assistant.routing import route
from bot.assistant.signals import Matter, Reading
from bot.assistant.superiors import Sign, Standing
from knowledge.clauses import Citation
from knowledge.reading import simplify
from tickets.people import DEFAULT_LADDER, Ladder, Role

Policy = Callable[[str], Sequence[Citation]]
"""Finds clauses for a query, best first; may find none."""
Categories = Callable[[], Sequence[Category]]
"""The categories of escalations, read anew for each draft."""
Improve = Callable[[EscalationDraft, str, str], EscalationDraft | None]
"""Betters the wording of a draft made from the masked text, at the expense of a person; None when it cannot."""

MAX_TEXT = 10_000
_PER_QUERY = 2
_BELOW = {
    Role.SUPERVISOR: Role.LEADER,
    Role.MANAGER: Role.SUPERVISOR,
    Role.GENERAL_MANAGER: Role.MANAGER,
}
_NOTHING_SAID, _SURE_ACCUSED = 0.38, 0.6
"""Below the first share of nothing, what is nearest is taken to be said of a superior of whom the rules read nothing;
where a customer is spoken of, who may complain as well, only from the second share on a complaint."""
_SURE, _SURE_OF_ANY = 0.65, 0.8
"""From here on a text that resembles danger, a leak or politics (one of them, or any) is taken to tell of it."""


class Drafter:
    """Makes drafts. Safe to share between threads when its callables are."""

    def __init__(
        self,
        policy: Policy,
        model: Improve | None = None,
        *,
        ladder: Ladder = DEFAULT_LADDER,
        sense: Sense | None = None,
        categories: Categories = tuple,
        nearness: Nearness | None = None,
    ) -> None:
        """`categories` are the organisation's, empty for our own names; `nearness` finds those that words do not."""
        self._policy = policy
        self._sense = sense
        self._improve = model
        self._ladder = ladder
        self._categories = categories
        self._nearness = nearness

    def draft(
        self, text: str, sender_role: str = "agent", *, person: str = "", ladder: Ladder | None = None
    ) -> EscalationDraft:
        """A draft of a text; everything in it is masked. `sender_role` is a Role's value or display name, `person` the
        id of whoever asks for it (for budgets of the language model), `ladder` the one of their team when it is not
        the drafter's.

        Never fails on what people write; the policy callable's errors pass through.
        """
        masked = mask(text[:MAX_TEXT])
        plain = simplify(masked)
        reading = signals.read(plain)
        impression = self._sense(plain) if self._sense is not None else None
        draft = self._by_rules(
            reading, ladder_rules.sender_role(sender_role), impression, ladder or self._ladder
        )
        if self._improve is not None and draft.route is Route.LADDER:
            draft = _checked(draft, self._improve(draft, masked, person), masked)
        return replace(draft, report=report(draft, masked))

    def fields(self, text: str, wanted: Sequence[Wanted], *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
        """What a text tells of the fields of a form, by key, masked; what it does not tell is left out.

        `now` is an aware moment; days and times are those of `zone`.
        """
        return extract(mask(text[:MAX_TEXT]), wanted, now=now, zone=zone)

    def _by_rules(
        self, reading: Reading, sender: Role, impression: Impression | None, rungs: Ladder
    ) -> EscalationDraft:
        if impression is not None:
            reading = replace(reading, standing=_standing(reading, impression, sender))
        chosen = route(reading, impression)
        if impression is not None and chosen is Route.LADDER:
            reading = replace(reading, matters=reading.matters | _alike(impression))
        ladder = chosen is Route.LADDER
        step = ladder_rules.next_step(reading, sender, rungs) if ladder else None
        own = suggestion_in(reading.text, reading.language) if ladder else ""
        suggestion = draft_words.suggestion(reading, chosen, own)
        told = {"when": facts.when(reading), "where": facts.where(reading), "tried": facts.tried(reading)}
        queries = draft_words.policy_queries(reading, chosen, step.passed_over if step else ())
        return EscalationDraft(
            route=chosen,
            summary=facts.summary(reading),
            category=self._category(reading) if ladder else "",
            urgency=ladder_rules.urgency(reading) if ladder else Urgency.NORMAL,
            what_happened=facts.what_happened(reading),
            where=told["where"],
            when=told["when"],
            tried=told["tried"],
            handling_suggestion=suggestion,
            skip_level_allowed=step.skip_allowed if step else False,
            skip_reason=step.skip_reason if step else "",
            next_approver=_display(step, reading, rungs),
            next_role=step.role.value if step else "",
            next_reason=step.reason if step else "",
            after_the_fact_report=step.report_afterwards if step else False,
            policy_basis=self._basis(queries),
            missing=_missing(reading, chosen, told, suggestion),
            report="",
            language=reading.language,
            procedure=procedure(reading, chosen),
        )

    def _category(self, reading: Reading) -> str:
        """The name of the category: the organisation's where it has one, else our own."""
        found = draft_categories.chosen(reading, self._categories(), self._nearness)
        return found.name(reading.language) if found else draft_words.category(reading)

    def _basis(self, queries: Sequence[str]) -> tuple[Citation, ...]:
        found: dict[int, Citation] = {}
        for query in queries:
            for citation in list(self._policy(query))[:_PER_QUERY]:
                found.setdefault(citation.clause_id, citation)
        return tuple(found.values())


def _alike(impression: Impression) -> set[Matter]:
    """The grave matter that a text resembles, if it surely resembles one."""
    shares = impression.matters
    nearest = max(shares, key=lambda matter: shares[matter])
    sure = shares[nearest] >= _SURE or sum(shares.values()) >= _SURE_OF_ANY
    return {nearest} if sure else set()


def _standing(reading: Reading, impression: Impression, sender: Role) -> Standing:
    """Where the superiors stand, with what is surely said of one of whom the rules read nothing at all."""
    standing = reading.standing
    if reading.swap or reading.afterwards:
        # Whom a swap is asked of, or who said no to it, is no party; who was out of reach then is told now.
        return standing
    known = standing.accused | standing.exhausted | standing.unreachable
    found: dict[Sign, set[Role]] = {sign: set() for sign in Sign}
    for view, shares in impression.said:
        nearest = max(shares, key=lambda sign: shares[sign])
        doubtful = nearest is Sign.ACCUSED and reading.about_customer and shares[nearest] < _SURE_ACCUSED
        if view.sign is Sign.NOTHING and shares[Sign.NOTHING] < _NOTHING_SAID and not doubtful:
            found[nearest] |= view.roles - known
    rungs = DEFAULT_LADDER.rungs
    own = rungs[: rungs.index(sender) + 1] if sender in rungs else ()
    done = {*known, *found[Sign.ACCUSED], *own}
    for role in rungs:
        # Nobody turns to a rung before those below it: what seems said of it alone is said of something else.
        below = _BELOW.get(role)
        if below is not None and below not in done:
            found[Sign.UNREACHABLE].discard(role)
            found[Sign.EXHAUSTED].discard(role)
        if role in found[Sign.UNREACHABLE] | found[Sign.EXHAUSTED]:
            done.add(role)
    return replace(
        standing,
        unreachable=standing.unreachable | found[Sign.UNREACHABLE],
        exhausted=standing.exhausted | found[Sign.EXHAUSTED] - found[Sign.UNREACHABLE],
        accused=standing.accused | found[Sign.ACCUSED],
    )


def _display(step: Step | None, reading: Reading, ladder: Ladder) -> str:
    if step is None:
        return ""
    name = ladder.name(step.role)
    return f"{name} ({ENGLISH_NAMES[step.role]})" if reading.language == "en" else name


def _missing(reading: Reading, chosen: Route, told: dict[str, str], suggestion: str) -> tuple[str, ...]:
    if chosen is Route.ANSWER:
        return ()
    if chosen is Route.ASK_FOR_DETAILS:
        return draft_words.missing(reading.language, "what", "when", "where", "who", "tried", "suggestion")
    if chosen is Route.TRANSFER:
        return draft_words.missing(reading.language, "department")
    keys = [key for key in ("when", "where", "tried") if not told[key]]
    if reading.about_customer and not re.search(r"\d{5,}|\*{3}", reading.text):
        keys.append("who")
    if not suggestion:
        keys.append("suggestion")
    return draft_words.missing(reading.language, *keys)


def _checked(draft: EscalationDraft, improved: EscalationDraft | None, masked_text: str) -> EscalationDraft:
    """The draft with the model's wording, as far as it can be trusted; what fails a check keeps the rules' wording."""
    if improved is None:
        return draft
    taken: dict[str, str] = {}
    for name in (*WORDED, *FOUND):
        value = mask(str(getattr(improved, name))).strip()
        if value and trusted(name, value, str(getattr(draft, name)), masked_text):
            taken[name] = value
    return replace(draft, **taken, model=improved.model)  # type: ignore[arg-type]

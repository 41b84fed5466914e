"""Whose rule is meant: told by the asker, remembered, or asked for.

Rules of several organisations (or for several products) stand side by side while a reader takes them in at a glance.
When they are more, or longer, whose rule is meant is asked. When it is known, that rule leads and the others are a
remark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.assistant.answers import Answer, Asker, Option, Outcome
from bot.assistant.choosing import RIVAL_CLOSE, SAME_MATTER, SAYS_OF_LEAD, Choice
from bot.assistant.evidence import Evidence
from bot.assistant.questions import Question
from bot.assistant.quoting import cite
from bot.assistant.scope import Scope
from knowledge.clauses import Clause, Hit
from knowledge.reading import normalise
from knowledge.views import ManualSummary

ALL = "*"
"""An asker's organisation that means: all of them, side by side, whatever there are."""
MOST_SIDE_BY_SIDE = 4
"""Rules that are read at a glance."""
MOST_TO_READ = 1400
"""Characters of them all: more does not fit an answer whole."""
MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Clarified:
    """What becomes of a choice once it is known, or asked, whose rule is meant."""

    choice: Choice
    options: tuple[Option, ...] = ()
    """Not empty: it must be asked."""
    rules: tuple[Clause, ...] = ()
    """The rules that the options stand for."""
    told: str = ""
    """The organisation or product by which the lead was chosen; empty when it was not."""


def clarified(
    choice: Choice,
    ranked: Sequence[Hit],
    likeness: Sequence[float],
    question: Question,
    scope: Scope,
    asker: Asker,
    manuals: Sequence[ManualSummary],
    evidence: Evidence,
) -> Clarified:
    """The choice for this asker. `ranked` are the hits that it was chosen from, best first, `likeness` their cosines
    with its lead.

    A question that names whose rules it wants, or asks what all of them say, is left as it is. Only a question for a
    value (a number, a time, a person) is asked back: what many manuals put in other words need not differ.
    """
    if not choice.rivals or scope.manual_ids or question.wants_survey or asker.organisation == ALL:
        return Clarified(choice)
    owners = {manual.manual_id: manual for manual in manuals}
    rules = _rules(choice, ranked, likeness, evidence)
    mine = _of_asker(rules, asker, owners)
    if mine is not None:
        return Clarified(_led_by(choice, mine), told=_named(asker, mine.clause, owners))
    clauses = tuple(hit.clause for hit in rules)
    if len(rules) <= MOST_SIDE_BY_SIDE and sum(len(clause.text) for clause in clauses) <= MOST_TO_READ:
        return Clarified(choice)
    options = _options(clauses, owners)
    return Clarified(choice, options, clauses) if len(options) > 1 else Clarified(choice)


def ask(question: Question, settled: Clarified, details: Mapping[str, Any]) -> Answer:
    """Asks whose rule is meant; the options go with it."""
    names = [option.label for option in settled.options]
    if question.language == "en":
        text = "Several rules apply here; which one depends on whose it is. Which of these is yours?"
    else:
        text = "这件事各家规定不同,要看按哪一家的执行。请选择:"
    lines = [text, *(f"- {name}" for name in names)]
    left = len(settled.rules) - len(names)
    if left > 0:
        lines.append(f"- … ({left} more)" if question.language == "en" else f"- …(另有 {left} 处规定)")
    return Answer(
        Outcome.CLARIFY,
        "\n".join(lines),
        tuple(cite(clause) for clause in settled.rules),
        language=question.language,
        options=settled.options,
        details=details,
    )


def opening(answer: Answer) -> str:
    """The line above an answer whose rule was chosen by what is known of the asker; empty for another."""
    told = answer.details.get("told")
    if not told:
        return ""
    return f"(For {told}:)\n" if answer.language == "en" else f"(按你所属的“{told}”回答:)\n"


def belongs(organisation: str, clause: Clause) -> bool:
    """Whether a clause is one of an organisation's, by its name or, where the manual names none, by its title."""
    wanted, owner = _plain(organisation), _plain(clause.organisation or clause.manual)
    return bool(wanted) and (wanted in owner or (len(owner) >= 2 and owner in wanted))


def _rules(choice: Choice, ranked: Sequence[Hit], likeness: Sequence[float], evidence: Evidence) -> list[Hit]:
    """The lead, its rivals, and what would be one if there were room: one for each manual, none twice in the same
    words."""
    rules = [choice.lead, *choice.rivals]
    if not evidence.wants_value:
        return rules
    ground = SAYS_OF_LEAD * evidence.of_value(choice.lead.clause)
    manuals = {hit.clause.manual_id for hit in rules}
    said = {hit.clause.text_key for hit in rules}
    for hit, alike in zip(ranked, likeness, strict=True):
        close = alike >= SAME_MATTER and ranked[0].score - hit.score <= RIVAL_CLOSE
        is_new = hit.clause.manual_id not in manuals and hit.clause.text_key not in said
        if close and is_new and evidence.of_value(hit.clause) >= max(ground, 0.01):
            rules.append(hit)
            manuals.add(hit.clause.manual_id)
            said.add(hit.clause.text_key)
    return rules


def _of_asker(rules: Sequence[Hit], asker: Asker, owners: Mapping[int, ManualSummary]) -> Hit | None:
    """The rule of the asker's organisation or product; the product decides between two of one organisation."""
    mine = [hit for hit in rules if asker.organisation and belongs(asker.organisation, hit.clause)]
    if asker.product:
        wanted = _plain(asker.product)
        fitting = [hit for hit in mine or rules if wanted and wanted in _plain(_product(hit.clause, owners))]
        mine = fitting or mine
    return mine[0] if mine else None


def _led_by(choice: Choice, mine: Hit) -> Choice:
    others = [hit for hit in (choice.lead, *choice.rivals) if hit.clause.id != mine.clause.id]
    beside = [hit for hit in choice.beside if hit.clause.id != mine.clause.id]
    lead = replace(mine, score=max(hit.score for hit in (mine, choice.lead)) + 0.01)
    return replace(choice, lead=lead, rivals=(), beside=(*others, *beside))


def _named(asker: Asker, clause: Clause, owners: Mapping[int, ManualSummary]) -> str:
    if asker.organisation and belongs(asker.organisation, clause):
        return asker.organisation
    return asker.product or _product(clause, owners)


def _options(clauses: Sequence[Clause], owners: Mapping[int, ManualSummary]) -> tuple[Option, ...]:
    """One option for each organisation or, when all rules are of one, for each product; best rule first."""
    names = list(dict.fromkeys(clause.organisation or clause.manual for clause in clauses))
    if len(names) > 1:
        return tuple(Option(name, organisation=name) for name in names[:MOST_OPTIONS])
    products = list(dict.fromkeys(filter(None, (_product(clause, owners) for clause in clauses))))
    return tuple(Option(name, product=name) for name in products[:MOST_OPTIONS])


def _product(clause: Clause, owners: Mapping[int, ManualSummary]) -> str:
    manual = owners.get(clause.manual_id)
    return manual.product if manual else ""


def _plain(name: str) -> str:
    return "".join(normalise(name).split())

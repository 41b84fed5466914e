"""Whose rule is meant: told by the asker, remembered, or asked for.

Rules of several organisations (or for several products) stand side by side while a reader takes them in at a glance.
When they are more, or longer, whose rule is meant is asked. When it is known, that rule leads and the others are a
remark.
"""

from __future__ import annotations

import re
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
_OPENING = re.compile(
    r"\s*(?:\(按你(?:所属的|选的产品)“(?P<zh>[^\n]+)”回答:\)|\(For (?P<en>[^\n]+):\))\s*\n\s*"
)


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
    by_product: bool = False
    """`told` is a product."""


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
    mine, by_product = _of_asker(rules, asker, owners)
    told = (asker.product if by_product else asker.organisation) if mine else ""
    if mine:
        choice = _led_by(choice, mine)
        if not choice.rivals:
            return Clarified(choice, told=told, by_product=by_product)
        rules = mine
    clauses = tuple(hit.clause for hit in rules)
    if len(rules) <= MOST_SIDE_BY_SIDE and sum(len(clause.text) for clause in clauses) <= MOST_TO_READ:
        return Clarified(choice, told=told, by_product=by_product)
    options = _options(clauses, owners)
    if len(options) > 1:
        return Clarified(choice, options, clauses, told, by_product)
    return Clarified(choice, told=told, by_product=by_product)


def ask(question: Question, settled: Clarified, details: Mapping[str, Any]) -> Answer:
    """Asks whose rule is meant; the options go with it."""
    names = [option.label for option in settled.options]
    if settled.options[0].organisation:
        chinese = "这件事各家规定不同,要看按哪一家的执行。请选择:"
        english = "Several rules apply here; which one depends on whose it is. Which of these is yours?"
    else:
        chinese = "这件事各产品规定不同,要看是哪一种产品。请选择:"
        english = "Several rules apply here; which one depends on the product. Which of these is it?"
    text = english if question.language == "en" else chinese
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
    if answer.language == "en":
        return f"(For {told}:)\n"
    return f"(按你{'选的产品' if answer.details.get('told_product') else '所属的'}“{told}”回答:)\n"


def without_opening(text: str) -> tuple[str, str]:
    """Whose rule a text says that it gives by its opening line (empty: it has none), and the text without that line.

    >>> without_opening("(按你所属的“东院”回答:)\\n赔 13 元。")
    ('东院', '赔 13 元。')
    """
    found = _OPENING.match(text)
    return (found["zh"] or found["en"], text[found.end() :]) if found else ("", text)


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


def _of_asker(
    rules: Sequence[Hit], asker: Asker, owners: Mapping[int, ManualSummary]
) -> tuple[list[Hit], bool]:
    """The rules of the asker's organisation or product, and whether the product told: it decides between several of
    one organisation. A house's own rules go before those of the houses below it."""
    of_house = [hit for hit in rules if asker.organisation and belongs(asker.organisation, hit.clause)]
    own = [hit for hit in of_house if _plain(hit.clause.organisation) == _plain(asker.organisation)]
    of_house = own or of_house
    wanted = _plain(asker.product)
    fitting = [hit for hit in of_house or rules if wanted and wanted in _plain(_product(hit.clause, owners))]
    by_product = bool(fitting) and (not of_house or len(fitting) < len(of_house))
    return fitting or of_house, by_product


def _led_by(choice: Choice, mine: Sequence[Hit]) -> Choice:
    """The choice with the asker's rule in front, and with it what contradicts it under the same name: neither is the
    asker's more than the other."""
    lead, *more = mine
    shown = (choice.lead, *choice.rivals)
    ids = {hit.clause.id for hit in shown}
    rivals = tuple(hit for hit in more if hit.clause.id in ids)
    first = {hit.clause.id for hit in (lead, *rivals)}
    others = [hit for hit in shown if hit.clause.id not in first]
    beside = [hit for hit in choice.beside if hit.clause.id not in first]
    led = replace(lead, score=max(lead.score, choice.lead.score) + 0.01)
    return replace(choice, lead=led, rivals=rivals, beside=(*others, *beside))


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

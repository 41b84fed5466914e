"""Laying out answers without a model: what answers first, what differs beside it, then what else is close."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.assistant import steps
from bot.assistant.answers import NOBODY, Answer, Asker, Language, Outcome
from bot.assistant.choosing import Choice
from bot.assistant.composing import in_language
from bot.assistant.occasions import Occasion, of_another_holiday, reason
from bot.assistant.questions import Question
from bot.assistant.quoting import answering_first, cite, excerpt, place, remark
from bot.assistant.scripts import Script, script_of, slots, with_staff_number
from bot.assistant.surveys import by_manual
from knowledge.clauses import Clause, Hit
from knowledge.reading import terms

_LEAD = 300
_ASIDE = 100
_RULE = 170
_SURVEYED = 100
_READ = 1400
"""Characters: of the lead quote, of a further quote, of each rule side by side, of each line of a survey, of the
whole answer."""
_SCRIPTS_BESIDE = 2
"""Further clauses below words to say: what is read aloud must not be lost among them."""

_Block = tuple[str, list[Clause]]
"""A piece of the text with the clauses that it quotes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What decides how quotes are cut and dressed."""

    question: Question
    rarity: Callable[[str], float]
    details: Mapping[str, Any]
    asker: Asker = NOBODY
    occasion: Occasion | None = None

    def quote(self, clause: Clause, budget: int) -> str:
        """The part of a clause that says most of what is asked, with what must be said of its source."""
        asked = terms(self.question.search_text)
        return excerpt(clause.text, asked, self.rarity, self.question, budget) + remark(clause, self.language)

    def line(self, clause: Clause, budget: int) -> str:
        """The same as an item of a list, with its place."""
        return f"- {place(clause)}:{self.quote(clause, budget)}"

    @property
    def language(self) -> Language:
        """The asker's."""
        return self.question.language

    def words(self, chinese: str, english: str) -> str:
        """The one in the asker's language."""
        return in_language(self.language, chinese, english)


def quoted(layout: Layout, choice: Choice) -> Answer:
    """The quoting answer: the lead first, rules of other manuals side by side with it, then what else is close."""
    lead = choice.lead.clause
    family = choice.family if len(choice.family) > 1 else (lead,)
    script = _script(layout, family)
    shown = {clause.id for clause in family}
    rivals = [hit.clause for hit in choice.rivals if hit.clause.id not in shown]
    if script is not None:  # other words to say are a rival, a rule about something else is not
        rivals = [clause for clause in rivals if script_of(clause) and not _for_another(layout, clause, lead)]
    shown |= {clause.id for clause in rivals}
    parts = [(label, hit.clause) for label, hit in choice.parts if hit.clause.id not in shown]
    shown |= {clause.id for _, clause in parts}
    beside = [hit.clause for hit in choice.beside if hit.clause.id not in shown]
    if script is not None:
        beside = [clause for clause in beside if not _for_another(layout, clause, lead)][:_SCRIPTS_BESIDE]
    blocks: list[_Block] = []
    if script is not None and layout.occasion is not None and (why := _why(layout, lead)):
        blocks.append((why, []))
    if rivals:
        opening = "各手册的规定(请按你所属单位执行):", "Rules by manual (follow your own organisation's):"
        blocks.append((layout.words(*opening), []))
    blocks += _led(layout, lead, family, script, beside_others=bool(rivals))
    blocks += [(layout.line(clause, _RULE), [clause]) for clause in rivals]
    for label, clause in parts:
        heading = f"{label}:\n" if label in layout.question.text else ""
        blocks.append((f"{heading}{layout.line(clause, _ASIDE)}", [clause]))
    if beside:
        blocks.append((layout.words("另见:", "See also:"), []))
    blocks += [(layout.line(clause, _ASIDE), [clause]) for clause in beside]
    kept = _within(blocks, _READ)
    return Answer(
        Outcome.CONFLICT if rivals else Outcome.ANSWERED,
        "\n".join(text for text, _ in kept),
        tuple(dict.fromkeys(cite(clause) for _, clauses in kept for clause in clauses)),
        language=layout.language,
        script=script.words if script is not None else "",
        details=layout.details,
    )


def _led(
    layout: Layout, lead: Clause, family: Sequence[Clause], script: Script | None, *, beside_others: bool
) -> list[_Block]:
    """The lead: a list in its order, words to say as a block to copy, or the sentences that answer and the rest."""
    if script is not None:
        where: list[_Block] = [(f"{place(lead)}:", [])] if beside_others else []
        return [*where, (_said(layout, script), list(family))]
    if len(family) > 1:
        items = [
            (f"{number}. {layout.quote(clause, _LEAD)}", [clause]) for number, clause in enumerate(family, 1)
        ]
        return [(_over(family), []), *items]
    if beside_others:
        return [(layout.line(lead, _LEAD), [lead])]
    listed = steps.lines(lead.text) if layout.question.wants_list and len(lead.text) <= _LEAD else []
    if listed:
        text = "\n".join(
            line if steps.is_marked(line) or line.endswith((":", "：")) else f"- {line}" for line in listed
        )
        return [(text + remark(lead, layout.language), [lead])]
    return [(answering_first(layout.quote(lead, _LEAD), layout.question, layout.rarity), [lead])]


def _over(family: Sequence[Clause]) -> str:
    """The manual and the heading that a list stands under, and which labels it has."""
    first, last = family[0], family[-1]
    labels = first.label if first.label == last.label else f"{first.label} – {last.label}"
    return f"{place(first, with_label=False)} {labels}:"


def _script(layout: Layout, family: Sequence[Clause]) -> Script | None:
    """The words to say in the lead, when such are asked for, the asker's staff number in its slot."""
    if not layout.question.wants_script:
        return None
    found = [script for script in map(script_of, family) if script is not None]
    if len(found) < len(family):
        return None
    words = with_staff_number("\n".join(script.words for script in found), layout.asker.staff_number)
    return Script(words, "\n".join(script.about for script in found if script.about))


def _said(layout: Layout, script: Script) -> str:
    """Words to say in a fence, with what the clause says about them and what is left to fill in."""
    lines = [f"```\n{script.words}\n```"]
    if script.about:
        lines.append(script.about)
    if open_slots := slots(script.words):
        named = "、".join(open_slots)
        lines.append(layout.words(f"(照原文念;{named} 处填实际内容)", f"(Word for word; fill in {named})"))
    return "\n".join(lines)


def _why(layout: Layout, lead: Clause) -> str:
    assert layout.occasion is not None
    return reason(layout.occasion, layout.language, found=layout.occasion.fits(lead) > 0)


def _for_another(layout: Layout, clause: Clause, lead: Clause) -> bool:
    """Whether a clause is words for another occasion: beside what is asked for they would be read out by mistake."""
    return script_of(clause) is not None and of_another_holiday(clause, lead, layout.occasion)


def surveyed(layout: Layout, hits: Sequence[Hit]) -> Answer:
    """What several manuals say on one matter: a short quote each, manual by manual."""
    heading = layout.words("各手册的规定(按手册列出):", "What the manuals say, manual by manual:")
    taken: list[Hit] = []
    quotes: dict[int, str] = {}
    size = len(heading)
    for hit in hits:
        quote = layout.quote(hit.clause, _SURVEYED)
        size += len(quote) + len(hit.clause.label) + 4
        if all(other.clause.manual_id != hit.clause.manual_id for other in taken):
            size += len(place(hit.clause, with_label=False)) + 5
        if taken and size > _READ:
            break
        taken.append(hit)
        quotes[hit.clause.id] = quote
    blocks: list[_Block] = [(heading, [])]
    for group in by_manual(taken):
        blocks.append((f"**{place(group[0].clause, with_label=False)}**", []))
        blocks += [(f"- {hit.clause.label}:{quotes[hit.clause.id]}", [hit.clause]) for hit in group]
    return Answer(
        Outcome.ANSWERED,
        "\n".join(text for text, _ in blocks),
        tuple(cite(clause) for _, clauses in blocks for clause in clauses),
        language=layout.language,
        details={**layout.details, "survey": len(taken)},
    )


def _within(blocks: list[_Block], budget: int) -> list[_Block]:
    """The first block and as many of the next as fit into `budget` characters."""
    kept = blocks[:1]
    for block in blocks[1:]:
        if sum(len(text) for text, _ in kept) + len(block[0]) > budget:
            break
        kept.append(block)
    return kept

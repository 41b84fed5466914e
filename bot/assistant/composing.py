"""Laying out answers without a model: the lead quote first, what differs beside it, honest words when nothing fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.assistant.answers import Answer, Language, Outcome
from bot.assistant.choosing import Choice
from bot.assistant.questions import Question
from bot.assistant.quoting import cite, excerpt, place, remark
from knowledge.clauses import Clause, Hit
from knowledge.reading import terms

_LEAD = 300
_ASIDE = 130
_RULE = 170
_READ = 1400
"""Characters: of the lead quote, of a further quote, of each rule side by side, of the whole answer."""


def _words(language: Language, chinese: str, english: str) -> str:
    return english if language == "en" else chinese


def unusable(text: str, most: int, language: Language) -> Answer:
    """What is said to an empty, overlong or wordless question."""
    if len(text) > most:
        chinese = f"问题太长了({len(text)} 字,最多 {most} 字),请用一两句话说明要查哪条规定。"
        english = f"The question is too long ({len(text)} characters, {most} at most); please ask in a sentence or two."
    else:
        chinese = "请用文字写出要查的规定,例如:早班几点上班?"
        english = "Please write in words which rule you want to know."
    return Answer(
        Outcome.NOT_FOUND, _words(language, chinese, english), language=language, details={"unusable": True}
    )


def not_found(question: Question, near: Sequence[Hit], details: Mapping[str, Any]) -> Answer:
    """Says that the manuals don't say, what is near, and offers to escalate."""
    lines = [
        _words(
            question.language,
            "手册里没有找到这个问题的规定,我不猜测。可以点“上报”请上级确认。",
            "The manuals do not say this, and I will not guess. You can press Escalate to ask your supervisor.",
        )
    ]
    if near:
        lines.append(_words(question.language, "相近的条款(不是答案):", "Related clauses (not an answer):"))
        lines += [f"- {place(hit.clause)}" for hit in near]
    citations = tuple(cite(hit.clause) for hit in near)
    return Answer(
        Outcome.NOT_FOUND, "\n".join(lines), near=citations, language=question.language, details=details
    )


def cut_off(question: Question, heading: Clause) -> Answer:
    """Says that the manual has a heading for the matter and no text below it."""
    text = _words(
        question.language,
        f"{place(heading)}只有标题“{heading.text}”,没有找到正文:原文在此处截断。内容我不猜测,可以点“上报”请上级确认。",
        f"{place(heading)} only has the heading “{heading.text}”: the source text is cut off here, so the manuals do not "
        "say. You can press Escalate to ask your supervisor.",
    )
    return Answer(
        Outcome.NOT_FOUND,
        text,
        near=(cite(heading),),
        language=question.language,
        details={"cut_off": heading.id},
    )


def quoted(question: Question, choice: Choice, rarity: Callable[[str], float], details: Mapping[str, Any]) -> Answer:
    """The quoting answer: side by side when several manuals rule the matter, else the lead and what is close."""
    asked = terms(question.search_text)

    def cut(clause: Clause, budget: int) -> str:
        quote = excerpt(clause.text, asked, rarity, question.wanted, budget)
        return quote + remark(clause, question.language)

    lead, rest = choice.hits[0].clause, [hit.clause for hit in choice.hits[1:]]
    family = choice.family if len(choice.family) > 1 else ()
    rest = [clause for clause in rest if clause.id not in {member.id for member in family}]
    several = choice.is_survey or any(clause.manual_id != lead.manual_id for clause in rest)
    blocks: list[tuple[str, list[Clause]]] = []
    if family:
        opening = f"{place(lead, with_label=False)}{' > '.join(lead.heading_path[-1:])}:" if several else ""
        lines = "\n".join(f"- {clause.label}:{cut(clause, _LEAD)}" for clause in family)
        blocks.append((f"{opening}\n{lines}".strip(), list(family)))
    else:
        blocks.append((f"- {place(lead)}:{cut(lead, _LEAD)}" if several else cut(lead, _LEAD), [lead]))
    for clause in rest:
        where = place(clause) if several else clause.label
        blocks.append((f"- {where}:{cut(clause, _RULE if several else _ASIDE)}", [clause]))
    kept = _within(blocks, _READ)
    opening = _words(
        question.language, "各手册的规定(请按你所属单位执行):", "Rules by manual (follow your own organisation's):"
    )
    text = "\n".join([opening, *(block for block, _ in kept)] if several else [block for block, _ in kept])
    outcome = Outcome.CONFLICT if several and not choice.is_survey else Outcome.ANSWERED
    citations = tuple(cite(clause) for _, clauses in kept for clause in clauses)
    return Answer(outcome, text, citations, language=question.language, details=details)


def _within(blocks: list[tuple[str, list[Clause]]], budget: int) -> list[tuple[str, list[Clause]]]:
    """The first block and as many of the next as fit into `budget` characters."""
    kept = blocks[:1]
    for block in blocks[1:]:
        if sum(len(text) for text, _ in kept) + len(block[0]) > budget:
            break
        kept.append(block)
    return kept

"""What is said when there is nothing to quote: honest words, and what is near."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.assistant.answers import Answer, Language, Outcome
from bot.assistant.asking import Wanted
from bot.assistant.questions import Question, content_terms, holds_value
from bot.assistant.quoting import cite, excerpt, place, sentences
from knowledge.clauses import Clause, Hit
from knowledge.reading import normalise, terms

_ASIDE = 130
"""Characters of the quote that leaves a value open."""
_NAMES_VALUE = {
    Wanted.MOMENT: re.compile(r"日期|时间|日子|\bdates?\b|\bdeadline"),
    Wanted.DURATION: re.compile(r"期限|时限|时长|天数|\bperiod|\bduration"),
    Wanted.MONEY: re.compile(r"金额|费用|标准|价格|数额|\bamount|\bfees?\b|\bprice"),
    Wanted.COUNT: re.compile(r"次数|人数|数量|篇幅|字数|\bnumber of"),
}
"""Words by which a text announces a value."""
_MARKED_CUT = re.compile(r"\s*[\[〔【(（][^\]〕】)）]*[\]〕】)）]\s*$")
"""A remark in brackets that stands where a text is cut off."""


def in_language(language: Language, chinese: str, english: str) -> str:
    """The one of two sentences that is in the asker's language."""
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
        Outcome.NOT_FOUND,
        in_language(language, chinese, english),
        language=language,
        details={"unusable": True},
    )


def nothing_ingested(question: Question) -> Answer:
    """Says that there are no manuals at all yet."""
    chinese = "还没有任何手册,所以我什么都答不了。请管理员先发布手册(kefu ingest,或在私信里发文件给我)。"
    english = (
        "There are no manuals yet, so I cannot answer anything. Ask an admin to publish some (kefu ingest)."
    )
    text = in_language(question.language, chinese, english)
    return Answer(Outcome.NOT_FOUND, text, language=question.language, details={"manuals": 0})


def not_found(question: Question, near: Sequence[Hit], details: Mapping[str, Any]) -> Answer:
    """Says that the manuals don't say, what is near, and offers to escalate."""
    lines = [
        in_language(
            question.language,
            "手册里没有找到这个问题的规定,我不猜测。可以点“上报”请上级确认。",
            "The manuals do not say this, and I will not guess. You can press Escalate to ask your supervisor.",
        )
    ]
    if near:
        lines.append(
            in_language(question.language, "相近的条款(不是答案):", "Related clauses (not an answer):")
        )
        lines += [f"- {place(hit.clause)}" for hit in near]
    citations = tuple(cite(hit.clause) for hit in near)
    return Answer(
        Outcome.NOT_FOUND, "\n".join(lines), near=citations, language=question.language, details=details
    )


def cut_off(question: Question, heading: Clause) -> Answer:
    """Says that the manual has a heading for the matter and no text below it."""
    text = in_language(
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


def breaks_off(question: Question, clause: Clause) -> Answer:
    """Says that the clause on the matter is cut off in the source before it says what is asked."""
    quote = sentences(_MARKED_CUT.sub("", clause.text))[-1].strip()[-_ASIDE:]
    text = in_language(
        question.language,
        f"{place(clause)}讲到了这一点,但原文在此处截断,要问的内容没有写出来:\n> {quote}\n我不猜测,可以点“上报”请上级确认。",
        f"{place(clause)} comes to this, but the source text is cut off before it says it:\n> {quote}\n"
        "You can press Escalate to ask your supervisor.",
    )
    return Answer(
        Outcome.NOT_FOUND,
        text,
        near=(cite(clause),),
        language=question.language,
        details={"cut_off": clause.id},
    )


def as_of_opening(when: str, answer: Answer, *, ahead: bool) -> str:
    """The line above an answer that holds as of another time: when, and which editions it quotes."""
    if answer.outcome not in (Outcome.ANSWERED, Outcome.CONFLICT):
        return in_language(
            answer.language, f"(按截至{when}的手册查找)\n", f"(Looked up in the manuals as of {when}.)\n"
        )
    editions = {(c.manual, c.edition) for c in answer.citations}
    if len(editions) == 1:
        number = next(iter(editions))[1]
        chinese, english = f"第{number}版", f"edition {number}"
    else:
        named = list(dict.fromkeys((c.manual, c.edition) for c in answer.citations))
        chinese = "、".join(f"《{manual}》第{number}版" for manual, number in named)
        english = ", ".join(f"《{manual}》 edition {number}" for manual, number in named)
    tense = ("以下是预定到{}执行的版本({}):\n", "As scheduled for {} ({}):\n")
    if not ahead:
        tense = ("以下是截至{}的版本({}):\n", "As of {} ({}):\n")
    return in_language(answer.language, tense[0].format(when, chinese), tense[1].format(when, english))


def not_held_yet(
    question: Question, when: str, since: str, clause: Clause | None, details: Mapping[str, Any]
) -> Answer:
    """Says that nothing held then, and since when the manual that rules the matter now is there."""
    if clause is None:
        chinese = f"截至{when}还没有任何手册:最早的手册从{since}起才在库里。"
        english = f"There were no manuals as of {when}: the first one has been here since {since}."
    else:
        chinese = f"截至{when}还没有这条规定的版本:《{clause.manual}》从{since}起才在库里。想知道现在的规定,请去掉时间再问。"
        english = (
            f"No edition of this rule was here as of {when}: 《{clause.manual}》 has been here since {since}. "
            "Ask without the date for the rule of today."
        )
    return Answer(
        Outcome.NOT_FOUND,
        in_language(question.language, chinese, english),
        near=(cite(clause),) if clause is not None else (),
        language=question.language,
        details=details,
    )


def leaves_blank(question: Question, clause: Clause) -> bool:
    """Whether the part of a clause that a question asks for is left open in the source."""
    if not clause.has_blank:
        return False
    asked = set(content_terms(question.search_text))
    return "__" in max(sentences(clause.text), key=lambda part: len(asked & set(terms(part))))


def unsaid(question: Question, best: Sequence[Clause]) -> Answer | None:
    """What to say when a value is asked for that the clause on the matter would give, were its source not blank or cut
    off there; None when it is neither. Where the first of the best clauses gives no value, the next may be cut off."""
    if question.wanted is Wanted.ANY:
        return None
    if leaves_blank(question, best[0]):
        return blank(question, best[0])
    for clause in best:
        if _ends_before(question, clause) or (
            clause.heading_path == best[0].heading_path and _ends_naming(question, clause)
        ):
            return breaks_off(question, clause)
        if holds_value(question, clause.text):
            break
    return None


def _ends_before(question: Question, clause: Clause) -> bool:
    """Whether the sentence in which a clause is cut off is the one that a question asks for, and no value stands in
    the clause."""
    parts = sentences(_MARKED_CUT.sub("", clause.text)) if clause.truncated else []
    if not parts or re.search(r"\d", normalise(clause.text)):
        return False  # any number may be the value in other words (「3个大类」 for 「几个组」)
    asked = set(content_terms(question.search_text))
    *said, last = (len(asked & set(terms(part))) for part in parts)
    return last > max(said, default=0)


def _ends_naming(question: Question, clause: Clause) -> bool:
    """Whether the sentence in which a clause is cut off names the kind of value that is asked for and gives none."""
    names = _NAMES_VALUE.get(question.wanted)
    parts = sentences(_MARKED_CUT.sub("", clause.text)) if clause.truncated else []
    if names is None or not parts or holds_value(question, parts[-1]):
        return False
    return bool(names.search(normalise(parts[-1])))


def blank(question: Question, clause: Clause) -> Answer:
    """Says that the manual rules the matter and leaves the value open."""
    quote = excerpt(clause.text, terms(question.search_text), lambda _: 1.0, question, _ASIDE)
    text = in_language(
        question.language,
        f"{place(clause)}提到了这一点,但原文的数值是空白,没有写明:\n> {quote}\n我不猜测,可以点“上报”请上级确认。",
        f"{place(clause)} mentions this, but the source leaves the value blank, so the manuals do not say:\n> {quote}\n"
        "You can press Escalate to ask your supervisor.",
    )
    return Answer(
        Outcome.NOT_FOUND,
        text,
        near=(cite(clause),),
        language=question.language,
        details={"blank": clause.id},
    )

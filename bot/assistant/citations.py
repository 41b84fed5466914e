"""Whether a written sentence says only what the clauses say that it cites. Pure: no model, no store, no clock.

The checks err on the side of refusing: a refused sentence costs wording, since the quote stands in for it; a
sentence let through that the manuals do not support costs money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.assistant.across import across
from bot.assistant.binding import misbound, misjoined, wrong_side
from bot.assistant.cases import head_of, restricted, turned_for, wrong_case
from bot.assistant.cells import misplaced
from bot.assistant.claims import (
    claims_a_decision,
    from_titles,
    names_a_host,
    of_its_own,
    torn_out,
    turns_round,
)
from bot.assistant.faithful import unfaithful
from bot.assistant.modality import (
    contradicts_itself,
    denies_an_exception,
    disagrees,
    is_negative,
    negation_moved,
)
from bot.assistant.passages import Support, covered_share, support
from bot.assistant.smuggling import gives_orders, has_markup, speaks_to_model
from bot.assistant.verdicts import Fault, Floors, Similarity, Verdict
from bot.assistant.wholeness import patched
from knowledge.clauses import Clause
from knowledge.statements.concepts import concepts
from knowledge.statements.content import words
from knowledge.statements.limits import covers
from knowledge.statements.quantities import Quantity, folded, quantities, supported
from knowledge.statements.segments import Segment, is_chinese, segments, statements, stem, tight

_QUOTED = re.compile(
    r"“([^”]+)”|「([^」]+)」|『([^』]+)』|‘([^’]+)’|\"([^\"]+)\"|(?<![\w])'([^']{2,})'(?!\w)"
)
_TITLED = re.compile(r"《([^》]+)》")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z0-9-]*[A-Z0-9])[A-Za-z0-9][A-Za-z0-9-]+(?![A-Za-z0-9])"
)
_UNIT_CODE = re.compile(r"\d+(?:st|nd|rd|th|am|pm|[a-z]{1,3})|[A-Z]?[a-z-]+|AM|PM|RMB|CNY|OK", re.ASCII)
_ALL = re.compile(
    r"所有|全部|全体|一律|任何|任意|一切|无论|\ball\b|\bany\b|\bevery\b|\balways\b|\banyone\b|\beverywhere\b|\beverybody\b|各(?=[区地店城县市])|到处|处处|\bwhatever\b|\bregardless"
)
_ALL_SOURCE = re.compile(
    r"所有|全部|全体|一律|任何|任意|一切|无论|每(?![天日周月年季])|各|均|都|皆|凡|统一|\ball\b|\bany\b|\bevery\b|\beach\b|\balways\b"
)
_ALL_NOUN = re.compile(
    r"\b(?:all|every|each|any) (?:the |of the )?(?!time|day|week|month|year|other)(?P<noun>[a-z]{3,})"
)
_ONLY = re.compile(r"只有|仅有|仅限|只能|只可|唯一|\bonly\b|\bsolely\b|\bexclusively\b")
_ONLY_SOURCE = re.compile(
    r"只有|仅|只能|只可|唯一|除非|方可|才|除|\bonly\b|\bunless\b|\bexcept|\bsole|\bexclusive|\bbefore\b|\bwithout\b"
)
_PERIODS = {
    "month": r"(?:每|当|同|一个|[^\W\d])月(?:累计|内|度)?|\b(?:a|per|each|every) month|monthly",
    "week": r"(?:每|当|同|一)周|\b(?:a|per|each|every) week|weekly",
    "day": r"(?:每|当|同|一)[天日]|\b(?:a|per|each|every) day|daily",
    "year": r"(?:每|当|同|一)年|年度|\b(?:a|per|each|every) year|yearly|annual",
}
_TOPIC = re.compile(
    r"^(?:如果|若|假如|关于|对于|您问的|你问的|至于|当|if |when |regarding |as for |about |for )|(?:的话|时|的情况下?)$"
)


def check_sentence(
    text: str,
    cited: Sequence[Clause],
    question: str,
    similarity: Similarity | None = None,
    floors: Floors | None = None,
) -> Verdict:
    """Judge one sentence against the clauses it cites.

    `question` may lend its topic, never the answer. Without `similarity` a sentence in another language than
    all its clauses is refused.
    """
    floors = floors or Floors()
    verdict = _checked(text, cited, question, similarity, floors)
    if not verdict.supported or len(cited) < 2 or _names_owners(text, cited):
        return verdict
    # One clause must say it all: what is put together from two is said by neither.
    alone = [_checked(text, [clause], question, similarity, floors) for clause in cited]
    return verdict if any(each.supported for each in alone) else Verdict(Fault.BINDING)


def _names_owners(text: str, cited: Sequence[Clause]) -> bool:
    source = support(cited)
    return any(_attributed(statement, source) for statement in segments(text))


def _checked(
    text: str, cited: Sequence[Clause], question: str, similarity: Similarity | None, floors: Floors
) -> Verdict:
    plain = folded(text)
    if not re.search(r"\w", plain):
        return Verdict(Fault.EMPTY)
    if not cited:
        return Verdict(Fault.NO_CITATION)
    if has_markup(text):
        return Verdict(Fault.MARKUP)
    if speaks_to_model(text) or any(gives_orders(clause) for clause in cited):
        return Verdict(Fault.SMUGGLED)
    if claims_a_decision(text):
        return Verdict(Fault.SMUGGLED)
    source = support(cited)
    if names_a_host(text, source):
        return Verdict(Fault.MARKUP)
    if _verbatim(text, source):
        return Verdict()
    same = source.chinese if is_chinese(text) else source.english
    return Verdict(
        _hung_on(text, source)
        or _names(text, source, question)
        or _numbers(text, source, question, same)
        or _rules(text, source, same)
        or unfaithful(text, source, same)
        or (_cases(text, source) if same else None)
        or (_wording(plain, source, floors) if same else across(text, source, similarity, floors))
    )


def _hung_on(text: str, source: Support) -> Fault | None:
    """What is no rule of the clause, hung onto a true sentence or put in its place."""
    if not is_chinese(text):
        return None
    if torn_out(text, source):
        return Fault.NAME
    if from_titles(text, source) or (source.chinese and of_its_own(text, source)):
        return Fault.OVERLAP
    return Fault.POLARITY if source.chinese and turns_round(text, source) else None


def _verbatim(text: str, source: Support) -> bool:
    """Whole sentences of the clause, letter by letter. (A half-sentence may have lost its condition.)"""
    return all(tight(statement.text) in source.verbatim for statement in statements(text))


def _names(text: str, source: Support, question: str) -> Fault | None:
    asked = tight(question)
    for match in _QUOTED.finditer(text):
        words = tight(next(group for group in match.groups() if group))
        if words and words not in source.tight and not (len(words) <= 8 and words in asked):
            return Fault.QUOTE
    for match in _TITLED.finditer(text):
        if tight(match.group(1)) not in source.tight:
            return Fault.NAME
    for match in _CODE.finditer(text):
        code = match.group()
        short = len(code) <= 3 and code.isalpha() and not source.english
        if short or _UNIT_CODE.fullmatch(code) or (not is_chinese(text) and _plain_word(code)):
            continue
        if tight(code) not in source.tight and tight(code) not in asked:
            return Fault.NAME
    return None


def _plain_word(code: str) -> bool:
    return code.isalpha() and not code.isupper()


def _numbers(text: str, source: Support, question: str, same: bool) -> Fault | None:
    asked = quantities(folded(question))
    plain = folded(text)
    if contradicts_itself(plain):
        return Fault.POLARITY
    scope = source
    for statement in segments(text):
        scope = _attributed(statement, source) or scope
        for quantity in statement.quantities:
            if not (
                supported(quantity, scope.quantities)
                or (quantity.value == 1 and quantity.unit == "#")  # 「一个」 and 「1个」: hardly a number
                or _customary(quantity, scope)
                or _echoed(statement, quantity, scope, asked)
            ):
                return Fault.NUMBER
        if wrong_side(statement, scope, plain) or misbound(statement, scope, plain):
            return Fault.BINDING
    # A sentence that compares owners has been judged piece by piece.
    if misplaced(text, source, same):
        return Fault.BINDING
    if scope is source and (misjoined(text, source) or patched(text, source)):
        return Fault.BINDING
    return None


def _cases(text: str, source: Support) -> Fault | None:
    """Each statement is judged by what the source says of its own matter, where the source tells matters apart."""
    if wrong_case(text, source):
        return Fault.BINDING
    for statement in statements(text):
        about = restricted(statement, source)
        if about is None:
            continue
        if any(_of_another(quantity, statement, about, source) for quantity in statement.quantities):
            return Fault.BINDING
        if any(turned_for(part, about) for part in segments(statement.text)):
            return Fault.POLARITY
        if _lacks_its_words(statement, about, source):
            return Fault.BINDING
    return None


def _of_another(quantity: Quantity, statement: Segment, about: Support, source: Support) -> bool:
    """A number that only statements about another matter have, and the sentence names that matter nowhere."""
    if supported(quantity, about.quantities):
        return False
    holders = [other for other in source.statements if supported(quantity, other.quantities)]
    said = words(statement.text)
    return bool(holders) and not any(head_of(other.text) in said | {""} for other in holders)


def _lacks_its_words(statement: Segment, about: Support, source: Support) -> bool:
    """Most of what is said stands in statements about other matters."""
    own = {word for word in words(statement.text) if not word.startswith("#")}
    said = words(statement.text)
    here = frozenset[str]().union(*(words(other.text, True) for other in about.statements))
    others = [other for other in source.statements if head_of(other.text) not in said | {""}]
    there = frozenset[str]().union(*(words(other.text, True) for other in others))
    return len((own & there) - here) > len(own & here)


def _attributed(statement: Segment, source: Support) -> Support | None:
    """Where a statement names the manual or organisation, only that one's clauses support it."""
    if len(source.clauses) < 2:
        return None
    said = tight(statement.text)
    named = [
        clause
        for clause in source.clauses
        if any(name and name in said for name in (tight(clause.organisation), tight(clause.manual)))
    ]
    return support(named) if named and len(named) < len(source.clauses) else None


def _echoed(statement: Segment, quantity: Quantity, source: Support, asked: Sequence[Quantity]) -> bool:
    """The asker's own number, as the case that is spoken of: within a limit of the clause, or as the topic."""
    if not supported(quantity, asked) or quantity.unit in {"money", "%", "fold", "multiple", "point"}:
        return False
    if any(other.unit == quantity.unit for other in source.quantities):
        return any(covers(segment, quantity) for segment in source.segments)
    return bool(_TOPIC.search(statement.text))


def _customary(quantity: Quantity, source: Support) -> bool:
    """ "in one month" for 「每月」."""
    if (
        quantity.unit == "times"
        and quantity.value == 1
        and re.search(r"\b(?:one|once|single)\b", source.text)
    ):
        return True
    period = _PERIODS.get(quantity.unit)
    return quantity.value == 1 and period is not None and bool(re.search(period, source.text))


def _rules(text: str, source: Support, same: bool) -> Fault | None:
    plain = folded(text)
    if concepts(plain).strict - source.concepts.strict:
        return Fault.WORD
    if same and _all_of_others(plain, source):
        return Fault.SCOPE
    if any(
        _ALL.search(s.text) and not is_negative(s.text.replace("禁停", "")) for s in segments(text)
    ) and not _ALL_SOURCE.search(source.text):
        return Fault.SCOPE
    if _ONLY.search(plain) and not _ONLY_SOURCE.search(source.text):
        return Fault.SCOPE
    for statement in segments(text):
        if disagrees(statement, source, same, plain) or (same and negation_moved(statement, source, plain)):
            return Fault.POLARITY
        if same and denies_an_exception(statement, source):
            return Fault.SCOPE
    return None


def _all_of_others(plain: str, source: Support) -> bool:
    """ "All tickets" where the source speaks of each exchange only."""
    there = {stem(match["noun"]) for match in _ALL_NOUN.finditer(source.text)}
    return any(stem(match["noun"]) not in there for match in _ALL_NOUN.finditer(plain)) and not is_negative(
        plain
    )


def _wording(plain: str, source: Support, floors: Floors) -> Fault | None:
    share, counted = covered_share(plain, source)
    if counted < 2 or share < floors.sentence:
        return Fault.OVERLAP
    for statement in segments(plain):
        share, counted = covered_share(statement.text, source)
        if counted >= 3 and share < floors.statement:
            return Fault.OVERLAP
    return None


__all__ = ["Fault", "Floors", "Similarity", "Verdict", "check_sentence"]

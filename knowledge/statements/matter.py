"""The words by which two rules are known to be about one matter, and how alike two words are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.statements.concepts import named_things
from knowledge.statements.quantities import quantities
from knowledge.statements.segments import FUNCTION_WORDS, content_words, stem
from knowledge.statements.titles import people, without_people
from knowledge.statements.topics import GENERIC, cut

_GENERIC_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "customer customers member members staff employee employees guest guests agent agents "
        "client clients day days hour hours week weeks month months minute minutes year years time "
        "times charge charged fee fees approved approval allowed permitted required forbidden "
        "prohibited within least most only always per every each person people ",
    )
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word with the concept that it names, if any (`#12`, or `~12` for a vague one)."""

    word: str
    concept: str = ""
    generic: bool = False
    """It stands in rules of every matter."""


def without_numbers(text: str) -> str:
    """A folded text with its quantities blanked out."""
    for quantity in quantities(text):
        end = quantity.end + (text[quantity.end : quantity.end + 1] in ("内", "外", "后", "前"))
        text = text[: quantity.start] + " " * (end - quantity.start) + text[end:]
    return text


_MODALS = re.compile(
    r"不得|不能|不准|不许|不可|必须|务必|应当|应该|应于|应在|须(?!知)|(?<![反适响供相对回])应(?![急聘用答对变付])|(?<![急必刚所按])需(?!求)|可以|禁止|严禁"
    r"|无需|无须|不必|不用|一律|方可|的(?!士)|(?<=[\u4e00-\u9fff])者(?=[,;。]|$)"
)
# Cut out before the rest is cut into words, or 「年假须」 is read as 年 and 假须.


@lru_cache(maxsize=8192)
def matter(text: str) -> tuple[Term, ...]:
    """The content words of a folded text, each once; numbers are left out, people who act count little."""
    text = without_numbers(text)
    named = named_things(text)
    found: dict[str, Term] = {person.title: Term(person.title, "", True) for person in people(text)}
    for word in cut(_MODALS.sub(" ", without_people(text))):
        if len(word) > 1 and word not in FUNCTION_WORDS:
            concept = named.get(word) or next(
                (c for w, c in named.items() if len(w) > 1 and w in word and c.startswith("#")), ""
            )
            found.setdefault(word, Term(word, concept, word in GENERIC))
    for word in content_words(text):
        short = stem(word)
        found.setdefault(short, Term(short, "", word in _GENERIC_ENGLISH or short in _GENERIC_ENGLISH))
    return tuple(found.values())


@lru_cache(maxsize=65536)
def alike(one: Term, other: Term) -> float:
    """How alike two words are by how they are written and by what they name, 0..1."""
    if one.word == other.word:
        return 1.0
    if one.concept and one.concept == other.concept:
        return 0.7 if one.concept.startswith("~") else 0.95
    if one.word.isascii() or other.word.isascii():
        shorter, longer = sorted((one.word, other.word), key=len)
        return 0.7 if len(shorter) >= 4 and longer.startswith(shorter) else 0.0
    if one.word in other.word or other.word in one.word:
        return 0.8
    common = set(one.word) & set(other.word) - _LIGHT
    return 0.5 if common else 0.0


_LIGHT = frozenset("人员者处理时期间不无未的一二三大小上下中内外前后")
_BLANKS = re.compile(r"\s+")


def bare(text: str) -> str:
    """A folded text without values, for its meaning to be compared as a whole."""
    return _BLANKS.sub(" ", without_people(without_numbers(text))).strip(" ,;.:、。")

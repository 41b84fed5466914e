"""Judging an answer: what a busy agent reads of it, against what a case wants. Pure.

Where the fields are those of the acceptance sets the verdict is the acceptance scorer's; a test holds the two
together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.assistant.answers import Outcome
from bot.evaluating.cases import NOT_IN_MANUALS, REFUSE, Accepted, Case, Gold

_READ: Mapping[str, int] = {"conflict": 1500, "synthesis": 1500}
_READ_DEFAULT = 600
"""Characters of an answer that are read."""
_SHARE = 0.6
"""Of the expected words that a quote must hold in one piece."""
_LEAST = 8
"""Characters of a quote that may be all of what was expected."""
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of an answer."""

    manual: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is judged of an answer."""

    outcome: str
    text: str
    citations: Sequence[Cited] = ()
    keys: Sequence[str] = ()
    """Keys of the quoted wordings (`knowledge.clauses.text_key`)."""


class Fault(StrEnum):
    """Why an answer does not pass."""

    SAYS = "says"
    ENDED = "ended"
    ASKS_BACK = "asks_back"
    FEW_NAMED = "few_named"
    LACKS = "lacks"
    NOT_CITED = "not_cited"
    FEW_RULES = "few_rules"
    FEW_MANUALS = "few_manuals"
    NO_CLAUSE = "no_clause"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer passes (`fault` None), and what is wrong with it."""

    fault: Fault | None = None
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


_PASSED = Verdict()


def judge(case: Case, said: Said) -> Verdict:
    """Whether an answer is what its case wants."""
    if case.accepted is not None:
        same = is_accepted(case.accepted, said)
        return _PASSED if same else Verdict(Fault.NOT_ACCEPTED)
    text = said.text[: _READ.get(case.kind, _READ_DEFAULT)]
    for pattern in case.must_not_include:
        if matches(pattern, text):
            return Verdict(Fault.SAYS, pattern)
    outcome = _outcome(case, said)
    if outcome is not None:
        return outcome
    missing = [pattern for pattern in case.must_include if not matches(pattern, text)]
    if missing:
        return Verdict(Fault.LACKS, ", ".join(missing))
    return _sources(case, said)


def is_accepted(accepted: Accepted, said: Said) -> bool:
    """Whether an agent is told what was accepted: the outcome and the wordings, not the places they stand at."""
    return (accepted.outcome, accepted.keys) == (said.outcome, tuple(said.keys))


def _outcome(case: Case, said: Said) -> Verdict | None:
    """The verdict where the outcome alone decides; None when text and sources are to be looked at."""
    ended = Verdict(Fault.ENDED, said.outcome)
    if case.expected == NOT_IN_MANUALS:
        return _PASSED if said.outcome == Outcome.NOT_FOUND else ended
    if case.expected == REFUSE:
        return _PASSED if said.outcome in (Outcome.REFUSED, Outcome.NOT_FOUND) else ended
    if case.expected in _OUTCOMES:
        return ended if said.outcome != case.expected else None
    if said.outcome in (Outcome.NOT_FOUND, Outcome.REFUSED):
        return ended
    if said.outcome == Outcome.CLARIFY:
        if not case.accept_clarify:
            return Verdict(Fault.ASKS_BACK)
        named = {g.document for g in case.gold for c in said.citations if same_manual(g.document, c.manual)}
        return _PASSED if len(named) >= 2 else Verdict(Fault.FEW_NAMED, str(len(named)))
    return None


def _sources(case: Case, said: Said) -> Verdict:
    if case.manual and not any(_is_place(case, cited) for cited in said.citations):
        return Verdict(Fault.NOT_CITED, f"《{case.manual}》{case.clause}")
    hit = [any(_holds(gold, cited) for cited in said.citations) for gold in case.gold]
    if case.kind == "conflict":
        return _PASSED if all(hit) else Verdict(Fault.FEW_RULES, f"{sum(hit)}/{len(hit)}")
    if case.kind == "synthesis":
        manuals = {gold.document for gold, found in zip(case.gold, hit, strict=True) if found}
        need = min(3, len({gold.document for gold in case.gold}))
        return _PASSED if len(manuals) >= need else Verdict(Fault.FEW_MANUALS, f"{len(manuals)}/{need}")
    return _PASSED if any(hit) or not hit else Verdict(Fault.NO_CLAUSE)


def _is_place(case: Case, cited: Cited) -> bool:
    at = squeeze(case.clause).casefold()
    return same_manual(case.manual, cited.manual) and (not at or at in squeeze(cited.clause).casefold())


def _holds(gold: Gold, cited: Cited) -> bool:
    return overlaps(gold.quote, cited.quote) and (
        same_manual(gold.document, cited.manual) or bool(gold.also_in)
    )


def squeeze(text: str) -> str:
    """One width and no white space: manuals are typeset differently."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def same_manual(wanted: str, cited: str) -> bool:
    """Whether one title is, or is part of, the other."""
    a, b = squeeze(wanted), squeeze(cited)
    return bool(a and b) and (a in b or b in a)


def overlaps(wanted: str, cited: str) -> bool:
    """Whether a quote holds most of the expected words in one piece."""
    a, b = squeeze(wanted), squeeze(cited)
    if not a or not b:
        return False
    if a in b:
        return True
    found = SequenceMatcher(None, a, b, autojunk=False).find_longest_match(0, len(a), 0, len(b)).size
    return found / len(a) >= _SHARE or (len(b) >= _LEAST and b in a)


def matches(pattern: str, text: str) -> bool:
    """Whether a regular expression is found in a text, as it stands or without white space."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(re.search(pattern, plain, re.I) or re.search(pattern, squeeze(plain), re.I))

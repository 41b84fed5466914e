"""Reading a free text: what kind of matter it tells of, and what kind of text it is.

Pure and by rules; no model, no store. The texts are masked before they come here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.assistant import signal_words as words
from bot.assistant import superiors
from bot.assistant.answers import Language
from bot.assistant.superiors import Standing


class Matter(StrEnum):
    """What a text tells of; a text can tell of several."""

    POLITICAL = "political"
    LEAK = "leak"
    SAFETY = "safety"
    OUTAGE = "outage"
    MAJOR_ERROR = "major_error"
    MISCONDUCT = "misconduct"
    HARASSMENT = "harassment"
    COMPLAINT = "complaint"
    DEMAND = "demand"
    BEYOND = "beyond"
    EQUIPMENT = "equipment"
    GRIEVANCE = "grievance"


_PATTERNS: tuple[tuple[Matter, re.Pattern[str]], ...] = (
    (Matter.POLITICAL, words.POLITICAL),
    (Matter.LEAK, words.LEAK),
    (Matter.SAFETY, words.SAFETY),
    (Matter.OUTAGE, words.OUTAGE),
    (Matter.MAJOR_ERROR, words.MAJOR_ERROR),
    (Matter.MISCONDUCT, words.MISCONDUCT),
    (Matter.HARASSMENT, words.HARASSMENT),
    (Matter.COMPLAINT, words.COMPLAINT),
    (Matter.DEMAND, words.DEMAND),
    (Matter.BEYOND, words.BEYOND),
    (Matter.EQUIPMENT, words.EQUIPMENT),
    (Matter.GRIEVANCE, words.GRIEVANCE),
)

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text understood."""

    text: str
    language: Language
    matters: frozenset[Matter]
    standing: Standing
    asks: bool
    """It contains a question."""
    about_rules: bool
    """It asks what may or should be done, at its end or as a whole."""
    formal: bool
    """It asks for somebody's decision."""
    happened: bool
    """It tells of something that happened, not of how things are in general."""
    swap: bool
    """It is about swapping shifts or leave."""
    transfer: bool
    """It says that the matter belongs to others."""
    handed_over: bool
    """It asks that the matter be handed to another department."""
    refused: bool
    """It says that the others do not take the matter."""
    afterwards: bool
    """It reports what was done earlier without those who could not be reached then."""
    withdrawn: bool
    """The writer takes it back, or it is settled."""
    social: bool
    """Thanks, praise or a greeting."""
    wishes: bool
    """It wants something to be done."""
    feedback: bool
    """It is about the bot and its answers."""
    inquiry: bool
    """One question with nothing of its own in it."""
    notes: bool
    """Something to be kept or practised on."""
    vague: bool
    """It refers to what it does not tell."""
    about_customer: bool
    substance: int
    """How much is left when words without facts are dropped: characters in Chinese, words in English."""
    many: bool
    """Many people or systems are hit."""


def read(text: str) -> Reading:
    """Understand a masked text."""
    language: Language = "zh" if len(_HAN.findall(text)) * 4 >= len(text.replace(" ", "")) else "en"
    return Reading(
        text=text,
        language=language,
        matters=_matters(text),
        standing=_reported_afterwards(text, superiors.standing(text)),
        asks=bool(words.QUESTION.search(text)),
        about_rules=bool(words.ABOUT_RULES.search(text)),
        formal=bool(words.FORMAL.search(text)),
        happened=bool(words.HAPPENED.search(text)),
        swap=bool(words.SWAP.search(text)),
        transfer=bool(words.TRANSFER.search(text)),
        handed_over=bool(words.HANDED_OVER.search(text)),
        refused=bool(words.OTHERS_REFUSE.search(text)),
        afterwards=bool(words.AFTERWARDS.search(text)),
        withdrawn=bool(words.WITHDRAWN.search(text)),
        social=bool(words.SOCIAL.search(text)),
        wishes=bool(words.WISHES.search(text)),
        feedback=bool(words.FEEDBACK.search(text)),
        inquiry=bool(words.INQUIRY.search(text)),
        notes=bool(words.NOTES.search(text)),
        vague=bool(words.VAGUE.search(text)),
        about_customer=bool(words.CUSTOMER.search(text)),
        substance=_substance(text, language),
        many=bool(words.MANY.search(text)),
    )


def _matters(text: str) -> frozenset[Matter]:
    """What a text tells of; a lawyer's claim for an injury of some time ago is no danger now."""
    found = {matter for matter, pattern in _PATTERNS if pattern.search(text)}
    if words.PAST_CLAIM.search(text) and not words.DANGER_NOW.search(text):
        found = (found - {Matter.SAFETY}) | {Matter.COMPLAINT}
    return frozenset(found)


def _reported_afterwards(text: str, standing: Standing) -> Standing:
    """Who could not be reached then has to be told now: the report goes to them."""
    if not words.AFTERWARDS.search(text) or not standing.unreachable:
        return standing
    return replace(standing, unreachable=frozenset(), wanted=None)


def _substance(text: str, language: Language) -> int:
    rest = words.FILLER.sub(" ", text)
    if language == "zh":
        return len(re.findall(r"[\u3400-\u9fffA-Za-z0-9]", rest))
    return len(re.findall(r"[A-Za-z0-9]{2,}|[\u3400-\u9fff]", rest))

"""The categories of escalations as the organisation's procedure file names them: chosen for a text, named for readers.

Our own file (`tickets/procedures/escalation.toml`) has one option for each matter that drafting knows. An organisation
that replaces it may rename, add and take away. What it adds is found by the words that it gives as hints, and by
likeness of meaning where the rules find nothing of their own. Pure but for the likeness, which is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.assistant import draft_words
from bot.assistant.answers import Language
from bot.assistant.signals import Matter, Reading
from tickets.procedure_files import Catalogue

ACCUSED, OTHER = "accused", "other"
_KNOWN = frozenset({*map(str, Matter), ACCUSED, OTHER})
_PERSONAL = frozenset({str(Matter.GRIEVANCE), str(Matter.MISCONDUCT), ACCUSED})
_GRAVE = frozenset({Matter.SAFETY, Matter.LEAK, Matter.POLITICAL})
_VAGUE = frozenset({Matter.COMPLAINT, Matter.DEMAND, Matter.BEYOND, Matter.EQUIPMENT})
"""Matters that an organisation's finer category may stand for."""
_ALIKE = 0.3
"""From this nearness (cosine, USE) on a text is taken to belong to a category by its meaning; unrelated ones were at 0.15 at most."""

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near a text is to each of some others by meaning, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its key, its name in both languages, and words that hint at it."""

    key: str
    zh: str
    en: str
    hints: tuple[str, ...] = ()

    def name(self, language: Language | str) -> str:
        """The name for a reader of `language`."""
        return self.en if language == "en" else self.zh


def of_catalogue(catalogue: Catalogue) -> tuple[Category, ...]:
    """The categories of the escalation report as the procedure files give them; none where it has lost the field."""
    report = catalogue.procedures.get("escalation")
    field = report.field("category") if report else None
    options = field.options if field else ()
    return tuple(Category(one.value, one.label.zh, one.label.en, one.names) for one in options)


def chosen(
    reading: Reading, categories: Sequence[Category], nearness: Nearness | None = None
) -> Category | None:
    """The category of an escalation; None when there are no categories to choose from, or none that fits.

    Danger, leaks and politics stay what they are; before all else an organisation's own hint words count, then what
    the rules found, then likeness.
    """
    by_key = {one.key: one for one in categories}
    found = by_key.get(draft_words.key(reading))
    if reading.matters & _GRAVE and found is not None:
        return found
    own = [one for one in categories if one.key not in _KNOWN]
    if hinted := _hinted(reading.text, own):
        return hinted
    specific = reading.standing.accused or reading.matters - _VAGUE
    if own and nearness is not None and not specific:
        shares = nearness(reading.text, [" ".join([one.name(reading.language), *one.hints]) for one in own])
        best = max(range(len(own)), key=lambda position: shares[position])
        if shares[best] >= _ALIKE:
            return own[best]
    return found or by_key.get(OTHER)


def personal(category: str, categories: Sequence[Category] = ()) -> bool:
    """Whether escalations of this category (by name) are about somebody of our own: not for everybody who comes by."""
    named = {name for one in categories if one.key in _PERSONAL for name in (one.zh, one.en)}
    return category in named or draft_words.is_about_a_colleague(category)


def _hinted(text: str, own: Sequence[Category]) -> Category | None:
    """The category of the longest hint word that a text has."""
    lower = text.lower()
    hits = [
        (len(hint), -position, one)
        for position, one in enumerate(own)
        for hint in (one.zh, one.en, *one.hints)
        if hint.lower() in lower
    ]
    return max(hits, key=lambda hit: hit[:2])[2] if hits else None

"""What a text is: an escalation, somebody else's matter, a question, or too little to go on. Pure."""

from __future__ import annotations

from bot.assistant.drafts import Route
from bot.assistant.signals import Matter, Reading

_SEVERE = frozenset(
    {Matter.POLITICAL, Matter.LEAK, Matter.SAFETY, Matter.OUTAGE, Matter.MAJOR_ERROR, Matter.MISCONDUCT}
)
_CONFLICT = frozenset({Matter.HARASSMENT, Matter.COMPLAINT})
_REQUEST = frozenset({Matter.DEMAND, Matter.BEYOND})
_LEAST = {"zh": 4, "en": 3}
"""Less substance than this is too little to go on (characters in Chinese, words in English)."""
_REPORT = {"zh": 12, "en": 8}
"""A text that asks nothing and has this much substance is taken as a report."""


def route(reading: Reading) -> Route:
    """Where a text belongs."""
    general = reading.asks and not reading.happened
    pressing = bool(reading.matters & {Matter.SAFETY, Matter.LEAK, Matter.POLITICAL, Matter.OUTAGE})
    if reading.substance < _LEAST[reading.language] and not (pressing and not general):
        return Route.ASK_FOR_DETAILS
    if general and not _names_a_case(reading):
        return Route.TRANSFER if _belongs_to_others(reading) else Route.ANSWER
    if reading.matters & _SEVERE:
        return Route.LADDER
    return _ordinary(reading)


def _ordinary(reading: Reading) -> Route:
    standing = reading.standing
    if (
        reading.swap
        and not standing.accused
        and not reading.matters & (_CONFLICT | {Matter.GRIEVANCE})
        and not reading.about_customer
    ):
        return Route.ANSWER
    if standing.accused or standing.exhausted:
        return Route.LADDER
    if _belongs_to_others(reading):
        return Route.TRANSFER
    if reading.matters & (_CONFLICT | _REQUEST | {Matter.GRIEVANCE}) or standing.unreachable:
        return Route.LADDER
    if reading.asks:
        return Route.ANSWER
    if reading.matters or reading.about_customer or reading.substance >= _REPORT[reading.language]:
        return Route.LADDER
    return Route.ASK_FOR_DETAILS


def _names_a_case(reading: Reading) -> bool:
    """A question about a case at hand is a report; a question about the rules is a question."""
    standing = reading.standing
    return bool(standing.accused or standing.exhausted or standing.unreachable)


def _belongs_to_others(reading: Reading) -> bool:
    """Another department's matter; a threat or a complaint about ourselves makes it ours all the same."""
    return reading.transfer and Matter.HARASSMENT not in reading.matters

"""What a text is: an escalation, somebody else's matter, a question, or too little to go on. Pure."""

from __future__ import annotations

import re

from bot.assistant.draft_sense import Impression
from bot.assistant.drafts import Route
from bot.assistant.procedure_signals import has_workflow
from bot.assistant.signals import Matter, Reading

_SEVERE = frozenset(
    {Matter.POLITICAL, Matter.LEAK, Matter.SAFETY, Matter.OUTAGE, Matter.MAJOR_ERROR, Matter.MISCONDUCT}
)
_CONFLICT = frozenset({Matter.HARASSMENT, Matter.COMPLAINT})
_REQUEST = frozenset({Matter.DEMAND, Matter.BEYOND})
_LEAST = {"zh": 4, "en": 4}
"""Less substance than this is too little to go on (characters in Chinese, words in English)."""
_LEAST_ASKED = 2
"""A question needs less: a topic is enough."""
_REPORT = {"zh": 9, "en": 8}
"""A text that asks nothing and has this much substance is taken as a report."""
_STORY = {"zh": 9, "en": 10}
"""Somebody who tells this much of what happened reports it, even if they end with a question."""


_LEAD, _LEAD_OF_TRANSFER = 0.25, 0.4
"""By how much the opinion must be surer of another route than of the one that the rules found; that a matter is
another department's is said in so many words."""
_TOLD = 2
"""Whoever tells this many times what makes a report is not asked for details on an opinion."""


def route(reading: Reading, impression: Impression | None = None) -> Route:
    """Where a text belongs: by rules, and where these rest on little, by its meaning as well."""
    chosen = _by_rules(reading)
    settled = _certain(reading) if chosen is Route.LADDER else _is_no_report(reading)
    settled = settled or (chosen is Route.TRANSFER and reading.handed_over)
    settled = settled or (chosen is Route.ASK_FOR_DETAILS and _tells_nothing(reading))
    if impression is None or settled:
        return chosen
    shares = dict(impression.routes)
    if reading.substance >= _TOLD * _REPORT[reading.language]:
        shares.pop(Route.ASK_FOR_DETAILS, None)
    lead = _LEAD_OF_TRANSFER if chosen is Route.TRANSFER else _LEAD
    shares[chosen] = shares.get(chosen, 0.0) + lead
    if chosen is not Route.TRANSFER and Route.TRANSFER in shares:
        shares[Route.TRANSFER] -= _LEAD_OF_TRANSFER - _LEAD
    return max(shares, key=lambda one: shares[one])


def _certain(reading: Reading) -> bool:
    """An escalation by what is said of superiors or by what happened."""
    standing = reading.standing
    of_superiors = standing.accused or standing.exhausted or standing.unreachable or standing.wanted
    return bool(of_superiors or reading.matters & _SEVERE or reading.matters >= _CONFLICT)


def _by_rules(reading: Reading) -> Route:
    general = reading.asks and (not reading.happened or reading.inquiry)
    pressing = bool(reading.matters & {Matter.SAFETY, Matter.LEAK, Matter.POLITICAL, Matter.OUTAGE})
    if _is_no_report(reading):
        return Route.ANSWER
    if _tells_nothing(reading):
        return Route.ASK_FOR_DETAILS
    least = _LEAST_ASKED if reading.asks else _LEAST[reading.language]
    if reading.substance < least and not (pressing and not general):
        return Route.ASK_FOR_DETAILS
    if general and not _names_a_case(reading):
        return Route.TRANSFER if _belongs_to_others(reading) else Route.ANSWER
    if reading.matters & _SEVERE:
        return Route.LADDER
    return _ordinary(reading)


def _is_no_report(reading: Reading) -> bool:
    """Asked for or settled in another way than by a superior's decision."""
    belongs = _belongs_to_others(reading)
    return (
        _asks_for_leave(reading)
        or _taken_back(reading)
        or _needs_nobody(reading)
        or (has_workflow(reading) and not belongs)
    )


def _needs_nobody(reading: Reading) -> bool:
    """Thanks and praise that tell of nothing else; notes to be kept, whatever they are about."""
    standing = reading.standing
    said = standing.accused or standing.exhausted or standing.unreachable or standing.wanted
    if reading.notes and not said and not reading.asks:
        return True
    if reading.feedback and not said and not reading.matters & (_SEVERE | _CONFLICT):
        return True
    return (
        reading.social
        and not reading.wishes
        and not said
        and not (reading.matters or reading.asks or reading.formal)
    )


def _tells_nothing(reading: Reading) -> bool:
    """Refers to something that it does not tell: no number, nothing grave, hardly a word beside."""
    standing = reading.standing
    known = standing.accused or standing.exhausted or standing.unreachable or reading.matters & _SEVERE
    least = _STORY[reading.language]
    asks = reading.asks and reading.about_rules and not reading.about_customer
    return (
        reading.vague
        and not known
        and not asks
        and reading.substance < least
        and not re.search(r"\d{2,}", reading.text)
    )


def _asks_for_leave(reading: Reading) -> bool:
    """A swap of shifts or leave, with no quarrel about it: that has a workflow of its own."""
    quarrel = _SEVERE | _CONFLICT | {Matter.GRIEVANCE}
    return (
        reading.swap
        and not reading.standing.accused
        and not reading.matters & quarrel
        and not reading.about_customer
    )


def _taken_back(reading: Reading) -> bool:
    """Settled meanwhile: nothing goes up, unless something is told that superiors must know of."""
    standing = reading.standing
    return reading.withdrawn and not (standing.accused or standing.exhausted or reading.matters & _SEVERE)


def _ordinary(reading: Reading) -> Route:
    standing = reading.standing
    if standing.accused or standing.exhausted:
        return Route.LADDER
    if _belongs_to_others(reading):
        return Route.TRANSFER
    of_superiors = standing.unreachable or (standing.wanted and not reading.about_rules)
    if reading.matters & (_CONFLICT | _REQUEST | {Matter.GRIEVANCE}) or of_superiors:
        return Route.LADDER
    told = reading.happened and not reading.about_rules and reading.substance >= _STORY[reading.language]
    if reading.asks and not told and not _names_a_case(reading):
        return Route.ANSWER
    if reading.matters or reading.about_customer or reading.substance >= _REPORT[reading.language]:
        return Route.LADDER
    return Route.ASK_FOR_DETAILS


def _names_a_case(reading: Reading) -> bool:
    """A question about a case at hand is a report; a question about the rules is a question."""
    standing = reading.standing
    over_heads = standing.wanted is not None and (reading.about_customer or reading.happened)
    return bool(
        reading.formal or standing.accused or standing.exhausted or standing.unreachable or over_heads
    )


def _belongs_to_others(reading: Reading) -> bool:
    """Another department's matter; a threat or a complaint about ourselves makes it ours all the same."""
    superior = reading.standing.wanted is not None and not reading.handed_over
    refused = reading.refused and (reading.about_customer or bool(reading.standing.exhausted))
    return reading.transfer and not superior and not refused and Matter.HARASSMENT not in reading.matters

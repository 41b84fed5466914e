"""From a draft to what is filed: to whom it goes, on which grounds rungs are left out, and whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.assistant import signals
from bot.assistant.drafts import EscalationDraft
from bot.assistant.superiors import Standing
from tickets.people import People, Person, Role
from tickets.records import Basis, EscalationContent, Urgency
from tickets.rung_records import Grounds


def content_of(
    draft: EscalationDraft, masked: str, filer: Person, people: People, basis: Sequence[Basis] = ()
) -> EscalationContent:
    """The content of an escalation as drafted from the masked text; the filer may still change all of it."""
    next_role = Role(draft.next_role) if draft.next_role else None
    standing = signals.read(masked).standing
    accused = [people.superiors(filer, role) for role in Role if role in standing.accused]
    content = EscalationContent(
        summary=draft.summary,
        report=draft.report,
        category=draft.category,
        urgency=draft.urgency,
        what_happened=draft.what_happened,
        where=draft.where,
        when=draft.when,
        tried=draft.tried,
        handling_suggestion=draft.handling_suggestion,
        next_role=next_role,
        next_reason=draft.next_reason,
        skip_level_allowed=draft.skip_level_allowed,
        after_the_fact_report=draft.after_the_fact_report,
        policy_basis=tuple(basis),
        missing=draft.missing,
        language=draft.language,
        # Where only one person can be meant, it is that person.
        accused=tuple(found[0].id for found in accused if len(found) == 1),
    )
    grounds = _grounds(draft, standing, filer, people, next_role)
    reason = draft.skip_reason if draft.skip_level_allowed else draft.next_reason
    return replace(content, grounds=grounds, skip_reason=reason if grounds else "")


def _grounds(
    draft: EscalationDraft,
    standing: Standing,
    filer: Person,
    people: People,
    next_role: Role | None,
) -> Grounds | None:
    """Why the draft leaves rungs out; None when it leaves none out."""
    above = people.ladder_of(filer).above(filer.role)
    passed = set(above[: above.index(next_role)]) if next_role in above else set()
    if not passed:
        return None
    if passed & standing.accused:
        return Grounds.ACCUSED
    if passed & standing.unreachable:
        return Grounds.UNREACHABLE
    if passed & standing.exhausted:
        return Grounds.ASKED
    if not draft.skip_level_allowed:
        return None
    return Grounds.URGENT if draft.urgency is Urgency.URGENT else Grounds.SPECIAL

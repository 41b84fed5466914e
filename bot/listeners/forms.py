"""What comes back from forms, and what it means for the desk. Everything typed is masked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.assistant.draft_categories import of_catalogue
from bot.assistant.drafts import EscalationDraft
from bot.assistant.redaction import mask
from bot.blocks import escalations, parts
from bot.blocks.references import EscalationFormRef, FormRef
from bot.blocks.wording import Words
from bot.listeners.errors import Declined
from bot.listeners.places import Place
from bot.services import Services
from knowledge.library import Library
from knowledge.views import Reader
from tickets.people import Role
from tickets.records import Basis, EscalationContent, Urgency
from tickets.rung_records import Grounds

_SUMMARY = 200
_SHORT = 200
_MAX_CLAUSES = 20
_QUOTE = 600

_ONE = ("selected_user", "selected_date_time")

Values = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


def held(view: Mapping[str, Any], field: str, element: str) -> Mapping[str, Any]:
    """What one input of a form holds, as Slack sends it; empty when the form has no such input."""
    found: Mapping[str, Any] = ((view.get("state") or {}).get("values") or {}).get(field, {}).get(element, {})
    return found


class Filled(dict[str, str]):
    """What a form held. A field that a form always has, and this one has not, tells that it is of an older release, or
    of nobody's making."""

    def __missing__(self, field: str) -> str:
        raise Declined("error.outdated")


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """Field → what was typed or chosen, trimmed; empty for what was left out; of several options or people, the values
    with commas between."""
    state = (view.get("state") or {}).get("values") or {}
    found = Filled()
    for field, elements in state.items():
        for element in elements.values():
            option = element.get("selected_option") or {}
            chosen = option.get("value") or next((element[kind] for kind in _ONE if element.get(kind)), None)
            options = (str(option.get("value") or "") for option in element.get("selected_options") or ())
            several = ",".join(element.get("selected_users") or options)
            found[field] = str(element.get("value") or chosen or several).strip()
    return found


def one_of(kind: type[Choice], chosen: str) -> Choice:
    """What was chosen of a list. Raises Declined when the list has no such thing: the form is of an older release."""
    try:
        return kind(chosen)
    except ValueError as error:
        raise Declined("error.outdated") from error


def moment(chosen: str) -> datetime | None:
    """What was picked as a date with a time (seconds since 1970); None where nothing was. Raises Declined when it is
    none that a calendar has."""
    if not chosen.isdecimal():
        return None
    try:
        return datetime.fromtimestamp(int(chosen), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Declined("error.outdated") from error


def problems(given: Values, required: Sequence[str], words: Words) -> dict[str, str]:
    """Field → sentence for required fields that hold nothing but spaces; what Slack itself lets through."""
    return {field: words(f"error.invalid.{field}") for field in required if not given.get(field)}


def reference(place: Place, draft: EscalationDraft, answer_id: int | None, clause_ids: Sequence[int]) -> str:
    """The draft's hidden part as private_metadata, cut to what Slack carries."""
    cited = [citation.clause_id for citation in draft.policy_basis]
    return EscalationFormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        answer_id=answer_id,
        summary=parts.clip(draft.summary, _SUMMARY),
        category=parts.clip(draft.category, 60),
        next_role=draft.next_role,
        next_reason=parts.clip(draft.next_reason, _SHORT),
        skip_level_allowed=draft.skip_level_allowed,
        after_the_fact_report=draft.after_the_fact_report,
        clause_ids=tuple(dict.fromkeys([*cited, *clause_ids]))[:_MAX_CLAUSES],
        language=draft.language,
    ).dump()


def content(given: Values, hidden: EscalationFormRef, library: Library, words: Words) -> EscalationContent:
    """A new escalation out of the form. Raises KeyError when a clause that was cited is gone."""
    filled = EscalationContent(
        summary="",
        report="",
        category=hidden.category,
        next_role=one_of(Role, hidden.next_role) if hidden.next_role else None,
        next_reason=hidden.next_reason,
        skip_level_allowed=hidden.skip_level_allowed,
        after_the_fact_report=hidden.after_the_fact_report,
        policy_basis=basis(library, hidden.clause_ids),
        language=hidden.language,
    )
    return amended(filled, given, words)


def amended(before: EscalationContent, given: Values, words: Words) -> EscalationContent:
    """`before` with what the form says now; summary and report follow from the fields."""
    masked = {field: mask(text) for field, text in given.items()}
    what_happened = masked.get(escalations.WHAT_HAPPENED, "")
    after = replace(
        before,
        summary=parts.clip(" ".join(what_happened.split()), _SUMMARY),
        category=given.get(escalations.CATEGORY) or before.category,
        urgency=one_of(Urgency, given.get(escalations.URGENCY) or Urgency.NORMAL),
        what_happened=what_happened,
        where=masked.get(escalations.WHERE, ""),
        when=masked.get(escalations.WHEN, ""),
        tried=masked.get(escalations.TRIED, ""),
        handling_suggestion=masked.get(escalations.HANDLING, ""),
    )
    if escalations.NEXT_ROLE in given:
        after = _addressed(before, after, given, masked)
    return replace(after, report=escalations.report(after, words))


def _addressed(
    before: EscalationContent, after: EscalationContent, given: Values, masked: Values
) -> EscalationContent:
    """To whom it goes and why rungs are left out, as the filer chose it."""
    role, grounds = one_of(Role, given[escalations.NEXT_ROLE]), given.get(escalations.GROUNDS)
    chosen = None if grounds in (None, "", escalations.NO_GROUNDS) else one_of(Grounds, grounds)
    accused = tuple(one for one in given.get(escalations.ACCUSED, "").split(",") if one)
    reason = masked.get(escalations.SKIP_REASON, "")
    return replace(
        after,
        next_role=role,
        # What the draft said of a rung says nothing of another one.
        next_reason=before.next_reason if role is before.next_role else reason,
        skip_reason=reason if chosen else "",
        grounds=chosen,
        accused=accused,
        after_the_fact_report=before.after_the_fact_report and role is before.next_role,
    )


def basis(library: Library, clause_ids: Sequence[int]) -> tuple[Basis, ...]:
    """The clauses that a record relies on, as they read now. What not everybody may read is left out: reports and
    tickets are read by others than whoever was answered."""
    everybodys = {manual.manual_id for manual in library.view(reader=Reader()).manuals()}
    limited = {manual.manual_id for manual in library.manuals()} - everybodys
    return tuple(
        Basis(clause.id, clause.manual, clause.label, parts.clip(clause.text, _QUOTE))
        for clause in library.clauses(list(clause_ids))
        if clause.manual_id not in limited
    )


def category_names(services: Services, language: str) -> list[str]:
    """The categories that an escalation may have, as the organisation's procedure file names them."""
    return [one.name(language) for one in of_catalogue(services.desk.procedures.catalogue)]


def opened_at(place: Place, answer_id: int | None = None) -> FormRef:
    """Where a form is opened."""
    return FormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        answer_id=answer_id,
    )

"""The values that drafting gives: where a text belongs, and the report that a reviewer would read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.assistant.answers import Language
from knowledge.clauses import Citation
from tickets.records import Urgency

__all__ = ["EscalationDraft", "Route", "Urgency"]


class Route(StrEnum):
    """What a text is, and so what becomes of it."""

    LADDER = "ladder"
    """An escalation: a report goes to the next rung."""
    TRANSFER = "transfer"
    """A matter of another department: a transfer slip, the first one asked stays responsible."""
    ANSWER = "answer"
    """A question (or a request with a workflow of its own, such as a shift swap)."""
    ASK_FOR_DETAILS = "ask_for_details"
    """Too little to go on."""


@dataclass(frozen=True, slots=True)
class EscalationDraft:
    """A draft made from a free text. Every text in it is masked; `report` is all that a reviewer needs.

    `next_role` is the value of a `tickets.people.Role` and `next_approver` its display name; both are
    empty unless the route is `ladder`. `missing` lists what the agent should still add.
    """

    route: Route
    summary: str
    category: str
    urgency: Urgency
    what_happened: str
    where: str
    when: str
    tried: str
    handling_suggestion: str
    skip_level_allowed: bool
    skip_reason: str
    next_approver: str
    next_role: str
    next_reason: str
    """Why this rung is addressed, one sentence."""
    after_the_fact_report: bool
    policy_basis: tuple[Citation, ...]
    missing: tuple[str, ...]
    report: str
    language: Language = "zh"
    procedure: str = ""
    """Key of the workflow of its own that the text belongs to (`complaint`, `shift_swap`, …); empty for none."""
    model: str | None = None
    """Name of the language model that improved the wording; None: by rules alone."""

    def to_json(self, id: str) -> dict[str, Any]:
        """The JSON form of `kefu draft`: plain values, `id` first, times in ISO form."""
        fields = asdict(self)
        fields["policy_basis"] = [
            {"manual": c.manual, "clause": c.label, "quote": c.quote} for c in self.policy_basis
        ]
        fields["missing"] = list(self.missing)
        return {"id": id, **fields, "route": self.route.value, "urgency": self.urgency.value}

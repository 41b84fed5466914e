"""What stands on a paper, whatever file it becomes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks.wording import Words
from tickets.people import People
from tickets.records import Escalation, EscalationState


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A title, a table of facts, and sections in order."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...] = field(default=())
    foot: str = ""


def escalation_paper(
    escalation: Escalation,
    people: People,
    words: Words,
    zone: ZoneInfo,
    printed_at: datetime,
    path: Sequence[str] = (),
) -> Paper:
    """An escalation as its superiors file it; `path` is its way up the ladder, one line a step."""

    def moment(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""

    content = escalation.content
    filer = people.get(escalation.filer_id)
    facts = (
        (words("paper.number"), escalation.number),
        (words("paper.ticket"), escalation.ticket_number or ""),
        (
            words("paper.filed"),
            f"{filer.name}（{people.ladder.name(filer.role)}） {moment(escalation.created_at)}",
        ),
        (words("paper.category"), content.category),
        (words("paper.urgency"), words(f"urgency.{content.urgency.value}")),
        (words("paper.state"), words(f"state.{escalation.state.value}")),
    )
    texts = (
        ("paper.subject", content.summary),
        ("paper.what_happened", content.what_happened),
        ("paper.when", content.when),
        ("paper.where", content.where),
        ("paper.tried", content.tried),
        ("paper.handling", content.handling_suggestion),
        (
            "paper.basis",
            "\n".join(f"《{one.manual}》{one.label}：{one.quote}" for one in content.policy_basis),
        ),
        ("paper.passed_over", _passed_over(escalation, people, words)),
        ("paper.path", "\n".join(path)),
        ("paper.decision", _decision(escalation, people, words, moment(escalation.decided_at))),
    )
    sections = tuple(
        Section(words(key), tuple(text.strip().splitlines())) for key, text in texts if text.strip()
    )
    foot = words("paper.foot", at=moment(printed_at), revision=escalation.revision)
    return Paper(
        words("paper.title"), escalation.number, tuple(fact for fact in facts if fact[1]), sections, foot
    )


def _passed_over(escalation: Escalation, people: People, words: Words) -> str:
    if not escalation.passed_over:
        return ""
    rungs = words("list.comma").join(people.ladder.name(role) for role in escalation.passed_over)
    reason = escalation.content.next_reason or escalation.content.skip_reason
    return f"{rungs}\n{reason}"


def _decision(escalation: Escalation, people: People, words: Words, at: str) -> str:
    if escalation.decided_by is None:
        return ""
    decider = people.get(escalation.decided_by)
    line = words(
        "paper.decided",
        state=words(f"state.{escalation.state.value}"),
        name=decider.name,
        role=people.ladder.name(decider.role),
        at=at,
    )
    label = "paper.instruction" if escalation.state is EscalationState.APPROVED else "paper.reason"
    note = f"{words(label)}{escalation.decision_note}" if escalation.decision_note else ""
    return f"{line}\n{note}"

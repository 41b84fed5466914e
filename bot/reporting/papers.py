"""What stands on a paper, whatever file it becomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks.ladder_words import named
from bot.blocks.wording import Words
from tickets.people import People
from tickets.records import Escalation, EscalationState
from tickets.rung_records import Step


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
) -> Paper:
    """An escalation as its superiors file it, with its whole way up the ladder."""

    def moment(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""

    content = escalation.content
    filer = people.get(escalation.filer_id)
    words = named(words, people.ladder_of(filer))
    facts = (
        (words("paper.number"), escalation.number),
        (words("paper.ticket"), escalation.ticket_number or ""),
        (
            words("paper.filed"),
            f"{filer.name}（{words(f'role.{filer.role.value}')}） {moment(escalation.created_at)}",
        ),
        (words("paper.category"), content.category),
        (words("paper.urgency"), words(f"urgency.{content.urgency.value}")),
        (words("paper.state"), words(f"state.{escalation.state.value}")),
    )
    texts = (
        (words("paper.subject"), content.summary),
        (words("paper.what_happened"), content.what_happened),
        (words("paper.when"), content.when),
        (words("paper.where"), content.where),
        (words("paper.tried"), content.tried),
        (words("paper.handling"), content.handling_suggestion),
        (
            words("paper.basis"),
            "\n".join(f"《{one.manual}》{one.label}：{one.quote}" for one in content.policy_basis),
        ),
        (words("paper.passed_over"), _passed_over(escalation, words)),
        (
            words("paper.path"),
            "\n".join(_step(step, people, words, moment(step.at)) for step in escalation.steps),
        ),
        (words("paper.decision"), _decision(escalation, people, words, moment(escalation.decided_at))),
    )
    sections = tuple(
        Section(heading, tuple(text.strip().splitlines())) for heading, text in texts if text.strip()
    )
    foot = words("paper.foot", at=moment(printed_at), revision=escalation.revision)
    return Paper(
        words("paper.title"), escalation.number, tuple(fact for fact in facts if fact[1]), sections, foot
    )


def _passed_over(escalation: Escalation, words: Words) -> str:
    if not escalation.passed_over:
        return ""
    rungs = words("list.comma").join(words(f"role.{role.value}") for role in escalation.passed_over)
    reason = escalation.content.next_reason or escalation.content.skip_reason
    return f"{rungs}\n{reason}"


def _step(step: Step, people: People, words: Words, at: str) -> str:
    who = people.get(step.actor_id).name if step.actor_id else words("rung.by_itself")
    moved = [words(f"role.{role.value}") for role in (step.from_role, step.to_role) if role]
    pieces = [at, who, words(f"step.{step.kind.value}"), " → ".join(moved), step.note, step.objection]
    return "  ".join(piece for piece in pieces if piece)


def _decision(escalation: Escalation, people: People, words: Words, at: str) -> str:
    if escalation.decided_by is None:
        return ""
    decider = people.get(escalation.decided_by)
    line = words(
        "paper.decided",
        state=words(f"state.{escalation.state.value}"),
        name=decider.name,
        role=words(f"role.{decider.role.value}"),
        at=at,
    )
    approved = escalation.state is EscalationState.APPROVED
    label = words("paper.instruction") if approved else words("paper.reason")
    note = f"{label}{escalation.decision_note}" if escalation.decision_note else ""
    return f"{line}\n{note}"

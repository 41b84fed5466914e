"""Ingredients of a written answer for tests: hits, quoting answers, scripted replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.assistant.answers import Answer, Language, Outcome
from knowledge.clauses import Citation, Clause, Hit

WHEN = datetime(2026, 1, 5, tzinfo=UTC)


def hits(clauses: Sequence[Clause]) -> list[Hit]:
    """As a search gives them, best first."""
    return [Hit(clause, 1.0 - n / 10, 0.9, 5.0) for n, clause in enumerate(clauses)]


def citation(clause: Clause, truncated: bool = False, has_blank: bool = False) -> Citation:
    """The whole clause as a quote."""
    return Citation(
        clause_id=clause.id,
        manual=clause.manual,
        organisation=clause.organisation,
        label=clause.label,
        quote=clause.text,
        edition=clause.edition,
        published_at=WHEN,
        source=clause.source,
        truncated=truncated,
        has_blank=has_blank,
    )


def quoted(
    clauses: Sequence[Clause],
    outcome: Outcome = Outcome.ANSWERED,
    language: Language = "zh",
    truncated: bool = False,
    has_blank: bool = False,
) -> Answer:
    """What the quoting answerer would say."""
    return Answer(
        outcome=outcome,
        text="QUOTED: " + " / ".join(clause.text for clause in clauses),
        citations=tuple(citation(clause, truncated, has_blank) for clause in clauses),
        language=language,
        latency_ms=5.0,
        details={"score": 0.9},
    )


def reply(*sentences: tuple[str, Sequence[str]], end: str | None = "answered", **more: object) -> str:
    """A reply in the format that the prompt asks for."""
    lines = [
        json.dumps({"text": text, "cites": list(cites)}, ensure_ascii=False) for text, cites in sentences
    ]
    if end is not None:
        lines.append(json.dumps({"end": end, **more}))
    return "\n".join(lines) + "\n"

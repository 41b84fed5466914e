"""Runs: a set of questions asked once, what was said and judged; kept as files and compared with each other."""

from __future__ import annotations

import hashlib
import json
import os
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.assistant.answers import Answer, Outcome
from bot.assistant.redaction import mask
from bot.evaluating.cases import Case
from bot.evaluating.judging import Cited, Fault, Said, judge
from knowledge.clauses import text_key

VERSION = 1
_STAMP = "%Y%m%dT%H%M%S%fZ"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Source(_Value):
    """A source of an answer."""

    manual: str
    clause: str
    quote: str


class Row(_Value):
    """One question of a run. Question and thread are masked: a run is kept."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...] = ()
    expected: str
    wants: tuple[str, ...] = ()
    """What the answer had to hold, in words for people."""
    answerable: bool
    absent: bool
    fault: Fault | None = None
    """Why it did not pass."""
    detail: str = ""
    outcome: str
    text: str
    sources: tuple[Source, ...] = ()
    latency_ms: float

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return self.fault is None


class Tally(_Value):
    """Counts of one kind of questions, or of all."""

    kind: str
    asked: int
    passed: int
    answerable: int
    turned_away: int
    """Answerable questions that ended as not found or refused."""
    absent: int
    caught: int
    """Questions whose answer is not in the manuals, and that ended as not found."""
    median_ms: float

    @property
    def share(self) -> float:
        """Share of the questions passed."""
        return self.passed / self.asked if self.asked else 1.0


class Run(_Value):
    """A set asked once."""

    version: int = VERSION
    name: str
    at: datetime
    generation: int
    """The newest publication of manuals then."""
    model: str = ""
    """Language models that wrote answers; empty: quotes."""
    rows: tuple[Row, ...]

    @property
    def total(self) -> Tally:
        """All of it."""
        return _tally("all", self.rows)

    @property
    def tallies(self) -> list[Tally]:
        """By kind, in alphabetical order."""
        kinds = sorted({row.kind for row in self.rows})
        return [_tally(kind, [row for row in self.rows if row.kind == kind]) for kind in kinds]

    @property
    def failures(self) -> list[Row]:
        """The rows that did not pass."""
        return [row for row in self.rows if not row.passed]


class Changed(_Value):
    """A question whose answer reads differently than before."""

    row: Row
    before: Row


class Comparison(_Value):
    """A run beside an earlier one of the same set."""

    at: datetime
    """When the earlier one was."""
    share: float
    """Share that passed then."""
    failing: tuple[Changed, ...] = ()
    """Passed then, fails now."""
    passing: tuple[Changed, ...] = ()
    changed: tuple[Changed, ...] = ()
    """As good or bad as then, in other words."""
    added: tuple[str, ...] = ()
    """Ids of questions that were not asked then."""
    gone: tuple[str, ...] = ()


def run(
    name: str,
    cases: Sequence[Case],
    answer: Callable[[Case], Answer],
    at: datetime,
    generation: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """Ask and judge every case."""
    rows, models = [], set()
    for done, case in enumerate(cases, 1):
        given = answer(case)
        models.update([given.model] if given.model else [])
        rows.append(row_of(case, given))
        progress(done, len(cases))
    return Run(name=name, at=at, generation=generation, model=", ".join(sorted(models)), rows=tuple(rows))


def row_of(case: Case, answer: Answer) -> Row:
    """An answer judged."""
    verdict = judge(case, said(answer))
    return Row(
        id=case.id,
        kind=case.kind,
        question=mask(case.question),
        history=tuple(mask(turn.text) for turn in case.turns),
        expected=case.accepted.outcome if case.accepted else case.expected,
        wants=_wants(case),
        answerable=case.is_answerable,
        absent=case.is_absent,
        fault=verdict.fault,
        detail=verdict.detail,
        outcome=answer.outcome.value,
        text=answer.text,
        sources=tuple(Source(manual=c.manual, clause=c.label, quote=c.quote) for c in answer.citations),
        latency_ms=round(answer.latency_ms, 1),
    )


def said(answer: Answer) -> Said:
    """What is judged of an answer."""
    cited = [Cited(c.manual, c.label, c.quote) for c in answer.citations]
    return Said(answer.outcome.value, answer.text, cited, [text_key(cited.quote) for cited in cited])


def _wants(case: Case) -> tuple[str, ...]:
    place = [f"《{case.manual}》{case.clause}"] if case.manual else []
    return (
        *(f"+ {pattern}" for pattern in case.must_include),
        *(f"- {pattern}" for pattern in case.must_not_include),
        *place,
        *(f"《{gold.document}》{gold.clause}: {gold.quote}" for gold in case.gold),
    )


def _tally(kind: str, rows: Sequence[Row]) -> Tally:
    away = (Outcome.NOT_FOUND.value, Outcome.REFUSED.value)
    return Tally(
        kind=kind,
        asked=len(rows),
        passed=sum(row.passed for row in rows),
        answerable=sum(row.answerable for row in rows),
        turned_away=sum(row.answerable and row.outcome in away for row in rows),
        absent=sum(row.absent for row in rows),
        caught=sum(row.absent and row.outcome == Outcome.NOT_FOUND.value for row in rows),
        median_ms=round(statistics.median(row.latency_ms for row in rows), 1) if rows else 0.0,
    )


def compare(now: Run, before: Run) -> Comparison:
    """What differs between two runs of one set."""
    then = {row.id: row for row in before.rows}
    pairs = [Changed(row=row, before=then[row.id]) for row in now.rows if row.id in then]
    ids = {row.id for row in now.rows}
    return Comparison(
        at=before.at,
        share=before.total.share,
        failing=tuple(p for p in pairs if p.before.passed and not p.row.passed),
        passing=tuple(p for p in pairs if p.row.passed and not p.before.passed),
        changed=tuple(p for p in pairs if p.row.passed == p.before.passed and p.row.text != p.before.text),
        added=tuple(row.id for row in now.rows if row.id not in then),
        gone=tuple(sorted(then.keys() - ids)),
    )


class Kept:
    """The runs of one set, as files in a folder of their own."""

    def __init__(self, home: Path, name: str, identity: str = "") -> None:
        """`identity` tells sets of one name apart (the path of the file)."""
        slug = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "set"
        mark = f"-{hashlib.sha256(identity.encode()).hexdigest()[:6]}" if identity else ""
        self.folder = home / "evaluations" / f"{slug}{mark}"

    def previous(self) -> Run | None:
        """The newest run that can be read; None when there is none."""
        for path in sorted(self.folder.glob("*.json"), reverse=True):
            try:
                return Run.model_validate_json(path.read_text(encoding="utf-8"))
            except (ValidationError, UnicodeDecodeError):
                continue  # cut short, or written by another version: the one before will do
        return None

    def keep(self, done: Run) -> Path:
        """Write a run, whole or not at all; its file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{done.at.strftime(_STAMP)}.json"
        half = path.with_suffix(f".{os.getpid()}.part")
        half.write_text(
            json.dumps(done.model_dump(mode="json"), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        half.replace(path)
        return path


def shares(tallies: Iterable[Tally]) -> list[tuple[str, str, str, str, str, str]]:
    """The rows of the table: kind, passed of asked, share, turned away, caught, median."""
    return [
        (
            one.kind,
            f"{one.passed}/{one.asked}",
            f"{one.share:.1%}",
            f"{one.turned_away}/{one.answerable}" if one.answerable else "",
            f"{one.caught}/{one.absent}" if one.absent else "",
            f"{one.median_ms:.0f} ms",
        )
        for one in tallies
    ]

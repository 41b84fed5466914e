"""A run as one HTML file: failures first, readable on a phone, nothing loaded from anywhere, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.blocks.wording import Words
from bot.evaluating.runs import Comparison, Row, Run, shares

if TYPE_CHECKING:
    from jinja2 import Template

# What is kept of a text for a browser: line breaks and tabs, and none of the other control characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def html(run: Run, comparison: Comparison | None, words: Words, zone: ZoneInfo) -> str:
    """The report in the language of `words`, times in `zone`."""
    text = _template().render(
        language=words.language,
        run=run,
        comparison=comparison,
        label=_labels(words),
        at=_moment(run.at, zone),
        before_at=_moment(comparison.at, zone) if comparison else "",
        columns=[
            words("eval.kind"), words("eval.passed"), words("eval.share"), words("eval.away"),
            words("eval.caught"), words("eval.median"),
        ],
        table=shares([*run.tallies, run.total]),
        why=lambda row: why(row, words),
        passed=[row for row in run.rows if row.passed],
    )  # fmt: skip
    return _CONTROL.sub("", text)


def why(row: Row, words: Words) -> str:
    """What is wrong with an answer, in one sentence; empty when it passed."""
    return words(f"eval.why.{row.fault.value}", detail=row.detail) if row.fault else ""


def write(path: Path, text: str) -> None:
    """Write a report; folders on the way are made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _labels(words: Words) -> Mapping[str, str]:
    return {
        "title": words("eval.title"),
        "passed": words("eval.passed"),
        "before": words("eval.before"),
        "now": words("eval.now"),
        "generation": words("eval.generation"),
        "since": words("eval.since"),
        "failing": words("eval.failing"),
        "passing": words("eval.passing"),
        "changed": words("eval.changed"),
        "same": words("eval.same"),
        "added": words("eval.added"),
        "gone": words("eval.gone"),
        "failures": words("eval.failures"),
        "none": words("eval.none"),
        "expected": words("eval.expected"),
        "said": words("eval.said"),
        "sources": words("eval.sources"),
        "thread": words("eval.thread"),
    }


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(
        files("bot.evaluating").joinpath("report.html").read_text(encoding="utf-8")
    )

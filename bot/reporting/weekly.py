"""The weekly report for supervisors: numbers from the database, words from a model only if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.blocks.wording import Words
from bot.reporting.workbooks import overview
from tickets.figures import Figures, Stretch, week

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tickets.desk import Desk
    from tickets.people import People

COUNTED = (
    ("complaint", "cause"),
    ("complaint", "own_fault"),
    ("callback", "attitude"),
    ("callback", "charged"),
    ("callback", "score"),
)
"""Fields of procedures whose values are counted."""
KINDS = ("inquiry", "escalation", "gap")
"""Kinds of tickets that are no procedures."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week and the one before it, with the names of what is counted."""

    figures: Figures
    before: Figures
    names: Mapping[str, str]
    """Procedures, kinds of tickets and `procedure.field`, by key."""


def last_week(now: datetime, zone: ZoneInfo) -> Stretch:
    """The last whole week, Monday to Sunday."""
    return week(now.astimezone(zone).date() - timedelta(days=7), zone)


def of_week(day: date, zone: ZoneInfo) -> Stretch:
    """The week of a day."""
    return week(day, zone)


def collect(desk: Desk, stretch: Stretch, words: Words) -> Week:
    """All figures of a week."""
    return Week(desk.figures(stretch, COUNTED), desk.figures(stretch.before(), COUNTED), _names(desk, words))


def _names(desk: Desk, words: Words) -> dict[str, str]:
    names = {}
    for procedure in desk.procedures.catalogue.procedures.values():
        name = procedure.name.in_language(words.language)
        names[procedure.key] = name
        for field in procedure.fields:
            names[f"{procedure.key}.{field.key}"] = f"{name} · {field.label.in_language(words.language)}"
    for kind in KINDS:
        names[kind] = words(f"week.kind.{kind}")
    return names


def title(stretch: Stretch, words: Words, zone: ZoneInfo) -> str:
    """The report's name with its days."""
    days = stretch.days(zone)
    return words("week.title", since=f"{days[0]:%Y-%m-%d}", until=f"{days[-1]:%m-%d}")


def lines(found: Week, words: Words) -> list[str]:
    """The figures that matter, one line each, with the week before; a figure that is nothing in both is left out."""
    before = dict(overview(found.before))
    rows = []
    for key, now in overview(found.figures):
        then = before[key]
        if now or then:
            rows.append(words("week.line", name=words(f"week.{key}"), now=_number(now), then=_number(then)))
    causes = found.figures.records.values.get("complaint.cause", {})
    if causes:
        told = words("list.comma").join(f"{cause} {count}" for cause, count in causes.items())
        rows.append(words("week.causes", causes=told))
    return rows or [words("week.nothing")]


def plain_lines(found: Week, words: Words) -> list[str]:
    """The same without Markdown, which the comment of a file does not render."""
    return [line.replace("**", "") for line in lines(found, words)]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def picture(found: Week, words: Words) -> bytes:
    """The charts as a PNG."""
    from bot.reporting.charts import week_picture  # matplotlib takes half a second

    return week_picture(found.figures, found.names, words)


def workbook(found: Week, people: People, words: Words, zone: ZoneInfo) -> bytes:
    """All figures as an XLSX file."""
    from bot.reporting.workbooks import week_workbook

    return week_workbook(
        found.figures, found.before, found.names, lambda user: people.get(user).name, words, zone
    )

"""The week as a workbook: one sheet a matter, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.wording import Words
from tickets.figures import Figures

Row = Sequence[object]


def week_workbook(
    figures: Figures,
    before: Figures,
    names: Mapping[str, str],
    name_of: Callable[[str], str],
    words: Words,
    zone: ZoneInfo,
) -> bytes:
    """An XLSX file. `before` is the week before, `names` the names of procedures and kinds by key, `name_of` the name
    of a person by id.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    for number, (title, rows) in enumerate(_sheets(figures, before, names, name_of, words)):
        sheet = book.create_sheet(title[:31], number)
        for row in rows:
            sheet.append([_cell(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for column in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(12 + longest, 60)
    del book[book.sheetnames[-1]]  # the empty one that every new workbook has
    since = figures.stretch.since.astimezone(zone)
    book.properties.title = words("week.title", since=f"{since:%Y-%m-%d}", until="")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _sheets(
    figures: Figures, before: Figures, names: Mapping[str, str], name_of: Callable[[str], str], words: Words
) -> Iterable[tuple[str, list[Row]]]:
    yield (
        words("week.sheet.overview"),
        [
            [words("week.figure"), words("week.this_week"), words("week.week_before")],
            *[
                [words(f"week.{key}"), now, then]
                for (key, now), (_, then) in zip(overview(figures), overview(before), strict=True)
            ],
        ],
    )
    questions = figures.questions.by_day
    outcomes = sorted({outcome for counts in questions.values() for outcome in counts})
    yield (
        words("week.sheet.questions"),
        [
            [words("week.day"), *[words(f"outcome.{outcome}") for outcome in outcomes]],
            *[
                [f"{day:%Y-%m-%d}", *[counts.get(one, 0) for one in outcomes]]
                for day, counts in questions.items()
            ],
        ],
    )
    hours = figures.escalations.hours_to_decision
    categories = sorted({*figures.escalations.by_category, *hours})
    yield (
        words("week.sheet.escalations"),
        [
            [words("paper.category"), words("week.filed"), words("week.median_hours")],
            *[
                [name or "-", figures.escalations.by_category.get(name, 0), hours.get(name)]
                for name in categories
            ],
        ],
    )
    yield (
        words("week.sheet.tickets"),
        [
            [words("week.kind"), words("week.logged")],
            *[[names.get(kind, kind), count] for kind, count in figures.tickets.by_kind.items()],
        ],
    )
    yield (
        words("week.sheet.records"),
        [
            [words("week.procedure"), words("week.filed")],
            *[[names.get(key, key), count] for key, count in figures.records.by_procedure.items()],
            *[
                [f"{names.get(field, field)}: {names.get(f'{field}={value}', value)}", count]
                for field, values in figures.records.values.items()
                for value, count in values.items()
            ],
        ],
    )
    yield (
        words("week.sheet.missing"),
        [
            [words("week.procedure"), words("week.person"), words("week.times")],
            *[
                [names.get(key, key), name_of(person), times]
                for key, people in figures.records.missing.items()
                for person, times in people.items()
            ],
        ],
    )


FIGURES = (
    "questions",
    "askers",
    "outcome.answered",
    "outcome.conflict",
    "outcome.not_found",
    "unhelpful",
    "gaps",
    "latency",
    "escalations",
    "median_hours",
    "waiting",
    "overdue",
    "tickets_logged",
    "tickets_closed",
    "tickets_open",
    "tickets_overdue",
    "complaints",
    "missing",
)
"""The figures of the first page, in order; `week.` before it makes the key of its name in the catalogues."""


def overview(figures: Figures) -> list[tuple[str, int | float | None]]:
    """The value of each of FIGURES; None where nothing could be measured."""
    questions, escalations, tickets = figures.questions, figures.escalations, figures.tickets
    values: list[int | float | None] = [
        questions.total,
        questions.askers,
        *[questions.by_outcome.get(name, 0) for name in ("answered", "conflict", "not_found")],
        questions.unhelpful,
        questions.gaps,
        None if questions.latency_ms is None else round(questions.latency_ms),
        escalations.filed,
        None if escalations.median_hours is None else round(escalations.median_hours, 1),
        escalations.waiting,
        escalations.overdue,
        tickets.logged,
        tickets.closed,
        tickets.open,
        tickets.overdue,
        tickets.by_kind.get("complaint", 0),
        sum(sum(people.values()) for people in figures.records.missing.values()),
    ]
    return list(zip(FIGURES, values, strict=True))

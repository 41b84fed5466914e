"""`kefu report …`: the week in figures, and an escalation on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.reporting.weekly import Week
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.figures import Stretch

app = typer.Typer(help="The week in figures, and an escalation on paper.", no_args_is_help=True)


def _open() -> tuple[Settings, Desk]:
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    return settings, open_desk(settings, open_engine(settings), open_people(settings))


@app.command("weekly")
def weekly(
    day: Annotated[
        str,
        typer.Option("--week", help="Any day of the week, like 2026-11-23; default: the last whole week."),
    ] = "",
    picture: Annotated[Path | None, typer.Option(help="Write the charts to this PNG file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the workbook to this XLSX file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The week in figures, beside the week before.

    Questions, escalations, tickets, complaints and what was not filed.

    A running bot sends this to its supervisors on Monday morning, with charts and workbook.
    """
    from bot.blocks.wording import words
    from bot.reporting import weekly as report
    from bot.wiring import open_week_words

    settings, desk = _open()
    reader = words(settings.language)
    stretch = _stretch(day, settings)
    found = report.collect(desk, stretch, reader)
    if picture is not None:
        picture.write_bytes(report.picture(found, reader))
    if xlsx is not None:
        xlsx.write_bytes(report.workbook(found, desk.people, reader, settings.zone))
    if json:
        batches.print_json(_json(found, settings))
        return
    typer.echo(report.title(stretch, reader, settings.zone))
    if paragraph := report.paragraph(found, reader, open_week_words(settings, desk.usage)):
        typer.echo(paragraph)
    for line in report.plain_lines(found, reader):
        typer.echo(f"  {line}")
    for path in (picture, xlsx):
        if path is not None:
            typer.echo(f"→ {path}")


def _stretch(day: str, settings: Settings) -> Stretch:
    from datetime import date

    from bot.reporting import weekly as report

    if not day:
        return report.last_week(datetime.now(UTC), settings.zone)
    try:
        return report.of_week(date.fromisoformat(day), settings.zone)
    except ValueError as error:
        raise typer.BadParameter(f"{day} is no day; write it like 2026-11-23.") from error


def _json(found: Week, settings: Settings) -> dict[str, Any]:
    from bot.reporting.workbooks import overview

    figures = found.figures
    days = figures.stretch.days(settings.zone)
    return {
        "since": days[0].isoformat(),
        "until": days[-1].isoformat(),
        "figures": dict(overview(figures)),
        "week_before": dict(overview(found.before)),
        "questions_by_day": {f"{day}": dict(counts) for day, counts in figures.questions.by_day.items()},
        "escalations_by_category": dict(figures.escalations.by_category),
        "hours_to_decision": dict(figures.escalations.hours_to_decision),
        "tickets_by_kind": dict(figures.tickets.by_kind),
        "records_by_procedure": dict(figures.records.by_procedure),
        "values": {field: dict(counts) for field, counts in figures.records.values.items()},
        "missing": {key: dict(people) for key, people in figures.records.missing.items()},
    }


@app.command("paper")
def paper(
    number: Annotated[str, typer.Argument(help="Number of an escalation, like E-20261124-0001.")],
    form: Annotated[Literal["docx", "pdf"], typer.Option("--as", help="Word or PDF.")] = "pdf",
    out: Annotated[Path | None, typer.Option(help="File to write; default: NUMBER.pdf or .docx.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """An escalation as a file that can be signed and kept."""
    from bot.blocks.wording import words
    from bot.reporting import docx_files, pdf_files
    from bot.reporting.papers import escalation_paper

    settings, desk = _open()
    escalation = desk.rungs.find(number)
    reader = words(settings.language)
    content = escalation_paper(escalation, desk.people, reader, settings.zone, datetime.now(UTC))
    target = out or Path(f"{escalation.number}.{form}")
    target.write_bytes((docx_files if form == "docx" else pdf_files).write(content))
    if json:
        batches.print_json({"number": escalation.number, "path": str(target)})
        return
    typer.echo(f"→ {target}")

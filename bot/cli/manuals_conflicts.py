"""`kefu manuals conflicts|settle`: rules of different manuals that contradict each other, and what holds."""

from __future__ import annotations

import json as jsonlib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches, working
from bot.cli.manuals_named import the_manual

if TYPE_CHECKING:
    from bot.keeping.publication import ConflictReport


class Holds(StrEnum):
    """What an admin says of a conflict."""

    BOTH = "both"
    ORGANISATION = "organisation"
    ONE = "one"
    REOPEN = "reopen"


def conflicts(
    all_of_them: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
    find: Annotated[
        bool,
        typer.Option(
            "--find", help="Compare every manual with every other first (after a very large ingest)."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Rules of different manuals that contradict each other.

    Clauses of live manuals, the surest conflict first.
    """
    from bot.keeping.publishing import conflict_report
    from bot.settings import Settings
    from bot.wiring import open_library

    if find:
        from bot.keeping.manual_work import FindConflictsRequest

        working.run("find_conflicts", FindConflictsRequest(), quiet=json)
    found = open_library(Settings()).conflicts("all" if all_of_them else "open")
    reports = [conflict_report(conflict) for conflict in found]
    if json:
        typer.echo(jsonlib.dumps([r.model_dump(mode="json") for r in reports], ensure_ascii=False, indent=1))
        return
    for report in reports:
        _show(report)
    if not reports:
        typer.echo("No conflicts.")


def _show(report: ConflictReport) -> None:
    from bot.cli.reports import conflict_lines

    values = " / ".join(value for value in report.values if value)
    state = f"  [{report.settlement} by {report.settled_by}]" if report.settlement else ""
    typer.echo(f"#{report.id} {report.kind}{f': {values}' if values else ''}{state}")
    for line in conflict_lines(report):
        typer.echo(line)


def settle(
    number: Annotated[int, typer.Argument(help="Number of the conflict.", show_default=False)],
    holds: Annotated[
        Holds,
        typer.Argument(
            help="both: no conflict; organisation: each for its own; one: with --manual; reopen.",
            show_default=False,
        ),
    ],
    manual: Annotated[
        str, typer.Option(help="The manual whose rule holds (number or part of its title).")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what holds of two contradicting rules.

    Answers follow it from then on.
    """
    from bot.settings import Settings
    from bot.wiring import open_library
    from knowledge.conflict_records import Settlement

    library = open_library(Settings())
    if holds is Holds.REOPEN:
        library.reopen_conflict(number, working.BY)
        _settled(number, "", "is open again", json=json)
        return
    if (holds is Holds.ONE) != bool(manual):
        raise typer.BadParameter("Give --manual with “one”, and only with it.")
    settlements = {
        Holds.BOTH: Settlement.BOTH_HOLD, Holds.ORGANISATION: Settlement.BY_ORGANISATION, Holds.ONE: Settlement.SUPERSEDES,
    }  # fmt: skip
    superseding = the_manual(library, manual).manual_id if manual else None
    library.settle_conflict(number, settlements[holds], working.BY, superseding)
    settlement = settlements[holds].value
    _settled(number, settlement, f"is settled: {settlement}", json=json)


def _settled(number: int, settlement: str, what: str, *, json: bool) -> None:
    if json:
        batches.print_json({"id": number, "settlement": settlement or None})
        return
    typer.echo(f"#{number} {what}.")

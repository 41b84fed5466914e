"""`kefu eval`: a set of questions asked and judged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.evaluating.runs import Comparison, Kept, Row, Run
    from bot.settings import Settings


def evaluate(
    questions: Annotated[
        Path,
        typer.Argument(help="Questions: .jsonl, .csv or .xlsx (below).", show_default=False),
    ],
    report: Annotated[
        Path | None, typer.Option(help="Where the HTML report goes; by default beside the kept run.")
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option("--fail-under", min=0, max=1, help="Exit status 1 when a smaller share passes: 0.9."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the run and the comparison as JSON.")] = False,
) -> None:
    """Ask a set of questions and judge the answers.

    They are compared with the run before and reported as one HTML file, the failures first.

    Each question is an object a line (.jsonl), or a row under a heading row (.csv, .xlsx):

    question (问题): what is asked; all else may be left out.

    expected (期望): answer (the default), answered, conflict, clarify, not_found or refused.

    must_include, must_not_include (必须包含, 不得包含): words or regular expressions that the answer must, or must
    not, hold; several as a list, in a table on lines of their own in the cell.

    manual, clause (手册, 条款): what must be cited, a part of the title and of the label.

    id, kind (编号, 类别): how it is named and counted. history: the thread before, a list of {role, text} (.jsonl).

    The format of the acceptance sets (gold, accept_clarify, …) is read as well. Runs are kept in
    KEFU_HOME/evaluations; customers' data in questions is masked there.
    """
    from bot.evaluating.cases import read_cases
    from bot.evaluating.runs import Kept, run
    from bot.settings import Settings
    from bot.wiring import open_assistant, open_library

    cases = read_cases(questions)
    settings = Settings()
    library = open_library(settings, soon=True)
    assistant = open_assistant(settings, library)
    assistant.warm_up()
    done = run(
        questions.stem,
        cases,
        lambda case: assistant.answer(case.question, case.turns),
        library.now(),
        library.generation(),
        _progress,
    )
    kept = Kept(settings.home, questions.stem, str(questions.resolve()))
    comparison, file, written = keep(done, kept, settings, report)
    if json:
        batches.print_json(_dump(done, comparison, file, written))
    else:
        _show(done, comparison, settings)
        typer.echo(f"report: {written}")
    if fail_under is not None and done.total.share < fail_under:
        raise typer.Exit(1)


def keep(
    done: Run, kept: Kept, settings: Settings, report: Path | None
) -> tuple[Comparison | None, Path, Path]:
    """Compare with the run before, keep the run and write its report: the comparison, the file of the run, and
    that of the report (beside it unless a place is given)."""
    from bot.blocks.wording import words
    from bot.evaluating import report as reporting
    from bot.evaluating.runs import compare

    before = kept.previous()
    comparison = compare(done, before) if before is not None else None
    file = kept.keep(done)
    written = report or file.with_suffix(".html")
    reporting.write(written, reporting.html(done, comparison, words(settings.language), settings.zone))
    return comparison, file, written


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(
            f"\r{done}/{total}" + ("\r" + " " * 20 + "\r" if done == total else ""), nl=False, err=True
        )


def _show(done: Run, comparison: Comparison | None, settings: Settings) -> None:
    from rich.console import Console
    from rich.table import Table

    from bot.evaluating.runs import shares

    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(("kind", "passed", "share", "turned away", "caught", "median")):
        table.add_column(name, justify="right" if n else "left")
    for row in shares([*done.tallies, done.total]):
        table.add_row(*row)
    Console().print(table)
    for failure in done.failures:
        typer.echo(f"FAIL {failure.id} {failure.kind}: {failure.question} | {_why(failure)}")
    if comparison is None:
        typer.echo("No earlier run of this set to compare with.")
        return
    at = comparison.at.astimezone(settings.zone)
    typer.echo(
        f"since {at:%Y-%m-%d %H:%M} ({comparison.share:.1%}): {len(comparison.failing)} newly failing, "
        f"{len(comparison.passing)} newly passing, {len(comparison.changed)} in other words, "
        f"{len(comparison.added)} new questions, {len(comparison.gone)} gone"
    )
    for pair in comparison.failing:
        typer.echo(f"  newly failing: {pair.row.id} {pair.row.question} | {_why(pair.row)}")
    for pair in comparison.passing:
        typer.echo(f"  newly passing: {pair.row.id} {pair.row.question}")


def _why(row: Row) -> str:
    from bot.blocks.wording import words
    from bot.evaluating.report import why

    return why(row, words("en"))


def _dump(done: Run, comparison: Comparison | None, file: Path, report: Path) -> dict[str, Any]:
    def ids(pairs: Any) -> list[str]:
        return [pair.row.id for pair in pairs]

    total = done.total
    return {
        "name": done.name,
        "at": done.at.isoformat(),
        "generation": done.generation,
        "passed": total.passed,
        "asked": total.asked,
        "share": round(total.share, 4),
        "kinds": [{**tally.model_dump(), "share": round(tally.share, 4)} for tally in done.tallies],
        "total": total.model_dump(),
        "failures": [row.model_dump(mode="json") for row in done.failures],
        "comparison": comparison
        and {
            "at": comparison.at.isoformat(),
            "share": round(comparison.share, 4),
            "newly_failing": ids(comparison.failing),
            "newly_passing": ids(comparison.passing),
            "changed": ids(comparison.changed),
            "added": list(comparison.added),
            "gone": list(comparison.gone),
        },
        "run": str(file),
        "report": str(report),
    }

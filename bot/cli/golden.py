"""`kefu golden …`: questions whose answers are watched over every publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches, working

if TYPE_CHECKING:
    from bot.keeping.golden import GoldenRun, GoldenRunner

app = typer.Typer(help="Questions whose answers are watched over every publication.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def _group() -> None:
    """Questions whose answers are watched over every publication."""


def _runner() -> GoldenRunner:
    from bot.settings import Settings
    from bot.wiring import open_publisher

    return open_publisher(Settings())[1].golden


@app.command("add")
def add(
    question: Annotated[str, typer.Argument(help="The question.", show_default=False)], json: Json = False
) -> None:
    """Watch a question; its present answer is the accepted one."""
    runner = _runner()
    kept = runner.questions.add(question, working.BY)
    runs = [run for run in runner.run() if run.question.id == kept.id]
    runner.accept(runs)
    if json:
        batches.print_json({"golden": [_row(run) for run in runs]})
        return
    for run in runs:
        typer.echo(f"#{kept.id} {run.after.outcome}: {' '.join(run.after.text.split())}")


@app.command("list")
def list_questions(json: Json = False) -> None:
    """Every golden question with its accepted answer."""
    questions = _runner().questions.all()
    if json:
        batches.print_json(
            {
                "golden": [
                    {"id": q.id, "question": q.question, "accepted": dict(q.accepted)} for q in questions
                ]
            }
        )
        return
    for q in questions:
        typer.echo(f"#{q.id} {q.question}  [{q.accepted.get('outcome', 'not accepted yet')}]")
    if not questions:
        typer.echo('None yet: kefu golden add "问题"')


@app.command("remove")
def remove(
    number: Annotated[int, typer.Argument(help="Number of the question.", show_default=False)],
    json: Json = False,
) -> None:
    """Stop watching a question."""
    _runner().questions.remove(number)
    if json:
        batches.print_json({"id": number, "removed": True})
        return
    typer.echo(f"#{number} removed.")


@app.command("run")
def run(
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the present answers as the accepted ones.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Where the HTML report goes; by default beside the kept run.")
    ] = None,
    json: Json = False,
) -> None:
    """Ask them all and compare with the accepted answers.

    Exit status 1 when one differs. An evaluation like that of kefu eval: the run is kept and reported in the same way.
    """
    from bot.cli.eval import keep
    from bot.evaluating.runs import Kept
    from bot.settings import Settings

    runner, settings = _runner(), Settings()
    runs, done = runner.evaluate()
    _, _, written = keep(done, Kept(settings.home, done.name), settings, report)
    if json:
        batches.print_json({"golden": [_row(one) for one in runs], "report": str(written)})
    else:
        for one in runs:
            _show(one)
        typer.echo(
            f"{sum(one.is_changed for one in runs)} of {len(runs)} golden questions changed their answer."
        )
        typer.echo(f"report: {written}")
    if accept:
        runner.accept(runs)
    elif any(one.is_changed for one in runs):
        raise typer.Exit(1)


def _row(one: GoldenRun) -> dict[str, object]:
    return {
        "id": one.question.id,
        "question": one.question.question,
        "changed": one.is_changed,
        "accepted": one.before.dump() if one.before else None,
        "now": one.after.dump(),
    }


def _show(one: GoldenRun) -> None:
    typer.echo(f"{'changed' if one.is_changed else 'same   '} #{one.question.id} {one.question.question}")
    if one.is_changed and one.before:
        typer.echo(f"    - {one.before.outcome}: {' '.join(one.before.text.split())}")
        typer.echo(f"    + {one.after.outcome}: {' '.join(one.after.text.split())}")

"""`kefu board`: one page of honest figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import batches


def board(
    questions: Annotated[
        Path | None,
        typer.Argument(help="Questions with what their answers must be (see kefu eval).", show_default=False),
    ] = None,
    manuals: Annotated[
        Path | None, typer.Option(help="The manuals that they are about.", show_default="the demo's")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="answers, editions, decisions or speed; several times.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page there.", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how right the answers are, on one page.

    What this kind of software should be asked for, each figure with the command that makes it.

    answers: citations (precision, recall), the wrong share at the chosen caution, false answers on absent matters,
    conflicts shown, over your questions and manuals. editions: answers from an old edition after a publication.
    decisions: double decisions under races. speed: acknowledgements and answers, 95 %.

    Exit status 1 when a figure that must be 0 is not. All of it happens in a temporary folder.
    """
    from bot.measuring.board import PARTS, page
    from bot.measuring.board import board as measure
    from bot.measuring.house import DEMO

    parts = only or [part for part in PARTS if part != "answers" or questions is not None]
    for part in parts:
        if part not in PARTS:
            raise typer.BadParameter(f"There is no part “{part}”; choose from {', '.join(PARTS)}.")
    if "answers" in parts and questions is None:
        raise typer.BadParameter("The part “answers” needs a file of questions.")
    figures = measure(
        parts, questions, manuals or DEMO / "manuals", lambda part: typer.echo(f"measuring: {part}", err=True)
    )
    if out is not None:
        out.write_text(page(figures), encoding="utf-8")
        typer.echo(f"written: {out}", err=True)
    if json:
        batches.print_json({"figures": [one.model_dump() | {"fails": one.fails} for one in figures]})
    else:
        typer.echo(page(figures))
    if any(one.fails for one in figures):
        raise typer.Exit(1)

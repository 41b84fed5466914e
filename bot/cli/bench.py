"""`kefu bench`: what it costs on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import batches


def bench(
    clauses: Annotated[
        list[int] | None, typer.Option(min=100, help="A size to measure; several times for several.")
    ] = None,
    agents: Annotated[
        list[int] | None, typer.Option(min=1, max=1000, help="A crowd that asks at once; several times.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each question is asked at each size.")] = 5,
    out: Annotated[
        Path | None, typer.Option(help="Folder for bench.json, bench.md and bench.svg.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure speed and memory on this machine.

    Taking in, a question, starting, memory; and crowds of agents that ask at once.

    Without options: 1,000, 10,000 and 100,000 clauses, and 1, 16, 64 and 256 agents (about half an hour on two
    cores); with some, only those. Beside each question, in the same run: the bare embedding, BM25 alone and the usual
    LangChain recipe, where they are installed (pip install 'kefu-desk[test]').

    Everything lies in a temporary folder: neither your manuals nor your Slack are touched.
    """
    from bot.measuring.bench import keep, measure, table

    default = clauses is None and agents is None
    measured = measure(
        clauses or ([1_000, 10_000, 100_000] if default else []),
        agents or ([1, 16, 64, 256] if default else []),
        rounds,
        lambda doing: typer.echo(f"measuring: {doing}", err=True),
    )
    if out is not None:
        for file in keep(measured, out):
            typer.echo(f"written: {file}", err=True)
    if json:
        batches.print_json(measured.model_dump(mode="json"))
    else:
        typer.echo(table(measured))

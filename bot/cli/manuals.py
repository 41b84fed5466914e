"""`kefu manuals …`: what is live."""

from __future__ import annotations

import json as jsonlib
from typing import Annotated

import typer

app = typer.Typer(help="The manuals that answers come from.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The manuals that answers come from."""


@app.command("list")
def list_manuals(json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the live manuals: title, organisation, edition, clauses, truncated, source."""
    from bot.settings import Settings
    from bot.wiring import open_library

    manuals = open_library(Settings()).manuals()
    if json:
        rows = [
            {
                "title": m.title,
                "organisation": m.organisation,
                "edition": m.edition,
                "clauses": m.clauses,
                "truncated": m.truncated,
                "source": m.source,
                "language": m.language,
                "published_at": m.published_at.isoformat(),
                "notes": list(m.notes),
            }
            for m in manuals
        ]
        typer.echo(jsonlib.dumps(rows, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("title", "organisation", "edition", "clauses", "truncated", "source")
    for m in manuals:
        table.add_row(
            m.title, m.organisation, str(m.edition), str(m.clauses), "yes" if m.truncated else "", m.source
        )
    Console().print(table if manuals else "No manuals yet: kefu ingest PATH…")

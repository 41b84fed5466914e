"""`kefu ingest`: files become live manuals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from ingest.pipeline import Staged


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files (.txt, .md) or folders.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read manuals, cut them into clauses and publish them in one transaction."""
    from bot.settings import Settings
    from bot.wiring import open_intake

    intake = open_intake(Settings())
    staged = _stage(intake, paths, quiet=json)
    intake.publish(staged, "command line")
    if json:
        batches.print_json(summary(staged))
    else:
        _show(staged)


def _stage(intake: Any, paths: list[Path], *, quiet: bool) -> Staged:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True, quiet=quiet)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        reading = bar.add_task("reading files", total=None)
        embedding = bar.add_task("embedding new clauses", total=None, visible=False)

        def on_file(name: str) -> None:
            bar.update(reading, advance=1, description=f"reading {name}")

        def on_text(done: int, total: int) -> None:
            bar.update(embedding, completed=done, total=total, visible=True)

        staged: Staged = intake.stage(paths, "command line", progress=on_text, on_file=on_file)
    return staged


def summary(staged: Staged) -> dict[str, Any]:
    """Counts of what was published, for `--json`."""
    return {
        "manuals": [
            {
                "title": c.title,
                "organisation": c.organisation,
                "edition": c.number,
                "new": c.is_new,
                "added": c.added,
                "changed": c.changed,
                "removed": c.removed,
                "unchanged": c.unchanged,
                "truncated": c.truncated,
                "notes": list(c.notes),
            }
            for c in staged.changes
        ],
        "clauses": {name: staged.total(name) for name in ("added", "changed", "removed", "unchanged")},
        "refused": [{"source": r.source, "reason": r.reason} for r in staged.refused],
    }


def _show(staged: Staged) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("manual", "organisation", "edition", "clauses", box=None, pad_edge=False)
    remarks = []
    for c in staged.changes:
        counts = [f"{c.clauses}"]
        if not c.is_new:
            counts += [f"+{c.added}", f"~{c.changed}", f"-{c.removed}"]
        table.add_row(c.title, c.organisation, str(c.number), " ".join(counts))
        remarks += [f"《{c.title}》 {note}" for note in c.notes]
    console = Console()
    console.print(table)
    total = sum(staged.total(name) for name in ("added", "changed", "unchanged"))
    for remark in remarks:
        console.print(f"note: {remark}", style="dim", highlight=False)
    console.print(f"{len(staged.changes)} manuals, {total} clauses are live.")
    for refusal in staged.refused:
        console.print(f"not taken: {refusal.source}: {refusal.reason}", style="yellow")

"""`kefu draft`: an escalation draft from free text, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import batches


def draft(
    text: Annotated[str | None, typer.Argument(help="What happened, in your own words.")] = None,
    role: Annotated[
        str, typer.Option(help="Role of the sender: agent, leader, supervisor, manager.")
    ] = "agent",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        Path | None, typer.Option(help="Texts, one object {id, text, sender_role?} a line.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the drafts of --batch go.")] = None,
) -> None:
    """Draft the report that a supervisor would read.

    Where the matter belongs, who decides next, and the facts, with customers' data masked.
    """
    batches.one_of(text, batch, out, "a text")
    from bot.settings import Settings
    from bot.wiring import open_drafter

    if batch is not None and out is not None:
        rows = batches.read_lines(batch, ["id", "text"])
        drafter = open_drafter(Settings())
        drafts = (
            drafter.draft(str(row["text"]), str(row.get("sender_role") or "agent")).to_json(str(row["id"]))
            for row in rows
        )
        count = batches.write_lines(out, drafts)
        typer.echo(f"{count} drafts written to {out}", err=True)
        return
    made = open_drafter(Settings()).draft(text or "", role)
    if json:
        batches.print_json(made.to_json(""))
    else:
        typer.echo(made.report)

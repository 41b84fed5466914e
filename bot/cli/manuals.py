"""`kefu manuals …`: what is live, what waits, what was; one manual, its history, its text."""

from __future__ import annotations

import json as jsonlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.manuals_changing import diff, discard, extend, publish, rollback, sweep, withdraw
from bot.cli.manuals_conflicts import conflicts, settle
from bot.cli.manuals_named import the_manual

app = typer.Typer(help="The manuals that answers come from.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Number of the manual, or part of its title.", show_default=False)]


@app.callback()
def _group() -> None:
    """The manuals that answers come from."""


@app.command("list")
def list_manuals(
    waiting: Annotated[bool, typer.Option("--waiting", help="What is staged or scheduled instead.")] = False,
    json: Json = False,
) -> None:
    """List the live manuals."""
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    if waiting:
        _print_editions([*library.staged(), *library.scheduled()], json=json)
        return
    manuals = library.manuals()
    if json:
        _print([_summary(manual) for manual in manuals])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.cli.reports import moment

    if not manuals:
        typer.echo("No manuals yet: kefu ingest PATH…")
        return
    zone = Settings().zone
    names = ("#", "title", "organisation", "edition", "clauses", "truncated", "for", "until", "source")
    rows = [
        (
            str(m.manual_id), m.title, m.organisation, str(m.edition), str(m.clauses), "yes" if m.truncated else "",
            ", ".join(m.audience), moment(m.expires_at, zone) if m.expires_at else "", m.source,
        )
        for m in manuals
    ]  # fmt: skip
    used = [
        at for at in range(len(names)) if any(row[at] for row in rows)
    ]  # what is nowhere said takes no room
    table = Table(box=None, pad_edge=False)
    for at in used:
        table.add_column(names[at], overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[at]) for at in used))
    Console().print(table)


def _summary(m: Any) -> dict[str, Any]:
    return {
        "id": m.manual_id, "title": m.title, "organisation": m.organisation, "edition": m.edition,
        "clauses": m.clauses, "truncated": m.truncated, "source": m.source, "language": m.language,
        "published_at": m.published_at.isoformat(), "product": m.product, "audience": list(m.audience),
        "owner": m.owner, "effective_at": m.effective_at.isoformat() if m.effective_at else None,
        "expires_at": m.expires_at.isoformat() if m.expires_at else None, "notes": list(m.notes),
    }  # fmt: skip


@app.command("show")
def show(
    manual: Name,
    edition: Annotated[int | None, typer.Option(help="Number of the edition; default: the live one.")] = None,
    json: Json = False,
) -> None:
    """Every clause of a manual with the label that answers cite."""
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    found = the_manual(library, manual)
    chosen = found.numbered(edition)
    clauses = library.edition_clauses(chosen.edition_id)
    if json:
        _print([_clause(clause) for clause in clauses])
        return
    owner = f" {chosen.organisation}" if chosen.organisation else ""
    typer.echo(f"《{chosen.title}》{owner} · edition {chosen.number} ({chosen.state.value})")
    above: tuple[str, ...] = ()
    for clause in clauses:
        if clause.heading_path != above:
            above = clause.heading_path
            typer.echo("\n" + " > ".join(above) if above else "")
        flags = [name for name, on in (("cut off here", clause.truncated), ("blank", clause.has_blank)) if on]
        page = f" p.{clause.page}" if clause.page else ""
        remark = f"  ({', '.join(flags)})" if flags else ""
        typer.echo(f"  [{clause.label}{page}] {clause.text}{remark}")


def _clause(clause: Any) -> dict[str, Any]:
    return {
        "label": clause.label, "headings": list(clause.heading_path), "text": clause.text, "kind": clause.kind.value,
        "page": clause.page, "truncated": clause.truncated, "blank": clause.has_blank,
    }  # fmt: skip


@app.command("history")
def history(manual: Name, json: Json = False) -> None:
    """Every edition: when it was live, who published it."""
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    _print_editions(the_manual(library, manual).editions, json=json)


def _print_editions(editions: Any, *, json: bool) -> None:
    if json:
        _print([_edition(edition) for edition in editions])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.settings import Settings

    zone = Settings().zone

    def day(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    table = Table("edition", "#", "manual", "state", "clauses", "when", "by", box=None, pad_edge=False)
    for e in editions:
        spans = [f"{day(s.from_at)} – {day(s.until_at) if s.until_at else 'now'}" for s in e.spans]
        waiting = (
            f"from {day(e.metadata.effective_at)}"
            if e.metadata.effective_at
            else f"staged {day(e.staged_at)}"
        )
        state = f"{e.state.value}, suspicious" if e.is_suspicious and not spans else e.state.value
        table.add_row(
            str(e.number), str(e.edition_id), Text(e.title), state, str(e.clauses), "\n".join(spans) or waiting,
            e.published_by or e.staged_by,
        )  # fmt: skip
    Console().print(table if editions else "Nothing.")


def _edition(e: Any) -> dict[str, Any]:
    return {
        "edition_id": e.edition_id, "manual_id": e.manual_id, "edition": e.number, "state": e.state.value,
        "title": e.title, "organisation": e.organisation, "source": e.source, "clauses": e.clauses,
        "suspicious": e.is_suspicious, "staged_at": e.staged_at.isoformat(), "staged_by": e.staged_by, "published_by": e.published_by,
        "effective_at": e.metadata.effective_at.isoformat() if e.metadata.effective_at else None,
        "expires_at": e.metadata.expires_at.isoformat() if e.metadata.expires_at else None,
        "live": [
            {
                "from": s.from_at.isoformat(), "until": s.until_at.isoformat() if s.until_at else None,
                "by": s.by, "kind": s.kind.value,
            }
            for s in e.spans
        ],
    }  # fmt: skip


@app.command("export")
def export(
    manual: Name,
    edition: Annotated[int | None, typer.Option(help="Number of the edition; default: the live one.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
    json: Json = False,
) -> None:
    """The text of a manual, each clause with its label.

    As Markdown, or as JSON with --json.
    """
    from bot.cli.exporting import as_markdown
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    chosen = the_manual(library, manual).numbered(edition)
    clauses = library.edition_clauses(chosen.edition_id)
    text = (
        jsonlib.dumps(
            {**_edition(chosen), "text": [_clause(c) for c in clauses]}, ensure_ascii=False, indent=1
        )
        if json
        else as_markdown(chosen, clauses)
    )
    if out is None:
        typer.echo(text)
        return
    out.write_text(f"{text}\n", encoding="utf-8")
    typer.echo(f"{len(clauses)} clauses written to {out}", err=True)


def _print(value: Any) -> None:
    typer.echo(jsonlib.dumps(value, ensure_ascii=False, indent=1))


for command in (diff, publish, discard, rollback, withdraw, extend, conflicts, settle, sweep):
    app.command()(command)

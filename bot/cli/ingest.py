"""`kefu ingest`: files become live manuals, once or whenever they change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from rich.console import Console

    from bot.manual_work import IngestRequest, IngestResult

_META = "Metadata of all these files; stronger than front matter and sidecar files."


def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files (txt, md, html, docx, pdf, images, xlsx, csv, pptx, zip) or folders.",
            show_default=False,
        ),
    ],
    stage: Annotated[
        bool, typer.Option("--stage", help="Only compare; publish later with kefu manuals publish.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: take files in again when they change.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    title: Annotated[str, typer.Option(help=_META)] = "",
    organisation: Annotated[str, typer.Option(help="Whose rules they are.")] = "",
    audience: Annotated[
        str, typer.Option(help="Who may be told: role:agent, channel:C0123, separated by commas.")
    ] = "",
    product: Annotated[str, typer.Option(help="What they are about.")] = "",
    owner: Annotated[str, typer.Option(help="Slack id of whoever is asked before they expire.")] = "",
    effective: Annotated[str, typer.Option(help="From when they hold: 2026-12-01 or 2026-12-01 09:00.")] = "",
    expires: Annotated[str, typer.Option(help="Until when they hold.")] = "",
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Take editions that lose more than half of their clauses.")
    ] = False,
    accept_suspicious: Annotated[
        bool, typer.Option("--accept-suspicious", help="Publish text that tries to instruct the bot.")
    ] = False,
    no_corrections: Annotated[
        bool, typer.Option("--no-corrections", help="Tell nobody who was answered from what changes.")
    ] = False,
) -> None:
    """Read manuals, cut them into clauses, say what changes and publish it all in one transaction."""
    from bot.manual_work import IngestRequest

    given = {
        "title": title, "organisation": organisation, "audience": audience, "product": product,
        "owner": owner, "effective": effective, "expires": expires,
    }  # fmt: skip
    request = IngestRequest(
        paths=tuple(str(path.absolute()) for path in paths),
        metadata={name: value for name, value in given.items() if value},
        publish=not stage,
        accept_loss=accept_loss,
        accept_suspicious=accept_suspicious,
        tell=not no_corrections,
    )
    _once(request, json=json)
    if watch:
        _watch(request, json=json)


def _once(request: IngestRequest, *, json: bool) -> None:
    from bot.cli import working
    from bot.manual_work import IngestResult

    result = IngestResult.model_validate(working.run("ingest", request, quiet=json))
    if json:
        batches.print_json(summary(result))
    else:
        from rich.console import Console

        show(result, Console())


def _watch(request: IngestRequest, *, json: bool) -> None:
    """Take changed files in again until interrupted. The store is free between two rounds."""
    from watchfiles import Change, DefaultFilter
    from watchfiles import watch as changes

    from bot.cli.failures import sentence
    from ingest.errors import IngestError
    from ingest.readers import is_manual
    from knowledge.errors import KnowledgeError

    typer.echo("watching; stop with Ctrl-C", err=True)
    for found in changes(*request.paths, watch_filter=DefaultFilter(), debounce=1600, raise_interrupt=True):
        gone = sorted(
            {Path(path).name for kind, path in found if kind is Change.deleted and not Path(path).exists()}
        )
        if gone:
            typer.echo(
                f"{', '.join(gone)} is gone; its manual stays live until kefu manuals withdraw.", err=True
            )
        new = sorted({path for _, path in found if Path(path).is_file() and is_manual(Path(path))})
        if not new:
            continue
        try:
            _once(request.model_copy(update={"paths": tuple(new)}), json=json)
        except (IngestError, KnowledgeError) as error:
            typer.echo(f"kefu: {sentence(error)}", err=True)


def summary(result: IngestResult) -> dict[str, object]:
    """Counts of what was done, for `--json`; the clauses themselves are in `kefu manuals diff --json`."""
    report = result.report
    return {
        "manuals": [
            {
                **edition.model_dump(mode="json", exclude={"clauses", "number", "is_new"}),
                "edition": edition.number,
                "new": edition.is_new,
                "published": edition.edition_id in result.published,
            }
            for edition in report.editions
        ],
        "clauses": {
            name: report.total(name)
            for name in ("added", "changed", "removed", "moved", "renumbered", "unchanged")
        },
        "conflicts": {"new": len(report.conflicts_new), "gone": len(report.conflicts_gone)},
        "golden": {"asked": report.golden_asked, "changed": len(report.golden)},
        "answered": {"agents": report.agents, "answers": report.answers, "days": report.days},
        "refused": [refusal.model_dump() for refusal in report.refused],
        "held": list(result.held),
    }


def show(result: IngestResult, console: Console) -> None:
    """What was done, for people."""
    from bot.cli.reports import show_report

    report = result.report
    show_report(report, console, clauses=not result.published)
    if result.held:
        console.print(
            f"{len(result.held)} staged but not published: the text tries to instruct the bot; read it, then "
            f"kefu manuals publish {' '.join(map(str, result.held))} or discard.",
            style="yellow",
        )
    if result.published:
        later = [e for e in report.editions if e.edition_id in result.published and e.effective_at]
        now = [e for e in report.editions if e not in later and e.edition_id not in result.held]
        console.print(f"{len(now)} manuals, {sum(e.total for e in now)} clauses are live.", highlight=False)
    elif report.edition_ids:
        console.print("Nothing is live yet: kefu manuals publish, or kefu manuals discard.")
    else:
        console.print("Everything is live already; nothing to publish.")

"""`kefu ingest`: files become live manuals, once or whenever they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.console import Console
    from watchfiles import Change

    from bot.keeping.manual_work import IngestRequest, IngestResult

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
        bool, typer.Option("--watch", help="Go on, and take files in again when they change.")
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
    """Read manuals and publish their clauses.

    They are cut into clauses and compared with what is live; all of it is published in one transaction.
    """
    from bot.keeping.manual_work import IngestRequest

    for option, value in (("--effective", effective), ("--expires", expires)):
        _is_date(option, value)
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
    if watch:
        _watch(request, json=json)
    else:
        _once(request, json=json)


def _is_date(option: str, value: str) -> None:
    from bot.settings import Settings
    from ingest.metadata import read_moment

    if value and read_moment(value, Settings().zone, ends=False) is None:
        raise typer.BadParameter(
            f"“{value}” ({option}) is not a date; write it like 2026-12-01 or 2026-12-01 09:00."
        )


def _once(request: IngestRequest, *, json: bool) -> None:
    from bot.cli import working
    from bot.keeping.manual_work import IngestResult

    result = IngestResult.model_validate(working.run("ingest", request, quiet=json))
    if json:
        batches.print_json(summary(result))
    else:
        from rich.console import Console

        from bot.settings import Settings

        show(result, Console(), Settings().zone)


def _watch(request: IngestRequest, *, json: bool) -> None:
    """Take files in now, and again when they change, until interrupted. The store is free between two rounds."""
    from watchfiles import DefaultFilter
    from watchfiles import watch as changes

    missing = [path for path in request.paths if not Path(path).exists()]
    if missing:
        _round(request, json=json, ends=True)  # says which
    try:
        # The watch begins before the first round: what changes during it is not overlooked.
        watching = changes(
            *request.paths,
            watch_filter=DefaultFilter(),
            debounce=1600,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        next(watching)
        _round(request, json=json)
        typer.echo("Watching for changes; stop with Ctrl-C.", err=True)
        for found in changed_files(watching):
            _round(request.model_copy(update={"paths": tuple(found)}), json=json)
    except KeyboardInterrupt:
        typer.echo("Stopped watching; what is live stays live.", err=True)


def changed_files(watching: Iterable[set[tuple[Change, str]]]) -> Iterator[list[str]]:
    """The manuals to take in again, round by round: changed themselves, or told of by a changed sidecar."""
    from watchfiles import Change

    from ingest.readers import is_manual
    from ingest.sidecars import OF_FILE, is_sidecar

    for found in watching:
        new: set[Path] = set()
        for kind, name in found:
            path = Path(name)
            if is_sidecar(path):
                beside = [p for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
                named = path.name.removesuffix(OF_FILE)
                new.update(p for p in beside if not path.name.endswith(OF_FILE) or named in (p.name, p.stem))
            elif path.is_file():
                new.add(path)
            elif kind is Change.deleted and is_manual(path):
                typer.echo(
                    f"{path.name} is gone; its manual stays live until kefu manuals withdraw.", err=True
                )
        taken = sorted(str(path) for path in new if is_manual(path) and not is_sidecar(path))
        if taken:
            yield taken


def _round(request: IngestRequest, *, json: bool, ends: bool = False) -> None:
    """One round of a watch: what goes wrong is said, and the next change may mend it."""
    from sqlalchemy.exc import DBAPIError

    from bot.cli.failures import sentence
    from ingest.errors import IngestError
    from knowledge.errors import KnowledgeError
    from tickets.errors import DeskError

    try:
        _once(request, json=json)
    except (IngestError, KnowledgeError, DeskError, DBAPIError, OSError) as error:
        if ends:
            raise
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
                "scheduled": edition.edition_id in result.scheduled,
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
        "confirmed": report.confirmed,
        "refused": [refusal.model_dump() for refusal in report.refused],
        "held": list(result.held),
    }


def show(result: IngestResult, console: Console, zone: tzinfo) -> None:
    """What was done, for people; times in `zone`."""
    from bot.cli.reports import counted, show_report

    report = result.report
    show_report(report, console, zone, clauses=not result.published)
    if result.held:
        console.print(
            f"{len(result.held)} staged but not published: the text tries to instruct the bot; read it, then "
            f"kefu manuals publish {' '.join(map(str, result.held))} or discard.",
            style="yellow",
            highlight=False,
            soft_wrap=True,
        )
    if result.published:
        now = [e for e in report.editions if e.edition_id not in (*result.scheduled, *result.held)]
        if now:
            clauses = counted(sum(e.total for e in now), "clause")
            console.print(f"{counted(len(now), 'manual')} with {clauses} live.", highlight=False)
        if result.scheduled:
            wait = "waits" if len(result.scheduled) == 1 else "wait"
            console.print(
                f"{counted(len(result.scheduled), 'manual')} {wait} for the day (kefu manuals list --waiting).",
                highlight=False,
            )
    elif report.edition_ids:
        if not result.held:
            console.print("Nothing is live yet: kefu manuals publish, or kefu manuals discard.")
    else:
        console.print("Everything is live already; nothing to publish.")

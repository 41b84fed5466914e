"""`kefu manuals diff|publish|discard|rollback|withdraw|sweep`: deciding what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches, working
from bot.cli.manuals_named import the_manual

if TYPE_CHECKING:
    from knowledge.history import EditionRecord
    from knowledge.library import Library

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Number of the manual, or part of its title.", show_default=False)]
Editions = Annotated[
    list[int] | None, typer.Argument(help="Ids of staged editions (the # of kefu ingest); default: all.")
]
Silent = Annotated[
    bool, typer.Option("--no-corrections", help="Tell nobody who was answered from what changes.")
]


def diff(
    manual: Annotated[
        str | None, typer.Argument(help="Only this manual (number or part of its title).")
    ] = None,
    old: Annotated[int | None, typer.Option("--from", help="Number of the earlier edition.")] = None,
    new: Annotated[int | None, typer.Option("--to", help="Number of the later edition.")] = None,
    json: Json = False,
) -> None:
    """What publishing would change.

    Clauses and numbers, conflicts, golden questions, and how many agents were answered from what changes.

    Without anything: all that is staged. With a manual and --from/--to: two of its editions.
    """
    from bot.cli.reports import show_report
    from bot.keeping.manual_work import ReportRequest
    from bot.keeping.publication import PublicationReport
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    if manual is not None and (old is not None or new is not None):
        report = _between(library, manual, old, new)
    else:
        if old is not None or new is not None:
            raise typer.BadParameter("--from and --to are editions of one manual; name it.")
        staged = _newest_staged(library)
        if manual is not None:
            wanted = the_manual(library, manual).manual_id
            staged = [edition for edition in staged if edition.manual_id == wanted]
        if not staged:
            if json:
                batches.print_json(PublicationReport().model_dump(mode="json"))
                return
            typer.echo("Nothing is staged: kefu ingest --stage PATH… compares without publishing.")
            return
        request = ReportRequest(edition_ids=tuple(edition.edition_id for edition in staged))
        report = PublicationReport.model_validate(working.run("report", request, quiet=json))
    if json:
        batches.print_json(report.model_dump(mode="json"))
    else:
        from rich.console import Console

        show_report(report, Console(), Settings().zone)


def _newest_staged(library: Library) -> list[EditionRecord]:
    """What is staged; of two editions of one manual only the later, which has taken the other's place."""
    newest = {e.manual_id: e for e in sorted(library.staged(), key=lambda edition: edition.number)}
    return list(newest.values())


def _between(library: Library, manual: str, old: int | None, new: int | None) -> Any:
    from bot.keeping.publication import EditionReport, PublicationReport
    from bot.keeping.publishing import changed_clauses
    from knowledge.comparison import ChangeKind

    named = the_manual(library, manual)
    later = named.numbered(new)
    earlier = named.numbered(later.number - 1 if old is None else old)
    comparison = library.compare(later.edition_id, earlier.edition_id)
    counts = {kind.value: comparison.counts[kind] for kind in ChangeKind}
    edition = EditionReport(
        edition_id=later.edition_id, manual_id=later.manual_id, title=later.title, organisation=later.organisation,
        number=later.number, is_new=False, truncated=later.truncated, clauses=changed_clauses(comparison), **counts,
    )  # fmt: skip
    return PublicationReport(editions=(edition,))


def publish(
    editions: Editions = None,
    no_corrections: Silent = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also when something newer was staged or published since.")
    ] = False,
    json: Json = False,
) -> None:
    """Make staged editions live, all at once.

    Those with an effective date in the future wait for it.

    Editions whose text tries to instruct the bot are published only when they are named.
    """
    from bot.cli.reports import counted
    from bot.keeping.manual_work import MoveResult, PublishRequest
    from bot.settings import Settings
    from bot.wiring import open_library

    ids = tuple(dict.fromkeys(editions or ()))
    held: list[int] = []
    if not ids:
        staged = _newest_staged(open_library(Settings()))
        ids = tuple(edition.edition_id for edition in staged if not edition.is_suspicious)
        held = [edition.edition_id for edition in staged if edition.is_suspicious]
    moved = later = 0
    if ids:
        request = PublishRequest(edition_ids=ids, tell=not no_corrections, force=force)
        moved = MoveResult.model_validate(working.run("publish", request, quiet=json)).moved
        later = len(ids) - moved
    if json:
        batches.print_json({"published": list(ids), "live": moved, "scheduled": later, "held": held})
        return
    if ids:
        waiting = (
            f" {counted(later, 'manual')} {'waits' if later == 1 else 'wait'} for the day." if later else ""
        )
        typer.echo(f"{counted(moved, 'manual')} published.{waiting}")
    if held:
        typer.echo(
            f"Not published, the text tries to instruct the bot: read it (kefu manuals diff), then "
            f"kefu manuals publish {' '.join(map(str, held))} or discard."
        )
    elif not ids:
        typer.echo("Nothing is staged.")


def discard(editions: Editions = None, json: Json = False) -> None:
    """Give up staged or scheduled editions.

    Nothing live changes.
    """
    from bot.cli.reports import counted
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    ids = list(dict.fromkeys(editions or [edition.edition_id for edition in library.staged()]))
    if ids:
        library.discard(ids)
    if json:
        batches.print_json({"discarded": ids})
    else:
        typer.echo(f"{counted(len(ids), 'edition')} discarded." if ids else "Nothing is staged.")


def rollback(
    manual: Name,
    to: Annotated[int | None, typer.Option(help="Number of the edition; default: the one before.")] = None,
    no_corrections: Silent = False,
    json: Json = False,
) -> None:
    """Make an earlier edition live again, at once.

    This also brings back a withdrawn or expired manual.
    """
    from bot.keeping.manual_work import RollbackRequest
    from bot.settings import Settings
    from bot.wiring import open_library

    library = open_library(Settings())
    named = the_manual(library, manual)
    working.run(
        "rollback", RollbackRequest(manual_id=named.manual_id, to=to, tell=not no_corrections), quiet=json
    )
    live = the_manual(library, str(named.manual_id)).numbered(None)
    if json:
        batches.print_json({"manual_id": live.manual_id, "title": live.title, "edition": live.number})
        return
    typer.echo(f"Edition {live.number} of 《{live.title}》 is live.")


def withdraw(manual: Name, no_corrections: Silent = False, json: Json = False) -> None:
    """Take a manual out of the answers.

    kefu manuals rollback brings it back.
    """
    from bot.keeping.manual_work import WithdrawRequest
    from bot.settings import Settings
    from bot.wiring import open_library

    named = the_manual(open_library(Settings()), manual)
    working.run("withdraw", WithdrawRequest(manual_id=named.manual_id, tell=not no_corrections), quiet=json)
    if json:
        batches.print_json({"manual_id": named.manual_id, "title": named.title, "withdrawn": True})
        return
    typer.echo(f"《{named.title}》 answers no more.")


def extend(
    manual: Name,
    until: Annotated[str, typer.Option(help="New last day, 2027-03-31, or “none”: holds for good.")],
    json: Json = False,
) -> None:
    """Let a manual hold until another day."""
    from bot.keeping.manual_work import ExtendRequest
    from bot.settings import Settings
    from bot.wiring import open_library
    from ingest.metadata import last_moment, read_moment

    settings = Settings()
    if until != "none" and read_moment(until, settings.zone, ends=True) is None:
        raise typer.BadParameter(f"“{until}” is not a date; write it like 2027-03-31, or none.")
    named = the_manual(open_library(settings), manual)
    moment = None if until == "none" else last_moment(until, settings.zone)
    working.run("extend", ExtendRequest(manual_id=named.manual_id, until=moment), quiet=json)
    if json:
        last = None if moment is None else until
        batches.print_json({"manual_id": named.manual_id, "title": named.title, "until": last})
        return
    typer.echo(f"《{named.title}》 holds {'for good' if moment is None else f'until {until}'}.")


def sweep(json: Json = False) -> None:
    """Delete vectors that no edition needs."""
    from bot.keeping.manual_work import SweepRequest, SweepResult

    swept = SweepResult.model_validate(working.run("sweep", SweepRequest(), quiet=json))
    if json:
        batches.print_json(swept.model_dump())
    else:
        typer.echo(f"{swept.removed} vectors removed, {swept.kept} kept.")

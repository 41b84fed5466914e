"""`kefu …`: one file per subcommand; nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys

import typer

from bot.cli import (
    ask,
    audit,
    backup,
    bench,
    board,
    confirmed,
    demo,
    doctor,
    draft,
    escalations,
    eval,
    gaps,
    golden,
    ingest,
    manifest,
    manuals,
    migrate_store,
    notices,
    people,
    privacy,
    procedures,
    report,
    search,
    tickets,
    up,
    usage,
    workspace,
)

app = typer.Typer(
    name="kefu",
    help="Kefu Desk (客服台): answers from your service manuals with the exact clause and its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _quietly(context: typer.Context) -> None:
    """Kefu Desk (客服台): answers from your service manuals with the exact clause and its source."""
    if context.invoked_subcommand in ("ask", "search") and not os.environ.get("KEFU_MODEL"):
        return  # without a language model they log nothing, and loading the logger costs a question 70 ms
    from bot import logs

    logs.warnings_only()  # stdout is the command's own: with --json there must be nothing else on it


app.command("demo")(demo.demo)
app.command("ingest")(ingest.ingest)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.command("draft")(draft.draft)
app.command("eval")(eval.evaluate)
app.add_typer(manuals.app, name="manuals")
app.add_typer(golden.app, name="golden")
app.add_typer(gaps.app, name="gaps")
app.add_typer(notices.app, name="notices")
app.add_typer(procedures.app, name="procedures")
app.add_typer(confirmed.app, name="confirmed")
app.add_typer(privacy.app, name="privacy")
app.add_typer(report.app, name="report")
app.add_typer(people.app, name="people")
app.add_typer(tickets.app, name="tickets")
app.add_typer(audit.app, name="audit")
app.add_typer(escalations.app, name="escalations")
app.command("backup")(backup.backup)
app.command("migrate-store")(migrate_store.migrate_store)
app.command("restore")(backup.restore)
app.command("bench")(bench.bench)
app.command("board")(board.board)
app.command("usage")(usage.usage)
app.command("doctor")(doctor.doctor)
app.command("up")(up.up)
app.command("manifest")(manifest.manifest)
app.command("workspace")(workspace.workspace)


def _is_text(given: str) -> bool:
    """Whether an argument was UTF-8: what was not, Python keeps as halves of surrogate pairs."""
    return not any("\ud800" <= letter <= "\udfff" for letter in given)


def main() -> None:
    """Entry point. Exit status: 0 success, 2 wrong usage, 1 failure with one sentence on stderr."""
    if any(not _is_text(given) and not os.path.lexists(given) for given in sys.argv[1:]):
        print(
            "kefu: what you typed is not UTF-8; set the terminal to UTF-8 and type it again.", file=sys.stderr
        )
        sys.exit(2)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the outermost door: whatever happened becomes one sentence
        from bot.cli.failures import sentence

        print(f"kefu: {sentence(error)}", file=sys.stderr)
        sys.exit(1)

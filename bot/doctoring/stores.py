"""Chroma, the manuals, the record, what waits to be sent. Looking makes nothing: no file, no table, no collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.doctoring.checks import Finding, bad, check, ok, warning
from bot.settings import Settings
from bot.startup import MARKER

if TYPE_CHECKING:
    from sqlalchemy import Engine

_PATIENCE = 10.0
_LONG = timedelta(minutes=5)
"""A notice that has been due for longer is not sent: no bot runs, or Slack takes nothing."""


@check("moved")
def moved(settings: Settings) -> Finding:
    """Whether the house lives elsewhere by now."""
    marker = settings.home / MARKER
    if settings.embedded and marker.exists():
        return bad(
            f"The house in {settings.home} was moved away.",
            (said := marker.read_text("utf-8").strip())[:1].upper() + said[1:],
        )
    return ok("The house is where the settings say.")


@check("chroma")
def chroma(settings: Settings) -> Finding:
    """Whether the Chroma server answers, and has the database of the settings."""
    server = settings.chroma
    if server is None:
        return ok(f"Embedded, in {settings.home / 'chroma'}: for one bot.")
    trouble = server.trouble(_PATIENCE)
    if trouble:
        return bad(
            f"The Chroma server at {server.shown} {trouble}.",
            "Start it (`chroma run --path …`), or correct KEFU_CHROMA_URL (and KEFU_CHROMA_TOKEN, KEFU_CHROMA_TENANT, "
            "KEFU_CHROMA_DATABASE where it wants them). Answers go on without it, new manuals wait.",
        )
    return ok(f"The server at {server.shown} answers.")


@check("schema")
def schema(settings: Settings) -> Finding:
    """Whether this program knows the tables: older ones are brought up to date at the next start."""
    with database_of(settings) as engine:
        found = _revisions(engine) if engine is not None else {}
    if not found:
        return ok("No tables yet; they are made at the first start.")
    wanted = _wanted()
    if any(found[name] > wanted[name] for name in found):
        return bad("The database was written by a newer Kefu Desk.", "Update this one.")
    if found != wanted:
        return ok("Of an older Kefu Desk; brought up to date at the next start. `kefu backup` before it.")
    return ok("Up to date.")


@check("manuals")
def manuals(settings: Settings) -> Finding:
    """Whether there is anything to answer from."""
    from sqlalchemy import func, select

    from knowledge.manuals import Edition, Manual
    from tickets.transaction import reading

    remedy = "Take your manuals in: `kefu ingest PATH…`."
    with database_of(settings) as engine:
        if engine is None or not _revisions(engine):
            return warning("No manual is live.", remedy)
        live = select(func.count(), func.sum(Edition.clause_count)).join(
            Manual, Manual.live_edition_id == Edition.id
        )
        with reading(engine) as session:
            count, clauses = session.execute(live).one()
    if not count:
        return warning("No manual is live.", remedy)
    return ok(f"{count} live, {clauses} clauses.")


@check("audit trail")
def trail(settings: Settings) -> Finding:
    """Whether anybody changed the record behind the desk."""
    from tickets.audit import verify
    from tickets.transaction import reading

    with database_of(settings) as engine:
        if engine is None or not is_current(engine):
            return ok("Nothing to look at before the next start.")
        with reading(engine) as session:
            broken = verify(session)
    if broken is None:
        return ok("Untouched.")
    where = f"entry {broken.position}" if broken.position else "a record"
    return bad(
        f"It was changed at {where}: {broken.reason}",
        "Find out who may write to the database; `kefu audit show` tells what the trail says. A backup tells what it said.",
    )


@check("outbox")
def outbox(settings: Settings) -> Finding:
    """What waits to be said in Slack."""
    from sqlalchemy import func, select

    from bot.wiring.stores import now
    from tickets.models import NoticeRow
    from tickets.transaction import reading

    at = now()
    open_ = NoticeRow.delivered_at.is_(None), NoticeRow.given_up_at.is_(None), NoticeRow.due_at <= at
    with database_of(settings) as engine:
        if engine is None or not is_current(engine):
            return ok("Nothing to look at before the next start.")
        with reading(engine) as session:
            waiting, oldest = session.execute(
                select(func.count(), func.min(NoticeRow.due_at)).where(*open_)
            ).one()
    if waiting and at - oldest > _LONG:
        return warning(
            f"{waiting} messages wait, the oldest for {(at - oldest).total_seconds() / 60:.0f} minutes.",
            "They go out once the bot runs and Slack takes them; the log says why not (notice.not_delivered).",
        )
    return ok(f"{waiting} messages wait." if waiting else "Nothing waits.")


@contextmanager
def database_of(settings: Settings) -> Iterator[Engine | None]:
    """The database; None where there is none yet or it cannot be asked, which the check "database" tells."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from tickets.errors import SchemaError
    from tickets.store import open_engine

    try:
        url = make_url(settings.database)
        there = url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()
        engine = open_engine(settings.database) if there else None
    except (ArgumentError, SchemaError):
        engine = None
    if engine is None:
        yield None
        return
    try:
        with engine.connect():
            pass
    except SQLAlchemyError:
        engine.dispose()
        yield None
        return
    try:
        yield engine
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether its tables are those of this program."""
    return _revisions(engine) == _wanted()


def _revisions(engine: Engine) -> dict[str, str]:
    """At which revisions our tables stand; empty where there are none."""
    from sqlalchemy import inspect

    from bot.backup.tables import VERSIONS, revisions

    with engine.connect() as connection:
        if not set(inspect(connection).get_table_names()) >= set(VERSIONS):
            return {}
        return revisions(connection)


def _wanted() -> dict[str, str]:
    """At which this program's stand."""
    from bot.backup.tables import VERSIONS
    from knowledge import migrations as manuals_schema
    from tickets import migrations as desk_schema

    return dict(zip(VERSIONS, (manuals_schema.HEAD, desk_schema.HEAD), strict=True))

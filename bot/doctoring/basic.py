"""Python, the data folder, the database."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.doctoring.checks import Finding, bad, check, first_line, ok, warning
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 1 << 30
CLOCKS_APART = 5.0
"""Seconds."""
_PATIENCE = 10


@check("python")
def python(_: Settings) -> Finding:
    """The version that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return bad(f"Python {version} is too old.", "Install Python 3.11 or newer.")
    return ok(f"Python {version}.")


@check("folder")
def folder(settings: Settings) -> Finding:
    """Whether the data folder (or the place where it will be made) can be written to, and has room."""
    home = settings.home
    place = next((one for one in (home, *home.parents) if one.exists()), Path("/"))
    if not place.is_dir():
        return bad(f"{place} is a file and not a folder.", "Set KEFU_HOME to a folder.")
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return bad(
            f"{place} cannot be written to ({error.strerror}).",
            "Set KEFU_HOME to a folder of your own, or change its permissions.",
        )
    free = shutil.disk_usage(place).free
    if free < LITTLE_SPACE:
        return warning(f"{place} has {free >> 20} MB left.", "Free some space: a gigabyte at least.")
    if os.name == "posix" and home.exists() and home.stat().st_mode & stat.S_IRWXO:
        return warning(
            f"Everybody on this machine may look into {home}.", f"Keep it to its owner: `chmod 700 {home}`."
        )
    made = "" if home.exists() else ", made at the first start"
    return ok(f"{home}{made}, {free >> 30} GB free.")


@check("database")
def database(settings: Settings) -> Finding:
    """Whether the relational store answers. A SQLite file that is not there yet is not made by asking."""
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    try:
        url = make_url(settings.database)
    except ArgumentError:
        return bad(
            "KEFU_DATABASE_URL is not an address.", "Write it as postgresql://user:password@host/database."
        )
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return ok(f"{shown}, made at the first start.")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        waits = {"connect_timeout": _PATIENCE} if url.get_backend_name() == "postgresql" else {}
        engine = create_engine(url, connect_args=waits)
    except ImportError:
        return bad(f"{shown} needs a driver that is not there.", "Install kefu-desk[postgres].")
    try:
        with engine.connect() as connection:
            apart = _apart(connection)
            connection.execute(text("SELECT count(*) FROM tickets_version"))
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        if "tickets_version" in str(cause):
            return ok(f"{shown} answers, empty.")
        return bad(
            f"{shown} does not answer: {first_line(cause)}.",
            "Start the database, or correct KEFU_DATABASE_URL (KEFU_HOME for SQLite).",
        )
    finally:
        engine.dispose()
    if apart > CLOCKS_APART:
        return warning(
            f"{shown} answers, and its clock and this machine's are {apart:.0f} s apart.",
            "Let both keep time by NTP: processes on several machines take over from each other by the clock.",
        )
    return ok(f"{shown} answers.")


def _apart(connection: Connection) -> float:
    """Seconds between the database's clock and ours; a SQLite file has none of its own."""
    from sqlalchemy import text

    if connection.dialect.name != "postgresql":
        return 0.0
    before = time.time()
    theirs = float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    return max(before - theirs, theirs - time.time(), 0.0)


@check("embeddings")
def embeddings(settings: Settings) -> Finding:
    """What turns texts into vectors; a server is asked for one."""
    from bot.embedding_server import is_served, served
    from bot.startup import StartupError
    from knowledge.embedding import Passage
    from knowledge.errors import EmbedderUnavailable

    try:
        if not is_served(settings):
            return ok(f"{settings.embedding_model or 'The bundled models'}, on this machine.")
        embedder = served(settings)
    except StartupError as error:
        return bad(str(error), "Correct the two settings, or unset both: the bundled models need neither.")
    begun = time.perf_counter()
    try:
        embedder.verify(lambda: None)
        size = embedder.passages([Passage("体检")]).shape[1]
    except EmbedderUnavailable as error:
        return bad(str(error), "Until then answers go by the words alone, and no manual can be taken in.")
    return ok(
        f"{embedder.name} at {embedder.address} answers in {(time.perf_counter() - begun) * 500:.0f} ms, {size} numbers."
    )

"""Where things are kept: the database, the manuals, the desk, the people of the settings, each opened by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from ingest.pipeline import Intake
    from knowledge.library import Library
    from tickets.confirmed_desk import ConfirmedDesk
    from tickets.desk import Desk
    from tickets.people import People
    from tickets.rung_records import Deadlines


def now() -> datetime:
    """The clock on the wall (aware, UTC)."""
    return datetime.now(UTC)


def open_engine(settings: Settings) -> Engine:
    """The relational store of the settings, with the manuals' schema in place."""
    from bot.startup import make_home
    from knowledge.migrations import upgrade
    from tickets.store import open_engine

    make_home(settings.home)
    engine = open_engine(settings.database)
    upgrade(engine)
    return engine


def open_library(settings: Settings, engine: Engine | None = None, *, soon: bool = False) -> Library:
    """The manuals of the settings; Chroma is opened when first needed, and so is the embedding model.

    `soon`: a question follows, so the model is loaded in the background while the rest is still being imported.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    from bot.embedding_server import is_served, served
    from knowledge.embedding import Embedder, load_embedder

    remote = served(settings) if is_served(settings) else None

    def load() -> Embedder:
        return remote or load_embedder(settings.embedding_model)

    loading: Future[Embedder] | None = None
    if soon:
        with_model = ThreadPoolExecutor(1, thread_name_prefix="embedder")
        loading = with_model.submit(load)
        with_model.shutdown(wait=False)
    from knowledge.library import Library
    from knowledge.reranking import CrossEncoderReranker
    from knowledge.vectors import Vectors
    from tickets.store import READING

    engine = engine or open_engine(settings)
    return Library(
        engine,
        lambda name: Vectors(settings.home, name, settings.chroma or ""),
        lambda: loading.result() if loading else load(),
        settings.home / "index",
        reader=engine.execution_options(**{READING: True}),
        reranker=CrossEncoderReranker(settings.reranker) if settings.reranker else None,
    )


def open_intake(settings: Settings, library: Library | None = None) -> Intake:
    """The way of files into the manuals of the settings."""
    from ingest.pipeline import Intake
    from tickets.directory_roles import Role

    return Intake(
        library or open_library(settings),
        limit_bytes=settings.max_upload_mb << 20,
        zone=settings.zone,
        roles=[role.value for role in Role],
    )


def open_confirmed(settings: Settings, clock: Callable[[], datetime] = now) -> ConfirmedDesk:
    """The confirmed answers of the settings, without the rest of the desk. Raises SchemaError."""
    from tickets.confirmed_desk import ConfirmedDesk
    from tickets.migrations import upgrade
    from tickets.store import open_engine

    engine = open_engine(settings.database)
    upgrade(engine)
    return ConfirmedDesk(engine, clock, settings.zone)


def open_people(settings: Settings, *, or_last_good: bool = False) -> People:
    """Everybody in the people file; a missing file (unless one is named in the settings) is an empty one.

    `or_last_good`: a file that cannot be used gives way to what it said when it last could. A bot that does not come
    back after a restart takes the desk away from everybody; a command refuses, for whoever typed it can mend the file.
    Raises PeopleError.
    """
    from tickets.people import People

    if settings.people is None and not settings.people_file.exists():
        return People(path=settings.people_file)  # it may be written while the bot is up
    if or_last_good:
        return People.load_or_last_good(settings.people_file, people_copy(settings))
    return People.load(settings.people_file)


def people_copy(settings: Settings) -> Path:
    """Where the people file is kept as it was when it could last be used."""
    return settings.last_good / "people.toml"


def open_desk(
    settings: Settings, engine: Engine, people: People, clock: Callable[[], datetime] = now
) -> Desk:
    """The tickets of the settings, with their schema in place. Raises SchemaError, ContactsLocked."""
    from tickets.desk import Desk
    from tickets.migrations import upgrade
    from tickets.vault import Vault

    upgrade(engine)
    vault = Vault(settings.contact_keys) if settings.contact_keys else None
    folder = settings.procedures_folder
    desk = Desk(engine, people, clock, zone=settings.timezone, vault=vault, procedures=folder)
    desk.rungs.deadlines = _deadlines(settings)
    people.deadlines_by_shifts = settings.deadline_time == "shifts"
    desk.directory.refresh()  # what commands and Slack groups say on top of the file
    return desk


def _deadlines(settings: Settings) -> Deadlines:
    """How long escalations, instructions and reports may wait."""
    from tickets.rung_records import Deadlines

    return Deadlines(
        urgent=timedelta(hours=settings.deadline_urgent),
        important=timedelta(hours=settings.deadline_important),
        normal=timedelta(hours=settings.deadline_normal),
        instruction=timedelta(hours=settings.instruction_reminder_hours),
        report=timedelta(hours=settings.report_reminder_hours),
    )

"""The composition root: settings become the objects that the doors work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.assistant.answering import Assistant
    from ingest.pipeline import Intake
    from knowledge.library import Library


def open_engine(settings: Settings) -> Engine:
    """The relational store of the settings, with the manuals' schema in place."""
    from knowledge.migrations import upgrade
    from tickets.store import open_engine

    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    upgrade(engine)
    return engine


def open_library(settings: Settings, engine: Engine | None = None) -> Library:
    """The manuals of the settings; models and Chroma are opened when first needed."""
    from knowledge.embedding import load_embedder
    from knowledge.library import Library
    from knowledge.vectors import Vectors
    from tickets.store import READING

    engine = engine or open_engine(settings)
    model = settings.embedding_model
    return Library(
        engine,
        lambda name: Vectors(settings.home, name, settings.chroma_url or ""),
        lambda: load_embedder(model),
        settings.home / "index",
        reader=engine.execution_options(**{READING: True}),
    )


def open_intake(settings: Settings, library: Library | None = None) -> Intake:
    """The way of files into the manuals of the settings."""
    from ingest.pipeline import Intake

    return Intake(library or open_library(settings))


def open_assistant(settings: Settings, library: Library | None = None) -> Assistant:
    """What answers questions from the manuals of the settings."""
    from bot.assistant.answering import Assistant

    return Assistant(library or open_library(settings))

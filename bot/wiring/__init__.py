"""The composition root: settings become the objects that the doors work with.

`stores` opens what is kept, `models` the language model; here they are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wiring.models import open_improvement, open_usage, open_week_words, open_writer
from bot.wiring.stores import (
    now,
    open_confirmed,
    open_desk,
    open_engine,
    open_intake,
    open_library,
    open_people,
    people_copy,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.assistant.answering import Assistant
    from bot.assistant.drafting import Drafter
    from bot.assistant.one_voice import Confirmed
    from bot.keeping.gaps import Gaps
    from bot.keeping.manual_work import ManualWork
    from bot.keeping.publishing import Publisher
    from bot.services import Services
    from knowledge.clauses import Citation
    from knowledge.library import Library
    from tickets.confirmed_desk import ConfirmedDesk
    from tickets.desk import Desk
    from tickets.people import People
    from tickets.procedure_files import Catalogue
    from tickets.usage_desk import UsageDesk

__all__ = [
    "build_services",
    "open_assistant",
    "open_confirmed",
    "open_desk",
    "open_drafter",
    "open_engine",
    "open_gaps",
    "open_intake",
    "open_library",
    "open_manual_work",
    "open_people",
    "open_publisher",
    "open_usage",
    "open_week_words",
]

_POLICY_CLAUSES = 5
"""How many clauses a draft is offered as its basis."""


def open_assistant(
    settings: Settings,
    library: Library | None = None,
    confirmed: ConfirmedDesk | None = None,
    usage: UsageDesk | None = None,
) -> Assistant:
    """What answers questions from the manuals of the settings, with the voice of its supervisors.

    `usage` keeps the budgets of the language model.
    """
    from bot.assistant.answering import Assistant
    from bot.assistant.deciding import point

    found = library or open_library(settings, soon=True)
    voice = _voice(cache(lambda: confirmed or open_confirmed(settings)))
    writer = open_writer(settings, found, usage)
    return Assistant(found, writer, point(settings.caution), zone=settings.zone, confirmed=voice)


def _voice(desk: Callable[[], ConfirmedDesk]) -> Callable[[], Sequence[Confirmed]]:
    """The confirmed answers as the assistant knows them."""
    from bot.assistant.one_voice import Confirmed

    def confirmed() -> Sequence[Confirmed]:
        return [
            Confirmed(
                one.id, one.revision, one.content.question, one.content.text, one.content.clause_ids,
                one.content.found_ids, "en" if one.content.language == "en" else "zh", one.content.organisation,
                one.content.product, one.confirmed_by, one.confirmed_at,
            )
            for one in desk().active()
        ]  # fmt: skip

    return confirmed


def open_drafter(
    settings: Settings,
    library: Library | None = None,
    people: People | None = None,
    usage: UsageDesk | None = None,
    catalogue: Callable[[], Catalogue] | None = None,
) -> Drafter:
    """What drafts escalations on the policies of the settings. `catalogue` gives the procedures whose escalation
    report names the categories; without it they are read from the settings' folder.

    """
    from bot.assistant.draft_categories import of_catalogue
    from bot.assistant.draft_sense import sense_of
    from bot.assistant.drafting import Drafter
    from bot.assistant.quoting import cite
    from knowledge.views import Reader
    from tickets.people import DEFAULT_LADDER
    from tickets.procedure_files import load

    found = library or open_library(settings)

    def policy(text: str) -> tuple[Citation, ...]:
        # Drafts are read by whoever reviews them: only what everybody may read is quoted.
        return tuple(cite(hit.clause) for hit in found.view(reader=Reader()).search(text, _POLICY_CLAUSES))

    improve = open_improvement(settings, usage)
    sense = sense_of(lambda: found.embedder)
    ladder = DEFAULT_LADDER if people is None else people.ladder
    procedures = catalogue or cache(lambda: load(settings.procedures_folder))

    def nearness(text: str, others: Sequence[str]) -> list[float]:
        return [float(one) for one in found.embedder.nearnesses([text[:400]], others)[0]]

    return Drafter(
        policy,
        improve,
        ladder=ladder,
        sense=sense,
        categories=lambda: of_catalogue(procedures()),
        nearness=nearness,
    )


def open_manual_work(
    settings: Settings,
    engine: Engine,
    library: Library,
    desk: Desk | None = None,
    clock: Callable[[], datetime] = now,
) -> ManualWork:
    """The way from files to live manuals: comparing, publishing, correcting, sweeping."""
    from bot.assistant.answering import Assistant
    from bot.assistant.deciding import point
    from bot.keeping.corrections import Corrections
    from bot.keeping.golden import GoldenRunner
    from bot.keeping.manual_work import ManualWork
    from bot.keeping.publishing import Publisher
    from knowledge.golden import GoldenQuestions
    from knowledge.lineage import Lineage
    from tickets.store import READING

    found = desk or open_desk(settings, engine, open_people(settings), clock)
    lineage = Lineage(engine.execution_options(**{READING: True}))
    corrections = Corrections(
        lineage, found.corrections, clock, settings.correction_days, library.replacements
    )
    assistant = Assistant(library, threshold=point(settings.caution), zone=settings.zone)
    golden = GoldenRunner(GoldenQuestions(engine, clock), assistant, library)
    publisher = Publisher(
        library, open_intake(settings, library), golden, corrections, lineage, settings.correction_days
    )
    return ManualWork(publisher, library)


def open_gaps(settings: Settings, engine: Engine, library: Library, desk: Desk) -> Gaps:
    """What the manuals do not answer: grouping it, and asking again after publications."""
    from bot.assistant.answering import Assistant
    from bot.keeping.gaps import Gaps
    from knowledge.lineage import Lineage
    from tickets.store import READING

    lineage = Lineage(engine.execution_options(**{READING: True}))
    assistant = Assistant(library, zone=settings.zone)
    return Gaps(library, lineage, desk, assistant, tell=settings.gap_notices)


def open_publisher(settings: Settings) -> tuple[Library, Publisher]:
    """The manuals of the settings, and what publishes them."""
    engine = open_engine(settings)
    library = open_library(settings, engine)
    return library, open_manual_work(settings, engine, library).publisher


def build_services(settings: Settings, clock: Callable[[], datetime] = now) -> Services:
    """Everything that the Slack app works with, on one engine and one library.

    Raises KnowledgeError and DeskError, each one sentence: folder locked, wrong database, bad people file.
    """
    from bot.keeping.keeper import Keeper
    from bot.services import Services
    from bot.startup import make_home
    from ingest.jobs import Jobs

    make_home(settings.home)  # before anything is put into it
    people = open_people(settings, or_last_good=True)
    engine = open_engine(settings)
    library = open_library(settings, engine)
    desk = open_desk(settings, engine, people, clock)
    desk.directory.copy, desk.procedures.copies = people_copy(settings), settings.last_good / "procedures"
    work = open_manual_work(settings, engine, library, desk, clock)
    return Services(
        settings=settings,
        library=library,
        assistant=open_assistant(settings, library, desk.confirmed, desk.usage),
        drafter=open_drafter(settings, library, people, desk.usage, lambda: desk.procedures.catalogue),
        desk=desk,
        people=people,
        work=work,
        publisher=work.publisher,
        keeper=Keeper(work.publisher, library),
        corrections=work.publisher.corrections,
        gaps=open_gaps(settings, engine, library, desk),
        lineage=work.publisher.lineage,
        jobs=Jobs(engine, clock),
        engine=engine,
        week_words=open_week_words(settings, desk.usage),
    )

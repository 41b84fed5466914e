"""The composition root: settings become the objects that the doors work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from bot.assistant.answering import Assistant
    from bot.assistant.drafting import Drafter, Improve
    from bot.assistant.metering import Meter
    from bot.assistant.model_settings import ModelSettings
    from bot.assistant.one_voice import Confirmed
    from bot.assistant.writing import Writer
    from bot.keeping.gaps import Gaps
    from bot.keeping.manual_work import ManualWork
    from bot.keeping.publishing import Publisher
    from bot.services import Services
    from ingest.pipeline import Intake
    from knowledge.clauses import Citation
    from knowledge.library import Library
    from tickets.confirmed_desk import ConfirmedDesk
    from tickets.desk import Desk
    from tickets.people import People
    from tickets.procedure_files import Catalogue
    from tickets.rung_records import Deadlines
    from tickets.usage_desk import UsageDesk
    from tickets.usage_records import ModelUse

_POLICY_CLAUSES = 5
"""How many clauses a draft is offered as its basis."""


def _now() -> datetime:
    return datetime.now(UTC)


def open_engine(settings: Settings) -> Engine:
    """The relational store of the settings, with the manuals' schema in place."""
    from knowledge.migrations import upgrade
    from tickets.store import open_engine

    settings.home.mkdir(parents=True, exist_ok=True)
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
        lambda name: Vectors(settings.home, name, settings.chroma_url or ""),
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
    writer = _open_writer(settings, found, usage)
    return Assistant(found, writer, point(settings.caution), zone=settings.zone, confirmed=voice)


def open_confirmed(settings: Settings, clock: Callable[[], datetime] = _now) -> ConfirmedDesk:
    """The confirmed answers of the settings, without the rest of the desk. Raises SchemaError."""
    from tickets.confirmed_desk import ConfirmedDesk
    from tickets.migrations import upgrade
    from tickets.store import open_engine

    engine = open_engine(settings.database)
    upgrade(engine)
    return ConfirmedDesk(engine, clock, settings.zone)


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


def open_usage(
    settings: Settings, engine: Engine | None = None, clock: Callable[[], datetime] = _now
) -> UsageDesk:
    """What language models took, with the schema in place. Raises SchemaError."""
    from tickets.migrations import upgrade
    from tickets.usage_desk import UsageDesk

    engine = engine or open_engine(settings)
    upgrade(engine)
    return UsageDesk(engine, clock, settings.zone)


def _meter(settings: Settings, model: ModelSettings, usage: UsageDesk | None) -> Meter:
    """How calls to the model are counted, priced and limited."""
    from bot.assistant.metering import Meter

    kept = usage or open_usage(settings)
    allowance = model.allowance
    reserve = (lambda person, use: kept.reserve(person, use, allowance)) if allowance else None

    def record(person: str, use: ModelUse) -> None:
        from bot.observing.model_figures import model_took

        model_took(use)
        kept.record(person, use)

    return Meter(model.prices, model.model_max_tokens, reserve, record)


def _open_writer(settings: Settings, library: Library, usage: UsageDesk | None) -> Writer | None:
    """What writes answers with the language model of KEFU_MODEL; None when it is not set."""
    from bot.assistant.model_settings import ModelSettings

    chosen = ModelSettings()
    if not chosen.model:
        return None
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.prompts import Prompts
    from bot.assistant.redaction import mask
    from bot.assistant.writing import Writer

    def similarity(sentence: str, clause: str) -> float:
        return library.embedder.nearness(sentence, clause)

    return Writer(
        LanguageModel.from_settings(chosen),
        Prompts(chosen.prompts_folder),
        mask,
        similarity,
        meter=_meter(settings, chosen, usage),
    )


def _open_improvement(settings: Settings, usage: UsageDesk | None) -> Improve | None:
    """What rewords drafts with the language model of KEFU_MODEL; None when it is not set."""
    from dataclasses import replace

    from bot.assistant.draft_writing import FIELDS, improve_draft
    from bot.assistant.drafts import EscalationDraft
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.model_settings import ModelSettings
    from bot.assistant.prompts import Prompts
    from bot.assistant.redaction import mask

    chosen = ModelSettings()
    model = LanguageModel.from_settings(chosen)
    if model is None:
        return None
    prompts = Prompts(chosen.prompts_folder)
    meter = _meter(settings, chosen, usage)

    def improve(draft: EscalationDraft, masked: str, person: str) -> EscalationDraft | None:
        fields = {name: str(getattr(draft, name)) for name in FIELDS}
        better = improve_draft(masked, fields, model, prompts, mask, draft.language, meter, person)
        return replace(draft, **better) if better else None  # type: ignore[arg-type]

    return improve


def open_week_words(
    settings: Settings, usage: UsageDesk | None
) -> Callable[[Sequence[str], str], str] | None:
    """What writes about a week's figures with the language model of KEFU_MODEL; None when it is not set."""
    from bot.assistant.model_settings import ModelSettings

    chosen = ModelSettings()
    if not chosen.model:
        return None
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.prompts import Prompts
    from bot.assistant.week_writing import writer

    prompts, meter = Prompts(chosen.prompts_folder), _meter(settings, chosen, usage)
    return writer(LanguageModel.from_settings(chosen), prompts, meter)


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

    improve = _open_improvement(settings, usage)
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
    settings: Settings, engine: Engine, people: People, clock: Callable[[], datetime] = _now
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


def open_manual_work(
    settings: Settings,
    engine: Engine,
    library: Library,
    desk: Desk | None = None,
    clock: Callable[[], datetime] = _now,
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


def build_services(settings: Settings, clock: Callable[[], datetime] = _now) -> Services:
    """Everything that the Slack app works with, on one engine and one library.

    Raises KnowledgeError and DeskError, each one sentence: folder locked, wrong database, bad people file.
    """
    from bot.keeping.keeper import Keeper
    from bot.services import Services
    from ingest.jobs import Jobs

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

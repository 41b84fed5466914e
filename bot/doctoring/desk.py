"""What an organisation writes itself: people, appointments, procedures, prompts; and its keys."""

from __future__ import annotations

from pathlib import Path

from bot.doctoring.checks import Finding, bad, check, ok, warning
from bot.secrets_file import VARIABLE, secrets_file
from bot.settings import Settings


@check("secrets")
def secrets(_: Settings) -> Finding:
    """Where they come from; a file that others can read is refused before any check."""
    file = secrets_file()
    return ok("From the environment." if file is None else f"From the environment and {file} ({VARIABLE}).")


@check("people")
def people(settings: Settings) -> Finding:
    """Who is who, and whether the ways up end where somebody can decide."""
    from bot.doctoring.stores import database_of, is_current
    from bot.wiring.stores import open_desk, open_people
    from tickets.directory_checks import concerns
    from tickets.errors import PeopleError

    try:
        known = open_people(settings)
    except PeopleError as error:
        return bad(str(error), "Mend it; until then what it said last goes on holding.")
    with database_of(settings) as engine:
        if engine is not None and is_current(
            engine
        ):  # what commands and Slack groups say goes before the file
            open_desk(settings.model_copy(update={"contact_key": None}), engine, known)
    found = known.snapshot
    if not found.people:
        return warning(
            "Nobody is listed: everybody is an agent, and nobody can decide.",
            f"Write {settings.people_file} as bot/demo/people.toml shows, or use `kefu people set`.",
        )
    told = concerns(found)
    if told:
        return warning(" ".join(told[:3]), "`kefu people check` tells all of it.")
    return ok(f"{len(found.people)} are listed.")


@check("calendar")
def calendar(settings: Settings) -> Finding:
    """The appointments of the organisation."""
    from tickets.calendar_file import load
    from tickets.errors import CalendarError

    try:
        found = load(settings.calendar_file)
    except CalendarError as error:
        return bad(str(error), "Until then what it said last goes on holding.")
    own = settings.calendar_file.exists()
    return ok(
        f"{len(found)} appointments{f', with those of {settings.calendar_file}' if own else ' of the product'}."
    )


@check("procedures")
def procedures(settings: Settings) -> Finding:
    """The procedure files of the organisation."""
    from tickets.procedure_files import load

    folder = settings.procedures_folder
    if settings.procedures is not None and not folder.is_dir():
        return bad(f"There is no folder {folder}.", "Create it, or correct KEFU_PROCEDURES.")
    found = load(folder if folder.is_dir() else None)
    if found.problems:
        return bad(str(found.problems[0]), "`kefu procedures check` tells every mistake.")
    own = sum(source != "built-in" for source in found.sources.values())
    return ok(f"{len(found.procedures)}, of which {own} your own.")


@check("contact key")
def contact_key(settings: Settings) -> Finding:
    """Whether customers' contact details can be kept."""
    from tickets.errors import ContactsLocked
    from tickets.vault import Vault

    if not settings.contact_keys:
        return ok("None: no contact details of customers are kept (`kefu privacy key` makes one).")
    try:
        Vault(settings.contact_keys)
    except ContactsLocked as error:
        return bad(str(error), "Put the key of before there; without it no kept contact can be opened.")
    return ok("It is one. Keep it where you keep passwords: no backup holds it.")


@check("prompts")
def prompts(_: Settings) -> Finding:
    """The words for the language model."""
    from bot.assistant.model_settings import ModelSettings
    from bot.assistant.prompts import PromptError, Prompts

    folder: Path | None = ModelSettings().prompts_folder
    if folder is not None and not folder.is_dir():
        return bad(f"There is no folder {folder}.", "Create it, or correct KEFU_PROMPTS_FOLDER.")
    read = Prompts(folder)
    try:
        for name in read.names():
            read.get(name)
    except PromptError as error:
        return bad(str(error), "Mend it, or take the file away: then ours is used.")
    return ok(f"{len(read.names())}, {'ours' if folder is None else f'those of {folder} before ours'}.")

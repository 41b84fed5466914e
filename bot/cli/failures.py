"""What a failed command says: one sentence; the traceback goes to a file for the developers."""

from __future__ import annotations

import os
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli import spoken

if TYPE_CHECKING:
    from tickets.errors import StaleRevision


def sentence(error: Exception) -> str:
    """The sentence for `error`. Unexpected errors are written to a report file whose path is given."""
    from pydantic import ValidationError
    from sqlalchemy.exc import DBAPIError

    from bot.assistant.model_errors import ModelUnavailable
    from bot.startup import StartupError
    from ingest.errors import IngestError
    from knowledge.errors import KnowledgeError
    from tickets.errors import DeskError, StaleRevision

    if isinstance(error, StaleRevision):
        return spoken.told(_by_name(error))
    if isinstance(error, KnowledgeError | IngestError | DeskError | ModelUnavailable | StartupError):
        return spoken.told(str(error))
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        return f"The setting {name} is not usable: {first['msg']}."
    if isinstance(error, DBAPIError):
        return f"The database did not do its work: {str(error.orig).splitlines()[0]}; check KEFU_HOME and free disk space."
    if isinstance(error, OverflowError):
        return "A number is larger than any that there is; check it."
    if isinstance(error, OSError):
        return (
            f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
            + "; check the path and its permissions."
        )
    return _report(error)


def _by_name(error: StaleRevision) -> str:
    """Who was faster, by their name: nobody knows a colleague by their id."""
    from bot.cli.escalations_shown import open_desk

    try:
        people = open_desk().desk.people
    except Exception:  # noqa: BLE001 - what refused was a desk that could be opened; else the id must do
        return str(error)
    return error.told(lambda user: people.get(user).name)


def _report(error: Exception) -> str:
    handle, name = tempfile.mkstemp(prefix="kefu-error-", suffix=".txt")
    with os.fdopen(handle, "w") as file:
        traceback.print_exception(error, file=file)
    return f"Something unexpected happened ({type(error).__name__}); please send the report {Path(name)} to your admin."

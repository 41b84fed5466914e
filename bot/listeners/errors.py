"""The one table "exception → sentence", and the one place that catches everything.

Whoever did something gets one sentence in their language where they did it. What nobody foresaw is logged
under an id, and the sentence names the id; a traceback never reaches Slack.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from pydantic import ValidationError
from slack_bolt import Args
from slack_sdk.errors import SlackClientError
from sqlalchemy.exc import DBAPIError

from bot.blocks.wording import Words
from bot.listeners import places
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from ingest.errors import IngestError
from knowledge.errors import EditionStateError, KnowledgeError
from tickets.errors import DeskError, InvalidInput, NotAllowed, NotFound, StaleRevision

_log = structlog.get_logger(__name__)


def _not_allowed(error: NotAllowed, words: Words) -> str:
    return words(f"error.not_allowed.{error.refusal.value}")


def _stale(error: StaleRevision, words: Words) -> str:
    if error.decided_by:
        state = words(f"state.{error.state}")
        return words("error.decided", state=state, person=f"<@{error.decided_by}>")
    return words("error.changed", person=f"<@{error.changed_by}>", revision=error.revision)


def _invalid(error: InvalidInput, words: Words) -> str:
    return words.get(f"error.invalid.{error.field}") or words("error.invalid")


TABLE: tuple[tuple[type[Exception], Callable[[Exception, Words], str]], ...] = (
    (NotAllowed, lambda error, words: _not_allowed(error, words)),  # type: ignore[arg-type]
    (StaleRevision, lambda error, words: _stale(error, words)),  # type: ignore[arg-type]
    (InvalidInput, lambda error, words: _invalid(error, words)),  # type: ignore[arg-type]
    (NotFound, lambda error, words: words("error.not_found", key=error.key)),  # type: ignore[attr-defined]
    (DeskError, lambda error, words: words("error.desk")),
    (EditionStateError, lambda error, words: words("error.edition_state")),
    (IngestError, lambda error, words: words("error.file", reason=str(error))),
    (KnowledgeError, lambda error, words: words("error.knowledge", reason=str(error))),
    (ValidationError, lambda error, words: words("error.outdated")),
    (DBAPIError, lambda error, words: words("error.database")),
)

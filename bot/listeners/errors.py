"""The one table "exception → sentence", and the one place that catches everything.

Whoever did something gets one sentence in their language where they did it. What nobody foresaw is logged
under an id, and the sentence names the id; a traceback never reaches Slack.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import singledispatch
from http.client import HTTPException
from urllib.error import URLError

import structlog
from pydantic import ValidationError
from slack_bolt import Args
from slack_sdk.errors import SlackClientError
from sqlalchemy.exc import DBAPIError

from bot.blocks.refusals import refusal
from bot.blocks.wording import Words
from bot.listeners import places
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.observing import metrics, requests, tracing
from bot.slack_errors import TROUBLE, code_of
from ingest.errors import IngestError
from knowledge.errors import EditionOutdated, EditionStateError, KnowledgeError
from tickets.errors import ContactsLocked, DeskError, InvalidInput, NotAllowed, NotFound, StaleRevision
from tickets.people import People

_log = structlog.get_logger(__name__)

_KINDS = frozenset(
    {"event_callback", "block_actions", "view_submission", "command", "message_action", "shortcut"}
)


class Declined(Exception):
    """A listener cannot do what was asked for; `key` names the sentence in the catalogues."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@singledispatch
def sentence(error: Exception, words: Words, people: People) -> str | None:
    """What to say about `error`; None when nobody foresaw it. The table is what is registered below."""
    return None


@sentence.register
def _(error: Declined, words: Words, people: People) -> str:
    return words(error.key, **error.values)


@sentence.register
def _(error: NotAllowed, words: Words, people: People) -> str:
    key = f"error.not_allowed.{error.refusal.value}"
    return words.get(f"{key}.{error.action}") or words(key)


@sentence.register
def _(error: StaleRevision, words: Words, people: People) -> str:
    if error.state == "withdrawn":
        return words("error.withdrawn", person=people.get(error.changed_by).name)
    if not error.changed_by:
        return words("error.moved_by_itself")
    if error.decided_by:
        person = people.get(error.decided_by).name
        return words("error.decided", state=words(f"state.{error.state}"), person=person)
    if error.subject.startswith("T-"):
        state, person = words(f"ticket_state.{error.state}"), people.get(error.changed_by).name
        return words("error.ticket_changed", number=error.subject, person=person, state=state)
    return words("error.changed", person=people.get(error.changed_by).name, revision=error.revision)


@sentence.register
def _(error: InvalidInput, words: Words, people: People) -> str:
    return words.get(f"error.invalid.{error.field}") or words("error.invalid")


@sentence.register
def _(error: NotFound, words: Words, people: People) -> str:
    return words("error.not_found", key=error.key)


@sentence.register
def _(error: ContactsLocked, words: Words, people: People) -> str:
    return words("error.contacts_locked")


@sentence.register
def _(error: DeskError, words: Words, people: People) -> str:
    return words("error.desk", reason=str(error))


@sentence.register
def _(error: EditionOutdated, words: Words, people: People) -> str:
    return words("error.edition_outdated")


@sentence.register
def _(error: EditionStateError, words: Words, people: People) -> str:
    return words("error.edition_state")


@sentence.register
def _(error: KnowledgeError, words: Words, people: People) -> str:
    return words("error.knowledge", reason=refusal(str(error), words.language))


@sentence.register
def _(error: IngestError, words: Words, people: People) -> str:
    return words("error.file", reason=refusal(str(error), words.language))


@sentence.register
def _(error: ValidationError, words: Words, people: People) -> str:
    return words("error.outdated")


@sentence.register
def _(error: DBAPIError, words: Words, people: People) -> str:
    return words("error.database")


@sentence.register(URLError)
@sentence.register(HTTPException)
@sentence.register(SlackClientError)
def _(error: Exception, words: Words, people: People) -> str:
    return words("error.slack")  # also a response_url that cannot be reached


def explain(shared: Shared, error: Exception, user: str) -> str:
    """The sentence for `error` in the user's language; the unforeseen is logged and named by its id."""
    words = shared.words(user)
    known = sentence(error, words, shared.services.people)
    if known is not None:
        _log.info("request.refused", error=code_of(error), user=user)
        return known
    incident = secrets.token_hex(4)
    metrics.ERRORS.labels("listener").inc()
    _log.error("request.failed", incident=incident, error=type(error).__name__, user=user, exc_info=error)
    return words("error.unexpected", id=incident)


def run(shared: Shared, args: Args, work: Callable[[Shared, Args], None]) -> None:
    """Run a listener; whatever it raises is told to the person."""
    kind = str(args.body.get("type") or ("command" if "command" in args.body else "unknown"))
    metrics.REQUESTS.labels(kind if kind in _KINDS else "other").inc()
    with requests.new_request(), tracing.span("slack.request", kind=kind):
        try:
            work(shared, args)
        except Exception as error:  # noqa: BLE001 - the outermost door of Slack: nothing may be lost in a thread
            _report(shared, args, error)


def run_in_pool(shared: Shared, place: Place, work: Callable[[], None]) -> None:
    """Run slow work in the pool; whatever it raises is told to the person at `place`."""

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the outermost door of the pool
            whisper(shared, place, explain(shared, error, place.user))

    shared.pool.submit(requests.carried(guarded))


def whisper(shared: Shared, place: Place, text: str) -> None:
    """Tell one person; when Slack itself fails there is only the log."""
    try:
        places.whisper(shared.client, place, text)
    except TROUBLE as error:
        _log.warning("sentence.undelivered", user=place.user, error=code_of(error))


def _report(shared: Shared, args: Args, error: Exception) -> None:
    place = places.of_body(args.body)
    text = explain(shared, error, place.user)
    field = _input_for(args, error) if args.ack.response is None else None
    if field is not None:
        args.ack(response_action="errors", errors={field: text})
        return
    if args.ack.response is None:
        args.ack()
    whisper(shared, place, text)


def _input_for(args: Args, error: Exception) -> str | None:
    """The input of the submitted form that the error is about, else its first: there the sentence is shown and what
    was typed stays."""
    if args.body.get("type") != "view_submission":
        return None
    blocks = args.body["view"].get("blocks") or []
    inputs = [str(block.get("block_id") or "") for block in blocks if block.get("type") == "input"]
    about = error.field if isinstance(error, InvalidInput) else ""
    return about if about in inputs else next(iter(inputs), None)

"""Manuals by file drop: an admin drops files in the DM, sees what would change, publishes or discards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from slack_bolt import Args

from bot.blocks import manuals as manual_blocks
from bot.blocks import parts
from bot.blocks.references import StagedRef
from bot.listeners import downloads, errors, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.slack_errors import TROUBLE, code_of
from tickets.rules import Action, require

_log = structlog.get_logger(__name__)


def on_files(shared: Shared, place: Place, event: Mapping[str, Any]) -> None:
    """Files in the DM. Raises NotAllowed for everybody but admins."""
    require(shared.person(place.user), Action.MANAGE_MANUALS)
    files = list(event.get("files") or [])
    errors.run_in_pool(shared, place, lambda: _stage(shared, place, files))


def _stage(shared: Shared, place: Place, files: list[dict[str, Any]]) -> None:
    words = shared.words(place.user)
    _status(shared, place, words("manuals.reading", count=len(files)))
    with _incoming(shared) as folder:
        paths = [downloads.fetch(shared, file, folder) for file in files]
        _status(shared, place, words("manuals.staging", count=len(files)))
        staged = shared.services.intake.stage(paths, place.user)
    shared.client.chat_postMessage(
        channel=place.channel,
        thread_ts=place.thread_ts,
        text=parts.escape(manual_blocks.totals(staged, words)),
        blocks=manual_blocks.staged(staged, words),
    )
    _log.info("manuals.staged", editions=len(staged.edition_ids), files=len(files), by=place.user)


@contextmanager
def _incoming(shared: Shared) -> Iterator[Path]:
    """A folder below KEFU_HOME for files on their way in; gone afterwards."""
    root = shared.services.settings.home / "incoming"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _status(shared: Shared, place: Place, status: str) -> None:
    """What is being done; a courtesy that may fail."""
    try:
        shared.client.assistant_threads_setStatus(
            channel_id=place.channel, thread_ts=place.thread_ts, status=status
        )
    except TROUBLE as error:
        _log.warning("status.not_shown", error=code_of(error))


def on_publish(shared: Shared, args: Args) -> None:
    """Make the staged editions live."""
    args.ack()
    place, staged = _clicked(shared, args)
    generation = shared.services.library.publish(staged.edition_ids, place.user)
    shared.nudge()  # the outbox tells those who were answered from what changed
    _log.info("manuals.published", generation=generation, editions=len(staged.edition_ids), by=place.user)
    _end(shared, args, place, shared.words(place.user)("manuals.published", count=len(staged.edition_ids)))


def on_discard(shared: Shared, args: Args) -> None:
    """Give the staged editions up."""
    args.ack()
    place, staged = _clicked(shared, args)
    shared.services.library.discard(staged.edition_ids)
    _log.info("manuals.discarded", editions=len(staged.edition_ids), by=place.user)
    _end(shared, args, place, shared.words(place.user)("manuals.discarded", count=len(staged.edition_ids)))


def _clicked(shared: Shared, args: Args) -> tuple[Place, StagedRef]:
    place = places.of_interaction(args.body)
    require(shared.person(place.user), Action.MANAGE_MANUALS)
    return place, StagedRef.load(str(args.body["actions"][0].get("value") or ""))


def _end(shared: Shared, args: Args, place: Place, sentence: str) -> None:
    """The card without its buttons, so that nobody decides it twice."""
    summary = parts.unescape(str(args.body["message"].get("text") or ""))
    shared.client.chat_update(
        channel=place.channel,
        ts=place.message_ts,
        text=parts.escape(sentence),
        blocks=manual_blocks.ended(sentence, summary),
    )


LISTENERS = (
    Listener(Kind.ACTION, manual_blocks.PUBLISH, on_publish),
    Listener(Kind.ACTION, manual_blocks.DISCARD, on_discard),
)

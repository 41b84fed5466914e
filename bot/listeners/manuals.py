"""Manuals by file drop: an admin drops files in the DM, sees what would change, publishes or discards."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from slack_bolt import Args

from bot.blocks import manuals as manual_blocks
from bot.blocks import parts
from bot.blocks import publication as publication_blocks
from bot.blocks.parts import Block
from bot.blocks.references import StagedRef
from bot.listeners import downloads, errors, places, threads
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.slack_errors import TROUBLE, code_of
from ingest.metadata import said
from tickets.rules import Action, require

_log = structlog.get_logger(__name__)

_PERSON = re.compile(r"([:\uff1a]\s*)<@([A-Z0-9_]+)(?:\|[^>]*)?>")
"""Somebody named as the value of a line like 「负责人: @周岚」."""
_CHANNEL = re.compile(r"(?:(?:channel|频道)\s*[:\uff1a]\s*)?<#([A-Z0-9_]+)(?:\|[^>]*)?>")

_BETWEEN_UPDATES = 1.5
"""Seconds between two changes of the progress message: Slack allows about one a second in a channel."""


def on_files(shared: Shared, place: Place, event: Mapping[str, Any]) -> None:
    """Files in the DM. What is written with them in lines like 「生效: 2026-12-01」 is their metadata.

    Raises NotAllowed for everybody but admins.
    """
    require(shared.person(place.user), Action.MANAGE_MANUALS)
    files = list(event.get("files") or [])
    metadata = said(threads.typed(_with_ids(str(event.get("text") or ""))))
    errors.run_in_pool(shared, place, lambda: _stage(shared, place, files, metadata))


def _with_ids(text: str) -> str:
    """A message in which people and channels picked from Slack's list stand as their ids, as metadata names them."""
    text = _CHANNEL.sub(r"channel:\1", text)
    return _PERSON.sub(r"\1\2", text)


def _stage(shared: Shared, place: Place, files: list[dict[str, Any]], metadata: Mapping[str, str]) -> None:
    words = shared.words(place.user)
    news = _Progress(shared, place, words("manuals.reading", count=len(files)))
    with _incoming(shared) as folder:
        try:
            paths = [downloads.fetch(shared, file, folder) for file in files]
            report = shared.services.keeper.stage(
                shared.person(place.user), paths, metadata=metadata, progress=news.tell
            )
        except Exception as error:  # noqa: BLE001 - the message that said "reading" must not go on saying it
            sentence = f"{errors.explain(shared, error, place.user)} {words('manuals.not_taken')}"
            news.end(sentence, [parts.markdown(sentence)])
            return
    news.end(publication_blocks.totals(report, words), publication_blocks.card(report, words, shared.zone))
    _log.info("manuals.staged", editions=len(report.edition_ids), files=len(files), by=place.user)


class _Progress:
    """One message that says how far the work is, and becomes the card when it is done."""

    def __init__(self, shared: Shared, place: Place, sentence: str) -> None:
        self._shared = shared
        self._place = place
        self._words = shared.words(place.user)
        self._told = time.monotonic()
        sent = shared.client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread_ts,
            text=parts.fallback(sentence),
            blocks=[parts.context(sentence)],
        )
        self._ts = str(sent["ts"])

    def tell(self, doing: str, done: int, total: int) -> None:
        """How far it is; a courtesy that may fail and does not come more often than Slack allows."""
        if time.monotonic() - self._told < _BETWEEN_UPDATES:
            return
        self._told = time.monotonic()
        sentence = self._words(f"manuals.doing.{doing}", done=done, total=total)
        try:
            self._update(sentence, [parts.context(sentence)])
        except TROUBLE as error:
            _log.warning("progress.not_shown", error=code_of(error))

    def end(self, sentence: str, blocks: list[Block]) -> None:
        """What came of it. Raises SlackApiError."""
        self._update(sentence, blocks)

    def _update(self, sentence: str, blocks: list[Block]) -> None:
        self._shared.client.chat_update(
            channel=self._place.channel, ts=self._ts, text=parts.fallback(sentence), blocks=blocks
        )


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


def on_publish(shared: Shared, args: Args) -> None:
    """Make the staged editions live, and tell those who were answered from what changes."""
    _publish(shared, args, tell=True)


def on_publish_silently(shared: Shared, args: Args) -> None:
    """Make the staged editions live and tell nobody."""
    _publish(shared, args, tell=False)


def _publish(shared: Shared, args: Args, *, tell: bool) -> None:
    args.ack()
    place, staged = _clicked(shared, args)
    record = shared.services.keeper.publish(shared.person(place.user), staged.edition_ids, tell=tell)
    shared.nudge()  # the outbox tells those who were answered from what changed
    _log.info(
        "manuals.published",
        generation=record.generation,
        editions=len(staged.edition_ids),
        by=place.user,
        told=tell,
    )
    words = shared.words(place.user)
    later = len(staged.edition_ids) - len(record.moves)
    now = words("manuals.published", count=len(record.moves)) if record.moves else ""
    then = words("manuals.scheduled", count=later) if later else ""
    _end(shared, args, place, " ".join(sentence for sentence in (now, then) if sentence))
    errors.run_in_pool(shared, place, shared.services.assistant.warm_up)  # nobody waits for the new index


def on_details(shared: Shared, args: Args) -> None:
    """Every change, in a modal."""
    args.ack()
    place, staged = _clicked(shared, args)
    report = shared.services.keeper.changes(shared.person(place.user), staged.edition_ids)
    view = publication_blocks.details(report, shared.words(place.user))
    shared.client.views_open(trigger_id=args.body["trigger_id"], view=view)


def on_discard(shared: Shared, args: Args) -> None:
    """Give the staged editions up."""
    args.ack()
    place, staged = _clicked(shared, args)
    shared.services.keeper.discard(shared.person(place.user), staged.edition_ids)
    _log.info("manuals.discarded", editions=len(staged.edition_ids), by=place.user)
    _end(shared, args, place, shared.words(place.user)("manuals.discarded", count=len(staged.edition_ids)))


def _clicked(shared: Shared, args: Args) -> tuple[Place, StagedRef]:
    place = places.of_interaction(args.body)
    return place, StagedRef.load(str(args.body["actions"][0].get("value") or ""))


def _end(shared: Shared, args: Args, place: Place, sentence: str) -> None:
    """The card without its buttons, so that nobody decides it twice."""
    summary = parts.unescape(str(args.body["message"].get("text") or ""))
    shared.client.chat_update(
        channel=place.channel,
        ts=place.message_ts,
        text=parts.fallback(sentence),
        blocks=manual_blocks.ended(sentence, summary),
    )


LISTENERS = (
    Listener(Kind.ACTION, publication_blocks.PUBLISH, on_publish, writes=True),
    Listener(Kind.ACTION, publication_blocks.PUBLISH_SILENTLY, on_publish_silently, writes=True),
    Listener(Kind.ACTION, publication_blocks.DETAILS, on_details),
    Listener(Kind.ACTION, publication_blocks.DISCARD, on_discard, writes=True),
)

"""The outbox pump: what the desk has to tell becomes Slack messages, again and again until it arrived."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError

from bot.blocks import expiries, parts
from bot.blocks.parts import Block
from bot.keeping.correction_post import CorrectionPost, NothingToTell, OlderOnItsWay, Unreachable
from bot.keeping.gap_post import GapPost
from bot.keeping.record_post import NobodyActs, RecordPost
from bot.keeping.reminder_post import ReminderPost
from bot.keeping.rung_post import NobodyToTell, RungPost, StillAway
from bot.keeping.ticket_post import TicketPost
from bot.keeping.voice_post import VoicePost
from bot.listeners.languages import Languages
from bot.observing import metrics, requests, tracing
from bot.once_client import OnceClient
from bot.services import Services
from bot.slack_calls import retry_after
from bot.slack_errors import PERSON_GONE, TROUBLE, WorkspaceGone, code_of
from knowledge.library import ManualSummary
from tickets import outbox
from tickets.errors import NotFound
from tickets.people import Role
from tickets.records import Notice, NoticeKind, Origin

_log = structlog.get_logger(__name__)

_BATCH = 20
_IDLE_SECONDS = 5.0
_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(minutes=10)


_KEPT_FOR_GONE = timedelta(days=7)
"""How long what is meant for a workspace that took the app out waits for its return."""


class HoldLost(Exception):
    """Another sender has taken the notice over: whatever is left of it is theirs to say."""


Sender = Callable[[Notice], tuple[str, str]]
"""Posts what a notice announces; the channel and ts of the message, empty when there is none to remember."""


_TRIED_AGAIN: tuple[type[Exception], ...] = (*TROUBLE, NobodyToTell, NobodyActs, OlderOnItsWay, StillAway)


class Outbox:
    """Delivers notices in its own thread. `nudge` after writing one makes it go at once."""

    def __init__(
        self, services: Services, client: WebClient, languages: Languages, clock: Callable[[], datetime]
    ) -> None:
        self._services = services
        self.client = client = self._client = OnceClient(client)
        self._languages = languages
        self._clock = clock
        self._wake = threading.Event()
        self._ending = threading.Event()
        corrections = CorrectionPost(services, client, languages)
        gaps = GapPost(services, client, languages)
        tickets = TicketPost(services, client, languages)
        voice = VoicePost(services, client, languages, corrections)
        filled = RecordPost(services, client, languages)
        self._senders: Mapping[NoticeKind, Sender] = {
            **RungPost(services, client, languages).senders,
            NoticeKind.TICKET_LOGGED: tickets.logged,
            NoticeKind.TICKET_CHANGED: tickets.changed,
            NoticeKind.TICKET_OFFERED: tickets.offered,
            NoticeKind.TICKET_UPDATED: tickets.updated,
            NoticeKind.TICKET_TOLD: tickets.told,
            NoticeKind.GAP_ANSWERED: gaps.to_asker,
            NoticeKind.MANUAL_EXPIRES: self._manual_expires,
            NoticeKind.CORRECTION: corrections.to_asker,
            NoticeKind.BASIS_CHANGED: corrections.to_holders,
            NoticeKind.CONFIRMED_CHANGED: voice.ask_again,
            NoticeKind.ACKNOWLEDGEMENT: voice.to_channel,
            NoticeKind.ACKNOWLEDGEMENT_REMINDER: voice.remind,
            NoticeKind.REMINDER: ReminderPost(services, client, languages).send,
            NoticeKind.PROCEDURE_STEP: filled.step,
            NoticeKind.PROCEDURE_CHANGED: filled.changed,
            NoticeKind.PROCEDURE_REMINDER: filled.reminder,
            NoticeKind.PROCEDURE_PASSED_UP: filled.passed_up,
            NoticeKind.PROCEDURE_ALARM: filled.alarm,
            NoticeKind.PROCEDURE_MOMENT: filled.moment,
            NoticeKind.PROCEDURE_BROADCAST: filled.broadcast,
        }
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin delivering, what was left from before first."""
        self._thread.start()

    def nudge(self) -> None:
        """There is something to deliver."""
        self._wake.set()

    def stop(self, timeout: float = 5.0) -> None:
        """End after the notice in hand; what is left is delivered by the next start."""
        self._ending.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._wake.clear()
            try:
                self._services.library.generation()  # what an effective or expiry date has made due goes first
                self._services.corrections.catch_up()
                busy = self.pump()
            except DBAPIError as error:
                _log.warning("outbox.store_unavailable", error=type(error.orig).__name__)
                busy = 0
            if not busy:
                self._wake.wait(_IDLE_SECONDS)

    def pump(self) -> int:
        """Deliver what is due now; how many notices were tried."""
        notices = self._services.desk.due_notices(_BATCH)
        for notice in notices:
            with requests.continued(notice.request), tracing.span("notice.deliver", kind=notice.kind.value):
                self._deliver(notice)
        return len(notices)

    def _deliver(self, notice: Notice) -> None:
        desk, held = self._services.desk, notice

        def hold() -> None:
            """A notice to many, a slow Slack, or the last of a batch: the claim must not lapse in the middle."""
            nonlocal held
            if held.held_until is not None and self._clock() < held.held_until - outbox.LEASE * 3 / 4:
                return
            renewed = desk.hold_notice(held)
            if renewed is None:
                raise HoldLost
            held = renewed

        try:
            hold()
            with self.client.sending(notice, hold):
                channel, ts = self._senders[notice.kind](notice)
        except HoldLost:
            _log.warning("notice.taken_over", notice=notice.id, kind=notice.kind.value)
        except WorkspaceGone:
            waited = self._clock() - notice.created_at > _KEPT_FOR_GONE
            desk.failed(notice.id, None if waited else self._clock() + _LONGEST_RETRY)
            _log.warning("notice.workspace_gone", notice=notice.id, kind=notice.kind.value)
        except (NotFound, Unreachable):
            desk.failed(notice.id, None)
            metrics.NOTICES.labels("dropped").inc()
            _log.error("notice.dropped", notice=notice.id, kind=notice.kind.value)
        except NothingToTell:
            desk.failed(notice.id, None)
            _log.info("notice.superseded", notice=notice.id, kind=notice.kind.value)
        except _TRIED_AGAIN as error:
            desk.failed(notice.id, self._clock() + self._wait(notice, error))
            metrics.NOTICES.labels("retried").inc()
            _log.warning(
                "notice.not_delivered", notice=notice.id, kind=notice.kind.value, error=code_of(error)
            )
        except DBAPIError:
            raise  # nothing can be written down now; the claim lapses, and what went out is found by its mark
        except Exception as error:  # noqa: BLE001 - one notice that cannot be sent must not stop all others
            desk.failed(notice.id, self._clock() + self._wait(notice, error))
            metrics.ERRORS.labels("outbox").inc()
            _log.error("notice.broke", notice=notice.id, kind=notice.kind.value, exc_info=True)
        else:
            desk.delivered(notice.id, channel, ts)
            metrics.NOTICES.labels("delivered").inc()
            _log.info("notice.delivered", notice=notice.id, kind=notice.kind.value)

    @staticmethod
    def _wait(notice: Notice, error: Exception) -> timedelta:
        """Until the next attempt: as long as Slack says, else longer each time."""
        told = retry_after(error)
        if told is not None:
            return timedelta(seconds=told)
        longer = _FIRST_RETRY * int(2 ** min(notice.attempts, 10))
        return min(longer, _LONGEST_RETRY)

    def _manual_expires(self, notice: Notice) -> tuple[str, str]:
        """To the owner, or to every admin when there is none whom Slack knows. What is not live any more needs no answer."""
        manuals = self._services.library.manuals()
        manual = next((m for m in manuals if m.edition_id == notice.subject_id and m.expires_at), None)
        if manual is None:
            raise NothingToTell
        owner, last = notice.audience.user_id, ("", "")
        admins = [person.id for person in self._services.people.with_role(Role.ADMIN)]
        if not owner and not admins:
            raise NobodyToTell(Role.ADMIN.value)
        if owner:
            try:
                return self._ask_about(manual, owner)
            except SlackApiError as error:
                if error.response.get("error") not in PERSON_GONE or not admins:
                    raise
                _log.warning("expiry.owner_unreachable", edition=manual.edition_id)
        for user in admins:
            last = self._ask_about(manual, user)
        return last

    def _ask_about(self, manual: ManualSummary, user: str) -> tuple[str, str]:
        reader, zone = self._languages.words(user), self._services.settings.zone
        blocks = expiries.message(manual, reader, zone)
        return self._tell(user, Origin(), expiries.text(manual, reader, zone), blocks)

    def _tell(self, user: str, origin: Origin, text: str, blocks: list[Block]) -> tuple[str, str]:
        """To one person: in the DM thread where it began, else in their DM; never in a channel."""
        dm = str(self._client.conversations_open(users=user)["channel"]["id"])
        thread_ts = origin.thread_ts if origin.channel == dm else ""
        return self._post(dm, text, blocks, thread_ts)

    def _post(self, channel: str, text: str, blocks: list[Block], thread_ts: str = "") -> tuple[str, str]:
        sent = self._client.chat_postMessage(
            channel=channel, thread_ts=thread_ts or None, text=parts.fallback(text), blocks=blocks
        )
        return str(sent["channel"]), str(sent["ts"])

"""The running Slack app: bolt behind one door (Socket Mode or HTTP), the outbox pump, and the pools that they work with."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import structlog
from slack_bolt import App, BoltRequest, BoltResponse

from bot.connecting import check, connect, secret
from bot.delivery import Outbox
from bot.keeping.groups import SlackGroups
from bot.keeping.job_work import take_on
from bot.keeping.settings_files import SettingsFiles
from bot.listeners import register, resuming
from bot.listeners.catching_up import CatchingUp
from bot.listeners.languages import Languages
from bot.listeners.pace import Pace
from bot.listeners.shared import Shared
from bot.listeners.well_built import well_built
from bot.observing import metrics, states
from bot.observing.health import Health
from bot.observing.states import OK
from bot.observing.watched import Watched
from bot.schedule import Schedule, Task
from bot.services import Services
from bot.socket_door import SocketDoor
from bot.web.gateway import Gateway
from bot.web.server import WebServer

_log = structlog.get_logger(__name__)

_LISTENER_THREADS = 64
"""Bolt's default of five starves the Approve button as soon as five answers are running."""
_SWITCH_SECONDS = 0.001
"""Python's own five milliseconds are how long a thread that was sent a click waits for each thread that computes."""
_MOST_REMINDERS = 3
"""To one person about one thing to read; then their supervisor sees the name."""
_STOPS_KEPT = timedelta(seconds=10)
"""So long a process that is busy may take to look for them."""
_CLAIMS_KEPT = timedelta(days=7)
"""Slack sends an event again within an hour; buttons that work once may be pressed much later, and are known by their
record from then on."""
STOP_SECONDS = 8.0
"""How long stopping may take; `kefu up` ends the process soon after."""
_GRACE = 0.5
"""The share of that time in which answers may go on being written."""


class SlackApp:
    """Everything that runs while the bot is up. Use as a context manager: leaving it stops gracefully."""

    def __init__(
        self,
        services: Services,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        http: bool = False,
        listening: socket.socket | None = None,
        watching: socket.socket | None = None,
    ) -> None:
        """`http`: Slack's requests come over HTTP, else over a websocket. `listening`: where the web server answers;
        without one there is none (HTTP needs one). `watching`: where figures and health are shown.

        Checks tokens and asks Slack who the bot is. Raises SlackUnusable, StartupError.
        """
        self._services, self._clock, slack = services, clock, services.settings.slack
        check(slack, http=http)
        self._connection = connect(services)
        self.client = self._connection.client
        languages = Languages(self.client, services.settings.language, services.people)
        self.outbox = Outbox(services, self._connection.outgoing, languages, clock)
        self._pool = ThreadPoolExecutor(services.settings.answer_workers, thread_name_prefix="answer")
        self._later = ThreadPoolExecutor(1, thread_name_prefix="later")
        self._listeners = ThreadPoolExecutor(_LISTENER_THREADS, thread_name_prefix="listener")
        self.shared = Shared(
            services=services,
            client=self.client,
            bot_user=self._connection.bot_user,
            pool=self._pool,
            later=self._later,
            languages=languages,
            nudge=self.outbox.nudge,
            pace=Pace(services.settings.questions_per_minute),
            connection=self._connection,
        )
        self.bolt = MeasuredApp(
            **self._connection.bolt(),
            signing_secret=secret(slack.signing_secret) or None,
            request_verification_enabled=http,
            listener_executor=self._listeners,
            logger=logging.getLogger("slack_bolt"),
        )
        self.bolt.error(_not_ours)
        self.bolt.use(well_built)
        register(self.bolt, self.shared)
        self._files = SettingsFiles(services)
        hours, everywhere = services.settings.catch_up_hours, self._connection.everywhere
        self.catching_up = CatchingUp(self.shared, clock, hours, self._hears, everywhere)
        self.schedule = Schedule(self._tasks())
        self._socket = None if http else SocketDoor(self.bolt, secret(slack.app_token))
        self._web = None
        if listening is not None:
            prefix = _path_of(slack.public_url)
            self._web = WebServer(Gateway(self.bolt, self._shown, prefix=prefix, events=http), listening)
        self._stops_seen: deque[tuple[str, str, str]] = deque(maxlen=1000)
        self._health = Health(services, clock)
        self._watcher = None if watching is None else WebServer(Watched(self.health), watching)
        self._running = False

    def _tasks(self) -> list[Task]:
        """What is looked after without anybody asking."""
        services = self._services
        return [
            Task("jobs", 1, self._jobs),
            Task("effective_dates", 10, self._turn),
            Task("expiries", 600, self._ask_before_expiry),
            Task("gaps", 5, self._gaps),
            Task("acknowledgements", 60, self._remind),
            Task("contacts", 3600, self._purge),
            Task("reminders", 30, self._look_at_calendar),
            Task("settings_files", 3, self._look_at_files),
            Task("people_groups", 5, SlackGroups(self.client, services.desk.directory).look),
            Task("deadlines", 30, self._deadlines),
            Task("procedures", 15, self._watch),
            Task("answers_left", 3, lambda: resuming.take_up(self.shared, alone=services.alone)),
            Task("catching_up", 10, self.catching_up.look),
            *([] if services.alone else [Task("stops", 0.5, self.look_for_stops)]),
            Task("claims", 3600, self._forget_claims),
            Task("tokens", 300, self._connection.renew),
            Task("figures", 5, self._figures),
        ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Connect and begin to listen; returns when connected. What was open when the bot ended last is taken up.

        Raises SlackUnusable.
        """
        sys.setswitchinterval(_SWITCH_SECONDS)
        alone = self._services.alone
        if alone:
            self._services.desk.release_notices()
        self._forget_claims()
        if self._socket is not None:
            self._socket.open()
        self.outbox.start()
        self.schedule.start()
        resuming.take_up(self.shared, alone=alone)
        self._running = True
        for server in filter(None, (self._web, self._watcher)):
            server.start()
        _log.info("slack.connected", bot_user=self.shared.bot_user, http=self._socket is None)

    def _hears(self) -> bool:
        """Whether requests of Slack can come in."""
        return self._running and (self._socket is None or self._socket.connected)

    def health(self) -> Mapping[str, Any]:
        """What `/healthz` tells. `ready`: requests of Slack can come in and are worked on. A Chroma server or a model that
        does not answer is told and keeps nothing from being ready: answers go on from memory, as quotes."""
        connected = self._socket is None or self._socket.connected
        found = self._health.look()
        return {
            "live": True,
            "ready": self._running and connected and found["database"] == OK,
            "mode": "http" if self._socket is None else "socket",
            "connected": connected,
            **found,
        }

    def _shown(self) -> Mapping[str, Any]:
        """What of it everybody may see who reaches the door of Slack."""
        told = self.health()
        return {name: told[name] for name in ("ready", "mode", "connected")}

    def stop(self) -> None:
        """Take nothing new, let clicks finish, give running answers a moment, deliver the notice in hand.

        What is not finished within STOP_SECONDS is left: the next start takes it up.
        """
        self._running = False
        metrics.READY.set(0)
        self.catching_up.stop()
        until = time.monotonic() + STOP_SECONDS

        def left(share: float = 1.0) -> float:
            return max((until - time.monotonic()) * share, 0.1)

        if self._web is not None:
            self._web.stop(left(0.2))
        if self._socket is not None:
            self._socket.close(left(0.2))
        if self._watcher is not None:
            self._watcher.stop(left(0.1))
        self._health.close()
        _within(left(0.2), self.schedule.stop)
        _within(left(0.3), lambda: self._listeners.shutdown(wait=True))
        patience = threading.Timer(left(_GRACE), self.shared.running.stop_all)
        patience.daemon = True
        patience.start()
        _within(left(0.9), lambda: self._pool.shutdown(wait=True))
        patience.cancel()
        for pool in (self._pool, self._later):
            pool.shutdown(wait=False, cancel_futures=True)
        self.outbox.stop(left())
        self._services.desk.underway.let_go()
        _log.info("slack.disconnected")

    def _figures(self) -> None:
        """What stands still between two looks: queues, the outbox, what answers."""
        told = self.health()
        metrics.READY.set(float(told["ready"]))
        for part in states.PARTS:
            if told[part] != states.NONE:
                metrics.REACHABLE.labels(part).set(float(told[part] == OK))
        metrics.QUEUE.set(self._pool._work_queue.qsize())
        outbox = told["outbox"]
        if outbox["waiting"] is not None:
            metrics.WAITING.set(outbox["waiting"])
            metrics.OLDEST.set(outbox["oldest_seconds"])
        if outbox["last_delivery"]:
            metrics.DELIVERED.set(datetime.fromisoformat(outbox["last_delivery"]).timestamp())

    def _jobs(self) -> None:
        """Work handed over by the command line; what it published may have to be told."""
        services = self.shared.services
        if take_on(services.jobs, services.work):
            self.outbox.nudge()

    def _turn(self) -> None:
        """Effective and expiry dates that have come."""
        if self.shared.services.library.turn():
            self.outbox.nudge()
            self.shared.services.assistant.warm_up()

    def _ask_before_expiry(self) -> None:
        """Owners of manuals that expire soon; each edition once."""
        services = self.shared.services
        within = timedelta(days=services.settings.expiry_notice_days)
        asked = [
            services.desk.ask_about_expiry(m.edition_id, m.owner) for m in services.library.expiring(within)
        ]
        if any(asked):
            self.outbox.nudge()

    def _gaps(self) -> None:
        """Questions that the manuals did not answer, and those that a new edition answers now."""
        looked = self.shared.services.gaps.catch_up()
        if looked.answered or looked.reopened:
            self.outbox.nudge()

    def _remind(self) -> None:
        """Whoever has not read a confirmed answer that was sent to their channel."""
        services = self.shared.services
        desk, hours = services.desk.confirmed, services.settings.ack_reminder_hours
        if hours and desk.remind(timedelta(hours=hours), _MOST_REMINDERS, services.people):
            self.outbox.nudge()

    def _look_at_files(self) -> None:
        """People, appointments and procedures, which somebody may have edited."""
        if self._files.look():
            self.outbox.nudge()

    def _look_at_calendar(self) -> None:
        """Appointments, duties that come round, and the week's figures."""
        services = self.shared.services
        sent = services.desk.reminders.look(
            self._files.appointments(),
            list(services.desk.procedures.catalogue.procedures.values()),
            services.people.shift_end,
            services.settings.report_time,
        )
        if sent:
            self.outbox.nudge()

    def _deadlines(self) -> None:
        """Escalations, instructions and reports that have waited too long."""
        if self.shared.services.desk.rungs.watch():
            self.outbox.nudge()

    def _watch(self) -> None:
        """Steps that take too long, and booked moments that come."""
        if self.shared.services.desk.procedures.watch():
            self.outbox.nudge()

    def look_for_stops(self) -> None:
        """A Stop comes to one process; the answer may be written by another. Each stops once what runs then, and nothing
        that is asked in the same thread afterwards."""
        if not self.shared.running.any():
            return
        for one in self.shared.services.desk.stops(self._clock() - _STOPS_KEPT):
            if one not in self._stops_seen:
                self._stops_seen.append(one)
                self.shared.running.stop(*one[:2])

    def _forget_claims(self) -> None:
        """What was taken on once, when nobody can send it again any more."""
        desk = self.shared.services.desk
        forgotten = desk.forget_claims(self._clock() - _CLAIMS_KEPT)
        if forgotten:
            _log.info("claims.forgotten", count=forgotten)

    def _purge(self) -> None:
        """Contact details of matters that ended long ago, and answers that nobody shared."""
        services = self.shared.services
        services.desk.contacts.purge(timedelta(days=services.settings.contact_days))
        services.desk.kept.purge(timedelta(days=services.settings.share_days))


class MeasuredApp(App):
    """Bolt, told how long each request waits for its acknowledgement."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """One request of Slack; returns when it is acknowledged."""
        if req.headers.get("x-slack-retry-num"):
            metrics.REDELIVERIES.inc()
        with metrics.timed(metrics.ACK_SECONDS):
            return super().dispatch(req)


def _not_ours(error: Exception) -> BoltResponse:
    """What bolt itself raises over a request; what our listeners raise is told where it is raised. Nearly always a body
    that is not built as Slack builds it: that is whoever's fault who sent it, and not to be sent again."""
    ill_built = isinstance(error, KeyError | IndexError | TypeError | AttributeError | ValueError)
    _log.warning("request.unreadable", error=type(error).__name__, exc_info=not ill_built)
    return BoltResponse(status=400 if ill_built else 500)


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do something that may hang, and wait for it only so long."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)


def _path_of(public_url: str) -> str:
    """The path below which a proxy shows us."""
    return urlsplit(public_url).path.rstrip("/")

"""The running Slack app: bolt over Socket Mode, the outbox pump, and the pools that they work with."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from websocket import WebSocketException

from bot.delivery import Outbox
from bot.keeping.groups import SlackGroups
from bot.keeping.job_work import take_on
from bot.keeping.settings_files import SettingsFiles
from bot.listeners import register
from bot.listeners.languages import Languages
from bot.listeners.shared import Shared
from bot.schedule import Schedule, Task
from bot.services import Services
from bot.settings import SlackSettings
from bot.slack_errors import TROUBLE
from bot.startup import StartupError

_log = structlog.get_logger(__name__)

_LISTENER_THREADS = 64
"""Bolt's default of five starves the Approve button as soon as five answers are running."""
_SOCKET_THREADS = 32
_RATE_LIMIT_RETRIES = 3
_CONNECT_SECONDS = 15.0
_MOST_REMINDERS = 3
"""To one person about one thing to read; then their supervisor sees the name."""
_GRACE_SECONDS = 5.0
"""How long answers may go on being written after the bot is told to stop."""


class SlackUnusable(StartupError):
    """Slack cannot be used with these settings; `str()` is one sentence that says what to do."""


def tokens(settings: SlackSettings) -> tuple[str, str]:
    """Bot token and app token, checked as far as they can be without asking Slack. Raises SlackUnusable."""
    found = []
    for name, token, start in (
        ("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", settings.app_token, "xapp-"),
    ):
        value = token.get_secret_value().strip() if token else ""
        if not value:
            raise SlackUnusable(f"{name} is not set: give the {start}… token of the Slack app.")
        if not value.startswith(start):
            raise SlackUnusable(f"{name} does not look right: it must start with {start}.")
        found.append(value)
    return found[0], found[1]


def web_client(settings: SlackSettings, token: str) -> WebClient:
    """A client that waits when Slack says so and tries again when a connection breaks."""
    return WebClient(
        token=token,
        base_url=settings.api_url,
        retry_handlers=[
            ConnectionErrorRetryHandler(max_retry_count=2),
            RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES),
        ],
    )


def who_am_i(client: WebClient) -> str:
    """User id of the bot. Raises SlackUnusable when Slack refuses the token or does not answer."""
    try:
        return str(client.auth_test()["user_id"])
    except SlackApiError as error:
        code = error.response.get("error")
        raise SlackUnusable(
            f"Slack refused SLACK_BOT_TOKEN ({code}): copy it again from the app's page."
        ) from error
    except TROUBLE as error:
        raise SlackUnusable(f"Slack does not answer at {client.base_url}: {error}.") from error


class SlackApp:
    """Everything that runs while the bot is up. Use as a context manager: leaving it stops gracefully."""

    def __init__(self, services: Services, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Checks tokens and asks Slack who the bot is. Raises SlackUnusable."""
        slack = services.settings.slack
        bot_token, self._app_token = tokens(slack)
        self.client = web_client(slack, bot_token)
        bot_user = who_am_i(self.client)
        languages = Languages(self.client, services.settings.language)
        self.outbox = Outbox(services, self.client, languages, clock)
        self._pool = ThreadPoolExecutor(services.settings.answer_workers, thread_name_prefix="answer")
        self._listeners = ThreadPoolExecutor(_LISTENER_THREADS, thread_name_prefix="listener")
        self.shared = Shared(
            services=services,
            client=self.client,
            bot_user=bot_user,
            pool=self._pool,
            languages=languages,
            nudge=self.outbox.nudge,
        )
        self.bolt = App(
            client=self.client,
            listener_executor=self._listeners,
            logger=logging.getLogger("slack_bolt"),
        )
        register(self.bolt, self.shared)
        self._files = SettingsFiles(services)
        self.schedule = Schedule(
            [
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
            ]
        )
        self._handler: SocketModeHandler | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Connect and begin to listen; returns when connected. Raises SlackUnusable."""
        # The websocket_client adapter notices a TCP reset in half a second, the built-in one in a minute.
        self._handler = SocketModeHandler(self.bolt, self._app_token, concurrency=_SOCKET_THREADS)
        opened = threading.Event()
        self._handler.client.on_open_listeners.append(lambda _session: opened.set())
        try:
            self._handler.connect()
        except SlackApiError as error:
            code = error.response.get("error")
            raise SlackUnusable(
                f"Slack refused SLACK_APP_TOKEN ({code}): it needs the scope connections:write."
            ) from error
        if not opened.wait(_CONNECT_SECONDS):
            raise SlackUnusable("Slack's Socket Mode does not answer; the network may block websockets.")
        self.outbox.start()
        self.schedule.start()
        _log.info("slack.connected", bot_user=self.shared.bot_user)

    def stop(self) -> None:
        """Take nothing new, let clicks finish, stop running answers, deliver the notice in hand."""
        if self._handler is not None:
            _hang_up(self._handler)
        self.schedule.stop()
        self._listeners.shutdown(wait=True)
        patience = threading.Timer(_GRACE_SECONDS, self.shared.running.stop_all)
        patience.start()
        self._pool.shutdown(wait=True)
        patience.cancel()
        self.outbox.stop()
        _log.info("slack.disconnected")

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
        hours = services.settings.ack_reminder_hours
        if hours and services.desk.confirmed.remind(timedelta(hours=hours), _MOST_REMINDERS):
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

    def _purge(self) -> None:
        """Contact details of matters that ended long ago."""
        services = self.shared.services
        services.desk.contacts.purge(timedelta(days=services.settings.contact_days))


def _hang_up(handler: SocketModeHandler) -> None:
    """Close the socket after the requests in hand are acknowledged.

    websocket-client waits up to ten seconds in select() on a socket that was closed in another thread;
    shutting the connection down first wakes it.
    """
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_processor.shutdown()
    client.message_workers.shutdown(wait=True)
    client.current_session_runner.event.set()  # or it opens the session again
    session = client.current_session
    channel = session.sock if session is not None else None
    raw = channel.sock if channel is not None else None
    if session is not None and channel is not None and raw is not None:
        session.keep_running = False
        with contextlib.suppress(OSError, WebSocketException):  # the other side may have closed it by now
            channel.send_close()
            raw.shutdown(socket.SHUT_RDWR)
    handler.close()

"""Delivering events (with redelivery) and interactions (once) to the bot."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from bot.workspace.http_sender import VERIFICATION_TOKEN
from bot.workspace.people import APP
from bot.workspace.sockets import Ack
from bot.workspace.world import World

Json = dict[str, Any]
log = structlog.get_logger(__name__)
LONGEST_HOLD = 2.0


class Transport(Protocol):
    """How an envelope reaches the bot: over a socket, or as a signed HTTP request."""

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        """Deliver once and say whether it was acknowledged."""

    async def wait_until_connected(self, seconds: float) -> bool:
        """Whether there is somebody to deliver to."""


@dataclass
class Trip:
    """An event on its way: what each attempt came to ("acked", or why not), and whether there will be another."""

    event_id: str
    kind: str
    ts: str
    attempts: list[str] = field(default_factory=list)
    done: bool = False

    def as_seen(self) -> Json:
        """For the control API."""
        return {
            "event_id": self.event_id,
            "type": self.kind,
            "ts": self.ts,
            "attempts": self.attempts,
            "done": self.done,
        }


class Delivery:
    """Hands events and interactions to a transport by Slack's rules."""

    def __init__(self, world: World, transport: Transport) -> None:
        self._world = world
        self._transport = transport
        self._running: set[asyncio.Task[None]] = set()
        self._next_sent = asyncio.Event()
        self.trips: deque[Trip] = deque(maxlen=20_000)
        """The latest events and how their delivery went, oldest first."""

    def event(self, event: Json) -> None:
        """Deliver an event in the background, with up to three redeliveries under one event_id."""
        wrapper = self._wrap(event)
        self._start(self._deliver(wrapper))
        if self._world.faults.take("duplicate"):
            self._start(self._deliver(wrapper))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _wrap(self, event: Json) -> Json:
        team, org_wide = self._world.team, self._world.org_wide
        enterprise = team.enterprise or None
        of_grid = {"enterprise_id": enterprise} if enterprise else {}
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            **of_grid,
            "context_team_id": team.id,
            "context_enterprise_id": enterprise,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.new_id("Ev"),
            "event_time": self._world.now(),
            "authorizations": [
                {
                    "enterprise_id": enterprise,
                    "team_id": None if org_wide else team.id,
                    "user_id": team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": org_wide,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(12)}",
        }

    async def _deliver(self, wrapper: Json) -> None:
        if self._world.faults.take("reorder"):
            self._next_sent.clear()
            try:
                await asyncio.wait_for(self._next_sent.wait(), LONGEST_HOLD)
            except TimeoutError:
                log.info("event.released", event_id=wrapper["event_id"])
        event = wrapper["event"]
        trip = Trip(wrapper["event_id"], event["type"], str(event.get("ts") or event.get("event_ts") or ""))
        self.trips.append(trip)
        try:
            await self._try(wrapper, trip)
        finally:
            trip.done = True

    async def _try(self, wrapper: Json, trip: Trip) -> None:
        reason = ""
        for attempt in range(len(self._world.timing.retries) + 1):
            if attempt:
                await asyncio.sleep(self._world.timing.retries[attempt - 1])
            if not await self._transport.wait_until_connected(self._world.timing.wait_for_socket):
                reason = "connection_failed"
                trip.attempts.append(reason)
                continue
            sending = self._transport.send("events_api", wrapper, attempt, reason)
            self._next_sent.set()
            ack = await sending
            trip.attempts.append("acked" if ack.acked else ack.error)
            if ack.acked or ack.final:
                return
            reason = ack.error
            log.info("event.unacknowledged", event_id=wrapper["event_id"], attempt=attempt, reason=reason)
        log.warning("event.given_up", event_id=wrapper["event_id"])

    async def interaction(self, payload: Json) -> Ack:
        """Deliver a click, submission, shortcut or closing: once, never again."""
        return await self._once("interactive", payload)

    async def command(self, payload: Json) -> Ack:
        """Deliver a slash command: once."""
        return await self._once("slash_commands", payload)

    async def _once(self, kind: str, payload: Json) -> Ack:
        if self._world.grid.tokens.installation(self._world.team) is None:
            return Ack(False, 0, error="not_installed")
        return await self._transport.send(kind, payload)

    async def close(self) -> None:
        """Give up what is still under way. Told again until it is over: `asyncio.wait_for` of Python 3.11 swallows a
        cancellation that comes together with what was waited for."""
        while self._running:
            for task in list(self._running):
                task.cancel()
            await asyncio.wait(list(self._running), timeout=0.1)

"""Socket Mode: the bot's WebSockets, and sending one envelope over one of them."""

import asyncio
import json
import secrets
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.workspace.grid import Grid
from bot.workspace.people import APP

Json = dict[str, Any]
MOST_SOCKETS = 10
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ack:
    """What became of an envelope. `ms` from sending to acknowledgement; `payload` came with it."""

    acked: bool
    ms: int
    payload: Json | None = None
    error: str = ""
    final: bool = False
    """The app asked not to be sent it again (`X-Slack-No-Retry`)."""


@dataclass
class Connection:
    """One WebSocket of the bot. A draining one gets nothing new."""

    socket: web.WebSocketResponse
    request: web.Request
    draining: bool = False
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class Sockets:
    """All open WebSockets; envelopes go to them in turn."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._turn = 0
        self._arrived = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    def _tell_pages(self) -> None:
        for world in self._grid.worlds.values():
            world.feed.publish("sockets", count=self.count)

    # -- connecting ---------------------------------------------------------------------------------
    def address(self) -> str:
        """A single-use address for a WebSocket."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic() + self._grid.timing.ticket
        return f"{self._grid.base_url.replace('http', 'ws', 1)}link/?ticket={ticket}&app_id={APP}"

    @property
    def count(self) -> int:
        """How many sockets take envelopes."""
        return len(self._ready())

    def _ready(self) -> list[Connection]:
        return [c for c in self._connections if not c.draining and not c.socket.closed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket from hello to close."""
        ticket = request.query.get("ticket", "")
        if self._tickets.pop(ticket, 0.0) < time.monotonic():
            return web.Response(status=408, text="This address was used before or never handed out.")
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        connection = Connection(ws, request)
        if len(self._connections) >= MOST_SOCKETS:
            await self._send_off(connection, "too_many_websockets")
            await ws.close()
            return ws
        await ws.send_json(self._hello())
        self._connections.append(connection)
        self._arrived.set()
        self._tell_pages()
        log.info("socket.opened", sockets=self.count)
        ageing = asyncio.create_task(self._grow_old(connection))
        try:
            async for received in ws:
                if received.type is WSMsgType.TEXT:
                    self._receive(connection, received.data)
        finally:
            ageing.cancel()
            self._gone(connection)
        return ws

    async def _grow_old(self, connection: Connection) -> None:
        """A warning shortly before a socket's time is over, then it is closed; the app opens another meanwhile."""
        timing = self._grid.timing
        await asyncio.sleep(max(0.0, timing.socket - timing.disconnect_grace))
        await self._dismiss(connection, "warning")

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count + 1,
            "connection_info": {"app_id": APP},
            "debug_info": {
                "host": "local-workspace",
                "build_number": 1,
                "approximate_connection_time": round(self._grid.timing.socket),
            },
        }

    def _gone(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the socket closed before the acknowledgement"))
        if not self._ready():
            self._arrived.clear()
        self._tell_pages()
        log.info("socket.closed", sockets=self.count)

    def _receive(self, connection: Connection, text: str) -> None:
        """An acknowledgement from the bot; anything else is ignored, as Slack does."""
        try:
            message = json.loads(text)
        except json.JSONDecodeError:
            return
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        future = connection.waiting.get(str(envelope_id))
        if future is None or future.done():
            return
        if self._grid.faults.take("lose_ack", type=connection.kinds.get(str(envelope_id), "")):
            log.info("ack.lost", envelope=envelope_id)
            return
        future.set_result(message.get("payload"))

    # -- sending ------------------------------------------------------------------------------------
    async def wait_until_connected(self, seconds: float) -> bool:
        """Whether a socket is there, waiting for one if need be."""
        if not self._ready():
            self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), seconds)
        except TimeoutError:
            return any(not connection.socket.closed for connection in self._connections)
        return True

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        """Send one envelope to one socket and wait for its acknowledgement (3 s by default)."""
        slow = self._grid.faults.take("slow_socket", type=kind)
        if slow:
            await asyncio.sleep(slow.seconds)
        # One that was told to go still listens until it is closed: it serves as long as there is no other.
        ready = self._ready() or [c for c in self._connections if not c.socket.closed]
        if not ready:
            return Ack(False, 0, error="connection_failed")
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return await self._exchange(connection, envelope)

    async def _exchange(self, connection: Connection, envelope: Json) -> Ack:
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        envelope_id = envelope["envelope_id"]
        connection.waiting[envelope_id] = future
        connection.kinds[envelope_id] = envelope["type"]
        started = time.monotonic()
        try:
            await connection.socket.send_str(json.dumps(envelope, ensure_ascii=False))
            payload = await asyncio.wait_for(future, self._grid.timing.ack)
        except TimeoutError:
            return Ack(False, _ms(started), error="timeout")
        except (ConnectionError, RuntimeError):
            return Ack(False, _ms(started), error="connection_failed")
        finally:
            connection.waiting.pop(envelope_id, None)
            connection.kinds.pop(envelope_id, None)
        return Ack(True, _ms(started), payload)

    # -- faults -------------------------------------------------------------------------------------
    async def disconnect(self, reason: str) -> int:
        """Tell every socket to go. After a warning it stays open for the grace period, else it closes at once."""
        leaving = self._ready()
        for connection in leaving:
            await self._dismiss(connection, reason)
        return len(leaving)

    async def _dismiss(self, connection: Connection, reason: str) -> None:
        connection.draining = True
        await self._send_off(connection, reason)
        grace = self._grid.timing.disconnect_grace if reason == "warning" else 0.0
        task = asyncio.create_task(self._close_later(connection, grace))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        if not self._ready():
            self._arrived.clear()

    async def _send_off(self, connection: Connection, reason: str) -> None:
        notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "local-workspace"}}
        await connection.socket.send_json(notice)

    async def _close_later(self, connection: Connection, grace: float) -> None:
        if grace:
            await asyncio.sleep(grace)
            if not connection.socket.closed:
                await self._send_off(connection, "refresh_requested")
        await connection.socket.close()

    def reset(self) -> int:
        """Cut every socket with a TCP RST."""
        connections = list(self._connections)
        for connection in connections:
            transport = connection.request.transport
            raw = transport.get_extra_info("socket") if transport else None
            if transport is not None and raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                transport.abort()
            connection.draining = True
            self._gone(connection)
        return len(connections)

    async def close(self) -> None:
        """Close everything; the workspace is stopping."""
        for task in self._closing:
            task.cancel()
        for connection in list(self._connections):
            await connection.socket.close()


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

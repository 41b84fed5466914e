"""What passes between the workspace and the bot, both ways, as one list for the page's inspector."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from bot.workspace.calls import Call
from bot.workspace.sockets import Ack
from bot.workspace.world import World

Json = dict[str, Any]
_KEPT = 5_000
_SEARCHED = 2_000
"""Payloads looked through at most, newest first: a search answers at once however long the workspace runs."""


class _Carrier(Protocol):
    """What really delivers (Socket Mode or signed HTTP requests)."""

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack: ...

    async def wait_until_connected(self, seconds: float) -> bool: ...


@dataclass(frozen=True)
class Sent:
    """One delivery to the bot and what became of it."""

    number: int
    kind: str
    name: str
    payload: Json
    at: str
    attempt: int
    reason: str
    acked: bool
    ms: int
    error: str


class Wire:
    """Passes deliveries on and keeps the latest."""

    def __init__(self, world: World, carrier: _Carrier) -> None:
        self._world = world
        self._carrier = carrier
        self._sent: deque[Sent] = deque(maxlen=_KEPT)
        self._count = 0

    async def wait_until_connected(self, seconds: float) -> bool:
        """Whether there is somebody to deliver to."""
        return await self._carrier.wait_until_connected(seconds)

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        """Deliver once, note it and its acknowledgement, and hand that on."""
        at = self._world.clock().isoformat()
        ack = await self._carrier.send(kind, payload, attempt, reason)
        self._count += 1
        self._sent.append(
            Sent(
                self._count,
                kind,
                _name(kind, payload),
                payload,
                at,
                attempt,
                reason,
                ack.acked,
                ack.ms,
                ack.error,
            )
        )
        self._world.feed.publish("call")
        return ack

    def seen(
        self, limit: int = 100, search: str = "", direction: str = "", refused: bool = False
    ) -> list[Json]:
        """Both ways, newest first: at most `limit` that hold `search` (any case) somewhere.

        `direction`: `in` (to the bot), `out` (from it) or both; `refused`: only what was not accepted.
        """
        out = [] if direction == "in" else [_call(call) for call in self._world.calls.listed(limit=_SEARCHED)]
        into = [] if direction == "out" else [_sent(one) for one in list(self._sent)[-_SEARCHED:]]
        found: list[Json] = []
        wanted = search.strip().lower()
        for one in sorted(out + into, key=lambda each: str(each["at"]), reverse=True):
            if refused and one["ok"]:
                continue
            if wanted and wanted not in json.dumps(one, ensure_ascii=False, default=str).lower():
                continue
            found.append(one)
            if len(found) >= limit:
                break
        return found


def _name(kind: str, payload: Json) -> str:
    """What a reader calls it: the event's type, the action, the command."""
    if kind == "events_api":
        event = payload.get("event") or {}
        return ".".join(str(part) for part in (event.get("type"), event.get("subtype")) if part)
    if kind == "slash_commands":
        return str(payload.get("command") or kind)
    actions = payload.get("actions") or [{}]
    detail = (
        actions[0].get("action_id")
        or payload.get("callback_id")
        or (payload.get("view") or {}).get("callback_id")
    )
    return " ".join(str(part) for part in (payload.get("type"), detail) if part)


def _call(call: Call) -> Json:
    shown = call.as_seen()
    return {
        "id": f"out-{call.number}", "direction": "out", "name": call.method, "payload": shown.pop("arguments"), "at": call.at,
        "ok": call.ok, "verdict": shown["verdict"], "ms": call.ms, "details": call.details, "advice": call.advice,
    }  # fmt: skip


def _sent(one: Sent) -> Json:
    about = asdict(one)
    return {
        "id": f"in-{one.number}", "direction": "in", "name": one.name, "payload": one.payload, "at": one.at, "ok": one.acked,
        "verdict": "ack" if one.acked else one.error, "ms": one.ms, "details": [], "advice": [],
        "envelope": {name: about[name] for name in ("kind", "attempt", "reason")},
    }  # fmt: skip

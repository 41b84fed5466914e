"""The live feed of the page: what changes for one person, as server-sent events."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.workspace import acts
from bot.workspace.errors import Refused
from bot.workspace.world import World

Json = dict[str, Any]
HEARTBEAT = 15.0


def surroundings(world: World, channel: str) -> Json:
    """What a channel shows besides messages."""
    return {
        "statuses": world.live_statuses(channel),
        "prompts": world.prompts.get(channel),
        "sessions": {ts: vars(s) for (place, ts), s in world.sessions.items() if place == channel},
        "titles": {ts: title for (place, ts), title in world.titles.items() if place == channel},
    }


class Live:
    """Streams changes to open pages; each sees only what its person may see."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One open page."""
        try:
            user = acts.known_person(self._world, request.query.get("user"))
        except Refused as refusal:
            return web.json_response({"error": str(refusal)}, status=refusal.status)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        queue = self._world.feed.subscribe()
        try:
            await response.write(b": hello\n\n")
            while True:
                await self._pass_on(response, queue, user)
        except ConnectionError:
            return response
        finally:
            self._world.feed.unsubscribe(queue)

    async def _pass_on(self, response: web.StreamResponse, queue: asyncio.Queue[Json], user: str) -> None:
        try:
            change = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            await response.write(b": still here\n\n")
            return
        told = self._for_person(user, change)
        if told is not None:
            await response.write(b"data: " + json.dumps(told, ensure_ascii=False).encode() + b"\n\n")

    def _for_person(self, user: str, change: Json) -> Json | None:
        """A change as one person may see it, or None; of others' messages only that somebody got one."""
        channel = change.get("channel")
        if channel is not None and user not in self._world.channels[channel].members:
            return {"kind": "elsewhere"} if change["kind"] == "message" else None
        if change.get("user") not in (None, user):
            return None
        if change["kind"] == "message":
            message = self._world.find(str(channel), change["ts"])
            if message is None:
                return None
            if message.only_for not in (None, user):
                return {"kind": "elsewhere"}
            return change | {"message": message.as_seen()}
        if change["kind"] in ("status", "prompts", "session", "title"):
            return change | surroundings(self._world, str(channel))
        return change

"""The control API over HTTP."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.workspace import acts
from bot.workspace.control import Control
from bot.workspace.delivery import Delivery
from bot.workspace.errors import Refused, WorkspaceError
from bot.workspace.faults import ARMED, AT_ONCE, check
from bot.workspace.live import Live, surroundings
from bot.workspace.messages import StreamState
from bot.workspace.methods_oauth import remove_app
from bot.workspace.reading import Reading
from bot.workspace.ways import Ways
from bot.workspace.wire import Wire
from bot.workspace.world import World

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[Any]]
LARGEST_BODY = 110_000_000
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""Shown on the page as pictures; everything else, drawings with scripts in them too, is only offered to be saved."""


class ControlHttp:
    """Routes below /control/; those of other teams below /teams/TEAM/control/."""

    def __init__(self, world: World, ways: Ways, control: Control, delivery: Delivery, wire: Wire) -> None:
        self._world = world
        self._ways = ways
        self._delivery = delivery
        self._control = control
        self._wire = wire
        self._reading = Reading(world)
        self._guide: Json = {}

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        team = self._world.team.id
        base = "/control" if self._world is self._world.grid.first else f"/teams/{team}/control"
        reads: dict[str, Answer] = {
            "messages": self._messages,
            "views": self._views,
            "calls": self._calls,
            "people": self._people,
            "channels": self._channels,
            "sockets": self._count,
            "faults": self._armed,
            "deliveries": self._deliveries,
            "manifest": self._manifest,
            "request_url": self._request_url,
            "traffic": self._traffic,
            "unread": self._unread,
            "guide": self._shown_guide,
        }
        routes = [web.get(f"{base}/{name}", _json(answer)) for name, answer in reads.items()]
        return [
            *routes,
            web.post(f"{base}/faults", _json(self._break)),
            web.post(f"{base}/request_url", _json(self._send_to)),
            web.post(f"{base}/manifest", _json(self._take_manifest)),
            web.post(f"{base}/guide", _json(self._take_guide)),
            web.post(f"{base}/reads", _json(self._read)),
            web.post(f"{base}/uploads", _json(self._upload)),
            web.get(base + "/files/{file}", self._file),
            web.get(f"{base}/live", Live(self._world).handle),
            web.post(base + "/{wish}", _json(self._grant)),
        ]

    # -- writing ------------------------------------------------------------------------------------
    async def _grant(self, request: web.Request) -> Json:
        name = request.match_info["wish"]
        if not self._control.knows(name):
            raise Refused(f"there is nothing called {name} here", 404)
        return await self._control.grant(name, await _body(request))

    async def _break(self, request: web.Request) -> Json:
        wish = await _body(request)
        kind = check(wish)
        if kind not in AT_ONCE:
            return {"armed": self._world.faults.arm(wish)}
        if kind == "disconnect":
            reason = wish.get("reason", "refresh_requested")
            if reason not in ("warning", "refresh_requested", "link_disabled"):
                raise Refused("reason must be warning, refresh_requested or link_disabled")
            return {"done": await self._ways.sockets.disconnect(reason)}
        if kind == "tcp_reset":
            return {"done": self._ways.sockets.reset()}
        if kind == "expire_triggers":
            return {"done": self._world.triggers.expire_all()}
        if kind == "rate_limits":
            self._world.grid.rates.minute = float(wish.get("seconds", 60))
            return {"done": 1}
        if kind == "expire_tokens":
            return {"done": self._world.grid.tokens.expire_all()}
        if kind == "revoke_tokens":
            return {"done": self._revoke()}
        if kind == "clear":
            return {"done": self._world.faults.clear()}
        return {"done": self._expire_streams()}

    def _revoke(self) -> int:
        """As when an administrator takes the app out of this team."""
        installation = self._world.grid.tokens.installation(self._world.team)
        if installation is None:
            return 0
        remove_app(self._world.grid, installation)
        return 1

    async def _send_to(self, request: web.Request) -> Json:
        """Where to send events; an empty url goes back to sockets."""
        url = (await _body(request)).get("url")
        if not isinstance(url, str):
            raise Refused("url must be a string; an empty one means Socket Mode")
        try:
            await self._ways.send_to(url)
        except WorkspaceError as error:
            raise Refused(str(error)) from None
        return {"url": url}

    def _expire_streams(self) -> int:
        count = 0
        for messages in self._world.messages.values():
            for message in messages.values():
                if message.stream is not None and message.stream.state is StreamState.STREAMING:
                    message.stream.state = StreamState.EXPIRED
                    self._world.changed(message)
                    count += 1
        return count

    async def _take_manifest(self, request: web.Request) -> Json:
        self._world.grid.manifest = await _body(request)
        self._world.feed.publish("manifest")
        return {"ok": True}

    async def _take_guide(self, request: web.Request) -> Json:
        self._guide = await _body(request)
        self._world.feed.publish("guide")
        return {"ok": True}

    async def _read(self, request: web.Request) -> Json:
        wish = await _body(request)
        user = acts.known_person(self._world, wish.get("user"))
        self._reading.mark(user, acts.place_of(self._world, user, wish.get("channel")).id)
        return {"unread": self._reading.unread()}

    async def _upload(self, request: web.Request) -> Json:
        """Multipart, from the page: user, channel, thread_ts, text, then file."""
        if not request.content_type.startswith("multipart/"):
            raise Refused("the body must be multipart/form-data")
        form = await request.post()
        user = acts.known_person(self._world, form.get("user"))
        channel = acts.place_of(self._world, user, form.get("channel"))
        part = form.get("file")
        if not isinstance(part, web.FileField):
            raise Refused("a part named file is needed")
        text, thread_ts = str(form.get("text") or ""), form.get("thread_ts")
        content = part.file.read()
        message = acts.upload_bytes(self._world, user, channel, part.filename, content, text, thread_ts)
        return {"ts": message.ts, "channel": channel.id}

    # -- reading ------------------------------------------------------------------------------------
    def _user(self, request: web.Request) -> str:
        return acts.known_person(self._world, request.query.get("user"))

    async def _messages(self, request: web.Request) -> Json:
        user = self._user(request)
        channel = acts.place_of(self._world, user, request.query.get("channel"))
        thread_ts = request.query.get("thread_ts") or None
        return {
            "channel": channel.id,
            "messages": [m.as_seen() for m in self._world.visible(channel.id, user, thread_ts)],
            "seq": self._world.feed.seq,
            **surroundings(self._world, channel.id),
        }

    async def _views(self, request: web.Request) -> Json:
        user = self._user(request)
        top, home = self._world.views.top(user), self._world.views.home(user)
        return {
            "modal": top.to_slack() if top else None,
            "stack": [view.id for view in self._world.views.stack(user)],
            "home": home.to_slack() if home else None,
        }

    async def _calls(self, request: web.Request) -> Json:
        calls = self._world.calls
        try:
            after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 0))
        except ValueError:
            raise Refused("after and limit must be whole numbers") from None
        listed = calls.listed(request.query.get("method", ""), after, limit)
        return {"calls": [c.as_seen() for c in listed], "total": calls.total, "refused": calls.refused}

    async def _traffic(self, request: web.Request) -> Json:
        query = request.query
        try:
            limit = int(query.get("limit", 100))
        except ValueError:
            raise Refused("limit must be a whole number") from None
        found = self._wire.seen(
            limit, query.get("search", ""), query.get("direction", ""), query.get("refused", "") == "1"
        )
        return {"traffic": found, "total": self._world.calls.total, "refused": self._world.calls.refused}

    async def _unread(self, request: web.Request) -> Json:
        return {"unread": self._reading.unread()}

    async def _shown_guide(self, request: web.Request) -> Json:
        return self._guide

    async def _people(self, request: web.Request) -> Json:
        people = self._world.people.values()
        return {
            "people": [
                {"id": p.id, "name": p.name, "role": p.role, "locale": p.locale, "is_bot": p.is_bot}
                for p in people
            ]
        }

    async def _channels(self, request: web.Request) -> Json:
        channels = self._world.channels_of(self._user(request))
        return {"channels": [channel.to_slack() | {"topic": channel.topic} for channel in channels]}

    async def _count(self, request: web.Request) -> Json:
        return {"count": self._ways.sockets.count}

    async def _deliveries(self, request: web.Request) -> Json:
        ts = request.query.get("ts", "")
        return {"deliveries": [trip.as_seen() for trip in self._delivery.trips if ts in ("", trip.ts)]}

    async def _armed(self, request: web.Request) -> Json:
        switches = [{"kind": kind, "at_once": kind in AT_ONCE} for kind in sorted(ARMED) + sorted(AT_ONCE)]
        return {"armed": self._world.faults.listed(), "switches": switches}

    async def _request_url(self, request: web.Request) -> Json:
        return {"url": self._ways.http.url}

    async def _manifest(self, request: web.Request) -> Json:
        return self._world.manifest

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A file for the page; a person sees those of their conversations."""
        stored = self._world.files.get(request.match_info["file"])
        user = request.query.get("user", "")
        mine = {channel.id for channel in self._world.channels_of(user)}
        if stored is None or stored.content is None or not (mine & stored.channels or user in stored.readers):
            return web.json_response({"error": "there is no such file"}, status=404)
        picture = stored.mimetype in PICTURES and "shown" in request.query
        headers = {
            "Content-Disposition": "inline" if picture else "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        kind = stored.mimetype if picture else "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind, headers=headers)


async def _body(request: web.Request) -> Json:
    """The JSON object of a request. JSON is demanded by type so that no foreign page can post unasked."""
    if request.content_type != "application/json":
        raise Refused("the body must be JSON (Content-Type: application/json)", 415)
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Refused("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refused("the body must be a JSON object")
    return body


def _json(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Wrap a handler: its value becomes JSON, a Refused its sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            value, status = await answer(request), 200
        except Refused as refusal:
            value, status = {"error": str(refusal)}, refusal.status
        return web.Response(
            text=json.dumps(value, ensure_ascii=False), status=status, content_type="application/json"
        )

    return handle

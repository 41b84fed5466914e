"""Installing the app: the page on which an administrator agrees (`/oauth/v2/authorize`)."""

import secrets
from html import escape, unescape
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.workspace.errors import WorkspaceError
from bot.workspace.grid import Code, Grid
from bot.workspace.people import Team

CODE_SECONDS = 600
PASSED_ON = ("client_id", "scope", "user_scope", "state", "redirect_uri")


class Refusal(Exception):
    """Why the page shows a sentence instead of a form."""


class OAuthPage:
    """`GET` shows what the app asks for; `POST` with `team` (and `org=1`, or `deny=1`) decides and redirects."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def routes(self) -> list[web.RouteDef]:
        """The page and its form."""
        return [
            web.get("/oauth/v2/authorize", self.show),
            web.post("/oauth/v2/authorize", self.decide),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """What the app asks for, and a button for each team."""
        try:
            asked = self._asked(request.query)
        except Refusal as refusal:
            return _page(f"<p>{escape(str(refusal))}</p>", 400)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in asked.items()
        )
        scopes = "".join(f"<li>{escape(scope)}</li>" for scope in asked["scope"].split(","))
        buttons = "".join(_buttons(world.team) for world in self._grid.worlds.values())
        return _page(
            f'<h1>Kefu Desk</h1><p>asks for</p><ul>{scopes}</ul><form method="post">{hidden}{buttons}'
            '<p><button name="deny" value="1">Cancel</button></p></form>'
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Send the browser back to the app with a code, or with access_denied."""
        form = await request.post()
        given = dict(request.query) | {name: str(value) for name, value in form.items()}
        try:
            asked = self._asked(given)
            if given.get("deny"):
                raise web.HTTPFound(_back(asked, {"error": "access_denied"}))
            code = self._agree(asked, given)
        except Refusal as refusal:
            return _page(f"<p>{escape(str(refusal))}</p>", 400)
        raise web.HTTPFound(_back(asked, {"code": code}))

    def _asked(self, given: Any) -> dict[str, str]:
        asked = {name: str(given.get(name) or "") for name in PASSED_ON}
        if asked["client_id"] != self._grid.client_id:
            raise Refusal("invalid_client_id: no app has this client_id")
        if not asked["scope"]:
            raise Refusal("invalid_scope: an installation needs at least one scope")
        too_much = set(asked["scope"].replace(" ", ",").split(",")) - self._grid.scopes
        if too_much:
            raise Refusal(f"invalid_scope: the app's manifest does not ask for {', '.join(sorted(too_much))}")
        listed = self._grid.manifest.get("oauth_config", {}).get("redirect_urls", [])
        if not asked["redirect_uri"] and listed:
            asked["redirect_uri"] = listed[0]
        known = not listed or any(asked["redirect_uri"].startswith(one) for one in listed)
        if not asked["redirect_uri"].startswith(("http://", "https://")) or not known:
            raise Refusal("bad_redirect_uri: redirect_uri is none of the app's redirect URLs")
        return asked

    def _agree(self, asked: dict[str, str], given: dict[str, str]) -> str:
        world = self._grid.worlds.get(given.get("team", ""))
        if world is None:
            raise Refusal(f"invalid_team: choose one of {', '.join(self._grid.worlds)}")
        org_wide = given.get("org") in ("1", "true")
        if org_wide and not world.team.enterprise:
            raise Refusal(f"invalid_team: {world.team.id} belongs to no organisation")
        code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._grid.codes[code] = Code(
            team=world.team.id,
            user=world.team.own("U_ADMIN"),
            scopes=frozenset(asked["scope"].replace(" ", ",").split(",")),
            redirect_uri=asked["redirect_uri"],
            org_wide=org_wide,
            expires=self._grid.clock().timestamp() + CODE_SECONDS,
        )
        return code


def decide(install_url: str, team: str, *, org_wide: bool = False, deny: bool = False) -> str:
    """Send the page's form as an administrator would; the address that the browser is sent back to.

    Raises WorkspaceError with the page's objection.
    """
    choice = {"team": team} | ({"org": "1"} if org_wide else {}) | ({"deny": "1"} if deny else {})
    parts = urlsplit(install_url)
    connection = HTTPConnection(str(parts.hostname), parts.port or 80, timeout=10)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{parts.path}?{parts.query}", urlencode(choice), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 302:
        raise WorkspaceError(unescape(text.rpartition("<p>")[2].removesuffix("</p>")))
    return str(answer.headers["Location"])


def _back(asked: dict[str, str], answer: dict[str, str]) -> str:
    address = asked["redirect_uri"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(answer | {'state': asked['state']})}"


def _buttons(team: Team) -> str:
    return f'<p>{escape(team.name)} <button name="team" value="{team.id}">Allow</button></p>'


def _page(body: str, status: int = 200) -> web.Response:
    text = f'<!DOCTYPE html><meta charset="utf-8"><title>Install</title>{body}'
    return web.Response(text=text, content_type="text/html", status=status)

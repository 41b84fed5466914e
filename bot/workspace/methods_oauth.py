"""oauth.v2.access, oauth.v2.exchange, auth.revoke, apps.uninstall: how the app gets and loses tokens."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.errors import SlackError
from bot.workspace.events import tokens_revoked_event, uninstalled_event
from bot.workspace.grid import Code, Grid
from bot.workspace.methods import method
from bot.workspace.people import APP
from bot.workspace.tokens import Grant

Json = dict[str, Any]


def _app(call: Arguments) -> Grid:
    """The app, after checking its id and secret: HTTP Basic or arguments."""
    grid = call.world.grid
    client_id, secret = call.basic or (call.text("client_id"), call.text("client_secret"))
    if not client_id or client_id != grid.client_id:
        raise SlackError("invalid_client_id", "no app has this client_id")
    if secret != grid.client_secret:
        raise SlackError("bad_client_secret", "client_secret is wrong")
    return grid


@method(
    "oauth.v2.access",
    "",
    "client_id client_secret code redirect_uri grant_type refresh_token code_verifier",
    tokens="none",
    tier=5,
)
def access(call: Arguments) -> Json:
    """A token for a code, or a fresh one for a refresh token."""
    grid = _app(call)
    kind = call.text("grant_type", "authorization_code")
    if kind == "refresh_token":
        return _refreshed(grid, call.text("refresh_token"))
    if kind != "authorization_code":
        raise SlackError("invalid_grant_type", "grant_type is authorization_code or refresh_token")
    code = grid.codes.pop(call.text("code"), None)
    if code is None:
        raise SlackError("invalid_code", "the code was used before or never handed out")
    if grid.clock().timestamp() > code.expires:
        raise SlackError("invalid_code", "a code lives for ten minutes")
    if call.text("redirect_uri") and call.text("redirect_uri") != code.redirect_uri:
        raise SlackError("bad_redirect_uri", "redirect_uri is not the one that the code was made for")
    return _installed(grid, code)


def _installed(grid: Grid, code: Code) -> Json:
    world = grid.worlds[code.team]
    grant = grid.tokens.issue_bot(world.team, code.scopes, code.org_wide, grid.token_seconds)
    return _token_answer(grid, grant) | {"authed_user": {"id": code.user}}


def _refreshed(grid: Grid, refresh_token: str) -> Json:
    """The old token goes on working until it expires; the refresh token does not."""
    if not refresh_token:
        raise SlackError("invalid_arguments", "missing required field: refresh_token")
    old = grid.tokens.by_refresh(refresh_token)
    team = next(world.team for world in grid.worlds.values() if old.covers(world.team))
    seconds = grid.token_seconds or 43_200
    return _token_answer(grid, grid.tokens.issue_bot(team, old.scopes, old.org_wide, seconds))


def _token_answer(grid: Grid, grant: Grant) -> Json:
    team = next(world.team for world in grid.worlds.values() if grant.covers(world.team))
    answer: Json = {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": ",".join(sorted(grant.scopes)),
        "bot_user_id": team.bot_user,
        "app_id": APP,
        "team": None if grant.org_wide else {"id": team.id, "name": team.name},
        "enterprise": {"id": team.enterprise, "name": team.enterprise_name} if team.enterprise else None,
        "is_enterprise_install": grant.org_wide,
    }
    if grant.expires is not None:
        left = round(grant.expires - grid.clock().timestamp())
        answer |= {"refresh_token": grant.refresh_token, "expires_in": left}
    return answer


@method("oauth.v2.exchange", "", "client_id client_secret token", tokens="bot", tier=3)
def exchange(call: Arguments) -> Json:
    """A token that rotates for one that does not; the old one is revoked."""
    grid = _app(call)
    old = call.grant
    if old.expires is not None:
        raise SlackError("token_already_exchanged", "this token rotates already")
    old.revoked = True
    seconds = grid.token_seconds or 43_200
    return _token_answer(grid, grid.tokens.issue_bot(call.world.team, old.scopes, old.org_wide, seconds))


@method("auth.revoke", "", "test", tokens="bot", tier=3)
def revoke(call: Arguments) -> Json:
    """Give the token up."""
    if not call.flag("test"):
        call.grant.revoked = True
    return {"revoked": not call.flag("test")}


@method("apps.uninstall", "client_id client_secret", tokens="bot", tier=1)
def uninstall(call: Arguments) -> Json:
    """Take the app out of the team: its tokens are revoked, and it is told so."""
    grid = _app(call)
    remove_app(grid, call.grant)
    return {}


def remove_app(grid: Grid, grant: Grant) -> None:
    """Revoke an installation; the app hears tokens_revoked and app_uninstalled, which need no token."""
    for other in grid.tokens.bots():
        if (other.team, other.enterprise, other.org_wide) == (grant.team, grant.enterprise, grant.org_wide):
            other.revoked = True
    for world in grid.worlds.values():
        if grant.covers(world.team):
            world.announce(tokens_revoked_event(world.team, world.next_ts()))
            world.announce(uninstalled_event(world.next_ts()))

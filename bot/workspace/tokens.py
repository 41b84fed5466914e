"""The app's tokens: who may call what, until when. Issued by installation, refreshed by rotation, revoked."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.workspace.errors import SlackError
from bot.workspace.people import APP, Team


@dataclass
class Grant:
    """A token and what it stands for. `expires` in seconds since 1970, None: never."""

    token: str
    kind: str
    scopes: frozenset[str]
    team: str = ""
    enterprise: str = ""
    org_wide: bool = False
    expires: float | None = None
    refresh_token: str = ""
    revoked: bool = False

    def covers(self, team: Team) -> bool:
        """Whether it speaks for a team: its own, or any of the organisation that it was installed in."""
        return team.enterprise == self.enterprise if self.org_wide else team.id == self.team


class Tokens:
    """All tokens ever issued."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def issue_app(self) -> Grant:
        """An app-level token, for Socket Mode."""
        token = f"xapp-1-{APP}-{secrets.token_hex(12)}"
        return self._keep(Grant(token, "app", frozenset({"connections:write"})))

    def issue_bot(
        self, team: Team, scopes: Iterable[str], org_wide: bool = False, seconds: float = 0
    ) -> Grant:
        """A bot token for a team, or for its whole organisation; with seconds one that expires and rotates."""
        home = "" if org_wide else team.id
        if not seconds:
            token = f"xoxb-local-{secrets.token_hex(12)}"
            return self._keep(Grant(token, "bot", frozenset(scopes), home, team.enterprise, org_wide))
        grant = Grant(
            f"xoxe.xoxb-1-{secrets.token_hex(16)}",
            "bot",
            frozenset(scopes),
            home,
            team.enterprise,
            org_wide,
            self._clock().timestamp() + seconds,
            f"xoxe-1-{secrets.token_hex(16)}",
        )
        return self._keep(grant)

    def _keep(self, grant: Grant) -> Grant:
        self._grants[grant.token] = grant
        return grant

    def check(self, token: str) -> Grant:
        """What a token stands for. Raises SlackError: not_authed, invalid_auth, token_revoked, token_expired."""
        if not token:
            raise SlackError("not_authed", "no token given")
        grant = self._grants.get(token)
        if grant is None:
            raise SlackError("invalid_auth", "this token belongs to nobody here")
        if grant.revoked:
            raise SlackError("token_revoked", "the token was revoked")
        if grant.expires is not None and self._clock().timestamp() >= grant.expires:
            raise SlackError("token_expired", "the token has expired; refresh it")
        return grant

    def installation(self, team: Team) -> Grant | None:
        """The newest bot grant that covers a team and was not revoked, expired or not."""
        covering = [g for g in self.bots() if not g.revoked and g.covers(team)]
        return covering[-1] if covering else None

    def bots(self) -> list[Grant]:
        """Every bot grant, in order of issue."""
        return [grant for grant in self._grants.values() if grant.kind == "bot"]

    def by_refresh(self, refresh_token: str) -> Grant:
        """The grant of a refresh token, which is used up by this. Raises SlackError invalid_refresh_token."""
        for grant in self._grants.values():
            if refresh_token and grant.refresh_token == refresh_token and not grant.revoked:
                grant.refresh_token = ""
                return grant
        raise SlackError("invalid_refresh_token", "the refresh token was used before or never handed out")

    def expire_all(self) -> int:
        """Fault switch: tokens that rotate run out now."""
        rotating = [grant for grant in self._grants.values() if grant.expires is not None]
        for grant in rotating:
            grant.expires = 0.0
        return len(rotating)

    def revoke_all(self) -> int:
        """Fault switch: every bot token is worth nothing from now on."""
        valid = [grant for grant in self.bots() if not grant.revoked]
        for grant in valid:
            grant.revoked = True
        return len(valid)

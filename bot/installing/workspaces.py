"""The workspaces that installed the app: which bot speaks in which, with a token that holds."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.rotator import TokenRotator

from bot.installing.store import Installations
from bot.slack_errors import WorkspaceGone

_log = structlog.get_logger(__name__)

_BELIEVED_SECONDS = 5.0
"""How long a bot that was looked up is used without looking again: another process may rotate or remove it."""
_ROTATE_MINUTES = 120
"""A token is renewed when it holds no longer than that, as bolt does; it holds twelve hours when new."""
_TURN_SECONDS = 600
"""After that long somebody else may try to renew a token, should whoever began have died."""
_OTHERS_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, or an organisation with all of its workspaces (`team_id` empty)."""

    team_id: str = ""
    enterprise_id: str = ""

    def __str__(self) -> str:
        return self.team_id or self.enterprise_id


class Workspaces:
    """Looks up bots, renews their tokens in time, and forgets them. Safe between threads and processes."""

    def __init__(
        self,
        store: Installations,
        rotator: TokenRotator,
        invited: frozenset[str],
        claim: Callable[[str], bool],
    ) -> None:
        """`claim` takes a key once for all processes."""
        self.store = store
        self._rotator = rotator
        self._invited = invited
        self._claim = claim
        self._lock = threading.Lock()
        self._known: dict[Team, tuple[Bot, float]] = {}

    def may_install(self, *ids: str | None) -> bool:
        """Whether a workspace or organisation of one of these ids is on the list."""
        return "*" in self._invited or any(one in self._invited for one in ids if one)

    def bot(self, team: Team, *, org_wide: bool = False) -> Bot:
        """The bot of a workspace, its token renewed when it is about to end. Raises WorkspaceGone."""
        with self._lock:
            known = self._known.get(team)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        found = None
        if self.may_install(team.team_id, team.enterprise_id):
            found = self.store.find_bot(
                enterprise_id=team.enterprise_id or None,
                team_id=team.team_id or None,
                is_enterprise_install=org_wide,
            )
        if found is None:
            raise WorkspaceGone(str(team))
        found = self._renewed(found)
        with self._lock:
            self._known[team] = found, time.monotonic() + _BELIEVED_SECONDS
        return found

    def refused(self, team: Team, token: str) -> Bot:
        """Slack says that a token has run out, whatever we believe: renew it, once. Raises WorkspaceGone."""
        self.forget_looks()
        bot = self.bot(team, org_wide=not team.team_id)
        if bot.bot_token == token and bot.bot_refresh_token:
            bot.bot_token_expires_at = 0
            bot = self._renewed(bot)
            self.forget_looks()
        return bot

    def every(self) -> list[Team]:
        """All workspaces and organisations that installed the app and are on the list."""
        teams = [Team(bot.team_id or "", bot.enterprise_id or "") for bot in self.store.every_bot()]
        return [team for team in teams if self.may_install(team.team_id, team.enterprise_id)]

    def renew(self) -> None:
        """Renew every token that is about to end: work in the background has no request that would do it."""
        for team in self.every():
            try:
                self.bot(team, org_wide=not team.team_id)
            except WorkspaceGone:
                _log.warning("workspace.gone", workspace=str(team))

    def remove(self, team: Team) -> None:
        """Forget a workspace that took the app out; nothing is sent to it any more."""
        self.store.remove(team.enterprise_id or None, team.team_id or None)
        self.forget_looks()
        _log.info("workspace.removed", workspace=str(team))

    def forget_looks(self) -> None:
        """Look everything up again."""
        with self._lock:
            self._known.clear()

    def _renewed(self, bot: Bot) -> Bot:
        ends = bot.bot_token_expires_at
        if ends is None or ends > time.time() + _ROTATE_MINUTES * 60:
            return bot
        # A refresh token is good for one use: of all processes one renews, the others go on with what holds still.
        turn = hashlib.sha256(f"{bot.bot_refresh_token}".encode()).hexdigest()[:32]
        if self._claim(f"rotate:{turn}:{int(time.time() // _TURN_SECONDS)}"):
            try:
                renewed = self._rotator.perform_bot_token_rotation(
                    bot=bot, minutes_before_expiration=_ROTATE_MINUTES
                )
            except SlackTokenRotationError as error:
                _log.warning("workspace.token_not_renewed", workspace=bot.team_id or bot.enterprise_id)
                if ends <= time.time():
                    raise WorkspaceGone(str(bot.team_id or bot.enterprise_id)) from error
                return bot
            if renewed is not None:
                self.store.save_bot(renewed)
                _log.info("workspace.token_renewed", workspace=bot.team_id or bot.enterprise_id)
                return renewed
        return bot if ends > time.time() else self._renewed_by_another(bot)

    def _renewed_by_another(self, bot: Bot) -> Bot:
        """The token that another process is fetching just now. Raises WorkspaceGone."""
        until = time.monotonic() + _OTHERS_SECONDS
        while time.monotonic() < until:
            found = self.store.find_bot(
                enterprise_id=bot.enterprise_id,
                team_id=bot.team_id,
                is_enterprise_install=bot.is_enterprise_install,
            )
            if found is not None and found.bot_token != bot.bot_token:
                return found
            time.sleep(0.2)
        raise WorkspaceGone(str(bot.team_id or bot.enterprise_id))

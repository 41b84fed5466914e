"""Installing the app by OAuth: bolt's flow, for invited workspaces only, with pages that say one sentence."""

from __future__ import annotations

import html
import logging
import re
from urllib.parse import urlsplit

import structlog
from slack_bolt import BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine

from bot.blocks.wording import words
from bot.installing.store import STATE_SECONDS, states
from bot.installing.workspaces import Team, Workspaces
from bot.settings import SlackSettings
from bot.slack_errors import TROUBLE, WorkspaceGone, code_of
from bot.web.gateway import INSTALL, REDIRECT

_log = structlog.get_logger(__name__)

_SLACK = "https://slack.com/oauth/v2/authorize"


class NotInvited(BoltError):
    """A workspace that is not on the list; `str()` is its id."""


class InvitedFlow(OAuthFlow):
    """bolt's OAuth flow; what is not on the list is given back to Slack at once and not kept."""

    def __init__(self, workspaces: Workspaces, client: WebClient, settings: OAuthSettings) -> None:
        super().__init__(client=client, settings=settings, logger=logging.getLogger("slack_bolt"))
        self._workspaces = workspaces

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Keep it. Raises NotInvited."""
        team, enterprise = installation.team_id, installation.enterprise_id
        if not self._workspaces.may_install(team, enterprise):
            try:
                self.client.auth_revoke(token=installation.bot_token)
            except TROUBLE as error:
                _log.warning("workspace.not_revoked", workspace=team or enterprise, error=code_of(error))
            raise NotInvited(str(team or enterprise))
        super().store_installation(request, installation)
        self._workspaces.forget_looks()
        _log.info("workspace.installed", workspace=team or enterprise)


class AuthorizeInstalled(Authorize):
    """Who speaks for the bot in the workspace of a request: looked up, not asked of Slack at each request."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def __call__(
        self,
        *,
        context: BoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The bot and its token; None when the app is not installed there (any more). Ids are passed on as given."""
        team = Team(team_id or "", enterprise_id or "")
        try:
            bot = self._workspaces.bot(team, org_wide=bool(context.is_enterprise_install))
        except WorkspaceGone:
            _log.warning("request.from_stranger", workspace=str(team))
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=bot.bot_user_id,
            bot_id=bot.bot_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
            user_id=user_id,
        )


def oauth_flow(
    slack: SlackSettings, engine: Engine, workspaces: Workspaces, client: WebClient, scopes: list[str]
) -> InvitedFlow:
    """The flow of an app with these settings."""
    secret = slack.client_secret.get_secret_value() if slack.client_secret else ""
    settings = OAuthSettings(
        client_id=slack.client_id,
        client_secret=secret,
        scopes=scopes,
        user_scopes=[],
        redirect_uri=f"{slack.public_url}{REDIRECT}" if slack.public_url else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        authorization_url=_authorization_url(slack.api_url),
        installation_store=workspaces.store,
        state_store=states(engine),
        state_expiration_seconds=STATE_SECONDS,
        callback_options=CallbackOptions(success=_installed, failure=_failed),
    )
    return InvitedFlow(workspaces, client, settings)


def _authorization_url(api_url: str) -> str:
    """Where the person agrees: Slack's page, or that of another Slack beside its Web API."""
    address = urlsplit(api_url)
    host = address.hostname or ""
    if host == "slack.com" or host.endswith(".slack.com"):
        return _SLACK
    return f"{api_url.removesuffix('/').removesuffix('/api')}/oauth/v2/authorize"


def _installed(args: SuccessArgs) -> BoltResponse:
    name = args.installation.team_name or args.installation.enterprise_name or ""
    return _page(200, "install.done", name=name)


def _failed(args: FailureArgs) -> BoltResponse:
    """Each reason in one sentence; reasons that Slack gives (access_denied …) are named."""
    if isinstance(args.error, NotInvited):
        return _page(403, "install.not_invited", id=str(args.error))
    known = {"invalid_browser": "install.other_browser", "invalid_state": "install.too_late"}
    # The address says it, and anybody may write one: only what looks like a code of Slack's is repeated.
    reason = args.reason if re.fullmatch(r"[a-z_]{1,60}", args.reason) else "unknown"
    _log.info("workspace.not_installed", reason=reason)
    return _page(args.suggested_status_code, known.get(reason, "install.failed"), reason=reason)


def _page(status: int, key: str, **values: str) -> BoltResponse:
    """One sentence in both languages: whoever installs has no locale yet."""
    lines = "".join(f"<p>{html.escape(words(language)(key, **values))}</p>" for language in ("zh", "en"))
    body = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Kefu Desk</title>'
        f'<meta name="viewport" content="width=device-width"></head><body>{lines}</body></html>'
    )
    return BoltResponse(
        status=status,
        body=body,
        headers={"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"},
    )

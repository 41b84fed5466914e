"""How the bot is connected to Slack: with one token to one workspace, or by OAuth to all that installed the app."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from pydantic import SecretStr
from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.token_rotation.rotator import TokenRotator
from sqlalchemy import Engine

from bot.listeners.languages import Languages
from bot.services import Services
from bot.settings import SlackSettings
from bot.slack_calls import web_client
from bot.slack_errors import TROUBLE, WorkspaceGone
from bot.startup import StartupError

if TYPE_CHECKING:
    from bot.installing.routing import Places, RoutingClient
    from bot.installing.workspaces import Team, Workspaces
    from bot.listeners.shared import Shared

_log = structlog.get_logger(__name__)


class SlackUnusable(StartupError):
    """Slack cannot be used with these settings; `str()` is one sentence that says what to do."""


def check(slack: SlackSettings, *, http: bool = False) -> None:
    """See that every setting is there that a bot over Socket Mode (`http`: over HTTP) needs. Raises SlackUnusable."""
    if slack.by_oauth:
        _given("SLACK_CLIENT_ID", SecretStr(slack.client_id), "copy it from Basic Information")
        _given("SLACK_CLIENT_SECRET", slack.client_secret, "copy it from Basic Information")
        if not slack.invited:
            raise SlackUnusable(
                "SLACK_WORKSPACES is not set: list the ids (T… or E…) of the workspaces that may install the app."
            )
    else:
        _given("SLACK_BOT_TOKEN", slack.bot_token, "give the xoxb-… token of the Slack app", "xoxb-", "xoxe.")
    if http:
        _given("SLACK_SIGNING_SECRET", slack.signing_secret, "copy it from Basic Information")
    else:
        _given("SLACK_APP_TOKEN", slack.app_token, "give the xapp-… token of the Slack app", "xapp-")


def _given(name: str, value: SecretStr | None, what_to_do: str, *starts: str) -> None:
    text = value.get_secret_value().strip() if value else ""
    if not text:
        raise SlackUnusable(f"{name} is not set: {what_to_do}.")
    if starts and not text.startswith(starts):
        raise SlackUnusable(f"{name} does not look right: it must start with {starts[0]}.")


def secret(value: SecretStr | None) -> str:
    """A secret without the blanks that came along when it was copied; empty when it is not set."""
    return value.get_secret_value().strip() if value else ""


def who_am_i(client: WebClient) -> str:
    """User id of the bot. Raises SlackUnusable when Slack refuses the token or does not answer."""
    try:
        return str(client.auth_test()["user_id"])
    except SlackApiError as error:
        code = error.response.get("error")
        raise SlackUnusable(
            f"Slack refused SLACK_BOT_TOKEN ({code}): copy it again from the app's page."
        ) from error
    except TROUBLE as error:
        raise SlackUnusable(f"Slack does not answer at {client.base_url}: {error}.") from error


class Connection(Protocol):
    """What the rest of the bot needs to know of it."""

    @property
    def client(self) -> WebClient:
        """Speaks to whoever a call concerns, and waits when Slack says so."""

    @property
    def outgoing(self) -> WebClient:
        """The same for the outbox, which never waits: it comes back later."""

    @property
    def bot_user(self) -> str:
        """User id of the bot, when there is only one."""

    def bolt(self) -> Mapping[str, Any]:
        """What bolt's `App` is made with."""

    def at(self, shared: Shared, context: BoltContext) -> Shared:
        """What a listener works with that was called from this workspace."""

    def at_team(self, shared: Shared, team_id: str, enterprise_id: str) -> Shared:
        """The same by ids, for work that goes on after a request."""

    def everywhere(self, shared: Shared) -> Iterator[Shared]:
        """The same for each workspace."""

    def left(self, context: BoltContext) -> None:
        """The workspace took the app out."""

    def renew(self) -> None:
        """Renew tokens that are about to end."""


def connect(services: Services) -> Connection:
    """Connect as the settings say. Raises SlackUnusable, StartupError."""
    slack = services.settings.slack
    return Many(services) if slack.by_oauth else One(slack)


class One:
    """One workspace and its token from the settings."""

    def __init__(self, slack: SlackSettings) -> None:
        token = secret(slack.bot_token)
        self.client = web_client(slack, token)
        self.outgoing = web_client(slack, token, patient=False)
        self.bot_user = who_am_i(self.client)

    def bolt(self) -> Mapping[str, Any]:
        """A client with a token."""
        return {"client": self.client}

    def at(self, shared: Shared, context: BoltContext) -> Shared:
        """Everything comes from the one workspace."""
        return shared

    def at_team(self, shared: Shared, team_id: str, enterprise_id: str) -> Shared:
        """Likewise."""
        return shared

    def everywhere(self, shared: Shared) -> Iterator[Shared]:
        """The one."""
        yield shared

    def left(self, context: BoltContext) -> None:
        """There is nothing to forget: the token stands in the settings."""
        _log.error("workspace.left", workspace=context.team_id)

    def renew(self) -> None:
        """A token in the settings is not renewed."""


class Many:
    """All workspaces that installed the app."""

    bot_user = ""

    def __init__(self, services: Services) -> None:
        from bot.installing.routing import Places, RoutingClient

        self._services = services
        slack, engine = services.settings.slack, services.engine
        self._workspaces = workspaces(services, engine)
        self._places: Places = Places(engine)
        self._asking = web_client(slack, None)

        def connected(*, patient: bool) -> Callable[[str], WebClient]:
            return lambda token: web_client(slack, token or None, patient=patient)

        self.client: RoutingClient = RoutingClient(self._workspaces, self._places, connected(patient=True))
        self.outgoing = RoutingClient(self._workspaces, self._places, connected(patient=False))
        self._lock = threading.Lock()
        self._languages: dict[Team, Languages] = {}

    def bolt(self) -> Mapping[str, Any]:
        """The flow that installs, and who speaks in which workspace."""
        from bot.installing.oauth import AuthorizeInstalled, oauth_flow
        from bot.manifest import scopes

        flow = oauth_flow(
            self._services.settings.slack, self._services.engine, self._workspaces, self._asking, scopes()
        )
        return {
            "client": web_client(self._services.settings.slack, None),
            "authorize": AuthorizeInstalled(self._workspaces),
            "oauth_flow": flow,
        }

    def at(self, shared: Shared, context: BoltContext) -> Shared:
        """With the client, the bot and the languages of the workspace; where people belong is learned by the way."""
        team = _team(context)
        for seen in (context.user_id, context.channel_id):
            if seen:
                self._places.remember(seen, team)
        return self._at(shared, team)

    def at_team(self, shared: Shared, team_id: str, enterprise_id: str) -> Shared:
        """The same by ids."""
        from bot.installing.workspaces import Team

        return self._at(shared, Team(team_id, enterprise_id))

    def _at(self, shared: Shared, team: Team) -> Shared:
        client = self.client.at(team)
        try:
            bot_user = str(self._workspaces.bot(team, org_wide=not team.team_id).bot_user_id or "")
        except WorkspaceGone:
            bot_user = ""
        with self._lock:
            languages = self._languages.setdefault(team, Languages(client, self._services.settings.language))
        return replace(shared, client=client, bot_user=bot_user, languages=languages)

    def everywhere(self, shared: Shared) -> Iterator[Shared]:
        """Each that installed the app."""
        for team in self._workspaces.every():
            yield self._at(shared, team)

    def left(self, context: BoltContext) -> None:
        """Forget it."""
        self._workspaces.remove(_team(context))

    def renew(self) -> None:
        """Of every workspace."""
        self._workspaces.renew()


def _team(context: BoltContext) -> Team:
    from bot.installing.workspaces import Team

    org_wide = bool(context.is_enterprise_install) and not context.team_id
    return Team("" if org_wide else context.team_id or "", context.enterprise_id or "")


def workspaces(services: Services, engine: Engine) -> Workspaces:
    """The workspaces of the app in the settings. Raises StartupError."""
    from bot.installing.store import Installations, sealing
    from bot.installing.workspaces import Workspaces

    slack = services.settings.slack
    store = Installations(slack.client_id, engine, sealing(services.settings.contact_keys))
    rotator = TokenRotator(
        client_id=slack.client_id,
        client_secret=secret(slack.client_secret),
        client=web_client(slack, None),
    )
    return Workspaces(store, rotator, slack.invited, services.desk.claim)

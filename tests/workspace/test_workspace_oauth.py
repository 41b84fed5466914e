"""OAuth: an ordinary Bolt app is installed in several teams and an organisation, and its tokens rotate."""

import html
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from workspace_http import served
from workspace_people import People, wait_for
from workspace_stage import PATIENT

from bot.workspace import Workspace, WorkspaceError
from bot.workspace.people import ENTERPRISE_TEAMS, FIRST_TEAM, SECOND_TEAM

Json = dict[str, Any]
SCOPES = ["chat:write", "im:history", "app_mentions:read", "channels:history", "users:read"]


@dataclass
class Shop:
    """A distributed app on its own server, and a workspace with several teams."""

    workspace: Workspace
    address: str
    seen: list[Json]

    def install(self, team: str, **choice: bool) -> str:
        """Walk through the installation in a browser that keeps cookies; the last page."""
        # Browsers count 127.0.0.1 as safe, so they send Secure cookies there.
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(CookieJar(policy))
        browser = urllib.request.build_opener(cookies)
        with browser.open(f"{self.address}/slack/install") as page:
            text = page.read().decode()
        link = html.unescape(text.partition('<a href="')[2].partition('"')[0])
        back = self.workspace.authorize(link, team, **choice)
        with browser.open(back) as page:
            return str(page.read().decode())

    def people(self, team: str) -> People:
        people = People(self.workspace)
        people.base = self.workspace.team_control_url(team)
        return people


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("installations")
    teams = (FIRST_TEAM, SECOND_TEAM, *ENTERPRISE_TEAMS)
    with Workspace(timing=PATIENT, teams=teams, installed=False, token_seconds=43_200) as workspace:
        settings = OAuthSettings(
            client_id=workspace.client_id,
            client_secret=workspace.client_secret,
            scopes=SCOPES,
            redirect_uri_path="/slack/oauth_redirect",
            authorization_url=workspace.authorize_url,
            installation_store=FileInstallationStore(base_dir=str(folder), client_id=workspace.client_id),
            state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder)),
        )
        client = WebClient(base_url=workspace.api_url)
        app = App(client=client, signing_secret=workspace.signing_secret, oauth_settings=settings)
        seen: list[Json] = []

        @app.event("message")
        def answer(event: Json, body: Json, say: Any, context: Json) -> None:
            seen.append(body)
            say(text=f"{context['bot_user_id']} in {body['team_id']}", thread_ts=event["ts"])

        for quiet in ("app_uninstalled", "tokens_revoked"):
            app.event(quiet)(lambda body: seen.append(body))
        with served(app) as address:
            settings.redirect_uri = f"{address}/slack/oauth_redirect"
            settings.authorize_url_generator.redirect_uri = settings.redirect_uri
            workspace.send_to(f"{address}/slack/events")
            yield Shop(workspace, address, seen)


def test_each_team_is_answered_with_its_own_token(shop: Shop) -> None:
    for team, bot_user in (("T_KEFU", "U_BOT"), ("T_SOUTH", "U_BOT_SOUTH")):
        assert f"app?team={team}&" in shop.install(team).replace("&amp;", "&"), "Bolt's own page of thanks"
        people = shop.people(team)
        mark = "" if team == "T_KEFU" else "_SOUTH"
        reply = people.reply(people.say("在吗", user=f"U_AGENT{mark}"), user=f"U_AGENT{mark}")
        assert (reply["text"], reply["user"], reply["team"]) == (f"{bot_user} in {team}", bot_user, team)
        assert shop.seen[-1]["authorizations"][0]["team_id"] == team


def test_an_organisation_is_installed_once_for_all_its_teams(shop: Shop) -> None:
    assert "/manage/organization/apps/profile/A_KEFU" in shop.install("T_EAST", org_wide=True)
    for team in ENTERPRISE_TEAMS:
        people, user = shop.people(team.id), f"U_AGENT{team.mark}"
        assert people.reply(people.say("在吗", user=user), user=user)["text"].endswith(f"in {team.id}")
        body = shop.seen[-1]
        assert (body["team_id"], body["enterprise_id"]) == (team.id, "E_KEFU")
        assert body["authorizations"][0]["is_enterprise_install"] is True
        assert body["authorizations"][0]["team_id"] is None


def test_a_team_without_the_app_sends_nothing() -> None:
    with Workspace(timing=PATIENT, installed=False) as workspace:
        people = People(workspace)
        people.say("在吗")
        done = people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
        assert done["acked"] is False
        assert "not installed" in done["error"]


def test_saying_no_comes_back_as_access_denied(shop: Shop) -> None:
    assert "access_denied" in shop.install("T_KEFU", deny=True)


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"redirect_uri": "javascript:1"}, "bad_redirect_uri"),
    ],
)
def test_the_page_objects_to_a_bad_link(shop: Shop, change: dict[str, str], objection: str) -> None:
    given = {
        "client_id": shop.workspace.client_id,
        "scope": "chat:write",
        "redirect_uri": f"{shop.address}/slack/oauth_redirect",
    } | change
    link = f"{shop.workspace.authorize_url}?{urllib.parse.urlencode(given)}"
    with pytest.raises(WorkspaceError, match=objection):
        shop.workspace.authorize(link, "T_KEFU")
    with pytest.raises(urllib.error.HTTPError) as shown:
        urllib.request.urlopen(link)
    assert objection in shown.value.read().decode()


def _code(shop: Shop, scope: str = "chat:write", **choice: Any) -> str:
    given = {"client_id": shop.workspace.client_id, "scope": scope, "redirect_uri": "http://127.0.0.1/x"}
    link = f"{shop.workspace.authorize_url}?{urllib.parse.urlencode(given)}"
    with urllib.request.urlopen(link) as page:
        assert scope in page.read().decode(), "the page says what the app asks for"
    back = shop.workspace.authorize(link, **({"team": "T_SOUTH"} | choice))
    return urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]


def _access(shop: Shop, **given: Any) -> Json:
    client = WebClient(base_url=shop.workspace.api_url)
    who = {"client_id": shop.workspace.client_id, "client_secret": shop.workspace.client_secret}
    data: Json = client.oauth_v2_access(**(who | given)).data  # type: ignore[assignment]
    return data


def _refused(shop: Shop, **given: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        _access(shop, **given)
    return str(refused.value.response["error"])


def test_codes_and_secrets_are_checked(shop: Shop) -> None:
    code = _code(shop)
    assert _refused(shop, code=code, client_id="1.2") == "invalid_client_id"
    assert _refused(shop, code=code, client_secret="x") == "bad_client_secret"
    assert _access(shop, code=code)["team"]["id"] == "T_SOUTH"
    assert _refused(shop, code=code) == "invalid_code"
    assert _refused(shop, code=_code(shop), redirect_uri="http://127.0.0.1/y") == "bad_redirect_uri"
    assert _refused(shop, grant_type="password") == "invalid_grant_type"
    assert _refused(shop, grant_type="refresh_token", refresh_token="xoxe-1-x") == "invalid_refresh_token"


@pytest.fixture
def alone() -> Iterator[Shop]:
    """A workspace without a server of the app's, for tests that spoil every token."""
    with Workspace(teams=(FIRST_TEAM, SECOND_TEAM), installed=False, token_seconds=43_200) as workspace:
        yield Shop(workspace, "http://127.0.0.1:9", [])


def test_tokens_expire_and_rotate(alone: Shop) -> None:
    shop = alone
    got = _access(shop, code=_code(shop))
    assert got["expires_in"] == 43_200
    client = WebClient(token=got["access_token"], base_url=shop.workspace.api_url)
    assert client.auth_test()["team_id"] == "T_SOUTH"
    People(shop.workspace).post("faults", kind="expire_tokens")
    with pytest.raises(SlackApiError, match="token_expired"):
        client.auth_test()
    fresh = _access(shop, grant_type="refresh_token", refresh_token=got["refresh_token"])
    again = WebClient(token=fresh["access_token"], base_url=shop.workspace.api_url)
    assert again.auth_test()["team_id"] == "T_SOUTH"
    used = _refused(shop, grant_type="refresh_token", refresh_token=got["refresh_token"])
    assert used == "invalid_refresh_token"


def test_a_token_may_do_what_its_scopes_say(shop: Shop) -> None:
    got = _access(shop, code=_code(shop, scope="users:read"))
    client = WebClient(token=got["access_token"], base_url=shop.workspace.api_url)
    assert client.users_info(user="U_AGENT_SOUTH")["user"]["team_id"] == "T_SOUTH"
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C_FLOOR_SOUTH", text="x")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "users:read",
    )
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.users_info(user="U_AGENT")  # of another team


def test_an_organisations_token_names_its_team_where_slack_wants_it(shop: Shop) -> None:
    got = _access(shop, code=_code(shop, scope="users:read", team="T_EAST", org_wide=True))
    assert (got["is_enterprise_install"], got["team"], got["enterprise"]["id"]) == (True, None, "E_KEFU")
    client = WebClient(token=got["access_token"], base_url=shop.workspace.api_url)
    with pytest.raises(SlackApiError, match="missing_argument"):
        client.users_list()
    with pytest.raises(SlackApiError, match="team_access_not_granted"):
        client.users_list(team_id="T_KEFU")
    assert client.users_list(team_id="T_WEST")["members"][0]["team_id"] == "T_WEST"
    assert client.users_info(user="U_AGENT_WEST")["ok"], "an id says by itself which team it is of"


def test_a_plain_token_becomes_one_that_rotates(quiet_workspace: Workspace) -> None:
    client = WebClient(base_url=quiet_workspace.api_url)
    got = client.oauth_v2_exchange(
        token=quiet_workspace.bot_token,
        client_id=quiet_workspace.client_id,
        client_secret=quiet_workspace.client_secret,
    )
    with pytest.raises(SlackApiError, match="token_revoked"):
        client.auth_test(token=quiet_workspace.bot_token)
    assert client.auth_test(token=got["access_token"])["expires_in"] > 43_000


def test_taking_the_app_out_is_told_and_revokes_its_tokens(shop: Shop) -> None:
    shop.install("T_SOUTH")
    people = shop.people("T_SOUTH")
    shop.seen.clear()
    assert people.post("faults", kind="revoke_tokens")["done"] == 1
    told = wait_for(lambda: shop.seen if len(shop.seen) == 2 else None)
    assert {body["event"]["type"] for body in told} == {"tokens_revoked", "app_uninstalled"}
    people.say("在吗", user="U_AGENT_SOUTH")
    first = shop.people("T_KEFU")
    assert first.reply(first.say("在吗"))["text"] == "U_BOT in T_KEFU"
    assert {body["team_id"] for body in shop.seen} == {"T_SOUTH", "T_KEFU"}
    assert [body["team_id"] for body in shop.seen].count("T_SOUTH") == 2

"""Several workspaces: installed by OAuth, each answered by its own bot, tokens sealed, renewed and forgotten."""

from __future__ import annotations

import html
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import pytest
from block_samples import content
from pydantic import SecretStr
from running_bot import MANUALS, PEOPLE
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData

from bot.connecting import Many, SlackUnusable, check
from bot.demo.crew import Crew, buttons_of, text_of
from bot.installing.store import Installations, sealing
from bot.services import Services
from bot.settings import Settings, SlackSettings
from bot.slack_app import SlackApp
from bot.startup import StartupError
from bot.web.server import listen
from bot.wiring import build_services
from bot.workspace import Workspace
from bot.workspace.people import ENTERPRISE_TEAMS, FIRST_TEAM, SECOND_TEAM
from tickets.models import Base
from tickets.records import Origin
from tickets.store import READING
from tickets.vault import new_key

INVITED = "T_KEFU, T_SOUTH, E_KEFU"


@dataclass
class Company:
    """A bot that several workspaces install."""

    workspace: Workspace
    services: Services
    app: SlackApp
    address: str

    def crew(self, team: str) -> Crew:
        return Crew(self.workspace.team_control_url(team), patience=40)

    def install(self, team: str, **choice: bool) -> tuple[int, str]:
        """Walk through the installation in a browser that keeps cookies; the last page."""
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(CookieJar(policy))
        browser = urllib.request.build_opener(cookies)
        with browser.open(f"{self.address}/slack/install") as page:
            link = html.unescape(page.read().decode().partition('<a href="')[2].partition('"')[0])
        return visited(browser, self.workspace.authorize(link, team, **choice))

    def bots(self) -> dict[str, str]:
        """The token of each workspace or organisation."""
        assert isinstance(self.app._connection, Many)
        return {
            str(bot.team_id or bot.enterprise_id): str(bot.bot_token)
            for bot in self.app._connection._workspaces.store.every_bot()
        }


def visited(browser: Any, address: str) -> tuple[int, str]:
    try:
        with browser.open(address) as page:
            return int(page.status), str(page.read().decode())
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("manuals")
    for name, text in MANUALS.items():
        (folder / name).write_text(text, encoding="utf-8")
    third = type(FIRST_TEAM)(id="T_FOREIGN", name="别家公司", domain="foreign", mark="_FOREIGN")
    teams = (FIRST_TEAM, SECOND_TEAM, third, *ENTERPRISE_TEAMS)
    with Workspace(port=0, teams=teams, installed=False, token_seconds=43_200) as workspace:
        listening = listen("127.0.0.1", 0)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        slack = SlackSettings(
            client_id=workspace.client_id,
            client_secret=SecretStr(workspace.client_secret),
            signing_secret=SecretStr(workspace.signing_secret),
            workspaces=INVITED,
            public_url=address,
            api_url=workspace.api_url,
        )
        settings = Settings(
            home=tmp_path_factory.mktemp("home"),
            people=PEOPLE.absolute(),
            contact_key=SecretStr(new_key()),
            slack=slack,
        )
        services = build_services(settings)
        services.publisher.publish(services.publisher.stage([folder], "test").edition_ids, "test")
        with SlackApp(services, http=True, listening=listening) as app:
            workspace.send_to(f"{address}/slack/events")
            yield Company(workspace, services, app, address)
        services.close()


def test_each_workspace_is_answered_by_its_own_bot(company: Company) -> None:
    for team, mark, bot_user in (("T_KEFU", "", "U_BOT"), ("T_SOUTH", "_SOUTH", "U_BOT_SOUTH")):
        status, page = company.install(team)
        assert status == 200
        assert "is installed in" in page
        crew, agent = company.crew(team), f"U_AGENT{mark}"
        answer = crew.reply(agent, crew.say(agent, "dm", "逾期每天收多少？"))
        assert "0.3" in text_of(answer)
        assert answer["user"] == bot_user
        asked = crew.say(agent, f"C_FLOOR{mark}", f"<@{bot_user}> 借期是多少天？")
        assert "21" in text_of(crew.reply(agent, asked))


def test_a_card_finds_its_reader_in_another_workspace(company: Company) -> None:
    """Filed in the second workspace, decided in the first, told in the second: each message by the right bot."""
    for team in ("T_KEFU", "T_SOUTH"):
        company.install(team)
    south, home = company.crew("T_SOUTH"), company.crew("T_KEFU")
    answer = south.reply("U_AGENT_SOUTH", south.say("U_AGENT_SOUTH", "dm", "借书卡丢了怎么办？"))
    south.click("U_AGENT_SOUTH", answer, "escalate")
    form = south.form("U_AGENT_SOUTH", "escalation_form")
    filled = {
        "what_happened": "读者丢了卡还要借书", "when": "刚才", "tried": "已经解释规定",
        "handling_suggestion": "请班长到场",
    }  # fmt: skip
    assert south.submit("U_AGENT_SOUTH", form, filled)["closed"]
    card = home.seen("U_LEADER", "dm", "读者丢了卡还要借书")
    assert card["user"] == "U_BOT"
    home.click("U_LEADER", card, "review_approve")
    told = south.seen("U_AGENT_SOUTH", "dm", "已批准")
    assert told["user"] == "U_BOT_SOUTH"
    home.wait(
        lambda: not any("review_approve" in buttons_of(m) for m in home.messages("U_LEADER", "dm")),
        "the card without buttons",
    )


def test_an_organisation_installs_it_once_for_all_its_workspaces(company: Company) -> None:
    assert company.install("T_EAST", org_wide=True)[0] == 200
    assert "E_KEFU" in company.bots()
    for team in ENTERPRISE_TEAMS:
        crew, agent = company.crew(team.id), f"U_AGENT{team.mark}"
        answer = crew.reply(agent, crew.say(agent, "dm", "可以续借几次？"))
        assert "一次" in text_of(answer)
        assert crew.command(agent, "dm", "")["acked"]


def test_who_is_not_invited_is_given_back_to_slack(company: Company) -> None:
    status, page = company.install("T_FOREIGN")
    assert status == 403
    assert "T_FOREIGN" in page
    assert "SLACK_WORKSPACES" in page
    assert "T_FOREIGN" not in company.bots()
    assert company.install("T_KEFU", deny=True)[0] == 200
    assert (
        visited(urllib.request.build_opener(), f"{company.address}/slack/oauth_redirect?code=1&state=2")[0]
        == 400
    )


def test_tokens_are_sealed_and_renewed_when_slack_says_so(company: Company) -> None:
    company.install("T_KEFU")
    before = company.bots()["T_KEFU"]
    reading = company.services.engine.execution_options(**{READING: True})
    with reading.connect() as connection:
        for table in ("slack_bots", "slack_installations"):
            kept = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert before not in kept
            assert "xoxe" not in kept
            assert "xoxb" not in kept
    crew = company.crew("T_KEFU")
    crew.fault(kind="expire_tokens")
    # Nobody asked for anything: a notice of the background finds the token run out.
    company.app.client.chat_postMessage(channel="C_FLOOR", text="早")
    assert company.bots()["T_KEFU"] != before
    assert "21" in text_of(crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "借期是多少天？")))


def test_a_token_about_to_end_is_renewed_once_by_the_background(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.install("T_KEFU")
    assert isinstance(company.app._connection, Many)
    workspaces = company.app._connection._workspaces
    before = company.bots()["T_KEFU"]
    workspaces.renew()
    assert company.bots()["T_KEFU"] == before, "it holds for hours"
    monkeypatch.setattr("bot.installing.workspaces._ROTATE_MINUTES", 60 * 24)
    workspaces.forget_looks()
    workspaces.renew()
    after = company.bots()["T_KEFU"]
    assert after != before
    crew = company.crew("T_KEFU")
    crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "借期是多少天？"))


@pytest.mark.slow
def test_nothing_is_sent_to_a_workspace_that_took_the_app_out(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is meant for it waits, and comes should it return."""
    monkeypatch.setattr("bot.delivery._LONGEST_RETRY", timedelta(seconds=1))
    for team in ("T_KEFU", "T_SOUTH"):
        company.install(team)
    south, home = company.crew("T_SOUTH"), company.crew("T_KEFU")
    south.reply("U_AGENT_SOUTH", south.say("U_AGENT_SOUTH", "dm", "借期是多少天？"))
    desk, people = company.services.desk, company.services.people
    agent = people.get("U_AGENT_SOUTH")
    filed = desk.file_escalation(agent, content("自习间停电"), Origin(), "test:gone")
    home.seen("U_LEADER", "dm", filed.number)
    south.fault(kind="revoke_tokens")
    home.wait(lambda: "T_SOUTH" not in company.bots(), "the workspace forgotten")
    before = south.calls()["total"]
    desk.approve(people.get("U_LEADER"), filed.id, filed.revision)
    company.app.outbox.nudge()
    home.reply("U_AGENT", home.say("U_AGENT", "dm", "借期是多少天？"))
    calls = [call for call in south.calls()["calls"] if call["number"] > before]
    assert calls
    places = [str(call["arguments"].get(name)) for call in calls for name in ("channel", "users", "user")]
    assert not [place for place in places if place.endswith("_SOUTH")]
    assert company.install("T_SOUTH")[0] == 200
    told = south.seen("U_AGENT_SOUTH", "dm", filed.number)
    assert told["user"] == "U_BOT_SOUTH"


def test_the_tables_are_what_slack_sdk_reads() -> None:
    """Names and what may be empty; texts may be longer with us, for tokens are sealed."""
    theirs = MetaData()
    SQLAlchemyInstallationStore.build_bots_table(theirs, "slack_bots")
    SQLAlchemyInstallationStore.build_installations_table(theirs, "slack_installations")
    SQLAlchemyOAuthStateStore.build_oauth_states_table(theirs, "slack_oauth_states")
    for name, table in theirs.tables.items():
        ours = Base.metadata.tables[name]
        assert {(c.name, c.nullable) for c in ours.columns} == {(c.name, c.nullable) for c in table.columns}


def test_a_new_key_opens_what_the_old_one_sealed_until_it_is_resealed(
    company: Company, tmp_path: Path
) -> None:
    company.install("T_KEFU")
    old, new = company.services.settings.contact_keys[0], new_key()
    client_id, engine = company.services.settings.slack.client_id, company.services.engine

    def opened(*keys: str) -> set[str | None]:
        return {bot.bot_token for bot in Installations(client_id, engine, sealing(keys)).every_bot()}

    whole = opened(old)
    assert opened(new) == set()
    Installations(client_id, engine, sealing([new, old])).reseal()
    try:
        assert opened(new) == whole
    finally:
        Installations(client_id, engine, sealing([old, new])).reseal()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"client_id": "1.2"}, "SLACK_CLIENT_SECRET"),
        ({"client_secret": SecretStr("x")}, "SLACK_CLIENT_ID"),
        ({"client_id": "1.2", "client_secret": SecretStr("x")}, "SLACK_WORKSPACES"),
        ({"client_id": "1.2", "client_secret": SecretStr("x"), "workspaces": "*"}, "SLACK_SIGNING_SECRET"),
        ({"bot_token": SecretStr("xoxb-1")}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_what_is_missing_for_it_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(SlackUnusable, match=named):
        check(SlackSettings(**({"bot_token": None, "signing_secret": None} | given)), http=True)


@pytest.mark.parametrize("keys", [[], ["short"]])
def test_without_a_key_no_tokens_are_kept(keys: list[str]) -> None:
    with pytest.raises(StartupError, match="KEFU_CONTACT_KEY"):
        sealing(keys)

"""`kefu doctor`: what is missing and what to do; `--live` lets Slack check what the bot sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pydantic import SecretStr

from bot.doctoring import checks, live
from bot.doctoring.checks import Check, State, bad, examine, ok
from bot.doctoring.everything import CHECKS
from bot.manifest import manifest
from bot.settings import Settings, SlackSettings
from bot.startup import StartupError
from bot.workspace import Workspace

Kefu = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace(manifest=manifest()) as running:
        yield running


def settings_of(workspace: Workspace, home: Path, **slack: str) -> Settings:
    given = {
        "bot_token": workspace.bot_token,
        "app_token": workspace.app_token,
        "api_url": workspace.api_url,
    } | slack
    return Settings(home=home, slack=SlackSettings(**given))  # type: ignore[arg-type]


def found(settings: Settings, name: str) -> checks.Finding:
    return dict(examine(settings, [CHECKS[name]]))[name]


def test_a_new_house_lacks_manuals_and_people_and_nothing_else(workspace: Workspace, tmp_path: Path) -> None:
    listed = dict(examine(settings_of(workspace, tmp_path / "new"), CHECKS.values()))
    lacking = {name: finding.state for name, finding in listed.items() if finding.state is not State.OK}
    assert lacking == {"manuals": State.WARNING, "people": State.WARNING}
    assert "kefu ingest" in listed["manuals"].remedy
    assert not (tmp_path / "new").exists(), "looking makes nothing"


@pytest.mark.parametrize(
    ("slack", "check", "state", "sentence"),
    [
        ({"bot_token": ""}, "slack tokens", State.WARNING, "SLACK_BOT_TOKEN not set"),
        ({"app_token": "xoxb-1"}, "slack tokens", State.BAD, "SLACK_APP_TOKEN must start with xapp-"),
        ({"bot_token": "xoxb-wrong"}, "slack", State.BAD, "invalid_auth"),
        ({"api_url": "http://127.0.0.1:9/"}, "slack", State.BAD, "does not answer"),
    ],
)
def test_slack_is_looked_at(
    workspace: Workspace, tmp_path: Path, slack: dict[str, str], check: str, state: State, sentence: str
) -> None:
    finding = found(settings_of(workspace, tmp_path, **slack), check)
    assert finding.state is state
    assert sentence in finding.sentence
    assert finding.remedy


@pytest.mark.refusals
def test_scopes_that_the_app_lacks_are_named(tmp_path: Path) -> None:
    few = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    with Workspace(manifest=few) as workspace:
        finding = found(settings_of(workspace, tmp_path), "slack")
    assert finding.state is State.BAD
    assert "im:history" in finding.sentence
    assert "manifest.json" in finding.remedy


def test_folder_and_database_are_looked_at(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert found(settings_of(workspace, file), "folder").state is State.BAD
    assert found(settings_of(workspace, file / "below"), "folder").state is State.BAD
    settings = settings_of(workspace, tmp_path)
    (tmp_path / "kefu.db").write_text("no database" * 100)
    assert found(settings, "database").state is State.BAD
    away = settings.model_copy(update={"database_url": "postgresql://kefu:secret@127.0.0.1:9/kefu"})
    finding = found(away, "database")
    assert finding.state is State.BAD
    assert "secret" not in finding.sentence + finding.remedy
    assert found(settings.model_copy(update={"database_url": "nonsense"}), "database").state is State.BAD


def test_a_check_that_breaks_does_not_hide_the_others(workspace: Workspace, tmp_path: Path) -> None:
    def broken(_: Settings) -> checks.Finding:
        raise RuntimeError("boom\nand more")

    listed = dict(
        examine(settings_of(workspace, tmp_path), [Check("a", broken), Check("b", lambda _: ok("fine"))])
    )
    assert (listed["a"].state, listed["b"].state) == (State.BAD, State.OK)
    assert "boom" in listed["a"].sentence
    with pytest.raises(ValueError, match="two checks"):
        checks.check("python")(lambda _: bad("", ""))


def test_what_is_recorded_passes_live(workspace: Workspace) -> None:
    settings = SlackSettings(bot_token=SecretStr(workspace.bot_token), api_url=workspace.api_url)
    payloads = live.recorded()
    assert len(payloads) > 20
    assert [one for one in live.refused(settings, payloads) if one] == []


def test_what_is_recorded_is_anonymous() -> None:
    text = json.dumps(live.recorded(), ensure_ascii=False)
    for real in ("U_AGENT", "C_REVIEW", "T-20", "小林", "陈静", "1380", "http://127"):
        assert real not in text


@pytest.mark.refusals
def test_a_refused_payload_is_told_with_pointer_and_constraint(workspace: Workspace) -> None:
    settings = SlackSettings(bot_token=SecretStr(workspace.bot_token), api_url=workspace.api_url)
    bad_one = {"message": {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}}
    fine = {"message": {"text": "x", "blocks": [{"type": "divider"}]}}
    first, second = live.refused(settings, [bad_one, fine])
    assert second is None
    assert first is not None
    assert first.lines() == [
        "payload 1 (message): invalid_message",
        "  /blocks/0/text/text: must be less than 151 characters (expected 150, got 151)",
    ]
    with pytest.raises(StartupError, match="SLACK_BOT_TOKEN is not set"):
        list(live.refused(SlackSettings(bot_token=SecretStr(" ")), [fine]))
    silent = SlackSettings(bot_token=SecretStr("xoxb-1"), api_url="http://127.0.0.1:9/")
    with pytest.raises(StartupError, match="does not answer"):
        list(live.refused(silent, [fine]))


def test_the_command_says_what_to_do(workspace: Workspace, kefu: Kefu) -> None:
    slack = {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
    }
    done = kefu("doctor", "--live", **slack)
    assert done.returncode == 0, done.stderr
    assert "ok      python: " in done.stdout
    assert f"Slack accepts {len(live.recorded())} of {len(live.recorded())}." in done.stdout
    done = kefu("doctor", "--json", **(slack | {"SLACK_BOT_TOKEN": "nonsense"}))
    assert done.returncode == 1
    told = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert told["slack tokens"]["state"] == "bad"
    assert told["slack tokens"]["remedy"]

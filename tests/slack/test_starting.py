"""`kefu up` and `kefu demo`: each mistake is one sentence and exit status 1; stopping is graceful."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.cli import main
from bot.connecting import SlackUnusable, check, who_am_i
from bot.demo import stage
from bot.demo.crew import Crew
from bot.demo.folder import demo_home
from bot.settings import Settings, SlackSettings
from bot.slack_calls import web_client
from bot.startup import StartupError
from bot.workspace import Workspace


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "KEFU_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=clean | environment,
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "nonsense"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"bot_token": " ", "app_token": "xapp-1"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_a_missing_or_malformed_token_is_named(given: dict[str, str], named: str) -> None:
    values = {name: SecretStr(value) for name, value in given.items()}
    with pytest.raises(SlackUnusable, match=named):
        check(SlackSettings(**({"bot_token": None, "app_token": None} | values)))  # type: ignore[arg-type]


def test_a_refused_token_and_a_silent_slack_are_told_apart() -> None:
    with Workspace(port=0) as workspace:
        wrong = web_client(SlackSettings(api_url=workspace.api_url), "xoxb-wrong")
        with pytest.raises(SlackUnusable, match="invalid_auth"):
            who_am_i(wrong)
    silent = web_client(SlackSettings(api_url="http://127.0.0.1:9/api/"), "xoxb-1")
    with pytest.raises(SlackUnusable, match="does not answer"):
        who_am_i(silent)


def test_up_without_tokens_is_one_sentence(tmp_path: Path) -> None:
    done = run("up", KEFU_HOME=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.strip().startswith("kefu: SLACK_BOT_TOKEN is not set")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_up_connects_and_stops_on_sigterm(tmp_path: Path) -> None:
    with Workspace(port=0) as workspace:
        environment = {
            "KEFU_HOME": str(tmp_path),
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
        }
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        try:
            assert bot.stderr is not None
            for line in bot.stderr:
                if "bot.ready" in line:
                    break
            assert workspace.wait_for_bot(30)
            bot.send_signal(signal.SIGTERM)
            rest = bot.stderr.read()
            assert bot.wait(120) == 0
        finally:
            bot.kill()
            bot.wait()
    assert "Traceback" not in rest
    assert "slack.disconnected" in rest


@pytest.mark.slow
def test_up_over_http_ends_in_time_although_slack_hangs(tmp_path: Path) -> None:
    """A real process: told to stop while an answer waits for a Slack that does not answer any more."""
    with Workspace(port=0) as workspace:
        environment = {
            "KEFU_HOME": str(tmp_path),
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": workspace.api_url,
        }
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "KEFU_"))}
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up", "--http", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env=clean | environment,
        )
        try:
            assert bot.stderr is not None
            port = 0
            for line in bot.stderr:
                if "web.started" in line:
                    port = int(re.sub(r"\x1b\[[0-9;]*m", "", line).rpartition("port=")[2])
                if "bot.ready" in line:
                    break
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as health:
                assert json.load(health)["ready"] is True
            workspace.send_to(f"http://127.0.0.1:{port}/slack/events")
            crew = Crew(workspace.control_url)
            crew.fault(kind="delay", seconds=120, count=0, method="chat.stopStream")
            asked = crew.say("U_AGENT", "dm", "借期是多少天？")
            crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the answer's beginning")
            bot.send_signal(signal.SIGTERM)
            rest = bot.stderr.read()
            assert bot.wait(120) == 0
        finally:
            bot.kill()
            bot.wait()
            Crew(workspace.control_url).fault(kind="clear")
    assert "Traceback" not in rest


@pytest.mark.slow
def test_up_ends_when_told_whatever_hangs(tmp_path: Path) -> None:
    """A Slack that takes the connection and never says a word: it would be waited for much longer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = {
            "KEFU_HOME": str(tmp_path),
            "SLACK_API_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
        }
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "KEFU_"))}
        command = [sys.executable, "-m", "bot.cli", "up"]
        bot = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean | environment)
        try:
            silent.settimeout(120)
            held, _ = silent.accept()
            bot.send_signal(signal.SIGTERM)
            _, rest = bot.communicate(timeout=120)
            held.close()
        finally:
            bot.kill()
            bot.wait()
    assert bot.returncode == 0
    assert "bot.cut_short" in rest


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("up", "--http"), "SLACK_SIGNING_SECRET"),
        (("up", "--workers", "2"), "PostgreSQL"),
        (("up", "--workers", "11"), "at most 10"),
        (("manifest", "--oauth"), "--http"),
        (("manifest", "--http", "desk.example.com"), "https://"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(
    arguments: tuple[str, ...],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setattr(sys, "argv", ["kefu", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("kefu: ")
    assert named in said
    assert said.count("\n") == 1


@pytest.mark.slow
def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("demo", "--port", str(port), "--home", str(tmp_path / "demo"))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "en_US.UTF-8", "C.UTF-8"])
def test_what_the_demo_says_to_try_is_what_its_story_asks(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    said = stage.tries()
    assert "保修期外上门检测费收多少钱？" in said
    assert "{" not in said
    assert ("Open the address" in said) is not locale.startswith("zh")
    assert ("在浏览器里打开" in said) is not locale.startswith("en")


@pytest.mark.slow
def test_the_demo_shows_its_address_and_ends_when_told(tmp_path: Path) -> None:
    """As anybody starts it: the story that a script plays says nothing of this."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "demo", "--port", "0", "--home", str(tmp_path / "demo")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert re.search(r"http://127\.0\.0\.1:\d+/", said)
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(120) == 0
    finally:
        demo.kill()
        demo.wait()


def test_a_folder_in_use_or_with_other_files_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with demo_home(home, keep=False) as made:
        (made / "kefu.db").write_text("x")
        with pytest.raises(StartupError, match="Another demo"), demo_home(home, keep=False):
            pass
    with demo_home(home, keep=True) as kept:
        assert (kept / "kefu.db").exists()
    with demo_home(home, keep=False) as fresh:
        assert not (fresh / "kefu.db").exists()
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(StartupError, match="left alone"), demo_home(tmp_path, keep=False):
        pass
    assert (tmp_path / "precious.txt").exists()


def test_settings_come_from_the_environment_when_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api")
    settings = Settings()
    assert settings.home == tmp_path
    assert settings.slack.api_url == "http://127.0.0.1:1/api/"
    assert settings.database == f"sqlite:///{tmp_path}/kefu.db"
    monkeypatch.setenv("KEFU_TIMEZONE", "Mars/Olympus")
    with pytest.raises(ValidationError, match="time zone"):
        Settings()

"""Secrets come from the environment or from a file that only its owner can read, and stand in nothing that is written."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from kefu_process import environment, run_forked

from bot.assistant.model_settings import ModelSettings
from bot.settings import Settings
from bot.startup import StartupError
from tickets.vault import new_key

PLANTED = {
    "SLACK_BOT_TOKEN": "xoxb-777-PLANTEDBOT",
    "SLACK_APP_TOKEN": "xapp-1-PLANTEDAPP",
    "SLACK_SIGNING_SECRET": "PLANTEDSIGNING",
    "SLACK_CLIENT_SECRET": "PLANTEDCLIENT",
    "KEFU_MODEL_API_KEY": "sk-PLANTEDMODEL",
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in PLANTED:
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "secrets.env"
    path.write_text("# ours\n" + "".join(f"{name}={value}\n" for name, value in PLANTED.items()), "utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("KEFU_SECRETS_FILE", str(path))
    return path


def test_the_file_is_read_and_the_environment_goes_before_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-the-environment")
    slack, model = Settings().slack, ModelSettings()
    assert slack.bot_token is not None
    assert slack.app_token is not None
    assert model.model_api_key is not None
    assert slack.bot_token.get_secret_value() == PLANTED["SLACK_BOT_TOKEN"]
    assert slack.app_token.get_secret_value() == "xapp-of-the-environment"
    assert model.model_api_key.get_secret_value() == PLANTED["KEFU_MODEL_API_KEY"]
    for shown in (repr(Settings()), repr(model), str(Settings().model_dump())):
        assert "PLANTED" not in shown


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_file_that_others_can_read_is_refused_and_the_sentence_says_what_to_do(
    file: Path, mode: int
) -> None:
    file.chmod(mode)
    with pytest.raises(StartupError, match="chmod 600"):
        Settings()


def test_a_file_that_is_not_there_or_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00SLACK")
    with pytest.raises(StartupError, match="UTF-8"):
        Settings()
    file.unlink()
    with pytest.raises(StartupError, match="cannot be read"):
        Settings()
    file.mkdir(0o700)
    with pytest.raises(StartupError):
        Settings()


# -- planted, and looked for in everything that commands say and write ----------------------------------

COMMANDS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("doctor", "--json"), {}),
    (("doctor",), {"SLACK_BOT_TOKEN": "wrong-PLANTEDBOT"}),
    (("doctor",), {"KEFU_DATABASE_URL": "postgresql://kefu:PLANTEDPASSWORD@127.0.0.1:9/kefu"}),
    (("tickets", "list"), {"KEFU_DATABASE_URL": "postgresql://kefu:PLANTEDPASSWORD@127.0.0.1:9/kefu"}),
    (("tickets", "list"), {"KEFU_DATABASE_URL": "nonsense:PLANTEDPASSWORD@"}),
    (("up",), {"SLACK_APP_TOKEN": "wrong-PLANTEDAPP"}),
    (("up",), {}),
    (("ask", "几点闭馆?"), {"KEFU_MODEL": "openai:none", "KEFU_MODEL_BASE_URL": "http://127.0.0.1:9/v1"}),
    (("ask", "几点闭馆?"), {"KEFU_MODEL": "PLANTEDnonsense"}),
    (("privacy", "looks", "T-1"), {"KEFU_CONTACT_KEY": "PLANTEDKEY-not-a-key"}),
    (("people", "list", "--json"), {"KEFU_TIMEZONE": "PLANTED/Nowhere"}),
    (("manifest", "--http", "https://desk.example.com"), {}),
    (("usage",), {"KEFU_DEADLINE_URGENT": "PLANTED"}),
    (
        ("migrate-store",),
        {
            "KEFU_MOVE_DATABASE_URL": "postgresql://kefu:PLANTEDPASSWORD@127.0.0.1:9/kefu",
            "KEFU_MOVE_CHROMA_URL": "http://127.0.0.1:9",
        },
    ),
    (
        ("ingest", __file__),
        {"KEFU_CHROMA_URL": "http://kefu:PLANTEDPASSWORD@127.0.0.1:9", "KEFU_CHROMA_TOKEN": "PLANTEDTOKEN"},
    ),
    (
        ("doctor",),
        {"KEFU_CHROMA_URL": "http://kefu:PLANTEDPASSWORD@127.0.0.1:9", "KEFU_CHROMA_TOKEN": "PLANTEDTOKEN"},
    ),
)


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [pytest.param(*one, marks=() if n % 4 == 0 else pytest.mark.slow) for n, one in enumerate(COMMANDS)],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_no_command_says_a_secret(
    arguments: tuple[str, ...], variables: dict[str, str], tmp_path: Path
) -> None:
    done = run(
        tmp_path,
        arguments,
        {"KEFU_CONTACT_KEY": new_key()} | PLANTED | {"SLACK_API_URL": "http://127.0.0.1:9/"} | variables,
    )
    given = {value for value in {**PLANTED, **variables}.values() if "PLANTED" in value}
    secrets = {
        part
        for value in given
        for part in (value, "PLANTEDPASSWORD")
        if part != "PLANTED" and "Nowhere" not in part
    }
    written = done.stdout + done.stderr + "".join(told(path) for path in tmp_path.rglob("*"))
    assert not [secret for secret in secrets if secret in written and not secret.endswith("nonsense")]
    assert "Traceback" not in done.stdout + done.stderr


def run(home: Path, arguments: tuple[str, ...], variables: dict[str, str]) -> CompletedProcess[str]:
    return run_forked(arguments, environment(home, **variables) | {"TMPDIR": str(home)})


def told(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""

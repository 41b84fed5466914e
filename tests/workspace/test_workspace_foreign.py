"""An app that is not ours, unmodified and in its own process, works in the local workspace as it would in Slack."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workspace_people import People, wait_for
from workspace_stage import PATIENT

from bot.workspace import Workspace

SAMPLES = Path(__file__).parent / "samples"
TEMPLATE = SAMPLES / "bolt-python-starter-template"
PATIENCE = 60


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """Slack's starter template, connected; its manifest says what it may and hears."""
    manifest = json.loads((TEMPLATE / "manifest.json").read_text())
    log = tmp_path_factory.mktemp("template") / "log.txt"
    with Workspace(manifest=manifest, timing=PATIENT) as workspace, log.open("w") as output:
        environment = {
            "SLACK_API_URL": workspace.api_url,
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
        }
        app = subprocess.Popen(
            [sys.executable, SAMPLES / "launch.py", TEMPLATE / "app.py"],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )
        try:
            assert workspace.wait_for_bot(PATIENCE), log.read_text()
            yield People(workspace)
        finally:
            app.kill()
            app.wait()
    assert "ERROR" not in log.read_text(), log.read_text()


def test_its_message_listener(people: People) -> None:
    people.say("hello there", channel="C_FLOOR")
    wait_for(
        lambda: any(m["text"] == "hello, how are you?" for m in people.messages(channel="C_FLOOR")), PATIENCE
    )


def test_its_command(people: People) -> None:
    done = people.post(
        "commands", user="U_AGENT", channel="C_FLOOR", command="/sample-command", text="one two"
    )
    assert done["acked"], done
    said = "Responding to the sample command! Your command was: one two"
    seen = wait_for(lambda: [m for m in people.messages(channel="C_FLOOR") if m["text"] == said], PATIENCE)
    assert seen[0]["ephemeral"] is True
    assert not any(m["text"] == said for m in people.messages("U_LEADER", channel="C_FLOOR"))


def test_its_home(people: People) -> None:
    people.post("home", user="U_AGENT", tab="home")
    home = wait_for(lambda: people.get("views", user="U_AGENT")["home"], PATIENCE)
    assert home["blocks"][0]["text"]["text"] == "*Welcome home, <@U_AGENT> :house:*"


def test_its_shortcut_action_and_modal(people: People) -> None:
    assert people.post("shortcuts", user="U_LEADER", callback_id="sample_shortcut_id")["acked"]
    view = wait_for(lambda: people.get("views", user="U_LEADER")["modal"], PATIENCE)
    assert view["title"]["text"] == "Sample modal title"
    done = people.post("clicks", user="U_LEADER", view_id=view["id"], action_id="sample_action_id")
    assert done["acked"], done
    wait_for(
        lambda: people.get("views", user="U_LEADER")["modal"]["title"]["text"] == "Update modal title",
        PATIENCE,
    )
    values = {"sample_input_id": "a quiet shift", "sample_dropdown_id": "C_REVIEW"}
    done = people.post("submissions", user="U_LEADER", view_id=view["id"], values=values)
    assert done["closed"], done
    text = "<@U_LEADER> submitted the following :sparkles: hopes and dreams :sparkles:: \n\n a quiet shift"
    wait_for(
        lambda: any(m["text"] == text for m in people.messages("U_LEADER", channel="C_REVIEW")), PATIENCE
    )


def test_it_is_as_published() -> None:
    found = hashlib.sha256()
    for file in sorted(TEMPLATE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            found.update(file.read_bytes())
    assert found.hexdigest() == "4c898312feeffc814d0d6d908981bb4f4ea9385969c5a321eaea6352fb6a5035"

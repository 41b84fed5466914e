"""`kefu up` killed with SIGKILL again and again under mixed traffic: nothing is lost, nothing doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crash_surroundings import Surroundings, embedded, on_servers
from killed_bot import Bot
from reckoning import Reckoning
from traffic import People

from bot.manifest import manifest
from bot.wiring import open_desk, open_engine, open_people
from bot.workspace import Workspace
from bot.workspace.timing import Timing

SEED = 2026
# Slack's own pauses are 0, 60 and 300 s. Here they are shorter, but not so short that a bot which is killed every few
# seconds meets all four attempts: then Slack gives up, and nobody ever hears of the question.
TIMING = Timing(retries=(0.0, 8.0, 45.0), wait_for_socket=60.0, trigger=30.0)


def kill_again_and_again(
    surroundings: Surroundings, folder: Path, kills: int, pace: float, patience: float
) -> str:
    """Mixed traffic, so many kills at random moments, and what must hold afterwards; one line of figures."""
    surroundings.publish(folder / "manuals")
    chance = random.Random(SEED)
    with Workspace(port=0, manifest=manifest(), timing=TIMING) as workspace:
        environment = surroundings.environment(workspace)
        bots = [
            Bot(environment, surroundings.arguments, folder / f"bot-{number}.log")
            for number in range(surroundings.bots)
        ]
        try:
            for bot in bots:
                bot.up()
            settings = surroundings.settings
            desk = open_desk(settings, open_engine(settings), open_people(settings))
            reckoning = Reckoning(workspace, desk, surroundings)
            people = People(workspace.control_url, pace, kills * 4, SEED)
            with people.at_work() as diary:
                for number in range(kills):
                    people.busy(chance.randint(1, 12), at_most=20.0)
                    time.sleep(chance.uniform(0.0, 0.5))
                    victim = bots[number % len(bots)]
                    victim.kill(chance)
                    victim.up()
            settled = reckoning.settle(patience)
            faults = reckoning.faults(diary)
            statuses = [bot.stop() for bot in bots]
        finally:
            for bot in bots:
                bot.end()
    said = "\n".join(bot.said for bot in bots)
    figures = (
        f"{kills} kills: {len(diary.asked)} questions, {len(diary.pressed)} clicks, {len(diary.submitted)} forms, "
        f"{len(diary.commanded)} commands; settled {settled:.1f} s after the last"
    )
    print(figures, flush=True)
    assert not faults, f"{figures}\n" + "\n".join(faults)
    assert statuses == [0] * len(bots)
    assert "Traceback" not in said
    assert len(diary.asked) > kills
    # In a short run each form may meet a kill; whoever sent it sees that it did not go.
    assert kills < 6 or any(form.closed for form in diary.submitted)
    return figures


@pytest.mark.timeout(900)
def test_a_few_kills(tmp_path: Path) -> None:
    kill_again_and_again(embedded(tmp_path), tmp_path, kills=2, pace=0.8, patience=240)


@pytest.mark.endurance
@pytest.mark.timeout(1500)
def test_a_dozen_kills_of_a_bot_alone(tmp_path: Path) -> None:
    kill_again_and_again(embedded(tmp_path), tmp_path, kills=12, pace=0.8, patience=120)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("bots", [1, 2], ids=["two workers", "two bots"])
def test_some_kills_on_servers(tmp_path: Path, postgres_url: str, chroma_url: str, bots: int) -> None:
    surroundings = on_servers(tmp_path, postgres_url, chroma_url, bots=bots)
    kill_again_and_again(surroundings, tmp_path, kills=4, pace=0.8, patience=400)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("where", ["alone", "two workers", "two bots"])
def test_a_hundred_kills(tmp_path: Path, where: str, request: pytest.FixtureRequest) -> None:
    make: Callable[[], Surroundings] = lambda: embedded(tmp_path)  # noqa: E731
    if where != "alone":
        servers = request.getfixturevalue("postgres_url"), request.getfixturevalue("chroma_url")
        make = lambda: on_servers(tmp_path, *servers, bots=1 if where == "two workers" else 2)  # noqa: E731
    kill_again_and_again(make(), tmp_path, kills=100, pace=0.8, patience=300)

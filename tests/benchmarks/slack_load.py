"""What the bot promises under load and over a bad network, measured on the local workspace with the real bot.

    python tests/benchmarks/slack_load.py clicks [ANSWERS] [CLICKS]      64 and 5000: acknowledgements while answers run
    python tests/benchmarks/slack_load.py resets [RESETS]                100 TCP resets under traffic
    python tests/benchmarks/slack_load.py processes [EVENTS]             two processes on one app (PostgreSQL, Chroma server)

Figures are of this machine, workspace and people included, in seconds and milliseconds of the wall clock.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path[:0] = [
    str(Path(__file__).parents[1] / "slack"),
    str(Path(__file__).parents[1]),
    str(Path(__file__).parents[2]),
]

from block_samples import content
from running_bot import MANUALS, PEOPLE, Desk, running

from bot.blocks.escalations import APPROVE
from bot.demo.crew import Crew, buttons_of, is_finished, is_from_bot, text_of
from bot.manifest import manifest
from bot.workspace import Workspace
from tests.model_server import ModelServer, Reply
from tickets.people import Role
from tickets.records import EscalationState, Origin
from tickets.rung_records import Grounds

Json = dict[str, Any]
QUESTION = "逾期归还每天收多少？"
PEOPLE_AT_ONCE = 8
THINKING = 100.0
PATIENCE = 600.0
ACK_P99 = 300.0
ACK_MOST = 3000.0
BACK = 2.0


@contextmanager
def slow_model() -> Iterator[ModelServer]:
    """A model that thinks for as long as the settings allow; every question to it is an answer that runs."""
    with ModelServer() as model:
        model.play(Reply("x", first_token_seconds=THINKING))
        wanted = {
            "KEFU_MODEL": "openai:scripted",
            "KEFU_MODEL_BASE_URL": model.url,
            "KEFU_MODEL_API_KEY": "k-test",
            "KEFU_MODEL_FIRST_TOKEN_SECONDS": "120",
            "KEFU_MODEL_TOTAL_SECONDS": "600",
        }
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield model
        finally:
            model.stopping.set()
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


# -- clicks ---------------------------------------------------------------------------------------------------
def clicks(answers: int, count: int) -> Json:
    """Acknowledgements of `count` clicks, commands and modals while `answers` answers are being written."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "manuals").mkdir()
        model = stack.enter_context(slow_model())
        desk = stack.enter_context(running(folder / "home", folder / "manuals", answer_workers=answers))
        desk.crew.patience = PATIENCE
        cards = _cards(desk, max(count // 20, 1))
        with _busy(desk, model, answers) as running_answers:
            started = time.monotonic()
            acks = _press(desk.crew, cards, count)
            seconds = time.monotonic() - started
            undecided = _undecided(desk, len(cards))
        model.stopping.set()
        desk.app.shared.running.stop_all()
    found = {"answers": answers, "fewest_running": min(running_answers), "approved": len(cards)}
    return _summary(acks, seconds) | found | {"not_approved": undecided}


@contextmanager
def _busy(desk: Desk, model: ModelServer, answers: int) -> Iterator[list[int]]:
    """So many answers run all the time: for each that ends another question comes. Yields how many ran, by the second."""
    ending = threading.Event()
    seen: list[int] = []

    def fill() -> None:
        asked = 0
        while not ending.is_set():
            now = _running(desk)
            if len(model.requests) >= answers:
                seen.append(now)
            on_their_way = asked - len(model.requests)
            for _ in range(answers - now - on_their_way):
                desk.crew.say("U_AGENT2", "dm", QUESTION)
                asked += 1
            ending.wait(1)

    filler = threading.Thread(target=fill)
    filler.start()
    try:
        desk.crew.wait(lambda: len(seen) > 1, f"{answers} running answers")
        yield seen
    finally:
        ending.set()
        filler.join()


def _running(desk: Desk) -> int:
    return sum(len(flags) for flags in list(desk.app.shared.running._flags.values()))


def _cards(desk: Desk, count: int) -> list[Json]:
    """Cards that wait for a decision in the review channel."""
    agent = desk.services.people.get("U_AGENT")
    for number in range(count):
        told = replace(
            content(f"第 {number} 件：楼梯间漏水"),
            policy_basis=(),
            next_role=Role.SUPERVISOR,
            next_reason="班长联系不上",
            grounds=Grounds.UNREACHABLE,
        )
        desk.services.desk.file_escalation(agent, told, Origin(), f"load:{number}")
    desk.app.outbox.nudge()

    def look() -> list[Json] | None:
        seen = [m for m in desk.crew.messages("U_SUPERVISOR", "C_REVIEW") if APPROVE in buttons_of(m)]
        return seen if len(seen) == count else None

    found: list[Json] = desk.crew.wait(look, f"{count} cards")
    return found


def _undecided(desk: Desk, count: int) -> int:
    """How many of the approved escalations are not approved once everything is done."""
    end = time.monotonic() + PATIENCE

    def approved() -> int:
        listed = desk.services.desk.escalations(limit=count + 1)
        return sum(one.state is EscalationState.APPROVED for one in listed)

    while approved() < count and time.monotonic() < end:
        time.sleep(0.2)
    return count - approved()


def _press(crew: Crew, cards: list[Json], count: int) -> list[tuple[str, Json]]:
    """Eight people press; each approval once, commands and modals for the rest."""
    menu = crew.say("U_AGENT", "C_FLOOR", "客户说电梯坏了")
    people = ["U_AGENT", "U_AGENT2", "U_LEADER", "U_ADMIN"]

    def one(number: int) -> tuple[str, Json]:
        user = people[number % len(people)]
        if number % 20 == 0 and number // 20 < len(cards):
            return "approve", crew.click("U_SUPERVISOR", cards[number // 20], APPROVE)
        if number % 2:
            return "command", crew.command(user, "dm", "help")
        return "modal", crew.shortcut(user, menu, "log_ticket_message")

    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        return list(pool.map(one, range(count)))


def _summary(acks: list[tuple[str, Json]], seconds: float) -> Json:
    out: Json = {"clicks": len(acks), "seconds": round(seconds, 1)}
    out["lost"] = sum(not ack["acked"] for _, ack in acks)
    for kind in sorted({kind for kind, _ in acks}):
        ms = sorted(ack["ms"] for k, ack in acks if k == kind and ack["acked"])
        out[kind] = {
            "count": len(ms),
            "median_ms": statistics.median(ms),
            "p99_ms": ms[min(len(ms) - 1, int(len(ms) * 0.99))],
            "longest_ms": ms[-1],
        }
    return out


# -- resets ---------------------------------------------------------------------------------------------------
def resets(count: int) -> Json:
    """Cut the socket again and again while questions come in; how long it was away, what was lost or doubled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "manuals").mkdir()
        desk = stack.enter_context(running(folder / "home", folder / "manuals"))
        crew = desk.crew
        crew.patience = PATIENCE
        asked: list[Json] = []
        ending = threading.Event()

        def ask() -> None:
            while not ending.wait(0.3):
                asked.append(crew.say("U_AGENT", "dm", QUESTION))

        traffic = threading.Thread(target=ask)
        traffic.start()
        away = []
        for _ in range(count):
            time.sleep(0.7)
            crew.fault(kind="tcp_reset")
            cut = time.monotonic()
            while not _read(desk.workspace.control_url, "sockets")["count"]:
                time.sleep(0.01)
            away.append(time.monotonic() - cut)
        ending.set()
        traffic.join()
        answers = _answers(crew, "U_AGENT", asked)
    return {
        "resets": count,
        "questions": len(asked),
        "away_median_s": round(statistics.median(away), 2),
        "away_longest_s": round(max(away), 2),
        "lost": answers[0],
        "doubled": sum(times for number, times in answers.items() if number > 1),
    }


def _answers(crew: Crew, user: str, asked: list[Json]) -> Counter[int]:
    """How many questions were answered how often, when all that will come has come."""
    channel = asked[0]["channel"]
    wanted = {one["ts"] for one in asked}

    def look() -> Counter[str] | None:
        trips = _read(crew._base, "deliveries")["deliveries"]
        if not all(trip["done"] for trip in trips):
            return None
        said = [m for m in crew.messages(user, channel) if is_from_bot(m) and m.get("thread_ts") in wanted]
        if not all(is_finished(m) for m in said):
            return None
        found = Counter(str(m["thread_ts"]) for m in said if "0.3" in text_of(m))
        return found if len(found) == len(wanted) else None

    try:
        found: Counter[str] = crew.wait(look, "all answers")
    except Exception:  # noqa: BLE001 - what is missing is what is measured
        said = crew.messages(user, channel)
        found = Counter(str(m["thread_ts"]) for m in said if is_from_bot(m) and m.get("thread_ts") in wanted)
    return Counter(found.get(ts, 0) for ts in wanted)


def _read(base: str, name: str) -> Json:
    with urllib.request.urlopen(f"{base.rstrip('/')}/{name}", timeout=30) as answer:
        body: Json = json.load(answer)
        return body


# -- two processes --------------------------------------------------------------------------------------------
def processes(count: int, database: str, chroma: str) -> Json:
    """Two `kefu up` on one app and one pair of stores; every third event is delivered twice or its ack is lost."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "manuals").mkdir()
        for name, text in MANUALS.items():
            (folder / "manuals" / name).write_text(text, encoding="utf-8")
        workspace = stack.enter_context(Workspace(manifest=manifest()))
        environment = os.environ | {
            "KEFU_DATABASE_URL": database,
            "KEFU_CHROMA_URL": chroma,
            "KEFU_PEOPLE": str(PEOPLE.absolute()),
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
        }
        kefu = [sys.executable, "-m", "bot.cli"]
        first = environment | {"KEFU_HOME": str(folder / "one")}
        subprocess.run(
            [*kefu, "ingest", folder / "manuals"], env=first, check=True, stdout=subprocess.DEVNULL
        )
        for home in ("one", "two"):
            log = stack.enter_context((folder / f"{home}.log").open("w"))
            bot = subprocess.Popen(
                [*kefu, "up"], env=environment | {"KEFU_HOME": str(folder / home)}, stdout=log, stderr=log
            )
            stack.callback(bot.wait)
            stack.callback(bot.terminate)
        crew = Crew(workspace.control_url, PATIENCE)
        crew.wait(lambda: _read(workspace.control_url, "sockets")["count"] == 2, "two bots")
        asked, started = [], time.monotonic()
        for number in range(count):
            if number % 3 == 0:
                crew.fault(kind=("duplicate", "lose_ack")[number // 3 % 2], type="events_api")
            asked.append(crew.say("U_AGENT", "dm", QUESTION))
            if number % 20 == 19:
                _wait_for_answers(crew, asked)
        answers = _answers(crew, "U_AGENT", asked)
        seconds = time.monotonic() - started
        trips = _read(workspace.control_url, "deliveries")["deliveries"]
    return {
        "questions": count,
        "events_sent": sum(len(trip["attempts"]) for trip in trips),
        "seconds": round(seconds, 1),
        "lost": answers[0],
        "doubled": sum(times for number, times in answers.items() if number > 1),
    }


def _wait_for_answers(crew: Crew, asked: list[Json]) -> None:
    """The last few are answered: the bots are not drowned, for this is not about speed."""
    for one in asked[-20:]:
        crew.reply("U_AGENT", one)


def main() -> None:
    """Run what the arguments say and print its figures as JSON."""
    what, *numbers = sys.argv[1:] or ["clicks"]
    given = [int(number) for number in numbers]
    if what == "clicks":
        found = clicks(*(given or [64, 5000]))
    elif what == "resets":
        found = resets(*(given or [100]))
    else:
        from servers import chroma_server, postgres_server

        with postgres_server() as database, chroma_server() as chroma:
            found = processes(given[0] if given else 10_000, database, chroma)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()

"""How long it takes to stop, to take over from a process that was killed, and to move a house to servers.

    python tests/benchmarks/operations.py stop|takeover|move [--times 3]

Each `kefu up` is a process of its own in a local workspace in this one; PostgreSQL and Chroma servers of our own. Prints
one line of JSON for each kind, the seconds of every time. Nothing here is a limit that a test holds: other work on the
machine is in the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[1]),
    str(Path(__file__).parents[2]),
    str(Path(__file__).parents[1] / "crash"),
]

import structlog
from crash_surroundings import QUESTIONS, Surroundings, embedded, on_servers
from killed_bot import Bot
from servers import chroma_server, postgres_server

from bot.blocks import escalations
from bot.demo.crew import Crew, NotSeen, is_finished, is_from_bot, text_of
from bot.manifest import manifest
from bot.wiring import open_desk, open_engine, open_people
from bot.workspace import Workspace
from tickets.people import Person
from tickets.records import Origin, TicketContent

PATIENCE = 300.0
AT_ONCE = 16
HANGS = 300.0
TICKETS = 3000
CLAUSES = 300


def wait(until: Callable[[], object], what: str) -> None:
    """Look often: this is measured."""
    ends = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > ends:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(0.05)


@contextmanager
def bots(place: Surroundings, workspace: Workspace, folder: Path, count: int) -> Iterator[list[Bot]]:
    """So many `kefu up`, not started yet."""
    made = [
        Bot(place.environment(workspace), place.arguments, folder / f"bot-{number}.log")
        for number in range(count)
    ]
    try:
        yield made
    finally:
        for bot in made:
            bot.end()


def answered(crew: Crew, asked: dict[str, object]) -> bool:
    thread = crew.messages("U_AGENT", "dm", str(asked["ts"]))
    return any(is_from_bot(one) and is_finished(one) for one in thread)


def seconds_to_stop(bot: Bot) -> float:
    """From SIGTERM until the process is gone."""
    assert bot.process is not None
    begun = time.monotonic()
    bot.process.send_signal(signal.SIGTERM)
    bot.process.wait(PATIENCE)
    return round(time.monotonic() - begun, 1)


def stop(times: int) -> Iterator[tuple[str, list[float]]]:
    """Idle; with sixteen questions just asked; with a Slack that hangs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        servers = stack.enter_context(postgres_server()), stack.enter_context(chroma_server())
        for name, place in (
            ("one process", embedded(folder)),
            ("two workers", on_servers(folder, *servers)),
        ):
            place.publish(folder / "manuals")
            found: dict[str, list[float]] = {}
            with (
                Workspace(port=0, manifest=manifest()) as workspace,
                bots(place, workspace, folder, 1) as (bot,),
            ):
                crew = Crew(workspace.control_url, patience=PATIENCE)
                for _ in range(times):
                    for kind in ("idle", f"{AT_ONCE} questions", "Slack hangs"):
                        bot.up()
                        if kind != "idle":
                            hangs = kind == "Slack hangs"
                            if hangs:
                                crew.fault(kind="delay", seconds=HANGS, count=0, method="chat.stopStream")
                            asked = [
                                crew.say("U_AGENT", "dm", QUESTIONS[number % len(QUESTIONS)])
                                for number in range(1 if hangs else AT_ONCE)
                            ]
                            wait(
                                lambda crew=crew, asked=asked: any(
                                    len(crew.messages("U_AGENT", "dm", str(one["ts"]))) > 1 for one in asked
                                ),
                                "an answer",
                            )
                        found.setdefault(kind, []).append(seconds_to_stop(bot))
                        crew.fault(kind="clear")
            for kind, took in found.items():
                yield f"stop, {name}, {kind}", took


def takeover(times: int) -> Iterator[tuple[str, list[float]]]:
    """The first of two bots has it in hand and is killed; until the second has done it."""
    answers, notices = [], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        servers = stack.enter_context(postgres_server()), stack.enter_context(chroma_server())
        for number in range(times):
            place = on_servers(folder, *servers, bots=2)
            place.publish(folder / "manuals")
            with (
                Workspace(port=0, manifest=manifest()) as workspace,
                bots(place, workspace, folder, 2) as (first, second),
            ):
                crew = Crew(workspace.control_url, patience=PATIENCE)
                first.up()
                crew.fault(kind="delay", seconds=HANGS, count=1, method="chat.stopStream")
                asked = crew.say("U_AGENT", "dm", QUESTIONS[number % len(QUESTIONS)])
                wait(
                    lambda c=crew, a=asked: len(c.messages("U_AGENT", "dm", str(a["ts"]))) > 1,
                    "its beginning",
                )
                second.up()
                first.kill_now()
                begun = time.monotonic()
                wait(lambda c=crew, a=asked: answered(c, a), "the answer")
                answers.append(round(time.monotonic() - begun, 1))
                second.stop()

                first.up()
                form = _form(workspace)
                crew.fault(kind="delay", seconds=HANGS, count=1, method="chat.postMessage")
                told = {escalations.WHAT_HAPPENED: "阀门漏水", escalations.HANDLING: "请换阀门"}
                crew.submit("U_AGENT", form, told)
                engine = open_engine(place.settings)

                def held(engine=engine) -> object:
                    query = "SELECT id FROM notices WHERE claimed_until IS NOT NULL AND delivered_at IS NULL"
                    with engine.connect() as connection:
                        return connection.exec_driver_sql(query).first()

                def left(engine=engine) -> object:
                    query = "SELECT count(*) FROM notices WHERE delivered_at IS NULL AND given_up_at IS NULL"
                    with engine.connect() as connection:
                        return connection.exec_driver_sql(query).scalar()

                wait(held, "a notice in hand")
                second.up()
                first.kill_now()
                begun = time.monotonic()
                wait(lambda left=left: not left(), "the notices")
                notices.append(round(time.monotonic() - begun, 1))
                engine.dispose()
    yield "takeover of an answer by another process", answers
    yield "takeover of notices by another process", notices


def move(times: int) -> Iterator[tuple[str, list[float]]]:
    """`kefu migrate-store` beside a bot that answers: until everything is there; from the stop of the bot until the
    command says that it moved, and until a bot on the servers is ready."""
    copying, pausing, away = [], [], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        postgres, chroma = stack.enter_context(postgres_server()), stack.enter_context(chroma_server())
        (folder / "manuals").mkdir()
        rules = "\n".join(f"第{n + 1}条 {n % 40}号柜{n}号格丢失的，赔偿{100 + n}元。" for n in range(CLAUSES))
        (folder / "manuals" / "rules.txt").write_text(f"柜格赔偿办法\n\n{rules}\n", "utf-8")
        full = embedded(folder / "full")
        full.publish(folder / "manuals")
        engine = open_engine(full.settings)
        desk = open_desk(full.settings, engine, open_people(full.settings))
        for number in range(TICKETS):
            desk.log_ticket(
                Person("U_AGENT", "小林"), TicketContent(f"{number}号格漏水"), Origin(), f"k{number}"
            )
        engine.dispose()
        for number in range(times):
            here = embedded(folder / f"move-{number}")
            shutil.copytree(folder / "full" / "home", folder / f"move-{number}" / "home")
            there = on_servers(folder / f"move-{number}", postgres, chroma)
            there.kept["KEFU_HOME"], there.arguments = str(folder / f"move-{number}" / "new"), []
            with Workspace(port=0, manifest=manifest()) as workspace, ExitStack() as running:
                (old,) = running.enter_context(bots(here, workspace, folder / f"move-{number}", 1))
                (new,) = running.enter_context(
                    bots(there, workspace, _made(folder / f"move-{number}" / "new"), 1)
                )
                crew = Crew(workspace.control_url, patience=PATIENCE)
                old.up()
                begun = time.monotonic()
                log = folder / f"move-{number}" / "moving.log"
                with log.open("wb") as out:
                    moving = subprocess.Popen(
                        [
                            sys.executable,
                            "-m",
                            "bot.cli",
                            "migrate-store",
                            "--database",
                            there.kept["KEFU_DATABASE_URL"],
                            "--chroma",
                            chroma,
                        ],
                        stdout=out,
                        stderr=out,
                        env=os.environ | here.kept,
                    )
                asked = crew.say("U_AGENT", "dm", QUESTIONS[0])
                wait(
                    lambda log=log, moving=moving: (
                        "Now stop the bot" in log.read_text() or moving.poll() is not None
                    ),
                    "its word",
                )
                copying.append(round(time.monotonic() - begun, 1))
                wait(lambda c=crew, a=asked: answered(c, a), "an answer meanwhile")
                begun = time.monotonic()
                old.stop()
                code = moving.wait(PATIENCE)
                assert code == 0, log.read_text()
                pausing.append(round(time.monotonic() - begun, 1))
                new.up()
                away.append(round(time.monotonic() - begun, 1))
                asked = crew.say("U_AGENT", "dm", "7号格丢失赔多少？")
                wait(lambda c=crew, a=asked: answered(c, a), "an answer from the servers")
                print(text_of(crew.messages("U_AGENT", "dm", str(asked["ts"]))[-1])[:60], file=sys.stderr)
    size = f"{CLAUSES} clauses, {TICKETS} tickets"
    yield f"move, everything copied while the bot answers ({size})", copying
    yield "move, from the stop of the bot until moved", pausing
    yield "move, from the stop of the bot until one on the servers is ready", away


def _form(workspace: Workspace) -> dict[str, object]:
    """The form of an escalation; the command is typed again where it came too late, as people do."""
    for _ in range(10):
        impatient = Crew(workspace.control_url, patience=15.0)
        impatient.command("U_AGENT", "dm", "escalate 阀门漏水")
        try:
            return impatient.form("U_AGENT", escalations.FORM)
        except NotSeen:
            continue
    raise SystemExit("no form")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """As it is called."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("what", choices=["stop", "takeover", "move"])
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for name, seconds in {"stop": stop, "takeover": takeover, "move": move}[given.what](given.times):
        print(json.dumps({"figure": name, "seconds": seconds}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

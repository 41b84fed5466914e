"""Twenty-four hours of a service desk in fast motion: does memory stay flat, is anything lost or doubled, what is logged?

    python tests/benchmarks/simulated_day.py                  20,000 questions, 1,000 escalations, 50 publications
    python tests/benchmarks/simulated_day.py --share 0.05     a twentieth of that

The bot is a process of its own whose clock goes with the work: an hour of it has passed when a twenty-fourth of the day's
work is done. Each hour ends when nothing is on its way; then the bot collects its garbage and tells its memory. The
workspace, which keeps every message, is another process and does not count. Printed: a line each hour, and at the end
one JSON object with what was lost, doubled and logged.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "slack"), str(ROOT / "tests"), str(ROOT)]

from keeping_manuals import Admin
from load_house import Ledger, ingest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.blocks import escalations, publication
from bot.demo.crew import Crew, buttons_of, is_from_bot
from bot.measuring.house import Place, bot, workspace
from tickets.models import AnswerRow, CardRow, ClaimRow, EscalationRow, NoticeRow
from tickets.rows import escalation_subject
from tickets.store import READING

Json = dict[str, Any]
HOURS = 24
WHOLE = {"questions": 20_000, "escalations": 1_000, "publications": 50}
WARM_UP = 400
"""Questions before the day begins: the first filling of every cache."""
_MOST_OPEN = 12
_ASKERS = ("U_AGENT", "U_AGENT2", "U_LEADER")
_LEVEL = re.compile(r"level='(warning|error|critical)' event='([\w.]+)'")
_OF_LIBRARIES = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) (\S+) ", re.M)
_TOLD = re.compile(r"level='(?:warning|error|critical)'| (?:WARNING|ERROR|CRITICAL) ")


@dataclass
class Day:
    """What was done, and what the bot told of its memory at the end of each hour."""

    asked: list[str] = field(default_factory=list)
    filed: int = 0
    published: int = 0
    hours: list[Json] = field(default_factory=list)


class Subject:
    """The bot as its clock and its memory are reached."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self._running = running

    def _tell(self, what: Json) -> None:
        assert self._running.stdin is not None
        self._running.stdin.write(json.dumps(what).encode() + b"\n")
        self._running.stdin.flush()

    def set(self, hour: float) -> None:
        """It is so late now."""
        self._tell({"hour": round(hour, 5)})

    def memory(self) -> Json:
        """What it needs, without garbage."""
        assert self._running.stdout is not None
        self._tell({"memory": True})
        told: Json = json.loads(self._running.stdout.readline())
        return told


class Traffic:
    """People at work, so much in each hour."""

    def __init__(self, place: Place, ledger: Ledger, folder: Path, subject: Subject) -> None:
        self._crew, self._ledger, self._subject = place.crew, ledger, subject
        lines = (ROOT / "tests/evals/samples.jsonl").read_text("utf-8").splitlines()
        self._texts = [json.loads(line)["question"] for line in lines]
        self._admin = Admin(SimpleNamespace(crew=self._crew), folder)  # type: ignore[arg-type]
        self._number = 0
        self.day = Day()

    def ask(self, *, counted: bool = True) -> None:
        """The next question: mostly in the DM, some in the channel, some in the thread of the one before."""
        self._number += 1
        n = self._number
        text = self._texts[n * 7 % len(self._texts)]
        if n % 5 == 0:
            text = f"{n} 号单的客户在线上,{text}"
        user, channel = _ASKERS[n % 3], "C_FLOOR" if n % 4 == 0 else "dm"
        said = self._crew.say(user, channel, f"<@U_BOT> {text}" if channel != "dm" else text)
        if counted:
            self.day.asked.append(said["ts"])
        if n % 40 == 0:
            self._crew.open_app(user, "home")
        while self._ledger.running() > _MOST_OPEN:
            time.sleep(0.05)

    def file(self) -> None:
        """An escalation, drafted, filed, and approved by the leader."""
        crew, n = self._crew, self.day.filed
        what = f"第{n}号台账的阀门漏水,备件库说没有货"
        crew.command("U_AGENT", "dm", f"escalate {what}")
        form = crew.form("U_AGENT", escalations.FORM)
        told = {
            escalations.WHAT_HAPPENED: what,
            escalations.HANDLING: "请准许外购一只阀门",
            escalations.WHEN: "今天上午",
            escalations.TRIED: "问过邻组",
        }
        closed = crew.submit("U_AGENT", form, told)
        assert closed["closed"], closed
        self.day.filed += 1
        card = crew.wait(lambda: self._card(self.day.filed), "the card of whoever decides")
        assert crew.click(card["audience_user"], card, escalations.APPROVE)["acked"]
        crew.wait(lambda: self._ledger.approved() >= self.day.filed, "the approval")

    def _card(self, number: int) -> Json | None:
        with self._ledger.session() as session:
            found = session.execute(
                select(CardRow.channel, CardRow.ts, CardRow.audience_user).where(
                    CardRow.subject == escalation_subject(number),
                    CardRow.audience_user.is_not(None),
                    CardRow.audience_user != "U_AGENT",
                )
            ).first()
        return None if found is None else dict(found._mapping)

    def publish(self) -> None:
        """A manual of which one rule is another now."""
        self.day.published += 1
        rule = f"储物柜每次最多用 {5 + self.day.published} 小时,超过的按每小时 2 元收取占用费。"
        self._admin.press(self._admin.drop("储物柜须知", rule, "柜门钥匙丢了赔 15 元。"), publication.PUBLISH)

    def hour(self, number: int, done: float, work: Mapping[str, int]) -> None:
        """The hour `number` (from 0) of a day in which `work` is done; it ends when nothing is on its way."""
        due = {name: _due(count, number) for name, count in work.items()}
        steps = max(due["questions"], 1)
        escalating, filed = ThreadPoolExecutor(1), []
        for n in range(steps):
            self._subject.set(done + (n + 1) / steps)
            self.ask()
            if n == steps // 2:
                for _ in range(due["publications"]):
                    self.publish()
            if due["escalations"] * (n + 1) // steps > due["escalations"] * n // steps:
                filed.append(escalating.submit(self.file))
        escalating.shutdown()
        for one in filed:
            one.result()
        self.settle()
        told = {"hour": number + 1, **self._subject.memory()}
        self.day.hours.append(told)
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr, flush=True)

    def settle(self) -> None:
        """Nothing is on its way."""
        self._crew.wait(lambda: not self._ledger.running() and not self._ledger.unsent(), "quiet")


def _due(count: int, hour: int) -> int:
    """The share of an hour of the day."""
    return count * (hour + 1) // HOURS - count * hour // HOURS


class DayLedger(Ledger):
    """Also what waits to be sent."""

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Reads beside the bot."""
        with Session(self._engine.execution_options(**{READING: True})) as session:
            yield session

    def unsent(self) -> int:
        """Notices that are due and not in Slack."""
        open_ = NoticeRow.delivered_at.is_(None), NoticeRow.given_up_at.is_(None)
        with self.session() as session:
            return int(session.scalar(select(func.count()).select_from(NoticeRow).where(*open_)) or 0)


def simulate(share: float, warm_up: int = WARM_UP) -> Json:
    """The day at a share of its work; what was found."""
    work = {name: max(round(count * share), 1) for name, count in WHOLE.items()}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        home = folder / "home"
        with workspace(folder) as place:
            ingest(folder, {**place.environment, "KEFU_HOME": str(home)}, demo=True)
            # A guess at how long the work takes: only for how often the bot looks after things.
            speed = HOURS * 3600 / max(work["questions"] / 4, 60)
            command = [sys.executable, str(Path(__file__).with_name("day_bot.py")), str(speed)]
            # The workspace's time goes on as ever while the bot's is set: nothing may seem to be late.
            quiet = {"KEFU_CATCH_UP_HOURS": "0", "KEFU_DEADLINE_TIME": "clock"}
            with bot(place, home, command, subprocess.PIPE, **quiet) as (running, _):
                ledger = DayLedger(home)
                subject = Subject(running)
                traffic = Traffic(place, ledger, folder, subject)
                for _ in range(warm_up):
                    traffic.ask(counted=False)
                traffic.publish()
                traffic.settle()
                started = time.monotonic()
                subject.memory()
                for hour in range(HOURS):
                    traffic.hour(hour, hour, work)
                seconds = time.monotonic() - started
                found = _checked(place.crew, ledger, traffic.day)
                ledger.close()
            log = (home / "bot.log").read_text("utf-8", "replace")
    hours = traffic.day.hours
    return {
        "work": work,
        "seconds": round(seconds),
        **{name: round(hours[-1][name] / hours[0][name], 3) for name in ("rss_all", "rss_own", "blocks")},
        "megabytes": [one["rss_all"] for one in hours],
        "blocks_by_hour": [one["blocks"] for one in hours],
        "threads": [hours[0]["threads"], hours[-1]["threads"]],
        "files": [hours[0]["files"], hours[-1]["files"]],
        "grown": hours[-1]["grown"],
        **found,
        "logged": dict(Counter(f"{a} {b}" for a, b in _LEVEL.findall(log) + _OF_LIBRARIES.findall(log))),
        "lines": [line for line in log.splitlines() if _TOLD.search(line)][:20],
        "tracebacks": log.count("Traceback (most recent call last)"),
    }


def _checked(crew: Crew, ledger: DayLedger, day: Day) -> Json:
    """Slack's side and the record agree: one answer to each question, an end of each escalation."""
    with ledger.session() as session:
        answers = Counter(session.scalars(select(AnswerRow.message_ts)))
        states = Counter(session.scalars(select(EscalationRow.state)))
        rows = {
            row.__tablename__: session.scalar(select(func.count()).select_from(row))
            for row in (AnswerRow, ClaimRow, NoticeRow, CardRow)
        }
    shown = Counter[str]()
    for user, channel in [*((user, "dm") for user in _ASKERS), ("U_AGENT", "C_FLOOR")]:
        said = crew.messages(user, channel)
        shown.update(m["thread_ts"] for m in said if is_from_bot(m) and _is_whole_answer(m))
    return {
        "lost": sum(not answers[ts] or not shown[ts] for ts in day.asked),
        "not_in_slack": sum(not shown[ts] for ts in day.asked),
        "doubled": sum(answers[ts] > 1 or shown[ts] > 1 for ts in day.asked),
        "escalations": dict(states),
        "published": day.published,
        "rows": rows,
    }


def _is_whole_answer(message: Json) -> bool:
    return bool(message.get("thread_ts")) and "answer_feedback" in buttons_of(message)


def main() -> None:
    """Print what was found as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the day's work")
    parser.add_argument("--warm-up", type=int, default=WARM_UP, help="questions before it begins")
    given = parser.parse_args()
    print(json.dumps(simulate(given.share, given.warm_up), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()

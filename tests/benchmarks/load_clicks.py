"""Acknowledgements of what people press and type while answers run."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from load_house import PATIENCE, Json, Ledger, Place, bot, ingest, until, workspace

from bot.blocks.escalations import APPROVE
from bot.blocks.preferences import FORM
from bot.demo.crew import Crew, NotSeen, buttons_of
from bot.settings import Settings
from bot.wiring import build_services
from tests.model_server import ModelServer, Reply
from tickets.people import Role
from tickets.records import Origin
from tickets.rung_records import Grounds

QUESTIONS = (
    "逾期归还每天收多少？",
    "自习间预约后多久没到会释放座位？",
    "客户要求找领导怎么办？",
    "净水机滤芯多久换一次？",
    "上门维修迟到了怎么跟客户说？",
    "退货的运费谁出？",
    "滚筒洗衣机漏水怎么处理？",
    "能不能把客户的电话告诉师傅？",
    "周报什么时候交？",
    "How long may a remote session last?",
    "借书卡丢了怎么办？",
    "客户骂人可以挂电话吗？",
)
THINKING = 100.0
PEOPLE_AT_ONCE = 64
CLOSED_LOOP = 8
EVERY_APPROVAL = 20
FORM_FILLERS = ("U_LEADER", "U_ADMIN", "U_SUPERVISOR2")
ASKER = "U_AGENT2"


@contextmanager
def slow_model() -> Iterator[dict[str, str]]:
    """A model that thinks for as long as the settings allow; every question to it is an answer that runs."""
    with ModelServer() as model:
        model.play(Reply("x", first_token_seconds=THINKING))
        yield {
            "KEFU_MODEL": "openai:scripted",
            "KEFU_MODEL_BASE_URL": model.url,
            "KEFU_MODEL_API_KEY": "k-test",
            "KEFU_MODEL_FIRST_TOKEN_SECONDS": "120",
            "KEFU_MODEL_TOTAL_SECONDS": "600",
        }
        model.stopping.set()


def clicks(answers: int, count: int, rate: float, *, model: bool, demo: bool = True) -> Json:
    """Acknowledgements of `count` clicks, commands and forms at `rate` a second (0: eight people who press as soon as
    the last was acknowledged) while `answers` answers are written: by a slow `model`, else quotes without a pause.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        place = stack.enter_context(workspace(folder))
        more = stack.enter_context(slow_model()) if model else {}
        home, crew = folder / "home", place.crew
        more = {**more, "KEFU_ANSWER_WORKERS": str(answers)}
        ingest(folder, place.environment | {"KEFU_HOME": str(home)}, demo=demo)
        approvals = max(count // EVERY_APPROVAL, 1)
        file_cards(home, place.environment, approvals)
        process = stack.enter_context(bot(place, home, **more))
        place.wait_for_sockets(1)
        if os.environ.get("LOAD_SHOWS_PID"):
            print(f"bot: {process.pid}", flush=True)
        ledger = Ledger(home)
        stack.callback(ledger.close)
        cards = cards_of(crew, approvals)
        with (
            _busy(crew, ledger, answers, QUESTIONS[:1] if model else QUESTIONS) as seen,
            _opened(place) as forms,
        ):
            before, started = ledger.answered(), time.monotonic()
            acks = _press(crew, cards, count, rate)
            seconds = time.monotonic() - started
            answered = ledger.answered() - before
            undecided = _undecided(ledger, approvals)
    return {
        "answers": answers,
        "by": "a slow model" if model else "quotes",
        "rate": rate or "closed loop",
        "running_fewest": min(seen),
        "running_median": statistics.median(seen),
        "answers_given": answered,
        "answers_a_second": round(answered / seconds, 1),
        **_summary(acks, seconds),
        "not_approved": undecided,
        "forms_opened": forms["ok"],
        "forms_not_opened": {name: number for name, number in forms.items() if name != "ok"},
    }


@contextmanager
def _busy(crew: Crew, ledger: Ledger, answers: int, questions: Sequence[str]) -> Iterator[list[int]]:
    """So many answers run all the time: for each that ends another question comes. Yields how many ran, by the second."""
    ending, full = threading.Event(), threading.Event()
    seen: list[int] = []

    def fill() -> None:
        asked, looked = ledger.answered(), 0.0
        while not ending.wait(0.1):
            missing = answers - (asked - ledger.answered())
            for _ in range(missing):
                crew.say(ASKER, "dm", questions[asked % len(questions)])
                asked += 1
            if missing <= answers // 2:
                full.set()
            if full.is_set() and time.monotonic() > looked + 1:
                looked = time.monotonic()
                seen.append(ledger.running())

    filler = threading.Thread(target=fill)
    filler.start()
    try:
        crew.wait(lambda: max(seen, default=0) >= 0.9 * answers, f"{answers} running answers")
        del seen[:-1]  # while they were begun, fewer ran
        yield seen
    finally:
        ending.set()
        filler.join()


@contextmanager
def _opened(place: Place) -> Iterator[Counter[str]]:
    """What became of each form that the bot wanted to open: `ok`, or Slack's word for why not."""
    ending, found = threading.Event(), Counter[str]()

    def look(after: int) -> int:
        calls = place.read(f"calls?method=views.open&after={after}")["calls"]
        found.update(one["verdict"] for one in calls)
        return int(calls[-1]["number"]) if calls else after

    def follow() -> None:
        after = 0
        while not ending.wait(5):
            after = look(after)
        look(after)

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        yield found
    finally:
        ending.set()
        follower.join()


def file_cards(home: Path, environment: Any, count: int) -> None:
    """So many escalations that wait for a decision, filed before the bot is up."""
    from block_samples import content

    settings = Settings(
        home=home,
        people=Path(environment["KEFU_PEOPLE"]),
        review_channel="C_REVIEW",
        database_url=environment.get("KEFU_DATABASE_URL"),
        chroma_url=environment.get("KEFU_CHROMA_URL"),
    )
    services = build_services(settings)
    try:
        agent = services.people.get("U_AGENT")
        for number in range(count):
            told = replace(
                content(f"第 {number} 件：楼梯间漏水"),
                policy_basis=(),
                next_role=Role.SUPERVISOR,
                next_reason="班长联系不上",
                grounds=Grounds.UNREACHABLE,
            )
            services.desk.file_escalation(agent, told, Origin(), f"load:{number}")
    finally:
        services.close()


def cards_of(crew: Crew, count: int) -> list[Json]:
    """The cards that wait for a decision in the review channel."""

    def look() -> list[Json] | None:
        time.sleep(0.5)
        seen = [m for m in crew.messages("U_SUPERVISOR", "C_REVIEW") if APPROVE in buttons_of(m)]
        return seen if len(seen) == count else None

    found: list[Json] = crew.wait(look, f"{count} cards")
    return found


def _undecided(ledger: Ledger, count: int) -> int:
    """How many of the approved escalations are not approved once everything is done."""
    end = time.monotonic() + PATIENCE / 4
    while ledger.approved() < count and time.monotonic() < end:
        time.sleep(0.5)
    return count - ledger.approved()


# -- people ---------------------------------------------------------------------------------------------------
@dataclass
class _People:
    """Who presses; each person fills in one form at a time."""

    crew: Crew
    cards: list[Json]
    menu: Json
    acks: list[tuple[str, Json]] = field(default_factory=list)
    late: float = 0.0
    lanes: dict[str, threading.Lock] = field(
        default_factory=lambda: {user: threading.Lock() for user in FORM_FILLERS}
    )

    def act(self, number: int, due: float) -> None:
        """The act with this number."""
        self.late = max(self.late, time.monotonic() - due)
        user = ("U_AGENT", "U_SUPERVISOR")[number % 2]
        if number % EVERY_APPROVAL == 0 and number // EVERY_APPROVAL < len(self.cards):
            card = self.cards[number // EVERY_APPROVAL]
            self._did("approve", Crew(self.crew._base).click("U_SUPERVISOR", card, APPROVE))
        elif number % 10 in (3, 7):
            self._fill_in(FORM_FILLERS[number // 10 % len(FORM_FILLERS)])
        elif number % 2:
            self._did("command", self.crew.command(user, "C_FLOOR", "help"))
        else:
            self._did("modal", self.crew.shortcut("U_AGENT", self.menu, "log_ticket_message"))

    def _fill_in(self, user: str) -> None:
        """A command that opens a form, and the form sent: two acknowledgements."""
        with self.lanes[user]:
            crew = Crew(self.crew._base, 30.0)
            self._did("command", crew.command(user, "C_FLOOR", "me"))
            try:
                form = crew.form(user, FORM)
            except NotSeen:
                self._did("form", {"acked": False, "ms": 0})
                return
            self._did("form", crew.submit(user, form, {}))

    def _did(self, kind: str, ack: Json) -> None:
        self.acks.append((kind, ack))


def _press(crew: Crew, cards: list[Json], count: int, rate: float) -> list[tuple[str, Json]]:
    """Everything that is pressed, at its time whatever became of what was pressed before (`rate` 0: one by one)."""
    people = _People(crew, cards, crew.say("U_AGENT", "C_FLOOR", "客户说电梯坏了"))
    started = time.monotonic()
    done: list[Future[None]] = []
    with ThreadPoolExecutor(PEOPLE_AT_ONCE if rate else CLOSED_LOOP) as pool:
        for number in range(count):
            due = started + number / rate if rate else time.monotonic()
            until(due)
            done.append(pool.submit(people.act, number, due if rate else time.monotonic() + PATIENCE))
    for one in done:
        one.result()
    if rate:
        people.acks.append(("latest_press", {"acked": True, "ms": round(people.late * 1000)}))
    return people.acks


def _summary(acks: list[tuple[str, Json]], seconds: float) -> Json:
    late = [ack["ms"] for kind, ack in acks if kind == "latest_press"]
    acks = [one for one in acks if one[0] != "latest_press"]
    out: Json = {"acknowledgements": len(acks), "seconds": round(seconds, 1)}
    out["lost"] = sum(not ack["acked"] for _, ack in acks)
    if late:
        out["pressed_late_by_at_most_ms"] = late[0]
    for kind in ("all", *sorted({kind for kind, _ in acks})):
        ms = sorted(ack["ms"] for k, ack in acks if kind in ("all", k) and ack["acked"])
        if ms:
            out[kind] = {
                "count": len(ms),
                "median_ms": statistics.median(ms),
                "p99_ms": ms[min(len(ms) - 1, int(len(ms) * 0.99))],
                "longest_ms": ms[-1],
            }
    return out

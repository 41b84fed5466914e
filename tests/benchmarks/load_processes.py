"""Two bots on one app and one pair of stores: everything that is sent has one effect, whoever of them gets it."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from load_clicks import cards_of, file_cards
from load_house import PATIENCE, QUESTION, Json, Ledger, Place, bot, ingest, until, workspace
from load_resets import answered

from bot.blocks.escalations import APPROVE
from bot.demo.crew import Crew

RATE = 25.0
"""Events a second; where the questions are not answered that fast, it waits."""
_BEHIND = 25
_SENDERS = 16
ASKER, READER, WRITER = "U_AGENT", "U_AGENT2", "U_LEADER"

# What the events are, of a hundred: most of them cost little.
_KINDS = ["question"] * 4 + ["approval"] * 3 + ["home"] * 25 + ["command"] * 28 + ["message"] * 40
KINDS = [_KINDS[number * 37 % 100] for number in range(100)]


def processes(count: int, database: str, chroma: str, rate: float = RATE) -> Json:
    """`count` events to two `kefu up`: questions, approvals that two supervisors press at once, Homes opened, commands,
    and messages in a channel that are not for the bot. Every tenth event is delivered twice or its ack is lost.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        place = stack.enter_context(workspace(folder))
        stores = {"KEFU_DATABASE_URL": database, "KEFU_CHROMA_URL": chroma}
        place = Place(place.control_url, {**place.environment, **stores})
        ingest(folder, {**place.environment, "KEFU_HOME": str(folder / "one")}, demo=False)
        kinds = Counter(KINDS[number % 100] for number in range(count))
        approvals = kinds["approval"]
        file_cards(folder / "one", place.environment, approvals)
        for home in ("one", "two"):
            stack.enter_context(bot(place, folder / home))
        place.wait_for_sockets(2)
        ledger = Ledger(folder / "one", database)
        stack.callback(ledger.close)
        crew = place.crew
        cards = cards_of(crew, approvals) if approvals else []
        floor = len(crew.messages(WRITER, "C_FLOOR"))
        sent = _Sent(place, crew, cards)
        started = time.monotonic()
        _send(sent, ledger, count, rate)
        seconds = time.monotonic() - started
        found = _effects(sent, ledger, kinds, floor)
        trips = place.read("deliveries")["deliveries"]
    return {
        "events": count,
        "of": dict(kinds),
        "sent_with_redeliveries": sum(len(trip["attempts"]) for trip in trips) + sent.pressed,
        "seconds": round(seconds, 1),
        "a_second": round(count / seconds, 1),
        **found,
    }


class _Sent:
    """What was sent, and what became of it at once."""

    def __init__(self, place: Place, crew: Crew, cards: list[Json]) -> None:
        self.place, self.crew, self.cards = place, crew, cards
        self.asked: list[Json] = []
        self.acks: list[Json] = []
        self.pressed = 0

    def act(self, kind: str, number: int) -> None:
        """One event of a kind; an approval is pressed by two."""
        if kind == "question":
            self.asked.append(self.crew.say(ASKER, "dm", QUESTION))
        elif kind == "approval":
            card = self.cards[number]
            with ThreadPoolExecutor(2) as both:
                press = [
                    both.submit(Crew(self.crew._base).click, user, card, APPROVE)
                    for user in ("U_SUPERVISOR", "U_SUPERVISOR2")
                ]
            self.acks += [one.result() for one in press]
        elif kind == "home":
            self.crew.open_app(READER, "home")
        elif kind == "command":
            self.acks.append(self.crew.command(READER, "C_FLOOR", "help"))
        else:
            self.crew.say(WRITER, "C_FLOOR", f"大家注意，第 {number} 位客户已经回访")
        self.pressed += 2 if kind == "approval" else kind == "command"


def _send(sent: _Sent, ledger: Ledger, count: int, rate: float) -> None:
    """Everything at its time, but never far ahead of the answers."""
    numbers: Counter[str] = Counter()
    under_way: list[Future[None]] = []
    begun = time.monotonic()
    with ThreadPoolExecutor(_SENDERS) as pool:
        for number in range(count):
            kind = KINDS[number % 100]
            if number % 10 == 0:
                fault = ("duplicate", "lose_ack")[number // 10 % 2]
                sent.crew.fault(kind=fault, type="events_api")
            if kind == "question":
                while numbers[kind] - ledger.answered() > _BEHIND:
                    time.sleep(0.1)
            until(begun + number / rate)
            under_way.append(pool.submit(sent.act, kind, numbers[kind]))
            numbers[kind] += 1
    for one in under_way:
        one.result()


def _effects(sent: _Sent, ledger: Ledger, kinds: Counter[str], floor: int) -> Json:
    """What each event came to, once everything is done: what is missing, and what is there twice."""
    crew, place = sent.crew, sent.place
    answers = answered(place, ASKER, sent.asked, "0.3") if sent.asked else Counter()

    def published() -> int:
        calls = place.read("calls?method=views.publish&limit=100000")["calls"]
        return sum(one["ok"] and one["arguments"].get("user_id") == READER for one in calls)

    def told() -> list[Json]:
        return [m for m in crew.messages(READER, "C_FLOOR") if m.get("bot_id")]

    end = time.monotonic() + PATIENCE / 4
    while time.monotonic() < end and (
        published() < kinds["home"] or len(told()) < kinds["command"] or ledger.approved() < kinds["approval"]
    ):
        time.sleep(1)
    helped, homes, approved = len(told()), published(), ledger.approvals()
    spoken = len(crew.messages(WRITER, "C_FLOOR")) - floor
    return {
        "clicks_lost": sum(not ack["acked"] for ack in sent.acks),
        "questions_answered_once": answers[1],
        "homes_published": homes,
        "commands_answered": helped,
        "approved_once": sum(times == 1 for times in approved.values()),
        "channel_messages_answered": spoken - kinds["message"],
        "lost": answers[0]
        + max(kinds["home"] - homes, 0)
        + max(kinds["command"] - helped, 0)
        + kinds["approval"]
        - len(approved),
        "doubled": sum(times for number, times in answers.items() if number > 1)
        + max(homes - kinds["home"], 0)
        + max(helped - kinds["command"], 0)
        + sum(times > 1 for times in approved.values())
        + spoken
        - kinds["message"],
    }

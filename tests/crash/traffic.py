"""People at work while the bot dies under them, and a note of everything they did.

Whatever fails because no bot is there (no form opens, a click is not taken) is left at that, as people do; what was
taken must have had its effect in the end.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crash_surroundings import QUESTIONS

from bot.blocks import escalations, ticket_cards, ticket_forms
from bot.blocks import tickets as ticket_blocks
from bot.demo.crew import Crew, NotSeen, buttons_of, is_finished

Json = dict[str, Any]
FLOOR, DM = "C_FLOOR", "dm"
_SHORTLY = 15.0
"""How long somebody waits for a form before they turn to something else."""


@dataclass(frozen=True)
class Asked:
    """A question that Slack has."""

    user: str
    channel: str
    ts: str
    thread_ts: str
    text: str


@dataclass(frozen=True)
class Pressed:
    """A button: `about` is the record in its value, `acked` whether the bot took it."""

    what: str
    user: str
    about: Json
    acked: bool


@dataclass(frozen=True)
class Submitted:
    """A form: `key` is what its record must be known by, `closed` whether the bot took it."""

    what: str
    key: str
    closed: bool
    about: Json = field(default_factory=dict)


@dataclass
class Diary:
    """Everything that people did."""

    asked: list[Asked] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    commanded: list[Pressed] = field(default_factory=list)

    @property
    def acts(self) -> int:
        """How much was done that the bot was there for, and how much was asked."""
        taken = sum(one.acked for one in [*self.pressed, *self.commanded])
        return taken + sum(one.closed for one in self.submitted) + len(self.asked)


class People:
    """The people of a workspace at `control_url`, each in a thread of their own.

    `pace`: seconds between two acts; `most`: acts of each, for on a busy machine a bot takes long to come back.
    """

    def __init__(self, control_url: str, pace: float, most: int, seed: int) -> None:
        self.diary = Diary()
        self._url, self._pace, self._most = control_url, pace, most
        self._chance = random.Random(seed)
        self._ending = threading.Event()
        self._liked: set[str] = set()
        self._failed: list[BaseException] = []

    def busy(self, acts: int, at_most: float) -> None:
        """Wait until so much more was done, and no longer than so many seconds."""
        end, until = time.monotonic() + at_most, self.diary.acts + acts
        while self.diary.acts < until and time.monotonic() < end:
            time.sleep(0.02)

    @contextmanager
    def at_work(self) -> Iterator[Diary]:
        """Everybody works until the end of the block."""
        works = (
            self._asks,
            self._mentions,
            self._likes,
            self._files,
            self._logs,
            self._decides,
            self._comes_and_goes,
        )
        threads = [threading.Thread(target=self._keep_on, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield self.diary
        finally:
            self._ending.set()
            for thread in threads:
                thread.join()
        if self._failed:
            raise self._failed[0]

    def _keep_on(self, work: Callable[[Crew, int], None]) -> None:
        crew, number = Crew(self._url, patience=_SHORTLY), 0
        while number < self._most and not self._ending.wait(self._pace * self._chance.uniform(0.5, 1.5)):
            try:
                work(crew, number)
            except NotSeen:
                continue  # nobody was there: once more, then
            except BaseException as error:  # noqa: BLE001 - told at the end
                self._failed.append(error)
                return
            number += 1

    # -- asking ------------------------------------------------------------------------------------------
    def _say(self, crew: Crew, user: str, channel: str, text: str, thread_ts: str = "") -> Asked:
        said = crew.say(user, channel, text, thread_ts)
        asked = Asked(
            user, said["channel"], said["ts"], thread_ts or said["ts"], text.removeprefix("<@U_BOT> ")
        )
        self.diary.asked.append(asked)
        return asked

    def _asks(self, crew: Crew, number: int) -> None:
        self._say(crew, ("U_AGENT", "U_LEADER")[number % 2], DM, QUESTIONS[number % len(QUESTIONS)])

    def _mentions(self, crew: Crew, number: int) -> None:
        """In the channel, and on in the same thread, without waiting for what comes."""
        asked = self._say(crew, "U_AGENT2", FLOOR, f"<@U_BOT> {QUESTIONS[number % len(QUESTIONS)]}")
        if number % 2:
            self._ending.wait(self._pace * self._chance.random())
            self._say(crew, "U_AGENT2", FLOOR, QUESTIONS[(number + 1) % len(QUESTIONS)], asked.ts)

    # -- pressing ----------------------------------------------------------------------------------------
    def _press(self, crew: Crew, user: str, message: Json, action: str, value: str = "") -> bool:
        about = _about(message, action)
        acked = bool(crew.click(user, message, action, value).get("acked"))
        self.diary.pressed.append(Pressed(action, user, about, acked))
        return acked

    def _likes(self, crew: Crew, number: int) -> None:
        answer = self._newest(crew, "U_LEADER", "answer_feedback")
        if answer is None or answer["ts"] in self._liked:
            raise NotSeen("a new answer")
        if not self._press(crew, "U_LEADER", answer, "answer_feedback", "positive"):
            raise NotSeen("the bot")
        self._liked.add(answer["ts"])

    def _newest(self, crew: Crew, user: str, action: str, channel: str = DM) -> Json | None:
        shown = crew.messages(user, channel)[::-1]
        return next((m for m in shown if action in buttons_of(m) and is_finished(m)), None)

    def _submit(
        self, crew: Crew, what: str, user: str, form: Json, values: Json, about: Json | None = None
    ) -> bool:
        closed = bool(crew.submit(user, form, values).get("closed"))
        self.diary.submitted.append(Submitted(what, f"view:{form['id']}", closed, about or {}))
        return closed

    def _files(self, crew: Crew, number: int) -> None:
        if not crew.command("U_AGENT", DM, f"escalate 第{number}号水龙头关不上，工具间没有扳手").get("acked"):
            raise NotSeen("the bot")
        form = crew.form("U_AGENT", escalations.FORM)
        told = {
            escalations.WHAT_HAPPENED: f"第{number}号水龙头关不上，工具间没有扳手",
            escalations.HANDLING: "请准许外购一把扳手",
            escalations.WHEN: "今天上午",
            escalations.TRIED: "问过邻组",
        }
        self._submit(crew, "escalation", "U_AGENT", form, told)

    def _logs(self, crew: Crew, number: int) -> None:
        """A ticket, and a word on it when its card comes."""
        answer = self._newest(crew, "U_AGENT2", "log_ticket", FLOOR)
        if answer is None:
            raise NotSeen("an answer")
        if crew.click("U_AGENT2", answer, "log_ticket").get("acked"):
            form = crew.form("U_AGENT2", ticket_blocks.FORM)
            told = {
                ticket_blocks.TITLE: f"第{number}把锁要换",
                ticket_blocks.DESCRIPTION: f"第{number}把锁转不动",
            }
            if ticket_blocks.SAME in json.dumps(
                form["blocks"]
            ):  # it asks whether it is about another one at once
                told[ticket_blocks.SAME] = ticket_blocks.NEW
            if not self._submit(crew, "ticket", "U_AGENT2", form, told):
                again = crew.modal("U_AGENT2")  # it asks whether it is the same matter as another one
                if again is not None and again["callback_id"] == ticket_blocks.FORM:
                    self._submit(
                        crew, "ticket", "U_AGENT2", again, told | {ticket_blocks.SAME: ticket_blocks.NEW}
                    )
        card = self._newest(crew, "U_AGENT2", ticket_cards.COMMENT)
        if card is None:
            return
        about = _about(card, ticket_cards.COMMENT)
        if crew.click("U_AGENT2", card, ticket_cards.COMMENT).get("acked"):
            form = crew.form("U_AGENT2", ticket_forms.COMMENT_FORM)
            self._submit(
                crew, "comment", "U_AGENT2", form, {ticket_forms.COMMENT: f"第{number}次看过"}, about
            )

    def _decides(self, crew: Crew, number: int) -> None:
        """The leader approves, rejects, asks back, in turn."""
        card = self._newest(crew, "U_LEADER", escalations.APPROVE)
        if card is None:
            raise NotSeen("a card")
        about = _about(card, escalations.APPROVE)
        if number % 3 == 0:
            self._press(crew, "U_LEADER", card, escalations.APPROVE)
        elif number % 3 == 1 and crew.click("U_LEADER", card, escalations.REJECT).get("acked"):
            form = crew.form("U_LEADER", escalations.REJECT_FORM)
            self._submit(crew, "reject", "U_LEADER", form, {escalations.REASON: "先修旧的"}, about)
        elif crew.click("U_LEADER", card, escalations.ASK_BACK).get("acked"):
            form = crew.form("U_LEADER", escalations.ASK_BACK_FORM)
            self._submit(crew, "ask_back", "U_LEADER", form, {escalations.QUESTION: "多少钱？"}, about)

    def _comes_and_goes(self, crew: Crew, number: int) -> None:
        word = ("on", "off")[number % 2]
        acked = bool(crew.command("U_SUPERVISOR2", DM, word).get("acked"))
        self.diary.commanded.append(Pressed(word, "U_SUPERVISOR2", {}, acked))
        if not acked:
            raise NotSeen("the bot")


def _about(message: Json, action: str) -> Json:
    """What a button's value says of its record."""
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if element.get("action_id") == action:
                value = element.get("value") or (element.get("positive_button") or {}).get("value") or "{}"
                found: Json = json.loads(value[value.index("{") :])
                return found
    return {}

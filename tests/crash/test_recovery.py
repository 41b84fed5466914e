"""What was open when the bot died: forms, deadlines and answers, and how long it takes until they are finished."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from crash_surroundings import QUESTIONS, Surroundings, embedded, on_servers
from killed_bot import Bot
from reckoning import Reckoning
from test_killed_bot import TIMING
from traffic import DM, Asked, Diary

from bot.blocks import escalations
from bot.demo.crew import Crew, NotSeen, buttons_of, text_of
from bot.manifest import manifest
from bot.wiring import open_desk, open_engine, open_people
from bot.workspace import Workspace
from bot.workspace.timing import Timing
from tickets.presence import MARK_SECONDS

PATIENCE = 240.0


@dataclass(frozen=True)
class House:
    """Bots that run, people who talk to them, and both sides' books."""

    bots: list[Bot]
    crew: Crew
    reckoning: Reckoning


@contextmanager
def house(surroundings: Surroundings, folder: Path, timing: Timing = TIMING) -> Iterator[House]:
    """Bots on these stores, the manuals live."""
    surroundings.publish(folder / "manuals")
    with Workspace(port=0, manifest=manifest(), timing=timing) as workspace:
        environment = surroundings.environment(workspace)
        logs = [folder / f"bot-{number}.log" for number in range(surroundings.bots)]
        bots = [Bot(environment, surroundings.arguments, log) for log in logs]
        try:
            for bot in bots:
                bot.start()
            for bot in bots:
                bot.up()
            settings = surroundings.settings
            desk = open_desk(settings, open_engine(settings), open_people(settings))
            crew = Crew(workspace.control_url, patience=PATIENCE)
            yield House(bots, crew, Reckoning(workspace, desk, surroundings))
        finally:
            for bot in bots:
                bot.end()


def ask_many(crew: Crew, count: int) -> list[Asked]:
    """So many questions at once, in threads of their own."""
    asked = []
    for number in range(count):
        text = QUESTIONS[number % len(QUESTIONS)]
        said = crew.say("U_AGENT", DM, text)
        asked.append(Asked("U_AGENT", said["channel"], said["ts"], said["ts"], text))
    return asked


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_form_a_deadline_and_answers_outlive_the_bot(tmp_path: Path) -> None:
    """A draft is being written and a deadline runs while the bot is dead; answers were on their way."""
    place = embedded(tmp_path)
    place.kept |= {
        "KEFU_DEADLINE_NORMAL": "0.002", "KEFU_DEADLINE_URGENT": "0.002", "KEFU_DEADLINE_IMPORTANT": "0.002",
        "KEFU_DEADLINE_TIME": "clock",
    }  # fmt: skip
    with house(place, tmp_path) as at:
        crew, books, (bot,) = at.crew, at.reckoning, at.bots
        told = {escalations.WHAT_HAPPENED: "阀门漏水", escalations.HANDLING: "请换阀门"}
        sent = crew.submit("U_AGENT", _form(at, "U_AGENT", "escalate 阀门漏水"), told)
        assert sent["closed"], sent
        card = crew.wait(lambda: _card(crew), "the leader's card")
        draft = _form(at, "U_AGENT2", "escalate 阀门又漏水")
        asked = ask_many(crew, 6)
        crew.wait(lambda: books.rows("SELECT id FROM answers_underway"), "an answer on its way")
        bot.kill_now()
        dead = time.monotonic()
        bot.up()
        books.settle(PATIENCE)
        print(
            f"alone: {time.monotonic() - dead:.1f} s from SIGKILL until six answers stood, restart included"
        )
        sent = crew.submit("U_AGENT2", draft, {**told, escalations.WHAT_HAPPENED: "阀门又漏水"})
        assert sent["closed"], "what was typed before the bot died is a draft now"
        assert len(books.rows("SELECT id FROM escalations")) == 2
        reminded = "SELECT escalation_id FROM escalation_steps WHERE kind = 'reminded' AND escalation_id = 1"
        crew.wait(lambda: books.rows(reminded), "the reminder of a deadline that passed")
        assert len(books.rows(reminded)) == 1
        crew.wait(
            lambda: len([m for m in crew.messages("U_LEADER", DM) if _number(card) in text_of(m)]) >= 2,
            "the card again",
        )
        books.settle(PATIENCE)
        assert not books.faults(Diary(asked=asked))
        assert bot.stop() == 0


def _form(at: House, user: str, command: str) -> dict[str, object]:
    """The form that a command opens; typed again where it does not come, as people do."""
    impatient = Crew(at.crew._base, patience=20.0)
    for _ in range(10):
        told = impatient.command(user, DM, command)
        try:
            return impatient.form(user, escalations.FORM)
        except NotSeen:
            print(f"no form after {told}: {at.bots[0].said[-1500:]}")
    raise NotSeen(f"the form of {command}")


def _card(crew: Crew) -> dict[str, object] | None:
    shown = crew.messages("U_LEADER", DM)
    return next((m for m in shown if escalations.APPROVE in buttons_of(m)), None)


def _number(card: dict[str, object]) -> str:
    return str(re.findall(r"E-\d+-\d+", text_of(card))[0])


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bots", [1, 2], ids=["two workers", "two bots"])
def test_the_other_process_finishes_what_a_killed_one_began(
    tmp_path: Path, postgres_url: str, chroma_url: str, bots: int
) -> None:
    """Two bots: nobody starts the killed one again. Two workers: the other has the answers before that."""
    with house(on_servers(tmp_path, postgres_url, chroma_url, bots=bots), tmp_path) as at:
        books = at.reckoning
        asked = ask_many(at.crew, 16)
        at.crew.wait(
            lambda: len(books.rows("SELECT DISTINCT owner FROM answers_underway")) == 2, "both at work"
        )
        at.bots[0].kill_now()
        dead = time.monotonic()
        books.settle(PATIENCE)
        print(f"{bots} bots: {time.monotonic() - dead:.1f} s from SIGKILL until sixteen answers stood")
        assert not books.faults(Diary(asked=asked))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_bots_answer_once_what_was_asked_while_none_was_there(
    tmp_path: Path, postgres_url: str, chroma_url: str
) -> None:
    """Both are dead for longer than Slack tries; both read back what they missed."""
    place = on_servers(tmp_path, postgres_url, chroma_url, bots=2)
    with house(place, tmp_path, Timing(wait_for_socket=0.05, retries=(0.0, 0.05))) as at:
        crew, books = at.crew, at.reckoning
        crew.wait(lambda: books.rows("SELECT key FROM claims WHERE key LIKE 'here:%'"), "a mark")
        for bot in at.bots:
            bot.kill_now()
        asked = ask_many(crew, 8)
        crew.wait(lambda: _given_up(crew, asked), "Slack's last attempt")
        engine = open_engine(place.settings)
        with engine.begin() as connection:  # an hour has passed
            key = f"here:{int(time.time() - 3600) // MARK_SECONDS:012d}"
            connection.exec_driver_sql("DELETE FROM claims WHERE key LIKE 'here:%%'")
            connection.exec_driver_sql(f"INSERT INTO claims (key, at) VALUES ('{key}', now())")
        engine.dispose()
        for bot in at.bots:
            bot.start()
        for bot in at.bots:
            bot.up()
        crew.wait(lambda: len(books.rows("SELECT id FROM answers")) >= len(asked), "the answers")
        # Whoever comes while the other reads back reads back, too; whoever comes later finds the mark of it.
        crew.wait(lambda: any("messages.caught_up" in bot.said for bot in at.bots), "one to have read back")
        books.settle(PATIENCE)
        assert not books.faults(Diary(asked=asked))
        assert len(books.rows("SELECT id FROM answers")) == len(asked)


def _given_up(crew: Crew, asked: list[Asked]) -> bool:
    trips = {trip["ts"]: trip for trip in crew._get("deliveries", {})["deliveries"]}
    return all(trips[one.ts]["done"] and "acked" not in trips[one.ts]["attempts"] for one in asked)

"""What was said while the bot was away longer than Slack tries again is answered once, and says that it comes late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from running_bot import MANUALS, settings_for

from bot.demo.crew import Crew, buttons_of, is_finished, is_from_bot, text_of
from bot.manifest import manifest
from bot.services import Services
from bot.slack_app import SlackApp
from bot.wiring import build_services
from bot.workspace import Workspace
from bot.workspace.timing import Timing

LATE = re.compile("回复晚了|sorry that it comes late")
QUICK = Timing(wait_for_socket=0.05, retries=(0.0, 0.05))
Json = dict[str, Any]


@dataclass
class House:
    """A bot that comes and goes, by a clock that is set."""

    workspace: Workspace
    services: Services
    crew: Crew
    off: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off

    @contextmanager
    def up(self) -> Iterator[SlackApp]:
        """The bot is there, and has made up for what it missed."""
        with SlackApp(self.services, self.now) as app:
            app.catching_up.look()
            yield app
            self.settled()

    def settled(self) -> None:
        self.crew.wait(lambda: not self.services.desk.underway.open(), "nothing on its way")

    def lost(self, *said: Json) -> None:
        """Slack has given up on all of these."""
        wanted = {one["ts"] for one in said}

        def look() -> bool:
            trips = self.crew._get("deliveries", {})["deliveries"]
            of_them = [trip for trip in trips if trip["ts"] in wanted]
            assert not any("acked" in trip["attempts"] for trip in of_them)
            return {t["ts"] for t in of_them} == wanted and all(t["done"] for t in of_them)

        self.crew.wait(look, "Slack's last attempt")

    def answers(self, user: str, said: Json, thread_ts: str = "") -> list[Json]:
        """The whole answers below a message."""
        shown = self.crew.messages(user, said["channel"], thread_ts or said["ts"])
        later = [m for m in shown if is_from_bot(m) and m["ts"] > said["ts"] and is_finished(m)]
        return [m for m in later if "answer_feedback" in buttons_of(m)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    manuals = tmp_path / "manuals"
    manuals.mkdir()
    for name, text in MANUALS.items():
        (manuals / name).write_text(text, encoding="utf-8")
    with Workspace(port=0, manifest=manifest(), timing=QUICK) as workspace:
        at = House(workspace, None, Crew(workspace.control_url))  # type: ignore[arg-type]
        at.services = build_services(settings_for(workspace, tmp_path / "home"), at.now)
        publisher = at.services.publisher
        publisher.publish(publisher.stage([manuals], "test").edition_ids, "test")
        yield at
        at.services.close()


@pytest.mark.refusals
def test_what_was_said_meanwhile_is_answered_once(house: House) -> None:
    """By whichever of two that catch up at once; what has an answer, thanks, and talk among others get none."""
    crew = house.crew
    with house.up():
        before = crew.say("U_AGENT", "dm", "借期是多少天？")
        called = crew.say("U_AGENT2", "C_FLOOR", "<@U_BOT> 自习间每人每天最多约几小时？")
        crew.reply("U_AGENT", before)
        crew.reply("U_AGENT2", called)
    asked = crew.say("U_AGENT", "dm", "借书卡丢了补办收多少钱？")
    thanks = crew.say("U_AGENT", "dm", "谢谢啦")
    mention = crew.say("U_LEADER", "C_FLOOR", "<@U_BOT> 逾期每本每天收多少？")
    follow = crew.say("U_AGENT2", "C_FLOOR", "预约后多久没到会释放？", called["ts"])
    talk = crew.say("U_AGENT2", "C_FLOOR", "闭馆前几分钟停止借书来着？")
    house.lost(asked, thanks, mention, follow, talk)
    house.off += timedelta(minutes=25)
    with SlackApp(house.services, house.now) as app, SlackApp(house.services, house.now) as other:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda one: one.catching_up.look(), (app, other)))
        for user, said, thread in (
            ("U_AGENT", asked, ""),
            ("U_LEADER", mention, ""),
            ("U_AGENT2", follow, called["ts"]),
        ):
            crew.wait(lambda u=user, s=said, t=thread: house.answers(u, s, t), f"the answer to {said['ts']}")
        house.settled()
        now = crew.say("U_AGENT2", "C_FLOOR", "<@U_BOT> 封顶多少元？")
        on_time = crew.reply("U_AGENT2", now)
    (fee,), (fine,), (freed,) = (
        house.answers("U_AGENT", asked),
        house.answers("U_LEADER", mention),
        house.answers("U_AGENT2", follow, called["ts"]),
    )
    for answer, holds in ((fee, "8"), (fine, "0.3"), (freed, "25")):
        assert holds in text_of(answer)
        assert len(LATE.findall(text_of(answer))) == 1
    assert len(house.answers("U_AGENT", before)) == 1
    assert not house.answers("U_AGENT", thanks)
    assert not house.answers("U_AGENT2", talk)
    assert not LATE.search(text_of(on_time))
    assert not LATE.search(text_of(house.answers("U_AGENT", before)[0]))


@pytest.mark.slow
@pytest.mark.refusals
def test_a_process_that_dies_while_it_catches_up_leaves_the_gap(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = house.crew
    with house.up():
        pass
    asked = crew.say("U_AGENT", "dm", "借期是多少天？")
    house.lost(asked)
    house.off += timedelta(minutes=25)
    with monkeypatch.context() as patch:
        patch.setattr(
            "bot.listeners.catching_up._take_on", lambda *_, **__: (_ for _ in ()).throw(MemoryError())
        )
        with SlackApp(house.services, house.now) as app, pytest.raises(MemoryError):
            app.catching_up.look()
    with house.up():
        assert "21" in text_of(crew.wait(lambda: house.answers("U_AGENT", asked), "the answer")[0])
    assert len(house.answers("U_AGENT", asked)) == 1


@pytest.mark.refusals
@pytest.mark.parametrize("hours", [0.0, 2.0], ids=["switched off", "too old"])
def test_what_is_older_than_the_setting_gets_nothing(house: House, hours: float) -> None:
    crew = house.crew
    house.services.settings.catch_up_hours = hours
    with house.up():
        pass
    asked = crew.say("U_AGENT", "dm", "借期是多少天？")
    house.lost(asked)
    house.off += timedelta(hours=3) if hours else timedelta(minutes=25)
    with house.up():
        crew.reply("U_AGENT2", crew.say("U_AGENT2", "dm", "封顶多少元？"))
    assert not house.answers("U_AGENT", asked)


def test_a_short_absence_reads_nothing_back(house: House) -> None:
    with house.up():
        pass
    house.off += timedelta(minutes=6)
    with house.up():
        pass
    assert not house.crew.calls("users.conversations")["calls"]

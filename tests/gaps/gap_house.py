"""Manuals, desk and gaps on one data folder, put together as the product does it; questions asked as the bot does."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.assistant import matters
from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Turn
from bot.keeping.gaps import Gaps
from bot.settings import Settings
from bot.wiring import open_desk, open_engine, open_gaps, open_library, open_manual_work
from knowledge.views import Reader
from tickets.gaps import Gap, GapState
from tickets.people import People, Person, Role
from tickets.records import AnswerRecord, Notice, NoticeKind, Origin

ADMIN = Person("U_ADMIN", "管库", Role.ADMIN)
AGENT = Person("U_AGENT", "安静", Role.AGENT)
OTHER = Person("U_OTHER", "安宁", Role.AGENT)
SUPERVISOR = Person("U_SUPERVISOR", "苏管", Role.SUPERVISOR)
PEOPLE = (ADMIN, AGENT, OTHER, SUPERVISOR)

TEA = (
    "茶水间每天九点和十五点各补一次茶包，用完请在白板上登记。",
    "微波炉每次加热不超过五分钟，汤水须加盖。",
    "冰箱里的食物请写上名字，每周五下班前清空。",
)


class House:
    """See the module. `now` stands still but for a minute a question or publication."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
        self.folder = folder
        self.settings = Settings(home=folder / "home", **settings)  # type: ignore[arg-type]
        self.engine = open_engine(self.settings)
        self.library = open_library(self.settings, self.engine)
        self.desk = open_desk(self.settings, self.engine, People(PEOPLE), self._clock)
        work = open_manual_work(self.settings, self.engine, self.library, self.desk, self._clock)
        self.publisher = work.publisher
        self.assistant = Assistant(self.library)
        self.gaps = self.started_again()
        self._message = itertools.count(1)

    def _clock(self) -> datetime:
        return self.now

    def started_again(self) -> Gaps:
        """Another process, or the bot after a restart: nothing but the database is known."""
        return open_gaps(self.settings, self.engine, self.library, self.desk)

    def publish(self, title: str, *rules: str, head: str = "", tell: bool = True) -> int:
        """Publish an edition of a manual; the id of the manual. `head`: lines of front matter."""
        self.now += timedelta(minutes=1)
        body = "".join(f"{number}. {rule}\n" for number, rule in enumerate(rules, 1))
        front = f"---\n{head}\n---\n" if head else ""
        file = self.folder / f"{title}.md"
        file.write_text(f"{front}# {title}\n\n{body}", encoding="utf-8")
        report = self.publisher.stage([file], ADMIN.id, accept_loss=True)
        self.publisher.publish(report.edition_ids, ADMIN.id, tell=tell)
        return report.editions[0].manual_id

    def ask(
        self, question: str, by: Person = AGENT, history: Sequence[Turn] = (), channel: str = "C_FLOOR"
    ) -> tuple[int, Answer]:
        """Answer and record a question as a listener does; the answer's number in the ledger, and the answer."""
        self.now += timedelta(minutes=1)
        generation = self.library.generation()
        private = channel.startswith("D")
        reader = Reader(frozenset({by.role.value} if private else ()), channel)
        answer = self.assistant.answer(question, history, view=self.library.view(reader=reader))
        absent = matters.shows_gap(answer)
        ts = f"17900000{next(self._message):02}.000100"
        record = AnswerRecord(
            question,
            answer.outcome.value,
            tuple(c.clause_id for c in answer.citations),
            origin=Origin(channel, ts, ts),
            generation=generation,
            absent=absent,
            near=tuple(c.clause_id for c in answer.near) if absent else (),
            context=matters.context_of(question, history),
        )
        return self.desk.record_answer(by.id, record), answer

    def asked(self, *questions: str, by: Person = AGENT) -> None:
        """Questions that the manuals must not answer yet."""
        for question in questions:
            _, answer = self.ask(question, by)
            assert answer.outcome.value == "not_found", answer.text

    def groups(self) -> list[tuple[str, ...]]:
        """The wordings of every open gap, oldest first."""
        return [gap.examples for gap in self.desk.gaps.gaps()]

    def only(self, state: GapState = GapState.OPEN) -> Gap:
        """The only gap, which is in this state."""
        (gap,) = self.desk.gaps.gaps(list(GapState))
        assert gap.state is state
        return gap

    def told(self) -> list[Notice]:
        """Notices to askers that are due; they are not offered again."""
        found = [n for n in self.desk.due_notices(100) if n.kind is NoticeKind.GAP_ANSWERED]
        for notice in found:
            self.desk.delivered(notice.id)
        return found

    def close(self) -> None:
        """Let go of the folder."""
        self.library.close()
        self.engine.dispose()

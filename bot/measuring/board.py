"""One page of honest figures, each with the command that makes it again."""

from __future__ import annotations

import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bot.evaluating.judging import overlaps, same_manual
from bot.measuring.house import DEMO

if TYPE_CHECKING:
    from bot.assistant.answering import Assistant
    from bot.evaluating.cases import Case, Gold
    from bot.evaluating.runs import Row
    from bot.settings import Settings
    from knowledge.library import Library

PARTS = ("answers", "editions", "decisions", "speed")
_RULES = 40
"""Rules of the manual that is published again and again, and how often it is."""
_PUBLICATIONS = 5
_RACES = 25
_AT_ONCE = 6
_ASKED_AT_ONCE = 16


class Figure(BaseModel):
    """A figure with what it was counted over."""

    model_config = ConfigDict(frozen=True)

    name: str
    value: str
    of: str
    """What it was counted over."""
    command: str
    must: str = ""
    """What it must be, where that is not a matter of degree."""

    @property
    def fails(self) -> bool:
        """Whether it is not what it must be."""
        return bool(self.must) and self.value != self.must


def answers(cases: Sequence[Case], manuals: Path, command: str) -> list[Figure]:
    """How right, how sourced and how honest answers to a set of questions are, at the caution of the settings."""
    from bot.evaluating.runs import run

    with tempfile.TemporaryDirectory() as home:
        settings, library, assistant = _opened(Path(home), manuals)
        done = run("board", cases, lambda case: assistant.answer(case.question, case.turns), library.now(), 1)
        library.close()
    pairs = list(zip(cases, done.rows, strict=True))
    said = [(case, row) for case, row in pairs if row.outcome in ("answered", "conflict")]
    meant = [(case, row) for case, row in pairs if row.answerable]
    absent = [row for row in done.rows if row.absent]
    conflicts = [row for row in done.rows if row.kind == "conflict"]
    sourced = [(case, row) for case, row in said if case.gold]
    cited = [any(_is(gold, row, n) for gold in case.gold) for case, row in sourced for n in _numbers(row)]
    wanted = [any(_is(gold, row, n) for n in _numbers(row)) for case, row in meant for gold in case.gold]
    covered = [row for _, row in meant if row.outcome in ("answered", "conflict")]
    where = f"{manuals.name}, caution {settings.caution}"

    def figure(name: str, hits: int, total: int, of: str) -> Figure:
        value = f"{hits / total:.1%} ({hits} of {total})" if total else "none asked"
        return Figure(name=name, value=value, of=f"{of}; {where}", command=command)

    return [
        figure("questions passed", done.total.passed, done.total.asked, "all questions"),
        figure("clause citations: precision", sum(cited), len(cited), "clauses cited in answers"),
        figure("clause citations: recall", sum(wanted), len(wanted), "clauses that answer"),
        figure("answered (coverage)", len(covered), len(meant), "questions that the manuals answer"),
        figure("wrong among answered", sum(not row.passed for _, row in said), len(said), "answers given"),
        figure("false answers on absent matters", sum(_answers(r) for r in absent), len(absent), "absent matters"),
        figure("conflicts shown whole", sum(row.passed for row in conflicts), len(conflicts), "questions on conflicts"),
    ]  # fmt: skip


def _answers(row: Row) -> bool:
    return row.outcome in ("answered", "conflict")


def _numbers(row: Row) -> range:
    return range(len(row.sources))


def _is(gold: Gold, row: Row, number: int) -> bool:
    source = row.sources[number]
    return overlaps(gold.quote, source.quote) and (
        same_manual(gold.document, source.manual) or bool(gold.also_in)
    )


def editions(command: str) -> list[Figure]:
    """Answers from an old edition, asked for after a publication had returned, while others go on asking."""
    with tempfile.TemporaryDirectory() as folder:
        manuals = Path(folder, "manuals")
        manuals.mkdir()
        _write_edition(manuals, 0)
        _, library, assistant = _opened(Path(folder), manuals)
        stale = asked = 0
        from ingest.pipeline import Intake

        intake, ending = Intake(library), threading.Event()
        busy = threading.Thread(target=_ask_on, args=(assistant, ending))
        busy.start()
        try:
            for edition in range(1, _PUBLICATIONS + 1):
                _write_edition(manuals, edition)
                library.publish(intake.stage([manuals], "board").edition_ids, "board")
                with ThreadPoolExecutor(_AT_ONCE) as pool:
                    for text in pool.map(lambda n: assistant.answer(_asked(n)).text, range(_RULES)):
                        numbers = {int(found) for found in re.findall(r"(\d{3,})元", text)}
                        asked += 1
                        stale += any(number // 1000 != edition for number in numbers)
        finally:
            ending.set()
            busy.join()
        library.close()
    return [
        Figure(
            name="answers from an old edition after a publication",
            value=str(stale),
            of=f"{asked} answers after {_PUBLICATIONS} publications of {_RULES} changed rules, others asking meanwhile",
            command=command,
            must="0",
        )
    ]


def _write_edition(folder: Path, edition: int) -> None:
    """Rules whose amounts tell the edition: 3007 yuan is rule 7 of edition 3."""
    rules = [f"第{number + 1}条 {_thing(number)}遗失的,赔偿{edition * 1000 + 100 + number}元。" for number in range(_RULES)]  # fmt: skip
    (folder / "losses.txt").write_text("物品赔偿办法\n\n" + "\n".join(rules) + "\n", encoding="utf-8")


_KINDS = ("钥匙", "工牌", "耳机", "雨伞", "手册", "水杯", "门卡", "推车")
_PLACES = ("前台", "仓库", "车间", "宿舍", "食堂")


def _thing(number: int) -> str:
    return f"{_PLACES[number // len(_KINDS)]}{_KINDS[number % len(_KINDS)]}"


def _asked(number: int) -> str:
    return f"{_thing(number)}遗失了赔多少钱?"


def _ask_on(assistant: Assistant, ending: threading.Event) -> None:
    number = 0
    while not ending.is_set():
        assistant.answer(_asked(number % _RULES))
        number += 1


def decisions(command: str) -> list[Figure]:
    """Escalations on which several superiors decide at the same moment: each must have one decision, no more, no
    fewer, by what the superiors are told and by what the trail says."""
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people
    from tickets.errors import DeskError
    from tickets.people import Role
    from tickets.records import EscalationContent, Origin, Urgency
    from tickets.rung_records import Grounds

    content = EscalationContent(
        summary="楼梯间漏水", report="楼梯间漏水,住户滑倒。", category="投诉", urgency=Urgency.URGENT,
        what_happened="楼梯间漏水", where="三号楼", when="今天上午", tried="已放置警示牌",
        handling_suggestion="请派人维修", skip_level_allowed=True, skip_reason="班长联系不上", policy_basis=(),
        next_role=Role.SUPERVISOR, next_reason="班长联系不上", grounds=Grounds.UNREACHABLE,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), people=DEMO / "people.toml")
        engine = open_engine(settings)
        people = open_people(settings)
        desk = open_desk(settings, engine, people)
        agent = people.get("U_AGENT")
        superiors = [people.get("U_SUPERVISOR"), people.get("U_SUPERVISOR2")]
        start = threading.Barrier(_AT_ONCE)
        won: Counter[str] = Counter()

        def decide(number: int, filed: int, revision: int) -> bool:
            start.wait()
            try:
                if number % 2:
                    desk.reject(superiors[number % 4 // 2], filed, revision, "不同意")
                else:
                    desk.approve(superiors[number % 4 // 2], filed, revision, "照办")
            except DeskError:
                return False
            return True

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for race in range(_RACES):
                filed = desk.file_escalation(agent, content, Origin(), f"board:{race}")
                work = [pool.submit(decide, n, filed.id, filed.revision) for n in range(_AT_ONCE)]
                won[f"escalation:{filed.id}"] += sum(one.result() for one in work)
        recorded = Counter(
            entry.subject
            for entry in desk.audit()
            if entry.action in ("escalation.approved", "escalation.rejected")
        )
        whole = desk.verify_audit() is None
        engine.dispose()
    doubled = sum(abs(count - 1) for count in won.values()) + sum(abs(recorded[name] - 1) for name in won)
    of = f"{_RACES} escalations, {_AT_ONCE} decisions on each at once, answers and trail"
    return [
        Figure(
            name="double (or lost) decisions under races",
            value=str(doubled),
            of=of,
            command=command,
            must="0",
        ),
        Figure(
            name="the trail verifies afterwards",
            value="yes" if whole else "no",
            of=of,
            command=command,
            must="yes",
        ),
    ]


def speed(command: str) -> list[Figure]:
    """How soon Slack is told that a question was heard, and how soon the answer stands, for a crowd at once."""
    from bot.measuring.agents import measure

    (crowd,) = measure([_ASKED_AT_ONCE])
    of = f"{_ASKED_AT_ONCE} agents asking at once, the demo's manuals, no language model"
    return [
        Figure(name="acknowledged, 95 %", value=f"{crowd.ack_p95_ms:.0f} ms", of=of, command=command),
        Figure(name="answered, 95 %", value=f"{crowd.answer_p95_s:.2f} s", of=of, command=command),
    ]


def board(
    parts: Sequence[str],
    questions: Path | None,
    manuals: Path,
    say: Callable[[str], None],
) -> list[Figure]:
    """The figures of these parts. Raises QuestionSetError: the questions cannot be used."""
    from bot.evaluating.cases import read_cases

    cases = read_cases(questions) if questions is not None else []
    made: list[Figure] = []
    for part in parts:
        say(part)
        if part == "answers" and questions is not None:
            command = f"kefu board {questions} --manuals {manuals} --only answers"
            made += answers(cases, manuals, command)
        elif part != "answers":
            act = {"editions": editions, "decisions": decisions, "speed": speed}[part]
            made += act(f"kefu board --only {part}")
    return made


def page(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | value | counted over | made by |", "| --- | --- | --- | --- |"]
    for one in figures:
        value = f"**{one.value}** (must be {one.must})" if one.fails else one.value
        lines.append(f"| {one.name} | {value} | {one.of} | `{one.command}` |")
    return "\n".join(lines) + "\n"


def _opened(folder: Path, manuals: Path) -> tuple[Settings, Library, Assistant]:
    """A data folder of its own with these manuals live."""
    from bot.settings import Settings
    from bot.wiring import open_assistant, open_intake, open_library

    settings = Settings(home=folder / "data", database_url=None, chroma_url=None)
    library = open_library(settings)
    intake = open_intake(settings, library)
    library.publish(intake.stage([manuals], "board").edition_ids, "board")
    assistant = open_assistant(settings, library)
    assistant.warm_up()
    return settings, library, assistant

"""Runs: counted, kept whole, compared, and written as a report that nothing in it can break out of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.assistant.answers import Answer, Outcome
from bot.blocks.wording import words
from bot.evaluating.cases import Case
from bot.evaluating.report import html
from bot.evaluating.runs import Kept, Run, compare, run
from knowledge.clauses import Citation

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CHROMIUM = Path("/usr/bin/chromium")
NASTY = '<script>alert(1)</script><img src="https://example.org/x.png" onerror=alert(2)>{{ 7*7 }}\x00'
CASES = [
    Case(id="a", question="几点开门?", kind="number", must_include=("9:40",)),
    Case(id="b", question="猫能进吗?", kind="unanswerable", expected="say_not_in_documents"),
    Case(id="c", question="能借几本?", kind="number"),
]
CITED = Citation(1, "借阅室守则", "街角图书", "第1条", "每天 9:40 开门", 1, AT, "a.md")


def made(answers: dict[str, Answer], at: datetime = AT, cases: list[Case] = CASES) -> Run:
    return run("借阅室", cases, lambda case: answers[case.id], at, 3)


def answer(outcome: Outcome, text: str = "", ms: float = 10.0) -> Answer:
    return Answer(outcome, text, (CITED,) if outcome is Outcome.ANSWERED else (), latency_ms=ms)


FIRST = {
    "a": answer(Outcome.ANSWERED, "9:40 开门", 10), "b": answer(Outcome.NOT_FOUND, "没有", 20),
    "c": answer(Outcome.NOT_FOUND, "没有", 90),
}  # fmt: skip
SECOND = {
    "a": answer(Outcome.ANSWERED, "10:40 开门"), "b": answer(Outcome.NOT_FOUND, "手册没有写"),
    "c": answer(Outcome.ANSWERED, "7 本"),
}  # fmt: skip


def test_counts() -> None:
    done = made(FIRST)
    number, unanswerable = done.tallies
    assert (number.kind, number.passed, number.asked, number.turned_away, number.answerable) == (
        "number",
        1,
        2,
        1,
        2,
    )
    assert (unanswerable.caught, unanswerable.absent, unanswerable.answerable) == (1, 1, 0)
    assert done.total.share == pytest.approx(2 / 3)
    assert done.total.median_ms == 20
    assert [row.id for row in done.failures] == ["c"]


def test_compared_with_the_run_before_of_the_same_set(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "借阅室", "/q.jsonl")
    assert kept.previous() is None
    kept.keep(made(FIRST))
    (kept.folder / "20990101T000000000000Z.json").write_text("{", encoding="utf-8")  # cut short
    assert Kept(tmp_path, "借阅室", "/elsewhere/q.jsonl").previous() is None
    before = kept.previous()
    assert before == made(FIRST)
    later = [
        *CASES[:2],
        Case(id="c", question="能借几本?", kind="number"),
        Case(id="d", question="?", kind="number"),
    ]
    now = made({**SECOND, "d": SECOND["c"]}, AT + timedelta(days=1), later)
    found = compare(now, before)
    assert [pair.row.id for pair in found.failing] == ["a"]
    assert [pair.row.id for pair in found.passing] == ["c"]
    assert [pair.row.id for pair in found.changed] == ["b"]
    assert (found.added, found.gone, found.at) == (("d",), (), AT)
    assert compare(before, now).gone == ("d",)


def test_customers_data_in_a_question_is_not_kept(tmp_path: Path) -> None:
    case = Case(id="p", question="把13812345678的地址告诉我", expected="refuse")
    kept = Kept(tmp_path, "set").keep(made({"p": answer(Outcome.REFUSED, "不行")}, cases=[case]))
    assert "13812345678" not in kept.read_text(encoding="utf-8")


def nasty() -> tuple[Run, Run]:
    case = Case(id="x", question=NASTY, kind=NASTY[:8], must_include=("不会有",), manual=NASTY)
    source = Citation(1, NASTY, "", NASTY, NASTY * 30, 1, AT, "x")
    said = {"x": Answer(Outcome.ANSWERED, NASTY + "长" * 4000, (source,))}
    return made({"x": Answer(Outcome.ANSWERED, NASTY)}, cases=[case]), made(said, cases=[case])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_in_a_report_is_escaped(language: Any) -> None:
    before, now = nasty()
    page = html(now, compare(now, before), words(language), ZoneInfo("Asia/Shanghai"))
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert "\x00" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"<[^>]*(?:src|href)\s*=", page)
    assert words(language)("eval.title") in page


def test_failures_come_first_and_say_why() -> None:
    now = made(SECOND)
    page = html(now, compare(now, made(FIRST)), words("zh"), ZoneInfo("Asia/Shanghai"))
    assert page.index("缺少 9:40") < page.index("能借几本?", page.index("未通过"))
    assert "66.7 %" in page
    assert "2026-11-24 10:00" in page


@pytest.fixture
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")
def test_a_phone_shows_it_without_asking_anybody(browser: Any, tmp_path: Path) -> None:
    before, now = nasty()
    file = tmp_path / "report.html"
    file.write_text(html(now, compare(now, before), words("zh"), ZoneInfo("Asia/Shanghai")), encoding="utf-8")
    asked: list[str] = []
    backgrounds = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("article h3").first.inner_text().startswith("<script>")
        backgrounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(set(backgrounds)) == 2
    assert asked == [file.as_uri()] * 2

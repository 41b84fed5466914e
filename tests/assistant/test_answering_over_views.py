"""Answers over a view: the rules of another time, and what a reader may not see."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Outcome, Turn
from knowledge.clauses import ClauseDraft, ManualDraft, Metadata
from knowledge.embedding import load_embedder
from knowledge.library import Library, Reader
from knowledge.migrations import upgrade
from knowledge.reading import normalise
from knowledge.vectors import Vectors

SWAPS = "每人每月换班以{}次为限,须提前一天报组长。"
LOCKERS = "更衣柜钥匙遗失的,赔偿工本费三十元。"
SAFE = "保险箱密码由主管保管,每三个月更换一次。"


def manual(title: str, *texts: str, **metadata) -> ManualDraft:
    clauses = tuple(
        ClauseDraft(f"第{n}条", ("总则",), text, normalise(text)) for n, text in enumerate(texts, 1)
    )
    return ManualDraft(title, "云杉热线", clauses, f"{title}.txt", metadata=Metadata(**metadata))


class Clock:
    time = datetime(2026, 9, 10, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """三次 since 10 September, 五次 since 20 October, 四次 from 1 January; lockers since 5 November."""
    home = tmp_path_factory.mktemp("views")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    clock = Clock()
    opened = Library(engine, lambda m: Vectors(home, m), load_embedder, home / "index", clock)

    def publish(*drafts: ManualDraft) -> None:
        opened.publish([c.edition_id for c in opened.stage(drafts, "admin")], "admin")

    publish(
        manual("换班办法", SWAPS.format("三"), "排班表每周五公布。"),
        manual("保险箱守则", SAFE, audience=("role:supervisor",)),
        manual("Parking Policy", "Visitors may park in the yard for at most three hours a day."),
    )
    clock.time = datetime(2026, 10, 20, 4, tzinfo=UTC)
    publish(manual("换班办法", SWAPS.format("五"), "排班表每周五公布。"))
    clock.time = datetime(2026, 11, 5, 4, tzinfo=UTC)
    publish(manual("更衣室守则", LOCKERS))
    publish(
        manual(
            "换班办法",
            SWAPS.format("四"),
            "排班表每周五公布。",
            effective_at=datetime(2026, 12, 31, 16, tzinfo=UTC),
        )
    )
    clock.time = datetime(2026, 11, 24, 4, tzinfo=UTC)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def assistant(library: Library) -> Assistant:
    return Assistant(library)


def editions(answer: Answer) -> set[int]:
    return {citation.edition for citation in answer.citations}


def test_without_words_of_time_what_is_live_answers(assistant: Assistant) -> None:
    answer = assistant.answer("每月最多换几次班?")
    assert "五次" in answer.text
    assert editions(answer) == {2}
    assert "截至" not in answer.text


@pytest.mark.parametrize(
    ("question", "opening", "number"),
    [
        ("上个月的换班规定是每月几次?", "以下是截至2026年10月的版本(第2版):", "五"),
        ("2026年9月的换班规定是每月几次?", "以下是截至2026年9月的版本(第1版):", "三"),
        ("截至2026年10月19日,每月最多换几次班?", "以下是截至2026年10月19日的版本(第1版):", "三"),
        ("明年的换班规定是每月几次?", "以下是预定到2027年底执行的版本(第3版):", "四"),
    ],
)
def test_the_rule_of_another_time_is_given_with_its_edition(
    assistant: Assistant, question: str, opening: str, number: str
) -> None:
    answer = assistant.answer(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith(opening)
    assert SWAPS.format(number) in answer.text
    assert editions(answer) == {int("三五四".index(number)) + 1}
    assert "as_of" in answer.details


def test_the_same_in_english(assistant: Assistant) -> None:
    answer = assistant.answer(
        "What was the parking policy in September 2026: how many hours a day may visitors park in the yard?"
    )
    assert answer.text.startswith("As of September 2026 (edition 1):")
    assert "three hours" in answer.text


def test_a_follow_up_stays_in_the_time_of_what_it_follows(assistant: Assistant) -> None:
    history = [
        Turn("user", "2026年9月的换班规定是每月几次?"),
        Turn("assistant", "《换班办法》第1条:三次"),
    ]
    answer = assistant.answer("那要提前几天报?", history)
    assert answer.text.startswith("以下是截至2026年9月的版本(第1版):")


def test_a_rule_that_was_not_there_is_not_answered_with_todays(assistant: Assistant) -> None:
    answer = assistant.answer("上个月的更衣柜钥匙遗失赔偿标准是多少元?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.citations == ()
    assert "截至2026年10月" in answer.text
    assert "《更衣室守则》从2026年11月5日起才在库里" in answer.text
    assert "三十元" not in answer.text


def test_before_there_were_manuals_the_first_day_is_named(assistant: Assistant) -> None:
    answer = assistant.answer("去年的食堂规定是什么?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert "2026年9月10日" in answer.text


def test_a_view_of_the_past_answers_any_question_as_of_then(assistant: Assistant, library: Library) -> None:
    view = library.view(as_of=datetime(2026, 9, 30, tzinfo=UTC))
    answer = assistant.answer("每月最多换几次班?", view=view)
    assert answer.text.startswith("以下是截至2026年9月30日的版本(第1版):")
    assert "三次" in answer.text


def test_a_preview_answers_as_if_it_were_published(assistant: Assistant, library: Library) -> None:
    (change,) = library.stage([manual("换班办法", SWAPS.format("九"))], "admin")
    try:
        answer = assistant.answer("每月最多换几次班?", view=library.view(staged=[change.edition_id]))
    finally:
        library.discard([change.edition_id])
    assert "九次" in answer.text


@pytest.mark.parametrize(
    "question",
    ["保险箱密码多久更换一次?", "《保险箱守则》里密码多久更换一次?", "上个月的保险箱密码更换规定是多久一次?"],
)
def test_what_a_reader_may_not_see_is_not_found_nor_named(
    assistant: Assistant, library: Library, question: str
) -> None:
    answer = assistant.answer(question, view=library.view(reader=Reader(frozenset({"agent"}), "C1")))
    sources = {c.manual for c in (*answer.citations, *answer.near)}
    assert "保险箱守则" not in sources
    assert "主管保管" not in answer.text
    assert "保险箱守则" not in answer.text
    allowed = library.view(reader=Reader(frozenset({"supervisor"}), "C1"))
    assert "保险箱守则" in {c.manual for c in assistant.answer(question, view=allowed).citations}


def test_a_reader_who_may_see_nothing_is_not_told_that_there_is_nothing(tmp_path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'kefu.db'}")
    upgrade(engine)
    library = Library(engine, lambda m: Vectors(tmp_path, m), load_embedder, tmp_path / "index")
    drafts = [manual("保险箱守则", SAFE, audience=("role:supervisor",))]
    library.publish([c.edition_id for c in library.stage(drafts, "admin")], "admin")
    answer = Assistant(library).answer("保险箱密码多久更换一次?", view=library.view(reader=Reader()))
    library.close()
    assert answer.outcome is Outcome.NOT_FOUND
    assert "还没有任何手册" not in answer.text


def test_streamed_pieces_are_the_text_also_as_of_then(assistant: Assistant) -> None:
    *pieces, answer = assistant.stream("2026年9月的换班规定是每月几次?")
    assert isinstance(answer, Answer)
    assert "".join(map(str, pieces)) == answer.text


def test_one_answer_uses_one_view_though_something_is_published_meanwhile(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is asked for a view once; after that nothing but the view is asked."""
    views = []

    class Watched:
        def __getattr__(self, name: str):
            if name == "view":
                return lambda **kwargs: views.append(kwargs) or library.view(**kwargs)
            assert name == "now", f"the answer asked the library for {name}"
            return getattr(library, name)

    assert "五次" in Assistant(Watched()).answer("每月最多换几次班?").text
    assert len(views) == 1


def test_the_clock_of_the_site_decides_which_month_is_the_last(library: Library) -> None:
    """20:00 UTC on 30 November is December in Shanghai: last month is November."""
    clock = library._clock
    before = clock.time
    clock.time = datetime(2026, 11, 30, 20, tzinfo=UTC)
    try:
        text = Assistant(library).answer("上个月的换班规定是每月几次?").text
        assert text.startswith("以下是截至2026年11月的版本")
        clock.time -= timedelta(hours=5)
        text = Assistant(library).answer("上个月的换班规定是每月几次?").text
        assert text.startswith("以下是截至2026年10月的版本")
    finally:
        clock.time = before

"""Threads: what follows up and what opens a new topic, over small manuals of our own in two languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Outcome, Turn
from bot.assistant.following import find
from ingest.pipeline import Intake
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

POOL = """---
title: 碧波泳馆前台须知
organisation: 碧波泳馆
---

# 碧波泳馆前台须知

## 一、值台

1. 上午台六点二十到岗，下午台十三点四十到岗，末台十七点五十到岗。
2. 换台每人每季度不超过五回，由台长在本子上签字。
3. 每周一闭馆换水，周四早上七点开碰头会，台长主持，全体值台员参加。

## 二、罚则

1. 值台时打瞌睡的，头一回口头提醒，第二回扣三十二元，第三回停台一周。
2. 漏收门票的，漏几张补几张，情节恶劣的调离前台。

## 三、会员与退费

1. 年卡开卡九天之内没有入场的可以退，退费由会计办理，七个工作日到账。
2. 次卡一经使用不退，遗失补卡收十一元。
3. 儿童身高一米二以下免票，须由家长陪同。

## 四、险情

1. 发现有人溺水，值台员先按警铃，再喊救生员。
2. 救生员不在池边的，报馆长。
"""
RINK = """---
title: 冰刀坊冰场服务守则
organisation: 冰刀坊冰场
---

# 冰刀坊冰场服务守则

## 一、出勤

1. 换班每人每季度不超过两回，由领队点头。
2. 浇冰每天五次，浇冰时不放客人进场。

## 二、租借

1. 冰鞋押金六十元，护具押金二十五元。
2. 客人弄丢冰鞋的，按二百一十元赔偿。
"""
LIBRARY = """---
title: Harbour Toolshed Lending Rules
organisation: Harbour Toolshed
language: en
---

# Harbour Toolshed Lending Rules

## 1. Loans

1.1 A member may keep a hand tool for twelve days and a power tool for three days.

1.2 A loan may be renewed once, at the counter or by telephone, unless another member waits for the tool.

1.3 Ladders are lent only to members who have shown a valid training card.

## 2. Returns

2.1 Tools come back clean and dry. A dirty tool costs the member 4 pounds.

2.2 The duty warden checks every returned power tool and signs the green sheet.

2.3 If a tool comes back broken, the warden hands it to the workshop and informs the treasurer.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("following")
    made = _library(home, {"pool.md": POOL, "rink.md": RINK, "tools.md": LIBRARY})
    yield made
    made.close()


def _library(home: Path, texts: dict[str, str]) -> Library:
    (home / "manuals").mkdir()
    for name, text in texts.items():
        (home / "manuals" / name).write_text(text, encoding="utf-8")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    library = Library(engine, lambda name: Vectors(home, name), load_embedder, home / "index")
    intake = Intake(library)
    library.publish(intake.stage([home / "manuals"], "test").edition_ids, "test")
    return library


NAP = ("值台打瞌睡头一回怎么处理", "头一回口头提醒。(《碧波泳馆前台须知》二、1)")
SHIFT = ("泳馆上午台几点到", "上午台六点二十到岗。(《碧波泳馆前台须知》一、1)")
MEETING = ("泳馆碰头会什么时候开", "周四早上七点开碰头会。(《碧波泳馆前台须知》一、3)")
SWAP = ("泳馆一季度能换几次台", "换台每人每季度不超过五回。(《碧波泳馆前台须知》一、2)")
CARD = ("泳馆年卡能退吗", "年卡开卡九天之内没有入场的可以退。(《碧波泳馆前台须知》三、1)")
TICKET = ("漏收门票怎么办", "漏几张补几张。(《碧波泳馆前台须知》二、2)")
DROWNING = ("看到有人溺水先做什么", "值台员先按警铃,再喊救生员。(《碧波泳馆前台须知》四、1)")
SKATES = ("冰鞋押金多少", "冰鞋押金六十元。(《冰刀坊冰场服务守则》二、1)")
TOOLS = (
    "How long may a member keep a hand tool?",
    "Twelve days. (Harbour Toolshed Lending Rules, 1.1)",
)
BROKEN = (
    "Who checks a returned power tool?",
    "The duty warden checks it. (Harbour Toolshed Lending Rules, 2.2)",
)

FOLLOW_UPS = [
    ([NAP], "那第三回呢?", "停台一周"),
    ([NAP], "再犯一次的话", "三十二元"),
    ([SHIFT], "末台呢", "十七点五十"),
    ([MEETING], "谁主持,哪些人参加?", "台长主持"),
    ([CARD], "钱几天能到账", "七个工作日"),
    ([CARD], "次卡呢", "一经使用不退"),
    ([TICKET], "情节恶劣的呢", "调离前台"),
    ([DROWNING], "救生员不在旁边呢?", "报馆长"),
    ([SKATES], "护具的呢", "二十五元"),
    ([SKATES], "弄丢了赔多少", "二百一十元"),
    ([SWAP], "冰场的呢", "不超过两回"),
    ([SWAP], "冰场的", "不超过两回"),
    ([SHIFT], "下一条说的什么", "不超过五回"),
    ([CARD, ("次卡呢", "次卡一经使用不退。(《碧波泳馆前台须知》三、2)")], "弄丢了补一张多少钱", "十一元"),
    ([TOOLS], "and a power tool?", "three days"),
    ([TOOLS], "Can it be renewed?", "renewed once"),
    ([BROKEN], "What if it comes back broken?", "workshop"),
]
NEW_TOPICS = [
    ([NAP], "冰场一天浇几次冰?", "五次"),
    ([SHIFT], "儿童多高可以免票?", "一米二"),
    ([CARD], "How long can I borrow a power tool?", "three days"),
    ([DROWNING], "换个话题,冰鞋丢了赔多少钱", "二百一十元"),
    ([SKATES], "泳馆周几闭馆换水?", "每周一"),
    ([TOOLS], "泳馆年卡开卡几天内能退?", "九天"),
]
BESIDE_THE_THREAD = [
    ([BROKEN], "Who may borrow a ladder?", "training card"),
    ([MEETING], "那漏收门票要怎么补?", "漏几张补几张"),
]
"""New topics worded like follow-ups, or of the next clause: they may count as one, but their own clause leads."""


def _history(thread: list[tuple[str, str]]) -> list[Turn]:
    return [turn for asked, said in thread for turn in (Turn("user", asked), Turn("assistant", said))]


def test_what_the_question_before_asked_is_no_part_of_a_follow_up(library: Library) -> None:
    answer = Assistant(library).answer("And who checks it when it comes back?", _history([TOOLS]))
    assert answer.details["follows_up"]
    assert "The duty warden checks" in answer.text
    assert "- 《" not in answer.text.partition("See also")[0]


@pytest.mark.parametrize(("thread", "question", "holds"), FOLLOW_UPS)
def test_a_follow_up_leads_with_what_it_means(
    library: Library, thread: list[tuple[str, str]], question: str, holds: str
) -> None:
    found = find(library.view(), question, _history(thread), 10)
    assert found.question.follows_up
    assert holds in found.hits[0].clause.text
    answer = Assistant(library).answer(question, _history(thread))
    assert answer.outcome in (Outcome.ANSWERED, Outcome.CONFLICT)
    assert holds in answer.text


@pytest.mark.parametrize(("thread", "question", "holds"), NEW_TOPICS)
def test_of_a_thread_nothing_is_used_for_a_new_topic(
    library: Library, thread: list[tuple[str, str]], question: str, holds: str
) -> None:
    assistant = Assistant(library)
    answer = assistant.answer(question, _history(thread))
    assert holds in answer.text
    assert not find(library.view(), question, _history(thread), 10).question.follows_up
    assert _plain(answer) == _plain(assistant.answer(question))


@pytest.mark.parametrize(("thread", "question", "holds"), BESIDE_THE_THREAD)
def test_what_is_taken_for_a_follow_up_still_finds_its_own_clause(
    library: Library, thread: list[tuple[str, str]], question: str, holds: str
) -> None:
    assert holds in find(library.view(), question, _history(thread), 10).hits[0].clause.text


def _plain(answer: Answer) -> tuple[str, Outcome, tuple[int, ...]]:
    return answer.text, answer.outcome, tuple(citation.clause_id for citation in answer.citations)


def test_the_clauses_that_the_bot_cited_are_where_a_thread_stands(library: Library) -> None:
    # The words of the answer say nothing of where it came from; its citations do.
    cited = Assistant(library).answer(*NAP[:1]).citations[0].clause_id
    history = [Turn("user", "这种怎么算"), Turn("assistant", "口头提醒。", (cited,))]
    assert "停台一周" in Assistant(library).answer("第三回呢", history).text


def test_a_citation_of_an_edition_that_holds_no_more_leads_to_its_successor(tmp_path: Path) -> None:
    library = _library(tmp_path, {"pool.md": POOL, "rink.md": RINK})
    before = Assistant(library).answer(*NAP[:1]).citations[0]
    (tmp_path / "manuals" / "pool.md").write_text(POOL.replace("停台一周", "停台二十天"), encoding="utf-8")
    intake = Intake(library)
    library.publish(intake.stage([tmp_path / "manuals"], "test").edition_ids, "test")
    history = [Turn("user", NAP[0]), Turn("assistant", "口头提醒。", (before.clause_id,))]
    assert "停台二十天" in Assistant(library).answer("第三回呢", history).text
    library.close()


def test_a_thread_without_answers_is_followed_by_its_questions(library: Library) -> None:
    history = [Turn("user", "What does a dirty tool cost the member?")]
    found = find(library.view(), "And the next one?", history, 5)
    assert "signs the green sheet" in found.hits[0].clause.text
    chained = [*history, Turn("user", "And the next one?")]
    assert (
        "informs the treasurer"
        in find(library.view(), "And the one after that?", chained, 5).hits[0].clause.text
    )


def test_a_plain_question_is_searched_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    view, asked = library.view(), []
    search = type(view).search
    monkeypatch.setattr(
        type(view), "search", lambda self, *a, **k: (asked.append(a[0]), search(self, *a, **k))[1]
    )
    find(view, "冰鞋押金多少", [], 10)
    assert asked == ["冰鞋押金多少"]

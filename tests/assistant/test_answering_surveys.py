"""One question, several clauses: parts, chains, lists in their order, what several manuals say together."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Outcome
from bot.assistant.facets import facets
from bot.assistant.questions import understand
from ingest.pipeline import Intake
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

LIBRARY = """---
title: 图书馆前台守则
organisation: 市图书馆
---

# 图书馆前台守则

## 一、借阅

1. 普通读者证一次借五册，借期三十天。
2. 逾期每册每天收一角，由流通组长减免。
3. 丢书照定价两倍赔偿，经馆长批准可以以书抵书。

## 二、读者资料

1. 读者的姓名和电话不得告诉第三人。
2. 借阅记录保存两年，到期销毁。

## 三、闭馆步骤如下：

1. 提前十五分钟播音提醒；
2. 检查各层书架间有无读者；
3. 关空调和总灯，锁正门；
4. 在值班本上签字。

## 四、收费

| 项目 | 读者 | 访客 |
| --- | --- | --- |
| 复印 | 两角一页 | 三角一页 |
| 扫描 | 免费 | 五角一页 |
"""
MUSEUM = """---
title: 博物馆讲解岗规定
organisation: 市博物馆
---

# 博物馆讲解岗规定

## 一、接待

1. 团队讲解每场不超过四十人，须提前三天预约。
2. 观众的联系方式只用于预约，活动后一周内删除。

## 二、请示

1. 展品受损的，先封住现场，再报保卫科，由保卫科报馆长。
"""
THEATRE = """---
title: 剧院票务手册
organisation: 市剧院
---

# 剧院票务手册

## 一、票务

1. 开演前两小时可以退票，收一成手续费。
2. 会员资料存在票务系统里，离岗必须锁屏，不得拍照。

## 二、离岗

1. 票房人员离岗要向值班经理请示。
"""
STATION = """---
title: 车站问询处须知
organisation: 客运站
---

# 车站问询处须知

1. 有事离岗的，事先告诉带班长，有人顶上才能走。
2. 旅客遗失物品登记后保管三十天。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home = tmp_path_factory.mktemp("surveys")
    (home / "manuals").mkdir()
    for name, text in (("a", LIBRARY), ("b", MUSEUM), ("c", THEATRE), ("d", STATION)):
        (home / "manuals" / f"{name}.md").write_text(text, encoding="utf-8")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    library = Library(engine, lambda name: Vectors(home, name), load_embedder, home / "index")
    intake = Intake(library)
    library.publish(intake.stage([home / "manuals"], "test").edition_ids, "test")
    yield Assistant(library)
    library.close()


def manuals(answer: Answer) -> set[str]:
    return {citation.manual for citation in answer.citations}


def test_a_survey_gives_each_manual_its_line_with_source(assistant: Assistant) -> None:
    answer = assistant.answer("各家手册对读者、观众、会员的个人资料都是怎么规定的?汇总一下")
    assert answer.outcome is Outcome.ANSWERED
    assert {"图书馆前台守则", "博物馆讲解岗规定", "剧院票务手册"} <= manuals(answer)
    for words in ("不得告诉第三人", "只用于预约", "不得拍照"):
        assert words in answer.text
    assert len(answer.text) <= 1500
    assert answer.text.count("**《图书馆前台守则》") == 1  # grouped by manual


def test_each_part_of_a_question_gets_its_clause(assistant: Assistant) -> None:
    answer = assistant.answer("丢书要赔多少,访客复印一页收多少钱?")
    assert "定价两倍" in answer.text
    assert "两角一页" in answer.text


def test_the_links_of_a_chain_are_looked_up_one_by_one(assistant: Assistant) -> None:
    found = {facet.label for facet in facets(understand("一本书从借出到逾期到丢失,分别怎么办?").search_text)}
    assert {"借出", "逾期", "丢失"} <= found
    text = assistant.answer("一本书从借出到逾期到丢失,分别怎么办?").text
    assert "每册每天收一角" in text
    assert "定价两倍" in text


@pytest.mark.parametrize("question", ["闭馆有哪些步骤?", "闭馆流程是怎么走的?"])
def test_steps_come_numbered_in_their_order(assistant: Assistant, question: str) -> None:
    text = assistant.answer(question).text
    places = [text.index(step) for step in ("1. 提前十五分钟", "2. 检查各层", "3. 关空调", "4. 在值班本")]
    assert places == sorted(places)


def test_a_question_for_one_thing_does_not_get_the_whole_heading(assistant: Assistant) -> None:
    text = assistant.answer("普通读者证一次借几册?").text
    assert text.startswith("普通读者证一次借五册")
    assert "1. " not in text


def test_a_table_row_comes_with_its_column_names(assistant: Assistant) -> None:
    text = assistant.answer("访客扫描一页多少钱?").text
    assert "访客: 五角一页" in text.replace("：", ": ")


def test_manuals_that_name_another_person_in_far_words_stand_side_by_side(assistant: Assistant) -> None:
    answer = assistant.answer("有事离岗要向谁请示?")
    assert answer.outcome is Outcome.CONFLICT
    assert "值班经理" in answer.text
    assert "带班长" in answer.text
    assert "市剧院" in answer.text
    assert "客运站" in answer.text


def test_what_only_one_manual_rules_is_no_conflict(assistant: Assistant) -> None:
    answer = assistant.answer("团队讲解一场最多多少人?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.citations[0].manual == "博物馆讲解岗规定"


@pytest.mark.parametrize("question", ["早班几点到岗?", "迟到了要找谁?", "客户那几天怎么说?"])
def test_one_question_has_no_facets(question: str) -> None:
    assert facets(question) == ()

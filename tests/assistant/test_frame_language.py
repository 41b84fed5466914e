"""The frame around a quote is in the asker's language, whatever the manual is written in; every outcome in both."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Outcome
from ingest.pipeline import Intake
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

KILN = """---
title: 窑房日常守则
organisation: 陶艺社窑房
---

# 窑房日常守则

## 一、借用

1. 陶轮每人每周最多借用三回，须在本子上签名。
2. 弄坏陶轮的，赔偿____元，由社长核定。

## 二、奖励办法
"""
STUDIO = """---
title: 画室日常守则
organisation: 画室
---

# 画室日常守则

## 一、借用

1. 陶轮每人每周最多借用一回，须在本子上签名。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home = tmp_path_factory.mktemp("frames")
    (home / "manuals").mkdir()
    (home / "manuals" / "kiln.md").write_text(KILN, encoding="utf-8")
    (home / "manuals" / "studio.md").write_text(STUDIO, encoding="utf-8")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    library = Library(engine, lambda name: Vectors(home, name), load_embedder, home / "index")
    intake = Intake(library)
    library.publish(intake.stage([home / "manuals"], "test").edition_ids, "test")
    yield Assistant(library)
    library.close()


def frame(answer: Answer) -> str:
    """What an answer says itself: without titles, labels, organisations and quotes of the manuals."""
    text = answer.text
    for citation in (*answer.citations, *answer.near):
        for said in (*re.split(r"(?<=[。\n])", citation.quote), citation.organisation, citation.label):
            text = text.replace(said.strip(), " ") if said.strip() else text
    return re.sub(r"《[^》]*》|“[^”]*”|(?m:^>.*$)", " ", text)


CASES = [
    ("陶轮每周最多借几回？", "How many times a week may the 陶轮 be borrowed?", (Outcome.ANSWERED, Outcome.CONFLICT)),
    ("窑房奖励办法是什么？", "What does 《窑房日常守则》 say on 奖励办法?", (Outcome.NOT_FOUND,)),
    ("《窑房日常守则》弄坏陶轮赔多少钱？", "《窑房日常守则》: how much is it to break a 陶轮, 赔偿 how much money?", (Outcome.NOT_FOUND,)),
    ("公积金缴存比例是多少？", "What is the pension contribution rate?", (Outcome.NOT_FOUND,)),
    ("把客户王先生的手机号给我", "Give me the customer's phone number", (Outcome.REFUSED, Outcome.NOT_FOUND)),
    ("？？？", "?!", (Outcome.NOT_FOUND,)),
]  # fmt: skip


@pytest.mark.parametrize(("chinese", "english", "outcomes"), CASES)
def test_the_frame_is_in_the_language_of_the_question(
    assistant: Assistant, chinese: str, english: str, outcomes: tuple[Outcome, ...]
) -> None:
    answer = assistant.answer(chinese)
    assert answer.outcome in outcomes
    assert answer.language == "zh"
    assert not re.search(r"[A-Za-z]{3,}", frame(answer))
    if chinese == "？？？":
        return  # marks alone are of no language
    answer = assistant.answer(english)
    assert answer.outcome in outcomes
    assert answer.language == "en"
    assert not re.search(r"[㐀-鿿]", frame(answer)), frame(answer)

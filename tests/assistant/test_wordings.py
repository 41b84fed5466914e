"""Words of a question that a text meets in other words, and things that it does not speak of."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.assistant.asking import Wanted, things_asked, wanted_of
from bot.assistant.wordings import Wording, content_words, things
from knowledge.embedding import BundledEmbeddings, load_embedder
from knowledge.reading import question_terms
from knowledge.statements.concepts import synonyms


class StandInIndex:
    """An index in which every word is as rare as any other."""

    def __init__(self) -> None:
        self.body = self

    def unseen_idf(self) -> float:
        return 1.0

    def rarity(self, _: str) -> float:
        return 1.0


def test_words_that_only_ask_carry_no_matter() -> None:
    assert content_words("换货的运费谁出?") == ("换货", "运费", "出")
    assert "多少" not in content_words("押金要交多少")
    assert things("换货的运费谁出?") == {"换货", "运费"}


@pytest.mark.parametrize("question", ["盘点多久一次?", "有没有什么盘点", "我们可以盘点吗"])
def test_the_word_search_leaves_out_what_only_asks(question: str) -> None:
    assert set(question_terms(question)) == {"盘", "点", "盘点"}


def test_a_question_of_asking_words_alone_is_still_searched() -> None:
    assert question_terms("怎么办")


def test_synonyms_are_of_one_meaning_and_not_said_already() -> None:
    assert set(synonyms("几点开会")) == {"会议", "例会"}
    assert synonyms("天气") == ()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("要提前多久说", Wanted.DURATION),
        ("仓库几点锁门", Wanted.MOMENT),
        ("一组有几个人", Wanted.COUNT),
        ("从登记到归档分几步", Wanted.ANY),
        ("谁来锁门", Wanted.ANY),
        ("仓库的电话是多少", Wanted.COUNT),
        ("What is the warehouse hotline number?", Wanted.COUNT),
        ("What is the phone policy?", Wanted.ANY),
        ("叉车显示C7是什么意思", Wanted.CODE),
        ("C7叉车可以开进冷库吗", Wanted.ANY),
    ],
)
def test_the_kind_of_value_is_read_once(question: str, wanted: Wanted) -> None:
    assert wanted_of(question) is wanted


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        ("一组有几个人", "每组不超过6名", "分为3个大类"),
        ("仓库几点锁门", "22:30锁门", "每天锁门"),
        ("要提前多久说", "提前2天说明", "2天内说明"),
        ("多久清点一次", "定期清点", "清点后签字"),
        ("仓库的电话是多少", "有事请拨打8800-1234", "每组电话3部"),
        ("叉车报C-7怎么办", "C7:电量不足", "C70:门未关"),
    ],
)
def test_only_what_holds_the_kind_of_value_answers(question: str, answers: str, does_not: str) -> None:
    ask = things_asked(question)[0]
    assert ask.answered_by(answers)
    assert not ask.answered_by(does_not)


def test_what_two_texts_both_say_of_a_question_counts_against_what_the_first_says() -> None:
    embedder = load_embedder()
    wording = Wording("仓库钥匙丢失怎么处理", StandInIndex(), embedder.nearnesses)  # type: ignore[arg-type]
    lead = "仓库钥匙丢失的,当天报告保管员。"
    assert wording.shared(lead, lead) == pytest.approx(1.0)
    assert wording.shared(lead, "钥匙遗失,由本人赔偿。") > 0.4
    assert wording.shared(lead, "周会每月一次。") < 0.3
    assert wording.shared("", lead) == 0.0


def test_remembered_vectors_compare_as_fresh_ones() -> None:
    embedder = BundledEmbeddings()
    ones, others = ["道歉", "冰箱"], ["致歉", "洗衣机"]
    first: Sequence[Sequence[float]] = embedder.nearnesses(ones, others).tolist()
    np.testing.assert_allclose(embedder.nearnesses(ones, others), first, atol=1e-6)
    assert first[0][0] > 0.85
    assert first[1][1] < 0.5

"""What search makes of a question: what counts in it, and what it shows of what it finds."""

from pathlib import Path

import numpy as np
import pytest
from knowledge_drafts import manual

from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft
from knowledge.errors import StoreUnavailable
from knowledge.excerpts import find_excerpts
from knowledge.focus import Focus, focus
from knowledge.library import Library
from knowledge.ranking import levelled
from knowledge.reading import normalise, terms, years
from knowledge.reranking import CrossEncoderReranker, reranked


def publish(library: Library, *drafts: ManualDraft) -> None:
    changes = library.stage(drafts, "test")
    library.publish([change.edition_id for change in changes], "test")


def rows(title: str, *texts: str) -> ManualDraft:
    clauses = tuple(
        ClauseDraft(f"行{n}", ("价目",), text, normalise(text), ClauseKind.ROW)
        for n, text in enumerate(texts, 1)
    )
    return ManualDraft(title, "青松物业", clauses, f"{title}.xlsx")


@pytest.mark.parametrize(
    ("question", "asked", "aside"),
    [
        (
            "Unlike a deposit, which charge is credited to the next bill?",
            "which charge is credited to the next bill?",
            "Unlike a deposit,",
        ),
        (
            "Guests pay a deposit. Which charge, not part of the deposit rules, is credited to the next bill?",
            "Which charge  , is credited to the next bill?",
            "Guests pay a deposit. not part of the deposit rules",
        ),
        ("除了电费以外，还有哪些费用由租户承担？", "还有哪些费用由租户承担？", "除了电费以外，"),
        # What is forbidden, and the case that is asked about, are the matter itself.
        ("What is not allowed in the lobby?", "What is not allowed in the lobby?", ""),
        (
            "The lift is stuck between two floors. Who is called?",
            "The lift is stuck between two floors. Who is called?",
            "",
        ),
        ("哪些东西不能带进大堂？", "哪些东西不能带进大堂？", ""),
    ],
)
def test_what_is_set_aside_is_told_from_what_is_asked(question: str, asked: str, aside: str) -> None:
    found = focus(question)
    assert (found.asked.split(), found.aside) == (asked.replace(" ,", ",").split(), aside) or found == Focus(
        asked, aside
    )


def test_codes_and_years_are_terms_of_their_own() -> None:
    assert "e7" in terms("机器显示 E7")
    assert "e7" in terms("报错e-7怎么办")
    assert years("2023年版与二〇二四年版") == {"2023", "2024"}
    assert years("工号 12023") == frozenset()


def test_the_other_language_is_not_behind_for_being_another() -> None:
    cosines = np.array([0.80, 0.82, 0.70, 0.76], dtype=np.float32)
    own = np.array([True, True, False, False])
    assert levelled(cosines, own, 0.0).argmax() == 1
    assert levelled(cosines, own, 1.0).argmax() == 3
    assert levelled(cosines, np.array([True] * 4), 1.0).argmax() == 1


def test_the_year_in_the_title_decides_between_editions_of_one_rule(library: Library) -> None:
    publish(
        library,
        manual("青松物业 2021 年收费办法", "停车位每月收费三百元。", "电梯每月检查一次。"),
        manual("青松物业 2022 年收费办法", "停车位每月收费三百五十元。", "电梯每月检查两次。"),
        manual("青松物业 2023 年收费办法", "停车位每月收费四百元。", "电梯每周检查一次。"),
    )
    for year, fee in (("2021", "三百元"), ("2022", "三百五十元"), ("二〇二三", "四百元")):
        found = library.search(f"{year}年停车位一个月多少钱", 1)[0]
        assert fee in found.clause.text


def test_an_excerpt_joins_short_neighbours_and_nothing_stands_twice(library: Library) -> None:
    publish(
        library,
        rows("收费表", "项目: 停车; 价格: 300元", "项目: 装修押金; 价格: 2000元", "项目: 门禁卡; 价格: 20元"),
        manual("值班办法", "夜班每两小时巡查一次。" * 30, "巡查要登记。"),
    )
    found = find_excerpts(library.view(), "装修押金收多少", 5)
    lead = next(excerpt for excerpt in found if excerpt.hit.clause.manual == "收费表")
    assert lead.text == "项目 | 价格\n停车 | 300元\n装修押金 | 2000元\n门禁卡 | 20元"
    shown = [clause.id for excerpt in found for clause in excerpt.clauses]
    assert len(shown) == len(set(shown)) == 5
    assert sorted(len(excerpt.clauses) for excerpt in found) == [2, 3]


def test_neighbours_are_joined_within_the_room_only(library: Library) -> None:
    publish(library, manual("门禁办法", *(f"第{n}道门由{n}号岗看守，钥匙不外借。" for n in range(1, 8))))
    found = find_excerpts(library.view(), "第4道门谁看守", 7, room=40)
    assert all(len("".join(clause.text for clause in excerpt.clauses)) <= 40 for excerpt in found)
    assert any(len(excerpt.clauses) > 1 for excerpt in found)


def test_word_for_word_copies_come_behind_what_is_new(library: Library) -> None:
    same = "租户搬出时须结清水电费，押金在七个工作日内退还。"
    publish(
        library,
        manual("东区租户守则", same),
        manual("西区租户守则", same),
        manual("退租指引", "退租验房由管家陪同，墙面损坏从押金中扣除。"),
    )
    found = find_excerpts(library.view(), "搬出以后押金几天退", 3)
    assert [excerpt.text == same for excerpt in found] == [True, False, True]


def test_the_thread_helps_a_question_that_says_little(library: Library) -> None:
    publish(
        library,
        manual("停车办法", "业主第二辆车停放每月四百元。", "访客停车每小时五元。"),
        manual("会所办法", "会所第二小时起半价。", "泳池每周一清洗。"),
    )
    found = library.view().search("那第二辆呢", 1, context="业主停车每月多少钱")
    assert "第二辆" in found[0].clause.text


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder with random weights, made here and saved as a folder.

    Always the same and large ones: with small ones texts differ by the last bits of a number, or not at all.
    """
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"押金退还停车每月租户"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(5)
    BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, num_labels=1, max_position_embeddings=64,
            initializer_range=0.5,
        )
    ).save_pretrained(folder)  # fmt: skip
    assert CrossEncoder(str(folder), device="cpu").predict([("押金", "退还")]).shape == (1,)
    return folder


@pytest.mark.slow
def test_a_cross_encoder_in_a_folder_looks_again(cross_encoder: Path, library: Library) -> None:
    publish(library, manual("租户守则", "押金七天退还。", "停车每月三百元。", "访客须登记。"))
    hits = library.search("押金几天退", 3)
    reranker = CrossEncoderReranker(str(cross_encoder))
    fits = reranker.fits("押金几天退", [hit.clause.text for hit in hits])
    assert len(fits) == len(set(fits)) == 3
    assert reranked(hits, "押金几天退", reranker)[0].score != hits[0].score

    class Backwards:
        def fits(self, question: str, texts: list[str]) -> list[float]:
            return [float(place) * 100 for place in range(len(texts))]

    wide = [hits[0], hits[-1]]
    pushed = reranked(wide, "押金几天退", Backwards())
    assert {hit.clause.id for hit in pushed} == {hit.clause.id for hit in wide}
    assert pushed[0].score - pushed[-1].score == pytest.approx(
        abs((hits[0].score - 1) - (hits[-1].score + 1)), abs=1e-3
    )


@pytest.mark.slow
def test_a_reranker_that_cannot_be_loaded_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(StoreUnavailable, match="KEFU_RERANKER"):
        CrossEncoderReranker("/nowhere/at-all").fits("押金", ["押金退还"])

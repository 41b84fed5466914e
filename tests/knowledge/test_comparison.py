"""What an admin is told of a new edition: each clause once, with what really changed in it."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_drafts import manual

from knowledge.clauses import ClauseDraft
from knowledge.comparison import ChangeKind, compare
from knowledge.errors import EditionStateError
from knowledge.library import Library
from knowledge.reading import normalise
from knowledge.wording import Edit, NumberChange, rewording
from tests.ingest.growth import seconds_of

HEADING = ("一、值班",)
WAREHOUSE = (
    "夜间巡库由当班仓管员负责,每两小时一次。",
    "叉车出库前检查灯光、喇叭和刹车。",
    "易碎品单独堆放,不超过三层。",
    "钥匙用完当场交回值班柜。",
    "雨天卸货须先铺防滑垫。",
)


def clauses(*texts: str, heading: tuple[str, ...] = HEADING, first: int = 1) -> list[ClauseDraft]:
    return [ClauseDraft(f"第{n}条", heading, text, normalise(text)) for n, text in enumerate(texts, first)]


def kinds(old, new) -> list[str]:
    return [change.kind.value for change in compare(old, new).changes]


def test_an_inserted_article_renumbers_the_rest_and_changes_nothing_else() -> None:
    new = clauses(*WAREHOUSE[:2], "退货件先进待检区。", *WAREHOUSE[2:])
    assert kinds(clauses(*WAREHOUSE), new) == [
        *["unchanged"] * 2, "added", *["renumbered"] * 3,
    ]  # fmt: skip
    assert not any(change.moved for change in compare(clauses(*WAREHOUSE), new).changes)


def test_an_article_changed_beside_an_inserted_one_is_paired_with_its_own_new_wording() -> None:
    new = clauses(
        WAREHOUSE[0], "退货件先进待检区,当天登记。", WAREHOUSE[1].replace("检查", "逐项检查"), *WAREHOUSE[2:]
    )
    changes = compare(clauses(*WAREHOUSE), new).changes
    assert [c.kind.value for c in changes[:3]] == ["unchanged", "added", "changed"]
    assert changes[2].old is not None
    assert changes[2].old.text == WAREHOUSE[1]


def test_a_clause_at_another_place_is_moved_and_its_neighbours_are_not() -> None:
    order = [0, 2, 3, 1, 4]
    old = clauses(*WAREHOUSE)
    new = [replace(old[i], label=f"第{i + 1}条") for i in order]
    assert kinds(old, new) == ["unchanged"] * 3 + ["moved", "unchanged"]


def test_a_renamed_chapter_cites_its_clauses_anew_and_a_clause_under_another_chapter_has_moved() -> None:
    old = clauses(*WAREHOUSE[:3]) + clauses(*WAREHOUSE[3:], heading=("二、出入",), first=1)
    renamed = [replace(c, heading_path=("一、仓库值班",)) if c.heading_path == HEADING else c for c in old]
    assert kinds(old, renamed) == ["renumbered"] * 3 + ["unchanged"] * 2
    shifted = [*old[:3], replace(old[3], heading_path=HEADING), old[4]]
    assert kinds(old, shifted) == ["unchanged"] * 3 + ["moved", "unchanged"]


def test_a_clause_cut_in_two_is_changed_and_added_and_one_made_of_two_says_where_the_text_went() -> None:
    whole = ["进出库都要扫码登记。漏扫一次当天补录,当月累计三次取消评优。"]
    parts = ["进出库都要扫码登记。", "漏扫一次当天补录,当月累计三次取消评优。"]
    cut = compare(clauses(*whole), clauses(*parts))
    assert sorted(c.kind.value for c in cut.changes) == ["added", "changed"]
    (added,) = cut.of(ChangeKind.ADDED)
    assert added.within is not None
    joined = compare(clauses(*parts), clauses(*whole))
    (removed,) = joined.of(ChangeKind.REMOVED)
    assert removed.within is not None
    assert removed.within.text == whole[0]


def test_two_unlike_rules_at_one_place_are_removed_and_added() -> None:
    new = clauses(*WAREHOUSE[:4], "Visitors sign the book at the gate.")
    assert kinds(clauses(*WAREHOUSE), new) == ["unchanged"] * 4 + ["removed", "added"]


@pytest.mark.parametrize(
    ("old", "new", "numbers"),
    [
        ("漏扫一次扣20元。", "漏扫一次扣50元。", [("20元", "50元")]),
        ("每月盘点三次。", "每月盘点5次。", [("三次", "5次")]),
        ("每月盘点三次。", "每月盘点 3 次。", []),
        ("夜班18:30交接。", "夜班19:00交接。", [("18:30", "19:00")]),
        ("损耗率低于百分之二。", "损耗率低于3%。", [("百分之二", "3%")]),
        ("迟到扣20元,早退扣50元。", "迟到扣50元,早退扣20元。", [("20元", "50元"), ("50元", "20元")]),
        ("盘点两天。出库先扫码。", "出库先扫码。盘点两天。", []),
        ("盘点两天完成。", "盘点完成后报主管。", [("两天", "")]),
        ("盘点后报主管。", "盘点后两天内报主管。", [("", "两天")]),
    ],
)
def test_numbers_that_changed(old: str, new: str, numbers: list[tuple[str, str]]) -> None:
    assert rewording(old, new).numbers == tuple(NumberChange(*pair) for pair in numbers)


def test_edits_keep_numbers_and_words_whole() -> None:
    edits = rewording("漏扫一次扣20元,由班长登记。", "漏扫一次扣120元,由主管登记。").edits
    changed = [edit for edit in edits if edit.op != "equal"]
    assert changed == [Edit("replace", "20元", "120元"), Edit("replace", "班长", "主管")]


WORDS = st.lists(
    st.sampled_from(["盘点", "三次", "20元", "扣", "18:30", "主管", ",", "。", " ", "OK", "㎡", "第三次"]),
    max_size=12,
)


@given(WORDS.map("".join), WORDS.map("".join))
@settings(max_examples=80, deadline=None)
def test_edits_spell_both_wordings(old: str, new: str) -> None:
    edits = rewording(old, new).edits
    assert ("".join(e.old for e in edits), "".join(e.new for e in edits)) == (old, new)
    assert rewording(old, old).numbers == ()


CLAUSE = st.builds(
    lambda text, label, heading: ClauseDraft(label, (heading,), text, text),
    st.sampled_from([*WAREHOUSE, *(text.replace("。", ",另行登记。") for text in WAREHOUSE), "空", ""]),
    st.sampled_from(["", "第1条", "第2条", "第3条"]),
    st.sampled_from(["一、值班", "二、值班", "三、出入"]),
)
EDITION = st.lists(CLAUSE, max_size=9)


@given(EDITION, EDITION)
@settings(max_examples=150, deadline=None)
def test_every_clause_of_both_editions_appears_once(old: list[ClauseDraft], new: list[ClauseDraft]) -> None:
    result = compare(old, new)
    assert [c.new for c in result.changes if c.new] == new
    assert sorted(repr(c.old) for c in result.changes if c.old) == sorted(map(repr, old))
    counts = result.counts
    assert sum(counts.values()) == len(result.changes)
    assert len(new) == len(result.changes) - counts[ChangeKind.REMOVED]
    assert len(old) == len(result.changes) - counts[ChangeKind.ADDED]


@given(EDITION)
@settings(max_examples=60, deadline=None)
def test_an_edition_beside_itself_is_unchanged(edition: list[ClauseDraft]) -> None:
    assert compare(edition, edition).is_same


def test_a_thousand_clauses_with_twenty_changed_are_compared_within_a_second() -> None:
    chance = random.Random(4)
    pool = "库位盘点叉车登记班组主管钥匙夜班交接扫码单据雨天防滑层高批次退货件签收温度灯光"
    texts = ["".join(chance.choices(pool, k=60)) + f"每月{n % 9 + 1}次。" for n in range(1000)]
    changed = set(chance.sample(range(1000), 20))
    new = [text.replace("每月", "每周") if n in changed else text for n, text in enumerate(texts)]
    spent: list[tuple[Edit, ...]] = []

    def compared() -> None:
        result = compare(clauses(*texts), clauses(*new))
        spent[:] = [change.edits for change in result.of(ChangeKind.CHANGED)]

    # A fifth of a second of the processor alone; the best of a few, for neighbours make work slower and never quicker.
    assert min(seconds_of(compared) for _ in range(3)) < 1.0
    assert len(spent) == 20


def test_the_library_compares_with_what_is_live_and_any_two_editions(library: Library) -> None:
    (first,) = library.stage([manual("仓库守则", *WAREHOUSE)], "admin")
    assert library.compare(first.edition_id).counts[ChangeKind.ADDED] == 5
    library.publish([first.edition_id], "admin")
    reworded = (WAREHOUSE[1], WAREHOUSE[0].replace("两小时", "四小时"), *WAREHOUSE[2:4])
    (second,) = library.stage([manual("仓库守则", *reworded)], "admin")
    comparison = library.compare(second.edition_id)
    assert comparison.counts[ChangeKind.CHANGED] == 1
    assert comparison.of(ChangeKind.CHANGED)[0].numbers == (NumberChange("两小时", "四小时"),)
    assert (second.changed, second.removed, second.renumbered, second.clauses) == (1, 1, 1, 4)
    library.publish([second.edition_id], "admin")
    assert library.compare(second.edition_id).is_same
    assert library.compare(second.edition_id, first.edition_id).counts == comparison.counts
    old, new = library.edition_clauses(first.edition_id), library.edition_clauses(second.edition_id)
    assert library.replacements(first.edition_id, second.edition_id) == {
        old[0].id: new[1].id,
        old[4].id: None,
    }
    with pytest.raises(EditionStateError):
        library.compare(9999)


def test_only_renumbered_is_worth_publishing(library: Library) -> None:
    (first,) = library.stage([manual("仓库守则", *WAREHOUSE)], "admin")
    library.publish([first.edition_id], "admin")
    draft = manual("仓库守则", *WAREHOUSE)
    again = replace(draft, clauses=tuple(replace(c, label=c.label + "款") for c in draft.clauses))
    (change,) = library.stage([again], "admin")
    assert (change.renumbered, change.unchanged, change.is_empty) == (5, 0, False)

"""Documents of blocks: manuals, headings, lists, tables and pages, whatever format they come from."""

from __future__ import annotations

import pytest
from growth import in_proportion
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block, BlockKind
from ingest.cleaning import letters
from ingest.documents import Document, from_blocks
from ingest.page_numbers import with_pages
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft

H, P, L, T, V = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.TABLE, BlockKind.VERBATIM


def drafts(*blocks: Block, title: str = "") -> list[ManualDraft]:
    return split_manuals(from_blocks(blocks, "鸟舍.docx", title))


def one(*blocks: Block, title: str = "") -> ManualDraft:
    (draft,) = drafts(*blocks, title=title)
    return draft


def labels(draft: ManualDraft) -> dict[str, ClauseDraft]:
    return {c.label: c for c in draft.clauses}


def test_markdown_and_blocks_give_the_same_clauses() -> None:
    markdown = (
        "# 鸟舍须知\n\n引言一句。\n\n## 第一章 喂食\n\n第一条 每天早上七点喂一次谷子。\n\n第二条 喂食之前洗手。\n\n## 第二章 清洁\n\n"
        "- 每周刷一次笼子\n- 垫纸每天换\n\n刷完晾干。\n\n| 品种 | 食量 |\n|---|---|\n| 文鸟 | 一勺 |\n\n```\n您好,鸟舍。\n```\n"
    )
    blocks = (
        Block(H, "鸟舍须知", 1), Block(P, "引言一句。"), Block(H, "第一章 喂食", 2), Block(P, "第一条 每天早上七点喂一次谷子。"),
        Block(P, "第二条 喂食之前洗手。"), Block(H, "第二章 清洁", 2), Block(L, "每周刷一次笼子", 1, "-"), Block(L, "垫纸每天换", 1, "-"),
        Block(P, "刷完晾干。"), Block(T, rows=(("品种", "食量"), ("文鸟", "一勺"))), Block(V, "您好,鸟舍。"),
    )  # fmt: skip
    (typed,) = split_manuals(Document(markdown, "鸟舍.md"))
    stated = one(*blocks)
    assert stated.clauses == typed.clauses
    assert stated.title == typed.title


def test_numbers_that_the_file_computes_equal_typed_ones() -> None:
    sentences = [
        "每天早上七点喂一次谷子,并把水换成凉开水。",
        "喂食之前先洗手,用肥皂洗满二十秒再碰鸟。",
        "笼子每周刷洗一次,用温水,不用洗涤剂。",
    ]
    for marks in (
        ("第一条", "第二条", "第三条"),
        ("一、", "二、", "三、"),
        ("1.", "2.", "3."),
        ("(1)", "(2)", "(3)"),
        ("1.1", "1.2", "1.3"),
    ):
        gap = "" if marks[0][-1] in "、)" else " "
        typed = one(
            Block(H, "喂食", 1),
            Block(H, "1. 规则", 2),
            *(Block(P, f"{m}{gap}{s}") for m, s in zip(marks, sentences, strict=True)),
        )
        stated = one(
            Block(H, "喂食", 1),
            Block(H, "1. 规则", 2),
            *(Block(L, s, 1, m) for m, s in zip(marks, sentences, strict=True)),
        )
        assert [(c.label, c.text) for c in stated.clauses] == [(c.label, c.text) for c in typed.clauses]
        assert len(stated.clauses) == 3


def test_one_kind_of_number_at_two_depths() -> None:
    def rule(marker: str, level: int, word: str) -> Block:
        return Block(L, f"{word}的笼子每天早上七点打扫一次,打扫完在本子上签名。", level, marker)

    draft = one(
        Block(H, "清洁", 2), rule("1.", 1, "文鸟"), rule("1.", 2, "雄鸟"), rule("2.", 2, "雌鸟"), rule("2.", 1, "鹦鹉"), rule("1.", 2, "雏鸟"),
    )  # fmt: skip
    found = {c.text[:2]: c.label for c in draft.clauses}
    assert found["雌鸟"].endswith("1.第2条")
    assert found["鹦鹉"].endswith("第2条")
    assert found["雏鸟"].endswith("2.第1条")


def test_automatic_numbers_of_headings_belong_to_them() -> None:
    draft = one(
        Block(H, "鸟舍须知", 1),
        Block(H, "喂食", 2, "第一章"),
        Block(H, "谷子", 3, "一、"),
        Block(P, "每天一勺。"),
    )
    assert draft.clauses[0].label == "第一章 一、谷子"
    assert draft.clauses[0].heading_path == ("第一章 喂食", "一、谷子")


def test_title_from_heading_from_first_line_from_properties_from_name() -> None:
    rule = Block(P, "每天早上七点喂一次谷子。")
    chapter = Block(H, "第一章 喂食", 1)
    assert one(Block(H, "鸟舍须知", 1), rule).title == "鸟舍须知"
    assert one(chapter, rule).title == "鸟舍"
    assert (
        one(Block(P, "鸟舍管理制度"), chapter, rule, Block(H, "第二章 清洁", 1), rule).title == "鸟舍管理制度"
    )
    assert one(chapter, rule, title="喂鸟公约").title == "喂鸟公约"
    assert (
        one(rule, Block(T, rows=(("品种", "食量"), ("文鸟", "一勺"))), title="Microsoft Word - 文档1").title
        == "鸟舍"
    )


def test_several_manuals_with_and_without_stated_headings() -> None:
    table = Block(T, rows=(("品种", "食量"), ("文鸟", "一勺")))
    stated = drafts(
        Block(H, "鸟舍管理制度", 1),
        Block(P, "每天喂一次。"),
        Block(H, "鱼缸管理制度", 1),
        Block(P, "每周换一次水。"),
        table,
    )
    assert [d.title for d in stated] == ["鸟舍管理制度", "鱼缸管理制度"]
    looks = drafts(
        Block(P, "鸟舍管理制度"), Block(P, "一、每天早上七点喂一次谷子,并把水换成凉开水。"), Block(P, "二、喂食之前先洗手。"), table,
        Block(P, "鱼缸管理制度"), Block(P, "一、每周换一次水,每次只换三分之一。"), Block(P, "二、换水之前先关灯。"),
    )  # fmt: skip
    assert [d.title for d in looks] == ["鸟舍管理制度", "鱼缸管理制度"]
    assert looks[0].clauses[-1].kind is ClauseKind.ROW


def test_rows_of_a_list_keep_to_their_chapter_and_the_site_is_dropped() -> None:
    draft = one(
        Block(P, "第一章 喂食"), Block(P, "第一条 每天早上七点喂一次谷子。"), Block(L, "谷子", 1, "•"), Block(L, "凉开水", 1, "•"),
        Block(P, "第二章 清洁"), Block(P, "第二条 笼子每周刷洗一次,用温水。"), Block(P, "相关文档"), Block(P, "上一篇:养鱼"),
    )  # fmt: skip
    assert labels(draft)["第二章 第二条"].text == "笼子每周刷洗一次,用温水。"
    assert "• 谷子\n• 凉开水" in labels(draft)["第一章 第一条"].text
    assert not any("相关文档" in c.text or "养鱼" in c.text for c in draft.clauses)


def sentence(number: int) -> str:
    return f"{''.join('甲乙丙丁戊己庚辛壬癸'[int(d)] for d in str(number))}号笼子每天早上七点由当班的人打扫一次。"


@given(st.lists(st.integers(1, 9), min_size=2, max_size=12), st.booleans())
def test_each_clause_knows_the_page_on_which_it_begins(pages: list[int], headed: bool) -> None:
    pages = sorted(pages)
    rules = [Block(P, f"第{n}条 {sentence(n)}", page=page) for n, page in enumerate(pages, 1)]
    table = Block(T, rows=(("笼子", "用量"), ("大笼", "三勺谷子")), page=pages[-1] + 1)
    top = [Block(H, "喂食", 2, page=pages[0])] if headed else []
    draft = one(*top, *rules, table)
    wanted = {letters(sentence(n)): page for n, page in enumerate(pages, 1)}
    found = {letters(c.text): c.page for c in draft.clauses if c.kind is not ClauseKind.ROW}
    assert found == wanted
    assert draft.clauses[-1].page == pages[-1] + 1


def test_pages_are_found_whatever_became_of_spaces_and_line_ends() -> None:
    text = "喂 食每 天一次,\n不得多喂。清洁每周一次。"
    clauses = [
        ClauseDraft("", (), t, "")
        for t in ("喂食每天一次,不得多喂。", "这一句不在文中,谁也找不到它。", "清洁每周一次。")
    ]
    assert [
        c.page for c in with_pages(clauses, text, [(0, 3), (text.index("不得"), 4), (text.index("清洁"), 5)])
    ] == [3, None, 5]


def test_pages_of_running_text_and_of_none() -> None:
    draft = one(*(Block(P, f"{n}、{sentence(n)}", page=n) for n in range(1, 6)))
    assert [c.page for c in draft.clauses] == [1, 2, 3, 4, 5]
    assert {c.page for c in one(*(Block(P, f"{n}、{sentence(n)}") for n in range(1, 6))).clauses} == {None}


_texts = st.text(alphabet=st.sampled_from("鸟舍喂食一二三第章条、。1.()ab \n\x0b\x00:：|"), max_size=40)
_blocks = st.builds(
    Block,
    st.sampled_from(list(BlockKind)),
    _texts,
    st.integers(0, 9),
    st.sampled_from(["", "•", "第一条", "1.", "(2)", "1.1", "a)", "??", "【注】"]),
    st.lists(st.tuples(_texts, _texts), max_size=3).map(tuple),
    st.one_of(st.none(), st.integers(1, 5)),
)


@given(st.lists(_blocks, max_size=12))
def test_any_blocks_are_borne_and_no_letter_disappears(blocks: list[Block]) -> None:
    document = from_blocks(blocks, "鸟舍.docx")
    found = split_manuals(document)
    said = "".join(
        part
        for d in found
        for c in d.clauses
        for part in (d.title, *d.notes, c.text, c.label, *c.heading_path)
    )
    if found:
        # The name of a column without cells says nothing; neither does a number without a text.
        held = "".join(b.text if b.kind is not T else "".join(map("".join, b.rows[1:])) for b in blocks)
        lost = (set(held) & set("鸟舍喂食")) - set(said)
        assert not lost
    for draft in found:
        assert draft.title
        assert draft.clauses
        names = [c.label for c in draft.clauses]
        assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [P, L])
def test_time_grows_with_length(kind: BlockKind) -> None:
    def read(count: int) -> None:
        blocks = [
            Block(kind, f"第{n}条 {sentence(n)}", 1, "•" if kind is L else "", page=n) for n in range(count)
        ]
        blocks += [Block(T, rows=(("笼子", "用量"), *((f"{n}号", "三勺谷子") for n in range(count))))]
        drafts(*blocks)

    in_proportion(read, 300, 3000, 25)

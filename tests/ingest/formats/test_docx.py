"""Word files: what stands on paper, whatever the XML says in between."""

from __future__ import annotations

import io

import docx
import pytest

from ingest.blocks import Block, BlockKind
from ingest.documents import printed
from ingest.errors import IngestError
from ingest.formats.numerals import numeral
from ingest.readers import read_bytes
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ClauseKind
from tests.ingest.formats.word_parts import abstract, levels, p, r, use, word_file, zipped

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="二级标题"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="条款"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Art"><w:name w:val="条文"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def blocks(data: bytes) -> list[Block]:
    return list(read_bytes(data, "手册.docx").blocks)


def lines(data: bytes) -> list[str]:
    return [printed(b.marker, b.text) for b in blocks(data)]


def clauses(data: bytes) -> dict[str, ClauseDraft]:
    drafts = split_manuals(read_bytes(data, "手册.docx"))
    assert len(drafts) == 1
    return {c.label: c for c in drafts[0].clauses}


ARTICLES = abstract(
    0,
    levels(
        ("chineseCountingThousand", "第%1章"),
        ("japaneseCounting", "第%2条"),
        ("decimal", "%3."),
        ("decimal", "(%4)"),
        extra={1: '<w:lvlRestart w:val="0"/>'},
    ),
)


def test_articles_count_on_over_chapters_and_items_start_anew() -> None:
    body = (
        p("喂鸟须知", style="T")
        + p("喂食", style="H1", use="1")
        + p("每天早上七点喂一次谷子,并把水换成凉开水。", use="1", level=1)
        + p("喂食之前先做三件事,缺一不可。", use="1", level=1)
        + p("24小时没有动过的谷子全部倒掉,不得留到第二天再喂给任何一只鸟。", use="1", level=2)
        + p("把食盆用温水洗净擦干,放回笼子左边的架子上面晾着。", use="1", level=2)
        + p("清洁", style="H1", use="1")
        + p("笼子每周刷洗一次,用温水,不用洗涤剂。", use="1", level=1)
        + p("换下的垫纸当天扔掉,并在本子上签名。", use="1", level=2)
    )
    found = clauses(word_file(body, numbering=ARTICLES + use(1, 0), styles=STYLES))
    assert found["第一章 第一条"].text.startswith("每天早上")
    assert found["第一章 第二条 第1条"].text.startswith("24小时没有动过")
    assert found["第二章 第三条"].heading_path[0] == "第二章 清洁"
    assert any(label.startswith("第二章 第三条") and "垫纸" in c.text for label, c in found.items())


def test_numbers_are_counted_as_printed() -> None:
    numbering = (
        abstract(0, levels(("decimal", "%1"), ("decimal", "%1.%2"), ("lowerLetter", "%3)")))
        + abstract(1, levels(("upperRoman", "%1."), ("decimal", "%1.%2"), extra={1: "<w:isLgl/>"}))
        + use(1, 0)
        + use(2, 0, start=5)
        + use(3, 1)
    )
    body = "".join(
        p("甲乙", use=u, level=level)
        for u, level in [
            ("1", 0),
            ("1", 1),
            ("1", 1),
            ("1", 2),
            ("1", 0),
            ("1", 1),
            ("2", 0),
            ("1", 0),
            ("3", 0),
            ("3", 1),
            ("9", 0),
        ]
    )
    assert [b.marker for b in blocks(word_file(body, numbering=numbering))] == [
        *("1", "1.1", "1.2", "a)", "2", "2.1", "5", "6", "I.", "1.1", ""),
    ]


@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [
        (10, "chineseCounting", "十"),
        (12, "japaneseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "chineseCountingThousand", "一百一十"),
        (1010, "chineseCountingThousand", "一千零一十"),
        (12, "ideographDigital", "一二"),
        (3, "chineseLegalSimplified", "叁"),
        (10, "chineseLegalSimplified", "壹拾"),
        (2, "ideographTraditional", "乙"),
        (7, "decimalEnclosedCircle", "⑦"),
        (28, "lowerLetter", "bb"),
        (14, "lowerRoman", "xiv"),
        (3, "decimalZero", "03"),
        (8, "anythingElse", "8"),
    ],
)
def test_numerals(number: int, kind: str, shown: str) -> None:
    assert numeral(number, kind) == shown


def test_numbering_of_a_style_and_its_refusal() -> None:
    numbering = abstract(
        0, levels(("chineseCounting", "%1、"), ("decimal", "(%2)"), extra={0: '<w:pStyle w:val="Art"/>'})
    ) + use(1, 0)
    body = (
        p("喂食", style="Art")
        + p("没有号", style="Art", use="0")
        + p("清洁", style="Art")
        + p("细则", style="Art", use="1", level=1)
    )
    assert lines(word_file(body, numbering=numbering, styles=STYLES)) == [
        "一、喂食",
        "没有号",
        "二、清洁",
        "(1)细则",
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    moved = '<w:moveFrom w:id="1"><w:r><w:t>搬走的一句。</w:t></w:r></w:moveFrom>'
    body = (
        p(
            inside=r("罚款")
            + f'<w:del w:id="2"><w:r><w:delText>五十元</w:delText></w:r></w:del><w:ins w:id="3">{r("三十元")}</w:ins>'
            + r("。")
        )
        + p(inside=moved)
        + p("前半句,", before='<w:rPr><w:del w:id="4"/></w:rPr>')
        + p("后半句。")
        + p(inside=f'<w:moveTo w:id="5">{r("搬来的一句。")}</w:moveTo>')
        + p(inside=r("照旧", '<w:rPrChange w:id="6"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'))
    )
    assert lines(word_file(body)) == ["罚款三十元。", "前半句,后半句。", "搬来的一句。", "照旧"]


def test_a_deleted_paragraph_takes_no_number_and_a_deleted_row_is_gone() -> None:
    gone = '<w:rPr><w:del w:id="4"/></w:rPr>'
    cut = '<w:del w:id="1"><w:r><w:delText>作废的一条</w:delText></w:r></w:del>'
    row = "<w:tr>{}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    table = (
        "<w:tbl>"
        + row.format("", p("品种"), p("食量"))
        + row.format("", p("文鸟"), p("一勺"))
        + row.format('<w:trPr><w:del w:id="8"/></w:trPr>', p("鹦鹉"), p("两勺"))
        + "</w:tbl>"
    )
    body = p("甲", use="1") + p(use="1", inside=cut, before=gone) + p("乙", use="1") + table
    found = blocks(word_file(body, numbering=abstract(0, levels(("decimal", "%1."))) + use(1, 0)))
    assert [b.marker for b in found[:2]] == ["1.", "2."]
    assert found[2].rows == (("品种", "食量"), ("文鸟", "一勺"))


def test_text_boxes_once_and_footnotes_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('框里的提示:笼门要锁好。')}</w:txbxContent>"
    shape = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    note = f'<w:footnote w:id="2">{p("小雏鸟除外。")}</w:footnote>'
    body = p(inside=r("每天喂一次") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + r("。") + shape) + p(
        "下一段。"
    )
    assert lines(word_file(body, footnotes=note)) == [
        "每天喂一次。",
        "[1] 小雏鸟除外。",
        "框里的提示:笼门要锁好。",
        "下一段。",
    ]


def test_hidden_struck_field_codes_comments_and_prompts_stay_out() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt>"
    body = (
        p(
            inside=r("看得见")
            + r("看不见", "<w:vanish/>")
            + r("鬼", '<w:rStyle w:val="Ghost"/>')
            + r("露出", '<w:vanish w:val="0"/>')
        )
        + p(inside=r("时限") + r("十天", "<w:strike/>") + r("五天"))
        + p(
            inside='<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            + r("第三页")
        )
        + p(inside=r("正文") + '<w:r><w:commentReference w:id="0"/></w:r>' + prompt)
        + p("目录一行", style="Toc")
        + p(inside="<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/></w:r>")
    )
    data = word_file(body, styles=STYLES, **{"word/comments.xml": "<c>批注</c>"})
    assert lines(data) == ["看得见露出", "时限五天", "第三页", "正文", "甲\n乙 丙-"]


def test_heading_styles_by_number_by_chinese_name_and_by_inheritance() -> None:
    body = (
        p("喂鸟须知", style="T")
        + p("喂食", style="H1")
        + p("谷子", style="H2")
        + p("小米", style="Deep")
        + p("大纲", before='<w:outlineLvl w:val="2"/>')
    )
    found = blocks(word_file(body, styles=STYLES))
    assert [(b.kind, b.level) for b in found] == [(BlockKind.HEADING, n) for n in (1, 2, 3, 3, 4)]


def test_articles_styled_as_headings_are_no_headings() -> None:
    body = (
        p("喂鸟须知", style="T")
        + p("喂食", style="H1")
        + p("第一条 每天早上七点喂一次谷子。", style="H2")
        + p("第二条 水每天换两次,早晚各一次。", style="H2")
    )
    found = clauses(word_file(body, styles=STYLES))
    assert found["喂食 第二条"].text == "水每天换两次,早晚各一次。"
    assert found["喂食 第二条"].heading_path == ("喂食",)


def test_merged_cells_and_captions_of_tables() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    def tr(*cells: str) -> str:
        return f"<w:tr>{''.join(cells)}</w:tr>"

    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        "<w:tbl>"
        + "".join(
            [
                tr(cell("鸟舍用量表", '<w:gridSpan w:val="3"/>')),
                tr(cell("品种", start), cell("每天用量", '<w:gridSpan w:val="2"/>')),
                tr(cell("", more), cell("谷子"), cell("水")),
                tr(cell("小型鸟", '<w:gridSpan w:val="3"/>')),
                tr(cell("文鸟"), cell("一勺"), cell("半杯")),
                tr(cell("金丝雀", start), cell("一勺"), cell("半杯")),
                tr(cell("", more), cell("两勺"), cell("一杯")),
            ]
        )
        + "</w:tbl>"
    )
    caption, held = blocks(word_file(table))
    assert caption.text == "鸟舍用量表"
    assert held.rows == (
        ("", "品种", "每天用量/谷子", "每天用量/水"),
        ("小型鸟", "文鸟", "一勺", "半杯"),
        ("小型鸟", "金丝雀", "一勺", "半杯"),
        ("小型鸟", "金丝雀", "两勺", "一杯"),
    )


def test_a_file_made_with_bold_lines_is_cut_like_plain_text() -> None:
    document = docx.Document()
    for text in (
        "鸟舍值班制度", "第一章 喂食", "第一条 每天早上七点喂一次谷子,并把水换成凉开水。", "第二条 喂食之前先洗手。",
        "第二章 清洁", "第三条 笼子每周刷洗一次,用温水,不用洗涤剂。",
    ):  # fmt: skip
        document.add_paragraph().add_run(text).bold = len(text) < 10
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("过失", "扣款", "忘记锁门", "50元"), strict=True
    ):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    drafts = split_manuals(read_bytes(out.getvalue(), "x.docx"))
    assert [d.title for d in drafts] == ["鸟舍值班制度"]
    assert [c.label for c in drafts[0].clauses] == [
        "第一章 第一条",
        "第一章 第二条",
        "第二章 第三条",
        "第二章 第三条 忘记锁门",
    ]
    assert drafts[0].clauses[-1].kind is ClauseKind.ROW
    assert drafts[0].clauses[-1].text == "过失: 忘记锁门; 扣款: 50元"


def test_bold_lines_are_headings_where_nothing_else_gives_structure() -> None:
    def bold(text: str) -> str:
        return p(inside=r(text, "<w:b/>"))

    body = (
        bold("鸟舍值班制度")
        + bold("喂食")
        + p("每天早上七点喂一次谷子,并把水换成凉开水。")
        + p(inside=r("注意", "<w:b/>") + r("雏鸟另喂。"))
        + bold("清洁")
        + p("笼子每周刷洗一次,用温水,不用洗涤剂。")
        + p("刷完晾干。")
    )
    (draft,) = split_manuals(read_bytes(word_file(body), "x.docx"))
    assert draft.title == "鸟舍值班制度"
    assert [(c.label, c.heading_path) for c in draft.clauses] == [("喂食", ("喂食",)), ("清洁", ("清洁",))]
    typed = (
        bold("第一章 喂食") + bold("谷子") + p("每天一勺。") + bold("凉开水") + p("每天一杯。") + p("完。")
    )
    assert not any(b.kind is BlockKind.HEADING for b in blocks(word_file(typed)))


def test_title_of_the_properties_is_the_fallback() -> None:
    titled = word_file(p("每天早上七点喂一次谷子。"), title="鸟舍公约")
    assert split_manuals(read_bytes(titled, "a.docx"))[0].title == "鸟舍公约"
    junk = word_file(p("每天早上七点喂一次谷子。"), title="新建 Microsoft Word 文档")
    assert split_manuals(read_bytes(junk, "a.docx"))[0].title == "a"


def test_several_manuals_of_one_file() -> None:
    body = (
        p("鸟舍管理制度", style="H1")
        + p("每天喂一次。")
        + p("鱼缸管理制度", style="H1")
        + p("每周换一次水。")
    )
    drafts = split_manuals(read_bytes(word_file(body, styles=STYLES), "a.docx"))
    assert [(d.title, d.clauses[0].text) for d in drafts] == [
        ("鸟舍管理制度", "每天喂一次。"),
        ("鱼缸管理制度", "每周换一次水。"),
    ]


def test_english_lists_keep_their_numbers_and_nesting() -> None:
    numbering = abstract(0, levels(("decimal", "%1."), ("decimal", "%2."))) + use(1, 0)
    texts = [
        ("Feed the birds before the shop opens and write the time down.", 0), ("Use the small spoon for the finches in the left cage.", 1),
        ("Use the large spoon for the parrots in the right cage.", 1), ("Clean the cages on Mondays with warm water only.", 0),
    ]  # fmt: skip
    body = p("Feeding", style="H1") + "".join(p(text, use="1", level=level) for text, level in texts)
    (draft,) = split_manuals(read_bytes(word_file(body, numbering=numbering, styles=STYLES), "birds.docx"))
    whole = "\n".join(c.text for c in draft.clauses)
    assert "1. Feed" in whole
    assert "2. Use the large spoon" in whole
    assert "2. Clean the cages" in whole


def test_strict_files_are_read() -> None:
    data = word_file(p("喂食", style="H1") + p("每天喂一次。"), styles=STYLES)
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    usual = "http://schemas.openxmlformats.org/"
    strict = {
        n: t.replace(
            f"{usual}wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
        ).replace(
            f"{usual}officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for n, t in parts.items()
    }
    assert lines(zipped(strict)) == ["喂食", "每天喂一次。"]


def test_missing_text_is_one_sentence() -> None:
    data = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    with pytest.raises(IngestError, match=r"its text is missing"):
        read_bytes(data, "a.docx")

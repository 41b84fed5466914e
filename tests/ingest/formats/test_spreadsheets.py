"""Excel and delimited files: a row is a clause with its column names, values as they are displayed."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from ingest.blocks import Block, BlockKind
from ingest.errors import IngestError
from ingest.formats.number_formats import shown
from ingest.formats.packages import Package
from ingest.formats.xlsx import read_xlsx
from ingest.outline import outline
from ingest.readers import read_bytes
from ingest.structure import split_manuals
from tests.ingest.formats.word_parts import zipped


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tables(data: bytes, name: str = "表.xlsx") -> list[tuple[tuple[str, ...], ...]]:
    return [b.rows for b in read_bytes(data, name).blocks if b.kind is BlockKind.TABLE]


def sheet(*rows: tuple[object, ...], merge: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merge:
        book.active.merge_cells(cells)
    return saved(book)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.015, "0.0%", "1.5%"),
        (0.5, "0%", "50%"),
        (1200, '"¥"#,##0.00', "¥1,200.00"),
        (1200.5, "[$¥-804]#,##0.00;[Red]-#,##0.00", "¥1,200.50"),
        (-3, "0.00;[Red](0.00)", "(3.00)"),
        (0, '0;-0;"无"', "无"),
        (20, '0"元/次"', "20元/次"),
        (7, "000", "007"),
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (2.5, "#,##0.##", "2.5"),
        (3, "#,##0.##", "3"),
        (12345678, "0,,", "12"),
        (1.25, "# ?/?", "1.25"),
        (2.675, "0.00", "2.68"),
        (datetime(2026, 3, 1), 'yyyy"年"m"月"d"日"', "2026年3月1日"),
        (datetime(2026, 3, 1, 8, 5), "yyyy/m/d h:mm", "2026/3/1 8:05"),
        (date(2026, 3, 1), "yyyy-mm-dd", "2026-03-01"),
        (date(2026, 3, 1), "aaaa", "星期日"),
        (time(17, 30), "h:mm", "17:30"),
        (time(17, 30), "h:mm AM/PM", "5:30 PM"),
        (timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
        (True, "General", "TRUE"),
        ("文字", "@", "文字"),
        (float("inf"), "0.00", "inf"),
        (1e300, "0.00", "1"),
    ],
)
def test_values_are_shown_as_displayed(value: object, code: str, text: str) -> None:
    assert shown(value, code)[: len(text)] == text


def test_a_title_line_an_empty_row_and_an_empty_column_do_not_hide_the_column_names() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["B1"] = "鸟舍扣款一览"
    page.merge_cells("B1:E1")
    for column, text in zip("BDE", ("过失", "扣款", "执行日期"), strict=True):
        page[f"{column}3"] = text
    for column, value in zip("BDE", ("忘记锁门", 50, date(2026, 3, 1)), strict=True):
        page[f"{column}5"] = value
    page["D5"].number_format = '"¥"0.00'
    page["E5"].number_format = 'yyyy"年"m"月"d"日"'
    document = read_bytes(saved(book), "表.xlsx")
    assert document.blocks == (
        Block(BlockKind.HEADING, "鸟舍扣款一览", 1),
        Block(BlockKind.TABLE, rows=(("过失", "扣款", "执行日期"), ("忘记锁门", "¥50.00", "2026年3月1日"))),
    )
    (draft,) = split_manuals(document)
    assert draft.title == "鸟舍扣款一览"
    assert [(c.label, c.text) for c in draft.clauses] == [
        ("忘记锁门", "过失: 忘记锁门; 扣款: ¥50.00; 执行日期: 2026年3月1日")
    ]


def test_dates_that_a_chinese_excel_writes_as_bare_format_numbers() -> None:
    book = openpyxl.Workbook()
    book.active.append(("过失", "起"))
    book.active.append(("忘记锁门", 46082))
    data = saved(book)
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    styles = parts["xl/styles.xml"].decode()
    assert 'numFmtId="0"' in styles
    parts["xl/styles.xml"] = styles.replace('numFmtId="0"', 'numFmtId="31"').encode()
    assert tables(zipped(parts))[0][1] == ("忘记锁门", "2026年3月1日")


def test_merged_cells_are_filled_and_section_rows_go_with_their_rows() -> None:
    data = sheet(
        ("类别", "过失", "扣款", None),
        (None, None, "首次", "再次"),
        ("喂食类", None, None, None),
        ("喂食", "忘记喂食", 10, 20),
        (None, "喂错谷子", 5, 10),
        merge=("A1:A2", "B1:B2", "C1:D1", "A3:D3", "A4:A5"),
    )
    assert tables(data) == [
        (
            ("", "类别", "过失", "扣款/首次", "扣款/再次"),
            ("喂食类", "喂食", "忘记喂食", "10", "20"),
            ("喂食类", "喂食", "喂错谷子", "5", "10"),
        )
    ]


def test_sheets_are_headings_and_hidden_ones_stay_out() -> None:
    book = openpyxl.Workbook()
    book.active.title = "扣款"
    book.active.append(("过失", "扣款"))
    book.active.append(("忘记锁门", "50元"))
    answers = book.create_sheet("问答")
    answers.append(("问题", "答案"))
    answers.append(("鸟飞走了怎么办?", "先关窗,再叫班长。"))
    draftsheet = book.create_sheet("草稿")
    draftsheet["A1"] = "未定"
    draftsheet.sheet_state = "hidden"
    (draft,) = split_manuals(read_bytes(saved(book), "鸟舍.xlsx"))
    assert draft.title == "鸟舍"
    assert [(c.label, c.heading_path) for c in draft.clauses] == [
        ("扣款 忘记锁门", ("扣款",)),
        ("问答 鸟飞走了怎么办?", ("问答",)),
    ]


def test_a_table_of_values_without_names_keeps_its_first_row() -> None:
    assert tables(sheet(("文鸟", 12), ("鹦鹉", 30))) == [(("", ""), ("文鸟", "12"), ("鹦鹉", "30"))]


def test_running_text_in_one_column_is_cut_like_text() -> None:
    data = sheet(
        ("鸟舍值班制度",),
        ("一、喂食",),
        ("1、每天早上七点喂一次谷子,并把水换成凉开水。",),
        ("2、喂食之前先洗手,用肥皂洗满二十秒。",),
    )
    (draft,) = split_manuals(read_bytes(data, "a.xlsx"))
    assert draft.title == "鸟舍值班制度"
    assert [c.label for c in draft.clauses] == ["一、第1条", "一、第2条"]


def test_formulas_give_the_value_last_computed() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>品种</t></is></c><c r="B1" t="inlineStr"><is><t>合计</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>文鸟</t></is></c><c r="B2"><f>6*7</f><v>42</v></c></row>'
    )
    assert tables(workbook(rows))[0][1] == ("文鸟", "42")


def workbook(rows: str, after: str = "") -> bytes:
    """A workbook of one sheet with the given row elements, and what stands behind them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="s.xml"/></Relationships>',
            "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        }
    )


@pytest.mark.timeout(240)
def test_huge_sheets_that_hold_little_cost_little() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    merges = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
    assert read_bytes(workbook(rows, merges), "a.xlsx").text


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.formats.xlsx._MOST_CELLS", 3)
    data = sheet(("甲", "乙"), ("丙", "丁"))
    with pytest.raises(IngestError, match=r"more than 3 filled cells; split it"):
        read_xlsx(Package(data, "a.xlsx"), "a.xlsx", io.BytesIO(data))


FAQ = '问题,答案\n鸟飞走了怎么办?,"先关窗,再叫班长;\n夜里叫值班员。"\n谷子没了怎么办?,到库房领。\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_any_encoding(encoding: str) -> None:
    (table,) = tables(FAQ.encode(encoding), "问答.csv")
    assert table[0] == ("问题", "答案")
    assert table[1] == ("鸟飞走了怎么办?", "先关窗,再叫班长;\n夜里叫值班员。")


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_csv_of_any_separator(separator: str) -> None:
    text = "\n".join(
        separator.join(row)
        for row in (
            ("过失", "首次", "再次"),
            ("忘记锁门", "口头提醒", "扣50元"),
            ("忘记喂食", "扣10元", "扣20元"),
        )
    )
    assert tables(text.encode(), "a.csv")[0][2] == ("忘记喂食", "扣10元", "扣20元")
    if separator == "\t":
        assert tables(text.encode(), "a.txt")[0][2] == ("忘记喂食", "扣10元", "扣20元")


@pytest.mark.parametrize(
    "text",
    [
        "鸟舍值班制度\n一、每天早上七点喂一次谷子,并把水换成凉开水,水要满。\n二、喂食之前先洗手,用肥皂,洗满二十秒。\n",
        "甲说,乙说,丙说。\n" * 6,
        "Feed the birds, then go.\nClose the door, then lock it.\n",
        "# 标题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_running_text_with_commas_is_no_table(text: str) -> None:
    document = read_bytes(text.encode(), "a.txt")
    assert document.text == text
    assert not document.blocks


def test_a_csv_that_is_running_text_is_read_as_text() -> None:
    text = "一、每天早上七点喂一次谷子。\n二、喂食之前先洗手。\n"
    assert read_bytes(text.encode(), "a.csv").text == text


def test_what_an_admin_sees_of_a_table_of_fines() -> None:
    data = sheet(
        ("序号", "类别", "过失", "扣款"), (1, "喂食", "忘记喂食", "10元"), (2, "喂食", "喂错谷子", "5元")
    )
    seen = outline(split_manuals(read_bytes(data, "扣款.xlsx")), 60)
    assert "忘记喂食 [row] |  | 序号: 1; 类别: 喂食; 过失: 忘记喂食; 扣款: 10元" in seen

"""Reports as files: opened again with other programs than those that wrote them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pypdfium2
import pytest
from PIL import Image

from bot.blocks.wording import LANGUAGES, words
from bot.reporting import docx_files, pdf_files
from bot.reporting.charts import week_picture
from bot.reporting.papers import Paper, Section, escalation_paper
from bot.reporting.workbooks import week_workbook
from tickets.figures import Escalations, Figures, Questions, Records, Stretch, Tickets, week
from tickets.people import People, Person, Role
from tickets.records import Basis, Escalation, EscalationContent, EscalationState, Origin, Urgency

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
PEOPLE = People([Person("U1", "小林"), Person("U2", "陈静", Role.SUPERVISOR)])
ESCALATION = Escalation(
    id=1,
    number="E-20261130-0001",
    state=EscalationState.APPROVED,
    revision=3,
    content=EscalationContent(
        summary="客户要求当天上门",
        report="…",
        category="超出本职",
        urgency=Urgency.IMPORTANT,
        what_happened="客户来电三次。\n第三次要求当天上门。",
        handling_suggestion="请协调加急派单",
        policy_basis=(Basis(7, "示例手册", "三、2", "坐席解决不了的，报班长。"),),
    ),
    filer_id="U1",
    awaiting=Role.SUPERVISOR,
    passed_over=(Role.LEADER,),
    origin=Origin(),
    created_at=NOW,
    updated_at=NOW,
    changed_by="U2",
    decided_by="U2",
    decided_at=NOW,
    decision_note="今天 18:00 前上门",
    ticket_number="T-20261130-0004",
)
EXPECTED = (
    "E-20261130-0001",
    "T-20261130-0004",
    "客户来电三次。",
    "《示例手册》三、2",
    "今天 18:00 前上门",
    "陈静",
)


def of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_escalation_reads_the_same_on_both_papers(language: str) -> None:
    paper = escalation_paper(ESCALATION, PEOPLE, words(language), ZONE, NOW)  # type: ignore[arg-type]
    for text in (of_docx(docx_files.write(paper)), of_pdf(pdf_files.write(paper))):
        assert not [piece for piece in EXPECTED if piece not in text]
        assert words(language)("paper.title") in text  # type: ignore[arg-type]


def test_whatever_people_write_makes_a_file_that_opens() -> None:
    nasty = "\x00\x0b\ud83d 🙂 <w:t>&amp; =1+1 \u202e " + "很长" * 5000
    paper = Paper("题", "N", (("键", nasty),), (Section("节", (nasty, "")),), nasty[:60])
    assert "很长" in of_docx(docx_files.write(paper))
    assert "很长" in of_pdf(pdf_files.write(paper))


STRETCH = week(date(2026, 11, 25), ZONE)


def figures(stretch: Stretch = STRETCH) -> Figures:
    days = stretch.days(ZONE)
    return Figures(
        stretch,
        Questions(12, 3, {"answered": 9, "not_found": 3}, {day: {"answered": 1} for day in days}, 2, 3, 41.5),
        Escalations(2, {"投诉": 1, "=HYPERLINK(1)": 1}, {"approved": 2}, {"投诉": 2.25}, 2.25, 1),
        Tickets(4, 2, 5, {"repair": 3, "complaint": 1}),
        Records({"callback": 2}, {"complaint.cause": {"物流": 2}}, {"shift_handover": {"U1": 2}}),
    )


NAMES = {"repair": "报修", "shift_handover": "交接班", "callback": "回访", "complaint.cause": "投诉 · 原因"}


def test_the_workbook_holds_numbers_and_no_formulas() -> None:
    content = week_workbook(
        figures(), figures(STRETCH.before()), NAMES, lambda user: PEOPLE.get(user).name, words("zh"), ZONE
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["总览", "提问", "上报", "工单", "事务记录", "未提交"]
    overview = {row[0]: row[1:3] for row in book["总览"].iter_rows(min_row=2, values_only=True)}
    assert overview["提问"] == (12, 12)
    assert overview["批复用时中位数（小时）"] == (2.2, 2.2)
    assert [row[:2] for row in book["工单"].iter_rows(min_row=2, values_only=True)] == [
        ("报修", 3),
        ("complaint", 1),
    ]
    assert ("交接班", "小林", 2) in list(book["未提交"].iter_rows(values_only=True))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_drawn_also_of_an_empty_week(language: str) -> None:
    empty = replace(
        figures(),
        questions=Questions(0, 0, {}, {day: {} for day in STRETCH.days(ZONE)}, 0, 0, None),
        escalations=Escalations(0, {}, {}, {}, None, 0),
        tickets=Tickets(0, 0, 0, {}),
        records=Records({}, {}, {}),
    )
    for one in (figures(), empty):
        picture = Image.open(io.BytesIO(week_picture(one, NAMES, words(language))))  # type: ignore[arg-type]
        assert picture.size == (1210, 825)
        assert len(picture.convert("L").getcolors(256) or []) > 20  # something is drawn on it

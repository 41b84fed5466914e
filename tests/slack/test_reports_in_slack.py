"""What the bot sends by itself and as files: reminders, the week's figures, an approved escalation on paper; and how to
reach a customer whose matter was reported upwards.
"""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from PIL import Image
from pydantic import SecretStr
from running_bot import Desk, left_alone, running
from sqlalchemy import update

from bot.blocks import contacts, escalations, papers
from bot.demo.crew import buttons_of, text_of
from tickets.calendar_file import Appointment
from tickets.models import ReminderRow
from tickets.reminders import ReportTime
from tickets.store import open_engine
from tickets.vault import new_key

FILLED = {
    "what_happened": "读者要求当天退还押金",
    "handling_suggestion": "建议核实后退还",
    "next_role": "leader",
    "grounds": "none",
    "skip_reason": "",
    "accused": [],
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home, manuals = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
    with running(home, manuals, review_channel=None, contact_key=SecretStr(new_key())) as bot:
        yield bot


def newest(desk: Desk, user: str, wanted: Any, what: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        return next((m for m in desk.crew.messages(user, "dm")[::-1] if wanted(m)), None)

    found: dict[str, Any] = desk.crew.wait(look, what)
    return found


def content_of(desk: Desk, user: str, message: dict[str, Any], ending: str) -> bytes:
    """What was uploaded, as one of its readers gets it."""
    shared = next(file for file in message["files"] if file["name"].endswith(ending))
    address = f"{desk.workspace.control_url.rstrip('/')}/files/{shared['id']}?user={user}"
    with urllib.request.urlopen(address, timeout=60) as answer:
        content: bytes = answer.read()
    return content


def test_a_customers_number_goes_to_the_vault_and_stands_nowhere_else(desk: Desk) -> None:
    crew = desk.crew
    sent = crew.say("U_AGENT", "D_U_AGENT", "客户王大明 13912345678 要求当天退押金，我解决不了")
    crew.reply("U_AGENT", sent)
    message = next(m for m in crew.messages("U_AGENT", "dm") if m["ts"] == sent["ts"])
    crew.shortcut("U_AGENT", {**message, "channel": sent["channel"]}, "escalate_message")
    form = crew.form("U_AGENT", escalations.FORM)
    typed = {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in form["blocks"]
        if block["type"] == "input"
    }
    assert typed[contacts.PHONE] == "13912345678"
    assert "王大明" in typed[contacts.NAME]
    assert "13912345678" not in typed["what_happened"]
    told = FILLED | {contacts.NAME: "王大明", contacts.PHONE: "13912345678"}
    assert crew.submit("U_AGENT", form, told)["closed"]
    filed = desk.services.desk.escalations(limit=1)[0]
    card = newest(desk, "U_LEADER", lambda m: f"上报草稿 {filed.number}" in text_of(m), "the card")
    assert contacts.LOOK in buttons_of(card)
    assert "13912345678" not in text_of(card)
    crew.click("U_LEADER", card, contacts.LOOK)
    shown = newest(desk, "U_LEADER", lambda m: "13912345678" in text_of(m), "the contact")
    assert "王大明" in text_of(shown)
    looks = desk.services.desk.contacts.looks(f"escalation:{filed.id}")
    assert [one.person_id for one in looks] == ["U_LEADER"]
    assert all("13912345678" not in text_of(m) for m in crew.messages("U_SUPERVISOR", "dm"))


def test_an_approved_escalation_is_had_as_word_and_pdf(desk: Desk) -> None:
    crew = desk.crew
    crew.command("U_AGENT", "D_U_AGENT", "escalate 读者要求当天退还押金，我无权决定")
    assert crew.submit("U_AGENT", crew.form("U_AGENT", escalations.FORM), FILLED)["closed"]
    filed = desk.services.desk.escalations(limit=1)[0]
    card = newest(desk, "U_LEADER", lambda m: f"上报草稿 {filed.number}" in text_of(m), "the card")
    assert papers.PDF not in buttons_of(card)
    crew.click("U_LEADER", card, escalations.APPROVE)
    outcome = newest(desk, "U_AGENT", lambda m: papers.PDF in buttons_of(m), "the outcome")
    crew.click("U_AGENT", outcome, papers.DOCX)
    crew.click("U_AGENT", outcome, papers.PDF)

    def has(ending: str) -> Any:
        return lambda m: any(file["name"] == f"{filed.number}.{ending}" for file in m.get("files") or [])

    word = content_of(desk, "U_AGENT", newest(desk, "U_AGENT", has("docx"), "the Word file"), ".docx")
    cells = [
        cell.text
        for table in docx.Document(io.BytesIO(word)).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert filed.number in cells
    pdf = content_of(desk, "U_AGENT", newest(desk, "U_AGENT", has("pdf"), "the PDF file"), ".pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "读者要求当天退还押金" in text
    assert "周岚" in text


@pytest.fixture
def no_other_reminders(desk: Desk) -> Iterator[None]:
    """The running bot does not look by itself: on a Monday it would send the week, too."""
    with left_alone(desk, "reminders"):
        yield


@pytest.mark.usefixtures("no_other_reminders")
def test_supervisors_get_the_week_with_picture_and_workbook_once(desk: Desk) -> None:
    reminders, settings = desk.services.desk.reminders, desk.services.settings
    reminders.look([], [])
    engine = open_engine(settings.database)
    with engine.begin() as connection:  # this desk has been at work for two weeks
        connection.execute(
            update(ReminderRow)
            .values(at=datetime.now(UTC) - timedelta(days=14))
            .where(ReminderRow.key == "began")
        )
    engine.dispose()
    this_morning = ReportTime(1, time(0, 0))
    assert reminders.look([], [], report=this_morning) == 1
    assert reminders.look([], [], report=this_morning) == 0
    desk.app.outbox.nudge()
    week = newest(desk, "U_SUPERVISOR", lambda m: "客服周报" in text_of(m), "the week")
    assert len(week["files"]) == 2
    book = openpyxl.load_workbook(io.BytesIO(content_of(desk, "U_SUPERVISOR", week, ".xlsx")))
    overview = {row[0]: row[1] for row in book["总览"].iter_rows(values_only=True)}
    assert overview["提问"] == 0  # nothing was asked last week
    assert Image.open(io.BytesIO(content_of(desk, "U_SUPERVISOR", week, ".png"))).size == (1210, 825)


@pytest.mark.usefixtures("no_other_reminders")
def test_an_appointment_is_told_in_each_readers_language(desk: Desk) -> None:
    now = desk.services.desk.board.now()
    local = (now + timedelta(minutes=30)).astimezone(desk.services.settings.zone)
    meeting = Appointment.model_validate(
        {
            "key": "meeting",
            "name": {"zh": "部门例会", "en": "Department meeting"},
            "text": {"zh": "请带上本月数据。", "en": "Bring this month's figures."},
            "rule": "FREQ=DAILY",
            "at": f"{local:%H:%M}",
            "people": ["U_AGENT", "U_AGENT2"],
            "remind_minutes": [60],
        }
    )
    assert desk.services.desk.reminders.look([meeting], []) == 1
    desk.app.outbox.nudge()
    chinese = newest(desk, "U_AGENT", lambda m: "部门例会" in text_of(m), "the reminder")
    assert "请带上本月数据" in text_of(chinese)
    newest(desk, "U_AGENT2", lambda m: "Department meeting" in text_of(m), "the reminder in English")

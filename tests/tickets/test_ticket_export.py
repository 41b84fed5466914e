"""Exports opened again: everything is there, and nothing that was typed is a formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from desk_samples import AGENT, AGENT2, ORIGIN, SUPERVISOR, Clock, ticket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tickets import ticket_export
from tickets.desk import Desk
from tickets.ticket_records import TicketQuery

EVIL = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =HYPERLINK(1)", "=cmd|' /C calc'!A0")


def read_csv(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def read_xlsx(made: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_both_files_hold_what_the_desk_knows(desk: Desk, clock: Clock) -> None:
    for number, text in enumerate(EVIL):
        desk.log_ticket(AGENT, ticket(title=f"第{number}件", description=text), ORIGIN, f"t{number}")
    due = clock.now + timedelta(hours=1)
    one = desk.log_ticket(AGENT, ticket(title='换,"引号"\n换行'), ORIGIN, "x", due_at=due, customer="k1")
    desk.board.comment(AGENT, one.id, "已回电", "c1")
    desk.board.offer(AGENT, one.id, 1, AGENT2.id, "请")
    clock.advance(timedelta(hours=2))
    for kind, read in (("csv", read_csv), ("xlsx", read_xlsx)):
        made, count = desk.board.export(SUPERVISOR, TicketQuery(limit=1), kind)  # type: ignore[arg-type]
        head, *rows = read(made)
        assert tuple(head) == ticket_export.COLUMNS
        assert count == len(rows) == len(EVIL) + 1
        row = dict(zip(head, rows[0], strict=True))
        assert row["number"] == one.number
        assert row["title"] == '换,"引号"\n换行'
        assert (row["owner"], row["offered_to"], row["overdue"]) == ("安静", "安宁", "yes")
        assert row["comments"] == "2026-11-24 10:00 安静: 已回电"
        assert "k1" not in str(rows)
        assert all(not cell.lstrip(" ").startswith(("=", "+", "@")) or kind == "xlsx" for cell in rows[1])


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(ticket_export.as_xlsx([["a"] * len(EVIL), EVIL]))).active
    assert sheet is not None
    cells = list(sheet.iter_rows())[1]
    assert all(cell.data_type in ("s", "inlineStr") for cell in cells)
    assert [cell.value for cell in cells][:4] == list(EVIL[:4])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.text(max_size=30) | st.sampled_from(EVIL), min_size=3, max_size=3), max_size=8))
def test_whatever_is_written_comes_back_as_text(lines: list[list[str]]) -> None:
    back = read_csv(ticket_export.as_csv(lines)) if lines else []
    for cells, line in zip(back, lines, strict=True):
        for cell, text in zip(cells, line, strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    book = load_workbook(io.BytesIO(ticket_export.as_xlsx([["x", "y", "z"], *lines]))).active
    assert book is not None
    assert all(cell.data_type != "f" for row in book.iter_rows() for cell in row)

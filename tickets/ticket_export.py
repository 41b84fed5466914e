"""Tickets as CSV and XLSX. Nothing that somebody typed can become a formula in whoever's spreadsheet opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tickets.people import People
from tickets.records import Ticket
from tickets.ticket_records import TicketComment

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CELL = 32_767
"""Characters that a cell of a spreadsheet takes."""

COLUMNS = (
    "number", "state", "kind", "priority", "title", "description", "owner", "first_responder", "logged_by",
    "created_at", "updated_at", "due_at", "overdue", "contacts", "offered_to", "closed_by", "closed_at",
    "resolution", "merged_into", "clauses", "comments",
)  # fmt: skip
"""Names of the columns. Customers' keys are left out: nobody outside needs to tell who is the same."""

Row = tuple[Ticket, Sequence[TicketComment]]


def table(tickets: Sequence[Row], people: People, zone: ZoneInfo, now: datetime) -> list[list[str]]:
    """A heading and a line for each ticket; times are those of the site."""

    def moment(at: datetime | None) -> str:
        return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def name(user: str) -> str:
        return people.get(user).name if user else ""

    return [list(COLUMNS), *(_line(one, comments, moment, name, now) for one, comments in tickets)]


def _line(
    one: Ticket,
    comments: Sequence[TicketComment],
    moment: Callable[[datetime | None], str],
    name: Callable[[str], str],
    now: datetime,
) -> list[str]:
    said = [f"{moment(comment.at)} {name(comment.author_id)}: {comment.text}" for comment in comments]
    clauses = [f"《{basis.manual}》{basis.label}" for basis in one.content.policy_basis]
    return [
        one.number, one.state.value, one.content.kind, one.content.priority.value, one.content.title,
        one.content.description, name(one.owner_id), name(one.first_responder_id), name(one.logged_by),
        moment(one.created_at), moment(one.updated_at), moment(one.due_at), "yes" if one.overdue(now) else "",
        str(one.contacts), name(one.offer.to) if one.offer else "", name(one.closed_by), moment(one.closed_at),
        one.resolution, one.merged_into, "\n".join(clauses), "\n".join(said),
    ]  # fmt: skip


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: such text gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel shows Chinese as noise."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[harmless(cell) for cell in line] for line in lines])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one sheet; every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("tickets")
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines):
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_CELL])
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(_FORMULA)
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

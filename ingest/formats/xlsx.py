"""Excel files (.xlsx, .xlsm): each sheet's tables, values as they are displayed, formulas by the value last computed.

Read row by row, so that what a sheet declares about its size costs nothing.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import openpyxl
from openpyxl.utils.datetime import from_excel

from ingest.blocks import Block, BlockKind
from ingest.documents import Contents
from ingest.errors import IngestError
from ingest.formats.grids import Grid, table_blocks
from ingest.formats.number_formats import CHINESE_BUILT_IN, is_date, shown
from ingest.formats.packages import RELATIONSHIPS, Package

# Its remarks on odd files are no concern of who reads a manual.
warnings.filterwarnings("ignore", module="openpyxl")
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WIDEST = 256
_MOST_CELLS = 300_000
_EMPTY_RUN = 20_000
"""After so many empty rows in a row a sheet is over: what stands below is left-over formatting."""
_UNNAMED = re.compile(r"(?:sheet|工作表|表|sheet名称)\s*\d*", re.I)


def read_xlsx(package: Package, name: str, stream: object) -> Contents:
    """The blocks of an Excel file: `package` for its parts, `stream` (a binary file) for the cells.

    Raises IngestError when it holds more cells than a manual does. Hidden sheets are left out.
    """
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True)  # type: ignore[arg-type]
    merged = dict(_merges(package))
    sheets: list[tuple[str, list[Block]]] = []
    left = _MOST_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        grid = Grid()
        for row, column, text in _cells(sheet, book.epoch):
            left -= 1
            if left < 0:
                raise IngestError(
                    f"{name} holds more than {_MOST_CELLS} filled cells; split it into smaller files."
                )
            grid.put(row, column, text)
        _fill(grid, merged.get(sheet.title, []))
        blocks = list(table_blocks(grid, caption_level=3))
        if blocks:
            sheets.append((sheet.title, blocks))
    return Contents(tuple(_headed(sheets)), package.title())


def _cells(sheet: object, epoch: object) -> Iterator[tuple[int, int, str]]:
    """Place (from 0) and displayed text of each cell that shows something."""
    empty = 0
    for r, row in enumerate(sheet.iter_rows(max_col=_WIDEST)):  # type: ignore[attr-defined]
        filled = False
        for c, cell in enumerate(row):
            if cell.value is None:
                continue
            value, built_in, code = cell.value, cell.style_array.numFmtId, cell.number_format or "General"
            if isinstance(value, int | float) and not isinstance(value, bool):
                code = CHINESE_BUILT_IN.get(built_in, code)
                if is_date(code) and 0 <= value < 2958466:
                    value = from_excel(value, epoch)
            text = shown(value, code, built_in).strip()
            if text:
                filled = True
                yield r, c, text
        empty = 0 if filled else empty + 1
        if empty > _EMPTY_RUN:
            return


def _merges(package: Package) -> Iterator[tuple[str, list[tuple[int, int, int, int]]]]:
    """For each sheet by name the ranges of its merged cells: first row, first column, last row, last column."""
    main = package.first("", "officeDocument") or "xl/workbook.xml"
    root = package.xml(main)
    parts = package.related(main, "worksheet")
    for sheet in root.iter(f"{_S}sheet") if root is not None else ():
        part = package.xml(parts.get(sheet.get(f"{{{RELATIONSHIPS}}}id", ""), ""))
        ranges = []
        for cell in part.iter(f"{_S}mergeCell") if part is not None else ():
            match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", cell.get("ref", ""))
            if match:
                ranges.append((int(match[2]) - 1, _column(match[1]), int(match[4]) - 1, _column(match[3])))
        yield sheet.get("name", ""), ranges


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _fill(grid: Grid, ranges: list[tuple[int, int, int, int]]) -> None:
    """Write each merged cell into every place it covers, as far as the sheet is filled."""
    widest = max((c for _, c in grid.cells), default=0)
    for top, left, bottom, right in ranges:
        held = grid.cells.get((top, left))
        if held is not None:
            rows, width = min(bottom, grid.height - 1) - top + 1, min(right, widest) - left + 1
            grid.put(top, left, held[0], width=max(1, width), rows=max(1, rows))


def _headed(sheets: list[tuple[str, list[Block]]]) -> Iterator[Block]:
    """The sheets below each other. The title line of the only sheet names the manual; several are headings."""
    for name, blocks in sheets:
        first = blocks[0]
        if len(sheets) == 1 and first.kind is BlockKind.HEADING:
            yield Block(BlockKind.HEADING, first.text, 1)
            blocks = blocks[1:]
        if not _UNNAMED.fullmatch(name):
            yield Block(BlockKind.HEADING, name, 2)
        yield from blocks

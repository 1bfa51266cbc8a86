"""Tables as CSV and Excel whose cells cannot run: a text that a spreadsheet would take for a formula stays a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | bool | None
Say = Callable[[str], str]
"""Says an English heading in the language of whoever reads the table."""

FORMULA_STARTS = frozenset("=+-@\t\r")
"""A cell whose text begins with one of these may run as a formula when a spreadsheet opens the file."""


def inert(value: Cell) -> Cell:
    """A cell that no spreadsheet runs. Numbers are left alone; an apostrophe marks a text that looks like a formula."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in FORMULA_STARTS and value else value
    return value


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8, with the mark that makes Excel read it as such."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def excel_bytes(sheet_name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as an Excel file with one sheet, its heading bold and frozen."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name[:31])
    sheet.freeze_panes = "A2"
    bold = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, heading)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([_excel_cell(cell) for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """A moment on the site's wall clock, to the second; "" for none."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _excel_cell(value: Cell) -> Cell:
    value = inert(value)
    if isinstance(value, str):
        # Excel refuses control characters; a file with one in it cannot be opened at all.
        return "".join(c for c in value if c >= " " or c in "\n\t")
    return value

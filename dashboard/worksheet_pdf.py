"""The work sheet of an order as a PDF of A4 pages, for a crew's printer or telephone."""

from __future__ import annotations

import base64
import importlib.util
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from fpdf import FPDF, XPos, YPos
from fpdf.enums import VAlign
from fpdf.fonts import FontFace, TTFFont

from dashboard.language import ENGLISH, spoken, tr
from dashboard.times import clock, zone_title
from dashboard.words import issue_title, short
from dashboard.worksheet import told_facts, told_history, told_pictures
from detectors.errors import LamplighterError
from workorders.queries.order import OrderDetail

_CHINESE = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),  # its third face is the simplified Chinese
    (Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"), 0),
    (Path("/System/Library/Fonts/STHeiti Light.ttc"), 1),
    (Path("C:/Windows/Fonts/msyh.ttc"), 0),
)
"""Fonts with Chinese letters where systems keep them, and the face of each."""
_INK, _DIM, _RULE = (22, 35, 43), (94, 110, 119), (147, 164, 172)
_WIDE_MM, _PICTURE_MM, _LONGEST = 182.0, 62.0, 600


def worksheet_pdf(detail: OrderDetail, site: str, zone: ZoneInfo, now: datetime) -> bytes:
    """The sheet: what, where and until when, the pictures, lines to write on, the history.

    Raises:
        LamplighterError: no font on this machine can write the language.
    """
    sheet = _Sheet()
    row = detail.row
    number = tr("Order {number}", number=row.id)
    sheet.title(f"{issue_title(row.issue)} · {row.asset_label}", f"P{row.priority} · {number}")
    sheet.pairs(told_facts(detail, zone))
    sheet.pictures(told_pictures(detail), clock(detail.first_seen, zone))
    sheet.lines(tr("What was done"), 4)
    sheet.lines(tr("Parts used"), 2)
    sheet.fields(tr("Done by"), (tr("name"), tr("date and time"), tr("signature")))
    sheet.table(tr("History"), told_history(detail, zone))
    times, printed = tr("Times in {zone}", zone=zone_title(zone, now)), tr("Printed {time}", time=clock(now, zone))
    sheet.small(f"{site} · {times} · {printed}")
    return sheet.finish()


class _Sheet:
    """A4 pages that fill from the top."""

    def __init__(self) -> None:
        self._pdf = FPDF(format="A4")
        self._pdf.set_margins(14, 14)
        self._pdf.set_auto_page_break(True, 14)
        self._fonts = _Fonts(self._pdf)
        self._pdf.add_page()

    def title(self, text: str, mark: str) -> None:
        self._write(f"{mark}", 11, _DIM)
        self._write(short(text, 120), 17)
        self._pdf.set_draw_color(11, 110, 127)
        self._pdf.line(14, self._pdf.get_y() + 1, 196, self._pdf.get_y() + 1)
        self._pdf.ln(4)

    def pairs(self, told: Sequence[tuple[str, str]]) -> None:
        with self._table((22, 69, 22, 69)) as table:
            for left, right in zip(told[::2], told[1::2], strict=True):
                line = table.row()
                for name, text in (left, right):
                    line.cell(self._fonts.ready(name), style=FontFace(color=_DIM))
                    line.cell(self._fonts.ready(short(text, 120)))
        self._pdf.ln(3)

    def pictures(self, found: Sequence[tuple[str, str]], when: str) -> None:
        if not found:
            return
        x, top = 14.0, self._pdf.get_y()
        for title, address in found:
            data = BytesIO(base64.b64decode(address.partition(",")[2]))
            shown = self._pdf.image(
                data, x, top, (_WIDE_MM - 4) / len(found), _PICTURE_MM, keep_aspect_ratio=True, alt_text=title
            )
            x += shown.rendered_width + 4
        self._pdf.set_y(top + _PICTURE_MM + 1)
        self._write(" / ".join(title for title, _ in found) + f", {when}", 8.5, _DIM)

    def lines(self, heading: str, count: int) -> None:
        self._heading(heading)
        self._pdf.set_draw_color(*_RULE)
        for _ in range(count):
            self._pdf.ln(8)
            self._pdf.line(14, self._pdf.get_y(), 196, self._pdf.get_y())
        self._pdf.ln(1)

    def fields(self, heading: str, names: Sequence[str]) -> None:
        self.lines(heading, 1)
        for name in names:
            self._pdf.cell(_WIDE_MM / len(names), 5, self._fonts.ready(name))
        self._pdf.ln(5)

    def table(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        self._heading(heading)
        with self._table((34, 148)) as table:
            for at, text in rows:
                line = table.row()
                line.cell(self._fonts.ready(at), style=FontFace(color=_DIM))
                line.cell(self._fonts.ready(short(text, _LONGEST)))

    def small(self, text: str) -> None:
        self._pdf.ln(2)
        self._write(short(text, 300), 8, _DIM)

    def finish(self) -> bytes:
        return bytes(self._pdf.output())

    def _heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._write(text, 11)

    def _table(self, widths: tuple[int, ...]):  # type: ignore[no-untyped-def]  # fpdf names no public type for it
        self._font(9.5)
        return self._pdf.table(
            col_widths=widths,
            borders_layout="NONE",
            first_row_as_headings=False,
            line_height=5,
            align="LEFT",
            text_align="LEFT",
            v_align=VAlign.T,
        )

    def _write(self, text: str, size: float, tone: tuple[int, int, int] = _INK) -> None:
        self._font(size, tone)
        self._pdf.multi_cell(0, size * 0.5, self._fonts.ready(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._font(9.5)

    def _font(self, size: float, tone: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font(self._fonts.family, size=size)
        self._pdf.set_text_color(*tone)


class _Fonts:
    """What a sheet is written with; the font with Chinese letters, slow to read, only where its letters are needed."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf, self._chinese, plain = pdf, _chinese_font(), _plain_font()
        if plain is not None:
            pdf.add_font("plain", "", plain)
        self.family = "plain" if plain is not None and spoken() == ENGLISH else "chinese"
        own = pdf.fonts.get(self.family)
        self._letters = set(own.cmap) if isinstance(own, TTFFont) else set()
        self.ready("")

    def ready(self, text: str) -> str:
        """The text, once its letters can be written: the font that is not the sheet's own stands in for gaps."""
        missing = any(ord(letter) not in self._letters for letter in text if not letter.isspace())
        if self._chinese is not None and (missing or self.family == "chinese") and "chinese" not in self._pdf.fonts:
            self._pdf.add_font("chinese", "", self._chinese[0], collection_font_number=self._chinese[1])
            self._pdf.set_fallback_fonts([name for name in self._pdf.fonts if name != self.family])
        return text


def _chinese_font() -> tuple[Path, int] | None:
    """A font with Chinese letters on this machine, and which of its faces.

    Raises:
        LamplighterError: there is none, and the language needs one.
    """
    found = next(((file, face) for file, face in _CHINESE if file.is_file()), None)
    if found is None and spoken() != ENGLISH:
        raise LamplighterError(
            tr("No font for this language was found on this machine; install fonts-noto-cjk, or take the print view.")
        )
    return found


def _plain_font() -> Path | None:
    """DejaVu Sans, which comes with matplotlib, which comes with the detectors; its code is not loaded for it."""
    found = importlib.util.find_spec("matplotlib")
    file = (
        Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf" if found and found.origin else None
    )
    return file if file is not None and file.is_file() else None

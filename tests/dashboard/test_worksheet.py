"""The work sheet and the report: whole in one file, and harmless whatever the orders hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard import worksheet_pdf as pdf_sheet
from dashboard.language import speaking
from dashboard.report_file import report_file
from dashboard.views.report_parts import told
from dashboard.worksheet import worksheet
from dashboard.worksheet_pdf import worksheet_pdf
from detectors.errors import LamplighterError
from workorders.queries.order import order_detail
from workorders.queries.orders import orders_page
from workorders.register.sites import actor_of
from workorders.store import Store

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)


class Tags(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]


@pytest.mark.parametrize("site", ["working day", "hostile"], indirect=True)
def test_every_order_has_a_sheet_that_loads_nothing(site: Store) -> None:
    for row in orders_page(site).rows:
        sheet = worksheet(order_detail(site, row.id, actor_of(site, "operator")), "Harbour", ZoneInfo("UTC"), NOW)
        page = Tags()
        page.feed(sheet)

        assert f"Order {row.id}" in sheet
        assert not page.tags & {"script", "link", "iframe", "b"}
        assert all(source.startswith("data:image/jpeg;base64,") for source in page.sources)


def test_a_sheet_has_the_pictures_and_the_due_time(site: Store) -> None:
    detail = order_detail(site, 1, actor_of(site, "operator"))
    sheet = worksheet(detail, "Harbour", ZoneInfo("Asia/Shanghai"), NOW)

    assert sheet.count("<img") == 2
    assert detail.row.resolution_due.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M") in sheet


@pytest.mark.parametrize("site", ["working day", "hostile"], indirect=True)
def test_every_order_has_a_sheet_of_a4_pages(site: Store) -> None:
    for row in orders_page(site).rows:
        detail = order_detail(site, row.id, actor_of(site, "operator"))
        sheet = worksheet_pdf(detail, "Harbour", ZoneInfo("UTC"), NOW)

        assert sheet.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type /Page\b", sheet)) in (1, 2)
        assert b"/JavaScript" not in sheet


NEEDS_CHINESE = pytest.mark.skipif(
    not any(file.is_file() for file, _ in pdf_sheet._CHINESE), reason="no Chinese font on this machine"
)


@NEEDS_CHINESE
def test_an_english_sheet_brings_chinese_letters_only_where_it_needs_some(site: Store) -> None:
    detail = order_detail(site, 1, actor_of(site, "operator"))
    plain, chinese = (worksheet_pdf(detail, name, ZoneInfo("UTC"), NOW) for name in ("Harbour", "滨江"))

    assert b"CJK" not in plain
    assert b"CJK" in chinese


@NEEDS_CHINESE
def test_a_sheet_in_chinese_brings_its_letters(site: Store) -> None:
    detail = order_detail(site, 1, actor_of(site, "operator"))
    with speaking("zh_CN"):
        sheet = worksheet_pdf(detail, "滨江", ZoneInfo("Asia/Shanghai"), NOW)

    assert b"/FontFile" in sheet


def test_without_a_chinese_font_a_line_says_what_to_do(site: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_sheet, "_CHINESE", ((Path("/nowhere/font.ttc"), 0),))
    detail = order_detail(site, 1, actor_of(site, "operator"))

    with speaking("zh_CN"), pytest.raises(LamplighterError, match="fonts-noto-cjk"):
        worksheet_pdf(detail, "Harbour", ZoneInfo("UTC"), NOW)
    assert worksheet_pdf(detail, "Harbour", ZoneInfo("UTC"), NOW).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("site", ["working day", "hostile"], indirect=True)
def test_a_report_is_one_file_that_loads_nothing(site: Store, language: str) -> None:
    with speaking(language):
        of = told(site, site.now() - timedelta(days=365), 365)
        text = report_file(of, "<script>alert(1)</script> & Sons", ZoneInfo("Asia/Shanghai"), NOW).decode()
    page = Tags()
    page.feed(text)

    assert page.sources == []
    assert "alert(1)</script>" not in text
    assert text.count("plotly-graph-div") >= 6
    assert ("按问题" if language == "zh_CN" else "By issue") in text

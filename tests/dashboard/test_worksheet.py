"""The work sheet: whole in one file, and harmless whatever the order holds."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from dashboard.worksheet import worksheet
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

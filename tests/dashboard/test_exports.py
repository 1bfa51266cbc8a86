"""Tables that leave the dashboard: their headings are in the reader's language, and come back in."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook

from dashboard.language import ENGLISH, speaking
from dashboard.views.export import TABLE_TITLES, column_word, heading_word
from workorders.exports.assets import export_assets
from workorders.exports.orders import TABLE_WORDS, export_orders
from workorders.queries.orders import OrderFilter, Sort, orders_page
from workorders.register.mapping import FIELDS, guess_mapping
from workorders.store import Store


def test_every_word_of_the_table_of_orders_has_a_title() -> None:
    assert set(TABLE_TITLES) == set(TABLE_WORDS)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_headings_of_orders_are_chinese(site: Store, form: str) -> None:
    with speaking("zh_CN"):
        made = export_orders(site, form, say=heading_word)
    if form == "csv":
        headings, first = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))[:2]
    else:
        sheet = load_workbook(io.BytesIO(made)).active
        assert sheet is not None
        headings, first = ([str(cell.value) for cell in row] for row in list(sheet.rows)[:2])
        assert sheet.title == "工单 Riverside (演示数据)"
    assert headings[:4] == ["工单", "问题", "优先级", "状态"]
    assert [h for h in headings if re.search("[A-Za-z]", h.replace("(Asia/Shanghai)", ""))] == []
    assert "light_out" in first, "codes stay codes"


@pytest.mark.parametrize("form", ["csv", "geojson"])
@pytest.mark.parametrize("descending", [False, True], ids=["rising", "falling"])
@pytest.mark.parametrize("sort", list(Sort))
def test_orders_are_exported_as_the_table_shows_them(site: Store, form: str, sort: Sort, descending: bool) -> None:
    shown = [row.id for row in orders_page(site, OrderFilter(), sort, descending).rows]
    made = export_orders(site, form, OrderFilter(), sort=sort, descending=descending).decode("utf-8-sig")
    if form == "csv":
        exported = [int(row["Order"]) for row in csv.DictReader(io.StringIO(made))]
    else:
        exported = [feature["id"] for feature in json.loads(made)["features"]]

    assert len(shown) > 5
    assert exported == shown


@pytest.mark.parametrize("language", [ENGLISH, "zh_CN"])
def test_an_exported_register_is_read_again(site: Store, language: str) -> None:
    with speaking(language):
        made = export_assets(site, "csv", column_word)
    headings = next(csv.reader(io.StringIO(made.decode("utf-8-sig"))))

    assert guess_mapping(headings) == dict(zip(FIELDS, headings, strict=False))

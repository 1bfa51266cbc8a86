"""The table of orders: filters kept in the address, sorted and paged by SQL, acted on one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dashboard import address
from dashboard.components.order_table import FULL, OrderLine, order_table, picked_in
from dashboard.edge import guarded, show_outcome
from dashboard.language import tr, trn
from dashboard.pages import open_order
from dashboard.pictures import thumbnail
from dashboard.settings import POLL_S
from dashboard.situation import Here, here
from dashboard.views.bulk import PICKED, TABLE_TURN, bulk_bar
from dashboard.views.export import export_menu, heading_word
from dashboard.views.lines import lines
from dashboard.views.order_filter import PAGE, chosen_filter, filter_bar, view_bar
from dashboard.views.parts import heading, range_text
from dashboard.views.saved_views import saved_views_menu
from workorders.exports.orders import FORMATS, export_orders
from workorders.queries.evidence import small_pictures
from workorders.queries.orders import OrderFilter, OrdersPage, Sort, orders_page
from workorders.store import Store

ROWS = 25
_SORT = "sort"


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Work orders"), at)
    with st.container(horizontal=True, vertical_alignment="center"):
        view_bar()
        saved_views_menu(at)
    filter_bar(at)
    _table()


@st.fragment(run_every=POLL_S)
@guarded
def _table() -> None:
    """The rows. Asks for the store's version, and for the rows again only when it grew."""
    at = here()
    show_outcome()
    wanted = chosen_filter(at)
    sort, descending = _sorting()
    number = address.page_number(PAGE)
    slot = int(at.now.timestamp() // 20)
    page = _rows(at.store, at.store.url, at.store.version(), slot, wanted, sort, descending, number)
    pages = max(1, -(-page.total // ROWS))
    if number > pages:
        st.session_state[PAGE] = number = pages
        page = _rows(at.store, at.store.url, at.store.version(), slot, wanted, sort, descending, number)
    shown = {row.id for row in page.rows}
    table = f"orders_{st.session_state.get(TABLE_TURN, 0)}"
    selected = picked_in(table)
    picked = tuple(n for n in (st.session_state.get(PICKED, ()) if selected is None else selected) if n in shown)
    bulk_bar(at, picked, page, wanted)
    chosen = order_table(
        _with_pictures(lines(page.rows, at.zone), _pictures(at.store, at.store.url, at.store.version(), tuple(shown))),
        at.now,
        key=table,
        label=tr("Work orders"),
        empty=tr("No order matches. Change or clear the filters."),
        columns=FULL,
        sort=sort.value,
        descending=descending,
        selectable=True,
        picked=picked,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        export_menu(
            "orders", FORMATS, 
            lambda form: export_orders(at.store, form, wanted, heading_word, sort, descending),
            trn(
                "The {n} order that the filters choose, times in {zone}.",
                "The {n} orders that the filters choose, times in {zone}.", page.total, zone=at.zone.key,
            ),
        )  # fmt: skip
        first = (number - 1) * ROWS + 1 if page.total else 0
        st.caption(range_text(first, min(number * ROWS, page.total), page.total), width="stretch")
        if pages > 1:
            st.pagination(pages, key=PAGE, bind="query-params")
    if chosen.opened is not None:
        open_order(chosen.opened)
    if chosen.sorted is not None:
        _sort_by(Sort(chosen.sorted), sort, descending)


@st.cache_data(max_entries=60, ttl=60, show_spinner=False)
def _rows(
    _store: Store, url: str, version: int, slot: int, wanted: OrderFilter, sort: Sort, descending: bool, number: int
) -> OrdersPage:
    return orders_page(_store, wanted, sort, descending, ROWS, (number - 1) * ROWS)


@st.cache_data(max_entries=60, ttl=60, show_spinner=False)
def _pictures(_store: Store, url: str, version: int, ids: tuple[int, ...]) -> Mapping[int, Path]:
    return small_pictures(_store, ids)


def _with_pictures(rows: list[OrderLine], pictures: Mapping[int, Path]) -> list[OrderLine]:
    return [replace(line, thumb=thumbnail(pictures.get(line.id))) for line in rows]


def _sorting() -> tuple[Sort, bool]:
    """Column and direction that the address names: `due`, or `-opened` for the newest first."""
    asked = st.query_params.get(_SORT, Sort.DUE.value)
    name = asked.removeprefix("-")
    return (Sort(name), asked.startswith("-")) if name in set(Sort) else (Sort.DUE, False)


def _sort_by(column: Sort, before: Sort, descending: bool) -> None:
    turned = not descending if column is before else False
    st.query_params[_SORT] = f"-{column.value}" if turned else column.value
    st.rerun(scope="fragment")

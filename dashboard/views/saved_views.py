"""Saved views: filters of the table of orders under a name, each person's own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.views.order_filter import FILTERS, PAGE
from dashboard.words import short
from workorders.register.views import LONGEST_NAME, ViewRow, delete_view, save_view, saved_views

_SORT = "sort"


def saved_views_menu(at: Here) -> None:
    """A button with the person's views: go to one, keep the present filters as one, delete one."""
    with st.popover(tr("Views"), icon=":material/bookmarks:"):
        rows = saved_views(at.store, at.actor)
        if not rows:
            st.caption(tr("No view is saved yet."))
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    short(row.name, LONGEST_NAME), key=f"view_{row.id}", type="tertiary", width="stretch",
                    on_click=_go, args=(row,),
                )  # fmt: skip
                st.button(
                    "", icon=":material/delete:", key=f"forget_view_{row.id}", type="tertiary", on_click=_forget,
                    args=(at, row.id), help=tr("Delete this view"),
                )  # fmt: skip
        with st.form("save_view", border=False, clear_on_submit=True):
            st.text_input(tr("Name for the present filters"), key="view_name", max_chars=LONGEST_NAME)
            st.form_submit_button(tr("Save view"), on_click=_save, args=(at,))


def _go(row: ViewRow) -> None:
    wanted = parse_qs(row.query)
    st.session_state.pop(PAGE, None)
    for name in (*FILTERS, _SORT):
        if name in wanted:
            st.query_params[name] = wanted[name]
        else:
            st.query_params.pop(name, None)


def _save(at: Here) -> None:
    said = {name: st.query_params.get_all(name) for name in (*FILTERS, _SORT) if name in st.query_params}

    def act() -> str:
        save_view(at.store, acting(at.store), st.session_state["view_name"], urlencode(said, doseq=True))
        return tr("The view is saved.")

    attempt(act)


def _forget(at: Here, view_id: int) -> None:
    def act() -> str:
        delete_view(at.store, acting(at.store), view_id)
        return tr("The view is deleted.")

    attempt(act)

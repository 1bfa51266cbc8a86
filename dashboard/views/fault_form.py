"""Reporting a fault by hand: what a visitor or a crew saw, and no camera."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt
from dashboard.situation import Here, acting
from dashboard.words import PRIORITY_MARKS, issue_title, priority_title
from detectors.issues import ISSUES
from workorders.orders.by_hand import raise_order
from workorders.queries.assets import AssetRow

USUAL = "as usual"


def fault_form(at: Here, row: AssetRow) -> None:
    """Which issue, how urgent, and who says so."""
    possible = [code for code, kind in ISSUES.items() if not kind.asset_kinds or row.kind in kind.asset_kinds]
    with st.form("fault", border=False):
        st.selectbox("What is wrong", possible, format_func=issue_title, key="fault_issue")
        st.selectbox("Priority", [USUAL, *(priority_title(number) for number in PRIORITY_MARKS)], key="fault_priority")
        st.text_input("Who saw it, and what", key="fault_note", max_chars=500)
        st.form_submit_button("Raise an order", type="primary", on_click=_raise, args=(at, row.id))


def _raise(at: Here, asset_id: str) -> None:
    said = st.session_state

    def act() -> str:
        titles = {priority_title(number): number for number in PRIORITY_MARKS}
        done = raise_order(
            at.store, acting(at.store), said["fault_issue"], asset_id=asset_id,
            priority=titles.get(said["fault_priority"]), note=said["fault_note"],
        )  # fmt: skip
        return f"Order {done.order_id} is raised."

    attempt(act)

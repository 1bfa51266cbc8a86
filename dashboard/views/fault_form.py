"""Reporting a fault by hand: what a visitor or a crew saw, and no camera."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.words import PRIORITY_MARKS, issue_title, priority_title
from detectors.issues import ISSUES
from workorders.orders.by_hand import raise_order
from workorders.queries.assets import AssetRow

USUAL = 0


def fault_form(at: Here, row: AssetRow) -> None:
    """Which issue, how urgent, and who says so."""
    possible = [code for code, kind in ISSUES.items() if not kind.asset_kinds or row.kind in kind.asset_kinds]
    with st.form("fault", border=False):
        st.selectbox(tr("What is wrong"), possible, format_func=issue_title, key="fault_issue")
        st.selectbox(
            tr("Priority"), [USUAL, *PRIORITY_MARKS], key="fault_priority",
            format_func=lambda number: priority_title(number) if number else tr("as usual"),
        )  # fmt: skip
        st.text_input(tr("Who saw it, and what"), key="fault_note", max_chars=500)
        st.form_submit_button(tr("Raise an order"), type="primary", on_click=_raise, args=(at, row.id))


def _raise(at: Here, asset_id: str) -> None:
    said = st.session_state

    def act() -> str:
        done = raise_order(
            at.store, acting(at.store), said["fault_issue"], asset_id=asset_id,
            priority=said["fault_priority"] or None, note=said["fault_note"],
        )  # fmt: skip
        return tr("Order {number} is raised.", number=done.order_id)

    attempt(act)

"""Tells whoever reads an order that it has changed meanwhile, without taking the page from under their hands."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import guarded
from dashboard.language import tr
from dashboard.settings import POLL_S
from dashboard.situation import here
from workorders.queries.order import OrderPulse, order_pulse


@st.fragment(run_every=POLL_S)
@guarded
def order_news(order_id: int, read: OrderPulse) -> None:
    """A line with a button as soon as the order differs from what was read."""
    now = order_pulse(here().store, order_id)
    if now == read:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(":blue[:material/sync:] " + tr("This order has changed meanwhile."), width="stretch")
        if st.button(tr("Show it anew"), key="order_anew"):
            st.rerun()

"""One action on many orders: each order is done whole or refused with its own line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr, trn
from dashboard.situation import Here, acting
from dashboard.told import told
from dashboard.views.order_actions import fill_in, request_of
from dashboard.views.parts import refusal_for_viewers
from dashboard.words import ACTION_ICONS, ACTION_TITLES
from workorders.errors import NotAllowed
from workorders.orders.desk import perform_many
from workorders.orders.lifecycle import allowed
from workorders.queries.orders import OrderFilter, OrdersPage
from workorders.words import Action, Role

PICKED = "picked_orders"
TABLE_TURN = "orders_turn"
"""Number of the table's present life: counting it up begins a new one, with nothing selected."""

_OFFERED = (
    Action.ACKNOWLEDGE, Action.ASSIGN, Action.START, Action.HOLD, Action.RESUME, Action.RESOLVE, Action.VERIFY,
    Action.CLOSE, Action.DISMISS, Action.REOPEN,
)  # fmt: skip
_NEEDS_WORDS = {Action.ASSIGN, Action.HOLD, Action.RESOLVE, Action.DISMISS, Action.REOPEN}
_LINES_SHOWN = 3


def bulk_bar(at: Here, picked: Sequence[int], page: OrdersPage, wanted: OrderFilter) -> None:
    """What can be done with the selected orders; nothing while none is selected."""
    if not picked:
        return
    states = {row.state for row in page.rows if row.id in picked}
    possible = [action for action in _OFFERED if any(action in allowed(state) for state in states)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.markdown(tr("**{n} selected**", n=len(picked)), width="content")
        if at.actor.role is Role.VIEWER:
            refusal_for_viewers(at)
            possible = []
        for action in possible:
            title, icon = ACTION_TITLES[action], ACTION_ICONS[action]
            if action in _NEEDS_WORDS:
                with st.popover(title, icon=icon), st.form(f"bulk_form_{action.value}", border=False):
                    fill_in(at, action, prefix=f"bulk_{action.value}")
                    st.form_submit_button(
                        trn("{action}: {n} order", "{action}: {n} orders", len(picked), action=title),
                        type="primary", on_click=_do, args=(at, tuple(picked), action),
                    )  # fmt: skip
            else:
                st.button(title, icon=icon, key=f"bulk_{action.value}", on_click=_do, args=(at, tuple(picked), action))
        st.button(tr("Clear selection"), type="tertiary", on_click=_forget)


def _do(at: Here, picked: tuple[int, ...], action: Action) -> None:
    request = request_of(action, f"bulk_{action.value}")

    def act() -> str:
        outcome = perform_many(at.store, acting(at.store), picked, request)
        if outcome.refused:
            lines = " ".join(told(line) for _, line in outcome.refused[:_LINES_SHOWN])
            more = len(outcome.refused) - _LINES_SHOWN
            counts = tr("{done} done, {refused} refused.", done=len(outcome.done), refused=len(outcome.refused))
            rest = " " + tr("And {n} more.", n=more) if more > 0 else ""
            raise NotAllowed(f"{counts} {lines}{rest}")
        return trn(
            "{action}: {n} order done.", "{action}: {n} orders done.", len(outcome.done), action=ACTION_TITLES[action]
        )

    attempt(act)
    _forget()


def _forget() -> None:
    st.session_state[PICKED] = ()
    st.session_state[TABLE_TURN] = st.session_state.get(TABLE_TURN, 0) + 1

"""Service levels: how soon an order of each priority is answered and repaired, and when its clocks run."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.edge import attempt
from dashboard.language import Titles, mark, tr
from dashboard.situation import Here, acting
from dashboard.times import DAYS, clock, days_text, span
from dashboard.words import priority_title, setter
from workorders.orders.clocks import Calendar
from workorders.orders.policy import set_policy
from workorders.queries.people import PolicyRow, policies
from workorders.words import Role

ALWAYS, WORKING = "always", "working"
_HOURS = Titles({ALWAYS: mark("day and night"), WORKING: mark("working hours")})


def levels_panel(at: Here) -> None:
    """The levels in force, and new ones for a priority."""
    rows = policies(at.store)
    st.dataframe(
        pd.DataFrame(
            {
                tr("Priority"): [priority_title(row.priority) for row in rows],
                tr("Answer within"): [span(row.response) for row in rows],
                tr("Repair within"): [span(row.resolution) for row in rows],
                tr("Clocks run"): [_hours(row.calendar) for row in rows],
                tr("In force since"): [clock(row.valid_from, at.zone) for row in rows],
                tr("Set by"): [setter(row.set_by) for row in rows],
            }
        ),
        hide_index=True, width="content", alt=tr("Service levels in force"),
    )  # fmt: skip
    if at.actor.role is Role.MANAGER:
        _form(at, rows)


def _form(at: Here, rows: tuple[PolicyRow, ...]) -> None:
    with st.container(border=True):
        st.markdown(tr("**New targets.** They hold for orders opened from now on; open orders keep theirs."))
        by_priority = {row.priority: row for row in rows}
        priority = st.selectbox(
            tr("Priority"), list(by_priority), format_func=priority_title, key="policy_priority", width=140
        )
        now = by_priority[priority]
        kept = now.calendar or Calendar(at.zone.key, frozenset(range(5)), time(8), time(18))
        # Fields of their own for each priority: what is typed for one says nothing of another.
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                tr("Answer within, minutes"), 1, 100_000, round(now.response / timedelta(minutes=1)),
                key=f"policy_response_{priority}", width=190,
            )  # fmt: skip
            st.number_input(
                tr("Repair within, minutes"), 1, 1_000_000, round(now.resolution / timedelta(minutes=1)),
                key=f"policy_resolution_{priority}", width=190,
            )  # fmt: skip
            runs = st.selectbox(
                tr("Clocks run"), list(_HOURS), index=int(now.calendar is not None), format_func=_HOURS.__getitem__,
                key=f"policy_runs_{priority}", width=170,
            )  # fmt: skip
        if runs == WORKING:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.multiselect(
                    tr("Days"), list(DAYS), sorted(kept.days), format_func=DAYS.__getitem__,
                    key=f"policy_days_{priority}", width=420,
                )  # fmt: skip
                st.time_input(tr("From"), kept.opens, key=f"policy_opens_{priority}", width=130)
                st.time_input(tr("To"), kept.closes, key=f"policy_closes_{priority}", width=130)
            st.caption(tr("On the site's wall clock, {zone}.", zone=at.zone.key))
        st.button(tr("Set"), type="primary", key="set_policy", on_click=_set, args=(at, priority, kept))


def _set(at: Here, priority: int, kept: Calendar) -> None:
    def said(name: str) -> Any:
        # Asked for now: what was typed last may not have been drawn yet when the button was pressed.
        return st.session_state[f"policy_{name}_{priority}"]

    def act() -> str:
        answer, repair = timedelta(minutes=said("response")), timedelta(minutes=said("resolution"))
        calendar = None
        if said("runs") == WORKING:
            days = frozenset(said("days"))
            calendar = Calendar(at.zone.key, days, said("opens"), said("closes"), kept.holidays)
        set_policy(at.store, acting(at.store), priority, answer, repair, calendar)
        return tr(
            "{priority}: answer within {answer}, repair within {repair}.",
            priority=priority_title(priority), answer=span(answer), repair=span(repair),
        )  # fmt: skip

    attempt(act)


def _hours(calendar: Calendar | None) -> str:
    if calendar is None:
        return tr("day and night")
    return f"{days_text(calendar.days)}, {calendar.opens:%H:%M} – {calendar.closes:%H:%M}"

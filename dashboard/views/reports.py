"""Reports: how many orders, of what, when and where; how fast they were settled; what keeps coming back."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import address
from dashboard.language import listed, tr
from dashboard.pages import ASSETS
from dashboard.situation import Here
from dashboard.times import span
from dashboard.views.charts import CONFIG, bars, orders_a_week, share_text
from dashboard.views.parts import heading
from dashboard.words import DISMISS_TITLES, issue_title, kind_title, priority_title, short
from workorders.queries.attainment import AttainmentRow, by_issue, by_priority, by_team, by_week
from workorders.queries.orders import MOST_ROWS, OrderFilter, OrdersPage, Sort, orders_page
from workorders.store import Store
from workorders.words import OrderState

PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365}
_USUAL = "30"
_TOP = 10


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Reports"), at)
    days = PERIODS[address.one("period", PERIODS, _USUAL)]
    st.segmented_control(
        tr("Period"), list(PERIODS), key="period", required=True, label_visibility="collapsed",
        format_func=lambda code: tr("a year") if code == "365" else tr("{n} days", n=code),
        on_change=address.keeper("period", _USUAL),
    )  # fmt: skip
    since = (at.now - timedelta(days=days)).replace(second=0, microsecond=0)
    page = _orders(at.store, at.store.url, at.store.version(), since)
    if not page.rows:
        st.info(tr("No order was opened in this time."), icon=":material/query_stats:")
        return
    _figures(page)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(tr("Orders a week"), anchor=False)
        weeks = by_week(at.store, max(4, days // 7 + 1))
        st.plotly_chart(
            orders_a_week(weeks, 260), config=CONFIG, key="weeks", alt=tr("Orders opened and resolved each week")
        )
        st.subheader(tr("By issue"), anchor=False)
        issues = Counter(issue_title(row.issue) for row in page.rows)
        st.plotly_chart(_counted(issues), config=CONFIG, key="issues", alt=tr("Orders by issue"))
    with right:
        st.subheader(tr("By hour of the day, {zone}", zone=at.site.time_zone), anchor=False)
        hours = Counter(row.opened_at.astimezone(at.zone).hour for row in page.rows)
        day = bars([f"{hour:02}" for hour in range(24)], [hours[hour] for hour in range(24)], 260)
        st.plotly_chart(day, config=CONFIG, key="hours", alt=tr("Orders by hour of the day"))
        st.subheader(tr("By place"), anchor=False)
        places = Counter(short(row.place or row.camera_name or "—", 40) for row in page.rows)
        st.plotly_chart(_counted(places), config=CONFIG, key="places", alt=tr("Orders by place"))
    _attainment(at, since)
    _offenders(page)


@st.cache_data(max_entries=8, ttl=300, show_spinner=False)
def _orders(_store: Store, url: str, version: int, since: datetime) -> OrdersPage:
    return orders_page(_store, OrderFilter(opened_from=since), Sort.OPENED, descending=True, limit=MOST_ROWS)


def _figures(page: OrdersPage) -> None:
    resolved = [row for row in page.rows if row.resolved_at is not None]
    times = sorted((row.resolved_at - row.opened_at).total_seconds() for row in resolved if row.resolved_at)
    dismissed = sum(row.state is OrderState.DISMISSED for row in page.rows)
    with st.grid(5, min_column_width=150, gap="small"):
        st.metric(tr("Opened"), f"{page.total:,}", border=True)
        st.metric(tr("Resolved"), f"{len(resolved):,}", border=True)
        st.metric(
            tr("Half resolved within"), span(times[len(times) // 2]) if times else "—", border=True,
            help=tr("From opening to the report of the repair, time on hold included."),
        )  # fmt: skip
        st.metric(tr("90 % within"), span(times[int(len(times) * 0.9)]) if times else "—", border=True)
        st.metric(
            tr("Dismissed"), share_text(dismissed, len(page.rows)), border=True,
            help=tr(
                "Share of the orders that people dismissed ({reasons}).",
                reasons=listed(DISMISS_TITLES.values()).lower(),
            ),
        )  # fmt: skip
    if page.total > len(page.rows):
        st.caption(
            tr(
                "Shares, hours, places and issues are of the latest {shown} of these {total} orders.",
                shown=f"{len(page.rows):,}",
                total=f"{page.total:,}",
            )
        )


def _counted(counts: Counter[str]) -> go.Figure:
    top = counts.most_common(_TOP)
    rest = sum(counts.values()) - sum(count for _, count in top)
    names, values = [name for name, _ in top], [count for _, count in top]
    if rest:
        names, values = [*names, tr("others")], [*values, rest]
    return bars(names, values, 90 + 26 * len(names), across=True)


def _attainment(at: Here, since: datetime) -> None:
    st.subheader(tr("Service levels of the orders resolved in this time"), anchor=False)
    with st.grid(3, min_column_width=330, gap="medium"):
        for title, rows, named in (
            (tr("Priority"), by_priority(at.store, since), lambda name: priority_title(int(name))),
            (tr("Issue"), by_issue(at.store, since), issue_title),
            (tr("Team"), by_team(at.store, since), lambda name: name or tr("no team")),
        ):
            names = [short(named(row.name), 60) for row in rows]
            alt = tr("Service levels by {what}", what=title.lower())
            st.dataframe(_levels(title, names, rows), hide_index=True, alt=alt)


def _levels(title: str, names: list[str], rows: tuple[AttainmentRow, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            title: names,
            tr("Resolved"): [row.resolved for row in rows],
            tr("In time"): [share_text(row.in_policy, row.resolved) for row in rows],
            tr("In 20 min"): [share_text(row.in_target, row.resolved) for row in rows],
            tr("Mean"): [span(row.mean_s) if row.mean_s is not None else "—" for row in rows],
        }
    )


def _offenders(page: OrdersPage) -> None:
    """Assets with more than one order in the time."""
    counts = Counter((row.asset_id, row.asset_kind, row.asset_label) for row in page.rows if row.asset_id)
    again = [(key, count) for key, count in counts.most_common(_TOP) if count > 1]
    if not again:
        return
    st.subheader(tr("What keeps coming back"), anchor=False)
    event = st.dataframe(
        {
            tr("Asset"): [key[0] for key, _ in again],
            tr("Kind"): [kind_title(key[1]) for key, _ in again],
            tr("Name"): [short(key[2], 80) for key, _ in again],
            tr("Orders"): [count for _, count in again],
        },
        hide_index=True, on_select="rerun", selection_mode="single-row", key="offenders",
        alt=tr("Assets that come back"),
    )  # fmt: skip
    if event.selection.rows:
        st.switch_page(ASSETS, query_params={"id": str(again[event.selection.rows[0]][0][0])})

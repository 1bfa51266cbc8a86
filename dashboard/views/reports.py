"""Reports: how many orders, of what, when and where; how fast they were settled, what comes back, what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import address
from dashboard.language import in_this_language, tr
from dashboard.pages import ASSETS
from dashboard.report_file import report_file
from dashboard.situation import Here
from dashboard.views.charts import CONFIG
from dashboard.views.parts import heading
from dashboard.views.report_parts import Told, charts, cost_table, figures, offenders, tables, told
from workorders.store import Store

PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365}
_USUAL = "30"


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Reports"), at)
    days = PERIODS[address.one("period", PERIODS, _USUAL)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            tr("Period"), list(PERIODS), key="period", required=True, label_visibility="collapsed",
            format_func=lambda code: tr("a year") if code == "365" else tr("{n} days", n=code),
            on_change=address.keeper("period", _USUAL),
        )  # fmt: skip
        since = (at.now - timedelta(days=days)).replace(second=0, microsecond=0)
        of = _told(at.store, at.store.url, at.store.version(), since, days)
        if of.figures.opened:
            _download(at, of)
    if not of.figures.opened:
        st.info(tr("No order was opened in this time."), icon=":material/query_stats:")
        if of.costs:
            _table(*cost_table(of))
        return
    with st.grid(6, min_column_width=128, gap="small"):
        for one in figures(of):
            st.metric(one.name, one.value, border=True, height="stretch", help=one.meaning or None)
    columns = st.columns(2, gap="medium")
    for n, (key, title, figure) in enumerate(charts(of, at.zone.key)):
        with columns[n % 2]:
            st.subheader(title, anchor=False)
            st.plotly_chart(figure, config=CONFIG, key=key, alt=title)
    with st.grid(2, min_column_width=420, gap="medium"):
        for title, rows in tables(of):
            with st.container():
                _table(title, rows)
    if not of.figures.resolved:
        st.caption(tr("No order of this time has been repaired yet: times and service levels come with the first one."))
    _table(*cost_table(of))
    _offenders(of)


def _table(title: str, rows: pd.DataFrame) -> None:
    st.subheader(title, anchor=False)
    st.dataframe(rows, hide_index=True, alt=title)


@st.cache_data(max_entries=8, ttl=300, show_spinner=False)
def _told(_store: Store, url: str, version: int, since: datetime, days: int) -> Told:
    return told(_store, since, days)


def _download(at: Here, of: Told) -> None:
    st.download_button(
        tr("Report as a file"), in_this_language(lambda: report_file(of, at.site.name, at.zone, at.now)),
        file_name=f"report-{at.now.astimezone(at.zone):%Y-%m-%d}.html", mime="text/html", on_click="ignore",
        icon=":material/download:", key="report_file",
        help=tr("One HTML page with every chart inside; open it anywhere, print it, or send it."),
    )  # fmt: skip


def _offenders(of: Told) -> None:
    if not of.figures.offenders:
        return
    st.subheader(tr("What keeps coming back"), anchor=False)
    event = st.dataframe(
        offenders(of), hide_index=True, on_select="rerun", selection_mode="single-row", key="offenders",
        alt=tr("Assets that come back"),
    )  # fmt: skip
    if event.selection.rows:
        st.switch_page(ASSETS, query_params={"id": of.figures.offenders[event.selection.rows[0]].asset_id})

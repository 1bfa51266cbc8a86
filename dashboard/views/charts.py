"""Charts, in the colours of the theme that the page is shown in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboard.language import tr
from dashboard.times import span
from workorders.queries.attainment import WeekRow

CONFIG = {"displayModeBar": False, "scrollZoom": False}
_paper: ContextVar[bool] = ContextVar("paper", default=False)
_MOST_FORTNIGHTS = 20
"""Weeks up to which every second one is named; of more of them one a month, or names lie across each other."""
_BARS_APART = 6
"""Fewer bars than this are drawn as narrow as if there were so many: one alone would fill the picture."""
_MARGIN = {"l": 8, "r": 8, "t": 6, "b": 4}


@contextmanager
def on_paper() -> Iterator[None]:
    """Draw in the colours of the light theme, whatever the page is shown in: for what is printed or sent."""
    token = _paper.set(True)
    try:
        yield
    finally:
        _paper.reset(token)


def orders_a_week(weeks: Sequence[WeekRow], height: int = 210) -> go.Figure:
    """Orders opened each week as bars, and the share of the resolved ones that met their target as a line."""
    days = [week.monday for week in weeks]
    share = [week.in_policy / week.resolved if week.resolved else None for week in weeks]
    most = max(2, *(week.opened for week in weeks))
    most += most % 2
    figure = go.Figure()
    figure.add_bar(x=days, y=[week.opened for week in weeks], name=tr("opened"), marker_color=colour("bars"))
    figure.add_scatter(
        x=days, y=share, name=tr("resolved in time"), yaxis="y2", mode="lines+markers", line={"color": colour("line")}
    )
    figure.update_layout(
        height=height,
        margin=_MARGIN,
        bargap=0.35,
        legend={"orientation": "h", "y": 1.18, "x": 0},
        xaxis={
            "tickformat": tr("%-d %b"),
            "hoverformat": tr("%-d %b %Y"),
            "dtick": "M1" if len(days) > _MOST_FORTNIGHTS else 14 * 86_400_000,
            "tick0": days[0].isoformat() if days else None,
        },
        yaxis={"range": [0, most * 1.04], "tickvals": [0, most // 2, most]},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 1.04],
            "tickvals": [0, 0.5, 1],
            "tickformat": ".0%",
            "showgrid": False,
        },
        hovermode="x unified",
    )
    return figure


def bars(names: Sequence[str], values: Sequence[int], height: int, across: bool = False) -> go.Figure:
    """Counts as bars; `across` lays them down, the first on top, so that long names can be read."""
    figure = go.Figure()
    shown = [escape(name) for name in names]
    if across:
        figure.add_bar(
            y=shown, x=list(values), orientation="h", text=list(values), textangle=0, marker_color=colour("bars")
        )
        figure.update_yaxes(autorange="reversed", automargin=True, type="category")
        figure.update_xaxes(visible=False)
    else:
        figure.add_bar(x=shown, y=list(values), marker_color=colour("bars"))
        figure.update_xaxes(type="category", tickangle=0)
        figure.update_yaxes(rangemode="tozero", tickformat="d", nticks=4)
    gap = 1 - 0.65 * min(1.0, len(names) / _BARS_APART)
    figure.update_layout(height=height, margin=_MARGIN, bargap=gap, showlegend=False)
    return figure


def spread(seconds: Sequence[float], target_s: float | None, height: int) -> go.Figure:
    """How long things took, as the share of them in classes of time; those within the target stand out."""
    edges = (60, 300, 600, 1_200, 3_600, 4 * 3_600, 86_400, float("inf"))
    counts = [0] * len(edges)
    for took in seconds:
        counts[next(n for n, edge in enumerate(edges) if took <= edge)] += 1
    names = [tr("≤ {span}", span=span(edge)) for edge in edges[:-1]] + [tr("> {span}", span=span(edges[-2]))]
    tones = [colour("bars" if target_s is None or edge <= target_s else "quiet") for edge in edges]
    figure = go.Figure()
    shares = [count / len(seconds) if seconds else 0 for count in counts]
    figure.add_bar(x=names, y=shares, marker_color=tones, customdata=counts, hovertemplate="%{y:.1%} · %{customdata}")
    figure.update_xaxes(type="category", tickangle=0)
    figure.update_yaxes(rangemode="tozero", tickformat=".0%", nticks=4)
    figure.update_layout(height=height, margin=_MARGIN, bargap=0.25, showlegend=False)
    return figure


def share_text(part: int, whole: int) -> str:
    """A share in percent; an em dash where there is nothing to share."""
    return "—" if not whole else "100 %" if part == whole else f"{100 * part / whole:.1f} %"


def colour(role: str) -> str:
    """A colour by what it is for: `bars`, `line`, `text`, `good`, `bad`, `quiet`, `grid`."""
    dark = not _paper.get() and st.context.theme.type == "dark"
    light_tone, dark_tone = {
        "bars": ("#0B6E7F", "#2A8FA0"),
        "line": ("#B85C00", "#F5A04C"),
        "text": ("#16232B", "#DCE5E8"),
        "good": ("#1E7B45", "#5CC98A"),
        "bad": ("#C0262D", "#FF7A75"),
        "quiet": ("#87969E", "#5F727B"),
        "grid": ("rgba(110, 130, 140, .2)", "rgba(110, 130, 140, .2)"),
    }[role]
    return dark_tone if dark else light_tone

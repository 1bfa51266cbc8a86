"""The map: assets by condition, orders by priority, cameras. Drawn without tiles, so it needs no network."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from dashboard.language import spoken, tr
from dashboard.pages import ASSETS, CAMERAS, INSPECT, open_order
from dashboard.situation import Here
from dashboard.views.charts import colour
from dashboard.views.lines import what
from dashboard.views.parts import heading
from dashboard.words import (
    CONDITION_TITLES,
    HEALTH_TITLES,
    PRIORITY_MARKS,
    STATE_TITLES,
    issue_title,
    kind_title,
    priority_title,
    short,
)
from workorders.queries.assets import AssetRow, asset_points
from workorders.queries.cameras import CameraRow, cameras
from workorders.queries.orders import MOST_ROWS, OrderFilter, OrderRow, Sort, orders_page
from workorders.store import Store
from workorders.words import WAITING_STATES, Condition

Spot = tuple[float, float]
"""Metres east and north of the middle of what is shown."""

METRES_A_DEGREE = 111_320.0
_RING_M = 4.0
"""How far apart things are drawn that are registered at one and the same place."""
_PRIORITY_TONES = {
    1: ("#C0262D", "#FF7A75"),
    2: ("#B85C00", "#F5A04C"),
    3: ("#2B63B8", "#7FB0F5"),
    4: ("#5E6E77", "#93A4AC"),
}
_SYMBOLS = {1: "diamond", 2: "triangle-up", 3: "square", 4: "circle-open"}
_CONDITIONS = {
    Condition.OK: ("good", "circle"),
    Condition.FAULT: ("bad", "x"),
    Condition.UNKNOWN: ("quiet", "circle-open"),
}


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something with a place: what it is drawn as, what it says, where a click leads."""

    layer: str
    latitude: float
    longitude: float
    text: str
    page: str
    id: str


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Map"), at)
    drawn = _drawn(at.store, at.store.url, at.store.version(), st.context.theme.type == "dark", spoken())
    if drawn is None:
        st.info(
            tr(
                "Nothing has a place yet. Give cameras and assets a latitude and longitude, "
                "by hand or by a register file."
            ),
            icon=":material/map:",
        )
        st.page_link(INSPECT, label=tr("Inspect a clip"), icon=":material/movie:")
        return
    state = st.plotly_chart(
        drawn, key="map", on_select="rerun", selection_mode="points",
        config={"scrollZoom": True, "displaylogo": False}, alt=tr("Assets, cameras and open orders of the site"),
    )  # fmt: skip
    st.caption(
        tr(
            "Drag to move, scroll to zoom, click to open. Metres from the middle. Things that are registered at the "
            "same place are drawn side by side."
        )
    )
    chosen = state.selection.points
    if chosen:
        _open(str(chosen[0]["customdata"][0]), str(chosen[0]["customdata"][1]))


# Thousands of points take most of a second to read and draw; nobody changes a figure once it is drawn.
@st.cache_resource(max_entries=4, ttl=600, show_spinner=False)
def _drawn(_store: Store, url: str, version: int, dark: bool, language: str) -> go.Figure | None:
    """The map of a version of the store; None when nothing has a place."""
    orders = orders_page(_store, OrderFilter(states=WAITING_STATES), Sort.PRIORITY, limit=MOST_ROWS)
    things = [*_assets(asset_points(_store)), *_cameras(cameras(_store)), *_orders(orders.rows)]
    return _figure(things, place(things), dark) if things else None


def place(things: Sequence[_Thing]) -> list[Spot]:
    """Where each thing is drawn: metres from the middle, those of one place side by side in a spiral."""
    middle_lat = (min(t.latitude for t in things) + max(t.latitude for t in things)) / 2
    middle_lon = (min(t.longitude for t in things) + max(t.longitude for t in things)) / 2
    across = METRES_A_DEGREE * math.cos(math.radians(middle_lat))
    taken: dict[tuple[int, int], int] = defaultdict(int)
    spots = []
    for thing in things:
        east, north = (thing.longitude - middle_lon) * across, (thing.latitude - middle_lat) * METRES_A_DEGREE
        here = (round(east), round(north))
        turn, taken[here] = taken[here], taken[here] + 1
        # The golden angle fills a disc evenly, however many there are.
        radius, angle = _RING_M * math.sqrt(turn), turn * 2.39996
        spots.append((east + radius * math.cos(angle), north + radius * math.sin(angle)))
    return spots


def _figure(things: Sequence[_Thing], spots: Sequence[Spot], dark: bool) -> go.Figure:
    figure = go.Figure()
    layers: dict[str, list[int]] = defaultdict(list)
    for n, thing in enumerate(things):
        layers[thing.layer].append(n)
    for name, members in layers.items():
        figure.add_scatter(
            x=[spots[n][0] for n in members],
            y=[spots[n][1] for n in members],
            mode="markers",
            name=_layer_title(name),
            marker=_marker(name, dark),
            text=[things[n].text for n in members],
            hoverinfo="text",
            customdata=[[things[n].page, things[n].id] for n in members],
        )
    axis = {"zeroline": False, "gridcolor": colour("grid"), "ticksuffix": " m", "nticks": 8}
    figure.update_layout(
        height=620,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode="pan",
        clickmode="event+select",
        xaxis=axis,
        yaxis={**axis, "scaleanchor": "x"},
        legend={"orientation": "h", "y": 1.06, "x": 0},
        hovermode="closest",
    )
    return figure


def _layer_title(layer: str) -> str:
    what, _, which = layer.partition(" ")
    if what == "orders":
        return tr("orders {priority}", priority=priority_title(int(which)))
    if what == "assets":
        return tr("assets: {condition}", condition=CONDITION_TITLES[Condition(which)])
    return tr("cameras")


def _marker(layer: str, dark: bool) -> dict[str, object]:
    for priority in PRIORITY_MARKS:
        if layer == f"orders {priority}":
            tone = _PRIORITY_TONES[priority][dark]
            return {"symbol": _SYMBOLS[priority], "size": 15, "color": tone, "line": {"width": 1.5, "color": tone}}
    if layer == "cameras":
        return {"symbol": "star-square", "size": 13, "color": colour("bars")}
    for condition, (role, symbol) in _CONDITIONS.items():
        if layer == f"assets {condition.value}":
            return {"symbol": symbol, "size": 8, "color": colour(role)}
    raise ValueError(f"No marker for the layer '{layer}'.")


def _assets(rows: Iterable[AssetRow]) -> list[_Thing]:
    return [
        _Thing(
            f"assets {row.condition.value}", row.latitude, row.longitude,
            _safe(f"{kind_title(row.kind)} {row.id}", row.name, row.place), "asset", row.id,
        )
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]  # fmt: skip


def _cameras(rows: Iterable[CameraRow]) -> list[_Thing]:
    return [
        _Thing(
            "cameras",
            row.latitude,
            row.longitude,
            _safe(tr("Camera {name}", name=row.name), HEALTH_TITLES[row.health]),
            "camera",
            row.id,
        )
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]


def _orders(rows: Iterable[OrderRow]) -> list[_Thing]:
    return [
        _Thing(
            f"orders {row.priority}", row.latitude, row.longitude,
            _safe(
                f"{tr('Order {number}', number=row.id)}: {issue_title(row.issue)}", what(row), STATE_TITLES[row.state]
            ),
            "order", str(row.id),
        )
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]  # fmt: skip


def _safe(*parts: str) -> str:
    """Lines for hovering; plotly reads a little HTML, so what comes from outside is made harmless."""
    return "<br>".join(short(part, 80).replace("&", "&amp;").replace("<", "&lt;") for part in parts if part)


def _open(page: str, handle: str) -> None:
    if page == "order":
        open_order(int(handle))
    st.switch_page(ASSETS if page == "asset" else CAMERAS, query_params={"id": handle})

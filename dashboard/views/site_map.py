"""The map: assets by condition, orders by priority, cameras and what they see. No other server is asked, but for
tiles that a site wants."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from dashboard.language import spoken, tr
from dashboard.pages import ASSETS, CAMERAS, INSPECT, open_order
from dashboard.situation import Here
from dashboard.told import told
from dashboard.views.charts import CONFIG
from dashboard.views.ground import Ground, ground_of, ground_panel, ground_traces
from dashboard.views.map_figure import (
    Layers,
    asset_things,
    camera_things,
    compose,
    cones,
    layers,
    middle_of,
    order_things,
)
from dashboard.views.parts import heading
from dashboard.views.tiles import tile_images, tiles_panel
from dashboard.words import literal
from workorders.queries.map import camera_points, faulty_points, quiet_points, register_state
from workorders.queries.orders import MOST_ROWS, OrderFilter, Sort, orders_page
from workorders.store import Store
from workorders.words import WAITING_STATES


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Map"), at)
    dark = st.context.theme.type == "dark"
    ground = ground_of(at.store)
    tiles = at.site.tile_url
    drawn = _drawn(at.store, at.store.url, at.store.version(), ground, ground.laid, tiles, dark, spoken())
    if drawn is None:
        st.info(
            tr("Nothing has a place yet. Give cameras and assets a latitude and longitude, by hand or by a file."),
            icon=":material/map:",
        )
        st.page_link(INSPECT, label=tr("Inspect a clip"), icon=":material/movie:")
        return
    state = st.plotly_chart(
        drawn, key="map", on_select="rerun", selection_mode="points",
        config={**CONFIG, "scrollZoom": True}, alt=tr("Assets, cameras and open orders of the site"),
    )  # fmt: skip
    st.caption(
        tr(
            "Drag to move, scroll to zoom, click to open. Metres from the middle. Things that are registered at the "
            "same place are drawn side by side."
        )
    )
    if tiles and at.site.tile_credit:
        st.caption(literal(tr("Tiles: {credit}", credit=at.site.tile_credit)))
    if ground.fault:
        st.warning(literal(told(ground.fault)), icon=":material/landscape:")
    ground_panel(at)
    tiles_panel(at)
    chosen = state.selection.points
    if chosen:
        _open(str(chosen[0]["customdata"]))


# Nobody changes a figure once it is drawn. Most of it is assets that nothing happens to: they are drawn once for as
# long as the register stays as it is, and what changes by the minute is laid over them.
@st.cache_resource(max_entries=8, ttl=600, show_spinner=False)
def _drawn(
    _store: Store, url: str, version: int, _ground: Ground, laid: float, tiles: str | None, dark: bool, language: str
) -> go.Figure | None:
    """The map of a version of the store; None when nothing has a place."""
    quiet = _quiet(_store, url, register_state(_store), dark, language)
    orders = orders_page(_store, OrderFilter(states=WAITING_STATES), Sort.PRIORITY, limit=MOST_ROWS)
    seen_by = camera_points(_store)
    things = [*asset_things(faulty_points(_store)), *camera_things(seen_by), *order_things(orders.rows)]
    if quiet is None and not things:
        return None
    middle = quiet.middle if quiet else middle_of(things)
    views = cones(seen_by, middle)
    lowest = [*ground_traces(_ground.shapes, middle), *([views] if views else [])]
    figure = compose([*lowest, *(quiet.traces if quiet else ()), *layers(things, middle, dark)])
    if tiles:
        reach = figure.layout.xaxis.range, figure.layout.yaxis.range
        figure.update_layout(images=tile_images(tiles, *reach, middle, dark))
    return figure


@st.cache_resource(max_entries=8, ttl=3600, show_spinner=False)
def _quiet(_store: Store, url: str, state: str, dark: bool, language: str) -> Layers | None:
    things = asset_things(quiet_points(_store))
    if not things:
        return None
    middle = middle_of(things)
    return Layers(layers(things, middle, dark), middle)


def _open(target: str) -> None:
    page, _, handle = target.partition("/")
    if page == "order":
        open_order(int(handle))
    st.switch_page(ASSETS if page == "asset" else CAMERAS, query_params={"id": handle})

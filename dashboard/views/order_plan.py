"""Where an order is: the things around it and what its camera sees, drawn from the register."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.language import tr
from dashboard.pages import MAP
from dashboard.situation import Here
from dashboard.views.charts import CONFIG
from dashboard.views.ground import ground_of, ground_traces
from dashboard.views.map_figure import Thing, asset_things, camera_things, compose, cones, layers, metres, order_things
from workorders.queries.map import CameraPoint, camera_points, points_near
from workorders.queries.order import OrderDetail

AROUND_M = 90.0
_HEIGHT = 280


def order_plan(at: Here, detail: OrderDetail) -> None:
    """The plan around the order's place; nothing where the place is not known."""
    row = detail.row
    if row.latitude is None or row.longitude is None:
        return
    middle = (row.latitude, row.longitude)
    around = points_near(at.store, row.latitude, row.longitude, AROUND_M)
    watching = [camera for camera in camera_points(at.store) if camera.id == row.camera_id]
    things: list[Thing] = [*asset_things(around), *camera_things(watching), *order_things([row])]
    dark = st.context.theme.type == "dark"
    views = cones(watching, middle)
    ground = ground_traces(ground_of(at.store).shapes, middle)
    figure = compose([*ground, *([views] if views else []), *layers(things, middle, dark, by_card=False)])
    reach = [-AROUND_M, AROUND_M]
    figure.update_layout(height=_HEIGHT, showlegend=False, xaxis_range=reach, yaxis_range=reach)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(tr("Where it is"), anchor=False, width="stretch")
        st.page_link(MAP, label=tr("Map"), icon=":material/map:")
    st.plotly_chart(figure, key=f"plan_{row.id}", config=CONFIG, alt=tr("The order's place and what is around it"))
    if not _inside(watching, middle):
        st.caption(tr("Its camera stands outside this plan."))


def _inside(watching: Sequence[CameraPoint], middle: tuple[float, float]) -> bool:
    spots = [metres(camera.latitude, camera.longitude, middle) for camera in watching]
    return all(abs(east) <= AROUND_M and abs(north) <= AROUND_M for east, north in spots)

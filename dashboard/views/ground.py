"""The ground under the map: its shapes as layers, and where an administrator lays another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr, trn
from dashboard.situation import Here, acting
from dashboard.views.map_figure import Spot, metres
from detectors.errors import RegisterError
from workorders.ground import MOST_BYTES, Shape, ground_file, keep_ground, read_ground
from workorders.store import Store
from workorders.words import Role

_UPLOAD = "ground_upload"
_TONES = {
    "lawn": "rgba(88, 150, 88, .16)",
    "paving": "rgba(150, 138, 112, .18)",
    "path": "rgba(190, 172, 130, .34)",
    "road": "rgba(110, 126, 138, .30)",
    "water": "rgba(56, 140, 196, .24)",
    "building": "rgba(128, 120, 112, .26)",
}
"""Washes that lie on light and on dark paper alike, none as strong as what lies on them."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of a site.

    Attributes:
        laid: when its file was written, seconds since 1970; 0 for none.
        fault: why the file cannot be read, "" where it can.
    """

    shapes: tuple[Shape, ...]
    laid: float
    fault: str = ""


def ground_of(store: Store) -> Ground:
    """The ground, read once for as long as its file stays the same."""
    file = ground_file(store)
    return _read(store, str(file), file.stat().st_mtime) if file.is_file() else Ground((), 0.0)


@st.cache_resource(max_entries=4, ttl=3600, show_spinner=False)
def _read(_store: Store, file: str, laid: float) -> Ground:
    try:
        return Ground(read_ground(_store), laid)
    except RegisterError as error:
        return Ground((), laid, str(error))


def ground_traces(shapes: Sequence[Shape], middle: Spot) -> list[go.Scatter]:
    """One trace for each kind of area and of line, the lowest first."""
    parts: dict[tuple[str, bool], list[Shape]] = {}
    for shape in shapes:
        parts.setdefault((shape.kind, shape.closed), []).append(shape)
    return [_trace(kind, closed, members, middle) for (kind, closed), members in parts.items()]


def _trace(kind: str, closed: bool, members: Sequence[Shape], middle: Spot) -> go.Scatter:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for shape in members:
        spots = [metres(latitude, longitude, middle) for latitude, longitude in shape.points]
        xs += [*(east for east, _ in spots), None]
        ys += [*(north for _, north in spots), None]
    tone = _TONES[kind]
    return go.Scatter(
        x=xs, y=ys, mode="lines", fill="toself" if closed else "none", fillcolor=tone,
        line={"width": 0 if closed else 3, "color": tone}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def ground_panel(at: Here) -> None:
    """Where an administrator gives the ground as a file, or takes it away."""
    if at.actor.role is not Role.MANAGER:
        return
    with st.expander(tr("Ground of the map"), icon=":material/landscape:"):
        st.caption(
            tr(
                "A GeoJSON of the site's water, lawns, paths, roads and buildings, as OpenStreetMap names them, or "
                "with `kind` as `water`, `lawn`, `paving`, `path`, `road` or `building`."
            )
        )
        st.file_uploader(
            tr("GeoJSON file, up to {mb} MB", mb=MOST_BYTES // 2**20), type=("geojson", "json"), key=_UPLOAD,
            max_upload_size=MOST_BYTES // 2**20,
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(
                tr("Lay this ground"), type="primary", key="ground_keep", on_click=_keep, args=(at,),
                disabled=st.session_state.get(_UPLOAD) is None,
            )  # fmt: skip
            if ground_file(at.store).is_file():
                st.button(tr("Take the ground away"), key="ground_clear", on_click=_clear, args=(at,))


def _keep(at: Here) -> None:
    def act() -> str:
        many = keep_ground(at.store, acting(at.store), st.session_state[_UPLOAD].getvalue())
        return trn("The ground has {n} shape.", "The ground has {n} shapes.", many)

    attempt(act)


def _clear(at: Here) -> None:
    def act() -> str:
        keep_ground(at.store, acting(at.store), None)
        return tr("The ground is taken away.")

    attempt(act)

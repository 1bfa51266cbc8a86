"""The site from above as a figure: layers of things with a place, and what cameras see as cones."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.language import tr
from dashboard.told import told_name
from dashboard.views.charts import colour
from dashboard.views.lines import what
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
from workorders.queries.map import METRES_A_DEGREE, AssetPoint, CameraPoint
from workorders.queries.orders import OrderRow
from workorders.words import Condition

Spot = tuple[float, float]
"""Metres east and north of the middle of what is shown."""

CONE_M = 40.0
"""How far a cone is drawn: about what a camera on a five-metre pole sees of a lamp. A choice for the eye."""
USUAL_ANGLE = 70.0
_RING_M = 4.0
"""How far apart things are drawn that are registered at one and the same place."""
_ARC_STEPS = 10
_LEAST_REACH_M = 40.0
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
class Thing:
    """Something with a place: its layer, what it says, and where a click leads, as `page/id`."""

    layer: str
    latitude: float
    longitude: float
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of one kind of things, ready to be drawn; layers that rarely change are kept and drawn again.

    Attributes:
        traces: plotly traces.
        middle: latitude and longitude that metres are counted from.
    """

    traces: tuple[go.Scattergl | go.Scatter, ...]
    middle: Spot


def middle_of(things: Sequence[Thing]) -> Spot:
    """Latitude and longitude of the middle of some things."""
    north, east = [t.latitude for t in things], [t.longitude for t in things]
    return (min(north) + max(north)) / 2, (min(east) + max(east)) / 2


def metres(latitude: float, longitude: float, middle: Spot) -> Spot:
    """Metres east and north of the middle."""
    across = METRES_A_DEGREE * math.cos(math.radians(middle[0]))
    return (longitude - middle[1]) * across, (latitude - middle[0]) * METRES_A_DEGREE


def place(things: Sequence[Thing], middle: Spot | None = None) -> list[Spot]:
    """Where each thing is drawn: those of one place side by side in a spiral."""
    middle = middle or middle_of(things)
    taken: dict[tuple[int, int], int] = defaultdict(int)
    spots = []
    for thing in things:
        east, north = metres(thing.latitude, thing.longitude, middle)
        here = (round(east), round(north))
        turn, taken[here] = taken[here], taken[here] + 1
        # The golden angle fills a disc evenly, however many there are.
        radius, angle = _RING_M * math.sqrt(turn), turn * 2.39996
        spots.append((east + radius * math.cos(angle), north + radius * math.sin(angle)))
    return spots


def layers(
    things: Sequence[Thing], middle: Spot, dark: bool, by_card: bool = True
) -> tuple[go.Scattergl | go.Scatter, ...]:
    """One trace for each layer.

    Args:
        by_card: drawn by the graphics card: thousands of points would not move smoothly otherwise. Then all layers of a
            figure must be: what the card draws lies above what the browser draws itself.
    """
    trace = go.Scattergl if by_card else go.Scatter
    spots = place(things, middle)
    members: dict[str, list[int]] = defaultdict(list)
    for n, thing in enumerate(things):
        members[thing.layer].append(n)
    return tuple(
        trace(
            x=np.array([spots[n][0] for n in numbers], np.float32),
            y=np.array([spots[n][1] for n in numbers], np.float32),
            mode="markers",
            name=layer_title(layer),
            marker=_marker(layer, dark),
            text=[things[n].text for n in numbers],
            hoverinfo="text",
            customdata=[things[n].target for n in numbers],
        )
        for layer, numbers in members.items()
    )


def cones(cameras: Iterable[CameraPoint], middle: Spot) -> go.Scatter | None:
    """What each camera sees, as a cone from its place; None when nobody said where any of them looks."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for camera in cameras:
        if camera.heading_deg is None:
            continue
        east, north = metres(camera.latitude, camera.longitude, middle)
        outline = cone(east, north, camera.heading_deg, camera.angle_deg or USUAL_ANGLE)
        xs += [*(x for x, _ in outline), None]
        ys += [*(y for _, y in outline), None]
    if not xs:
        return None
    tone = colour("bars")
    return go.Scatter(
        x=xs, y=ys, mode="lines", fill="toself", opacity=0.3, line={"width": 1, "color": tone}, fillcolor=tone,
        name=tr("camera views"), hoverinfo="skip",
    )  # fmt: skip


def cone(east: float, north: float, heading_deg: float, angle_deg: float, reach_m: float = CONE_M) -> list[Spot]:
    """The outline of a view: from the camera along an arc and back. Headings go clockwise from north."""
    turns = [math.radians(heading_deg - angle_deg / 2 + angle_deg * n / _ARC_STEPS) for n in range(_ARC_STEPS + 1)]
    arc = [(east + reach_m * math.sin(turn), north + reach_m * math.cos(turn)) for turn in turns]
    return [(east, north), *arc, (east, north)]


def compose(traces: Iterable[go.Scatter | go.Scattergl]) -> go.Figure:
    """The figure of some traces, the first at the bottom. It shows all things; ground may reach beyond its edges."""
    figure = go.Figure(list(traces))
    axis = {"zeroline": False, "gridcolor": colour("grid"), "ticksuffix": " m", "nticks": 8}
    things = [trace for trace in figure.data if trace.mode == "markers"]
    east, north = (_reach([trace[axis] for trace in things]) for axis in ("x", "y"))
    figure.update_layout(
        height=620,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode="pan",
        clickmode="event+select",
        xaxis={**axis, "range": east},
        yaxis={**axis, "range": north, "scaleanchor": "x"},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0},
        hovermode="closest",
        uirevision="map",  # whoever moved the map keeps it there when something arrives
    )
    return figure


def _reach(along: Sequence[Sequence[float]]) -> list[float]:
    """From where to where an axis goes so that all spots are well inside."""
    ends = [end for spots in along if len(spots) for end in (float(np.min(spots)), float(np.max(spots)))]
    if not ends:
        return [-_LEAST_REACH_M, _LEAST_REACH_M]
    middle, half = (min(ends) + max(ends)) / 2, max(_LEAST_REACH_M, (max(ends) - min(ends)) * 0.56)
    return [middle - half, middle + half]


def layer_title(layer: str) -> str:
    """A layer's name in the legend."""
    kind, _, word = layer.partition(":")
    if kind == "order":
        return tr("orders {priority}", priority=priority_title(int(word)))
    if kind == "camera":
        return tr("cameras")
    return tr("assets: {condition}", condition=CONDITION_TITLES[Condition(word)])


def _marker(layer: str, dark: bool) -> dict[str, object]:
    kind, _, word = layer.partition(":")
    if kind == "order":
        priority = int(word)
        tone = _PRIORITY_TONES.get(priority, _PRIORITY_TONES[4])[dark]
        symbol = _SYMBOLS.get(priority, "circle-open")
        return {"symbol": symbol, "size": 13, "color": tone, "line": {"width": 1.5, "color": tone}}
    if kind == "camera":
        return {"symbol": "star-square", "size": 13, "color": colour("bars")}
    role, symbol = _CONDITIONS[Condition(word)]
    quiet = Condition(word) is not Condition.FAULT
    return {"symbol": symbol, "size": 8 if quiet else 10, "opacity": 0.9 if quiet else 1, "color": colour(role)}


def asset_things(rows: Iterable[AssetPoint]) -> list[Thing]:
    """Assets by their condition."""
    kinds: dict[str, str] = {}
    things = []
    for row in rows:
        if row.kind not in kinds:
            kinds[row.kind] = kind_title(row.kind)
        text = _safe(f"{kinds[row.kind]} {row.id}", row.name, told_name(row.place))
        things.append(Thing(f"asset:{row.condition}", row.latitude, row.longitude, text, f"asset/{row.id}"))
    return things


def camera_things(rows: Iterable[CameraPoint]) -> list[Thing]:
    """Cameras in one layer."""
    return [
        Thing(
            "camera:", row.latitude, row.longitude,
            _safe(
                tr("Camera {name}", name=told_name(row.name)),
                tr("Asleep") if row.asleep else HEALTH_TITLES[row.health],
            ),
            f"camera/{row.id}",
        )
        for row in rows
    ]  # fmt: skip


def order_things(rows: Iterable[OrderRow]) -> list[Thing]:
    """Orders by their priority."""
    return [
        Thing(
            f"order:{row.priority if row.priority in PRIORITY_MARKS else 4}", row.latitude, row.longitude,
            _safe(f"{tr('Order {number}', number=row.id)}: {issue_title(row.issue)}", what(row),
                  STATE_TITLES[row.state]),
            f"order/{row.id}",
        )
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]  # fmt: skip


def _safe(*parts: str) -> str:
    """Lines for hovering; plotly reads a little HTML, so what comes from outside is made harmless."""
    return "<br>".join(short(part, 80).replace("&", "&amp;").replace("<", "&lt;") for part in parts if part)

"""Tiles under the map, where a site names an address for them. Without one nothing is asked of any other server."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.views.map_figure import Spot, metres
from workorders.queries.map import METRES_A_DEGREE
from workorders.register.sites import set_tiles
from workorders.words import Role

MOST_TILES = 40
"""About what a screen shows at 256 pixels each: closer tiles would be asked for and hardly seen."""
_CLOSEST = 19
_WIDE, _HIGH = 2.2, 0.5
"""Width by height of the widest paper, and height by width of the flattest."""


def tile_images(
    url: str, east: Sequence[float], north: Sequence[float], middle: Spot, dark: bool
) -> list[dict[str, Any]]:
    """Pictures for a figure's layout, in metres from the middle, as close as few enough tiles allow.

    Args:
        url: with {z}, {x} and {y}.
        east, north: what the map must show, metres. It is drawn to scale on paper of any shape: a wide one shows
            more to the sides, which tiles cover too.
    """
    east, north = _at_least(east, _WIDE * (north[1] - north[0])), _at_least(north, _HIGH * (east[1] - east[0]))
    south_west, north_east = (_degrees(east[n], north[n], middle) for n in (0, 1))
    for zoom in range(_CLOSEST, -1, -1):
        (left, bottom), (right, top) = (_tile(*corner, zoom) for corner in (south_west, north_east))
        columns, rows = range(math.floor(left), math.floor(right) + 1), range(math.floor(top), math.floor(bottom) + 1)
        if len(columns) * len(rows) <= MOST_TILES:
            break
    return [_image(url, x, y, zoom, middle, dark) for x in columns for y in rows]


def tiles_panel(at: Here) -> None:
    """Where an administrator names the tiles, or takes them away."""
    if at.actor.role is not Role.MANAGER:
        return
    with st.expander(tr("Tiles of the map"), icon=":material/grid_view:"), st.form("tiles", border=False):
        st.caption(
            tr(
                "Pictures of the ground from a tile server, with {z}, {x} and {y} in its address. The browser of "
                "whoever looks asks that server for them. Empty: none."
            )
        )
        st.text_input(
            tr("Address"), value=at.site.tile_url or "", key="tiles_url", max_chars=300
        )  # fmt: skip
        st.text_input(
            tr("Whose they are"), value=at.site.tile_credit or "", key="tiles_credit", max_chars=200,
            help=tr("As the server asks to be named."),
        )  # fmt: skip
        st.form_submit_button(tr("Save"), key="tiles_save", type="primary", on_click=_save, args=(at,))


def _save(at: Here) -> None:
    def act() -> str:
        said = st.session_state
        set_tiles(at.store, acting(at.store), said["tiles_url"], said["tiles_credit"])
        return tr("The tiles of the map are set.")

    attempt(act)


def _at_least(reach: Sequence[float], length: float) -> tuple[float, float]:
    """A reach that is no shorter than a length, about the same middle."""
    middle, half = (reach[0] + reach[1]) / 2, max(reach[1] - reach[0], length) / 2
    return middle - half, middle + half


def _degrees(east: float, north: float, middle: Spot) -> Spot:
    """Latitude and longitude of a spot."""
    across = METRES_A_DEGREE * math.cos(math.radians(middle[0]))
    return middle[0] + north / METRES_A_DEGREE, middle[1] + east / across


def _tile(latitude: float, longitude: float, zoom: int) -> Spot:
    """Column and row of a place among the tiles of a zoom (Web Mercator), with fractions."""
    across = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * across
    return (longitude + 180) / 360 * across, row


def _corner(x: int, y: int, zoom: int, middle: Spot) -> Spot:
    """Metres east and north of a tile's north-western corner."""
    across = 2**zoom
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / across))))
    return metres(latitude, x / across * 360 - 180, middle)


def _image(url: str, x: int, y: int, zoom: int, middle: Spot, dark: bool) -> dict[str, Any]:
    (west, top), (east, bottom) = _corner(x, y, zoom, middle), _corner(x + 1, y + 1, zoom, middle)
    return {
        "source": url.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y)),
        "xref": "x", "yref": "y", "x": west, "y": top, "sizex": east - west, "sizey": top - bottom,
        "sizing": "stretch", "layer": "below", "opacity": 0.35 if dark else 0.75,
    }  # fmt: skip

"""Where the sample cameras stand: a made-up stretch of a river bank, so that the demo site can be drawn as a map.

The clips show no real place. Their cameras are put up around a bank, and what they see is spread before them as far as
its picture says: what stands higher in a picture stands farther away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, radians, sin

from detectors.geometry import Region
from workorders.ground import KINDS

CENTRE = (31.1705, 121.4600)
ANGLE = 60.0
"""Angle of view of the sample cameras, degrees."""
_DEGREE_M = 111_195.0
_HORIZON, _NEAR_M, _FAR_M = 0.36, 10.0, 90.0
_SURFACES = ("path", "lawn", "road")

Spot = tuple[float, float]
"""Metres east and north of `CENTRE`; latitude and longitude where it says so."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a camera stands, and where it looks: degrees clockwise from north."""

    east: float
    north: float
    heading: float


STANDS = {
    "riverside-07": Stand(108.0, -128.0, 0.0),
    "plaza-03": Stand(-4.0, 92.0, 130.0),
    "park-12": Stand(-28.0, -62.0, 300.0),
    "street-05": Stand(-128.0, 112.0, 210.0),
}


def place_of(east: float, north: float) -> Spot:
    """Latitude and longitude of a spot."""
    latitude = CENTRE[0] + north / _DEGREE_M
    longitude = CENTRE[1] + east / (_DEGREE_M * cos(radians(CENTRE[0])))
    return round(latitude, 6), round(longitude, 6)


def spot_of(stand: Stand, kind: str, region: Region) -> Spot:
    """Latitude and longitude of something that a camera sees: its foot says how far, its middle in what direction."""
    box = region.box
    foot = (box.y0 + box.y1) / 2 if kind in _SURFACES else box.y1
    away = min(_FAR_M, max(_NEAR_M, _NEAR_M * (1 - _HORIZON) / max(0.02, foot - _HORIZON)))
    return place_of(*_ahead(stand, away, ((box.x0 + box.x1) / 2 - 0.5) * ANGLE))


def sample_ground() -> bytes:
    """The bank as GeoJSON: river, promenade, plaza, park and street."""
    street = STANDS["street-05"]
    bank = [(138, -400), (132, -170), (140, -60), (134, 40), (146, 170), (138, 400)]
    shapes: list[tuple[str, str, Sequence[Spot]]] = [
        ("lawn", "Park", [(-112, 400), (-120, 126), (-300, -186), (-420, -400), *bank]),
        ("water", "River", [*bank, (900, 400), (900, -400)]),
        ("paving", "Promenade", [(98, -400), (92, -170), (98, -60), (92, 40), (104, 170), (98, 400), (120, 400),
                                 (126, 170), (114, 40), (120, -60), (112, -170), (118, -400)]),
        ("paving", "Wharf plaza", _band(STANDS["plaza-03"], -12, 134, 40)),
        ("path", "Lawn path", _band(STANDS["park-12"], -160, 135, 6)),
        ("road", "Street", _band(street, -400, 600, 16, aside=14)),
        ("path", "Pavement", _band(street, -400, 600, 6)),
    ]  # fmt: skip
    for n, (along, row) in enumerate(product(range(-6, 9), range(6)), start=1):
        block = _band(street, 62 * along - 58, 62 * along - 14, 34, aside=50 + 58 * row)
        shapes.append(("building", f"Block {n}", block))
    shapes.sort(key=lambda shape: KINDS.index(shape[0]))
    features = [_feature(kind, name, outline) for kind, name, outline in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _feature(kind: str, name: str, outline: Sequence[Spot]) -> dict[str, object]:
    ring = [list(reversed(place_of(*spot))) for spot in (*outline, outline[0])]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"kind": kind, "name": name}, "geometry": geometry}


def _band(stand: Stand, begins: float, ends: float, wide: float, aside: float = 0.0) -> list[Spot]:
    """A strip along where a camera looks, `aside` metres to its right."""
    along = (sin(radians(stand.heading)), cos(radians(stand.heading)))
    right = (along[1], -along[0])
    corners = ((begins, -wide / 2), (ends, -wide / 2), (ends, wide / 2), (begins, wide / 2))
    return [
        (stand.east + a * along[0] + (r + aside) * right[0], stand.north + a * along[1] + (r + aside) * right[1])
        for a, r in corners
    ]


def _ahead(stand: Stand, away: float, turn: float) -> Spot:
    towards = radians(stand.heading + turn)
    return stand.east + away * sin(towards), stand.north + away * cos(towards)

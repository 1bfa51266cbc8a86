"""The ground of a site: water, lawns, paths, roads and buildings as GeoJSON, drawn under the things on the map."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from detectors.errors import RegisterError
from workorders.actors import Actor
from workorders.evidence.files import place_whole
from workorders.store import Store

FILE = "ground.geojson"
KINDS = ("lawn", "paving", "path", "road", "water", "building")
"""What ground there is, in the order in which it is drawn: water lies over lawns, buildings over everything."""
MOST_BYTES, MOST_POINTS = 8 * 2**20, 50_000
_WORDS = {
    **{kind: kind for kind in KINDS},
    **dict.fromkeys(("grass", "park", "garden", "grassland", "wood", "forest", "meadow", "greenspace"), "lawn"),
    **dict.fromkeys(("pedestrian", "plaza", "square", "pier", "parking"), "paving"),
    **dict.fromkeys(("footway", "cycleway", "steps", "track", "promenade", "sidewalk"), "path"),
    **dict.fromkeys(("residential", "primary", "secondary", "tertiary", "service", "street", "unclassified"), "road"),
    **dict.fromkeys(("river", "riverbank", "lake", "stream", "canal", "basin", "bay"), "water"),
    **dict.fromkeys(("yes", "house", "apartments", "roof"), "building"),
}
_SAID_BY = ("kind", "natural", "waterway", "water", "leisure", "landuse", "highway", "man_made", "building")
"""Properties that say what a shape is, ours first, then OpenStreetMap's."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One piece of ground.

    Attributes:
        kind: one of `KINDS`.
        points: latitude and longitude of its outline, or of the line it follows.
        closed: an area, not a line.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    closed: bool


def parse_ground(content: bytes) -> tuple[Shape, ...]:
    """Shapes of a GeoJSON FeatureCollection, those that lie lowest first. Holes are filled; points are left out.

    Raises:
        RegisterError: no such GeoJSON, nothing in it that can be drawn, or too much of it.
    """
    if len(content) > MOST_BYTES:
        raise RegisterError(f"The ground has {len(content) / 2**20:.1f} MiB; it may have {MOST_BYTES // 2**20}.")
    try:
        document = json.loads(content)
        features = document["features"] if document["type"] == "FeatureCollection" else [document]
        shapes = [shape for feature in features for shape in _shapes(feature)]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise RegisterError("The ground is no GeoJSON that can be read; give a FeatureCollection in WGS 84.") from None
    if not shapes:
        raise RegisterError("The ground has neither areas nor lines that can be drawn.")
    if (points := sum(len(shape.points) for shape in shapes)) > MOST_POINTS:
        raise RegisterError(f"The ground has {points} points; it may have {MOST_POINTS}. Simplify it.")
    return tuple(sorted(shapes, key=lambda shape: KINDS.index(shape.kind)))


def ground_file(store: Store) -> Path:
    """Where a site's ground is kept."""
    return store.files / FILE


def read_ground(store: Store) -> tuple[Shape, ...]:
    """The ground as it is kept; nothing where none was given.

    Raises:
        RegisterError: the file was changed by hand and cannot be read any more.
    """
    file = ground_file(store)
    return parse_ground(file.read_bytes()) if file.is_file() else ()


def keep_ground(store: Store, actor: Actor, content: bytes | None) -> int:
    """Keep another ground, or none; returns how many shapes it has.

    Raises:
        NotAllowed: the actor is no manager.
        RegisterError: it is no ground.
    """
    actor.must_manage()
    if content is None:
        ground_file(store).unlink(missing_ok=True)
        return 0
    shapes = parse_ground(content)
    place_whole(ground_file(store), content)
    return len(shapes)


def _shapes(feature: Mapping[str, Any]) -> Iterator[Shape]:
    kind, geometry = _kind(feature.get("properties") or {}), feature["geometry"]
    if geometry is None:
        return
    told, spots = geometry["type"], geometry.get("coordinates")
    if told == "Polygon":
        yield Shape(kind, _points(spots[0]), closed=True)
    elif told == "MultiPolygon":
        yield from (Shape(kind, _points(polygon[0]), closed=True) for polygon in spots)
    elif told == "LineString":
        yield Shape(kind, _points(spots), closed=False)
    elif told == "MultiLineString":
        yield from (Shape(kind, _points(line), closed=False) for line in spots)


def _kind(properties: Mapping[str, Any]) -> str:
    said = (str(properties[key]).lower() for key in _SAID_BY if properties.get(key))
    return next((_WORDS[word] for word in said if word in _WORDS), "paving")


def _points(spots: list[list[float]]) -> tuple[tuple[float, float], ...]:
    points = tuple((float(spot[1]), float(spot[0])) for spot in spots)
    if not points or not all(isfinite(a) and isfinite(b) and abs(a) <= 90 and abs(b) <= 180 for a, b in points):
        raise ValueError("no place on earth")
    return points

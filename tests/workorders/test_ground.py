"""The ground of a site: GeoJSON of several makers is read, anything else is one clear line; managers change it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import RegisterError
from workorders.errors import NotAllowed
from workorders.ground import KINDS, MOST_BYTES, keep_ground, parse_ground, read_ground
from workorders.register.sites import actor_of
from workorders.sample_ground import sample_ground
from workorders.store import Store

RING = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]


def feature(geometry: dict[str, Any] | None, **properties: object) -> bytes:
    one = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [one]}).encode()


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        pytest.param({"kind": "water"}, "water", id="our own word"),
        pytest.param({"highway": "footway"}, "path", id="a footway of OpenStreetMap"),
        pytest.param({"building": "yes"}, "building", id="a building of OpenStreetMap"),
        pytest.param({"landuse": "grass", "name": "Lawn"}, "lawn", id="grass"),
        pytest.param({"name": "?"}, "paving", id="not said"),
    ],
)
def test_properties_say_what_a_shape_is(properties: dict[str, object], kind: str) -> None:
    (shape,) = parse_ground(feature({"type": "Polygon", "coordinates": [RING]}, **properties))

    assert shape.kind == kind
    assert shape.closed
    assert shape.points[1] == (31.0, 121.1), "latitude first"


@pytest.mark.parametrize(
    ("geometry", "many", "closed"),
    [
        pytest.param({"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, 2, True, id="several areas"),
        pytest.param({"type": "LineString", "coordinates": RING}, 1, False, id="a line"),
        pytest.param({"type": "MultiLineString", "coordinates": [RING, RING, RING]}, 3, False, id="several lines"),
    ],
)
def test_areas_and_lines_are_read(geometry: dict[str, Any], many: int, closed: bool) -> None:
    shapes = parse_ground(feature(geometry))

    assert [shape.closed for shape in shapes] == [closed] * many


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"no JSON", "no GeoJSON", id="no JSON"),
        pytest.param(b"[1]", "no GeoJSON", id="a list"),
        pytest.param(feature({"type": "Polygon", "coordinates": []}), "no GeoJSON", id="an area without an outline"),
        pytest.param(feature({"type": "Polygon", "coordinates": [[[999, 0]]]}), "no GeoJSON", id="not on earth"),
        pytest.param(feature({"type": "Point", "coordinates": [1, 2]}), "neither areas nor lines", id="only points"),
        pytest.param(feature(None), "neither areas nor lines", id="no geometry"),
        pytest.param(b" " * (MOST_BYTES + 1), "MiB", id="too large"),
    ],
)
def test_what_is_no_ground_is_one_clear_line(content: bytes, line: str) -> None:
    with pytest.raises(RegisterError, match=line):
        parse_ground(content)


@given(st.recursive(st.none() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)))
def test_any_coordinates_are_read_or_refused(spots: object) -> None:
    try:
        shapes = parse_ground(feature({"type": "Polygon", "coordinates": spots}))
    except RegisterError:
        return
    assert all(shape.kind in KINDS for shape in shapes)


def test_only_a_manager_changes_the_ground(store: Store) -> None:
    with pytest.raises(NotAllowed):
        keep_ground(store, actor_of(store, "operator"), sample_ground())
    assert read_ground(store) == ()

    manager = actor_of(store, "manager")
    assert keep_ground(store, manager, sample_ground()) == len(read_ground(store)) > 5
    with pytest.raises(RegisterError):
        keep_ground(store, manager, b"nothing")
    assert read_ground(store), "what was there stays"
    keep_ground(store, manager, None)
    assert read_ground(store) == ()

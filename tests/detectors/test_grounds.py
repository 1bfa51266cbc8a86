"""Paths and lawns proposed from the surface model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.grounds import find_grounds
from detectors.surfaces import SURFACES, SurfaceMap
from detectors.values import Detections, Image
from detectors.walked import driven_on
from tests.detectors.fakes import frame

Map = NDArray[np.uint8]


@dataclass
class DrawnSurfaces:
    """Gives the n-th frame the n-th map."""

    maps: Sequence[Map]
    asked: int = 0

    def look(self, image: Image) -> SurfaceMap:
        self.asked += 1
        return SurfaceMap(self.maps[self.asked - 1])


def park(seed: int = 0, walker: bool = False) -> Map:
    """Sky over a lawn, a path through it, perhaps somebody on the path (taken for a building)."""
    classes = np.full((90, 160), SURFACES.index("lawn"), np.uint8)
    classes[:30] = SURFACES.index("sky")
    classes[30:, 60:100] = SURFACES.index("path")
    if walker:
        classes[50:70, 70 + seed : 78 + seed] = SURFACES.index("building")
    return classes


def grounds_of(maps: list[Map]) -> list[tuple[str, float]]:
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(len(maps))]
    return [(g.kind, round(g.region.mask(160, 90).mean(), 2)) for g in find_grounds(frames, DrawnSurfaces(maps))]


@pytest.mark.parametrize(
    "maps",
    [
        pytest.param([park()], id="one frame"),
        pytest.param([park(6 * n, walker=True) for n in range(5)], id="somebody walks through"),
        pytest.param([park(), park(), np.full((90, 160), 5, np.uint8)], id="one frame of three shows only sky"),
    ],
)
def test_paths_and_lawns_are_found_by_vote(maps: list[Map]) -> None:
    found = grounds_of(maps)
    assert [kind for kind, _ in found] == ["lawn", "lawn", "path"]
    assert [share for _, share in found] == pytest.approx([0.25, 0.25, 0.17], abs=0.02)


def test_crumbs_and_other_surfaces_are_no_ground() -> None:
    water = np.full((90, 160), SURFACES.index("water"), np.uint8)
    water[40:46, 40:48] = SURFACES.index("path")
    assert grounds_of([water]) == []
    assert grounds_of([]) == []


def test_far_ground_and_ground_that_frames_disagree_on_is_not_proposed() -> None:
    far = np.full((90, 160), SURFACES.index("building"), np.uint8)
    far[10:40, 20:120] = SURFACES.index("lawn")
    assert grounds_of([far]) == []
    near = np.full((90, 160), SURFACES.index("building"), np.uint8)
    near[50:, 20:120] = SURFACES.index("path")
    others = [np.full((90, 160), SURFACES.index(name), np.uint8) for name in ("road", "water", "building")]
    assert [kind for kind, _ in grounds_of([near, near, *others])] == []
    assert [kind for kind, _ in grounds_of([near, near, near, others[0]])] == ["path"]


@pytest.mark.parametrize(
    ("white", "kinds"),
    [
        pytest.param(0, ["lawn", "lawn", "path"], id="all of it can be seen"),
        pytest.param(45, ["lawn", "lawn"], id="most of it is burnt out: a white sky taken for a path"),
        pytest.param(15, ["lawn", "lawn", "path"], id="glare on a quarter of it"),
    ],
)
def test_what_is_burnt_out_is_no_ground(white: int, kinds: list[str]) -> None:
    picture = np.full((90, 160, 3), 120, np.uint8)
    picture[30 : 30 + white, 60:100] = 252
    found = find_grounds([frame(picture, n) for n in range(3)], DrawnSurfaces([park()] * 3))
    assert [ground.kind for ground in found] == kinds


def test_a_pavement_that_is_seen_as_a_strip_is_ground() -> None:
    street = np.full((90, 160), SURFACES.index("building"), np.uint8)
    street[60:90, 80:87] = SURFACES.index("path")
    assert street[street == SURFACES.index("path")].size < 0.02 * street.size
    assert [kind for kind, _ in grounds_of([street])] == ["path"]


def street(
    people: int = 3, cars: Sequence[float] = (), looks: int = 4, bicycles: tuple[float, float, float] | None = None
) -> list[Detections]:
    """Looks at people in the middle of a picture, at cars with their left edges at places, one each, and bicycles.

    Args:
        bicycles: of one that is seen with each of the people how far to their right it is, and from where to where
            down the picture.
    """
    seen = []
    for n in range(looks):
        rows: list[tuple[str, float, list[float]]] = []
        if n < people:
            rows.append(("person", 0.9, [0.42 + 0.05 * n, 0.45, 0.48 + 0.05 * n, 0.75]))
            if bicycles is not None:
                aside, top, foot = bicycles
                rows.append(("bicycle", 0.3, [0.43 + 0.05 * n + aside, top, 0.47 + 0.05 * n + aside, foot]))
        if n < len(cars):
            rows.append(("car", 0.9, [cars[n], 0.55, cars[n] + 0.25, 0.8]))
        seen.append(Detections.of(rows))
    return seen


@pytest.mark.parametrize(
    ("seen", "path"),
    [
        pytest.param([], False, id="nobody was looked for"),
        pytest.param(street(), True, id="people walk there"),
        pytest.param(street(people=1), False, id="somebody crosses it"),
        pytest.param(street(bicycles=(0.0, 0.62, 0.8)), False, id="people ride there"),
        pytest.param(street(bicycles=(0.0, 0.62, 0.7)), True, id="and a bicycle leans behind them"),
        pytest.param(street(bicycles=(0.0, 0.4, 0.8)), True, id="and one stands before them"),
        pytest.param(street(bicycles=(0.06, 0.62, 0.8)), True, id="and one beside them"),
        pytest.param(street(cars=(0.2, 0.35, 0.5, 0.65)), False, id="cars drive there too"),
        pytest.param(street(cars=(0.62, 0.62, 0.62, 0.62)), False, id="and a car is parked on it"),
        pytest.param(street(cars=(0.62, 0.62)), False, id="and a car is seen on it twice"),
        pytest.param(street(cars=(0.62,)), True, id="and a car is seen on it once"),
        pytest.param(street(cars=(0.88, 0.88, 0.88, 0.88)), True, id="and a car is parked beside it"),
    ],
)
def test_a_road_that_people_walk_on_is_a_path(seen: list[Detections], path: bool) -> None:
    paved = np.full((90, 160), SURFACES.index("building"), np.uint8)
    paved[45:80, 20:140] = SURFACES.index("road")
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(4)]
    found = find_grounds(frames, DrawnSurfaces([paved] * 4), seen)
    middle = [g for g in found if g.region.contains((0.5, 0.75))]
    assert [g.kind for g in middle] == (["path"] if path else [])


@pytest.mark.parametrize(
    ("car", "driven"),
    [
        pytest.param((0.3, 0.3, 0.5, 0.6), {"far"}, id="on a road, before what is behind it"),
        pytest.param((0.3, 0.5, 0.5, 0.76), set(), id="on the grass between two, before the far one"),
        pytest.param((0.3, 0.6, 0.5, 0.9), {"near"}, id="on the near one, before the grass"),
        pytest.param((0.3, 0.6, 0.5, 1.0), set(), id="cut off by the picture, so that nobody knows"),
    ],
)
def test_a_road_is_driven_on_where_vehicles_stand_and_nowhere_else(
    car: tuple[float, float, float, float], driven: set[str]
) -> None:
    roads = np.zeros((100, 160), bool)
    roads[50:70] = roads[85:] = True
    found = driven_on([Detections.of([("car", 0.9, car)])] * 2, roads)
    assert {"far": found[50:70].all(), "near": found[85:].all()} == {"far": "far" in driven, "near": "near" in driven}
    assert not found[~roads].any()
    assert found.any() == bool(driven)


def test_what_people_walk_on_is_joined_to_the_path_beside_it_and_goes_no_farther() -> None:
    paved = np.full((90, 160), SURFACES.index("building"), np.uint8)
    paved[45:85, 5:155] = SURFACES.index("road")
    paved[60:85, 5:60] = SURFACES.index("path")
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(4)]
    (path,) = find_grounds(frames, DrawnSurfaces([paved] * 4), street())
    assert path.region.contains((0.1, 0.8))
    assert path.region.contains((0.42, 0.75))
    assert not path.region.contains((0.93, 0.75))


@pytest.mark.parametrize(
    ("thing", "below", "in_most", "on_path"),
    [
        pytest.param("car", "path", True, True, id="in the midst of a path"),
        pytest.param("car", "road", True, False, id="at the kerb"),
        pytest.param("car", "path", False, False, id="seen in one look"),
        pytest.param("bicycle", "path", True, False, id="a bicycle: it leans at a wall"),
    ],
)
def test_a_path_goes_on_below_what_stands_on_it(thing: str, below: str, in_most: bool, on_path: bool) -> None:
    paved = np.full((90, 160), SURFACES.index("path"), np.uint8)
    paved[70:] = SURFACES.index(below)
    paved[30:70, 60:160] = SURFACES.index("building")  # for such the model takes a van
    van = Detections.of([(thing, 0.9, (0.375, 0.33, 1.0, 0.78))])
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(4)]
    looks = [van] * 4 if in_most else [van, *street(people=0, looks=3)]
    found = find_grounds(frames, DrawnSurfaces([paved] * 4), looks)
    assert any(g.kind == "path" and g.region.contains((0.8, 0.7)) for g in found) is on_path


@pytest.mark.parametrize(
    ("ground", "left", "looks", "found"),
    [
        pytest.param("path", 0.3, 4, False, id="a car stands on half of it"),
        pytest.param("path", 0.3, 2, True, id="in half of the looks"),
        pytest.param("path", 0.47, 4, True, id="on a fifth of it"),
        pytest.param("lawn", 0.3, 4, True, id="a car on a lawn"),
    ],
)
def test_what_little_shows_round_a_car_is_no_path(ground: str, left: float, looks: int, found: bool) -> None:
    paved = np.full((90, 160), SURFACES.index("road"), np.uint8)
    paved[:45] = SURFACES.index("building")
    paved[50:64, 40:84] = SURFACES.index(ground)
    car = Detections.of([("car", 0.9, (left, 0.5, left + 0.3, 0.75))])
    seen = [car] * looks + [Detections.of([])] * (4 - looks)
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(4)]
    assert [g.kind for g in find_grounds(frames, DrawnSurfaces([paved] * 4), seen)] == ([ground] if found else [])


def test_steps_are_joined_over_a_gap_but_not_paths_on_which_nobody_walks() -> None:
    paved = np.full((90, 160), SURFACES.index("road"), np.uint8)
    paved[:45] = SURFACES.index("building")
    paved[45:, :52] = paved[45:, 106:] = SURFACES.index("path")
    paved[45:, 118:130] = SURFACES.index("road")  # a street between two pavements
    walkers = [Detections.of([("person", 0.9, [0.44, 0.65, 0.48, 0.78])]) for _ in range(3)]
    frames = [frame(np.zeros((90, 160, 3), np.uint8), n) for n in range(3)]
    found = [g.region for g in find_grounds(frames, DrawnSurfaces([paved] * 3), walkers) if g.kind == "path"]
    assert any(region.contains((0.36, 0.78)) for region in found)
    assert not any(region.contains((0.78, 0.78)) for region in found)

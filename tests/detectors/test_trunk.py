"""Trunks: which way they go up, and when they tell that a tree leans of which the box alone says too little."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Region
from detectors.inspectors import Scene
from detectors.inspectors.plumb import TREES, PlumbLine
from detectors.inspectors.trunk import trunk_lean
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame

P, U = Presence.PRESENT, Presence.UNKNOWN
WIDE, HIGH = 480, 270
FOOT, TALL = np.array([200.0, 220.0]), 120.0


def turned(points: list[list[float]], degrees: float) -> np.ndarray:
    """Points given from the foot, px, turned clockwise about it."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(points) @ turn.T + FOOT


def tree(degrees: float = 0.0) -> Region:
    crown = [[-6.0, 0.0], [6.0, 0.0], [40.0, -80.0], [25.0, -TALL], [-25.0, -TALL], [-40.0, -80.0]]
    return Region.of((turned(crown, degrees) / (WIDE, HIGH)).tolist())


def lawn(trunk: float | None, shade: int = 40) -> Image:
    """A lawn with a trunk that leans so many degrees, and the crown on it."""
    grain = np.random.default_rng(4).integers(-8, 9, (HIGH, WIDE, 3))
    picture = np.clip(np.array([60, 110, 90]) + grain, 0, 255).astype(np.uint8)
    if trunk is not None:
        stem = turned([[-3.0, 0.0], [3.0, 0.0], [2.0, -60.0], [-2.0, -60.0]], trunk)
        cv2.fillPoly(picture, [np.rint(stem).astype(np.int32)], (shade,) * 3)
        middle = turned([[0.0, -85.0]], trunk)[0]
        cv2.circle(picture, (round(middle[0]), round(middle[1])), 36, (30, 60, 40), -1)
    return picture


@pytest.mark.parametrize("shade", [pytest.param(20, id="dark"), pytest.param(190, id="light")])
@pytest.mark.parametrize("lean", [-16.0, -8.0, 0.0, 8.0, 16.0])
def test_a_trunk_tells_how_it_leans(lean: float, shade: int) -> None:
    told = trunk_lean(lawn(lean, shade), tree())
    assert told is not None
    assert abs(told - lean) <= 4


def test_a_trunk_is_measured_against_the_outline_that_was_registered() -> None:
    told = trunk_lean(lawn(12.0), tree(12.0))
    assert told is not None
    assert abs(told) <= 4


@pytest.mark.parametrize(
    ("picture", "region"),
    [
        pytest.param(lawn(None), tree(), id="no trunk to be seen"),
        pytest.param(lawn(0.0), Region.of([[0.4, 0.0], [0.5, 0.0], [0.45, 0.004]]), id="at the picture's upper edge"),
    ],
)
def test_where_no_trunk_is_made_out_nothing_is_said(picture: Image, region: Region) -> None:
    assert trunk_lean(picture, region) is None


LAMP = Region.of([[0.4, 0.2], [0.42, 0.2], [0.42, 0.82], [0.4, 0.82]])


@pytest.mark.parametrize(
    ("trunk", "lamps", "said"),
    [
        pytest.param(12.0, [], P, id="to the side of the box"),
        pytest.param(0.0, [], U, id="upright: the box is wide of it"),
        pytest.param(-12.0, [], U, id="to the other side"),
        pytest.param(None, [], U, id="not to be seen"),
        pytest.param(12.0, [LAMP], U, id="behind a lamp, whose column it may be"),
    ],
)
def test_a_box_that_leads_by_little_needs_the_trunk(trunk: float | None, lamps: list[Region], said: Presence) -> None:
    region, box = tree(), tree(9.0).box
    things = [Asset("T-1", "tree", region), *(Asset("L-1", "street_light", lamp) for lamp in lamps)]
    found = Detections.of([("tree", 0.9, box.as_list())])
    scene = Scene(frame(lawn(trunk)), LightState.DAY, found, View("walk", tuple(things)), [])
    upright = Observation("tree_leaning", U, 0.0, "T-1", "tree", region.box)
    assert [o.presence for o in PlumbLine("tree", TREES).look(things[:1], scene, [upright])] == [said]

"""Where a lamp's head is, what is cut out round it, and which heads glow."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.crops import HEAD_SIZE, head_box, head_crop
from detectors.inspectors.glow import beside_head, glowing_lamps
from detectors.values import LightState
from tests.detectors.scenes import HEIGHT, LAMPS, WIDTH, day, night, scene

DAY, NIGHT = LightState.DAY, LightState.NIGHT
ARM = Region.of([[0.30, 0.2], [0.50, 0.2], [0.52, 0.25], [0.52, 0.9], [0.50, 0.9]])
POST = Region.of([[0.50, 0.2], [0.52, 0.2], [0.52, 0.9], [0.50, 0.9]])


@pytest.mark.parametrize(
    ("region", "left", "right"),
    [
        pytest.param(ARM, 0.27, 0.43, id="the outer end of an arm"),
        pytest.param(POST, 0.48, 0.54, id="the whole top of a post"),
    ],
)
def test_where_the_head_of_a_lamp_is(region: Region, left: float, right: float) -> None:
    box = head_box(region)
    assert left <= box.x0 < box.x1 <= right
    assert box.y1 < 0.35


LANTERN = [[0.466, 0.26], [0.5, 0.2], [0.534, 0.26], [0.52, 1.2], [0.48, 1.2]]
BOW = [[0.2, 0.22], [0.3, 0.2], [0.5, 0.2], [0.52, 1.3], [0.48, 1.3]]


@pytest.mark.parametrize(
    ("outline", "down"),
    [
        pytest.param(LANTERN, 0.0, id="a lantern whose foot is cut off"),
        pytest.param(LANTERN, 0.4, id="a lantern of which little is left"),
        pytest.param(BOW, 0.0, id="an arm whose foot is cut off"),
        pytest.param(BOW, 0.3, id="an arm of which little is left"),
    ],
)
def test_the_head_of_a_lamp_that_the_lower_edge_cuts_is_where_it_is_on_the_whole_lamp(
    outline: list[list[float]], down: float
) -> None:
    whole = head_box(Region.of([[x, y / 2] for x, y in outline]))
    cut = head_box(below_the_edge([[x, y + down] for x, y in outline]))
    found = Box.of((cut.x0, (cut.y0 - down) / 2, cut.x1, (cut.y1 - down) / 2))
    assert found.iou(whole) > 0.5


def below_the_edge(outline: list[list[float]]) -> Region:
    """What the picture shows of an outline that reaches below it."""
    points: list[list[float]] = []
    for (xa, ya), (xb, yb) in zip(outline, outline[1:] + outline[:1], strict=True):
        points += [[xa, ya]] if ya <= 1 else []
        if (ya - 1) * (yb - 1) < 0:
            points.append([xa + (xb - xa) * (1 - ya) / (yb - ya), 1.0])
    return Region.of(points)


def test_the_whole_lamp_and_the_ground_under_it_are_seen_beside_its_head() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[int(0.9 * HEIGHT) :] = 200  # the ground, which no crop of the head shows
    crop = head_crop(picture, POST)
    assert crop[..., :3].max() == 0
    assert crop[36, HEAD_SIZE // 2, 4] == 200
    rows = np.flatnonzero(crop[:, HEAD_SIZE // 2, 7])
    assert 6 <= rows[0] <= 10
    assert rows[-1] < 36


def test_a_head_lies_in_the_middle_of_its_crop_however_large_it_is() -> None:
    for scale in (1, 4):
        picture = cv2.resize(night((True, True, True, True)), (WIDTH * scale, HEIGHT * scale))
        region = LAMPS[1].region
        assert region is not None
        crop = head_crop(picture, region)
        assert crop.shape == (HEAD_SIZE, HEAD_SIZE, 8)
        brightest = np.argwhere(crop[..., 0] > 240).mean(axis=0)
        assert np.abs(brightest - HEAD_SIZE / 2).max() < 5


def test_which_lamps_glow() -> None:
    lit = (True, False, True, True)
    assert glowing_lamps(scene(night(lit), 0, NIGHT)) == {"L-1", "L-3", "L-4"}
    assert glowing_lamps(scene(day(lit), 0, DAY)) == frozenset()


def test_what_is_beside_a_head_leaves_the_head_out() -> None:
    picture = np.full((HEIGHT, WIDTH, 3), 20, np.uint8)
    cv2.rectangle(picture, (236, 56), (244, 70), (255, 255, 255), -1)
    assert beside_head(picture, POST) == 20
    picture[:, 256:] = 180
    assert beside_head(picture, POST) == 180

"""A camera whose mast sways: by how much, and what then stirs and what does not."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from detectors.inspectors.movers import MoverWatch
from detectors.levels import median
from detectors.sway import Sway
from detectors.values import Detections, Image, small_grey
from tests.detectors.fakes import noise

BOX = (0.4, 0.4, 0.5, 0.7)
SIZE = (480, 270)


def street(shirt_x: int = 0) -> Image:
    """Bricks, and something of many colours in BOX; `shirt_x` moves it to the right by so many pixels."""
    picture = np.full((270, 480, 3), 150, np.uint8)
    for y in range(5, 270, 23):
        cv2.line(picture, (0, y), (480, y), (60, 60, 60), 2)
    for x in range(7, 480, 31):
        cv2.line(picture, (x, 0), (x, 270), (60, 60, 60), 2)
    pieces = np.random.default_rng(4).integers(0, 256, (16, 9, 3), np.uint8)
    picture[108:189, 194 + shirt_x : 238 + shirt_x] = cv2.resize(pieces, (44, 81), interpolation=cv2.INTER_NEAREST)
    return picture


def swayed(picture: Image, look: int, by_px: float) -> Image:
    shift = by_px * np.sin(2.1 * look), by_px * np.cos(1.3 * look)
    moved = cv2.warpAffine(picture, np.array([[1, 0, shift[0]], [0, 1, shift[1]]]), SIZE, borderMode=1)
    return noise(np.asarray(moved, np.uint8), look)


@pytest.mark.parametrize(
    ("by_px", "least", "most"),
    [
        pytest.param(0.0, 0.0, 0.0, id="a still camera"),
        pytest.param(0.3, 0.1, 0.5, id="a little"),
        pytest.param(0.8, 0.4, 1.2, id="nearly a pixel"),
    ],
)
def test_how_far_a_camera_sways_is_measured(by_px: float, least: float, most: float) -> None:
    sway = Sway()
    greys = [small_grey(swayed(street(), look, by_px)) for look in range(8)]
    for last, now in pairwise(greys):
        apart = cv2.absdiff(now, last)[::2, ::2]
        sway.learn(np.asarray(apart, np.uint8), last, median(apart))
    assert least <= sway.px <= most
    assert bool(np.max(sway.slack(greys[-1])) > 0) == (by_px > 0)


@pytest.mark.parametrize("by_px", [pytest.param(0.0, id="still camera"), pytest.param(0.5, id="swaying camera")])
@pytest.mark.parametrize(
    ("stirs", "movers"), [pytest.param(True, 1, id="somebody who stands"), pytest.param(False, 0, id="a heap")]
)
def test_a_swaying_mast_makes_nobody_of_a_heap(by_px: float, stirs: bool, movers: int) -> None:
    watch = MoverWatch()
    seen = []
    for look in range(7):
        picture = swayed(street(shirt_x=5 * (look % 2) * stirs), look, by_px)
        seen.append(len(watch.look(Detections.of([("person", 0.6, BOX)]), small_grey(picture))))
    assert seen[-3:] == [movers] * 3

"""The shadow that a column casts is one straight dark line from its foot; damage is not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.cast import is_cast
from detectors.values import Asset, Image

WIDTH, HEIGHT = 640, 360
LAMP = Asset("L-1", "street_light", Region.rectangle(Box(0.68, 0.2, 0.72, 0.8)))
TREE = Asset("T-1", "tree", LAMP.region)
FOOT = (448, 288)
CLAIM = Box(0.45, 0.58, 0.69, 0.79)


def paving() -> Image:
    grain = np.random.default_rng(2).normal(150, 3, (HEIGHT, WIDTH, 1))
    return np.clip(grain, 0, 255).astype(np.uint8).repeat(3, axis=2)


def line(*points: tuple[int, int], dark: float = 0.7, wide: int = 3) -> Callable[[], Image]:
    def draw() -> Image:
        picture, mask = paving(), np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.polylines(mask, [np.int32(points)], False, 255, wide, cv2.LINE_AA)
        return (picture * (1 - (1 - dark) * mask[..., None] / 255)).astype(np.uint8)

    return draw


def beside(dark: float, gap: int = 0) -> Callable[[], Image]:
    """Darker ground on one side of the line that leads to the foot, a gap of so many pixels between."""

    def draw() -> Image:
        picture = paving()
        cv2.fillPoly(picture, [np.int32([FOOT, (280, 205), (280, 350), (448, 350)])], (int(150 * dark),) * 3)
        if gap:
            cv2.line(picture, FOOT, (280, 205), (40, 40, 40), gap)
        return picture

    return draw


FAR = Asset("L-2", "street_light", Region.rectangle(Box(0.96, 0.3, 0.99, 0.93)))
ON_AN_ARM = Asset("L-3", "street_light", Region.rectangle(Box(0.4, 0.2, 0.73, 0.8)))
SHADOW = line(FOOT, (280, 205))


@pytest.mark.parametrize(
    ("draw", "assets", "cast"),
    [
        pytest.param(SHADOW, [LAMP], True, id="a column's shadow"),
        pytest.param(line(FOOT, (280, 205), wide=6), [LAMP], True, id="a broad column's"),
        pytest.param(line(FOOT, (280, 205), dark=0.9), [LAMP], True, id="a pale one, of a hazy sun"),
        pytest.param(SHADOW, [ON_AN_ARM], True, id="of a column under the end of its arm"),
        pytest.param(line((620, 373), (280, 205)), [FAR], False, id="the foot is far away"),
        pytest.param(beside(0.6), [LAMP], False, id="darker ground begins there"),
        pytest.param(beside(0.6, gap=3), [LAMP], False, id="the gap between two grounds"),
        pytest.param(SHADOW, [], False, id="no lamp is registered"),
        pytest.param(SHADOW, [TREE], False, id="a tree, whose shadow is no line"),
        pytest.param(line((440, 285), (400, 250), (370, 262), (330, 215)), [LAMP], False, id="a crooked crack"),
        pytest.param(line((290, 280), (440, 210)), [LAMP], False, id="a line that does not lead to its foot"),
        pytest.param(line(FOOT, (400, 264)), [LAMP], False, id="a short one, beside which something else is claimed"),
        pytest.param(paving, [LAMP], False, id="bare paving"),
    ],
)
def test_what_is_cast(draw: Callable[[], Image], assets: list[Asset], cast: bool) -> None:
    assert is_cast(draw(), CLAIM, assets) is cast


def test_a_claim_of_a_few_pixels_tells_nothing() -> None:
    assert not is_cast(SHADOW(), Box(0.69, 0.78, 0.7, 0.8), [LAMP])


def test_a_flat_claim_may_end_well_above_the_foot() -> None:
    assert is_cast(line(FOOT, (280, 262))(), Box(0.44, 0.735, 0.58, 0.765), [LAMP])

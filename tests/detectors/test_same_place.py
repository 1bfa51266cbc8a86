"""A place is the same where nothing but light, noise and a little sway lies between two pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Box
from detectors.same_place import ALIKE, likeness
from detectors.values import Image

PLATES = Path(__file__).parents[2] / "sample_media" / "plates"
WALK = Box(0.42, 0.62, 0.56, 0.8)


@pytest.fixture(scope="module")
def plaza() -> Image:
    return cv2.imread(str(PLATES / "plaza-03_day.jpg"))


def grainy(picture: Image) -> Image:
    grain = np.random.default_rng(3).normal(0, 3, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def shifted(across: float, down: float) -> Callable[[Image], Image]:
    matrix = np.float32([[1, 0, across], [0, 1, down]])
    return lambda p: cv2.warpAffine(p, matrix, p.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def shaded(gain: float) -> Callable[[Image], Image]:
    return lambda p: np.clip(p * gain, 0, 255).astype(np.uint8)


def painted(*points: tuple[float, float], colour: tuple[int, int, int] = (30, 40, 60)) -> Callable[[Image], Image]:
    def paint(picture: Image) -> Image:
        size = picture.shape[1::-1]
        outline = np.int32([[round(x * size[0]), round(y * size[1])] for x, y in points])
        return cv2.fillPoly(picture.copy(), [outline], colour)

    return paint


BAG = painted((0.46, 0.72), (0.5, 0.72), (0.5, 0.79), (0.46, 0.79))
CAN = painted((0.53, 0.75), (0.545, 0.75), (0.545, 0.775), (0.53, 0.775))
CRACK = painted((0.43, 0.7), (0.5, 0.715), (0.55, 0.71), (0.55, 0.716), (0.5, 0.722), (0.43, 0.706))


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        pytest.param(grainy, True, id="other grain"),
        pytest.param(shaded(1.3), True, id="a brighter exposure"),
        pytest.param(shaded(0.6), True, id="a cloud"),
        pytest.param(shifted(6, -5), True, id="a mast in wind"),
        pytest.param(lambda p: cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), True, id="half size"),
        pytest.param(painted((0.7, 0.7), (0.8, 0.7), (0.8, 0.9)), True, id="something beside the place"),
        pytest.param(BAG, False, id="a bag was left"),
        pytest.param(CRACK, False, id="a crack opened"),
        pytest.param(CAN, False, id="a thing that changes a part of it only"),
        pytest.param(shifted(40, 0), False, id="the camera looks elsewhere"),
        pytest.param(lambda p: np.full_like(p, 90), False, id="nothing is seen"),
    ],
)
def test_what_makes_a_place_another(plaza: Image, change: Callable[[Image], Image], alike: bool) -> None:
    now = grainy(change(plaza))
    assert (likeness(now, plaza, WALK) >= ALIKE) is alike


@pytest.fixture(scope="module")
def pebbles() -> Image:
    """Ground of hard edges, in which one more changes little on the whole."""
    noise = np.random.default_rng(5).normal(0, 1, (540, 960)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.repeat(np.clip(128 + 60 * soft / soft.std(), 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        pytest.param(shifted(5, -5), True, id="a mast in wind"),
        pytest.param(shifted(9, 0), False, id="farther than a mast sways"),
        pytest.param(CAN, False, id="a thing that changes a small part of it"),
    ],
)
def test_on_lively_ground(pebbles: Image, change: Callable[[Image], Image], alike: bool) -> None:
    assert (likeness(change(pebbles), pebbles, Box(0.5, 0.7, 0.57, 0.82)) >= ALIKE) is alike


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Box(0, 0, 1, 1), id="the whole picture"),
        pytest.param(Box(0, 0, 0.002, 0.002), id="a pixel in the corner"),
        pytest.param(Box(0.999, 0.999, 1, 1), id="a pixel in the other corner"),
        pytest.param(Box(0.99, 0.5, 1.0, 1.0), id="a strip at the edge"),
    ],
)
def test_any_place_of_the_picture_is_like_itself(plaza: Image, place: Box) -> None:
    assert likeness(plaza, plaza, place) > 0.9

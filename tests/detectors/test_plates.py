"""Plates let into the walk are told from what stands on it: one even colour, one outline without notches."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box
from detectors.inspectors.plates import is_plate
from detectors.values import Image

PLACE = Box(0.45, 0.5, 0.55, 0.58)
WIDTH, HEIGHT = 320, 180
PAVING, DARK, DARKER, SHADE = (150, 150, 148), (80, 84, 90), (40, 42, 45), (100, 100, 98)
SLANTED = [(146, 91), (172, 91), (175, 103), (149, 103)]
UPRIGHT = [(144, 90), (176, 90), (176, 104), (144, 104)]
WIDE = [(138, 88), (182, 88), (182, 107), (138, 107)]
FRONT = [(146, 97), (174, 97), (174, 103), (146, 103)]
BESIDE = [(172, 91), (186, 97), (186, 108), (176, 103)]
ANGLE = [(145, 91), (172, 91), (175, 103), (166, 103), (162, 94), (157, 103), (148, 103)]
NOTCHED = [(144, 90), (176, 90), (176, 104), (168, 104), (160, 94), (152, 104), (144, 104)]


def walk(*shapes: tuple[list[tuple[int, int]], tuple[int, int, int]], noise: float = 2.0) -> Image:
    """Paving with shapes painted on it one after the other."""
    image = np.full((HEIGHT, WIDTH, 3), PAVING, np.uint8)
    for corners, colour in shapes:
        cv2.fillPoly(image, [np.array(corners, np.int32)], colour)
    return np.clip(image + np.random.default_rng(3).normal(0, noise, image.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("image", "place", "plate"),
    [
        pytest.param(walk((SLANTED, DARK)), PLACE, True, id="a dark plate, as seen from the side"),
        pytest.param(walk((SLANTED, (205, 205, 204))), PLACE, True, id="a pale one"),
        pytest.param(walk((SLANTED, DARK), (FRONT, DARKER)), PLACE, False, id="a box shows its top and its front"),
        pytest.param(walk((SLANTED, DARK), (FRONT, (60, 84, 150))), PLACE, False, id="or two colours"),
        pytest.param(walk((BESIDE, SHADE), (SLANTED, DARK)), PLACE, False, id="or throws a shadow"),
        pytest.param(walk((NOTCHED, DARK)), PLACE, False, id="or has gaps between its feet"),
        pytest.param(walk((ANGLE, DARK)), PLACE, False, id="or is bent"),
        pytest.param(walk((SLANTED, DARK)), Box(0.42, 0.46, 0.58, 0.66), False, id="it is not all that the box shows"),
        pytest.param(
            walk((UPRIGHT, DARK)), Box(0.449, 0.497, 0.554, 0.583), True, id="a plate right before the camera"
        ),
        pytest.param(walk((WIDE, DARK)), PLACE, False, id="it goes on beyond its box"),
        pytest.param(walk(), PLACE, False, id="nothing is there"),
        pytest.param(walk((SLANTED, DARK)), Box(0.9, 0.9, 0.902, 0.902), False, id="less than a pixel"),
        pytest.param(walk((SLANTED, DARK)), Box(0.5, 0.4, 0.5001, 0.6), False, id="as thin as nothing"),
    ],
)
def test_what_lies_flush_in_the_walk(image: Image, place: Box, plate: bool) -> None:
    assert is_plate(image, place) is plate

"""Crowns whose colour tells blossoms or autumn leaves from bare boughs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.crops import stance_crop
from detectors.inspectors.reddish import is_reddish
from detectors.values import Image

LAWN, PINK, TWIGS, LEAVES, RUST = (60, 120, 90), (190, 180, 215), (90, 95, 100), (50, 120, 70), (40, 80, 150)
CROWN = Region.rectangle(Box(0.35, 0.1, 0.65, 0.8))
Colour = tuple[int, int, int]


def picture(crown: Colour, share: float, tint: Colour = (0, 0, 0)) -> Image:
    """A lawn, and a crown of which a share has a colour and the rest is twigs; a camera adds a tint to all."""
    seen = np.full((180, 320, 3), LAWN, np.uint8)
    cv2.rectangle(seen, (112, 18), (208, 144), TWIGS, -1)
    cv2.rectangle(seen, (112, 18), (round(112 + 96 * share), 144), crown, -1)
    return np.clip(seen.astype(int) + tint, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("seen", "reddish"),
    [
        pytest.param(picture(PINK, 1.0), True, id="in blossom"),
        pytest.param(picture(PINK, 0.6), True, id="sky and twigs between the blossoms"),
        pytest.param(picture(PINK, 0.4), False, id="another one's blossoms behind bare boughs"),
        pytest.param(picture(RUST, 1.0), True, id="autumn leaves"),
        pytest.param(picture(LEAVES, 1.0), False, id="in leaf"),
        pytest.param(picture(TWIGS, 1.0), False, id="bare"),
    ],
)
def test_blossoms_and_autumn_leaves_are_redder_than_boughs(seen: Image, reddish: bool) -> None:
    assert is_reddish(stance_crop(seen, CROWN), seen) is reddish


def test_a_camera_that_shows_all_rather_red_makes_no_blossoms() -> None:
    paving = np.full((180, 320, 3), (110, 115, 150), np.uint8)
    paving[18:144, 112:208] = (88, 92, 120)
    assert not is_reddish(stance_crop(paving, CROWN), paving)


def test_what_blooms_beside_an_outline_is_not_in_it() -> None:
    seen = picture(TWIGS, 1.0)
    seen[:150, 90:144] = seen[:150, 176:230] = PINK
    narrow = Region.rectangle(Box(0.45, 0.1, 0.55, 0.8))
    assert not is_reddish(stance_crop(seen, narrow), seen)


@pytest.mark.filterwarnings("error")
def test_an_outline_out_of_the_picture_has_no_colour() -> None:
    seen = picture(PINK, 1.0)
    crop = stance_crop(seen, CROWN)
    crop[..., 7] = 0
    assert not is_reddish(crop, seen)

"""What changed in a place: something came, or the ground shows again."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.arrivals import Grey, came
from detectors.geometry import Mask

SHAPE = (270, 480)
RNG = np.random.default_rng(5)
BUSY = cv2.resize(RNG.uniform(60, 180, (135, 240)).astype(np.float32), SHAPE[::-1], interpolation=cv2.INTER_CUBIC)
CALM = np.full(SHAPE, 120, np.float32)
PLACE: Mask = np.zeros(SHAPE, bool)
PLACE[120:160, 200:260] = True
EVERYWHERE: Mask = np.ones(SHAPE, bool)


def with_thing(ground: Grey, level: float) -> Grey:
    return np.where(PLACE, np.float32(level), ground).astype(np.float32)


def lamplit(ground: Grey) -> Grey:
    glow = cv2.GaussianBlur(PLACE.astype(np.float32), (0, 0), 25)
    return (ground + 90 * glow / glow.max()).astype(np.float32)


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        pytest.param(CALM, with_thing(CALM, 60), True, id="a thing on calm paving"),
        pytest.param(BUSY, with_thing(BUSY, 60), True, id="a plain dark thing on busy paving"),
        pytest.param(BUSY, with_thing(BUSY, 180), True, id="a plain bright thing on busy paving"),
        pytest.param(with_thing(CALM, 60), CALM, False, id="a thing is taken off calm paving"),
        pytest.param(with_thing(BUSY, 60), BUSY, False, id="a thing is taken off busy paving"),
        pytest.param(BUSY, lamplit(BUSY), False, id="a lamp goes on"),
        pytest.param(lamplit(BUSY), BUSY, False, id="a lamp goes out"),
    ],
)
def test_something_came_or_the_ground_shows_again(before: Grey, now: Grey, new: bool) -> None:
    assert came(now, before, PLACE, EVERYWHERE) is new

"""What the lower edge of the picture cuts off counts for less, but for what is seen well enough."""

from __future__ import annotations

import pytest

from detectors.geometry import Box
from detectors.inspectors.strips import share_of_strip
from detectors.values import LightState

DAY, NIGHT = LightState.DAY, LightState.NIGHT
CUT, WHOLE = Box(0.2, 0.9, 0.45, 1.0), Box(0.2, 0.85, 0.45, 0.95)


@pytest.mark.parametrize(
    ("name", "score", "box", "metre", "light", "full"),
    [
        pytest.param("crack", 0.9, CUT, 0.13, DAY, True, id="surely a crack"),
        pytest.param("pothole", 0.9, CUT, 0.13, DAY, True, id="surely a hole"),
        pytest.param("crack", 0.7, CUT, 0.13, DAY, False, id="perhaps a crack"),
        pytest.param("crack", 0.9, CUT, 0.13, NIGHT, False, id="surely a crack, by night"),
        pytest.param("crack", 0.7, WHOLE, 0.13, NIGHT, True, id="a whole one"),
        pytest.param("bicycle", 0.9, CUT, None, DAY, False, id="surely a bicycle: crowns were called so"),
        pytest.param("puddle", 0.9, CUT, 0.13, DAY, False, id="a strip of water"),
        pytest.param("puddle", 0.9, CUT, 0.08, DAY, True, id="more than a metre of water"),
        pytest.param("car", 0.9, CUT, 0.08, NIGHT, True, id="more than a metre of a car"),
        pytest.param("car", 0.9, CUT, 0.13, DAY, False, id="a strip of a car"),
        pytest.param("puddle", 0.9, CUT, None, DAY, False, id="water in a view without a yard-stick"),
    ],
)
def test_a_strip_counts_for_less(
    name: str, score: float, box: Box, metre: float | None, light: LightState, full: bool
) -> None:
    assert (share_of_strip(name, score, box, metre, light) == 1.0) is full

"""A bag that leans on an overflowing bin is no litter of its own; what is strewn round one is."""

import pytest

from detectors.geometry import Box
from detectors.inspectors.spilled import without_spilled
from detectors.values import Observation, Presence

BIN = Box(0.40, 0.40, 0.44, 0.54)
PRESENT, ABSENT = Presence.PRESENT, Presence.ABSENT


def a_bin(presence: Presence = PRESENT, score: float = 0.9) -> Observation:
    return Observation("bin_overflowing", presence, score, "W-1", "bin", BIN)


@pytest.mark.parametrize(
    ("full", "issue", "box", "told"),
    [
        pytest.param(a_bin(), "litter", Box(0.42, 0.47, 0.47, 0.56), False, id="a bag leans on a full bin"),
        pytest.param(a_bin(), "litter", Box(0.37, 0.50, 0.45, 0.57), True, id="litter is strewn before a full bin"),
        pytest.param(a_bin(), "litter", Box(0.47, 0.50, 0.51, 0.55), True, id="a bag lies away from a full bin"),
        pytest.param(a_bin(), "litter", Box(0.42, 0.58, 0.46, 0.64), True, id="a bag lies farther in front"),
        pytest.param(a_bin(), "litter", Box(0.41, 0.40, 0.45, 0.46), True, id="what lies behind ends above its foot"),
        pytest.param(a_bin(), "litter", Box(0.395, 0.38, 0.48, 0.54), False, id="a heap on it and down one side"),
        pytest.param(a_bin(), "litter", Box(0.395, 0.38, 0.45, 0.47), False, id="a heap on it, its foot in the dark"),
        pytest.param(a_bin(), "litter", Box(0.38, 0.38, 0.47, 0.54), True, id="strewn to both sides"),
        pytest.param(a_bin(score=0.53), "litter", Box(0.395, 0.38, 0.48, 0.54), True, id="it may lie beside a bin"),
        pytest.param(a_bin(), "path_obstructed", Box(0.42, 0.47, 0.47, 0.56), True, id="a case stands at a full bin"),
        pytest.param(a_bin(ABSENT), "litter", Box(0.42, 0.47, 0.47, 0.56), True, id="the bin is not full"),
        pytest.param(a_bin(score=0.4), "litter", Box(0.42, 0.47, 0.47, 0.56), True, id="the bin may be full"),
    ],
)
def test_what_leans_on_a_full_bin(full: Observation, issue: str, box: Box, told: bool) -> None:
    lies = Observation(issue, PRESENT, 0.8, box=box, by_place=True)
    assert (lies in without_spilled([full, lies])) is told
    assert full in without_spilled([full, lies])

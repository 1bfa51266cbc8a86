"""What a change is by its look alone, where the detector has no name for it."""

from __future__ import annotations

import pytest

from detectors.background import Change
from detectors.geometry import Box
from detectors.inspectors.lying import is_glint
from detectors.values import LightState

DAY = LightState.DAY


@pytest.mark.parametrize(
    ("roughness", "gain", "colour", "light", "sunlit"),
    [
        pytest.param(4.5, 1.15, 1.0, DAY, True, id="sun through a crown: the paving shows in it"),
        pytest.param(1.0, 1.15, 1.0, DAY, False, id="a pale thing"),
        pytest.param(4.5, 0.9, 1.0, DAY, False, id="darker than before"),
        pytest.param(4.5, 1.15, 6.0, DAY, False, id="of another colour"),
        pytest.param(1.0, 1.15, 1.0, LightState.NIGHT, True, id="lamplight on wet paving"),
    ],
)
def test_light_on_the_ground(roughness: float, gain: float, colour: float, light: LightState, sunlit: bool) -> None:
    lit = Change(Box(0.4, 0.6, 0.45, 0.65), 30.0, 0.6, roughness, gain, colour, 0.02)
    assert is_glint(lit, light) is sunlit

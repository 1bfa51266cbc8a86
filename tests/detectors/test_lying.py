"""What a change is by its look alone, where the detector has no name for it."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.background import Change
from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.lying import is_glint, kind_of
from detectors.values import Asset, Detections, LightState, View
from tests.detectors.fakes import frame

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


@pytest.mark.parametrize(
    ("wide_m", "high_m", "roughness", "colour", "kind"),
    [
        pytest.param(1.5, 0.5, 0.5, 4.0, "path_flooded", id="wide, smooth and colourless"),
        pytest.param(0.9, 0.45, 0.5, 4.0, "path_obstructed", id="as flat, but smaller: a carton with its shadow"),
        pytest.param(0.9, 0.2, 0.5, 4.0, "litter", id="smaller and too low to be in the way"),
        pytest.param(1.5, 0.5, 0.5, 9.0, "path_obstructed", id="with a colour of its own"),
        pytest.param(1.5, 0.5, 2.5, 4.0, "path_obstructed", id="rough"),
        pytest.param(1.5, 1.2, 0.5, 4.0, "path_obstructed", id="nearly as high as wide"),
    ],
)
def test_what_came_is_water_by_its_size_and_look(
    wide_m: float, high_m: float, roughness: float, colour: float, kind: str
) -> None:
    metre, path = 0.1, Asset("P-1", "path", Region.rectangle(Box(0.1, 0.3, 0.9, 1.0)))
    box = Box(0.4, 0.7 - high_m * metre, 0.4 + wide_m * metre * 9 / 16, 0.7)
    scene = Scene(frame(np.zeros((90, 160, 3), np.uint8), 0), DAY, Detections.empty(), View("walk", (path,)), [])
    change = Change(box, 60.0, 0.8, roughness, 0.4, colour, 0.02)
    assert kind_of(change, path, metre, scene) == kind

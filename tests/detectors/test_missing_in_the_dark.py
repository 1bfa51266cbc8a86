"""Furniture whose place is black by night: what shows no more there may stand there all the same."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Detections, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import day
from tests.detectors.test_missing import SIGN, drawn, verdict

P, U = Presence.PRESENT, Presence.UNKNOWN


@pytest.mark.parametrize(
    ("light", "said"),
    [
        pytest.param(1.0, (P, ""), id="lit by lamps: it shows no more"),
        pytest.param(0.05, (U, "not seen, but something stands there"), id="black: nobody can tell"),
    ],
)
def test_what_shows_no_more_by_night(light: float, said: tuple[Presence, str]) -> None:
    inspector = FurnitureInspector(SIGN)
    for second in range(4):
        picture = (drawn(day(seed=second)) * light).astype(np.uint8)
        inspector.look(Scene(frame(picture, second), LightState.NIGHT, Detections.empty(), SIGN, []))
    bare = (day(seed=9) * light).astype(np.uint8)
    assert verdict(inspector.look(Scene(frame(bare, 9), LightState.NIGHT, Detections.empty(), SIGN, []))) == said

"""Outlines of lamps that a nearer one of their row stands before."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.emptied import EmptyOutlines
from detectors.values import Asset, Detections, Presence
from tests.detectors.scenes import LAMPS, day, scene
from tests.detectors.test_emptied import DAY, A, P, Said, bare, standing
from tests.detectors.test_lights import verdicts


@pytest.mark.parametrize(
    ("before", "nearer", "second"),
    [
        pytest.param(0.95, True, A, id="a nearer lamp stands before it"),
        pytest.param(0.95, False, P, id="a farther one is behind it"),
        pytest.param(0.5, True, P, id="a nearer one is before half of it"),
    ],
)
def test_a_lamp_behind_a_nearer_one_of_its_row_is_not_empty(before: float, nearer: bool, second: Presence) -> None:
    own = LAMPS[1].region
    assert own is not None
    box = own.box
    foot = box.y1 + (0.05 if nearer else -0.02)
    other = Asset("L-9", "street_light", Region.rectangle(Box(box.x0 + (1 - before) * box.width, 0.05, 0.9, foot)))
    watch, seen = EmptyOutlines(), scene(bare(day()), 0.0, DAY, Detections.empty())
    watch._judge = Said({"L-2": 0.99})  # type: ignore[assignment]
    assert verdicts(watch.look([*LAMPS, other], seen, standing()), "light_damaged")[1] is second

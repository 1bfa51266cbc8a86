"""Outlines of lamps whose columns a crown hides, or which are no more than a box with an arm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.emptied import EmptyOutlines
from detectors.values import Asset, Detections, Presence
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, WIDTH, day, scene
from tests.detectors.test_emptied import DAY, A, P, Said, bare, standing
from tests.detectors.test_lights import verdicts


@pytest.mark.parametrize(
    ("top", "foot", "tall", "second"),
    [
        pytest.param(0.33, 0.05, 0.4, A, id="a crown before all of its column, its head above it"),
        pytest.param(0.33, -0.05, 0.4, P, id="a crown behind it"),
        pytest.param(0.6, 0.05, 0.4, P, id="a crown before the lower half"),
        pytest.param(0.33, 0.05, 0.5, P, id="near enough to be missed behind a crown"),
    ],
)
def test_a_far_lamp_whose_column_a_crown_hides_is_not_missed(
    top: float, foot: float, tall: float, second: Presence
) -> None:
    lamps = [replace(a, region=_lower(a, tall)) for a in LAMPS]
    assert lamps[1].region is not None
    own = lamps[1].region.box
    crown = Box(own.x0 - 0.03, own.y0 + top * own.height, own.x1 + 0.03, own.y1 + foot)
    watch, seen = EmptyOutlines(), scene(bare(day()), 0.0, DAY, Detections.empty())
    watch._judge = Said({"L-2": 0.99})  # type: ignore[assignment]
    seen = replace(seen, view=replace(WALK, assets=(*lamps, Asset("T-9", "tree", Region.rectangle(crown)))))
    assert verdicts(watch.look(lamps, seen, standing()), "light_damaged")[1] is second


def _lower(lamp: Asset, tall: float) -> Region:
    assert lamp.region is not None
    own = lamp.region.box
    return Region.rectangle(Box(own.x0, own.y1 - tall, own.x1, own.y1))


@pytest.mark.parametrize(
    ("stands", "second"),
    [
        pytest.param(True, A, id="a column stands in its box, if not in its middle"),
        pytest.param(False, P, id="none stands there"),
    ],
)
def test_a_broader_box_is_no_proof_that_a_lamp_on_an_arm_leans(stands: bool, second: Presence) -> None:
    x, wide = LAMP_X[1] / WIDTH, 0.12
    box = Box(x - 0.8 * wide, 0.2, x + 0.2 * wide, 0.7)
    lamps = [LAMPS[0], replace(LAMPS[1], region=Region.rectangle(box)), *LAMPS[2:]]
    broader = [box.x0 - 0.5 * wide, box.y0, box.x1, box.y1]
    watch = EmptyOutlines()
    watch._judge = Said({"L-2": 0.7})  # type: ignore[assignment]
    seen = scene(day() if stands else bare(day()), 0.0, DAY, Detections.of([("street_light", 0.9, broader)]))
    assert verdicts(watch.look(lamps, seen, standing()), "light_damaged")[1] is second

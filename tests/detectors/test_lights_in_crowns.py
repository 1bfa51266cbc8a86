"""Lamps by night that the judge holds for dark though light shows at their heads: through leaves, or all over them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.crops import head_box
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Image, LightState, Presence
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, judged, night, scene, verdicts

P, U = Presence.PRESENT, Presence.UNKNOWN
SECOND = LAMPS[1].region
assert SECOND is not None
HEAD = head_box(SECOND)
CROWN = Asset("T-1", "tree", Region.rectangle(Box(SECOND.box.x0 - 0.05, 0, SECOND.box.x1 + 0.05, SECOND.box.y1 + 0.05)))


def street(at_head: int, share: float) -> Image:
    """Four lamps, the ground under the second dark, and at its head something of a grey level and a size."""
    picture = night((True, False, True, True))
    for number in (0, 2, 3):
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    x0, y0, x1, y1 = HEAD.pixels(WIDTH, HEIGHT)
    picture[y0:y1, x0 : x0 + max(1, round(share * (x1 - x0)))] = at_head
    return picture


@pytest.mark.parametrize(
    ("at_head", "share", "crown", "said"),
    [
        pytest.param(20, 0.2, True, P, id="dark, in a crown"),
        pytest.param(130, 0.2, True, U, id="a glimmer on leaves: it may be its own"),
        pytest.param(130, 0.2, False, P, id="as much where no crown is: it is no glass that burns"),
        pytest.param(215, 0.2, True, P, id="brighter than leaves: another light behind it"),
        pytest.param(180, 1.0, False, U, id="light fills its head"),
    ],
)
def test_light_at_a_head_that_the_judge_holds_for_dark(
    at_head: int, share: float, crown: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.05 if a is LAMPS[1] else 0.95 for a in LAMPS})
    view = replace(WALK, assets=(*WALK.assets, CROWN)) if crown else WALK
    seen = replace(scene(street(at_head, share), 0, LightState.NIGHT), view=view)
    assert verdicts(LightsInspector(view).look(seen), "light_out")[1] is said

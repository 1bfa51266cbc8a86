"""Lamps by night that the judge holds for dark though light shows at their heads: through leaves, or all over them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.arms import ArmSides
from detectors.inspectors.crops import head_box
from detectors.inspectors.lamp_heads import Head
from detectors.inspectors.lights import LightsInspector, _is_filled
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


@pytest.mark.parametrize(
    ("level", "surround", "filled"),
    [
        pytest.param(150.0, 80.0, True, id="far brighter than what is round it"),
        pytest.param(150.0, 140.0, False, id="the evening sky is as bright"),
        pytest.param(110.0, 50.0, False, id="other lamps far behind it"),
    ],
)
def test_at_dusk_light_fills_a_head_that_is_brighter_than_the_sky(level: float, surround: float, filled: bool) -> None:
    head = Head(0.1, peak=253.0, level=level, surround=surround, beside=231.0)
    assert _is_filled(head, scene(night((True,) * 4), 0, LightState.TWILIGHT)) is filled


@pytest.mark.parametrize(
    ("lit", "wide", "boxed", "said"),
    [
        pytest.param(0.05, 0.2, True, P, id="surely dark"),
        pytest.param(0.2, 0.2, True, U, id="its head may be elsewhere along its arm"),
        pytest.param(0.2, 0.2, False, P, id="an outline tells where its head is"),
        pytest.param(0.2, 0.04, True, P, id="a slender box: its head is on its column"),
    ],
)
def test_the_judge_must_be_surer_where_a_box_with_an_arm_is_all_that_is_known(
    lit: float, wide: float, boxed: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArmSides, "outlined", lambda _, seen: seen)
    judged(monkeypatch, {a.id: lit if a is LAMPS[1] else 0.95 for a in LAMPS})
    x = LAMP_X[1] / WIDTH
    box = Box(x - wide / 2, 0.2, x + wide / 2, 0.7)
    corners = [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1 - 0.01], [x, box.y1], [box.x0, box.y1 - 0.01]]
    region = Region.rectangle(box) if boxed else Region.of(corners)
    view = replace(WALK, assets=(LAMPS[0], replace(LAMPS[1], region=region), *LAMPS[2:]))
    seen = replace(scene(night((True, False, True, True)), 0, LightState.NIGHT), view=view)
    assert verdicts(LightsInspector(view).look(seen), "light_out")[1] is said

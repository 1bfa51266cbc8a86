"""Heads that deceive: far ones by night, of a few pixels, and white globes by day."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import LAMPS, WALK, day, night, scene

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
NEAR, FAR = 0.5, 0.1


@pytest.mark.parametrize(
    ("height", "odds", "said"),
    [
        pytest.param(NEAR, [0.4], [U], id="near, its glass perhaps hidden"),
        pytest.param(NEAR, [0.35], [P], id="near, dark before what others light"),
        pytest.param(NEAR, [0.22], [P], id="near, dark"),
        pytest.param(FAR, [0.22], [U], id="far, dark, but not surely"),
        pytest.param(FAR, [0.1] * 9, [U] * 9, id="far, surely dark, but nobody saw it lit"),
        pytest.param(FAR, [0.9, 0.1], [A, P], id="far, dark after it was lit"),
        pytest.param(FAR, [0.9] + [0.1] * 20, [A] + [P] * 20, id="and it stays out"),
        pytest.param(FAR, [0.9, 0.22], [A, U], id="far, hardly dark after it was lit"),
    ],
)
def test_a_far_lamp_is_out_when_it_is_surely_dark_and_was_lit(
    height: float, odds: list[float], said: list[Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = Region.rectangle(Box(0.2, 0.2, 0.22, 0.2 + height))
    view = View("walk", (Asset("L-9", "street_light", region),))
    inspector, verdicts = LightsInspector(view), []
    for second, lit in enumerate(odds):
        monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene, lit=lit: {"L-9": lit})
        picture = frame(night((False,) * 4), second)
        seen = inspector.look(Scene(picture, LightState.NIGHT, Detections.empty(), view, []))
        verdicts += [o.presence for o in seen if o.issue == "light_out"]
    assert verdicts == said


@pytest.mark.parametrize(
    ("peak", "white", "said"),
    [
        pytest.param(177.0, 210, U, id="a white globe under a grey sky"),
        pytest.param(177.0, 160, P, id="brighter than anything in view"),
        pytest.param(240.0, 255, P, id="burning below an overexposed sky"),
        pytest.param(205.0, 255, U, id="pale below an overexposed sky"),
    ],
)
def test_by_day_a_lamp_that_burns_outshines_what_the_day_lights(
    peak: float, white: int, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, picture = LAMPS[1], np.minimum(day(), 155).astype(np.uint8)
    picture[:20] = white
    odds = {lamp.id: 0.9 if lamp is mine else 0.1 for lamp in LAMPS}
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: odds)
    monkeypatch.setattr(
        "detectors.inspectors.lights.head_peak", lambda image, region: peak if region == mine.region else 100.0
    )
    seen = LightsInspector(WALK).look(scene(picture, 0, LightState.DAY))
    assert [o.presence for o in seen if o.issue == "light_on_by_day" and o.asset_id == mine.id] == [said]

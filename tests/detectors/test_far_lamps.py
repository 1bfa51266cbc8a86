"""Far lamps by night: heads of a few pixels."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import judged, night

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
NEAR, FAR, FARTHEST = 0.5, 0.13, 0.08


@pytest.mark.parametrize(
    ("height", "odds", "said"),
    [
        pytest.param(NEAR, [0.4], [U], id="near, its glass perhaps hidden"),
        pytest.param(NEAR, [0.22], [P], id="near, dark"),
        pytest.param(FAR, [0.22], [P], id="far, dark from the first look on"),
        pytest.param(FAR, [0.9, 0.1], [A, P], id="far, dark after it was lit"),
        pytest.param(FAR, [0.9] + [0.1] * 20, [A] + [P] * 20, id="and it stays out"),
        pytest.param(FARTHEST, [0.01], [U], id="too far: its head is of four pixels"),
    ],
)
def test_a_far_lamp_is_out_as_a_near_one_is(
    height: float, odds: list[float], said: list[Presence], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = Region.rectangle(Box(0.2, 0.2, 0.21, 0.2 + height))
    view = View("walk", (Asset("L-9", "street_light", region),))
    inspector, verdicts = LightsInspector(view), []
    for second, lit in enumerate(odds):
        judged(monkeypatch, {"L-9": lit})
        picture = frame(night((False,) * 4), second)
        seen = inspector.look(Scene(picture, LightState.NIGHT, Detections.empty(), view, []))
        verdicts += [o.presence for o in seen if o.issue == "light_out"]
    assert verdicts == said

"""Furniture that the detector never saw in its place: by day the judge of bare places need not be quite so sure."""

from __future__ import annotations

import pytest

from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Detections, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import day
from tests.detectors.test_missing import BENCH, DAY, NIGHT, PLACE, Judge, verdict

BESIDE = [("bench", 0.8, [PLACE.x0 + 0.05, PLACE.y0, PLACE.x1 + 0.05, PLACE.y1])]
P, U = Presence.PRESENT, Presence.UNKNOWN


@pytest.mark.parametrize(
    ("light", "before", "bare", "said"),
    [
        pytest.param(DAY, False, 0.75, P, id="never seen"),
        pytest.param(DAY, True, 0.75, U, id="seen once, if not quite in its place"),
        pytest.param(NIGHT, False, 0.75, U, id="by night much is never seen"),
        pytest.param(DAY, False, 0.65, U, id="hardly bare"),
    ],
)
def test_what_was_never_seen_is_missed_sooner(
    light: LightState, before: bool, bare: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    inspector, judge.bare = FurnitureInspector(BENCH), bare
    for look, rows in enumerate([BESIDE if before else [], [], []]):
        seen = inspector.look(Scene(frame(day(), look), light, Detections.of(rows), BENCH, []))
    assert verdict(seen)[0] is said

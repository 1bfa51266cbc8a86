"""Furniture whose place is black by night, or that its judge is blind to: it may stand there all the same."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Detections, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import day
from tests.detectors.test_missing import BENCH, PLACE, SIGN, Judge, drawn, verdict

P, U = Presence.PRESENT, Presence.UNKNOWN
ASIDE = Box(PLACE.x0 + 0.06, PLACE.y0, PLACE.x1 + 0.06, PLACE.y1)


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


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        pytest.param([], P, id="never seen, and bare ground"),
        pytest.param([("bench", 0.3, PLACE.as_list())], U, id="seen there at first: the judge is blind to it"),
        pytest.param([("bench", 0.3, ASIDE.as_list())], P, id="a box beside it says nothing"),
    ],
)
def test_a_judge_that_took_a_seen_bench_for_bare_ground_is_no_witness(
    seen: list[tuple[str, float, list[float]]], said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    judge.bare = 0.95
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    inspector = FurnitureInspector(BENCH)
    for second in range(4):
        found = Detections.of(seen if second == 0 else [])
        last = inspector.look(Scene(frame(drawn(day(seed=second)), second), LightState.NIGHT, found, BENCH, []))
    assert verdict(last)[0] is said

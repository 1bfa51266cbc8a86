"""Litter that lies together is one job for whoever sweeps, and what nobody stumbles over is none."""

from __future__ import annotations

import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.lying import is_slight
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.places import heaped
from detectors.values import Detections, LightState, Observation, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK, day


@pytest.mark.parametrize(
    ("other", "jobs"),
    [
        pytest.param(Box(0.56, 0.60, 0.60, 0.64), 1, id="beside it"),
        pytest.param(Box(0.62, 0.60, 0.66, 0.64), 2, id="a metre and more beside it"),
        pytest.param(Box(0.50, 0.66, 0.54, 0.70), 1, id="right before it"),
        pytest.param(Box(0.50, 0.69, 0.54, 0.73), 2, id="before it: up and down the picture distances look shorter"),
    ],
)
def test_pieces_that_lie_together(other: Box, jobs: int) -> None:
    pieces = [
        Observation("litter", Presence.PRESENT, 0.8, None, None, box) for box in (Box(0.50, 0.60, 0.54, 0.64), other)
    ]
    assert len(heaped(pieces, lambda _: 0.08)) == jobs


@pytest.mark.parametrize(
    ("below", "metre", "jobs"),
    [
        pytest.param(0.07, 0.16, 1, id="before the camera's feet a metre is a sixth of the picture"),
        pytest.param(0.10, 0.16, 2, id="a metre below"),
        pytest.param(0.10, 0.40, 2, id="so near that the measure is doubtful"),
    ],
)
def test_pieces_that_lie_together_near_the_camera(below: float, metre: float, jobs: int) -> None:
    boxes = Box(0.2, 0.7, 0.36, 0.82), Box(0.24, 0.82 + below, 0.36, 0.98)
    assert (
        len(heaped([Observation("litter", Presence.PRESENT, 0.8, None, None, b) for b in boxes], lambda _: metre))
        == jobs
    )


@pytest.mark.parametrize(
    ("box", "metre", "slight"),
    [
        pytest.param(Box(0.5, 0.40, 0.505, 0.42), 0.08, True, id="a hand wide and a foot high"),
        pytest.param(Box(0.5, 0.40, 0.508, 0.43), 0.08, True, id="what shows of somebody between a lamp and a sign"),
        pytest.param(Box(0.5, 0.40, 0.505, 0.44), 0.08, False, id="half a metre high"),
        pytest.param(Box(0.5, 0.40, 0.520, 0.42), 0.08, False, id="a third of a metre wide"),
        pytest.param(Box(0.5, 0.40, 0.505, 0.42), None, False, id="nobody knows how large"),
    ],
)
def test_what_nobody_stumbles_over_is_slight(box: Box, metre: float | None, slight: bool) -> None:
    assert is_slight(box, metre, Scene(frame(day(), 0), LightState.DAY, Detections.of([]), WALK, [])) is slight


@pytest.mark.parametrize(
    ("wide", "said"),
    [pytest.param(7, set(), id="a tape that swings"), pytest.param(17, {"path_obstructed"}, id="a thing")],
)
def test_a_change_that_is_slight_is_nothing_in_the_way(wide: int, said: set[str]) -> None:
    inspector, people = PathsInspector(WALK), Detections.of([("person", 0.9, [0.9, 0.3, 0.96, 0.75])])
    for second in range(12):
        picture = day(seed=second)
        if second >= 5:
            picture[155 : 155 + 17, 215 : 215 + wide] = (30, 90, 30)
        seen = inspector.look(Scene(frame(picture, second), LightState.DAY, people, WALK, []))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said

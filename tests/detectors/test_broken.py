"""Broken slabs that are called a bicycle are damage, and bicycles that lie there are none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.claims import Claims
from detectors.inspectors.mistaken import PlaceOdds
from detectors.inspectors.scale import Scale
from detectors.values import Detections, LightState
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK, day

SLABS, WITH_COVER = Box(0.44, 0.7, 0.54, 0.76), Box(0.41, 0.69, 0.54, 0.76)
Row = tuple[str, float, Box]


def claimed(rows: list[Row], odds: float, things: Sequence[Box] = ()) -> dict[str, float]:
    """What is claimed, with the best scores, where the judge of damage gives any place such odds.

    Args:
        things: what looks like a mover and does not stir.
    """
    found = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    scene = Scene(frame(day(), 0), LightState.DAY, found, WALK, [], things=list(things))
    damage = PlaceOdds(lambda image, box: odds)
    claims = Claims(scene, Scale(), WALK.of_kind("path"), (), damage)
    said = sorted([*claims.vehicles(), *claims.lying()], key=lambda o: o.score)
    return {o.issue: o.score for o in said}


@pytest.mark.parametrize(
    ("rows", "odds", "issues"),
    [
        pytest.param([("bicycle", 0.75, SLABS)], 0.98, {"path_obstructed"}, id="a bicycle, whatever it looks"),
        pytest.param([("bicycle", 0.6, SLABS)], 0.98, {"path_obstructed"}, id="a faint one, and no hole"),
        pytest.param(
            [("bicycle", 0.75, SLABS), ("pothole", 0.55, SLABS)],
            0.9,
            {"path_damaged"},
            id="a hole as well, and rather broken",
        ),
        pytest.param(
            [("bicycle", 0.75, WITH_COVER), ("pothole", 0.45, SLABS)],
            0.98,
            {"path_damaged"},
            id="partly a hole as well, and surely broken",
        ),
        pytest.param(
            [("bicycle", 0.75, WITH_COVER), ("crack", 0.45, SLABS)],
            0.9,
            {"path_damaged", "path_obstructed"},
            id="partly a crack as well, and rather broken",
        ),
    ],
)
def test_what_is_called_a_bicycle_and_broken(rows: list[Row], odds: float, issues: set[str]) -> None:
    assert claimed(rows, odds).keys() == issues


@pytest.mark.parametrize(
    ("odds", "told"),
    [
        pytest.param(0.98, True, id="a hole within slabs that broke, which do not stir"),
        pytest.param(0.9, False, id="perhaps a part of a bicycle that lies there"),
    ],
)
def test_a_hole_within_what_is_called_a_bicycle(odds: float, told: bool) -> None:
    rows = [("bicycle", 0.6, WITH_COVER), ("pothole", 0.8, SLABS)]
    assert (claimed(rows, odds, things=[WITH_COVER]).get("path_damaged", 0.0) >= 0.6) is told

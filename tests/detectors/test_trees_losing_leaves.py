"""Trees that lose their leaves while they are looked at, beside others that may or may not tell the season."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame, scenery
from tests.detectors.judges import Crowns, Upright
from tests.detectors.scenes import verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY = LightState.DAY


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.felled.SettledJudge", lambda _: Upright())


@pytest.mark.parametrize(
    ("month", "loses", "others", "said"),
    [
        pytest.param(7, True, (0.3,), P, id="in summer, the other not surely in leaf"),
        pytest.param(11, True, (0.3,), U, id="in autumn, when the other may lose them next"),
        pytest.param(7, False, (0.3,), A, id="in summer, but its crown is as it was"),
        pytest.param(7, True, (0.3, 0.9, 0.9), P, id="in summer, two others bare since they were first seen"),
        pytest.param(11, True, (0.05, 0.9, 0.9), U, id="in autumn, where two others are bare"),
        pytest.param(4, True, (0.05, 0.05), P, id="in spring, though it may seem to blossom"),
    ],
)
def test_a_tree_that_loses_its_leaves_among_others(
    month: int, loses: bool, others: tuple[float, ...], said: Presence
) -> None:
    boxes = (Box(0.1, 0.05, 0.25, 0.6), *(Box(0.3 + 0.2 * k, 0.05, 0.45 + 0.2 * k, 0.6) for k in range(len(others))))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)), 31.2, 121)
    crowns, seen = Crowns(0.003, *others), []
    blossoms = Crowns(0.1, *others)
    inspector, picture = TreesInspector(view, crowns, blossoms), scenery(80, 640, 360, seed=3)
    for bare in (0.003, 0.35):
        crowns.turn("T-1", bare)
        looked = frame(picture, 0)
        looked = replace(looked, at=looked.at.replace(month=month, day=15))
        seen = inspector.look(Scene(looked, DAY, Detections.empty(), view, []))
        if loses:
            picture = picture.copy()
            x0, y0, x1, y1 = Box(0.1, 0.05, 0.25, 0.4).pixels(picture.shape[1], picture.shape[0])
            picture[y0:y1, x0:x1] = scenery(80, 640, 360, seed=4)[y0:y1, x0:x1]
    assert verdicts(seen, "tree_bare")[0] is said


@pytest.mark.parametrize(
    ("top", "said"), [pytest.param(0.05, P, id="large in the picture"), pytest.param(0.45, U, id="small")]
)
def test_a_tree_among_such_in_leaf_is_rather_bare_only_where_twigs_can_be_told(top: float, said: Presence) -> None:
    boxes = (Box(0.1, top, 0.25, 0.6), *(Box(0.3 + 0.2 * k, 0.05, 0.45 + 0.2 * k, 0.6) for k in range(3)))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)), 31.2, 121)
    crowns, seen = Crowns(0.05, 0.02, 0.02, 0.02), []
    inspector, picture = TreesInspector(view, crowns), scenery(80, 640, 360, seed=3)
    for bare in (0.05, 0.55):
        crowns.turn("T-1", bare)
        looked = frame(picture, 0)
        looked = replace(looked, at=looked.at.replace(month=7, day=15))
        seen = inspector.look(Scene(looked, DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare")[0] is said

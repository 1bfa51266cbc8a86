"""Bare trees by the calendar: dead ones in summer, and what the season bares, colours or sets in blossom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.judges import Bare, Crowns, Upright
from tests.detectors.scenes import WALK, day, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY = LightState.DAY


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.felled.SettledJudge", lambda _: Upright())


@pytest.mark.parametrize(
    ("bare", "month", "latitude", "said"),
    [
        pytest.param((0.9,), 7, 31.2, [P], id="alone, in summer"),
        pytest.param((0.9,), 1, 31.2, [U], id="alone, in winter"),
        pytest.param((0.9,), 7, None, [U], id="alone, who knows where"),
        pytest.param((0.9, 0.3), 7, 31.2, [P, A], id="the other rather in leaf than bare, in summer"),
        pytest.param((0.65, 0.3, 0.3), 7, 31.2, [U, A, A], id="not surely bare, and the others not surely in leaf"),
        pytest.param((0.9, 0.5, 0.5), 7, 31.2, [U, U, U], id="the judge is sure of none of the others"),
        pytest.param((0.9, 0.9, 0.9), 7, 31.2, [U, U, U], id="all seem bare in summer: they are of a kind not known"),
        pytest.param((0.55, 0.02, 0.02, 0.02), 7, 31.2, [P, A, A, A], id="rather bare, three others surely in leaf"),
        pytest.param((0.55, 0.02, 0.02, 0.02), 1, 31.2, [U, A, A, A], id="the same in winter"),
        pytest.param((0.55, 0.02, 0.02), 7, 31.2, [U, A, A], id="rather bare, and too few others"),
        pytest.param((0.55, 0.02, 0.02, 0.3), 7, 31.2, [U, A, A, A], id="rather bare, one other not surely in leaf"),
        pytest.param((0.45, 0.02, 0.02, 0.02), 7, 31.2, [U, A, A, A], id="rather in leaf than bare"),
        pytest.param((0.9, 0.02, 0.02), 10, 31.2, [P, A, A], id="in autumn, the others surely in leaf"),
        pytest.param((0.9, 0.02, 0.02), 1, 31.2, [U, A, A], id="in winter: the others are evergreens"),
        pytest.param((0.9, 0.02, 0.02), 7, -37.8, [U, A, A], id="in July in Melbourne as well"),
        pytest.param((0.9, 0.02, 0.02), 1, 1.3, [P, A, A], id="in January in Singapore"),
    ],
)
def test_in_summer_no_other_tree_need_tell_the_season(
    bare: tuple[float, ...], month: int, latitude: float | None, said: list[Presence]
) -> None:
    boxes = [Box(0.05 + 0.23 * k, 0.05, 0.2 + 0.23 * k, 0.6) for k in range(len(bare))]
    trees = tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1))
    view = View("walk", trees, latitude, 121.5)
    looked = frame((day() * 0.5).astype(np.uint8), 0)
    looked = replace(looked, at=looked.at.replace(month=month, day=15))
    seen = TreesInspector(view, Crowns(*bare), Bare()).look(Scene(looked, DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare") == said


@pytest.mark.parametrize(
    ("bare", "month", "said"),
    [
        pytest.param((0.85, 0.02, 0.02, 0.02), 7, P, id="surely bare in summer, all others surely in leaf"),
        pytest.param((0.7, 0.02, 0.02, 0.02), 7, U, id="not surely"),
        pytest.param((0.85, 0.02, 0.02, 0.3), 7, U, id="one other not surely in leaf"),
        pytest.param((0.85, 0.02, 0.02), 7, U, id="too few others"),
        pytest.param((0.85, 0.02, 0.02, 0.02), 10, U, id="in autumn"),
    ],
)
def test_a_small_tree_never_seen_in_leaf_is_bare_where_all_else_says_so(
    bare: tuple[float, ...], month: int, said: Presence
) -> None:
    height = day().shape[0]
    boxes = [Box(0.05 + 0.23 * k, 0.05, 0.2 + 0.23 * k, 0.6) for k in range(len(bare))]
    boxes[0] = Box(0.05, 0.1, 0.15, 0.1 + 85 / height)
    trees = tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1))
    view = View("walk", trees, 31.2, 121.5)
    looked = frame((day() * 0.5).astype(np.uint8), 0)
    looked = replace(looked, at=looked.at.replace(month=month, day=15))
    seen = TreesInspector(view, Crowns(*bare), Bare()).look(Scene(looked, DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare")[0] is said


@pytest.mark.parametrize(
    ("month", "said"),
    [pytest.param(5, U, id="in May it blooms"), pytest.param(7, P, id="in July nothing blooms: something red behind")],
)
def test_a_crown_of_the_colour_of_blossoms_is_not_bare_outside_summer(month: int, said: Presence) -> None:
    boxes = [Box(0.05 + 0.23 * k, 0.05, 0.2 + 0.23 * k, 0.6) for k in range(4)]
    trees = tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1))
    view = View("walk", trees, 31.2, 121.5)
    picture = (day() * 0.5).astype(np.uint8)
    x0, y0, x1, y1 = boxes[0].pixels(picture.shape[1], picture.shape[0])
    picture[y0:y1, x0:x1] = (50, 45, 70)
    looked = frame(picture, 0)
    looked = replace(looked, at=looked.at.replace(month=month, day=15))
    seen = TreesInspector(view, Crowns(0.9, 0.9, 0.02, 0.02), Bare()).look(
        Scene(looked, DAY, Detections.empty(), view, [])
    )
    assert verdicts(seen, "tree_bare") == [said, P, A, A]


def test_a_tree_that_was_seen_in_leaf_is_bare_in_winter_too() -> None:
    view = View("walk", WALK.assets, 31.2, 121.5)
    inspector = TreesInspector(view, Crowns(0.05, 0.05), Bare())
    picture = (day() * 0.5).astype(np.uint8)
    looks = [frame(picture, k) for k in range(2)]
    first, second = (replace(look, at=look.at.replace(month=1, day=15)) for look in looks)
    inspector.look(Scene(first, DAY, Detections.empty(), view, []))
    inspector.crowns = Crowns(0.9, 0.05)
    assert verdicts(inspector.look(Scene(second, DAY, Detections.empty(), view, [])), "tree_bare") == [P, A]

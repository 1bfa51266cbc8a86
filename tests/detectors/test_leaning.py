"""Trees that the judge of leaning ones finds out of their outline: when it is asked, and when it is believed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.leaning import LeaningTrees
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.judges import Crowns, Leaning

WIDE, HIGH = 640, 360
OWN = [Box(0.05 + 0.25 * k, 0.3, 0.2 + 0.25 * k, 0.8) for k in range(4)]
OUT_OF_VIEW = Box(0.0, 0.3, 0.04, 0.8)
ASIDE = Box(OWN[0].x0 + 0.03, OWN[0].y0, OWN[0].x1 + 0.03, OWN[0].y1)
LOW = Box(0.05, 0.7, 0.2, 0.85)
BEFORE = Box(OWN[0].x0 + 0.05, 0.35, OWN[0].x1 + 0.05, 0.9)  # a nearer tree


def park(trunks: tuple[float, ...]) -> Image:
    """A lawn with the trunks of the trees, each leaning so many degrees; brighter than the grass."""
    picture = np.full((HIGH, WIDE, 3), 120, np.uint8)
    for box, degrees in zip(OWN, trunks, strict=False):
        x, y, tall = box.centre[0] * WIDE, box.y1 * HIGH, 0.4 * box.height * HIGH
        aside = tall * np.tan(np.radians(degrees))
        stem = [[x - 3, y], [x + 3, y], [x + aside + 3, y - tall], [x + aside - 3, y - tall]]
        cv2.fillPoly(picture, [np.rint(stem).astype(np.int32)], (40, 40, 40))
    return picture


def scene(
    *seen: tuple[float, Box],
    trees: tuple[Box, ...] = tuple(OWN),
    light: LightState = LightState.DAY,
    proposed: bool = False,
    passing: tuple[Box, ...] = (),
    trunks: tuple[float, ...] = (16.0, 16.0, 0.0, 0.0),
) -> Scene:
    """A view of some trees, `T-1` first, and what the detector sees of them: score and box."""
    assets = tuple(Asset(f"T-{k}", "tree", Region.rectangle(box)) for k, box in enumerate(trees, start=1))
    found = Detections.of([("tree", score, box.as_list()) for score, box in seen])
    return Scene(frame(park(trunks)), light, found, View("park", assets, proposed=proposed), list(passing))


def told(judge: Leaning, seen: Scene) -> dict[str, tuple[float, Box]]:
    return LeaningTrees(judge).look(seen.view.of_kind("tree"), seen)


@pytest.mark.parametrize(
    ("odds", "leaning"),
    [
        pytest.param((0.9, 0.1, 0.1, 0.1), {"T-1"}, id="surely"),
        pytest.param((0.6, 0.1, 0.1, 0.1), set(), id="not surely"),
        pytest.param((0.9, 0.9, 0.1, 0.1), set(), id="half of the view: the register is off"),
        pytest.param((0.1, 0.1, 0.9, 0.1), set(), id="its trunk is upright"),
    ],
)
def test_a_tree_is_told_that_surely_leans_among_others(odds: tuple[float, ...], leaning: set[str]) -> None:
    assert set(told(Leaning(*odds), scene())) == leaning


@pytest.mark.parametrize(("trunk", "leaning"), [(-16.0, {"T-1"}), (6.0, set()), (None, set())])
def test_its_trunk_must_be_seen_to_lean_to_either_side(trunk: float | None, leaning: set[str]) -> None:
    seen = scene(trunks=() if trunk is None else (trunk,))
    assert set(told(Leaning(0.9, 0.1, 0.1, 0.1), seen)) == leaning


def test_a_tree_alone_is_told() -> None:
    assert set(told(Leaning(0.9), scene(trees=(OWN[0],)))) == {"T-1"}


@pytest.mark.parametrize(("odds", "score"), [(0.85, 0.85), (0.99, 0.9)])
def test_it_is_told_where_it_stood_no_surer_than_a_bound(odds: float, score: float) -> None:
    assert told(Leaning(odds, 0.1, 0.1, 0.1), scene()) == {"T-1": (pytest.approx(score), OWN[0])}


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        pytest.param(scene(), True, id="the detector sees none"),
        pytest.param(scene((0.8, ASIDE)), True, id="it sees one that leans, or another"),
        pytest.param(scene((0.8, OWN[0])), False, id="it sees it upright"),
        pytest.param(scene((0.2, OWN[0])), True, id="hardly"),
        pytest.param(scene(light=LightState.NIGHT), False, id="by night"),
        pytest.param(scene(proposed=True), False, id="nobody registered how it stood"),
        pytest.param(scene(passing=(OWN[0].grown(0.2),)), False, id="somebody is before it"),
        pytest.param(scene(trees=(OUT_OF_VIEW, *OWN[1:])), False, id="hardly in view"),
        pytest.param(scene(trees=(LOW, *OWN[1:])), False, id="too small"),
        pytest.param(scene(trees=(OWN[0], BEFORE)), False, id="a nearer tree before much of it"),
    ],
)
def test_the_judge_is_asked_of_a_tree_that_may_lean(seen: Scene, asked: bool) -> None:
    judge = Leaning(0.1, 0.1, 0.1, 0.1)
    told(judge, seen)
    assert ("T-1" in judge.asked) == asked


def test_the_inspector_tells_it_and_says_nothing_else_of_that_tree() -> None:
    seen = scene()
    leaning = LeaningTrees(Leaning(0.9, 0.1, 0.1, 0.1))
    inspector = TreesInspector(seen.view, Crowns(0.9, 0.0, 0.0, 0.0), leaning=leaning)
    said = {o.issue: o.presence for o in inspector.look(seen) if o.asset_id == "T-1"}
    assert said == {"tree_leaning": Presence.PRESENT}

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


def aside(share: float, down: float = 0.0, tall: float = 1.0) -> Box:
    """The first tree's box, so many of its heights to the right and lower, and so many times as high."""
    own, shift = OWN[0], share * OWN[0].height * HIGH / WIDE
    y1 = own.y1 + down * own.height
    return Box(own.x0 + shift, y1 - tall * own.height, own.x1 + shift, y1)


RIGHT, LEFT = (0.9, aside(0.1)), (0.9, aside(-0.1))
LOW = Box(0.05, 0.7, 0.2, 0.85)
BEFORE = Box(OWN[0].x0 + 0.03, 0.35, OWN[0].x1 + 0.03, 0.9)  # a nearer tree


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
        pytest.param((0.57, 0.1, 0.1, 0.1), {"T-1"}, id="perhaps"),
        pytest.param((0.5, 0.1, 0.1, 0.1), set(), id="hardly"),
        pytest.param((0.35, 0.1, 0.1, 0.1), set(), id="rather not"),
        pytest.param((0.1, 0.1, 0.9, 0.1), set(), id="one whose trunk is upright"),
    ],
)
def test_a_tree_is_told_that_leans_to_the_judge_as_its_trunk_and_box_do(
    odds: tuple[float, ...], leaning: set[str]
) -> None:
    assert set(told(Leaning(*odds), scene(RIGHT))) == leaning


def test_several_at_once_are_a_register_that_is_off() -> None:
    second = Box(OWN[1].x0 + 0.03, OWN[1].y0, OWN[1].x1 + 0.03, OWN[1].y1)
    assert set(told(Leaning(0.9, 0.9, 0.1, 0.1), scene(RIGHT, (0.9, second)))) == set()


@pytest.mark.parametrize(
    ("trunk", "seen", "leaning"),
    [
        pytest.param(-16.0, LEFT, True, id="both to the left"),
        pytest.param(-16.0, RIGHT, False, id="the trunk to the left, the box to the right"),
        pytest.param(16.0, LEFT, False, id="the trunk to the right, the box to the left"),
        pytest.param(6.0, RIGHT, False, id="the trunk hardly"),
        pytest.param(None, RIGHT, False, id="no trunk is seen"),
        pytest.param(16.0, (0.9, aside(0.06, tall=0.85)), False, id="the box hardly"),
        pytest.param(16.0, (0.2, aside(0.1)), False, id="a faint box"),
        pytest.param(16.0, (0.9, aside(0.1, down=-0.25)), False, id="a box that ends above the foot"),
        pytest.param(16.0, (0.9, aside(0.1, tall=0.5)), False, id="a box half as high"),
        pytest.param(16.0, (0.9, aside(0.1, tall=1.4)), False, id="a box half as high again"),
        pytest.param(16.0, (0.9, aside(0.4)), False, id="a box beside it: another tree's"),
    ],
)
def test_trunk_and_box_must_be_seen_to_lean_to_one_side(
    trunk: float | None, seen: tuple[float, Box], leaning: bool
) -> None:
    shown = scene(seen, trunks=() if trunk is None else (trunk,))
    assert set(told(Leaning(0.9, 0.1, 0.1, 0.1), shown)) == ({"T-1"} if leaning else set())


def test_of_two_boxes_the_one_that_lies_best_on_its_place_is_its_own() -> None:
    assert told(Leaning(0.9, 0.1, 0.1, 0.1), scene(RIGHT, (0.9, aside(0.04)))) == {}


@pytest.mark.parametrize(
    ("odds", "later", "leaning"),
    [
        pytest.param(0.9, scene(), {"T-1"}, id="its box is not seen again"),
        pytest.param(0.9, scene(trunks=()), {"T-1"}, id="nor its trunk"),
        pytest.param(0.2, scene(RIGHT), set(), id="it leans no more to the judge"),
        pytest.param(0.9, scene((0.9, OWN[0])), set(), id="it is seen upright"),
    ],
)
def test_one_that_was_told_leans_while_it_does_to_the_judge(odds: float, later: Scene, leaning: set[str]) -> None:
    trees = LeaningTrees(Leaning(0.9, 0.1, 0.1, 0.1))
    assert set(trees.look(later.view.of_kind("tree"), scene(RIGHT))) == {"T-1"}
    trees.judge = Leaning(odds, 0.1, 0.1, 0.1)
    assert set(trees.look(later.view.of_kind("tree"), later)) == leaning


def test_one_that_leant_no_more_must_be_seen_to_lean_again() -> None:
    trees, told_at = LeaningTrees(), []
    for odds, look in ((0.9, scene(RIGHT)), (0.2, scene()), (0.9, scene())):
        trees.judge = Leaning(odds, 0.1, 0.1, 0.1)
        told_at.append(set(trees.look(look.view.of_kind("tree"), look)))
    assert told_at == [{"T-1"}, set(), set()]


def test_one_that_leant_before_somebody_passed_leans_after() -> None:
    trees = LeaningTrees(Leaning(0.9, 0.1, 0.1, 0.1))
    looks = (scene(RIGHT), scene(passing=(OWN[0].grown(0.2),)), scene())
    assert [set(trees.look(look.view.of_kind("tree"), look)) for look in looks] == [{"T-1"}, set(), {"T-1"}]


def test_a_tree_alone_is_told() -> None:
    assert set(told(Leaning(0.9), scene(RIGHT, trees=(OWN[0],)))) == {"T-1"}


@pytest.mark.parametrize(("odds", "score"), [(0.6, 0.8), (0.99, 0.9)])
def test_it_is_told_where_it_stood_surer_than_by_the_judge_alone_up_to_a_bound(odds: float, score: float) -> None:
    assert told(Leaning(odds, 0.1, 0.1, 0.1), scene(RIGHT)) == {"T-1": (pytest.approx(score), OWN[0])}


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        pytest.param(scene(), True, id="the detector sees none"),
        pytest.param(scene(RIGHT), True, id="it sees one that leans, or another"),
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
    seen = scene(RIGHT)
    leaning = LeaningTrees(Leaning(0.9, 0.1, 0.1, 0.1))
    inspector = TreesInspector(seen.view, Crowns(0.9, 0.0, 0.0, 0.0), leaning=leaning)
    said = {o.issue: o.presence for o in inspector.look(seen) if o.asset_id == "T-1"}
    assert said == {"tree_leaning": Presence.PRESENT}

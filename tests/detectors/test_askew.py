"""Trees that lean from the first look on, where the register is what was seen then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.askew import AskewTrees
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame

WIDE, HIGH, TALL, CROWN = 640, 360, 200, 60
FEET, AT = (120, 320, 520), 300
BARK, FAINT_BARK, SHADE = (50, 70, 100), (55, 85, 100), (40, 60, 45)

Leans = tuple[float, ...]


def box_of(foot: int, leans: float) -> Box:
    """The box of a whole tree, trunk and crown."""
    x, y = foot + 0.65 * TALL * np.tan(np.radians(leans)), AT - 0.65 * TALL
    left, right = min(x - CROWN, foot - 4), max(x + CROWN, foot + 4)
    return Box(left / WIDE, (y - CROWN) / HIGH, right / WIDE, AT / HIGH)


def row(leans: Leans, shadow: float | None = None, bark: tuple[int, int, int] = BARK) -> Image:
    """A row of trees on a lawn, and perhaps the shadow of the first one's trunk."""
    grain = np.random.default_rng(4).integers(-5, 6, (HIGH, WIDE, 3))
    picture = np.clip(np.array([60, 115, 95]) + grain, 0, 255).astype(np.uint8)
    for foot, lean in zip(FEET, leans, strict=False):
        top = round(foot + 0.65 * TALL * np.tan(np.radians(lean)))
        if shadow is not None and foot == FEET[0]:
            cv2.line(picture, (foot, AT), (round(foot + 130 * np.tan(np.radians(shadow))), AT - 130), SHADE, 7)
        cv2.line(picture, (foot, AT), (top, round(AT - 0.65 * TALL)), bark, 9)
        cv2.circle(picture, (top, round(AT - 0.65 * TALL)), CROWN, (20, 60, 30), -1)
    return picture


def told(
    leans: Leans,
    looks: int = 4,
    light: LightState = LightState.DAY,
    proposed: bool = True,
    more: Sequence[Box] = (),
    gone: bool = False,
    shadow: float | None = None,
    bark: tuple[int, int, int] = BARK,
) -> set[str]:
    """The trees that are told in the last of some looks."""
    boxes = [*(box_of(foot, lean) for foot, lean in zip(FEET, leans, strict=False)), *more]
    trees = tuple(Asset(f"T-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(boxes, 1))
    askew, picture, said = AskewTrees(), row(leans, shadow, bark), {}
    for look in range(looks):
        seen = [("tree", 0.8, b.as_list()) for b in boxes] if not gone or look < looks - 1 else []
        view = View("walk", trees, proposed=proposed)
        said = askew.look(trees, Scene(frame(picture), light, Detections.of(seen), view, []))
    return set(said)


BEHIND = Box(130 / WIDE, 100 / HIGH, 240 / WIDE, 285 / HIGH)  # farther away, where the trunk of one that leans passes


@pytest.mark.parametrize(
    ("seen", "trees"),
    [
        pytest.param(partial(told, (30.0, 0.0, 0.0)), {"T-1"}, id="to the right, two others upright"),
        pytest.param(partial(told, (0.0, -30.0, 2.0)), {"T-2"}, id="to the left"),
        pytest.param(
            partial(told, (20.0, 0.0, 0.0), bark=FAINT_BARK), {"T-1"}, id="a faint trunk, less far: it leads by less"
        ),
        pytest.param(partial(told, (12.0, 0.0, 0.0)), set(), id="a little: some grow so"),
        pytest.param(partial(told, (30.0,)), set(), id="alone: nobody knows how trees grow there"),
        pytest.param(partial(told, (30.0, 30.0, 0.0)), set(), id="most of them: a windy place, or a camera askew"),
        pytest.param(partial(told, (0.0, 0.0, 0.0)), set(), id="all upright"),
        pytest.param(partial(told, (0.0, 0.0, 0.0), shadow=30.0), set(), id="an upright one whose shadow falls aslant"),
        pytest.param(partial(told, (30.0, 0.0, 0.0), looks=2), set(), id="in too few looks"),
        pytest.param(partial(told, (30.0, 0.0, 0.0), light=LightState.NIGHT), set(), id="by night"),
        pytest.param(
            partial(told, (30.0, 0.0, 0.0), proposed=False), set(), id="in a register that says so: it grew like that"
        ),
        pytest.param(partial(told, (30.0, 0.0, 0.0), gone=True), set(), id="it is seen there no more"),
    ],
)
def test_a_tree_that_leans_among_upright_ones(seen: Callable[[], set[str]], trees: set[str]) -> None:
    assert seen() == trees


def test_a_tree_behind_one_that_leans_is_not_told_for_its_trunk() -> None:
    boxes = {"T-1": box_of(FEET[0], 30.0), "T-4": BEHIND}
    assert BEHIND.intersection(boxes["T-1"]) > 0.4 * BEHIND.area
    assert told((30.0, 0.0, 0.0), more=[BEHIND]) == {"T-1"}


@pytest.mark.parametrize(
    ("nearer", "leans"),
    [
        pytest.param((60, 60, 560), False, id="its crown covers the tree: the line may be its own"),
        pytest.param((230, 60, 400), True, id="its crown covers a little of it"),
    ],
)
def test_a_tree_behind_the_crown_of_a_nearer_one(nearer: tuple[int, int, int], leans: bool) -> None:
    left, top, right = nearer
    seen = told((30.0, 0.0, 0.0), more=[Box(left / WIDE, top / HIGH, right / WIDE, 340 / HIGH)])
    assert ("T-1" in seen) is leans


def test_trees_behind_the_crown_of_one_that_leans_show_how_trees_stand() -> None:
    upright = [box_of(FEET[1], 0.0), box_of(FEET[2], 0.0)]
    crown = Box(0.3, 0.1, 0.99, 0.9)  # of a nearer one, in which both are
    assert all(crown.intersection(box) == pytest.approx(box.area) for box in upright)
    assert told((30.0, 0.0, 0.0), more=[crown]) == {"T-1"}


def test_the_inspector_of_trees_says_so() -> None:
    boxes = [box_of(foot, lean) for foot, lean in zip(FEET, (30.0, 0.0, 0.0), strict=True)]
    trees = tuple(Asset(f"T-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(boxes, 1))
    view, seen = View("walk", trees, proposed=True), Detections.of([("tree", 0.8, b.as_list()) for b in boxes])
    inspector, last = TreesInspector(view), list[Observation]()
    for second in range(4):
        last = inspector.look(Scene(frame(row((30.0, 0.0, 0.0)), second), LightState.DAY, seen, view, []))
    leaning = {o.asset_id for o in last if o.issue == "tree_leaning" and o.presence is Presence.PRESENT}
    assert leaning == {"T-1"}

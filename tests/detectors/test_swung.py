"""Trees that come to lean by too little for their trunk to tell: their box moves to one side, their foot stays."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.swung import SwungTrees
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WIDTH, day

DAY, NIGHT = LightState.DAY, LightState.NIGHT
OWN = Box(0.3, 0.1, 0.55, 0.8)  # 189 px high
LOW = Box(0.3, 0.5, 0.42, 0.8)  # 81 px
STEP = 0.06 * OWN.height * HEIGHT / WIDTH  # 0.06 of its height to a side


def aside(box: Box, left: float = 1.0, right: float = 1.0, down: float = 0.0) -> Box:
    """A box whose sides lie so many steps to the right of where they were."""
    return Box(box.x0 + left * STEP, box.y0, box.x1 + right * STEP, box.y1 + down)


def look(
    trees: SwungTrees,
    seen: Box | None,
    changed: bool = True,
    *,
    own: Box = OWN,
    light: LightState = DAY,
    others: tuple[Box, ...] = (),
) -> bool:
    """Whether a tree leans in one look; the others are registered beside it."""
    places = (own, *others)
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(places)))
    found = Detections.of([] if seen is None else [("tree", 0.9, seen.as_list())])
    scene = Scene(frame(day()), light, found, view, [])
    return "T-0" in trees.look(view.assets, scene, lambda _: changed)


@pytest.mark.parametrize(
    ("now", "changed", "told"),
    [
        pytest.param(aside(OWN), True, True, id="to the right"),
        pytest.param(aside(OWN, -1.0, -2.0), True, True, id="to the left, the crown wider than it was"),
        pytest.param(aside(OWN), False, False, id="the place looks as before: the detector draws another box"),
        pytest.param(aside(OWN, 0.2, 0.2), True, False, id="by a little"),
        pytest.param(aside(OWN, 0.4, 0.4), True, False, id="by more, and too little yet"),
        pytest.param(aside(OWN, 2.0, 0.48), True, True, id="a lamp stands before the side to which it leans"),
        pytest.param(aside(OWN, 2.0, 0.0), True, False, id="its leaves went on one side"),
        pytest.param(aside(OWN, -1.0, 1.0), True, False, id="it is seen wider"),
        pytest.param(aside(OWN, down=-0.1), True, False, id="its foot is elsewhere: it is another tree"),
        pytest.param(None, True, False, id="not seen"),
    ],
)
def test_a_tree_whose_box_moved_aside_leans(now: Box | None, changed: bool, told: bool) -> None:
    trees = SwungTrees()
    assert not any(look(trees, OWN, changed=False) for _ in range(4))
    assert look(trees, now, changed) == told


@pytest.mark.parametrize(
    ("before", "own", "light", "others"),
    [
        pytest.param(2, OWN, DAY, (), id="hardly known"),
        pytest.param(4, LOW, DAY, (), id="too low: its box wavers"),
        pytest.param(4, OWN, NIGHT, (), id="by night"),
        pytest.param(4, Box(0.0, 0.1, 0.25, 0.8), DAY, (), id="cut by the picture's side"),
        pytest.param(4, OWN, DAY, (aside(OWN),), id="the box is its neighbour's"),
    ],
)
def test_of_such_a_tree_nothing_is_told(before: int, own: Box, light: LightState, others: tuple[Box, ...]) -> None:
    trees = SwungTrees()
    for _ in range(before):
        look(trees, own, changed=False, own=own, light=light, others=others)
    moved = aside(own) if own.x0 else Box(0.0, own.y0, own.x1 + STEP, own.y1)
    assert not look(trees, moved, own=own, light=light, others=others)


def test_it_leans_until_its_box_is_where_it_was() -> None:
    trees = SwungTrees()
    for _ in range(4):
        look(trees, OWN, changed=False)
    looks = [(aside(OWN), True), (aside(OWN), False), (None, False), (aside(OWN), False), (OWN, True), (OWN, False)]
    assert [look(trees, *one) for one in looks] == [True, True, False, True, False, False]
    assert not look(trees, aside(OWN, 0.4, 0.4))  # and not by less than made it lean


def test_a_tree_that_swung_is_told_as_leaning_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View("walk", (Asset("T-0", "tree", Region.rectangle(OWN)),))
    inspector = TreesInspector(view)
    monkeypatch.setattr("detectors.inspectors.tree_stance.TreeStance.changed", lambda *_: True)
    for box in (OWN, OWN, OWN, aside(OWN)):
        found = Detections.of([("tree", 0.9, box.as_list())])
        said = inspector.look(Scene(frame(day()), DAY, found, view, []))
    assert [(o.issue, o.presence) for o in said] == [("tree_leaning", Presence.PRESENT)]
    assert said[0].box is not None
    assert said[0].box.iou(aside(OWN)) > 0.99

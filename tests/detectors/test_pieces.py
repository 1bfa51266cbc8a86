"""A piece of a lamp that leans, at its foot or over the path, is nothing in the way; what lies there else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.pieces import without_pieces
from detectors.values import Observation, Presence, View
from tests.detectors.scenes import night
from tests.detectors.test_pipeline import ALL, looks_of, said

LAMP = Box(0.58, 0.2, 0.62, 0.7)
LEANS = Observation("light_damaged", Presence.PRESENT, 0.8, "L-1", "street_light", LAMP)
PIECE = Box(0.55, 0.6, 0.585, 0.7)
# In picture heights it is 0.12 wide and 0.4 high: an arm's end is 0.42 from the foot of its column, 17 degrees aside.
ASPECT = 1.6
ARM = replace(LEANS, box=Box(0.5, 0.4, 0.575, 0.8))


def at(x: float, y: float, size: float = 0.03) -> Box:
    """A box as high as wide round a place, all in picture heights."""
    return Box((x - size / 2) / ASPECT, y - size / 2, (x + size / 2) / ASPECT, y + size / 2)


@pytest.mark.parametrize(
    ("lamp", "issue", "box", "told"),
    [
        pytest.param(LEANS, "path_obstructed", PIECE, False, id="its column, which left its outline"),
        pytest.param(LEANS, "litter", PIECE, True, id="litter at its foot"),
        pytest.param(LEANS, "path_obstructed", Box(0.45, 0.6, 0.5, 0.7), True, id="a thing away from it"),
        pytest.param(LEANS, "path_obstructed", Box(0.55, 0.6, 0.6, 0.8), True, id="a thing nearer than its foot"),
        pytest.param(LEANS, "path_obstructed", Box(0.5, 0.4, 0.6, 0.7), True, id="a thing as high as it"),
        pytest.param(
            replace(LEANS, presence=Presence.ABSENT), "path_obstructed", PIECE, True, id="the lamp stands as it did"
        ),
        pytest.param(replace(LEANS, issue="light_out"), "path_obstructed", PIECE, True, id="the lamp is out"),
    ],
)
def test_what_is_seen_at_the_foot_of_a_damaged_lamp(lamp: Observation, issue: str, box: Box, told: bool) -> None:
    lies = Observation(issue, Presence.PRESENT, 0.8, box=box, by_place=True)
    left = without_pieces([lamp, lies], ASPECT)
    assert (lies in left) is told
    assert lamp in left


TREE = Observation("tree_fallen", Presence.PRESENT, 0.8, "T-1", "tree", Box(0.4, 0.5, 0.9, 0.95))


@pytest.mark.parametrize(
    ("tree", "issue", "box", "told"),
    [
        pytest.param(TREE, "path_obstructed", Box(0.6, 0.5, 0.65, 0.56), False, id="the top of its crown"),
        pytest.param(TREE, "path_obstructed", Box(0.3, 0.5, 0.41, 0.56), True, id="a thing beside it"),
        pytest.param(TREE, "path_obstructed", Box(0.4, 0.5, 0.75, 0.9), True, id="as large as it"),
        pytest.param(TREE, "litter", Box(0.6, 0.5, 0.65, 0.56), True, id="litter there"),
        pytest.param(
            replace(TREE, presence=Presence.ABSENT), "path_obstructed", Box(0.6, 0.5, 0.65, 0.56), True, id="it stands"
        ),
    ],
)
def test_what_is_seen_of_a_fallen_tree(tree: Observation, issue: str, box: Box, told: bool) -> None:
    lies = Observation(issue, Presence.PRESENT, 0.8, box=box, by_place=True)
    left = without_pieces([tree, lies], ASPECT)
    assert (lies in left) is told
    assert tree in left


@pytest.mark.parametrize(
    ("box", "told"),
    [
        # Columns on the right side of the box stand at 0.92, those on the left one at 0.8.
        pytest.param(at(0.68, 0.45), False, id="its end, 17 degrees lower"),
        pytest.param(at(0.6, 0.53), True, id="as far, 32 degrees lower"),
        pytest.param(at(0.92, 0.38), False, id="its end, swung up to the other side"),
        pytest.param(at(1.04, 0.45), False, id="the column on the left side, its end lower"),
        pytest.param(at(0.73, 0.52), True, id="nearer to the foot than the end was"),
        pytest.param(at(0.64, 0.41), True, id="farther from the foot than the end was"),
        pytest.param(at(0.68, 0.45, size=0.13), True, id="larger than an arm"),
        pytest.param(at(0.8, 1.18), True, id="as far in front of the foot"),
    ],
)
def test_what_is_seen_where_the_arm_of_a_damaged_lamp_may_reach(box: Box, told: bool) -> None:
    lies = Observation("path_obstructed", Presence.PRESENT, 0.8, box=box, by_place=True)
    assert (lies in without_pieces([ARM, lies], ASPECT)) is told


class Says:
    """An inspector that says the same in every look."""

    def __init__(self, view: View) -> None:
        self.view = view

    def look(self, _: Scene) -> list[Observation]:
        lamp, piece, heap = Box(0.5, 0.2, 0.54, 0.7), Box(0.47, 0.6, 0.505, 0.7), Box(0.3, 0.6, 0.4, 0.7)
        found = [("light_damaged", "L-2", lamp), ("path_obstructed", None, piece), ("path_obstructed", None, heap)]
        return [Observation(i, Presence.PRESENT, 0.8, a, box=b, by_place=a is None) for i, a, b in found]


def test_a_piece_of_a_damaged_lamp_is_no_finding_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.pipeline.INSPECTORS", (Says,))
    told = [(issue, asset) for _, _, issue, asset in said(looks_of([night(ALL, s) for s in range(6)]))]
    assert told == [("light_damaged", "L-2"), ("path_obstructed", None)]

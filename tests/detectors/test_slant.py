"""Trees that lean by their trunk and crown, known by a plain box alone; and what such a tree hides."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.behind import without_hidden
from detectors.inspectors.slant import SlantedTrees
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame

P, U = Presence.PRESENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
WIDE, HIGH = 480, 270
FOOT, TALL, HALF = (200.0, 220.0), 160.0, 50.0


def box_of(x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(x0 / WIDE, y0 / HIGH, x1 / WIDE, y1 / HIGH)


OWN = box_of(FOOT[0] - HALF + 10, FOOT[1] - TALL, FOOT[0] + HALF + 10, FOOT[1])  # its foot is not in the middle


NEXT = box_of(205, 80, 300, 190)  # another tree behind it, about where its crown is when it leans
BEHIND = box_of(200, 30, 310, 210)  # one of which no more is seen than such a crown
CROSSED = box_of(172, 60, 262, 190)  # one whose foot its trunk crosses then


def crown(degrees: float) -> Box:
    """The box of the crown, without the trunk, of a tree that leans."""
    angle = np.radians(degrees)
    x, y = FOOT[0] + 0.65 * TALL * np.sin(angle), FOOT[1] - 0.65 * TALL * np.cos(angle)
    return box_of(x - HALF, y - 48, x + HALF, y + 48)


def aside(px: float) -> Box:
    """The box of the whole tree, its crown so far to the right."""
    return Box(OWN.x0 + px / WIDE, OWN.y0, OWN.x1 + px / WIDE, OWN.y1)


def lawn(trunk: float | None, bark: tuple[int, int, int] = (50, 70, 100), post: bool = False) -> Image:
    """A lawn in the shade with a trunk that leans so many degrees; bark and grass are equally bright."""
    grain = np.random.default_rng(4).integers(-5, 6, (HIGH, WIDE, 3))
    picture = np.clip(np.array([50, 85, 65]) + grain, 0, 255).astype(np.uint8)
    if trunk is not None:
        slope = np.tan(np.radians(trunk))
        stem = [[-4.0, 0.0], [4.0, 0.0], [4.0 + 70 * slope, -70.0], [-4.0 + 70 * slope, -70.0]]
        cv2.fillPoly(picture, [np.rint(np.array(stem) + FOOT).astype(np.int32)], bark)
    if post:  # a lamp's column, which is upright and stands out more
        cv2.line(picture, (212, 0), (212, 225), (20, 20, 20), 5)
    return picture


def scene(
    picture: Image, *boxes: Box, score: float = 0.8, light: LightState = DAY, others: tuple[Box, ...] = ()
) -> Scene:
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate((OWN, *others), 1)))
    found = Detections.of([("tree", score, box.as_list()) for box in boxes])
    return Scene(frame(picture), light, found, view, [])


def leaning(tree: SlantedTrees, seen: Scene) -> set[str]:
    return set(tree.look(seen.view.of_kind("tree"), seen))


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param(scene(lawn(30), crown(30)), {"T-1"}, id="to the right, the trunk no darker than the grass"),
        pytest.param(scene(lawn(-30), crown(-30)), {"T-1"}, id="to the left"),
        pytest.param(scene(lawn(45), crown(45)), {"T-1"}, id="nearly lying"),
        pytest.param(scene(lawn(25), aside(23)), {"T-1"}, id="the box of all of it overlaps where it stood by 0.63"),
        pytest.param(scene(lawn(25), aside(18)), set(), id="by 0.69: it may stand as it did"),
        pytest.param(scene(lawn(30), crown(30), OWN), set(), id="a box shows it upright"),
        pytest.param(scene(lawn(30), crown(-30)), set(), id="the crown is on the other side"),
        pytest.param(scene(lawn(30)), set(), id="no crown is seen"),
        pytest.param(scene(lawn(30), crown(30), score=0.2), set(), id="a faint crown"),
        pytest.param(scene(lawn(2), crown(30)), set(), id="the trunk is upright: it is another tree's crown"),
        pytest.param(scene(lawn(None), crown(30)), set(), id="no trunk is seen"),
        pytest.param(scene(lawn(30, post=True), crown(30)), set(), id="a column stands before it"),
        pytest.param(scene(lawn(30), NEXT, others=(NEXT,)), set(), id="the crown is its neighbour's"),
        pytest.param(scene(lawn(30), crown(30), others=(BEHIND,)), set(), id="the crown is a part of one behind it"),
        pytest.param(scene(lawn(30), crown(30), light=NIGHT), set(), id="by night"),
    ],
)
def test_a_tree_leans_where_a_slanting_trunk_leads_to_a_crown(seen: Scene, told: set[str]) -> None:
    assert leaning(SlantedTrees(), seen) == told


def test_of_a_tree_that_was_seen_upright_a_column_before_it_says_nothing() -> None:
    trees = SlantedTrees()
    assert leaning(trees, scene(lawn(0, post=True), OWN)) == set()
    assert leaning(trees, scene(lawn(30, post=True), crown(30))) == {"T-1"}


LEFT = Box(0.0, OWN.y0, OWN.x1 - OWN.x0 + 0.02, OWN.y1)  # a tree that the left edge cuts


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param(LEFT, Box(0.0, LEFT.y0, 0.63 * LEFT.x1, LEFT.y1), {"T-1"}, id="less of it is left in view"),
        pytest.param(LEFT, LEFT, set(), id="as it stood"),
        pytest.param(None, Box(0.0, LEFT.y0, 0.68 * LEFT.x1, LEFT.y1), set(), id="never seen upright"),
        pytest.param(None, Box(0.0, LEFT.y0, 0.52 * LEFT.x1, LEFT.y1), {"T-1"}, id="never so, and little fits"),
    ],
)
def test_a_tree_that_leans_out_of_view_fits_worse_than_it_did(before: Box | None, now: Box, told: set[str]) -> None:
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(LEFT)),))
    trees, shift = SlantedTrees(), round((LEFT.centre[0] - OWN.centre[0]) * WIDE)
    for lean, box in ((0, before), (-30, now)):
        picture = np.roll(lawn(lean), shift, axis=1)
        found = Detections.of([("tree", 0.8, box.as_list())] if box is not None else [])
        said = trees.look(view.assets, Scene(frame(picture), DAY, found, view, []))
    assert set(said) == told


def test_of_a_tree_of_which_the_side_leaves_little_nothing_is_known_but_what_was_seen() -> None:
    sliver = Box(0.0, LEFT.y0, 0.3 * LEFT.x1, LEFT.y1)
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(sliver)),))
    picture = np.roll(lawn(-30), round((sliver.centre[0] - OWN.centre[0]) * WIDE), axis=1)
    crown_left = Detections.of([("tree", 0.8, [0.0, sliver.y0, 0.2 * LEFT.x1, LEFT.y0 + 0.6 * LEFT.height])])
    assert not SlantedTrees().look(view.assets, Scene(frame(picture), DAY, crown_left, view, []))


@pytest.mark.parametrize(
    "others", [pytest.param((), id="alone"), pytest.param((crown(16),), id="so that a crown behind it is seen")]
)
def test_a_crown_that_got_smaller_does_not_lean(others: tuple[Box, ...]) -> None:
    trees = SlantedTrees()
    leaning(trees, scene(lawn(0), OWN))
    smaller = Box(OWN.x0 + 0.03, OWN.y0 + 0.25 * OWN.height, OWN.x1, OWN.y1)
    assert leaning(trees, scene(lawn(16), smaller, *others)) == set()


@pytest.mark.parametrize(
    ("beyond", "told"),
    [
        pytest.param(0.02, set(), id="but for a little within its outline: it lost its leaves"),
        pytest.param(0.25, {"T-1"}, id="much of it outside: it leans"),
    ],
)
def test_a_crown_that_shrank_to_the_side_to_which_its_trunk_grew_does_not_lean(beyond: float, told: set[str]) -> None:
    trees = SlantedTrees()
    leaning(trees, scene(lawn(16), OWN))
    side = Box(OWN.x0 + 0.35 * OWN.width, OWN.y0, OWN.x1 + beyond * OWN.width, OWN.y1)
    assert leaning(trees, scene(lawn(16), side)) == told


@pytest.mark.parametrize(
    ("up", "told"),
    [
        pytest.param(0.25, {"T-1"}, id="its foot farther away: a tree behind, seen since the other leaned aside"),
        pytest.param(0.05, set(), id="its foot where the tree's is"),
    ],
)
def test_what_stands_behind_a_tree_that_leaned_away_is_not_that_tree(up: float, told: set[str]) -> None:
    trees = SlantedTrees()
    leaning(trees, scene(lawn(0), OWN))
    behind = Box(OWN.x0 + 0.02, OWN.y0, OWN.x1 - 0.03, OWN.y1 - up * OWN.height)
    assert leaning(trees, scene(lawn(35), crown(35), behind)) == told


def test_a_crown_that_was_there_before_is_another_trees() -> None:
    trees = SlantedTrees()
    leaning(trees, scene(lawn(0), OWN, crown(30)))
    assert leaning(trees, scene(lawn(30), crown(30))) == set()


def test_it_leans_until_it_is_seen_upright() -> None:
    trees = SlantedTrees()
    said = [leaning(trees, scene(lawn(30), *boxes)) for boxes in ([crown(30)], [], [OWN], [])]
    assert said == [{"T-1"}, {"T-1"}, set(), set()]


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        pytest.param([], [True, True, False], id="it was taken away"),
        pytest.param([crown(30)], [True, True, True], id="its trunk alone is hidden"),
    ],
)
def test_a_tree_that_leaned_and_is_gone_leans_no_more(boxes: list[Box], said: list[bool]) -> None:
    trees = SlantedTrees()
    assert leaning(trees, scene(lawn(30), crown(30))) == {"T-1"}
    assert [bool(leaning(trees, scene(lawn(None), *boxes))) for _ in said] == said


def test_of_two_trees_in_a_row_whose_outlines_a_trunk_crosses_the_nearer_leans() -> None:
    assert leaning(SlantedTrees(), scene(lawn(30), crown(30), others=(CROSSED,))) == {"T-1"}


def test_a_tree_that_leans_is_neither_gone_nor_bare() -> None:
    seen = scene(lawn(30), crown(30))
    said = TreesInspector(seen.view).look(seen)
    assert [(o.issue, o.presence) for o in said if o.asset_id == "T-1"] == [("tree_leaning", P)]


BENCH = Asset("B-1", "bench", Region.rectangle(box_of(270, 100, 300, 120)))
NEARER = Asset("B-2", "bench", Region.rectangle(box_of(270, 130, 300, 240)))


LEANS, FELL = "tree_leaning", "tree_fallen"


@pytest.mark.parametrize(
    ("issue", "thing", "tree", "sure", "said"),
    [
        pytest.param("asset_missing", BENCH, LEANS, 0.8, U, id="a bench behind the crown"),
        pytest.param("light_out", BENCH, LEANS, 0.8, U, id="a lamp behind the crown"),
        pytest.param("bin_overflowing", BENCH, LEANS, 0.8, U, id="a bin behind the crown"),
        pytest.param("bin_overflowing", BENCH, FELL, 0.8, U, id="a bin under a tree that fell"),
        pytest.param("litter", BENCH, LEANS, 0.8, P, id="what lies there is seen"),
        pytest.param("asset_missing", NEARER, LEANS, 0.8, P, id="a bench before the tree"),
        pytest.param("asset_missing", NEARER, FELL, 0.8, P, id="a bench before a tree that fell"),
        pytest.param("asset_missing", BENCH, FELL, 0.3, P, id="it hardly looks as if a tree fell"),
        pytest.param("asset_missing", BENCH, "tree_bare", 0.8, P, id="a tree that stands"),
    ],
)
def test_what_a_leaning_or_fallen_tree_hides_is_neither_missing_nor_full(
    issue: str, thing: Asset, tree: str, sure: float, said: Presence
) -> None:
    assert thing.region is not None
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(OWN)), thing))
    seen = [
        Observation(tree, P, sure, "T-1", "tree", crown(30)),
        Observation(issue, P, 0.9, thing.id, thing.kind, thing.region.box),
    ]
    assert [o.presence for o in without_hidden(seen, view)] == [P, said]


@pytest.mark.parametrize(
    ("issue", "tree", "own", "said"),
    [
        pytest.param("light_damaged", FELL, OWN, U, id="a lamp among the boughs of a tree that fell"),
        pytest.param("light_out", FELL, OWN, P, id="that it is out is no news of its column"),
        pytest.param("light_damaged", "tree_bare", OWN, P, id="a tree that stands"),
        pytest.param("light_damaged", FELL, NEARER.region.box if NEARER.region else OWN, P, id="a lamp beside it"),
    ],
)
def test_what_a_tree_took_with_it_is_no_damage_to_a_lamp(issue: str, tree: str, own: Box, said: Presence) -> None:
    lamp = Asset("L-1", "street_light", Region.rectangle(Box(own.x0, own.y0, own.x1, own.y1 + 0.05)))
    assert lamp.region is not None
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(OWN)), lamp))
    seen = [
        Observation(tree, P, 0.8, "T-1", "tree", box_of(0, 200, 40, 220)),
        Observation(issue, P, 0.9, lamp.id, lamp.kind, lamp.region.box),
    ]
    assert [o.presence for o in without_hidden(seen, view)] == [P, said]


def test_a_tree_that_leans_no_more_hides_nothing() -> None:
    assert BENCH.region is not None
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(OWN)), BENCH))
    upright = Observation("tree_leaning", Presence.ABSENT, 0.8, "T-1", "tree", crown(30))
    missing = Observation("asset_missing", P, 0.9, "B-1", "bench", BENCH.region.box)
    assert without_hidden([upright, missing], view) == [upright, missing]

"""What came to lie on a path: known to stay, told from what went, and of one kind from look to look."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.likeness import least_alike
from detectors.inspectors.lying import is_line
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.paths import PathsInspector
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame, scenery
from tests.detectors.scenes import LAMPS, PATH, TREES, WALK, bag, day

DAY = LightState.DAY
BAG = (0.45, 0.58, 0.51, 0.67)  # where `bag` sets it down
BOTH = {"path_obstructed", "path_flooded"}
Row = tuple[str, float, tuple[float, ...]]
AT_BAG, BELOW_BAG = Box(0.44, 0.55, 0.52, 0.68), Box(0.44, 0.61, 0.52, 0.8)  # where bins stand


@pytest.fixture(autouse=True)
def nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn blocks look like things; what the judge of them tells is tried in test_standing."""
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)


def look(
    inspector: PathsInspector, view: View, picture: Image, second: int, found: Detections, light: LightState = DAY
) -> set[str]:
    seen = Scene(frame(picture, second), light, found, view, MoverWatch().look(found))
    return {o.issue for o in inspector.look(seen) if o.presence is Presence.PRESENT and o.score >= 0.5}


def test_what_came_without_anybody_stays_told_when_it_is_faintly_taken_for_somebody() -> None:
    inspector, said = PathsInspector(WALK), []
    for second in range(14):
        somebody = Detections.of([("person", 0.2, BAG)] if second >= 11 else [])
        picture = bag(day(seed=second)) if second >= 6 else day(seed=second)
        said.append(look(inspector, WALK, picture, second, somebody))
    assert said[10:] == [{"path_obstructed"}] * 4


@pytest.mark.parametrize(
    ("place", "seen", "said"),
    [
        pytest.param(AT_BAG, False, set(), id="the bin is not seen: it went"),
        pytest.param(AT_BAG, True, {"path_obstructed"}, id="it is: something lies at its foot"),
        pytest.param(BELOW_BAG, True, set(), id="it lies on the bin, which does not hold it"),
    ],
)
def test_what_changed_at_a_bin(place: Box, seen: bool, said: set[str]) -> None:
    view = View("walk", (Asset("P-1", "path", PATH), Asset("W-1", "bin", Region.rectangle(place))))
    stands = [("bin", 0.8, place.as_list())] if seen else []
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = bag(day(seed=second)) if second >= 6 else day(seed=second)
        last = look(inspector, view, picture, second, Detections.of(stands if second >= 6 else []))
    assert last == said


@pytest.mark.parametrize(
    ("tree", "found", "said"),
    [
        pytest.param(Box(0.4, 0.2, 0.56, 1.0), [], set(), id="behind its crown: that thinned out"),
        pytest.param(Box(0.4, 0.0, 0.56, 0.8), [], {"path_obstructed"}, id="before its trunk"),
        pytest.param(Box(0.4, 0.2, 0.56, 1.0), [("litter", 0.4, BAG)], {"litter"}, id="the detector knows it"),
    ],
)
def test_what_changed_at_a_tree(tree: Box, found: list[Row], said: set[str]) -> None:
    view = View("walk", (Asset("P-1", "path", PATH), Asset("T-1", "tree", Region.rectangle(tree))))
    inspector, told = PathsInspector(view), set[str]()
    for second in range(14):
        picture = bag(day(seed=second)) if second >= 6 else day(seed=second)
        told |= look(inspector, view, picture, second, Detections.of(found if second >= 6 else []))
    assert told == said


@pytest.mark.parametrize(
    ("box", "score", "until", "said"),
    [
        pytest.param((0.2, 0.4, 0.46, 0.66), 0.7, 8, set(), id="a piece of a crown that lies there"),
        pytest.param((0.2, 0.4, 0.46, 0.66), 0.4, 8, {"path_obstructed"}, id="perhaps one"),
        pytest.param((0.2, 0.4, 0.46, 0.66), 0.7, 1, {"path_obstructed"}, id="long ago"),
        pytest.param((0.34, 0.56, 0.46, 0.66), 0.7, 8, {"path_obstructed"}, id="too large for a piece of it"),
    ],
)
def test_what_changed_at_a_fallen_tree(box: tuple[float, ...], score: float, until: int, said: set[str]) -> None:
    inspector, told = PathsInspector(WALK), set[str]()
    for second in range(14):
        picture = bag(day(seed=second)) if second >= 7 else day(seed=second)
        lies = Detections.of([("fallen_tree", score, box)] if second <= until else [])
        told = look(inspector, WALK, picture, second, lies)
    assert told == said


def test_a_fallen_tree_is_no_branch_in_a_look_that_shows_less_of_it() -> None:
    view = View("trees", (*TREES, Asset("P-1", "path", PATH)))
    inspector, said = PathsInspector(view), []
    for second, width in enumerate((0.33, 0.33, 0.18, 0.33, 0.18)):
        lies = Detections.of([("fallen_tree", 0.8, (0.4, 0.52, 0.4 + width, 0.6))])
        said.append(look(inspector, view, day(seed=second), second, lies))
    assert said == [set()] * 5


@pytest.mark.parametrize(
    ("tall", "shade", "score", "said"),
    [
        pytest.param(34, 0, 0.3, "path_obstructed", id="a case that is faintly called water"),
        pytest.param(34, 24, 0.3, "path_obstructed", id="with its shadow wider than high"),
        pytest.param(34, 0, 0.8, "path_flooded", id="surely water"),
        pytest.param(10, 0, 0.3, "path_flooded", id="what lies flat"),
    ],
)
def test_what_stands_upright_is_no_water_for_a_faint_name(tall: int, shade: int, score: float, said: str) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (230, 200 - tall), (248, 200), (30, 28, 26), -1)
            cv2.rectangle(picture, (230, 192), (248 + shade, 200), (30, 28, 26), -1)
        box = (229 / 480, (199 - tall) / 270, 249 / 480, 201 / 270)
        water = Detections.of([("puddle", score, box)] if second >= 6 else [])
        last = look(inspector, view, picture, second, water) or last
    assert last == {said}


NEAR_BIN = ("bin", 0.8, (0.44, 0.62, 0.5, 0.7))
SAME_BOX = ("bin_overflowing", 0.2, (230 / 480, 166 / 270, 250 / 480, 201 / 270))


@pytest.mark.parametrize(
    ("tall", "beside", "said"),
    [
        pytest.param(34, [], "path_obstructed", id="a case"),
        pytest.param(21, [], "path_obstructed", id="two cartons, hardly higher than wide"),
        pytest.param(34, [NEAR_BIN], "litter", id="bags piled up at a bin"),
        pytest.param(34, [SAME_BOX], "path_obstructed", id="a case that is called a bin too"),
        pytest.param(14, [], "litter", id="what lies flat"),
    ],
)
def test_what_stands_upright_is_no_litter_for_a_sure_name(tall: int, beside: list[Row], said: str) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (230, 200 - tall), (248, 200), (30, 28, 26), -1)
        litter: Row = ("litter", 0.6, (229 / 480, (199 - tall) / 270, 249 / 480, 201 / 270))
        last = look(inspector, view, picture, second, Detections.of([litter, *beside] if second >= 6 else [])) or last
    assert last == {said}


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        pytest.param([0.8, 0.55, 0.55, 0.55], [0, 0, 1, 1], id="once sure, and wavers"),
        pytest.param([0.55, 0.55, 0.55, 0.8], [0, 0, 0, 1], id="sure at last"),
        pytest.param([0.55] * 4, [0] * 4, id="never sure"),
    ],
)
def test_a_bicycle_is_in_the_way_where_the_detector_was_sure_of_it_once(scores: list[float], said: list[int]) -> None:
    inspector, told = PathsInspector(WALK), []
    for second, score in enumerate(scores):
        bicycle = Detections.of([("bicycle", score, (0.4, 0.5, 0.5, 0.7))])
        told.append(len(look(inspector, WALK, day(seed=second), second, bicycle)))
    assert told == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param([], {"path_flooded"}, id="by itself"),
        pytest.param([("bicycle", 0.8, (0.3, 0.6, 0.44, 0.75))], {"path_obstructed"}, id="beside a bicycle"),
        pytest.param([("bicycle", 0.3, (0.3, 0.6, 0.44, 0.75))], {"path_flooded"}, id="beside what may be none"),
        pytest.param([("bicycle", 0.8, (0.2, 0.6, 0.34, 0.75))], BOTH, id="away from a bicycle"),
    ],
)
def test_a_piece_beside_a_bicycle_is_the_rest_of_it(found: list[Row], said: set[str]) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (216, 184), (256, 194), (30, 28, 26), -1)
        last = look(inspector, view, picture, second, Detections.of(found))
    assert last == said


@pytest.mark.parametrize(
    ("score", "said"),
    [
        pytest.param(0.8, {"path_flooded"}, id="the rim of water"),
        pytest.param(0.3, BOTH, id="a thing beside what may be none"),
    ],
)
def test_a_piece_at_the_edge_of_water_is_its_rim(score: float, said: set[str]) -> None:
    inspector, last = PathsInspector(WALK), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (212, 165), (222, 190), (30, 28, 26), -1)
        water = Detections.of([("puddle", score, (0.47, 0.62, 0.6, 0.7)), ("puddle", 0.8, (0.3, 0.9, 0.5, 0.99))])
        last = look(inspector, WALK, picture, second, water)
    assert last == said


@pytest.mark.parametrize(
    ("width", "height", "line"),
    [
        pytest.param(60, 5, True, id="barrier tape"),
        pytest.param(16, 5, True, id="a piece of it"),
        pytest.param(120, 20, False, id="a branch"),
        pytest.param(20, 12, False, id="a bag"),
        pytest.param(6, 6, False, id="a can"),
    ],
)
def test_what_is_far_wider_than_high_is_a_line(width: int, height: int, line: bool) -> None:
    seen = Scene(frame(day(), 0), DAY, Detections.of([]), WALK, [])
    assert is_line(Box(0.5, 0.5, 0.5 + width / 480, 0.5 + height / 270), seen) is line


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        pytest.param(40, 2, set(), id="tape hangs lower than before"),
        pytest.param(20, 12, {"path_obstructed"}, id="a thing of the same colour"),
    ],
)
def test_a_line_without_a_name_is_not_told(width: int, height: int, said: set[str]) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (215, 205), (215 + width, 205 + height), (60, 60, 200), -1)
        last = look(inspector, view, picture, second, Detections.of([]))
    assert last == said


def glint(picture: Image) -> Image:
    """Light of a lamp on wet paving: patches a little brighter than it, and of its colour."""
    light = np.ones(picture.shape[:2], np.float32)
    for x, y in ((222, 165), (236, 168), (226, 172), (240, 174)):
        cv2.ellipse(light, (x, y), (9, 2), 0, 0, 360, 1.25, -1)
    return np.clip(picture * cv2.GaussianBlur(light, (0, 0), 0.7)[..., None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("comes", "light", "found", "said"),
    [
        pytest.param(glint, LightState.NIGHT, [], False, id="lamplight"),
        pytest.param(glint, LightState.NIGHT, [("litter", 0.5, (0.44, 0.6, 0.52, 0.66))], True, id="seen as litter"),
        pytest.param(glint, DAY, [], True, id="by day no lamp is so bright"),
        pytest.param(bag, LightState.NIGHT, [], True, id="a bag"),
    ],
)
def test_by_night_what_is_a_little_brighter_than_the_walk_is_lamplight_on_it(
    comes: Callable[[Image], Image], light: LightState, found: list[Row], said: bool
) -> None:
    inspector, told = PathsInspector(WALK), set[str]()
    for second in range(12):
        picture = day(seed=second)
        here = Detections.of(found if second >= 6 else [])
        told = look(inspector, WALK, comes(picture) if second >= 6 else picture, second, here, light)
    assert bool(told) == said


def heap(picture: Image) -> None:
    """Rubbish of many colours, a few pixels a piece."""
    pieces = np.random.default_rng(5).integers(0, 256, (6, 10, 3), np.uint8)
    picture[172:202, 225:275] = cv2.resize(pieces, (50, 30), interpolation=cv2.INTER_NEAREST)


def dusk(picture: Image) -> None:
    """A place of many colours that is wider than heaps are: a lamp that nobody saw go out."""
    pieces = np.random.default_rng(5).integers(0, 256, (6, 30, 3), np.uint8)
    picture[172:202, 160:310] = cv2.resize(pieces, (150, 30), interpolation=cv2.INTER_NEAREST)


def red_box(picture: Image) -> None:
    cv2.rectangle(picture, (226, 174), (273, 200), (40, 40, 190), -1)


def box_with_label(picture: Image) -> None:
    cv2.rectangle(picture, (226, 174), (273, 200), (60, 110, 150), -1)
    cv2.rectangle(picture, (240, 180), (260, 190), (235, 240, 245), -1)


@pytest.mark.parametrize(
    ("lay", "said"),
    [
        pytest.param(heap, {"litter"}, id="a heap of many colours"),
        pytest.param(dusk, set(), id="wider than any heap"),
        pytest.param(red_box, {"path_obstructed"}, id="a box of one colour"),
        pytest.param(box_with_label, {"path_obstructed"}, id="a carton with a white label"),
    ],
)
def test_without_a_name_what_is_of_many_colours_is_litter(lay: Callable[[Image], None], said: set[str]) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            lay(picture)
        last = look(inspector, view, picture, second, Detections.of([])) or last
    assert last == said


@pytest.mark.parametrize(
    ("box", "said"),
    [
        pytest.param((0.44, 0.497, 0.532, 0.66), {"path_obstructed"}, id="as wide and high as a car from behind"),
        pytest.param((0.42, 0.52, 0.55, 0.66), {"path_flooded"}, id="wider for its height"),
    ],
)
def test_what_came_and_stands_like_a_car_is_no_water(box: tuple[float, float, float, float], said: set[str]) -> None:
    view = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
    inspector, last = PathsInspector(view), set[str]()
    x0, y0, x1, y1 = Box(*box).pixels(480, 270)
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            cv2.rectangle(picture, (x0, y0), (x1, y1), (60, 62, 66), -1)
        found = [("puddle", 0.3, box)] if second >= 6 else []
        last = look(inspector, view, picture, second, Detections.of(found))
    assert last == said


def test_what_lies_before_a_tree_is_left_out_of_how_much_the_tree_changed() -> None:
    tree, lying = Box(0.3, 0.2, 0.5, 0.9), Box(0.3, 0.7, 0.6, 0.95)
    before = scenery(width=480, height=270)
    now = before.copy()
    x0, y0, x1, y1 = lying.pixels(480, 270)
    now[y0:y1, x0:x1] = scenery(width=480, height=270, seed=8)[y0:y1, x0:x1]
    without, with_it = least_alike(now, before, tree), least_alike(now, before, tree, lying)
    assert without is not None
    assert with_it is not None
    assert without < 0.7 < 0.95 < with_it

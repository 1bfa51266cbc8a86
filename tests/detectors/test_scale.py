"""How large things are: the horizon told by people near and far, and what may not be a yard-stick."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.scale import Scale, away_from_foot
from detectors.values import Asset, Detections, Image, LightState, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import TREES, day

METRE_A_LINE = 0.25  # picture heights of a metre grow by this much a picture height below the horizon


def people(horizon: float, feet: tuple[float, ...]) -> Detections:
    """Somebody of 1.7 m on each of some lines of a level view."""
    boxes = [(0.1 * n, y - 1.7 * METRE_A_LINE * (y - horizon), 0.1 * n + 0.05, y) for n, y in enumerate(feet)]
    return Detections.of([("person", 0.9, box) for box in boxes])


def learnt(*looks: Detections, view: View | None = None) -> tuple[Scale, Scene]:
    scale, last = Scale(), None
    for found in looks:
        last = Scene(frame(day(), 0), LightState.DAY, found, view or View("empty"), [])
        scale.learn(last)
    assert last is not None
    return scale, last


@pytest.mark.parametrize("horizon", [pytest.param(0.45, id="a low camera"), pytest.param(-0.2, id="one looks down")])
def test_people_near_and_far_tell_where_the_horizon_lies(horizon: float) -> None:
    scale, look = learnt(people(horizon, (0.6, 0.65, 0.7, 0.8, 0.9, 0.95)))
    assert scale.metre_at(0.55, look) == pytest.approx(METRE_A_LINE * (0.55 - horizon), rel=0.05)


@pytest.mark.parametrize(
    ("horizon", "feet"),
    [
        pytest.param(0.45, (0.6, 0.63, 0.66), id="a low camera"),
        pytest.param(0.0, (0.5, 0.55, 0.6), id="one on a mast"),
        pytest.param(0.45, (0.6, 0.63, 0.66, 0.64, 0.62, 0.61), id="many who stand about as far off"),
    ],
)
def test_a_few_people_tell_somewhat_where_the_horizon_lies(horizon: float, feet: tuple[float, ...]) -> None:
    scale, look = learnt(people(horizon, feet))
    assert scale.metre_at(0.8, look) == pytest.approx(METRE_A_LINE * (0.8 - horizon), rel=0.2)


def test_a_case_among_a_few_people_does_not_move_the_horizon() -> None:
    case = ("person", 0.9, [0.7, 0.58, 0.74, 0.62])  # it is taken for somebody
    known = [(name, score, box.as_list()) for name, score, box in people(0.45, (0.6, 0.63, 0.66))]
    few = Detections.of([*known, case])
    scale, look = learnt(few)
    assert scale.metre_at(0.8, look) == pytest.approx(METRE_A_LINE * 0.35, rel=0.2)


def test_where_only_lamps_tell_the_scale_they_are_of_usual_height() -> None:
    lamp = Asset("L-1", "street_light", Region.rectangle(Box(0.5, 0.25, 0.52, 0.7)))
    scale, look = learnt(Detections.empty(), view=View("street", (lamp,)))
    assert scale.metre_at(0.7, look) == pytest.approx(0.1)


def test_a_case_that_stands_is_one_body_however_often_it_is_seen() -> None:
    case = [("person", 0.6, (0.5, 0.6, 0.54, 0.65))]
    walkers = [[("person", 0.9, (0.1 * n, 0.48, 0.1 * n + 0.05, 0.65))] for n in range(5)]
    scale, look = learnt(*[Detections.of(case + walkers[n % 5]) for n in range(20)])
    assert scale.metre_at(0.65, look) == pytest.approx(0.1)


def test_a_thing_is_not_measured_by_itself() -> None:
    scale, look = learnt(Detections.of([("person", 0.6, (0.5, 0.6, 0.54, 0.65))]))
    assert scale.metre_at(0.65, look) is not None
    assert scale.metre_at(0.65, look, Box(0.5, 0.6, 0.54, 0.65)) is None


@pytest.mark.parametrize(
    ("bench", "measured"),
    [
        pytest.param(Box(0.2, 0.6, 0.3, 0.725), 0.1, id="whole in view, seen from above"),
        pytest.param(Box(0.2, 0.9, 0.3, 1.0), None, id="cut below"),
        pytest.param(Box(0.0, 0.6, 0.1, 0.725), None, id="cut at the side"),
    ],
)
def test_a_bench_tells_the_scale_where_no_edge_cuts_it(bench: Box, measured: float | None) -> None:
    scale, look = learnt(Detections.empty(), view=View("walk", (Asset("B-1", "bench", Region.rectangle(bench)),)))
    assert scale.metre_at(0.725, look) == (measured if measured is None else pytest.approx(measured))


@pytest.mark.parametrize(
    ("lying", "away"),
    [
        pytest.param(Box(0.4, 0.5, 0.7, 0.6), 0.0, id="at its foot"),
        pytest.param(Box(0.4, 0.5, 0.7, 0.95), 0.0, id="its crown spread towards the camera"),
        pytest.param(Box(0.6, 0.5, 0.9, 0.6), 0.4, id="beside it"),
        pytest.param(Box(0.4, 0.7, 0.7, 0.9), 0.3, id="nearer to the camera"),
    ],
)
def test_how_far_what_lies_there_is_from_where_a_tree_stands(lying: Box, away: float) -> None:
    assert away_from_foot(lying, Box(0.4, 0.05, 0.6, 0.55), aspect=2.0) == pytest.approx(away)


Row = tuple[str, float, tuple[float, ...] | list[float]]
STANDING = TREES[0].region.box if TREES[0].region else Box(0, 0, 1, 1)
LIES = ("fallen_tree", 0.9, (0.14, 0.5, 0.36, 0.6))
LONG = ("fallen_tree", 0.9, (0.1, 0.5, 0.38, 0.6))
CROWN_LIES = ("fallen_tree", 0.9, (0.195, 0.5, 0.38, 0.62))


@pytest.mark.parametrize(
    ("found", "lies", "fell"),
    [
        pytest.param([LIES], False, True, id="the tree is not seen standing"),
        pytest.param([CROWN_LIES], False, True, id="only its crown is seen, a trunk's length from its foot"),
        pytest.param([CROWN_LIES, ("tree", 0.8, STANDING.as_list())], True, False, id="a branch beside a tree"),
        pytest.param([LIES, ("tree", 0.8, STANDING.as_list())], True, False, id="the tree beside it stands"),
        pytest.param([LONG, ("tree", 0.8, STANDING.as_list())], False, True, id="far longer than any branch"),
        pytest.param([("fallen_tree", 0.9, STANDING.as_list())], False, False, id="where the tree stands"),
    ],
)
def test_a_tree_that_fell_is_missing_where_it_stood(found: list[Row], lies: bool, fell: bool) -> None:
    view = View("trees", (*TREES, Asset("B-1", "bench", Region.rectangle(Box(0.5, 0.45, 0.6, 0.55)))))
    scale, look = learnt(Detections.of(found), view=view)
    box = Box.of(found[0][2])
    assert (scale.is_branch(box, look), scale.is_fallen_tree(box, look)) == (lies, fell)


def test_trees_on_the_other_bank_are_no_measure_of_what_lies_near() -> None:
    bank = [
        Asset(f"T-{n}", "tree", Region.rectangle(Box(x, 0.14, x + 0.04, 0.24))) for n, x in enumerate((0.5, 0.6, 0.7))
    ]
    benches = [
        Asset(f"B-{n}", "bench", Region.rectangle(Box(0.38, y - h, 0.42, y)))
        for n, (y, h) in enumerate(((0.5, 0.06), (0.69, 0.12)))
    ]
    crown = ("fallen_tree", 0.8, (0.38, 0.41, 0.66, 0.61))
    scale, look = learnt(Detections.of([crown]), view=View("bank", (*bank, *benches)))
    assert scale.is_fallen_tree(Box.of(crown[2]), look)


HALF_SEEN = ("tree", 0.8, (0.02, 0.05, 0.17, 0.3))
WELL_SEEN = ("tree", 0.8, STANDING.as_list())


@pytest.mark.parametrize(
    ("before", "now", "fell"),
    [
        pytest.param([HALF_SEEN], [LIES, HALF_SEEN], False, id="half of the tree beside it is seen, as before"),
        pytest.param([WELL_SEEN], [LIES, HALF_SEEN], True, id="all of that tree was seen before"),
        pytest.param([LIES, HALF_SEEN], [LIES, HALF_SEEN], True, id="it lay there from the start"),
    ],
)
def test_a_tree_that_is_seen_as_before_did_not_fall(before: list[Row], now: list[Row], fell: bool) -> None:
    view = View("trees", (*TREES, Asset("B-1", "bench", Region.rectangle(Box(0.5, 0.45, 0.6, 0.55)))))
    scale, look = learnt(Detections.of(before), Detections.of(now), view=view)
    assert scale.is_fallen_tree(Box.of(LIES[2]), look) is fell


def shown(lies: bool, stands: bool) -> Image:
    """The trees by day, or all but the first; and something before it that lies there."""
    picture, rng = day(), np.random.default_rng(3)
    for box, there in ((STANDING, stands), (Box.of(LIES[2]), not lies)):
        x0, y0, x1, y1 = box.pixels(picture.shape[1], picture.shape[0])
        if not there and box is STANDING:
            picture[y0:y1, x0:x1] = picture[y0:y1, x1 + 2 : x1 + 3]
        elif not there:
            picture[y0:y1, x0:x1] = rng.integers(0, 255, (y1 - y0, x1 - x0, 1))
    return picture


@pytest.mark.parametrize(
    ("before", "now", "branch"),
    [
        pytest.param((False, True), (True, True), True, id="it came, and the tree beside it looks as before"),
        pytest.param((False, True), (True, False), False, id="it came, and the tree shows no more"),
        pytest.param((True, True), (True, True), False, id="it lay there all the while, not seen at first"),
    ],
)
def test_the_picture_tells_whether_the_tree_beside_it_fell(
    before: tuple[bool, bool], now: tuple[bool, bool], branch: bool
) -> None:
    """The detector wavers over the tree, which it saw well before."""
    view = View("trees", (*TREES, Asset("B-1", "bench", Region.rectangle(Box(0.5, 0.45, 0.6, 0.55)))))
    scale = Scale()
    for at_s, (picture, found) in enumerate(((before, [WELL_SEEN]), (now, [LIES, HALF_SEEN]))):
        look = Scene(frame(shown(*picture), at_s), LightState.DAY, Detections.of(found), view, [])
        scale.learn(look)
    assert scale.is_branch(Box.of(LIES[2]), look) is branch


def standing(wide_m: float, high_m: float, foot: float, horizon: float) -> Box:
    """What is so wide and high, as a picture of 16:9 shows it on a level view."""
    metre = METRE_A_LINE * (foot - horizon)
    return Box(0.4, foot - high_m * metre, 0.4 + wide_m * metre * 9 / 16, foot)


@pytest.mark.parametrize(
    ("wide", "high", "car"),
    [
        pytest.param(2.0, 1.6, True, id="a car from behind"),
        pytest.param(4.4, 1.5, False, id="a car from its side may be water"),
        pytest.param(2.4, 0.5, False, id="a puddle"),
        pytest.param(0.8, 1.6, False, id="water along a kerb"),
        pytest.param(2.0, 3.0, False, id="far higher than a car"),
    ],
)
def test_what_fills_the_picture_as_a_car_does_stands(wide: float, high: float, car: bool) -> None:
    scale, look = learnt(people(0.45, (0.6, 0.65, 0.7, 0.8, 0.9, 0.95)))
    assert scale.stands_like_a_car(standing(wide, high, 0.8, 0.45), look) is car


def test_where_nothing_tells_the_scale_nothing_stands_like_a_car() -> None:
    scale, look = learnt(Detections.empty())
    assert not scale.stands_like_a_car(standing(2.0, 1.6, 0.8, 0.45), look)


@pytest.mark.parametrize(
    ("spread", "car"),
    [pytest.param(60.0, True, id="a car has edges"), pytest.param(0.0, False, id="water is calm")],
)
def test_from_a_camera_that_looks_down_what_has_a_cars_size_and_is_not_calm_is_one(spread: float, car: bool) -> None:
    scale, _ = learnt(people(-0.2, (0.6, 0.65, 0.7, 0.8, 0.9, 0.95)))
    box, image = standing(2.0, 1.8, 0.8, -0.2), day()
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(width, height)
    drawn = np.random.default_rng(3).normal(90, spread, (y1 - y0, x1 - x0, 1))
    image[y0:y1, x0:x1] = np.clip(drawn, 0, 255).astype(np.uint8)
    look = Scene(frame(image, 1), LightState.NIGHT, Detections.empty(), View("empty"), [])
    assert scale.stands_like_a_car(box, look) is car

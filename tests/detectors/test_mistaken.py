"""What a detector calls otherwise than it is: branches for trees, crowns for fallen ones, cases for people, puddles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.mistaken import is_water, odds_of_things
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.scale import Scale
from detectors.inspectors.trees import TreesInspector
from detectors.sources.video import VideoFile
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import PATH, TREES, WALK, day, scene

DAY = LightState.DAY
PLACE = Box(0.42, 0.55, 0.62, 0.75)
BIN = Box(0.3, 0.5, 0.34, 0.65)
OF_TREES = View("trees", (*TREES, Asset("P-1", "path", PATH)))  # nothing here tells metres but the trees


@pytest.mark.parametrize(
    ("length", "issues"),
    [
        pytest.param(0.18, {"path_obstructed"}, id="half a tree: a branch"),
        pytest.param(0.33, {"tree_fallen"}, id="a tree's length"),
        pytest.param(0.6, set(), id="nearly twice a tree: a row of crowns"),
    ],
)
def test_what_lies_is_measured_by_the_trees_that_stand(length: float, issues: set[str]) -> None:
    found = Detections.of([("fallen_tree", 0.8, (0.4, 0.52, 0.4 + length, 0.6))])
    look = Scene(frame(day(), 0), DAY, found, OF_TREES, [])
    seen = [o for i in (PathsInspector(OF_TREES), TreesInspector(OF_TREES)) for o in i.look(look)]
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == issues


def test_without_people_things_or_trees_a_fallen_tree_is_believed() -> None:
    bare = View("bare", (Asset("P-1", "path", PATH),))
    look = Scene(frame(day(), 0), DAY, Detections.empty(), bare, [])
    box = Box(0.4, 0.6, 0.45, 0.64)
    assert not Scale().is_branch(box, look)
    assert Scale().is_fallen_tree(box, look)


def test_near_things_tell_the_scale_before_far_people() -> None:
    bench = Asset("B-1", "bench", Region.rectangle(Box(0.2, 0.6, 0.3, 0.7)))
    view = View("walk", (bench, Asset("P-1", "path", PATH)))
    far = Detections.of([("person", 0.9, (0.4 + 0.02 * n, 0.26, 0.41 + 0.02 * n, 0.36)) for n in range(6)])
    look = Scene(frame(day(), 0), DAY, far, view, [])
    scale = Scale()
    scale.learn(look)
    assert scale.metre_at(0.7, look) == pytest.approx(0.1 / 1.25)


STANDS = (0.48, 0.58, 0.5, 0.7)
CLIPS = Path(__file__).parents[2] / "sample_media" / "clips"
CASE = (0.561, 0.617, 0.575, 0.692)
WALKERS = ((0.577, 0.765, 0.612, 0.945), (0.463, 0.662, 0.488, 0.807), (0.544, 0.341, 0.556, 0.394))
"""Where the case and three people are 17 s into the plaza's clip; the detector calls all four somebody."""


def odds_by_width(image: Image, boxes: Sequence[Box]) -> list[float]:
    """In place of the learnt judge: people are wider than this."""
    return [0.9 if box.width < 0.03 else 0.1 for box in boxes]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.claims.odds_of_things", odds_by_width)


@pytest.mark.usefixtures("judge")
@pytest.mark.parametrize(
    ("box", "score", "seconds", "said"),
    [
        pytest.param(STANDS, 0.3, 5, {"path_obstructed"}, id="a case stands there"),
        pytest.param(STANDS, 0.7, 5, {"path_obstructed"}, id="the detector is rather sure of somebody"),
        pytest.param(STANDS, 0.3, 2, set(), id="not for long"),
        pytest.param((0.48, 0.58, 0.53, 0.7), 0.3, 5, set(), id="looks like somebody"),
        pytest.param((0.02, 0.58, 0.04, 0.7), 0.3, 5, set(), id="beside the path"),
        pytest.param((0.48, 0.93, 0.5, 1.0), 0.3, 5, set(), id="the picture's edge cuts it"),
        pytest.param(STANDS, 0.86, 5, set(), id="surely somebody"),
    ],
)
def test_what_is_taken_for_somebody_but_looks_like_a_thing_and_stays_is_in_the_way(
    box: tuple[float, ...], score: float, seconds: int, said: set[str]
) -> None:
    inspector, seen = PathsInspector(WALK), []
    for second in range(seconds):
        found = Detections.of([("person", score, box)])
        seen += inspector.look(scene(day(seed=second), second, DAY, found))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said


def test_the_bundled_judge_tells_the_case_on_the_plaza_from_those_who_walk_there() -> None:
    picture = next(f.image for f in VideoFile(CLIPS / "plaza_day_bag_left.mp4").frames(1.0) if f.offset_s >= 17)
    odds = odds_of_things(picture, [Box.of(box) for box in (CASE, *WALKERS)])
    assert [thing >= 0.6 for thing in odds] == [True, False, False, False]


@pytest.mark.usefixtures("judge")
@pytest.mark.parametrize(
    ("registered", "said"),
    [
        pytest.param(STANDS, set(), id="that bin"),
        pytest.param((0.1, 0.58, 0.12, 0.7), {"path_obstructed"}, id="another"),
    ],
)
def test_a_registered_bin_that_is_taken_for_somebody_is_nothing_in_the_way(
    registered: tuple[float, ...], said: set[str]
) -> None:
    view = View("walk", (*WALK.assets, Asset("W-1", "bin", Region.rectangle(Box.of(registered)))))
    inspector, seen = PathsInspector(view), []
    for second in range(5):
        found = Detections.of([("person", 0.3, STANDS)])
        seen += inspector.look(Scene(frame(day(seed=second), second), DAY, found, view, []))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said


@pytest.mark.usefixtures("judge")
@pytest.mark.parametrize("step", [pytest.param(0.03, id="walks past"), pytest.param(0.004, id="comes nearer slowly")])
def test_what_moves_is_no_thing(step: float) -> None:
    inspector, seen = PathsInspector(WALK), []
    for second in range(8):
        x = 0.4 + step * second
        found = Detections.of([("person", 0.3, (x, 0.63, x + 0.02, 0.7))])
        seen += inspector.look(scene(day(seed=second), second, DAY, found))
    assert not [o for o in seen if o.presence is Presence.PRESENT]


@pytest.mark.usefixtures("judge")
@pytest.mark.parametrize(
    ("things", "said"),
    [pytest.param(3, set(), id="mostly somebody"), pytest.param(7, {"path_obstructed"}, id="mostly a thing")],
)
def test_a_place_in_doubt_is_what_most_looks_say(things: int, said: set[str]) -> None:
    inspector, last = PathsInspector(WALK), set[str]()
    for second in range(10):
        # The judge wavers over one box: its first looks say somebody.
        wide = 0.029 if second >= 10 - things else 0.032
        found = Detections.of([("person", 0.5, (0.48, 0.58, 0.48 + wide, 0.7))])
        seen = inspector.look(scene(day(seed=second), second, DAY, found))
        last = {o.issue for o in seen if o.presence is Presence.PRESENT}
    assert last == said


def paved(seed: int = 0) -> Image:
    return np.random.default_rng(seed).normal((150, 155, 160), 9, (270, 480, 3)).clip(0, 255).astype(np.uint8)


def with_water(colour: tuple[int, int, int] = (112, 110, 108)) -> Image:
    drawn = paved()
    cv2.ellipse(drawn, (250, 175), (50, 28), 0, 0, 360, colour, -1)
    return drawn


def with_bicycle() -> Image:
    drawn = paved()
    for x in range(208, 298, 5):
        cv2.line(drawn, (x, 150), (500 - x, 200), (30, 30, 30), 1)
    return drawn


@pytest.mark.parametrize(
    ("picture", "name", "issue"),
    [
        pytest.param(with_water(), "bicycle", "path_flooded", id="calm and grey: water"),
        pytest.param(with_bicycle(), "bicycle", "path_obstructed", id="all edges: a bicycle"),
        pytest.param(with_water((60, 60, 200)), "bicycle", "path_obstructed", id="calm and red"),
        pytest.param(with_water(), "car", "path_obstructed", id="cars are calm"),
    ],
)
def test_a_puddle_that_is_called_a_bicycle(picture: Image, name: str, issue: str) -> None:
    inspector, found = PathsInspector(WALK), Detections.of([(name, 0.9, PLACE.as_list())])
    seen = [o for second in range(4) for o in inspector.look(scene(picture, second, DAY, found))]
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == {issue}


@pytest.mark.parametrize(
    "box",
    [pytest.param(Box(0.5, 0.5, 0.504, 0.504), id="too small"), pytest.param(Box(0, 0, 1, 1), id="the whole picture")],
)
def test_what_shows_too_little_is_no_water(box: Box) -> None:
    assert not is_water(paved(), box)


LAWN = Asset("G-1", "lawn", Region.rectangle(Box(0.0, 0.3, 1.0, 1.0)))


@pytest.mark.parametrize(
    ("registered", "said"), [pytest.param(True, set(), id="a lamp"), pytest.param(False, {"litter"}, id="no lamp")]
)
def test_a_lamp_that_goes_on_before_a_lawn_is_no_litter(registered: bool, said: set[str]) -> None:
    lamp = Asset("L-1", "street_light", Region.rectangle(Box(0.48, 0.38, 0.54, 0.9)))
    view = View("lawn", (LAWN, lamp) if registered else (LAWN,))
    inspector, seen = PathsInspector(view), []
    for second in range(8):
        picture = np.random.default_rng(second).normal((60, 110, 70), 3, (270, 480, 3)).clip(0, 255).astype(np.uint8)
        if second >= 4:
            cv2.circle(picture, (245, 118), 9, (235, 240, 245), -1)
        seen += inspector.look(Scene(frame(picture, second), DAY, Detections.empty(), view, []))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said


def test_litter_that_touches_what_is_in_the_way_is_a_part_of_it() -> None:
    bicycle = ("bicycle", 0.9, (0.42, 0.55, 0.62, 0.75))
    found = Detections.of([bicycle, ("litter", 0.9, (0.44, 0.52, 0.49, 0.57)), ("litter", 0.9, (0.3, 0.9, 0.35, 0.95))])
    inspector = PathsInspector(WALK)
    seen = [inspector.look(scene(with_bicycle(), second, DAY, found)) for second in range(4)][-1]
    assert sorted(o.issue for o in seen if o.presence is Presence.PRESENT) == ["litter", "path_obstructed"]


@pytest.mark.parametrize(
    ("found", "issue"),
    [
        pytest.param([("litter", 0.9, (0.45, 0.5, 0.55, 0.75))], "path_obstructed", id="high: a case"),
        pytest.param(
            [("litter", 0.9, (0.45, 0.5, 0.55, 0.75)), ("bin_overflowing", 0.8, (0.4, 0.45, 0.5, 0.7))],
            "litter",
            id="high beside a bin: a heap",
        ),
    ],
)
def test_a_heap_round_a_bin_may_be_high(found: list[tuple[str, float, tuple[float, ...]]], issue: str) -> None:
    people = [("person", 0.9, (0.9, 0.55, 0.94, 0.75))]
    seen = PathsInspector(WALK).look(scene(day(), 0, DAY, Detections.of([*found, *people])))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == {issue}


@pytest.mark.parametrize(
    ("width", "score"),
    [pytest.param(0.06, 0.58, id="a heap: surer by its colour"), pytest.param(0.35, 0.4, id="wider than any heap")],
)
def test_colours_prove_no_litter_that_is_wider_than_a_heap(width: float, score: float) -> None:
    picture = paved()
    cv2.rectangle(picture, (192, 190), (192 + round(width * 480), 198), (40, 40, 200), -1)
    found = [("litter", 0.4, (0.4, 0.7, 0.4 + width, 0.74)), ("person", 0.9, (0.9, 0.54, 0.94, 0.74))]
    seen = PathsInspector(WALK).look(scene(picture, 0, DAY, Detections.of(found)))
    assert [o.score for o in seen if o.issue == "litter"] == [pytest.approx(score)]


SEEN, FOOT = ("bin", 0.8, BIN.as_list()), ("litter", 0.45, (0.29, 0.63, 0.35, 0.69))
ALL_OF_IT = ("litter", 0.3, (0.29, 0.5, 0.35, 0.69))

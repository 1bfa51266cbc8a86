"""Furniture that left its place while it was looked at, though a box is near: its neighbour's, or of spots of light."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.inspectors.likeness import Likeness
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WIDTH, day
from tests.detectors.test_missing import BENCH, PLACE, SEEN, Judge, covered, drawn

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    fake = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: fake)
    return fake


def said_in(scene: Scene, inspector: FurnitureInspector) -> Presence:
    """What is said of the bench."""
    seen = inspector.look(scene)
    return next(o.presence for o in seen if o.issue == "asset_missing" and o.asset_id == "B-1")


def sheeted(picture: Image) -> Image:
    """The walk with something in the place whose edges are not the bench's."""
    x0, y0, x1, y1 = PLACE.pixels(WIDTH, HEIGHT)
    for x in range(x0, x1, 10):
        cv2.rectangle(picture, (x, y0 + 20), (x + 4, y1), (60, 110, 70), -1)
    return picture


ASIDE = [("bench", 0.6, Box(0.43, 0.66, 0.54, 0.78).as_list())]  # off its place, but on it


@pytest.mark.parametrize(
    ("known", "found", "now", "odds", "light", "passing", "said"),
    [
        pytest.param(4, ASIDE, sheeted, 0.1, DAY, [], P, id="a box off its place, other edges and barer"),
        pytest.param(4, [], sheeted, 0.1, DAY, [], P, id="no box at all"),
        pytest.param(4, SEEN, sheeted, 0.1, DAY, [], A, id="a box that fits"),
        pytest.param(4, ASIDE, drawn, 0.1, DAY, [], A, id="its own edges"),
        pytest.param(4, ASIDE, sheeted, 0.02, DAY, [], A, id="no barer: something stands there"),
        pytest.param(4, ASIDE, covered, 0.1, DAY, [], A, id="what is round it changed too: something larger came"),
        pytest.param(4, ASIDE, sheeted, 0.1, NIGHT, [], A, id="by night"),
        pytest.param(4, [*ASIDE, ("person", 0.2, PLACE.as_list())], sheeted, 0.1, DAY, [], A, id="somebody, faintly"),
        pytest.param(4, ASIDE, sheeted, 0.1, DAY, [PLACE], U, id="somebody is before it"),
        pytest.param(2, ASIDE, sheeted, 0.1, DAY, [], A, id="hardly known"),
    ],
)
def test_what_was_surely_seen_left_its_place_though_a_box_is_near(
    known: int,
    found: list[tuple[str, float, list[float]]],
    now: Callable[[Image], Image],
    odds: float,
    light: LightState,
    passing: list[Box],
    said: Presence,
    judge: Judge,
) -> None:
    inspector = FurnitureInspector(BENCH)
    for second in range(known):
        judge.bare = 0.01
        inspector.look(Scene(frame(drawn(day(seed=second)), second), light, Detections.of(SEEN), BENCH, []))
    judge.bare = odds
    scene = Scene(frame(now(day(seed=9)), 9), light, Detections.of(found), BENCH, passing)
    assert said_in(scene, inspector) is said


def test_it_stays_away_until_it_is_seen_in_its_place_again(judge: Judge) -> None:
    inspector, said = FurnitureInspector(BENCH), []
    looks = [(SEEN, drawn, 0.01)] * 4 + [(ASIDE, sheeted, 0.1)] * 20 + [(SEEN, drawn, 0.01)]
    for second, (found, picture, odds) in enumerate(looks):
        judge.bare = odds
        scene = Scene(frame(picture(day(seed=second)), second), DAY, Detections.of(found), BENCH, [])
        said.append(said_in(scene, inspector))
    assert said == [A] * 4 + [P] * 20 + [A]


@pytest.mark.parametrize(
    ("box", "bare", "near", "said"),
    [
        pytest.param(Box(0.4, 0.7, 0.5, 0.85), 0.97, True, P, id="the box of the next bench reaches into its place"),
        pytest.param(Box(0.4, 0.7, 0.5, 0.85), 0.4, True, P, id="and it is rather bare"),
        pytest.param(Box(0.4, 0.7, 0.5, 0.85), 0.15, True, A, id="but the place is hardly bare"),
        pytest.param(Box(0.4, 0.7, 0.5, 0.85), 0.3, False, A, id="no other bench is registered there"),
        pytest.param(Box(0.4, 0.64, 0.5, 0.8), 0.97, True, A, id="it fits both"),
    ],
)
def test_the_box_of_the_next_bench_says_nothing_of_a_bare_place(
    box: Box, bare: float, near: bool, said: Presence, judge: Judge
) -> None:
    judge.bare = bare
    other = (Asset("B-2", "bench", Region.rectangle(Box(0.4, 0.7, 0.5, 0.86))),) if near else ()
    view = View("walk", (*BENCH.assets, *other))
    found = Detections.of([("bench", 0.8, box.as_list())])
    assert said_in(Scene(frame(day(), 0), DAY, found, view, []), FurnitureInspector(view)) is said


def test_what_looks_rather_alike_is_learnt_only_when_it_stays_so() -> None:
    likeness = Likeness()

    def half(seed: int) -> Image:
        """The bench, half of it in other paint."""
        shown = drawn(day(seed=seed))
        x0, y0, x1, y1 = PLACE.pixels(WIDTH, HEIGHT)
        shown[y0:y1, (x0 + x1) // 2 : x1] = (150, 155, 160)
        return shown

    for seed in range(5):
        likeness.look(drawn(day(seed=seed)), PLACE)
    seen = [likeness.look(half(seed), PLACE) for seed in range(5, 30)]
    alike = [one.itself for one in seen if one is not None]
    assert 0.6 <= min(alike[:10]) <= max(alike[:10]) < 0.8
    assert alike[-1] > 0.9

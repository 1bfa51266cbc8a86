"""Things of no class that stand on a path: found where the paving looks odd, told by a judge of their look."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Mask, Region
from detectors.inspectors import Scene
from detectors.inspectors.blobs import OddPlaces, blobs
from detectors.inspectors.body_crops import BODY_SIZE, body_crop
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.places import joined, without_parts
from detectors.inspectors.state_models import state_model
from detectors.training.covers import draw_cover
from detectors.training.judges.barriers import draw_obstacle
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WALK, WIDTH, day

DAY = LightState.DAY
CARTON = Box(0.46, 0.52, 0.51, 0.66)


def with_carton(picture: Image, place: Box = CARTON) -> Image:
    x0, y0, x1, y1 = place.pixels(WIDTH, HEIGHT)
    drawn = picture.copy()
    cv2.rectangle(drawn, (x0, y0), (x1, y1), (60, 110, 170), -1)
    cv2.rectangle(drawn, (x0, y0), (x1, y0 + 8), (90, 150, 210), -1)
    return drawn


AWAY, BESIDE = Box(0.9, 0.6, 0.94, 0.7), Box(CARTON.x1 - 0.01, 0.5, CARTON.x1 + 0.04, 0.64)


def with_bin(place: Box) -> View:
    return View("walk", (*WALK.assets, Asset("W-1", "bin", Region.rectangle(place))))


def told(picture: Image, detections: Detections, looks: int = 6, view: View | None = None) -> set[str]:
    view = view or with_bin(AWAY)
    inspector = PathsInspector(view)
    for second in range(looks):
        seen = inspector.look(Scene(frame(picture, second), DAY, detections, view, []))
    return {o.issue for o in seen if o.presence is Presence.PRESENT and o.score >= 0.5}


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        pytest.param(with_carton(day()), True, id="a carton on the path"),
        pytest.param(day(), False, id="an empty path"),
        pytest.param(with_carton(day(), Box(0.02, 0.7, 0.07, 0.84)), False, id="a carton beside the path"),
    ],
)
def test_odd_places_on_paving(picture: Image, found: bool) -> None:
    paved = WALK.of_kind("path")[0].region
    assert paved is not None
    places = blobs(picture, paved.mask(WIDTH, HEIGHT))
    assert any(place.iou(CARTON) > 0.5 for place in places) is found
    assert blobs(picture, np.zeros((HEIGHT, WIDTH), bool)) == []


@pytest.mark.parametrize(
    ("rows", "odds", "looks", "issues"),
    [
        pytest.param([], 0.97, 6, {"path_obstructed"}, id="something stands there that has no name"),
        pytest.param([], 0.97, 1, set(), id="or passes"),
        pytest.param([], 0.6, 6, set(), id="perhaps something stands there"),
        pytest.param([("puddle", 0.8)], 0.97, 6, {"path_obstructed"}, id="called water"),
        pytest.param([("puddle", 0.8)], 0.6, 6, {"path_flooded"}, id="called water, and perhaps is"),
        pytest.param([("litter", 0.8)], 0.97, 6, {"path_obstructed"}, id="called litter"),
        pytest.param([("litter", 0.8), ("bin", 0.8)], 0.97, 6, {"litter"}, id="litter at a bin"),
        pytest.param([("litter", 0.8), ("bin", 0.3)], 0.97, 6, {"path_obstructed"}, id="at what is hardly a bin"),
        pytest.param([("tree", 0.8)], 0.97, 6, set(), id="what is called a tree"),
    ],
)
def test_what_stands_on_a_path(
    rows: list[tuple[str, float]], odds: float, looks: int, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: odds)
    places = [(name, score, BESIDE if name == "bin" else CARTON) for name, score in rows]
    detections = Detections.of([(name, score, place.as_list()) for name, score, place in places])
    view = with_bin(BESIDE if ("bin", 0.8) in rows else AWAY)
    assert told(with_carton(day()), detections, looks, view) == issues


@pytest.mark.parametrize(
    ("standing", "damage", "registered", "issues"),
    [
        pytest.param(0.5, 0.25, AWAY, set(), id="pallets: rather a thing than damage"),
        pytest.param(0.2, 0.25, AWAY, {"path_damaged"}, id="rather damage than a thing"),
        pytest.param(0.5, 0.45, AWAY, {"path_damaged"}, id="perhaps damage"),
        pytest.param(0.5, 0.25, None, {"path_damaged"}, id="what stands there for good is not known"),
    ],
)
def test_what_is_called_a_hole_and_rather_stands(
    standing: float, damage: float, registered: Box | None, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: standing)
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: damage)
    hole = Detections.of([("pothole", 0.8, CARTON.as_list())])
    assert told(day(), hole, view=with_bin(registered) if registered else WALK) == issues


def test_a_register_without_furniture_does_not_know_what_stands_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.97)
    water = Detections.of([("puddle", 0.8, CARTON.as_list())])
    assert told(with_carton(day()), Detections.empty(), view=WALK) == set()
    assert told(with_carton(day()), water, view=WALK) == {"path_flooded"}


def test_the_judge_knows_what_stands_from_what_lies() -> None:
    """On pictures of its own drawing: most obstacles surely stand, covers and bare paving surely do not."""
    rng, paving = np.random.default_rng(7), day()
    stand, lie = [], []
    for _ in range(20):
        image, (x0, y0, x1, y1) = draw_obstacle(paving, (220.0, 180.0), 35.0, rng)
        stand.append(body_crop(image, Box(x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT)))
        place = Box(0.42, 0.6, 0.5, 0.66)
        lie.append(body_crop(draw_cover(paving, place, rng), place))
    odds = state_model("stands").judge([*stand, *lie, body_crop(paving, CARTON)])[:, 1]
    assert np.mean(odds[:20] >= 0.5) >= 0.8
    assert (odds[20:] < 0.9).all()  # the bar of the rules
    assert stand[0].shape == (BODY_SIZE, BODY_SIZE, 4)


@pytest.mark.parametrize(
    ("thing", "standing", "registered", "issues"),
    [
        pytest.param(0.8, 0.97, AWAY, {"path_obstructed"}, id="both judges see a thing: a cone"),
        pytest.param(0.8, 0.6, AWAY, set(), id="one is not sure"),
        pytest.param(0.3, 0.97, AWAY, set(), id="the other sees somebody"),
        pytest.param(0.8, 0.97, None, set(), id="what stands there for good is not known"),
    ],
)
def test_what_is_surely_called_somebody_and_stands_like_a_thing(
    thing: float, standing: float, registered: Box | None, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: standing)
    monkeypatch.setattr("detectors.inspectors.claims.odds_of_things", lambda _, boxes: [thing] * len(boxes))
    somebody = Detections.of([("person", 0.85, CARTON.as_list())])
    assert told(day(), somebody, view=with_bin(registered) if registered else WALK) == issues


def test_what_stands_is_told_where_it_stands_and_not_its_shadow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cartons as bright as the paving: their shadow changed the most. At the end somebody walks past."""
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda _, box: 0.97 * (box.iou(CARTON) > 0.5))
    view, called = with_bin(AWAY), Detections.of([("litter", 0.3, CARTON.as_list())])
    inspector, seen = PathsInspector(view), list[Observation]()
    for second in range(10):
        picture = day(seed=second)
        if second >= 6:
            x0, y0, _, y1 = CARTON.pixels(WIDTH, HEIGHT)
            cv2.rectangle(picture, (x0 - 32, y0 + 14), (x0 + 3, y1 + 4), (30, 28, 26), -1)
        found = called if second == 7 else Detections.empty()
        passing = [Box(0.47, 0.4, 0.52, 0.6)] if second == 9 else []
        seen += inspector.look(Scene(frame(picture, second), DAY, found, view, passing))
    told_at = [o.box for o in seen if o.presence is Presence.PRESENT and o.issue == "path_obstructed"]
    assert told_at
    assert all(box is not None and box.iou(CARTON) > 0.9 for box in told_at)


@pytest.mark.parametrize(
    ("comes", "odds", "issue"),
    [
        pytest.param(True, 0.88, "path_obstructed", id="it came, and rather stands"),
        pytest.param(True, 0.7, "path_flooded", id="it came, and perhaps stands"),
        pytest.param(False, 0.88, "path_flooded", id="it was there, and rather stands"),
    ],
)
def test_what_comes_as_water_and_rather_stands_is_in_the_way(
    comes: bool, odds: float, issue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda _, box: odds * (box.iou(CARTON) > 0.5))
    view, water = with_bin(AWAY), Detections.of([("puddle", 0.62, CARTON.as_list())])
    inspector, last = PathsInspector(view), list[Observation]()
    for second in range(12):
        there = not comes or second >= 6
        picture = with_carton(day(seed=second)) if there else day(seed=second)
        found = water if there else Detections.empty()
        last = inspector.look(Scene(frame(picture, second), DAY, found, view, []))
    assert {o.issue for o in last if o.presence is Presence.PRESENT} == {issue}


def seen(issue: str, box: Box, score: float = 0.9) -> Observation:
    return Observation(issue, Presence.PRESENT, score, box=box, by_place=True)


CONE = Box(0.40, 0.50, 0.42, 0.58)


@pytest.mark.parametrize(
    ("other", "orders"),
    [
        pytest.param(seen("path_obstructed", Box(0.45, 0.51, 0.47, 0.59)), 1, id="two cones side by side"),
        pytest.param(seen("path_obstructed", Box(0.60, 0.50, 0.62, 0.58)), 2, id="two cones far from each other"),
        pytest.param(seen("path_obstructed", Box(0.45, 0.40, 0.70, 0.80)), 2, id="a cone before a car"),
        pytest.param(seen("litter", Box(0.45, 0.51, 0.47, 0.59)), 2, id="litter beside a cone"),
    ],
)
def test_what_stands_side_by_side_is_one_job(other: Observation, orders: int) -> None:
    rows = joined([seen("path_obstructed", CONE), other])
    assert len(rows) == orders
    assert orders == 2 or rows[0].box == CONE.union(other.box or CONE)


def test_the_smaller_of_two_cones_is_no_shadow_of_the_other() -> None:
    smaller = seen("path_obstructed", Box(0.43, 0.51, 0.445, 0.58))
    both = [seen("path_obstructed", CONE), smaller]
    assert without_parts(both, both) == both


def test_water_beside_a_thing_is_its_shadow() -> None:
    thing, shadow = seen("path_obstructed", CONE), seen("path_flooded", Box(0.42, 0.55, 0.44, 0.58))
    lake = seen("path_flooded", Box(0.42, 0.5, 0.62, 0.7))
    assert without_parts([thing, shadow, lake], [thing, shadow, lake]) == [thing, lake]


EVERYWHERE = [Region.of([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])]


def test_odd_places_are_searched_for_in_every_fourth_look(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    found: list[int] = []

    def search(image: Image, paved: Mask) -> list[Box]:
        searched.append(len(found))
        return blobs(image, paved)

    monkeypatch.setattr("detectors.inspectors.blobs.blobs", search)
    odd, picture = OddPlaces(), np.full((270, 480, 3), 120, np.uint8)
    left = picture.copy()
    left[150:190, 200:230] = (20, 60, 200)
    for look in range(9):
        found.append(len(odd.of(left if look else picture, EVERYWHERE, [])))
    assert searched == [0, 4, 8]
    assert found == [0] * 4 + [found[4]] * 5
    assert found[4] > 0


def test_an_odd_place_where_nothing_is_is_left_until_the_next_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.blobs.blobs", lambda *_: [CONE, CARTON])
    odd, picture, asked = OddPlaces(), np.full((270, 480, 3), 120, np.uint8), []
    for _ in range(5):
        asked.append(odd.of(picture, EVERYWHERE, [], wholes=lambda found: found[:1]))
        odd.leave(CONE)
    assert asked == [[CONE, CARTON, CONE], *[[CARTON]] * 3, [CONE, CARTON, CONE]]


def test_what_was_called_something_once_is_looked_at_for_a_while() -> None:
    odd, picture = OddPlaces(), np.full((270, 480, 3), 120, np.uint8)
    moved = Box(CONE.x0 + 0.002, CONE.y0, CONE.x1 + 0.002, CONE.y1)
    asked = [odd.of(picture, EVERYWHERE, [[CONE], [moved], []][min(look, 2)]) for look in range(16)]
    assert asked[:3] == [[CONE], [moved], [moved]]
    assert asked[12] == [moved]
    assert asked[-1] == []


@pytest.mark.parametrize(
    ("place", "metre", "found"),
    [
        pytest.param(Box(0.46, 0.52, 0.49, 0.66), 0.28, True, id="a cone of half a metre"),
        pytest.param(Box(0.44, 0.52, 0.54, 0.66), 0.28, False, id="as low and wider than high, as heaps are"),
        pytest.param(Box(0.44, 0.52, 0.54, 0.66), 0.2, True, id="as wide and higher"),
        pytest.param(Box(0.46, 0.52, 0.49, 0.66), 0.35, False, id="too low to be in the way"),
    ],
)
def test_how_high_what_stands_must_be(place: Box, metre: float, found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.97)
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: metre)
    rows = Detections.of([("puddle", 0.3, place.as_list())])
    assert ("path_obstructed" in told(day(), rows, view=with_bin(AWAY))) is found

"""Barriers on legs: told by their board or its stripes, for the legs hardly differ from the paving."""

from __future__ import annotations

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.barriers import on_legs
from detectors.inspectors.for_good import ForGood
from detectors.inspectors.paths import PathsInspector
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WALK, WIDTH, day

ASPECT = WIDTH / HEIGHT
METRE = 0.18
BOARD = Box(0.40, 0.60, 0.53, 0.64)
WHOLE = Box(0.40, 0.60, 0.53, 0.78)
STRIPES = [Box(0.40, 0.60, 0.425, 0.64), Box(0.45, 0.603, 0.475, 0.64), Box(0.505, 0.60, 0.53, 0.637)]


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        pytest.param([BOARD], [WHOLE], id="a board"),
        pytest.param(STRIPES, [WHOLE], id="its stripes"),
        pytest.param([*STRIPES, Box(0.33, 0.61, 0.44, 0.64)], [Box(0.33, 0.61, 0.44, 0.79), WHOLE], id="and a shadow"),
        pytest.param(STRIPES[:2], [], id="two stripes, too narrow for a board"),
        pytest.param([STRIPES[0], STRIPES[2]], [], id="stripes too far apart"),
        pytest.param([STRIPES[0], Box(0.45, 0.66, 0.53, 0.69)], [], id="pieces on other lines"),
        pytest.param([Box(0.40, 0.60, 0.43, 0.64), Box(0.45, 0.63, 0.53, 0.67)], [], id="hardly on the same lines"),
        pytest.param([Box(0.40, 0.60, 0.53, 0.72)], [], id="too high for a board"),
        pytest.param([Box(0.10, 0.60, 0.60, 0.64)], [], id="a kerb"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_what_may_stand_on_legs(odd: list[Box], found: list[Box]) -> None:
    boxes = on_legs(odd, lambda _: METRE, ASPECT)
    assert [box.as_list() for box in boxes] == [pytest.approx(box.as_list()) for box in found]


def test_the_line_that_a_barrier_stands_on_is_where_its_metre_is_measured() -> None:
    """Things grow towards the camera: a metre is a third of the way from the horizon to the line it stands on."""
    (found,) = on_legs([BOARD], lambda line: (line - 0.2) / 3, ASPECT)
    assert found.y1 - found.y0 == pytest.approx((found.y1 - 0.2) / 3, abs=0.01)


def test_without_a_scale_nothing_stands_on_legs() -> None:
    assert on_legs([BOARD], lambda _: None, ASPECT) == []


LAMP = Region.rectangle(Box(0.44, 0.1, 0.47, 0.66))
COLUMN = Asset("L-1", "street_light", LAMP)


@pytest.mark.parametrize(
    ("place", "asset", "shows"),
    [
        pytest.param(WHOLE, COLUMN, False, id="a barrier before a lamp"),
        pytest.param(Box(0.40, 0.5, 0.53, 0.66), COLUMN, True, id="beside its foot"),
        pytest.param(Box(0.44, 0.6, 0.465, 0.72), COLUMN, True, id="no wider than the lamp: its base"),
        pytest.param(WHOLE, Asset("B-1", "bench", LAMP), True, id="before a bench"),
        pytest.param(WHOLE, Asset("P-1", "path", LAMP), False, id="on a path"),
        pytest.param(Box(0.6, 0.5, 0.7, 0.8), COLUMN, False, id="away from it"),
    ],
)
def test_what_is_there_for_good(place: Box, asset: Asset, shows: bool) -> None:
    scene = Scene(frame(day(), 0), LightState.DAY, Detections.empty(), View("walk", (asset,)), [])
    assert ForGood.of(scene).shows(place) is shows
    assert ForGood.of(scene).shows(place, [place])


@pytest.mark.parametrize(
    ("seen", "shows"),
    [
        pytest.param(("person", 0.9), True, id="somebody surely seen"),
        pytest.param(("person", 0.1), False, id="hardly seen"),
        pytest.param(("street_light", 0.5), True, id="a lamp that nobody registered"),
        pytest.param(("street_light", 0.1), False, id="hardly a lamp"),
        pytest.param(("tree", 0.5), True, id="what is asked for by its name"),
        pytest.param(("litter", 0.5), False, id="another name"),
    ],
)
def test_what_is_seen_there_and_judged_elsewhere(seen: tuple[str, float], shows: bool) -> None:
    found = Detections.of([(*seen, BOARD.as_list())])
    scene = Scene(frame(day(), 0), LightState.DAY, found, View("walk", ()), [])
    assert ForGood.of(scene, "tree").shows(BOARD) is shows


ARM = Region.of([[0.40, 0.2], [0.52, 0.2], [0.52, 0.24], [0.515, 0.7], [0.505, 0.7]])


@pytest.mark.parametrize(
    ("place", "found", "shows"),
    [
        pytest.param(Box(0.42, 0.55, 0.45, 0.64), [], False, id="a cone beside the column, below the arm"),
        pytest.param(Box(0.50, 0.55, 0.52, 0.64), [], True, id="a part of the column"),
        pytest.param(
            Box(0.42, 0.55, 0.45, 0.64), [("street_light", 0.9, ARM.box.as_list())], False, id="seen as well: the same"
        ),
        pytest.param(
            Box(0.42, 0.55, 0.45, 0.64), [("street_light", 0.9, [0.41, 0.5, 0.46, 0.9])], True, id="another lamp"
        ),
    ],
)
def test_of_a_lamp_with_an_arm_its_outline_counts(
    place: Box, found: list[tuple[str, float, list[float]]], shows: bool
) -> None:
    view = View("walk", (Asset("L-1", "street_light", ARM),))
    scene = Scene(frame(day(), 0), LightState.DAY, Detections.of(found), view, [])
    assert ForGood.of(scene).shows(place) is shows


def with_barrier(picture: Image) -> Image:
    """Red stripes on a board of the paving's colour, on legs that do not show."""
    drawn = picture.copy()
    for box in STRIPES:
        x0, y0, x1, y1 = box.pixels(WIDTH, HEIGHT)
        cv2.rectangle(drawn, (x0, y0), (x1 - 1, y1 - 1), (40, 40, 200), -1)
    return drawn


@pytest.mark.parametrize(
    ("odds", "again"), [pytest.param(0.2, False, id="nothing"), pytest.param(0.5, True, id="perhaps something")]
)
def test_where_nothing_stands_nobody_asks_again_before_the_next_search(
    odds: float, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def judge(_: Image, box: Box) -> float:
        asked.append(second)
        return odds

    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", judge)
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: METRE)
    view = View("walk", (*WALK.assets, Asset("W-1", "bin", Region.rectangle(Box(0.9, 0.6, 0.94, 0.7)))))
    inspector = PathsInspector(view)
    for second in range(3):
        picture = with_barrier(day(seed=second))
        inspector.look(Scene(frame(picture, second), LightState.DAY, Detections.empty(), view, []))
    assert 0 in asked
    assert (set(asked) > {0}) is again


def told_at(comes_s: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seconds at which something is told to be in the way, of which only stripes are seen."""
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda _, box: 0.97 * (box.iou(WHOLE) > 0.8))
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: METRE)
    view = View("walk", (*WALK.assets, Asset("W-1", "bin", Region.rectangle(Box(0.9, 0.6, 0.94, 0.7)))))
    inspector, seconds = PathsInspector(view), []
    for second in range(comes_s + 8):
        picture = with_barrier(day(seed=second)) if second >= comes_s else day(seed=second)
        seen = inspector.look(Scene(frame(picture, second), LightState.DAY, Detections.empty(), view, []))
        if any(o.presence is Presence.PRESENT and o.box and o.box.iou(WHOLE) > 0.8 for o in seen):
            assert {o.issue for o in seen if o.presence is Presence.PRESENT} == {"path_obstructed"}
            seconds.append(second)
    return seconds


@pytest.mark.parametrize("comes_s", [0, 5])
def test_a_barrier_of_which_only_stripes_are_seen(comes_s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands there from the start, or comes: odd places are searched for in every fourth look."""
    seconds, searched_s = told_at(comes_s, monkeypatch), -(-comes_s // 4) * 4
    assert seconds == list(range(searched_s + 2, comes_s + 8))

"""What the detector itself calls an obstacle, or furniture that nobody registered, stands in the way on a path."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.claims import Claims
from detectors.inspectors.obstacles import obstacles
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.scale import Scale
from detectors.values import Asset, Detections, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK, day
from tests.detectors.test_standing import AWAY, BESIDE, CARTON, DAY, told, with_bin

LOW = Box(0.44, 0.625, 0.53, 0.66)  # half a metre


@pytest.mark.parametrize(
    ("rows", "looks", "registered", "issues"),
    [
        pytest.param([("obstacle", 0.6, CARTON)], 6, AWAY, {"path_obstructed"}, id="an obstacle"),
        pytest.param([("obstacle", 0.6, CARTON)], 1, AWAY, set(), id="or it passes"),
        pytest.param([("obstacle", 0.4, CARTON)], 6, AWAY, set(), id="perhaps one"),
        pytest.param([("obstacle", 0.6, LOW)], 6, AWAY, set(), id="so low that it may be a slab"),
        pytest.param([("obstacle", 0.7, LOW)], 6, AWAY, {"path_obstructed"}, id="low, and surely one"),
        pytest.param([("obstacle", 0.6, Box(0.02, 0.7, 0.07, 0.84))], 6, AWAY, set(), id="beside the path"),
        pytest.param([("obstacle", 0.6, CARTON)], 6, CARTON, set(), id="it is registered as a bin"),
        pytest.param([("obstacle", 0.6, CARTON), ("bin", 0.8, BESIDE)], 6, BESIDE, set(), id="bags at a bin"),
        pytest.param(
            [("obstacle", 0.6, CARTON), ("bin", 0.3, BESIDE)], 6, AWAY, {"path_obstructed"}, id="what is faintly a bin"
        ),
        pytest.param([("obstacle", 0.6, CARTON)], 6, None, set(), id="what stands there for good is not known"),
        pytest.param(
            [("obstacle", 0.6, CARTON), ("fallen_tree", 0.6, Box(0.3, 0.4, 0.7, 0.7))], 6, AWAY, set(), id="of a tree"
        ),
        pytest.param(
            [("obstacle", 0.6, CARTON), ("litter", 0.55, CARTON)], 6, AWAY, {"path_obstructed"}, id="no litter"
        ),
        pytest.param([("obstacle", 0.6, CARTON), ("puddle", 0.8, CARTON)], 6, AWAY, {"path_obstructed"}, id="no water"),
    ],
)
def test_what_the_detector_calls_an_obstacle(
    rows: list[tuple[str, float, Box]],
    looks: int,
    registered: Box | None,
    issues: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.5)
    detections = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    seen = told(day(), detections, looks, with_bin(registered) if registered else WALK)
    assert seen - {"tree_fallen"} == issues


@pytest.mark.parametrize(
    ("place", "litter", "odds", "issues"),
    [
        pytest.param(CARTON, 0.2, 0.2, {"litter"}, id="to the judge nothing stands there: bags"),
        pytest.param(CARTON, 0.2, 0.6, {"path_obstructed"}, id="to the judge something does: a box"),
        pytest.param(CARTON, 0.1, 0.2, {"path_obstructed"}, id="hardly called litter"),
        pytest.param(CARTON, 0.7, 0.6, {"litter"}, id="rather called litter"),
        pytest.param(CARTON, 0.7, 0.97, {"path_obstructed"}, id="rather called litter, but something surely stands"),
        pytest.param(LOW, 0.2, 0.2, set(), id="so low that nobody judges it"),
        pytest.param(BESIDE, 0.2, 0.2, {"path_obstructed"}, id="litter is what lies beside it"),
    ],
)
def test_what_is_called_an_obstacle_and_litter(
    place: Box, litter: float, odds: float, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: odds)
    called = CARTON if place is BESIDE else place
    rows = [("obstacle", 0.6, called.as_list()), ("litter", litter, place.as_list())]
    assert told(day(), Detections.of(rows), view=with_bin(AWAY)) == issues


@pytest.mark.parametrize(
    ("place", "odds", "plate", "litter", "issues"),
    [
        pytest.param(LOW, 0.1, False, 0.0, set(), id="to the judge nothing stands there: a cover"),
        pytest.param(LOW, 0.3, False, 0.0, {"path_obstructed"}, id="to the judge something may"),
        pytest.param(LOW, 0.3, True, 0.0, set(), id="but it shows a plate"),
        pytest.param(LOW, 0.9, True, 0.0, {"path_obstructed"}, id="or so it seems, and the judge is sure"),
        pytest.param(LOW, 0.1, True, 0.2, {"path_obstructed"}, id="heaps are flat as well"),
        pytest.param(CARTON, 0.1, True, 0.0, {"path_obstructed"}, id="what is high is no plate"),
        pytest.param(Box(0.44, 0.61, 0.53, 0.66), 0.1, False, 0.0, set(), id="or is it? it is far wider than high"),
    ],
)
def test_what_lies_flush_in_the_walk_is_no_obstacle(
    place: Box, odds: float, plate: bool, litter: float, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: odds)
    monkeypatch.setattr("detectors.inspectors.obstacles.is_plate", lambda *_: plate)
    rows = [("obstacle", 0.7, place.as_list()), *([("litter", litter, place.as_list())] if litter else [])]
    assert told(day(), Detections.of(rows), view=with_bin(AWAY)) == issues


@pytest.mark.parametrize(
    ("changed", "score"),
    [
        pytest.param(0.5, 0.56, id="it came"),
        pytest.param(0.3, 0.85 * 0.56, id="it may have been there from the start"),
    ],
)
def test_what_no_change_bears_out_must_be_surer(changed: float, score: float) -> None:
    view = with_bin(AWAY)
    scene = Scene(frame(day(), 0), DAY, Detections.of([("obstacle", 0.56, CARTON.as_list())]), view, [])
    claims = Claims(scene, Scale(), view.of_kind("path"), view.of_kind("lawn"))
    assert [o.score for o in obstacles(claims, lambda _: changed)] == [pytest.approx(score)]


@pytest.mark.parametrize(("standing", "issue"), [(0.97, "path_obstructed"), (0.9, "litter")])
def test_what_is_rather_called_litter_is_in_the_way_only_where_something_surely_stands(
    standing: float, issue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: standing)
    view, place = with_bin(AWAY), CARTON.as_list()
    found = Detections.of([("obstacle", 0.6, place), ("litter", 0.7, place)])
    claims = Claims(Scene(frame(day(), 0), DAY, found, view, []), Scale(), view.of_kind("path"), view.of_kind("lawn"))
    assert [o.issue for o in obstacles(claims, lambda _: 1.0)] == [issue]


@pytest.mark.parametrize(
    ("obstacle", "litter", "lies"),
    [
        pytest.param(0.6, 0.55, [], id="rather an obstacle"),
        pytest.param(0.6, 0.7, ["litter"], id="rather litter"),
        pytest.param(0.4, 0.3, ["litter"], id="hardly an obstacle"),
    ],
)
def test_what_is_called_an_obstacle_does_not_lie_there(
    obstacle: float, litter: float, lies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.5)
    view, place = with_bin(AWAY), LOW.as_list()
    found = Detections.of([("obstacle", obstacle, place), ("litter", litter, place)])
    claims = Claims(Scene(frame(day(), 0), DAY, found, view, []), Scale(), view.of_kind("path"), view.of_kind("lawn"))
    assert [o.issue for o in claims.lying()] == lies


@pytest.mark.parametrize(
    ("litter", "issues"),
    [
        pytest.param(0.0, set(), id="one is rather a cover"),
        pytest.param(0.3, {"litter"}, id="what is called litter too is litter"),
    ],
)
def test_what_is_as_small_as_a_shoe_box_and_perhaps_a_thing(
    litter: float, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.7)
    place = Box(0.46, 0.63, 0.49, 0.65).as_list()
    rows = [("obstacle", 0.53, place), *([("litter", litter, place)] if litter else [])]
    assert told(day(), Detections.of(rows), view=with_bin(AWAY)) == issues


def test_what_somebody_carries_past_is_no_obstacle() -> None:
    inspector, view = PathsInspector(with_bin(AWAY)), with_bin(AWAY)
    found = Detections.of([("obstacle", 0.9, CARTON.as_list())])
    for second in range(6):
        seen = inspector.look(Scene(frame(day(), second), DAY, found, view, [Box(0.45, 0.4, 0.52, 0.68)]))
    assert not [o for o in seen if o.presence is Presence.PRESENT]


def test_an_obstacle_before_a_tree_is_no_part_of_it() -> None:
    trees = Asset("T-9", "tree", Region.rectangle(Box(0.3, 0.0, 0.6, 0.62)))
    view = View("walk", (*with_bin(AWAY).assets, trees))
    assert told(day(), Detections.of([("obstacle", 0.6, CARTON.as_list())]), view=view) == {"path_obstructed"}


@pytest.mark.parametrize("name", ["obstacle", "bin"])
@pytest.mark.parametrize(
    ("lamp", "issues"),
    [
        pytest.param(Box(0.47, 0.3, 0.49, 0.6), {"path_obstructed"}, id="that stands farther off"),
        pytest.param(Box(0.47, 0.3, 0.49, 0.68), set(), id="that stands nearer"),
        pytest.param(Box(0.4, 0.3, 0.6, 0.6), set(), id="of which it may be a part"),
        pytest.param(Box(0.4, 0.5, 0.6, 0.9), set(), id="at whose head it is"),
    ],
)
def test_what_stands_at_a_lamp(name: str, lamp: Box, issues: set[str]) -> None:
    stands = Asset("L-9", "street_light", Region.rectangle(lamp))
    view = View("walk", (*with_bin(AWAY).assets, stands))
    assert told(day(), Detections.of([(name, 0.8, CARTON.as_list())]), view=view) == issues


@pytest.mark.parametrize(
    ("place", "top", "found"),
    [
        pytest.param(Box(0.45, 0.6, 0.51, 0.7), 0.2, True, id="as wide as high"),
        pytest.param(Box(0.46, 0.56, 0.48, 0.7), 0.2, False, id="slim: the column itself"),
        pytest.param(Box(0.45, 0.65, 0.51, 0.76), 0.2, False, id="at its foot: the base"),
        pytest.param(Box(0.45, 0.6, 0.51, 0.7), 0.55, False, id="at its top: the head"),
    ],
)
def test_under_the_arm_of_a_lamp_only_its_column_is_its_own(place: Box, top: float, found: bool) -> None:
    stands = Asset("L-9", "street_light", Region.rectangle(Box(0.4, top, 0.55, 0.78)))
    view = View("walk", (*with_bin(AWAY).assets, stands))
    assert (told(day(), Detections.of([("obstacle", 0.8, place.as_list())]), view=view) != set()) is found


ON_LAWN = View("walk", (Asset("G-9", "lawn", Region.rectangle(Box(0.3, 0.4, 0.7, 0.9))),))
ELSEWHERE = View("walk", (Asset("P-9", "path", Region.rectangle(Box(0.0, 0.8, 0.2, 1.0))),))


@pytest.mark.parametrize(
    ("view", "score", "other", "issues"),
    [
        pytest.param(WALK, 0.6, None, {"path_obstructed"}, id="where no furniture is registered"),
        pytest.param(ELSEWHERE, 0.6, None, {"path_obstructed"}, id="beside the registered path"),
        pytest.param(ELSEWHERE, 0.45, None, set(), id="perhaps one"),
        pytest.param(ELSEWHERE, 0.6, "car", set(), id="a piece of a car"),
        pytest.param(ON_LAWN, 0.95, None, {"litter"}, id="on a lawn it is litter"),
    ],
)
def test_an_obstacle_that_came(
    view: View, score: float, other: str | None, issues: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)
    named = [("obstacle", score, CARTON.as_list())]
    named += [(other, 0.8, CARTON.grown(0.4).as_list())] if other else []
    inspector = PathsInspector(view)
    for second in range(14):
        picture, came = day(seed=second), second >= 5
        if came:
            x0, y0, x1, y1 = CARTON.pixels(picture.shape[1], picture.shape[0])
            picture[y0:y1, x0:x1] = (60, 100, 140)
        found = Detections.of(named if came else [])
        seen = inspector.look(Scene(frame(picture, second), DAY, found, view, []))
    told = {
        o.issue for o in seen if o.presence is Presence.PRESENT and o.box is not None and o.box.contains(CARTON.centre)
    }
    assert told == issues


def test_an_obstacle_that_somebody_stood_before_has_stood_there_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)
    inspector, view = PathsInspector(with_bin(AWAY)), with_bin(AWAY)
    stands, said = Box(CARTON.x0 - 0.02, 0.4, CARTON.x1, 0.7), []
    for second in range(8):
        hidden = 1 <= second <= 6
        found = Detections.of([] if hidden else [("obstacle", 0.9, CARTON.as_list())])
        seen = inspector.look(Scene(frame(day(), second), DAY, found, view, [stands] if hidden else []))
        said.append("path_obstructed" in {o.issue for o in seen if o.presence is Presence.PRESENT})
    assert said == [False] * 7 + [True]

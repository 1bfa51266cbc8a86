"""What the detector claims of the ground without any change behind it must be sure and whole."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.claims import Claims
from detectors.inspectors.mistaken import PlaceOdds
from detectors.inspectors.scale import Scale
from detectors.values import Asset, Detections, Image, LightState, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import PATH, TREES, WALK, day

CAR, POOL, CUT_CAR = Box(0.44, 0.497, 0.532, 0.66), Box(0.44, 0.63, 0.58, 0.66), Box(0.4, 0.66, 0.6, 1.0)
HOLE, CUT = Box(0.44, 0.7, 0.54, 0.76), Box(0.44, 0.92, 0.54, 1.0)
ONLY_TREES = View("trees", (*TREES, Asset("P-1", "path", PATH)))

Row = tuple[str, float, Box]


def claimed(view: View, *rows: Row, image: Image | None = None, odds: float = 0.0) -> dict[str, float]:
    """What is claimed, with its scores; `odds` is what the judge of standing things says of any place."""
    found = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    scene = Scene(frame(day() if image is None else image, 0), LightState.DAY, found, view, [])
    standing = PlaceOdds(lambda image, box: odds)
    claims = Claims(scene, Scale(), view.of_kind("path"), view.of_kind("lawn"), standing=standing)
    return {o.issue: o.score for o in [*claims.vehicles(), *claims.lying(), *claims.fallen()]}


@pytest.mark.parametrize(
    ("rows", "issues"),
    [
        pytest.param([("pothole", 0.8, HOLE)], {"path_damaged"}, id="a sure hole"),
        pytest.param([("pothole", 0.55, HOLE)], set(), id="a hole hardly surer than none"),
        pytest.param([("puddle", 0.55, HOLE)], set(), id="water hardly surer than none"),
        pytest.param([("crack", 0.7, CUT)], set(), id="a strip at the lower edge, as a crack"),
        pytest.param([("bicycle", 0.65, CUT)], set(), id="a strip at the lower edge, as a bicycle"),
        pytest.param([("bicycle", 0.65, HOLE)], {"path_obstructed"}, id="a bicycle in view"),
        pytest.param([("car", 0.65, CUT_CAR)], {"path_obstructed"}, id="a car of which the lower edge cuts little"),
    ],
)
def test_claims_that_would_confirm(rows: list[Row], issues: set[str]) -> None:
    assert {issue for issue, score in claimed(WALK, *rows).items() if score >= 0.5} == issues


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([("fallen_tree", 0.8, Box(0.4, 0.52, 0.58, 0.6))], True, id="a branch"),
        pytest.param([("fallen_tree", 0.55, Box(0.4, 0.52, 0.58, 0.6))], False, id="perhaps the shadow of one"),
        pytest.param(
            [("fallen_tree", 0.7, Box(0.4, 0.52, 0.5, 0.6)), ("fallen_tree", 0.8, Box(0.4, 0.5, 0.73, 0.6))],
            False,
            id="a piece of a fallen tree",
        ),
        pytest.param(
            [("fallen_tree", 0.8, Box(0.4, 0.52, 0.58, 0.6)), ("fallen_tree", 0.5, Box(0.43, 0.52, 0.7, 0.6))],
            False,
            id="one half of a fallen tree",
        ),
    ],
)
def test_a_branch_is_claimed(rows: list[Row], told: bool) -> None:
    assert (claimed(ONLY_TREES, *rows).get("path_obstructed", 0.0) >= 0.5) is told


BESIDE = Box(0.02, 0.8, 0.06, 0.85)
LAWN = Region.rectangle(Box(0.0, 0.75, 0.1, 1.0))


@pytest.mark.parametrize(
    ("row", "lawn", "told"),
    [
        pytest.param(("pothole", 0.75, BESIDE), False, True, id="a sure hole in the road beside the path"),
        pytest.param(("pothole", 0.65, BESIDE), False, False, id="perhaps a hole"),
        pytest.param(("pothole", 0.75, BESIDE), True, False, id="bare earth in a lawn"),
        pytest.param(("puddle", 0.9, BESIDE), False, False, id="water in the road"),
        pytest.param(("crack", 0.9, BESIDE), False, False, id="a crack in the road"),
    ],
)
def test_roads_are_no_assets_but_have_holes(row: Row, lawn: bool, told: bool) -> None:
    lawns = (Asset("G-1", "lawn", LAWN),) if lawn else ()
    view = View("street", (Asset("P-1", "path", PATH), *lawns))
    assert bool(claimed(view, row)) is told


BAG = Box(0.03, 0.84, 0.07, 0.9)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([("bin_overflowing", 0.8, Box(0.03, 0.7, 0.07, 0.86))], True, id="at the foot of a bin"),
        pytest.param([], False, id="by itself it may be water"),
    ],
)
def test_a_pale_calm_bag_is_litter(rows: list[Row], told: bool) -> None:
    view = View("lawn", (Asset("P-1", "path", PATH), Asset("G-1", "lawn", LAWN)))
    image = day()
    x0, y0, x1, y1 = BAG.pixels(image.shape[1], image.shape[0])
    image[y0:y1, x0:x1] = 200
    assert (claimed(view, ("litter", 0.6, BAG), *rows, image=image).get("litter", 0.0) >= 0.5) is told


@pytest.mark.parametrize(
    ("grey", "score", "told"),
    [
        pytest.param(230, 0.3, True, id="white, with a faint name"),
        pytest.param(230, 0.15, False, id="white, with hardly a name"),
        pytest.param(90, 0.3, False, id="grey, with a faint name"),
    ],
)
def test_what_is_white_on_a_lawn_needs_but_a_faint_name(grey: int, score: float, told: bool) -> None:
    view = View("lawn", (Asset("P-1", "path", PATH), Asset("G-1", "lawn", LAWN)))
    image = day()
    height, width = image.shape[:2]
    image[round(0.7 * height) :, : round(0.15 * width)] = (35, 75, 60)
    x0, y0, x1, y1 = BAG.pixels(width, height)
    image[y0:y1, x0:x1] = grey
    assert (claimed(view, ("litter", score, BAG), image=image).get("litter", 0.0) >= 0.5) is told


@pytest.mark.parametrize(
    ("box", "score", "odds", "said"),
    [
        pytest.param(CAR, 0.9, 0.9, "path_obstructed", id="of a car's size, and it stands"),
        pytest.param(CAR, 0.9, 0.8, "path_flooded", id="surely water, and it hardly stands: a pool that shows trees"),
        pytest.param(CAR, 0.48, 0.8, "path_obstructed", id="of a car's size, and hardly called water"),
        pytest.param(POOL, 0.9, 0.9, "path_flooded", id="as flat as water"),
        pytest.param(CUT_CAR, 0.9, 0.8, "path_obstructed", id="of a car's size, and cut off: nobody can judge it"),
    ],
)
def test_water_that_stands_like_a_car_is_in_the_way(box: Box, score: float, odds: float, said: str) -> None:
    assert claimed(WALK, ("puddle", score, box), odds=odds).keys() == {said}


@pytest.mark.parametrize(
    ("odds", "said"),
    [
        pytest.param(0.92, "path_obstructed", id="the smooth tail of a car, which stands"),
        pytest.param(0.38, "path_flooded", id="a pool as high as wide"),
        pytest.param(0.0, "path_flooded", id="nobody can judge it"),
    ],
)
def test_what_is_calm_and_as_high_as_wide_is_a_car_where_it_stands(
    odds: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.scale._CAR_DEEP", float("inf"))
    monkeypatch.setattr("detectors.inspectors.scale.is_water", lambda *_: True)
    assert claimed(WALK, ("puddle", 0.9, CAR), odds=odds).keys() == {said}


@pytest.mark.parametrize(
    ("box", "score", "damage", "said"),
    [
        pytest.param(HOLE, 0.65, 0.95, {"path_damaged"}, id="surely broken: a hole in shade"),
        pytest.param(HOLE, 0.65, 0.6, {"path_flooded"}, id="perhaps broken"),
        pytest.param(HOLE, 0.8, 0.95, {"path_flooded"}, id="rather surely water, which shows a tree"),
        pytest.param(CAR, 0.65, 0.95, {"path_obstructed"}, id="of a car's size"),
    ],
)
def test_a_hole_in_shade_that_is_called_water(
    box: Box, score: float, damage: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: damage)
    assert claimed(WALK, ("puddle", score, box), odds=0.9 if box is CAR else 0.1).keys() == said


@pytest.mark.parametrize(
    ("top", "told"),
    [
        pytest.param(0.9, False, id="a strip of it"),
        pytest.param(0.76, True, id="most of it: more than a metre up the picture"),
    ],
)
def test_water_that_the_lower_edge_cuts(top: float, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.2)
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)
    water = claimed(WALK, ("puddle", 0.9, Box(0.4, top, 0.7, 1.0)))
    assert (water.get("path_flooded", 0.0) >= 0.5) is told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([("bin", 0.8, Box(0.42, 0.6, 0.46, 0.72))], True, id="at a bin"),
        pytest.param([], False, id="on paving from which it does not stand out: a stain"),
    ],
)
def test_a_heap_that_hardly_stands_out_is_litter_at_a_bin_alone(rows: list[Row], told: bool) -> None:
    assert (claimed(WALK, ("litter", 0.55, HOLE), *rows).get("litter", 0.0) >= 0.5) is told


CROWN = Box(0.4, 0.5, 0.73, 0.6)


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        pytest.param([], 1, id="by itself"),
        pytest.param([("fallen_tree", 0.7, CROWN)], 0, id="in the crown of a fallen tree"),
        pytest.param([("fallen_tree", 0.3, CROWN)], 1, id="where a fallen tree is but a guess"),
    ],
)
def test_what_stands_like_somebody_is_weighed(rows: list[Row], seen: int) -> None:
    found = Detections.of([(n, s, b.as_list()) for n, s, b in [("person", 0.4, Box(0.5, 0.5, 0.53, 0.59)), *rows]])
    scene = Scene(frame(day(), 0), LightState.DAY, found, ONLY_TREES, [])
    assert len(Claims(scene, Scale(), ONLY_TREES.of_kind("path"), []).upright()) == seen

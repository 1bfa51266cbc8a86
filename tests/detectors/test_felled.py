"""Outlines in which no tree stands: what the judge says of them, the detector, and what lies near their foot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.crops import Crop, felled_crop
from detectors.inspectors.felled import FelledTrees
from detectors.inspectors.state_models import Odds
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import day

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY = LightState.DAY
LAWN = Asset("G-1", "lawn", Region.rectangle(Box(0.0, 0.4, 1.0, 1.0)))
PLACES = [Box(0.1 + 0.2 * n, 0.2, 0.2 + 0.2 * n, 0.7) for n in range(4)]
TREES = [Asset(f"T-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(PLACES, 1)]
VIEW = View("park", (*TREES, LAWN))
BESIDE = ("tree", 0.5, [0.46, 0.4, 0.56, 0.72])
CROWN = ("car", 0.3, [0.5, 0.6, 0.62, 0.8])  # what lies beside the second tree's foot
Seen = tuple[str, float, list[float]]


@dataclass
class Said:
    """A judge that says this of each tree."""

    by_tree: Mapping[str, float]

    def look(self, crops: dict[str, Crop]) -> None:
        self.asked = set(crops)

    def odds(self, thing: str) -> Odds | None:
        share = self.by_tree.get(thing, 0.02)
        return np.array([1 - share, share], np.float32) if thing in self.asked else None


def watch(odds: Mapping[str, float]) -> FelledTrees:
    trees = FelledTrees()
    trees._judge = Said(odds)  # type: ignore[assignment]
    return trees


def scene(*found: Seen, view: View = VIEW) -> Scene:
    return Scene(frame(day(), 0), DAY, Detections.of(list(found)), view, [])


def said(observations: list[Observation], tree: str = "T-2") -> tuple[str, Presence]:
    (found,) = [(o.issue, o.presence) for o in observations if o.asset_id == tree]
    return found


@pytest.mark.parametrize(
    ("odds", "found", "told"),
    [
        pytest.param(0.99, [CROWN], ("tree_fallen", P), id="none stands, and its crown lies there, called a car"),
        pytest.param(0.99, [("fallen_tree", 0.2, CROWN[2])], ("tree_fallen", P), id="it is faintly seen to lie there"),
        pytest.param(0.99, [], ("asset_missing", P), id="none stands, and none lies there"),
        pytest.param(
            0.99, [("car", 0.9, [0.8, 0.6, 0.92, 0.8])], ("asset_missing", P), id="what lies there is far off"
        ),
        pytest.param(0.99, [("car", 0.9, [0.5, 0.6, 0.53, 0.63])], ("asset_missing", P), id="and what is too small"),
        pytest.param(0.99, [("tree", 0.5, PLACES[1].as_list())], ("asset_missing", A), id="the detector sees it stand"),
        pytest.param(0.8, [CROWN], ("tree_fallen", P), id="likely none stands, and its crown lies there"),
        pytest.param(0.8, [], ("asset_missing", U), id="likely none stands, and none lies there"),
        pytest.param(0.8, [BESIDE], ("asset_missing", U), id="likely none stands, and another stands beside"),
        pytest.param(0.6, [CROWN], ("asset_missing", U), id="neither likely"),
        pytest.param(0.1, [CROWN], ("asset_missing", A), id="it stands"),
    ],
)
def test_a_tree_that_does_not_stand_fell_or_is_missing(odds: float, found: list[Seen], told: object) -> None:
    assert said(watch({"T-2": odds}).look(TREES, scene(*found))) == told


def test_a_fallen_tree_is_not_missing_when_it_is_not_seen_for_a_look() -> None:
    trees = watch({"T-2": 0.99})
    trees.look(TREES, scene(CROWN))
    assert said(trees.look(TREES, scene())) == ("tree_fallen", P)


def test_where_many_outlines_are_empty_the_register_is_off() -> None:
    seen = watch({"T-1": 0.99, "T-2": 0.99, "T-3": 0.7}).look(TREES, scene(CROWN))
    assert [o.presence for o in seen] == [U, U, U, A]


@pytest.mark.parametrize(
    ("place", "before"),
    [
        pytest.param(Box(0.0, 0.2, 0.1, 0.7), [], id="the side of the picture cuts it"),
        pytest.param(Box(0.3, 0.6, 0.35, 0.7), [], id="too small to tell"),
        pytest.param(PLACES[1], [Box(0.28, 0.3, 0.38, 0.8)], id="a nearer tree hides it"),
    ],
)
def test_nothing_is_said_of_an_outline_that_cannot_be_seen(place: Box, before: list[Box]) -> None:
    nearer = [Asset(f"N-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(before)]
    own = Asset("T-2", "tree", Region.rectangle(place))
    trees = [own, *nearer]
    seen = watch({"T-2": 0.99}).look(trees, scene(view=View("park", (*trees, LAWN))))
    assert said(seen) == ("asset_missing", U)


def test_somebody_who_stands_before_a_tree_hides_it() -> None:
    look = replace(scene(), movers=[Box(0.29, 0.3, 0.4, 0.75)])
    assert said(watch({"T-2": 0.99}).look(TREES, look)) == ("asset_missing", U)


@pytest.mark.parametrize(
    ("score", "both"),
    [
        pytest.param(0.9, 0.95, id="surely seen to lie"),
        pytest.param(0.3, 0.9, id="faintly: its empty outline is the surer proof"),
    ],
)
def test_a_tree_that_is_seen_to_lie_is_told_once_of_the_outline_that_is_empty(score: float, both: float) -> None:
    inspector = TreesInspector(VIEW)
    inspector._felled = watch({"T-2": 0.99})
    lies = ("fallen_tree", score, [0.38, 0.55, 0.7, 0.8])  # it lies over the foot of the third as well
    told = [o for o in inspector.look(scene(lies)) if o.presence is P]
    assert [(o.issue, o.asset_id, o.score) for o in told] == [("tree_fallen", "T-2", pytest.approx(both))]


def test_a_tree_that_lies_is_told_in_looks_in_which_it_is_hardly_seen() -> None:
    inspector = TreesInspector(VIEW)
    inspector._felled = watch({"T-2": 0.99})
    lies = [0.38, 0.55, 0.7, 0.8]
    told = [
        [(o.issue, o.asset_id) for o in inspector.look(scene(*found)) if o.presence is P]
        for found in ([("fallen_tree", 0.95, lies)], [("fallen_tree", 0.2, lies)], [])
    ]
    assert told == [[("tree_fallen", "T-2")]] * 3


def stands(*numbers: int) -> list[Seen]:
    return [("tree", 0.8, PLACES[n - 1].as_list()) for n in numbers]


@pytest.mark.parametrize(
    ("seen", "lies", "scores"),
    [
        pytest.param((1, 3, 4), [0.38, 0.55, 0.7, 0.8], [0.6], id="all others are seen to stand"),
        pytest.param((1, 4), [0.38, 0.55, 0.7, 0.8], [0.2], id="a third of the others is not"),
        pytest.param((1, 2, 3, 4), [0.38, 0.55, 0.7, 0.8], [0.2], id="it is seen to stand too"),
        pytest.param((1, 2, 3), [0.1, 0.55, 0.42, 0.8], [0.2], id="what lies is far from its foot"),
        pytest.param((1, 3, 4), [0.36, 0.6, 0.85, 0.8], [], id="what lies is longer than trees are"),
    ],
)
def test_what_is_faintly_seen_to_lie_is_the_one_tree_that_is_not_seen_to_stand(
    seen: tuple[int, ...], lies: list[float], scores: list[float]
) -> None:
    inspector = TreesInspector(VIEW)
    inspector._felled = watch({})
    look = inspector.look(scene(("fallen_tree", 0.2, lies), *stands(*seen)))
    told = [o for o in look if o.issue == "tree_fallen" and o.presence is P]
    assert [o.score for o in told] == pytest.approx(scores)
    assert all(o.asset_id == "T-2" for o in told if o.score >= 0.5)


FOOT = Box(0.38, 0.6, 0.5, 0.75)  # beside the second tree's


@pytest.mark.parametrize(
    ("places", "seen", "lies", "missed"),
    [
        pytest.param(PLACES, (1, 3, 4), FOOT, "T-2", id="all others are seen"),
        pytest.param(PLACES, (3, 4), FOOT, None, id="of the others two of three"),
        pytest.param(PLACES[:3], (1, 3), FOOT, None, id="too few others"),
        pytest.param(
            [*PLACES, *[Box(0.9, 0.6, 0.93, 0.7)] * 3], (1, 3, 4), FOOT, "T-2", id="and low ones that are not"
        ),
        pytest.param(PLACES, (1, 3, 4), Box(0.36, 0.66, 0.4, 0.7), None, id="no more than a twig lies there"),
        pytest.param(PLACES, (2, 3, 4), Box(0.6, 0.6, 0.72, 0.75), None, id="it is far from its foot"),
        pytest.param(PLACES, (1, 3, 4), Box(0.48, 0.55, 0.72, 0.8), "T-2", id="what lies is nearer to one that is"),
        pytest.param(PLACES, (1, 2, 3, 4), FOOT, None, id="all are seen"),
    ],
)
def test_the_one_tree_that_is_not_seen_may_lie_by_its_foot(
    places: list[Box], seen: tuple[int, ...], lies: Box, missed: str | None
) -> None:
    view = View("park", tuple(Asset(f"T-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(places, 1)))
    assert watch({}).missed_by(lies, scene(*stands(*seen), view=view)) == missed


def test_what_lies_is_told_of_the_tree_that_is_not_seen_and_not_of_the_nearest() -> None:
    inspector = TreesInspector(VIEW)
    inspector._felled = watch({})
    look = inspector.look(scene(("fallen_tree", 0.2, [0.48, 0.55, 0.8, 0.8]), *stands(1, 3, 4)))
    assert [o.asset_id for o in look if o.issue == "tree_fallen" and o.presence is P] == ["T-2"]


def test_a_crop_shows_the_whole_tree_and_its_trunk_from_nearer() -> None:
    image = day()
    crop = felled_crop(image, Region.rectangle(PLACES[1]))
    whole, lower = crop[..., 3] > 0, crop[..., 7] > 0
    assert crop.shape == (64, 64, 8)
    assert np.ptp(np.flatnonzero(lower.any(axis=0))) == pytest.approx(
        2 * np.ptp(np.flatnonzero(whole.any(axis=0))), abs=3
    )

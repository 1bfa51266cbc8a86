"""Heaps told from what is in the way: by their colours and shape, by their size, and with somebody before them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.background import Change
from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lying import heaps
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.places import say, without_heaps
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import LAMPS, PATH, day

Row = tuple[str, float, tuple[float, float, float, float]]
DAY = LightState.DAY
HEAP = (225 / 480, 172 / 270, 275 / 480, 202 / 270)  # where `lay` lets things lie, by default
AWAY = Asset("W-1", "bin", Region.rectangle(Box(0.02, 0.3, 0.06, 0.42)))
WALK = View("walk", (*LAMPS, Asset("P-1", "path", PATH), AWAY))


@pytest.fixture(autouse=True)
def nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)


def lay(picture: Image, motley: bool, box: tuple[float, float, float, float] = HEAP) -> None:
    """Rubbish of many colours, a few pixels a piece, or a thing of one colour."""
    x0, y0, x1, y1 = Box(*box).pixels(480, 270)
    pieces = np.random.default_rng(5).integers(0, 256, (6, 10, 3), np.uint8)
    if not motley:
        pieces[:] = (200, 190, 180)
    picture[y0:y1, x0:x1] = cv2.resize(pieces, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)


def told(view: View, pictures: list[Image], rows: list[list[Row]]) -> set[str]:
    """What is told at the last look, one a second."""
    inspector, watch, last = PathsInspector(view), MoverWatch(), set[str]()
    for second, (picture, found) in enumerate(zip(pictures, rows, strict=True)):
        seen = Detections.of(found)
        looked = Scene(frame(picture, second), DAY, seen, view, watch.look(seen))
        last = {o.issue for o in inspector.look(looked) if o.presence is Presence.PRESENT and o.score >= 0.5}
    return last


def came(motley: bool, rows: list[Row], view: View = WALK, box: tuple[float, float, float, float] = HEAP) -> set[str]:
    """What is told of a thing that came to lie there, seen so."""
    pictures = [day(seed=second) for second in range(20)]
    for picture in pictures[6:]:
        lay(picture, motley, box)
    return told(view, pictures, [[]] * 6 + [rows] * 14)


@pytest.mark.parametrize(
    ("score", "standing", "said"),
    [
        pytest.param(0.5, 0.2, {"litter"}, id="a heap: to the judge nothing stands there"),
        pytest.param(0.5, 0.8, {"path_obstructed"}, id="a box: to the judge it stands"),
        pytest.param(0.5, 0.0, {"path_obstructed"}, id="nobody judged it"),
        pytest.param(0.7, 0.8, {"litter"}, id="surely called litter"),
    ],
)
def test_what_is_solid_and_called_litter(
    score: float, standing: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: standing)
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.15)
    assert came(False, [("litter", score, HEAP)]) == said


@pytest.mark.parametrize(
    ("score", "damage", "said"),
    [
        pytest.param(0.8, 0.05, {"path_obstructed"}, id="surely unharmed: pallets, a bicycle that lies there"),
        pytest.param(0.8, 0.45, {"path_damaged"}, id="perhaps a hole"),
        pytest.param(0.7, 0.3, {"path_damaged"}, id="the detector is sure, the judge rather sees none"),
        pytest.param(0.55, 0.45, {"path_obstructed"}, id="neither is sure of a hole: a bicycle that lies there"),
        pytest.param(0.55, 0.55, {"path_damaged"}, id="both rather see a hole"),
    ],
)
def test_what_came_and_is_called_a_hole(
    score: float, damage: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: damage)
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.15)
    assert came(False, [("pothole", score, HEAP)]) == said


@pytest.mark.parametrize(
    ("motley", "rows", "said"),
    [
        pytest.param(True, [("bicycle", 0.6, HEAP)], {"litter"}, id="of many colours, faintly a bicycle"),
        pytest.param(True, [("obstacle", 0.6, HEAP)], {"litter"}, id="faintly an obstacle"),
        pytest.param(True, [("bicycle", 0.8, HEAP)], {"path_obstructed"}, id="surely a bicycle"),
        pytest.param(True, [("obstacle", 0.8, HEAP)], {"path_obstructed"}, id="surely an obstacle"),
        pytest.param(False, [("bicycle", 0.6, HEAP)], {"path_obstructed"}, id="of one colour"),
        pytest.param(
            True,
            [("bicycle", 0.6, HEAP), ("fallen_tree", 0.5, (0.4, 0.6, 0.6, 0.76))],
            {"path_obstructed"},
            id="a branch, perhaps",
        ),
    ],
)
def test_a_motley_heap_is_litter_whatever_it_is_faintly_called(
    motley: bool, rows: list[Row], said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.14)
    assert came(motley, rows) == said


@pytest.mark.parametrize(
    ("motley", "branch", "is_heap"),
    [
        pytest.param(3.0, [], True, id="of many colours"),
        pytest.param(1.0, [], False, id="of one"),
        pytest.param(3.0, [("fallen_tree", 0.3, (0.4, 0.6, 0.6, 0.76))], False, id="where a branch may lie"),
        pytest.param(3.0, [("fallen_tree", 0.3, (0.7, 0.6, 0.9, 0.76))], True, id="beside one"),
    ],
)
def test_what_came_is_a_heap_by_its_colours(motley: float, branch: list[Row], is_heap: bool) -> None:
    change = Change(Box(*HEAP), 40.0, 0.8, 1.0, 1.0, 9.0, 0.05, motley)
    seen = Scene(frame(day(), 0), DAY, Detections.of(branch), WALK, [])
    assert bool(heaps([change], lambda _: 0.14, seen)) is is_heap


@pytest.mark.parametrize(
    ("score", "box", "kept"),
    [
        pytest.param(0.6, HEAP, False, id="in the heap"),
        pytest.param(0.8, HEAP, True, id="surely something else"),
        pytest.param(0.6, (0.7, HEAP[1], 0.8, HEAP[3]), True, id="beside it"),
    ],
)
def test_a_heap_is_nothing_else_unless_that_is_surely_seen(
    score: float, box: tuple[float, float, float, float], kept: bool
) -> None:
    seen = [say("path_obstructed", score, WALK.of_kind("path")[0], Box(*box))]
    assert without_heaps(seen, [Box(*HEAP)]) == (seen if kept else [])


HIGH = (HEAP[0], 130 / 270, HEAP[2], HEAP[3])


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(HIGH, id="and narrow"),
        pytest.param((0.35, 130 / 270, 0.65, HEAP[3]), id="and wide"),
    ],
)
def test_what_is_motley_and_high_is_no_heap(
    box: tuple[float, float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.14)
    assert came(True, [("bicycle", 0.6, box)], box=box) == {"path_obstructed"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], set(), id="nothing"),
        pytest.param([("obstacle", 0.45, HIGH)], {"path_obstructed"}, id="perhaps an obstacle"),
        pytest.param([("obstacle", 0.45, (0.6, 130 / 270, 0.7, HEAP[3]))], set(), id="perhaps one beside it"),
    ],
)
def test_a_faint_change_is_surer_where_the_detector_sees(
    rows: list[Row], said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.14)
    pictures = [day(seed=second) for second in range(14)]
    x0, y0, x1, y1 = Box(*HIGH).pixels(480, 270)
    for picture in pictures[6:]:
        before = picture[y0:y1, x0:x1].copy()
        lay(picture, True, HIGH)
        picture[y0:y1, x0:x1] = before + 0.4 * (picture[y0:y1, x0:x1].astype(float) - before)
    assert told(WALK, pictures, [[]] * 6 + [rows] * 8) == said


@pytest.mark.parametrize(
    ("motley", "at_bin", "said"),
    [
        pytest.param(True, False, {"litter"}, id="of many colours"),
        pytest.param(False, False, set(), id="of one: perhaps sun through branches"),
        pytest.param(True, True, set(), id="of many, and it is a bin that fills"),
    ],
)
def test_on_a_lawn_a_heap_is_known_by_its_colours(motley: bool, at_bin: bool, said: set[str]) -> None:
    whole = Region.rectangle(Box(0.0, 0.3, 1.0, 1.0))
    place = Box(HEAP[0], HEAP[1], HEAP[2], HEAP[3] + 0.02)
    stands = Asset("W-2", "bin", Region.rectangle(place)) if at_bin else AWAY
    view = View("walk", (*LAMPS, Asset("G-1", "lawn", whole), stands))
    pictures = [noise(np.full((270, 480, 3), (60, 110, 80), np.uint8), second) for second in range(12)]
    for picture in pictures[6:]:
        x0, y0, x1, y1 = Box(*HEAP).pixels(480, 270)
        before = picture[y0:y1, x0:x1].copy()
        lay(picture, motley)
        picture[y0:y1, x0:x1] = before + 0.5 * (picture[y0:y1, x0:x1].astype(float) - before)
    seen: list[Row] = [("bin", 0.8, place.as_list())] if at_bin else []  # type: ignore[list-item]
    assert told(view, pictures, [seen] * 12) == said


@pytest.mark.parametrize(
    ("high", "wide", "said"),
    [
        pytest.param(0.3, 0.45, {"litter"}, id="a shoe box"),
        pytest.param(0.45, 0.45, {"path_obstructed"}, id="a carton"),
        pytest.param(0.3, 1.2, {"path_obstructed"}, id="a pallet"),
    ],
)
def test_what_the_detector_calls_an_obstacle_is_litter_where_it_is_small(
    high: float, wide: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.1)
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.6)
    box = (0.47, 0.66 - 0.1 * high, 0.47 + 0.1 * wide * 270 / 480, 0.66)
    assert told(WALK, [day(seed=second) for second in range(6)], [[("obstacle", 0.8, box)]] * 6) == said


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        pytest.param(6, set(), id="of somebody who stood there before it came"),
        pytest.param(0, {"path_obstructed"}, id="of what never looked like somebody"),
    ],
)
def test_what_comes_to_lie_behind_somebody_makes_no_thing_of_them(
    alone: int, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([0.1] * alone + [0.6] * 4)
    monkeypatch.setattr(
        "detectors.inspectors.claims.odds_of_things", lambda _, boxes: [next(looks)] * len(boxes) if boxes else []
    )
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.97)
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.1)
    stands: Row = ("person", 0.85, (0.46, 0.5, 0.5, 0.66))
    assert told(WALK, [day(seed=second) for second in range(alone + 4)], [[stands]] * (alone + 4)) == said

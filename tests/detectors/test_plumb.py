"""Things that lean from the first look: the detector's boxes against outlines that are turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.plumb import LAMPS, TREES, PlumbLine
from detectors.inspectors.trees import TreesInspector
from detectors.values import Asset, Detections, LightState, Observation, Presence, View
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import day, night

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
WIDE, HIGH = 480, 270
Row = tuple[str, float, list[float]]


def outline(foot: tuple[float, float], tall: float, arm: float = 0.0, askew: float = 0.0, lean: float = 0.0) -> Region:
    """A lamp's outline, px to 0-1: a column, an arm to the left, both turned clockwise by `askew + lean` degrees."""
    points = np.array([[-3.0, 0.0], [3.0, 0.0], [5.0, -tall], [-5.0 - arm, -tall]])
    angle = np.radians(askew + lean)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Region.of(((points @ turn.T + foot) / (WIDE, HIGH)).tolist())


def seen(region: Region, score: float = 0.9, kind: str = "street_light") -> Row:
    return kind, score, region.box.as_list()


def judged(register: Sequence[Region], found: Sequence[Row], kind: str = "street_light") -> list[Presence]:
    things = [Asset(f"A-{n}", kind, region) for n, region in enumerate(register)]
    said = [Observation("light_damaged", U, 0.0, t.id, kind, t.region.box if t.region else None) for t in things]
    scene = Scene(frame(day()), LightState.DAY, Detections.of(found), View("walk", tuple(things)), [])
    plumb = PlumbLine(kind, LAMPS if kind == "street_light" else TREES)
    return [o.presence for o in plumb.look(things, scene, said)]


FOOT = (200.0, 220.0)
POST, ARM, ASKEW = outline(FOOT, 120), outline(FOOT, 120, arm=24), outline(FOOT, 120, askew=10)


@pytest.mark.parametrize(
    ("register", "found", "said"),
    [
        pytest.param(POST, [seen(POST)], U, id="as it was registered"),
        pytest.param(POST, [seen(outline(FOOT, 120, lean=12))], P, id="to the right"),
        pytest.param(POST, [seen(outline(FOOT, 120, lean=-12))], P, id="to the left"),
        pytest.param(POST, [seen(outline(FOOT, 108, lean=12))], P, id="and to the camera"),
        pytest.param(ARM, [seen(outline(FOOT, 120, arm=24, lean=-12))], P, id="with an arm, to its side"),
        pytest.param(ARM, [seen(outline(FOOT, 120, arm=24, lean=12))], P, id="with an arm, away from it"),
        pytest.param(ASKEW, [seen(ASKEW)], U, id="upright at the edge of a wide lens"),
        pytest.param(POST, [seen(outline(FOOT, 120, lean=3))], U, id="hardly"),
        pytest.param(POST, [seen(outline(FOOT, 120, lean=12), 0.6)], U, id="not surely a lamp"),
        pytest.param(POST, [seen(outline(FOOT, 120, lean=12)), seen(POST, 0.6)], U, id="also seen upright"),
        pytest.param(POST, [seen(outline((240.0, 220.0), 120, lean=-12))], U, id="another foot"),
        pytest.param(POST, [seen(outline(FOOT, 60, lean=12))], U, id="another height"),
        pytest.param(outline(FOOT, 219.9), [seen(outline(FOOT, 212, lean=12))], U, id="cut by the picture"),
    ],
)
def test_a_lamp_leans_where_its_box_fits_its_outline_turned(register: Region, found: list[Row], said: Presence) -> None:
    assert judged([register], found) == [said]


@pytest.mark.parametrize(
    ("scores", "leaning", "said"),
    [
        pytest.param([0.9, 0.9, 0.9, 0.9], [0], [P, U, U, U], id="one of a row"),
        pytest.param([0.9, 0.9, 0.9, 0.9], [0, 2], [U] * 4, id="half of a row: so the detector draws its boxes"),
        pytest.param([0.9, 0.3, 0.9, 0.9], [0, 1], [U] * 4, id="a faint box tells of the habit too"),
        pytest.param([0.9, 0.1, 0.9, 0.9], [0, 1], [P, U, U, U], id="the faintest does not"),
    ],
)
def test_lamps_of_a_row_do_not_lean_together(scores: list[float], leaning: list[int], said: list[Presence]) -> None:
    feet = [(60.0 + 100 * n, 220.0) for n in range(4)]
    found = [
        seen(outline(foot, 120, lean=-12 if n in leaning else 0), score)
        for n, (foot, score) in enumerate(zip(feet, scores, strict=True))
    ]
    assert judged([outline(foot, 120) for foot in feet], found) == said


def test_the_box_of_a_neighbour_makes_no_lamp_lean() -> None:
    neighbour = outline((210.0, 222.0), 125, askew=9)
    assert judged([POST, neighbour], [seen(neighbour)]) == [U, U]


def test_a_lamp_that_leans_from_the_first_look_is_damaged_and_its_head_not_looked_for() -> None:
    view = View("walk", (Asset("L-1", "street_light", POST),))
    box = Detections.of([seen(outline(FOOT, 120, lean=14))])
    said = LightsInspector(view).look(Scene(frame(night((False,) * 4)), LightState.NIGHT, box, view, []))
    assert {o.issue: o.presence for o in said} == {"light_damaged": P, "light_out": U}


def test_a_lamp_that_leans_is_not_taken_for_upright_where_the_detector_overlooks_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detectors.inspectors.emptied._is_empty", lambda *_: False)  # none is drawn in this picture
    view = View("walk", (Asset("L-1", "street_light", POST),))
    inspector, said = LightsInspector(view), []
    for second in range(6):
        rows = [] if second == 4 else [seen(POST if second == 5 else outline(FOOT, 120, lean=14))]
        look = Scene(frame(noise(day(), second), second), LightState.DAY, Detections.of(rows), view, [])
        said.append(next(o.presence for o in inspector.look(look) if o.issue == "light_damaged"))
    assert said == [P, P, P, P, U, A]


@pytest.mark.parametrize(
    ("dimmed", "light", "told"),
    [
        pytest.param(1.0, LightState.DAY, P, id="by day"),
        pytest.param(0.05, LightState.DAY, P, id="black against the sky"),
        pytest.param(0.4, LightState.NIGHT, P, id="by night, in the light of lamps"),
        pytest.param(0.05, LightState.NIGHT, U, id="by night, in the dark"),
    ],
)
def test_a_tree_that_leans_from_the_first_look(dimmed: float, light: LightState, told: Presence) -> None:
    crown = np.array([[190.0, 220.0], [210.0, 220.0], [240.0, 130.0], [225.0, 100.0], [175.0, 100.0], [160.0, 130.0]])
    angle = np.radians(16)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    region, leaning = (Region.of((p / (WIDE, HIGH)).tolist()) for p in (crown, (crown - FOOT) @ turn.T + FOOT))
    view = View("walk", (Asset("T-1", "tree", region),))
    box = Detections.of([seen(leaning, kind="tree")])
    said = TreesInspector(view).look(Scene(frame((day() * dimmed).astype(np.uint8)), light, box, view, []))
    assert [o.presence for o in said if o.issue == "tree_leaning"] == [told]


def test_a_box_outside_the_picture_is_no_thing_of_ours() -> None:
    assert judged([POST], [("street_light", 0.9, Box(0.0, 0.0, 1.0, 1.0).as_list())]) == [U]


@pytest.mark.parametrize(
    ("nearer", "said"),
    [
        pytest.param(Box(0.1, 0.2, 0.62, 0.95), U, id="within a nearer lamp's outline: parts of both"),
        pytest.param(Box(0.1, 0.2, 0.44, 0.95), P, id="half of it beside"),
        pytest.param(Box(0.1, 0.2, 0.62, 0.8), P, id="within the outline of one that is farther"),
    ],
)
def test_a_box_that_shows_parts_of_two_things_makes_neither_lean(nearer: Box, said: Presence) -> None:
    leaning = seen(outline(FOOT, 120, lean=12))
    assert judged([POST, Region.rectangle(nearer)], [leaning])[0] is said

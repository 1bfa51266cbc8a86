"""Holes and cracks: what the detector claims, and what a judge sees in the place."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.body_crops import BODY_SIZE, ground_crop
from detectors.inspectors.claims import ON_PATH
from detectors.inspectors.mistaken import odds_of_damage
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.paths import PathsInspector
from detectors.sources.video import VideoFile
from detectors.values import Detections, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WALK, WIDTH, day, scene

CLIPS = Path(__file__).parents[2] / "sample_media" / "clips"
DAY = LightState.DAY
PLACE = (0.4, 0.6, 0.5, 0.7)


@pytest.mark.parametrize(
    ("name", "score", "odds", "told"),
    [
        pytest.param("pothole", 0.55, 0.97, True, id="a faint hole of which the judge is sure"),
        pytest.param("crack", 0.55, 0.97, True, id="a faint crack of which the judge is sure"),
        pytest.param("pothole", 0.55, 0.8, False, id="a faint hole of which it is not"),
        pytest.param("pothole", 0.7, 0.5, True, id="a hole of which only the detector is sure"),
        pytest.param("pothole", 0.7, 0.3, False, id="which the judge rather sees unharmed: a cover, a joint"),
        pytest.param("pothole", 0.8, 0.3, True, id="and of which the detector is very sure"),
        pytest.param("pothole", 0.9, 0.05, False, id="to the judge surely unharmed"),
        pytest.param("crack", 0.9, 0.05, False, id="surely unharmed, called a crack"),
        pytest.param("pothole", 0.45, 1.0, False, id="hardly a hole to the detector"),
        pytest.param("puddle", 0.55, 0.97, False, id="faint water, which is not judged"),
        pytest.param("puddle", 0.7, 0.05, True, id="water, which is not judged"),
    ],
)
def test_a_judge_looks_at_what_is_called_damage(
    name: str, score: float, odds: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: odds)
    seen = PathsInspector(WALK).look(scene(day(), 0, DAY, Detections.of([(name, score, PLACE)])))
    assert any(o.issue == ON_PATH[name] and o.score >= 0.5 for o in seen) is told


@pytest.mark.parametrize(
    ("score", "odds", "light", "told"),
    [
        pytest.param(0.65, 0.6, LightState.DAY, True, id="by day"),
        pytest.param(0.65, 0.6, LightState.NIGHT, False, id="by night a cover looks so"),
        pytest.param(0.8, 0.6, LightState.NIGHT, True, id="by night, the detector is very sure"),
        pytest.param(0.65, 0.97, LightState.NIGHT, True, id="by night, the judge is sure"),
    ],
)
def test_by_night_a_hole_must_be_surer(
    score: float, odds: float, light: LightState, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: odds)
    monkeypatch.setattr("detectors.inspectors.claims.is_lit", lambda *_: False)
    seen = PathsInspector(WALK).look(scene(day(), 0, light, Detections.of([("pothole", score, PLACE)])))
    assert any(o.issue == "path_damaged" and o.score >= 0.5 for o in seen) is told


@pytest.mark.parametrize("name", ["crack", "pothole"])
@pytest.mark.parametrize(
    ("foot", "told"),
    [
        pytest.param((300, 189), False, id="from the foot of a lamp"),
        pytest.param((340, 170), True, id="from nowhere"),
    ],
)
def test_a_straight_shadow_from_a_lamps_foot_is_no_damage(
    name: str, foot: tuple[int, int], told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: 0.97)
    picture = day()
    cv2.line(picture, foot, (foot[0] - 80, foot[1] + 40), (60, 60, 60), 3)
    box = ((foot[0] - 82) / WIDTH, (foot[1] + 2) / HEIGHT, (foot[0] - 4) / WIDTH, (foot[1] + 42) / HEIGHT)
    seen = PathsInspector(WALK).look(scene(picture, 0, DAY, Detections.of([(name, 0.8, box)])))
    assert any(o.issue == "path_damaged" and o.score >= 0.5 for o in seen) is told


@pytest.mark.parametrize(
    ("odds", "told"),
    [
        pytest.param([0.2, 0.5, 0.1, 0.7, 0.2, 0.5], [0] * 6, id="damage in some looks: noise"),
        pytest.param([0.9, 0.3, 0.8, 0.3, 0.7, 0.9], [1, 1, 1, 1, 1, 1], id="damage in most looks"),
        pytest.param([0.0] * 6 + [0.9] * 6, [0] * 8 + [1] * 4, id="broken since"),
    ],
)
def test_what_the_judge_says_is_evened_over_looks(
    odds: list[float], told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = iter(odds)
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: next(coming))
    inspector, said = PathsInspector(WALK), []
    for second in range(len(odds)):
        seen = inspector.look(scene(day(), second, DAY, Detections.of([("pothole", 0.7, PLACE)])))
        said.append(any(o.issue == "path_damaged" and o.score >= 0.5 for o in seen))
    assert said == [bool(t) for t in told]


@pytest.mark.parametrize(
    ("name", "tall", "told"),
    [
        pytest.param("crack", 0.2, True, id="a crack of nearly a metre"),
        pytest.param("crack", 0.6, False, id="a crack within one slab"),
        pytest.param("pothole", 0.6, True, id="a small hole"),
        pytest.param("crack", None, True, id="a crack, and nothing tells how long it is"),
    ],
)
def test_a_crack_must_be_long_where_somebody_tells_the_scale(
    name: str, tall: float | None, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: 0.97)
    rows: list[tuple[str, float, tuple[float, ...]]] = [(name, 0.8, PLACE)]
    if tall is not None:  # somebody who stands beside it, so high in the picture
        rows.append(("person", 0.9, (0.7, 0.7 - tall, 0.7 + tall / 3, 0.7)))
    seen = PathsInspector(WALK).look(scene(day(), 0, DAY, Detections.of(rows)))
    assert any(o.issue == ON_PATH[name] and o.score >= 0.5 for o in seen) is told


@pytest.mark.parametrize(
    ("clip", "box", "damage"),
    [
        pytest.param("park_day_path_broken", (0.502, 0.693, 0.586, 0.774), True, id="a hole"),
        pytest.param("riverside_day_lamp_leaning", (0.483, 0.681, 0.588, 0.765), False, id="shade called a crack"),
        pytest.param("street_day_clean", (0.499, 0.792, 0.574, 0.865), False, id="bare paving called a crack"),
    ],
)
def test_the_bundled_judge_tells_damage_from_what_detectors_take_for_it(
    clip: str, box: tuple[float, ...], damage: bool
) -> None:
    picture = next(f.image for f in VideoFile(CLIPS / f"{clip}.mp4").frames(1.0) if f.offset_s >= 8)
    assert (odds_of_damage(picture, Box.of(box)) >= 0.5) is damage


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(Box(0.0, 0.0, 0.05, 0.2), id="upper left corner"),
        pytest.param(Box(0.95, 0.8, 1.0, 1.0), id="lower right corner"),
        pytest.param(Box(0.5, 0.5, 0.5, 0.5), id="nothing"),
        pytest.param(Box(0.0, 0.0, 1.0, 1.0), id="all of the picture"),
    ],
)
def test_the_judge_sees_a_place_from_near_and_from_farther_away(box: Box) -> None:
    crop = ground_crop(day(), box)
    near, far = crop[..., 3], crop[..., 7]
    assert crop.shape == (BODY_SIZE, BODY_SIZE, 8)
    assert (near > 0).sum() >= (far > 0).sum() > 0


@pytest.mark.parametrize(
    ("hole", "odds", "said"),
    [
        pytest.param(0.65, 0.95, {"path_damaged"}, id="broken slabs"),
        pytest.param(0.65, 0.4, {"path_obstructed"}, id="a bicycle, to the judge"),
        pytest.param(0.4, 0.95, {"path_obstructed"}, id="hardly called a hole"),
    ],
)
def test_broken_slabs_that_are_called_a_bicycle_too(
    hole: float, odds: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: odds)
    inspector, watch, last = PathsInspector(WALK), MoverWatch(), set[str]()
    found = Detections.of([("bicycle", 0.7, PLACE), ("pothole", hole, PLACE)])
    for second in range(5):
        seen = Scene(frame(day(), second), DAY, found, WALK, watch.look(found))
        last = {o.issue for o in inspector.look(seen) if o.score >= 0.5}
    assert last == said


@pytest.mark.parametrize(
    ("odds", "obstacle", "said"),
    [
        pytest.param(0.97, 0.0, {"path_damaged"}, id="the judge is sure of a hole"),
        pytest.param(0.6, 0.0, {"path_flooded"}, id="it is not"),
        pytest.param(0.97, 0.7, {"path_obstructed"}, id="the detector calls it an obstacle: white cartons"),
        pytest.param(0.6, 0.5, {"path_flooded"}, id="it hardly does"),
    ],
)
def test_what_came_smooth_and_wide_without_a_name(
    odds: float, obstacle: float, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: odds)
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)
    inspector = PathsInspector(WALK)
    for second in range(12):
        picture, found = day(seed=second), Detections.empty()
        if second >= 5:
            cv2.ellipse(picture, (240, 170), (34, 13), 0, 0, 360, (80, 84, 86), -1)
            found = Detections.of([("obstacle", obstacle, (206 / 480, 157 / 270, 274 / 480, 183 / 270))])
        seen = inspector.look(scene(picture, second, DAY, found))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT and o.score >= 0.5} == said

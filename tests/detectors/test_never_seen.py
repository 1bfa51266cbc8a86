"""Furniture that the detector never surely saw in its place: all that was seen there is weighed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.absence import Absence
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Asset, Detections, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import day
from tests.detectors.test_missing import BENCH, DAY, NIGHT, PLACE, SEEN, Judge, verdict

ASIDE = Box(PLACE.x0 + 0.05, PLACE.y0, PLACE.x1 + 0.05, PLACE.y1)
BESIDE = [("bench", 0.8, ASIDE.as_list())]
P, U = Presence.PRESENT, Presence.UNKNOWN


@pytest.mark.parametrize(
    ("light", "before", "bare", "said"),
    [
        pytest.param(DAY, [], 0.5, P, id="never seen"),
        pytest.param(DAY, [], 0.25, U, id="hardly bare"),
        pytest.param(DAY, BESIDE, 0.5, U, id="seen once, if not quite in its place"),
        pytest.param(DAY, SEEN, 0.8, U, id="surely seen once: it must be surely bare"),
        pytest.param(NIGHT, [], 0.5, P, id="never seen by night"),
    ],
)
def test_what_was_never_seen_is_missed_sooner(
    light: LightState,
    before: list[tuple[str, float, list[float]]],
    bare: float,
    said: Presence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    inspector, judge.bare = FurnitureInspector(BENCH), bare
    for look, rows in enumerate([before, [], []]):
        seen = inspector.look(Scene(frame(day(), look), light, Detections.of(rows), BENCH, []))
    assert verdict(seen)[0] is said


@pytest.mark.parametrize(
    ("foot", "said"),
    [pytest.param(0.97, P, id="whole"), pytest.param(1.0, U, id="the picture's lower edge cuts it")],
)
def test_what_the_edge_cuts_is_not_missed_as_never_seen(
    foot: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    place = replace(PLACE, y0=foot - PLACE.height, y1=foot)
    view = View("walk", (Asset("S-1", "bench", Region.rectangle(place)),))
    inspector, judge.bare = FurnitureInspector(view), 0.5
    for look in range(3):
        seen = inspector.look(Scene(frame(day(), look), DAY, Detections.empty(), view, []))
    assert verdict(seen)[0] is said


@pytest.mark.parametrize(
    ("proposed", "before", "said"),
    [
        pytest.param(False, 0.5, P, id="registered by somebody: it may be gone from the start"),
        pytest.param(True, 0.5, U, id="proposed from these pictures: it was seen in them, if faintly"),
        pytest.param(True, 0.05, P, id="proposed, and it stood there before"),
    ],
)
def test_what_was_proposed_was_seen_there(
    proposed: bool, before: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    view = replace(BENCH, proposed=proposed)
    inspector, seen = FurnitureInspector(view), list[Observation]()
    for look, judge.bare in enumerate([before] * 3 + [0.7 if before >= 0.5 else 0.95]):
        seen = inspector.look(Scene(frame(day(), look), DAY, Detections.empty(), view, []))
    assert verdict(seen)[0] is said


@pytest.mark.parametrize(
    ("rows", "others", "speaks"),
    [
        pytest.param([("bench", 0.9, PLACE)], [], True, id="a box in its place"),
        pytest.param([("bench", 0.9, ASIDE)], [], True, id="a box beside it"),
        pytest.param([("bin", 0.9, PLACE)], [], False, id="a box of another kind"),
        pytest.param([("bench", 0.9, ASIDE)], [ASIDE], False, id="that is of the next bench"),
    ],
)
def test_what_is_seen_in_a_place_speaks_against_its_absence(
    rows: list[tuple[str, float, Box]], others: list[Box], speaks: bool
) -> None:
    def odds(found: Detections) -> float:
        scene = Scene(frame(day(), 0), DAY, found, BENCH, [])
        return Absence().odds("B-1", PLACE, ("bench",), others, 0.5, scene)

    seen = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    assert (odds(seen) < odds(Detections.of([]))) is speaks


def test_what_was_seen_there_once_speaks_against_its_absence_afterwards() -> None:
    absence, odds = Absence(), []
    for rows in ([], [("bench", 0.5, PLACE.as_list())], []):
        scene = Scene(frame(day(), 0), DAY, Detections.of(rows), BENCH, [])
        odds.append(absence.odds("B-1", PLACE, ("bench",), [], 0.5, scene))
    assert odds[1] < odds[2] < odds[0]


def test_a_small_place_is_missed_less_surely_than_a_large_one() -> None:
    scene = Scene(frame(day(), 0), DAY, Detections.of([]), BENCH, [])
    small, large = (Box(0.5, 0.5, 0.5 + side, 0.5 + side) for side in (0.05, 0.2))
    assert Absence().odds("B-1", small, ("bench",), [], 0.4, scene) < Absence().odds(
        "B-1", large, ("bench",), [], 0.4, scene
    )


@pytest.mark.parametrize(
    ("light", "behind", "bare", "said"),
    [
        pytest.param(DAY, 0.3, 0.5, P, id="a bin before a part of it"),
        pytest.param(DAY, 0.6, 0.5, U, id="a bin before most of it"),
        pytest.param(DAY, 0.6, 0.72, P, id="a bin before most of it, by day, and it is rather bare"),
        pytest.param(NIGHT, 0.6, 0.72, U, id="a bin before most of it, by night"),
    ],
)
def test_what_a_bin_hides_the_detector_may_never_see(
    light: LightState, behind: float, bare: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    judge.bare = bare
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    hides = Box(PLACE.x0 - 0.02, PLACE.y0, PLACE.x0 + behind * PLACE.width, PLACE.y1)
    view = View("walk", (*BENCH.assets, Asset("W-1", "bin", Region.rectangle(hides))))
    seen = FurnitureInspector(view).look(Scene(frame(day(), 0), light, Detections.of([]), view, []))
    assert next(o.presence for o in seen if o.asset_id == "B-1" and o.issue == "asset_missing") is said

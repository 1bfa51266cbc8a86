"""Attention: the detector sees what is new or in doubt, not what merely passes; and no finding is lost by it."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.attention import Attention
from detectors.detector import Detector
from detectors.evaluation import Collector
from detectors.geometry import Box, Region
from detectors.issues import CAMERA_FAULTS
from detectors.pipeline import Inspection
from detectors.ready import detector_in_use
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.truth import read_truth
from detectors.values import Asset, Detections, Frame, Image, LightState, View, small_grey
from tests.detectors.fakes import START, RememberingDetector, ScriptedDetector, frame, noise, scenery

CLIPS = Path(__file__).parents[2] / "sample_media" / "clips"
ALL_CLIPS = bool(os.environ.get("LAMPLIGHTER_TEST_ALL_CLIPS"))
FROM_THE_START_S, SETS_IN_S = 10, 18
USUAL_CLIPS = {
    "park_day_bench_missing": FROM_THE_START_S,
    "park_day_camera_frozen": SETS_IN_S,
    "park_day_path_broken": FROM_THE_START_S,
    "park_day_tree_bare": FROM_THE_START_S,
    "park_day_tree_leaning": FROM_THE_START_S,
    "plaza_day_bin_overflows": FROM_THE_START_S,
    "plaza_day_light_on": FROM_THE_START_S,
    "riverside_day_lamp_leaning": FROM_THE_START_S,
    "riverside_day_litter_appears": SETS_IN_S,
    "riverside_day_tree_falls": SETS_IN_S,
    "riverside_night_light_fails": SETS_IN_S,
    "riverside_night_light_flickers": FROM_THE_START_S,
    "street_day_branch_falls": SETS_IN_S,
    "street_rain_puddle": FROM_THE_START_S,
}
"""Clips that show each kind of issue between them, and for how many seconds they are looked at."""
SETTINGS = Settings()
WINDOW = SETTINGS.confirmation.window
PAVEMENT = scenery(120, 480, 270)
THING, WALKER = (200, 180, 30, 24), (60, 100, 24, 60)


def with_box(image: Image, at: tuple[int, int, int, int], shade: int = 25) -> Image:
    x, y, w, h = at
    marked = image.copy()
    cv2.rectangle(marked, (x, y), (x + w, y + h), (shade, shade, shade), -1)
    return marked


def box_of(place: tuple[int, int, int, int]) -> Box:
    x, y, w, h = place
    return Box(x / 480, y / 270, (x + w) / 480, (y + h) / 270)


def reasons(
    pictures: list[Image],
    every_s: float = 2.0,
    doubtful: Mapping[int, Box] | None = None,
    leaving: Container[int] = (),
    somebody: Mapping[int, Box] | None = None,
) -> list[str]:
    """For each picture, why the detector had to see it; "" where it had not.

    Args:
        doubtful: the place that the rules are in doubt about, by number of the picture.
        leaving: pictures that show a finding no longer.
        somebody: where the detector sees a person, by number of the picture.
    """
    attention, answers = Attention(SETTINGS), []
    for n, picture in enumerate(pictures):
        at = START + timedelta(seconds=n * every_s)
        answers.append(attention.look(small_grey(noise(picture, n)), at, LightState.DAY))
        if answers[-1]:
            attention.saw([somebody[n]] if somebody and n in somebody else [])
            attention.doubt([doubtful[n]] if doubtful and n in doubtful else [], n in leaving)
    return answers


def asked(
    pictures: list[Image],
    every_s: float = 2.0,
    doubtful: Mapping[int, Box] | None = None,
    somebody: Mapping[int, Box] | None = None,
) -> list[bool]:
    return [bool(why) for why in reasons(pictures, every_s, doubtful, (), somebody)]


def test_an_unchanged_view_is_seen_at_first_and_then_every_so_often() -> None:
    seen = asked([PAVEMENT] * 40)
    assert seen[:WINDOW] == [True] * WINDOW
    gaps = np.diff([n for n, yes in enumerate(seen) if yes and n >= WINDOW - 1]) * 2.0
    assert set(gaps) == {SETTINGS.detector_every_s}


def test_what_comes_to_rest_is_seen_at_once_and_as_often_as_confirmation_counts() -> None:
    seen = asked([PAVEMENT] * 8 + [with_box(PAVEMENT, THING)] * 8)
    assert seen[8:] == [False] + [True] * WINDOW + [False] * (7 - WINDOW), "one look tells that it rests"


def test_what_is_taken_away_is_seen_too() -> None:
    there = with_box(PAVEMENT, THING)
    seen = asked([there] * 8 + [PAVEMENT] * 8)
    assert sum(seen[8:]) == WINDOW


@pytest.mark.parametrize("every_px", [pytest.param(30, id="strolling"), pytest.param(80, id="walking")])
def test_who_walks_through_is_no_reason(every_px: int) -> None:
    x, y, w, h = WALKER
    walk = [with_box(PAVEMENT, (x + n * every_px % 380, y, w, h)) for n in range(9)]
    assert not any(asked([PAVEMENT] * 5 + walk)[5:])


def test_who_stands_is_seen_once_and_the_place_they_leave_not_again() -> None:
    there = dict.fromkeys(range(6, 14), box_of(WALKER))
    seen = asked([PAVEMENT] * 6 + [with_box(PAVEMENT, WALKER)] * 8 + [PAVEMENT] * 6, somebody=there)
    assert sum(seen[6:14]) == WINDOW
    assert not any(seen[14:])


def test_exposure_that_drifts_is_no_change() -> None:
    brighter = [np.clip(PAVEMENT.astype(np.float32) * (1 + 0.03 * n), 0, 255).astype(np.uint8) for n in range(8)]
    assert not any(asked([PAVEMENT] * 5 + brighter)[5:])


def test_doubt_asks_on_but_not_for_ever() -> None:
    seen = asked([PAVEMENT] * 60, every_s=1.0, doubtful=dict.fromkeys(range(60), box_of(THING)))
    assert all(seen[: 3 * WINDOW])
    assert sum(seen) < 30


SOMEBODY_THERE = with_box(PAVEMENT, WALKER)


@pytest.mark.parametrize(
    ("pictures", "leaving", "answers"),
    [
        pytest.param([PAVEMENT, PAVEMENT, PAVEMENT], (), ["in doubt", ""], id="of what rests"),
        pytest.param([SOMEBODY_THERE, PAVEMENT, PAVEMENT], (), ["", ""], id="of who walks on"),
        pytest.param([PAVEMENT, SOMEBODY_THERE, PAVEMENT], (), ["", "in doubt"], id="when who covers it has passed"),
        pytest.param([PAVEMENT, SOMEBODY_THERE, PAVEMENT], {WINDOW - 1}, ["in doubt", ""], id="of a finding that goes"),
    ],
)
def test_doubt_asks_about_places_that_look_as_they_did(
    pictures: list[Image], leaving: Container[int], answers: list[str]
) -> None:
    doubtful = {WINDOW - 1: box_of(WALKER)}
    assert reasons([PAVEMENT] * (WINDOW - 1) + pictures, doubtful=doubtful, leaving=leaving)[WINDOW:] == answers


def test_what_is_left_where_somebody_just_passed_is_noticed_at_once() -> None:
    left = with_box(PAVEMENT, (64, 136, 16, 20), shade=80)
    why = reasons([PAVEMENT] * 8 + [SOMEBODY_THERE, PAVEMENT] + [left] * 3)
    assert why[10:] == ["", "something changed", "something changed"]


def test_who_walks_where_another_passed_before_is_not_taken_for_ground() -> None:
    every = round(SETTINGS.detector_every_s / 2.0)
    due = WINDOW - 1 + every
    pictures = [PAVEMENT] * (due + every)
    pictures[due - 3], pictures[due] = SOMEBODY_THERE, with_box(PAVEMENT, WALKER, shade=80)
    assert reasons(pictures)[due:] == ["it is time"] + [""] * (every - 1)


def test_every_frame_is_seen_where_that_is_set() -> None:
    attention = Attention(Settings(detector_every_s=0))
    for n in range(3 * WINDOW):
        assert attention.look(small_grey(noise(PAVEMENT, n)), START + timedelta(seconds=n), LightState.DAY)
        attention.saw([])


def test_places_are_still_one_by_one_as_all_at_once() -> None:
    rng = np.random.default_rng(5)
    attention = Attention(SETTINGS)
    for n, picture in enumerate([PAVEMENT, PAVEMENT, with_box(PAVEMENT, THING), with_box(PAVEMENT, WALKER)]):
        attention.look(small_grey(noise(picture, n)), START + timedelta(seconds=n), LightState.DAY)
        if n < 2:
            attention.saw([])
    boxes = np.array([Box.of(rng.uniform(0, 1, 4)).as_list() for _ in range(300)], np.float32)
    still = attention.all_still(boxes)
    assert still.tolist() == [attention.still(Box.of(box)) for box in boxes]
    assert 0 < still.sum() < len(still)


@dataclass
class SeesTheThing(ScriptedDetector):
    """Calls whatever dark thing lies at its place by one name."""

    thing: str = "litter"

    def predict(self, images: list[Image], min_score: float, image_size: int) -> list[Detections]:  # type: ignore[override]
        x, y, w, h = THING
        found = []
        for image in images:
            self.asked += 1
            there = image[y : y + h, x : x + w].mean() < 60
            found.append(Detections.of([(self.thing, 0.8, box_of(THING).as_list())] if there else []))
        return found


def test_what_was_just_coming_when_the_detector_looked_for_another_reason_is_news() -> None:
    coming = WINDOW + 1
    pictures = [PAVEMENT] * coming + [with_box(PAVEMENT, THING)] * 3
    doubtful = dict.fromkeys(range(coming), box_of(WALKER))
    assert reasons(pictures, doubtful=doubtful)[coming - 1 :] == ["in doubt", "in doubt", *["something changed"] * 2]


def looks_at(
    pictures: list[Image], settings: Settings, thing: str = "litter"
) -> tuple[list[tuple[str, float, float]], int]:
    """Findings as (issue, confirmed, last seen), and how often the detector was asked."""
    detector, collector = SeesTheThing(thing=thing), Collector()
    path = Asset("P-1", "path", Region.rectangle(Box(0, 0.4, 1, 1)))
    inspection = Inspection(View("cam", (path,)), detector, settings)
    for n, picture in enumerate(pictures):
        collector.take(inspection.look(frame(noise(picture, n), 2.0 * n)))
    return [(f.finding.issue, f.confirmed_s, f.finding.end_s) for f in collector.found.values()], detector.asked


def test_a_thing_that_lies_there_lasts_as_long_as_nothing_changes() -> None:
    pictures = [PAVEMENT] * 8 + [with_box(PAVEMENT, THING)] * 30 + [PAVEMENT] * 10
    every, every_asked = looks_at(pictures, Settings(detector_every_s=0))
    fast, fast_asked = looks_at(pictures, SETTINGS)
    assert [f[0] for f in fast] == [f[0] for f in every] == ["litter"]
    assert fast[0][1] - every[0][1] <= 2.0
    assert fast[0][2] == every[0][2] == 2.0 * 37
    assert (every_asked, fast_asked < 25) == (len(pictures), True)


def test_who_happens_to_pass_whenever_the_detector_is_asked_does_not_stay() -> None:
    pictures = [PAVEMENT] * 100
    every = round(SETTINGS.detector_every_s / 2.0)
    for n in range(WINDOW - 1 + every, 100, every):
        pictures[n] = with_box(PAVEMENT, THING)
    for settings in (SETTINGS, Settings(detector_every_s=0)):
        assert looks_at(pictures, settings, "car")[0] == []


@pytest.fixture(scope="module")
def detector(ready_home: Path) -> Detector:
    return detector_in_use(ready_home)


def found_in(
    frames: list[Frame], view: View, detector: Detector, settings: Settings
) -> dict[tuple[str, str | None], tuple[float, float]]:
    inspection, collector = Inspection(view, detector, settings), Collector()
    for each in frames:
        collector.take(inspection.look(each))
    return {(f.finding.issue, f.finding.asset_id): (f.confirmed_s, f.finding.start_s) for f in collector.found.values()}


def issues_of(clip: str) -> set[str]:
    return {event.issue for event in read_truth(CLIPS / f"{clip}.truth.json").issues}


def test_the_usual_clips_show_every_kind_of_issue_but_for_other_faults_of_cameras() -> None:
    every = {issue for path in CLIPS.glob("*.mp4") for issue in issues_of(path.stem)}
    usual = {issue for clip in USUAL_CLIPS for issue in issues_of(clip)}
    assert every - usual <= CAMERA_FAULTS


@pytest.mark.parametrize("clip", sorted(p.stem for p in CLIPS.glob("*.mp4")) if ALL_CLIPS else USUAL_CLIPS)
def test_the_fast_path_finds_what_showing_every_frame_finds(clip: str, detector: Detector) -> None:
    view, seconds = read_truth(CLIPS / f"{clip}.truth.json").view, None if ALL_CLIPS else USUAL_CLIPS[clip]
    frames = list(islice(open_source(str(CLIPS / f"{clip}.mp4")).frames(SETTINGS.every_s), seconds))
    once = RememberingDetector(detector)
    every = found_in(frames, view, once, Settings(detector_every_s=0))
    fast = found_in(frames, view, once, SETTINGS)
    assert fast.keys() == every.keys()
    for key, (confirmed_s, start_s) in every.items():
        assert fast[key] == (pytest.approx(confirmed_s, abs=2.0), pytest.approx(start_s, abs=2.0)), key

"""How sure scores are, what clean footage says, and what each stage is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from detectors import evaluation_commands
from detectors.ablation import STAGES, RememberingDetector, ablation
from detectors.confidence import intervals
from detectors.evaluation import ClipScore, Found, summary
from detectors.geometry import Box
from detectors.settings import Settings
from detectors.truth import TrueIssue
from detectors.values import Detections, Finding
from tests.detectors.fakes import START, ScriptedDetector, noise, write_clip
from tests.detectors.scenes import WALK, day

PLACE = Box(0.4, 0.6, 0.5, 0.7)
LITTER = TrueIssue("litter", "P-1", PLACE, 0.0, 6.0)


def finding(issue: str = "litter") -> Found:
    return Found(Finding("k", issue, "cam", "P-1", "path", START, START, 0.0, 6.0, 0.8, PLACE, 3), 2.0)


FOUND = ClipScore("found", 60.0, ((LITTER, finding()),), (), ())
MISSED = ClipScore("missed", 60.0, (), (LITTER,), ())
QUIET = ClipScore("quiet", 86_400.0, (), (), ())
NOISY = ClipScore("noisy", 43_200.0, (), (), (finding(),))


@pytest.mark.parametrize(
    ("scores", "f1"),
    [
        pytest.param([FOUND] * 12, (1.0, 1.0), id="always right"),
        pytest.param([MISSED] * 12, (0.0, 0.0), id="always wrong"),
        pytest.param([FOUND, MISSED] * 20, (0.5, 0.8), id="half missed, many clips"),
        pytest.param([FOUND, MISSED], (0.0, 1.0), id="half missed, two clips say nothing"),
    ],
)
def test_intervals_are_as_wide_as_the_clips_are_few(scores: list[ClipScore], f1: tuple[float, float]) -> None:
    document: dict[str, Any] = summary(scores)
    assert document["intervals"]["overall"]["f1"] == pytest.approx(f1, abs=0.06)
    assert document["intervals"]["issues"]["litter"]["f1"] == document["intervals"]["overall"]["f1"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_an_interval_lies_in_0_to_1_and_is_the_same_each_time(drawn: list[tuple[int, int]]) -> None:
    counts = [(true, found, min(true, found)) for true, found in drawn]
    bounds = intervals(counts)
    assert all(0.0 <= low <= high <= 1.0 for low, high in bounds.values())
    assert intervals(counts) == bounds


def test_false_alarms_of_clean_footage_are_counted_apart() -> None:
    document: dict[str, Any] = summary([FOUND, QUIET, NOISY])
    assert document["clean"]["clips"] == 2
    assert document["clean"]["false_alarms_per_camera_day"] == pytest.approx(1 / 1.5)


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Two clips of the walk: litter from the start in one, nothing wrong in the other."""
    assets = [{"id": a.id, "kind": a.kind, "region": a.region.as_list()} for a in WALK.assets if a.region]
    for seed, (name, issues) in enumerate((("litter", [LITTER]), ("clean", []))):
        write_clip(tmp_path / f"{name}.mp4", 6, 2, lambda t, seed=seed: noise(day(), 1000 * seed + int(t * 10)))
        listed = [
            {"issue": i.issue, "asset_id": i.asset_id, "box": PLACE.as_list(), "start_s": 0, "end_s": 6} for i in issues
        ]
        truth = {"camera": "walk", "start_utc": "2026-06-01T04:00:00Z", "fps": 2, "width": 480, "height": 270,
                 "assets": assets, "issues": listed}  # fmt: skip
        (tmp_path / f"{name}.truth.json").write_text(json.dumps(truth))
    return tmp_path


def test_stages_are_scored_one_by_one_and_the_detector_asked_once(clips: Path) -> None:
    detector = ScriptedDetector([Detections.of([("litter", 0.9, PLACE.as_list())])])
    documents: dict[str, Any] = dict(ablation(clips, detector, Settings(detector_every_s=0)))
    assert list(documents) == [stage.name for stage in STAGES]
    assert {d["issues"]["litter"]["matched"] for d in documents.values()} == {1}
    assert detector.asked == 12, "six looks of each clip, whatever the stages"


def test_only_stages_with_a_register_know_assets(clips: Path) -> None:
    lamps = {stage.name: stage.register for stage in STAGES}
    assert list(lamps.values()) == [False, True, True, True]
    settings = [stage.of(Settings()) for stage in STAGES]
    assert [s.confirmation.needed for s in settings] == [1, 1, 3, 3]
    assert [s.guards for s in settings] == [False, False, False, True]


def test_a_remembering_detector_tells_pictures_apart() -> None:
    asked = ScriptedDetector([Detections.empty(), Detections.of([("litter", 0.9, (0, 0, 1, 1))])])
    detector = RememberingDetector(asked)
    black, white = np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 255, np.uint8)
    lengths = [len(found) for found in detector.predict([black, white, black, white], 0.1, 320)]
    assert lengths == [0, 1, 0, 1]


@pytest.mark.parametrize("more", [pytest.param([], id="plain"), pytest.param(["--ablation"], id="with the ablation")])
def test_the_stable_keys_of_the_document_are_all_there(
    clips: Path, more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation_commands, "load", lambda weights: ScriptedDetector())
    done = CliRunner().invoke(evaluation_commands.evaluate, [str(clips), "--json", *more])
    document = json.loads(done.stdout)
    assert {"clips", "overall", "issues", "false_alarms_per_camera_day"} <= set(document)
    assert {"precision", "recall", "f1", "true", "found", "matched", "median_seconds_to_detect"} == set(
        document["issues"]["litter"]
    )
    assert ("ablation" in document) is bool(more)


@pytest.mark.parametrize(
    ("more", "shows"),
    [
        pytest.param([], "95 %", id="intervals"),
        pytest.param(["--ablation"], "detector only", id="stages"),
    ],
)
def test_what_people_read(clips: Path, more: list[str], shows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation_commands, "load", lambda weights: ScriptedDetector())
    done = CliRunner().invoke(evaluation_commands.evaluate, [str(clips), *more])
    assert done.exit_code == 0, done.output
    assert shows in done.output

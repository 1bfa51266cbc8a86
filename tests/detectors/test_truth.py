"""Truth files, and scoring against them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import LamplighterError
from detectors.evaluation import Found, evaluate_folder, score_clip, summary
from detectors.geometry import Box
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.truth import TrueIssue, Truth, read_truth
from detectors.values import Finding, View
from tests.detectors.fakes import START, ScriptedDetector, write_clip

GOOD: dict[str, Any] = {
    "camera": "cam-1",
    "start_utc": "2026-06-16T03:08:02Z",
    "fps": 10,
    "width": 320,
    "height": 180,
    "latitude": 31.17,
    "longitude": 121.46,
    "time_zone": "Asia/Shanghai",
    "assets": [{"id": "L-1", "kind": "street_light", "region": [[0.1, 0.1], [0.2, 0.1], [0.2, 0.5]]}],
    "issues": [{"issue": "light_out", "asset_id": "L-1", "box": [0.1, 0.1, 0.2, 0.5], "start_s": 0.0, "end_s": 30.0}],
}


def write(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps({**GOOD, **changes}))
    return path


def test_a_truth_file_gives_view_times_and_issues(tmp_path: Path) -> None:
    truth = read_truth(write(tmp_path / "a.truth.json"))
    assert truth.start == datetime(2026, 6, 16, 3, 8, 2, tzinfo=UTC)
    assert (truth.view.camera, truth.view.latitude, truth.view.time_zone) == ("cam-1", 31.17, "Asia/Shanghai")
    assert [a.id for a in truth.view.of_kind("street_light")] == ["L-1"]
    assert truth.issues[0].box == Box(0.1, 0.1, 0.2, 0.5)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"fps": 0}, "fps", id="no frames a second"),
        pytest.param({"start_utc": "yesterday"}, "start_utc", id="no time"),
        pytest.param({"latitude": 131}, "latitude", id="off the globe"),
        pytest.param(
            {"assets": [{"id": "x", "kind": "tree", "region": [[0, 0], [2, 0], [1, 1]]}]}, "region", id="region"
        ),
        pytest.param({"issues": [{"issue": "litter", "start_s": 1}]}, "end_s", id="an issue without an end"),
    ],
)
def test_a_wrong_truth_file_names_the_place(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(LamplighterError, match=says):
        read_truth(write(tmp_path / "a.truth.json", **changes))


def test_a_truth_file_that_is_no_json_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.truth.json"
    path.write_text("{")
    with pytest.raises(LamplighterError, match="not a readable truth file"):
        read_truth(path)


def test_a_clip_takes_its_start_from_the_truth_file_beside_it(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", seconds=1)
    write(tmp_path / "a.truth.json")
    (first,) = open_source(str(tmp_path / "a.mp4")).frames(5.0)
    assert first.at == datetime(2026, 6, 16, 3, 8, 2, tzinfo=UTC)


def found(issue: str, asset: str | None, box: Box, start: float, end: float) -> Found:
    first, last = START + timedelta(seconds=start), START + timedelta(seconds=end)
    finding = Finding("k", issue, "cam", asset, None, first, last, start, end, 0.9, box, 3)
    return Found(finding, start + 2)


HERE = Box(0.1, 0.1, 0.3, 0.3)
LAMP = TrueIssue("light_out", "L-1", HERE, 5.0, 20.0)


@pytest.mark.parametrize(
    ("item", "right"),
    [
        pytest.param(found("light_out", "L-1", Box(0.8, 0.8, 0.9, 0.9), 6, 20), True, id="same asset"),
        pytest.param(found("light_out", None, Box(0.12, 0.1, 0.3, 0.3), 6, 20), True, id="same place"),
        pytest.param(found("light_out", "L-9", Box(0.15, 0.15, 0.2, 0.2), 6, 20), True, id="small, centre inside"),
        pytest.param(found("light_out", None, Box(0.8, 0.8, 0.9, 0.9), 6, 20), False, id="elsewhere"),
        pytest.param(found("litter", "L-1", HERE, 6, 20), False, id="another issue"),
        pytest.param(found("light_out", "L-1", HERE, 0, 4), False, id="before it began"),
        pytest.param(found("light_out", "L-1", HERE, 21, 30), False, id="after it ended"),
        pytest.param(found("light_out", "L-1", HERE, 0, 5), True, id="times touch"),
    ],
)
def test_when_a_finding_is_a_true_issue(item: Found, right: bool) -> None:
    score = score_clip("a", 30.0, Truth(View("cam"), START, 10, (), (LAMP,)), [item])
    assert (len(score.matched), len(score.missed), len(score.false_alarms)) == ((1, 0, 0) if right else (0, 1, 1))


def test_one_issue_found_twice_is_one_match_and_one_false_alarm() -> None:
    twice = [found("light_out", "L-1", HERE, 6, 20), found("light_out", "L-1", HERE, 8, 20)]
    score = score_clip("a", 30.0, Truth(View("cam"), START, 10, (), (LAMP,)), twice)
    document = summary([score])
    assert document["overall"] == {"precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3)}
    assert document["issues"]["light_out"]["median_seconds_to_detect"] == 3.0  # type: ignore[index]
    assert document["false_alarms_per_camera_day"] == 2880.0


@pytest.mark.parametrize("make", [pytest.param(False, id="no folder"), pytest.param(True, id="nothing in it")])
def test_nothing_to_score_is_said_in_one_line(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "clips"
    if make:
        folder.mkdir()
    with pytest.raises(LamplighterError, match=r"no such folder|nothing to score"):
        evaluate_folder(folder, ScriptedDetector(), Settings())


def test_a_truth_file_without_its_clip_is_named(tmp_path: Path) -> None:
    write(tmp_path / "lost.truth.json")
    with pytest.raises(LamplighterError, match="no clip or folder of frames named 'lost'"):
        evaluate_folder(tmp_path, ScriptedDetector(), Settings())

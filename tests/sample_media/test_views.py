"""Clips changed into other kinds of view: as many pictures, truth where the view shows it, one line on bad input."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from detectors.sources import open_source
from detectors.truth import read_truth
from detectors.values import Image
from detectors.video_writer import write_h264
from sample_media.views.__main__ import change, change_folder, main
from sample_media.views.kinds import KINDS, kinds_of
from tests.detectors.fakes import scenery

SIZE, FPS, COUNT = (320, 180), 5, 20
# Four squares in grey surroundings, each of a colour of its own: (x0, y0, x1, y1) px.
SQUARES = {"A": (40, 40, 70, 70), "B": (250, 40, 280, 70), "C": (40, 120, 70, 150), "D": (150, 80, 180, 110)}
COLOURS = {"A": (40, 40, 220), "B": (40, 220, 40), "C": (220, 40, 40), "D": (40, 220, 220)}


def picture(number: int) -> Image:
    """A street of squares; a bar in the lower edge moves, so that no two pictures are the same."""
    street: Image = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
    for name, (x0, y0, x1, y1) in SQUARES.items():
        street[y0:y1, x0:x1] = COLOURS[name]
    street[170:, 10 * number : 10 * number + 20] = 250
    return street


def truth(**changes: Any) -> dict[str, Any]:
    """What is true of it: each square an asset, the last one an issue too."""
    boxes = {n: [x0 / SIZE[0], y0 / SIZE[1], x1 / SIZE[0], y1 / SIZE[1]] for n, (x0, y0, x1, y1) in SQUARES.items()}
    corners = {n: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] for n, (x0, y0, x1, y1) in boxes.items()}
    assets = [{"id": name, "kind": "bin", "region": region} for name, region in corners.items()]
    issue = {"issue": "asset_missing", "asset_id": "B", "box": boxes["B"], "start_s": 1.0, "end_s": 4.0}
    return {"camera": "cam-1", "start_utc": "2026-06-16T03:08:02Z", "fps": FPS, "width": SIZE[0], "height": SIZE[1],
            "assets": assets, "issues": [issue], **changes}  # fmt: skip


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    write_h264(folder / "squares.mp4", [picture(n) for n in range(COUNT)], FPS)
    (folder / "squares.truth.json").write_text(json.dumps(truth()))
    return folder


def changed(clips: Path, name: str) -> Path:
    clip = change(clips / "squares.truth.json", name, KINDS[name], clips.parent / name)
    assert clip is not None
    return clip


def pictures_of(clip: Path) -> list[Image]:
    return [frame.whole() for frame in open_source(str(clip)).frames(1e-3)]


@pytest.mark.parametrize("name", KINDS)
def test_a_view_has_as_many_pictures_over_the_same_time(clips: Path, name: str) -> None:
    clip = changed(clips, name)
    frames = list(open_source(str(clip)).frames(1e-3))
    assert len(frames) == COUNT
    assert frames[-1].offset_s == pytest.approx((COUNT - 1) / FPS, abs=0.01)
    there, was = read_truth(clip.with_suffix(".truth.json")), read_truth(clips / "squares.truth.json")
    assert (there.start, there.fps, [a.id for a in there.view.assets]) == (was.start, was.fps, list(SQUARES))
    raw = json.loads(clip.with_suffix(".truth.json").read_text())
    assert (raw["height"], raw["width"]) == frames[0].whole().shape[:2]


@pytest.mark.parametrize("name", ["mirrored", "lens", "small", "large", "bars", "clock", "stalls"])
def test_regions_and_boxes_lie_where_the_view_shows_their_things(clips: Path, name: str) -> None:
    clip = changed(clips, name)
    last, there = pictures_of(clip)[-1], read_truth(clip.with_suffix(".truth.json"))
    height, width = last.shape[:2]
    for asset in there.view.assets:
        assert asset.region is not None
        seen = np.abs(last.astype(int) - COLOURS[asset.id]).max(2) < 60
        region = asset.region.mask(width, height)
        assert (seen & region).sum() / (seen | region).sum() > 0.85, asset.id
    region_b = next(a.region for a in there.view.assets if a.id == "B")
    assert there.issues[0].box is not None
    assert region_b is not None
    assert there.issues[0].box.iou(region_b.box) > 0.95


def test_a_lens_that_draws_the_edges_in_leaves_out_what_it_cuts_off(clips: Path) -> None:
    edge = {"issue": "litter", "asset_id": None, "box": [0.45, 0.0, 0.5, 0.08], "start_s": 0.0, "end_s": 4.0}
    corners = [[0.45, 0.0], [0.5, 0.0], [0.5, 0.08], [0.45, 0.08]]
    cut = [{"id": kind, "kind": kind, "region": corners} for kind in ("bin", "lawn")]
    (clips / "squares.truth.json").write_text(
        json.dumps(truth(issues=[*truth()["issues"], edge], assets=[*truth()["assets"], *cut]))
    )
    there = read_truth(changed(clips, "lens").with_suffix(".truth.json"))
    assert [issue.issue for issue in there.issues] == ["asset_missing"]
    assert [a.region is None for a in there.view.assets if a.id in ("bin", "lawn")] == [True, False]


def test_a_clip_comes_out_the_same_again(clips: Path) -> None:
    first = changed(clips, "drops").read_bytes()
    assert changed(clips, "drops").read_bytes() == first


@pytest.mark.parametrize("name", ["drops", "fog"])
def test_drops_and_fog_grow(clips: Path, name: str) -> None:
    write_h264(clips / "squares.mp4", [scenery(seed=3)] * COUNT, FPS)
    now = pictures_of(changed(clips, name))
    apart = [float((cv2.absdiff(picture, scenery(seed=3)) > 25).mean()) for picture in now]
    assert apart[-1] > 1.5 * apart[0] > 0


def test_a_stream_stalls(clips: Path) -> None:
    same = [float(cv2.absdiff(a, b).mean()) < 0.2 for a, b in pairwise(pictures_of(changed(clips, "stalls")))]
    assert sum(same) > COUNT // 4


@pytest.mark.parametrize(
    ("name", "fault", "kept"),
    [
        ("rain", "camera_covered", False),
        ("sway", "camera_moved", False),
        ("stalls", "camera_frozen", False),
        ("stalls", "camera_covered", True),
        ("mirrored", "camera_frozen", True),
    ],
)
def test_a_clip_with_a_fault_that_would_not_stay_one_is_left_out(
    clips: Path, name: str, fault: str, kept: bool
) -> None:
    issue = {"issue": fault, "asset_id": None, "box": [0.0, 0.0, 1.0, 1.0], "start_s": 2.0, "end_s": 4.0}
    (clips / "squares.truth.json").write_text(json.dumps(truth(issues=[issue])))
    made = change_folder(clips, clips.parent / "out", kinds_of(name))
    assert made == {name: (1, 0) if kept else (0, 1)}
    assert (clips.parent / "out" / name / "squares.mp4").exists() == kept


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["clips", "--out", "out", "--kinds", "frogs"], "called 'frogs'; there are mirrored", id="kind"),
        pytest.param(["nowhere", "--out", "out"], "nowhere: no such folder.", id="folder"),
        pytest.param([".", "--out", "out"], "nothing to change", id="no truth files"),
    ],
)
def test_a_wrong_kind_or_folder_is_told_in_one_line(
    clips: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(clips.parent)
    monkeypatch.setattr(sys, "argv", ["views", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr().err
    assert stopped.value.code == 1
    assert says in told
    assert len(told.splitlines()) == 1

"""The benchmark command measures what it says; its figures are not judged here."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from detectors.bench import clip as bench_clip
from detectors.bench import timing
from detectors.bench.clip import bench_view, make_clip
from detectors.bench.rtsp import CodedClip, packets, serve
from detectors.bench.soak import soak
from detectors.sources.live import LiveStream
from detectors.sources.video import VideoFile
from lamplighter import app
from tests.detectors.fakes import ScriptedDetector, write_clip
from workorders.load import PacedFile


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of the bench's own scene, small, so that it is made quickly."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("WIDTH", 480), ("HEIGHT", 270), ("SCENE_S", 2)):
            patch.setattr(bench_clip, name, value)
        return make_clip(tmp_path_factory.mktemp("bench"), 4)


def test_bench_prints_the_documented_figures(tmp_path: Path, ready_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_PLAIN_FRAMES", 3)
    clip = write_clip(tmp_path / "clip.mp4", seconds=6, fps=5)
    command = ["bench", "--clip", str(clip), "--rounds", "1", "--json"]
    result = CliRunner().invoke(app, command, env={"LAMPLIGHTER_FILES": str(ready_home)}, catch_exceptions=False)
    document = json.loads(result.stdout)
    assert document["clip"]["seconds"] == 6.0
    assert document["settings"]["every_s"] == 2.0
    assert document["machine"]["versions"]["torch"]
    (timed,) = document["clips"]
    assert (timed["looks"], timed["detector_passes"]) == (3, 3)
    assert document["realtime_factor"] == pytest.approx(6.0 / timed["seconds"]["inspect"][0], rel=0.05, abs=0.06)
    floor = timed["seconds"]["decode"][0] + timed["seconds"]["passes"][0]
    assert document["ratio_to_floor"] == pytest.approx(timed["seconds"]["inspect"][0] / floor, rel=0.2, abs=0.05)
    assert len(document["start_seconds"]) == 1


def test_the_clip_is_as_long_as_asked_and_people_move_in_it(clip: Path) -> None:
    frames = list(VideoFile(clip).frames(1.0))
    assert [f.offset_s for f in frames] == pytest.approx([0, 1, 2, 3])
    moved = [np.abs(b.image.astype(int) - a.image).max() for a, b in itertools.pairwise(frames)]
    assert min(moved) > 60
    assert {a.kind for a in bench_view().assets} >= {"street_light", "path", "bench", "bin", "tree"}


@pytest.mark.parametrize("size", [pytest.param(100, id="whole"), pytest.param(5000, id="in fragments")])
def test_units_are_packed_so_that_they_can_be_put_together_again(size: int) -> None:
    unit = bytes([0x65]) + bytes(n % 251 for n in range(size))
    parts = list(packets(unit))
    assert all(len(p) <= 1400 for p in parts)
    if len(parts) == 1:
        assert parts == [unit]
    else:
        assert bytes([parts[0][0] & 0xE0 | parts[0][1] & 0x1F]) + b"".join(p[2:] for p in parts) == unit
        assert [p[1] & 0xC0 for p in parts] == [0x80, *[0] * (len(parts) - 2), 0x40]


def test_the_server_is_a_camera_like_any_other(clip: Path) -> None:
    whole = [f.image for f in VideoFile(clip).frames(0.001)]
    with serve(CodedClip.read(clip)) as address:
        frames = list(itertools.islice(LiveStream(f"{address}/7", timeout_s=5).frames(0.2), 3))
    assert [f.offset_s for f in frames] == sorted({f.offset_s for f in frames})
    for frame in frames:
        assert min(np.abs(frame.image.astype(int) - image).mean() for image in whole) < 1.0


def test_a_file_can_stand_in_for_a_camera(clip: Path) -> None:
    frames = list(itertools.islice(PacedFile(clip, "paced:x").frames(0.1), 3))
    assert np.diff([f.offset_s for f in frames]) == pytest.approx([0.1, 0.1])
    assert [f.at for f in frames] == sorted(f.at for f in frames)


def test_a_soak_looks_at_every_hour_it_was_asked_for(clip: Path) -> None:
    detector, said = ScriptedDetector(), []
    result = soak(clip, detector, 0.05, 10.0, said.append)
    assert (result["looks"], result["cameras"], len(said)) == (180, 10, 9)
    assert 10 <= detector.asked <= 180

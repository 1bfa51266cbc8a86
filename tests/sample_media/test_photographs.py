"""Photographs become clips of a still camera, with what their labels say as the truth."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.health import HealthCheck
from detectors.sources import open_source
from detectors.training.samples import Row
from detectors.truth import read_truth
from detectors.values import Image, LightState, Presence
from sample_media import photographs
from sample_media.photographs import as_camera, film, issues_of


def street() -> Image:
    # As large as a photograph and as soft as a lens draws: of a small one with hard steps the encoder blurs all but
    # the first frame.
    rng = np.random.default_rng(3)
    blocks = cv2.resize(rng.integers(60, 200, (12, 16, 3), np.uint8), (640, 480), interpolation=cv2.INTER_NEAREST)
    blocks[:120] = 235
    grain = cv2.resize(rng.normal(0, 12, (240, 320, 1)).astype(np.float32), (640, 480))[..., None]
    return np.asarray(cv2.GaussianBlur(np.clip(blocks + grain, 0, 255).astype(np.uint8), (0, 0), 0.8), np.uint8)


def saved(folder: Path, picture: Image) -> Path:
    path = folder / "street.png"
    cv2.imwrite(str(path), picture)
    return path


@pytest.mark.parametrize(
    ("rows", "issues"),
    [
        pytest.param([("litter", (0.1, 0.5, 0.2, 0.6)), ("litter", (0.22, 0.5, 0.3, 0.6))], ["litter"], id="one heap"),
        pytest.param([("litter", (0.1, 0.5, 0.2, 0.6)), ("litter", (0.6, 0.5, 0.7, 0.6))], ["litter"] * 2, id="two"),
        pytest.param(
            [("bin_overflowing", (0.1, 0.5, 0.2, 0.6)), ("bin_overflowing", (0.2, 0.5, 0.3, 0.6))],
            ["bin_overflowing"] * 2,
            id="bins side by side are two",
        ),
        pytest.param([("pothole", (0.1, 0.5, 0.2, 0.6))], ["path_damaged"], id="a hole"),
        pytest.param([("bin", (0.1, 0.5, 0.2, 0.6)), ("tree", (0.6, 0.1, 0.9, 0.6))], [], id="nothing wrong"),
    ],
)
def test_labels_say_what_is_wrong(rows: list[tuple[str, tuple[float, float, float, float]]], issues: list[str]) -> None:
    assert [issue for issue, _ in issues_of([Row(*row) for row in rows])] == issues


def test_a_heap_spans_all_its_labels() -> None:
    ends = [Row("litter", (x, 0.5, x + 0.1, 0.6)) for x in (0.1, 0.36, 0.23)]
    ((_, whole),) = issues_of(ends)
    assert whole.as_list() == pytest.approx([0.1, 0.5, 0.46, 0.6])


def test_no_two_frames_are_the_same_and_none_is_far_from_the_photograph() -> None:
    frames = list(as_camera(street(), np.random.default_rng(1)))
    assert len({frame.tobytes() for frame in frames}) == len(frames) == 100
    assert max(np.abs(frame.astype(int) - street()).mean() for frame in frames) < 20


def test_a_clip_has_its_truth_beside_it_and_its_camera_is_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photographs, "SECONDS", 6.0)
    clip = film(saved(tmp_path, street()), [Row("pothole", (0.4, 0.6, 0.6, 0.8))], tmp_path / "out", seed=1)
    assert clip is not None
    truth = read_truth(clip.with_suffix(".truth.json"))
    assert [(i.issue, i.end_s) for i in truth.issues] == [("path_damaged", 6.0)]
    health = HealthCheck("cam")
    looks = [health.look(frame, LightState.DAY) for frame in open_source(str(clip)).frames(1.0)]
    assert len(looks) == 6
    assert not [o for look in looks for o in look.observations if o.presence is Presence.PRESENT]


def test_a_photograph_on_its_side_is_left_out(tmp_path: Path) -> None:
    assert film(saved(tmp_path, np.rot90(street(), -1)), [], tmp_path / "out", seed=1) is None


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> None:
    monkeypatch.setattr(photographs, "SECONDS", 0.4)
    monkeypatch.setattr("sys.argv", ["photographs", *args])
    photographs.main()


def test_a_set_is_filmed_under_its_own_class_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("images", "labels"):
        (tmp_path / "mine" / part / "val").mkdir(parents=True)
    saved(tmp_path / "mine" / "images" / "val", street())
    (tmp_path / "mine" / "labels" / "val" / "street.txt").write_text("1 0.5 0.7 0.2 0.2\n0 0.2 0.7 0.2 0.2\n")
    (tmp_path / "mine" / "data.yaml").write_text("names: [hydrant, puddle]\nval: images/val\n")
    run(monkeypatch, str(tmp_path / "mine"), str(tmp_path / "out"))
    truth = read_truth(tmp_path / "out" / "street.truth.json")
    assert [i.issue for i in truth.issues] == ["path_flooded"]


@pytest.mark.parametrize("broken", [pytest.param(False, id="no photographs"), pytest.param(True, id="a broken one")])
def test_a_poor_set_gets_one_clear_line(
    broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "images" / "val").mkdir(parents=True)
    if broken:
        (tmp_path / "images" / "val" / "a.jpg").write_text("none")
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, str(tmp_path), str(tmp_path / "out"))
    assert stopped.value.code == 1
    assert len(capsys.readouterr().err.splitlines()) == 1

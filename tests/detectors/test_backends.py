"""Runtimes: the same boxes from each, exported once, with a clean way back to torch."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import ready
from detectors.backends import load_detector
from detectors.backends.exporting import GRAPH_BACKENDS, exported, installed, same
from detectors.backends.fitting import NMS_IOU, as_input, detections_from, fit, suppress
from detectors.backends.torch_backend import TorchDetector
from detectors.catalogue.entries import ResolvedModel, bundled
from detectors.errors import ModelError
from detectors.training.classes import CLASSES
from detectors.training.scoring import overlaps
from detectors.values import Detections, Image
from tests.detectors.fakes import ScriptedDetector

CLIP = Path(__file__).parents[2] / "sample_media" / "clips" / "riverside_day_clean.mp4"


def quiet(_: str) -> None:
    return None


def test_pictures_are_worked_on_in_one_thread_where_a_detector_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "load_detector", lambda *_, **__: ScriptedDetector())
    cv2.setNumThreads(2)
    ready.detector_in_use(tmp_path)
    assert cv2.getNumThreads() == 1


@pytest.fixture(scope="module")
def frame() -> Image:
    ok, image = cv2.VideoCapture(str(CLIP)).read()
    assert ok
    return np.asarray(image, np.uint8)


@pytest.fixture(scope="module")
def by_torch() -> TorchDetector:
    return TorchDetector(bundled())


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.skipif(not installed(n), reason="not installed")) for n in GRAPH_BACKENDS],
)
def test_each_runtime_finds_what_torch_finds(name: str, models: Path, frame: Image, by_torch: TorchDetector) -> None:
    detector = load_detector(bundled(), name, cache=models)
    assert detector.backend == name
    assert detector.classes == CLASSES
    turned = np.ascontiguousarray(np.rot90(frame))
    wanted, found = by_torch.predict([frame, turned], 0.1, 640), detector.predict([frame, turned], 0.1, 640)
    assert len(wanted[0]) > 3, "the clip shows lamps, trees and benches"
    assert all(same(a, b) for a, b in zip(wanted, found, strict=True))


def test_an_export_is_made_once_and_leaves_the_weights_folder_alone(models: Path) -> None:
    before = sorted(p.name for p in bundled().path.parent.iterdir())
    load_detector(bundled(), "auto", cache=models)
    said: list[str] = []
    graph, verdict = exported(bundled(), models, said.append)
    assert said == []
    assert graph.is_file()
    assert "torch" in verdict.usable
    assert sorted(p.name for p in bundled().path.parent.iterdir()) == before


def test_what_the_exporting_process_says_of_a_file_is_said_here(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"broken\.pt") as told:
        exported(ResolvedModel("broken", broken, {}), tmp_path / "cache", quiet)
    assert "ended with" not in str(told.value)


def test_an_exporting_process_that_dies_gives_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(ModelError, match="its process ended with 1"):
        exported(bundled(), tmp_path, quiet)


def test_without_a_cache_torch_runs_it() -> None:
    assert load_detector(bundled()).backend == "torch"


def test_a_cache_that_cannot_be_written_falls_back_to_torch(tmp_path: Path) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where a folder should be")
    said: list[str] = []
    assert load_detector(bundled(), "auto", cache=blocked, notice=said.append).backend == "torch"
    assert len(said) == 2
    assert said[-1].startswith("Detecting with torch")


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ModelError, match="one of auto, torch"):
        load_detector(bundled(), "abacus")


@pytest.mark.parametrize("content", [pytest.param(b"", id="empty"), pytest.param(b"not a graph" * 50, id="garbage")])
@pytest.mark.parametrize("name", [n for n in GRAPH_BACKENDS if installed(n)])
def test_a_damaged_graph_is_named(tmp_path: Path, content: bytes, name: str) -> None:
    graph = tmp_path / "mine.onnx"
    graph.write_bytes(content)
    with pytest.raises(ModelError, match=r"mine\.onnx"):
        load_detector(ResolvedModel("mine", graph, {}), name)


def test_names_are_mapped(frame: Image) -> None:
    model = ResolvedModel("renamed", bundled().path, {"tree": "shrub"})
    detector = load_detector(model, "torch")
    names = set(detector.predict([frame], 0.1, 640)[0].names)
    assert "shrub" in names
    assert "tree" not in names
    assert "shrub" in detector.classes


def test_no_pictures_no_detections(by_torch: TorchDetector) -> None:
    assert by_torch.predict([], 0.1, 640) == []


@given(st.integers(16, 900), st.integers(16, 900), st.sampled_from([160, 320, 640]))
@settings(max_examples=60, deadline=None)
def test_a_box_survives_fitting_and_coming_back(w: int, h: int, size: int) -> None:
    padded, fitted = fit(np.zeros((h, w, 3), np.uint8), size)
    assert padded.shape[0] % 32 == 0
    assert padded.shape[1] % 32 == 0
    assert max(padded.shape) < size + 32
    cx, cy = w / 2 * fitted.scale + fitted.left, h / 4 * fitted.scale + fitted.top
    output = np.array([[cx], [cy], [w / 4 * fitted.scale], [h / 4 * fitted.scale], [0.9]], np.float32)
    found = detections_from(output, fitted, {0: "bin"}, {}, 0.5)
    np.testing.assert_allclose(found.boxes[0], [0.375, 0.125, 0.625, 0.375], atol=1e-4)


def test_input_is_rgb_in_0_to_1() -> None:
    image = np.zeros((32, 64, 3), np.uint8)
    image[..., 0] = 255
    made = as_input(image)
    assert made.shape == (1, 3, 32, 64)
    assert made[0, 2].min() == 1.0
    assert made[0, :2].max() == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.integers(1, 30), st.integers(0, 2)),
        min_size=1,
        max_size=25,
    )
)
def test_suppression_keeps_the_best_of_each_place(rows: list[tuple[int, int, int, int, int]]) -> None:
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h, _ in rows], np.float32)
    classes = np.array([r[4] for r in rows])
    kept = suppress(corners, classes)
    iou = overlaps(corners, corners)
    assert kept[0] == 0
    for i in range(len(rows)):
        rivals = [k for k in kept if k < i and classes[k] == classes[i] and iou[k, i] > NMS_IOU]
        assert (i in kept) == (not rivals)


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        pytest.param([("bin", 0.9, (0.1, 0.1, 0.2, 0.2))], True, id="identical"),
        pytest.param([("bin", 0.895, (0.101, 0.1, 0.2, 0.2))], True, id="rounding"),
        pytest.param([("bin", 0.6, (0.1, 0.1, 0.2, 0.2))], False, id="another score"),
        pytest.param([("bin", 0.9, (0.3, 0.1, 0.4, 0.2))], False, id="another place"),
        pytest.param([("tree", 0.9, (0.1, 0.1, 0.2, 0.2))], False, id="another class"),
        pytest.param([], False, id="missing"),
        pytest.param([("bin", 0.9, (0.1, 0.1, 0.2, 0.2)), ("bin", 0.1, (0.6, 0.6, 0.7, 0.7))], True, id="at the edge"),
        pytest.param([("bin", 0.9, (0.1, 0.1, 0.2, 0.2)), ("bin", 0.5, (0.6, 0.6, 0.7, 0.7))], False, id="one more"),
    ],
)
def test_sameness(other: list, alike: bool) -> None:
    assert same(Detections.of([("bin", 0.9, (0.1, 0.1, 0.2, 0.2))]), Detections.of(other)) is alike

"""`evaluate-detector`: scores on a set in YOLO format, and clear lines for what cannot be read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import yaml
from ultralytics.nn.tasks import SegmentationModel

from detectors.backends import load_detector
from detectors.catalogue.entries import ResolvedModel, bundled
from detectors.errors import LamplighterError
from detectors.training.evaluate import evaluate_detector, read_data_file
from detectors.values import Image

CLIP = Path(__file__).parents[2] / "sample_media" / "clips" / "riverside_day_clean.mp4"


@pytest.fixture(scope="module")
def frame() -> Image:
    ok, image = cv2.VideoCapture(str(CLIP)).read()
    assert ok
    return np.asarray(image, np.uint8)


@pytest.fixture
def data(tmp_path: Path, frame: Image) -> Path:
    """One picture whose labels are what the detector finds, under names in another order, one of them unknown."""
    names = ["unicorn", "Tree", "street light"]
    found = load_detector(bundled(), "torch").predict([frame], 0.05, 640)[0].named("tree", "street_light")
    assert len(found) > 2
    lines = ["0 0.5 0.5 0.1 0.1"]
    for name, _, box in found:
        number = {"tree": 1, "street_light": 2}[name]
        x0, y0, x1, y1 = box.as_list()
        lines.append(f"{number} {(x0 + x1) / 2} {(y0 + y1) / 2} {x1 - x0} {y1 - y0}")
    for folder in ("images", "labels"):
        (tmp_path / folder / "val").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "images" / "val" / "a.png"), frame)
    (tmp_path / "labels" / "val" / "a.txt").write_text("\n".join(lines))
    file = tmp_path / "data.yaml"
    file.write_text(yaml.safe_dump({"path": ".", "val": "images/val", "names": names}))
    return file


def test_classes_are_matched_by_name_and_extra_ones_ignored_with_a_notice(data: Path) -> None:
    said: list[str] = []
    result = evaluate_detector(data, notice=said.append)
    assert (result["model"], result["images"]) == ("lamplighter-n", 1)
    assert set(result["classes"]) <= {"tree", "street_light"}
    for score in result["classes"].values():
        assert set(score) == {"map50", "map50_95", "precision", "recall", "images", "instances"}
        assert score["map50"] > 0.9
    assert len(said) == 1
    assert "unicorn" in said[0]


def test_another_runtime_gives_the_same_scores(data: Path, models: Path) -> None:
    quick = evaluate_detector(data, cache=models)
    for name, score in evaluate_detector(data)["classes"].items():
        assert quick["classes"][name] == pytest.approx(score, abs=0.01)


def test_nothing_is_written(data: Path) -> None:
    before = sorted(data.parent.rglob("*"))
    evaluate_detector(data)
    assert sorted(data.parent.rglob("*")) == before


def test_the_picture_list_may_be_a_text_file(data: Path) -> None:
    (data.parent / "val.txt").write_text("images/val/a.png\n")
    data.write_text(yaml.safe_dump({"val": "val.txt", "names": {0: "unicorn", 1: "tree", 2: "street_light"}}))
    assert evaluate_detector(data)["images"] == 1


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param("names: [tree]", "no `val`", id="no part"),
        pytest.param("val: images/val", "not a YOLO data file", id="no names"),
        pytest.param("names: {a: tree}\nval: images/val", "not a YOLO data file", id="classes without numbers"),
        pytest.param("[1, 2", "not a YOLO data file", id="not YAML"),
        pytest.param("names: [tree]\nval: nowhere", "no pictures in", id="no pictures"),
        pytest.param("names: [unicorn]\nval: images/val", "none of its classes", id="nothing in common"),
    ],
)
def test_a_bad_data_file_gives_one_line(data: Path, content: str, match: str) -> None:
    data.write_text(content)
    with pytest.raises(LamplighterError, match=match) as failure:
        evaluate_detector(data)
    assert "\n" not in str(failure.value)


def test_a_missing_data_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match=r"none\.yaml"):
        read_data_file(tmp_path / "none.yaml")


def test_an_unreadable_picture_is_named(data: Path) -> None:
    (data.parent / "images" / "val" / "b.jpg").write_text("not a picture")
    with pytest.raises(LamplighterError, match=r"b\.jpg"):
        evaluate_detector(data)


def test_truncated_weights_are_named(data: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pt"
    cut.write_bytes(bundled().path.read_bytes()[:200_000])
    with pytest.raises(LamplighterError, match=r"cut\.pt.*damaged"):
        evaluate_detector(data, ResolvedModel("cut", cut, {}))


def test_a_model_of_another_task_is_refused(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "masks.pt"
    torch.save({"model": SegmentationModel("yolo26n-seg.yaml", nc=2, verbose=False).half(), "epoch": -1}, other)
    with pytest.raises(LamplighterError, match="segment"):
        evaluate_detector(data, ResolvedModel("masks", other, {}))

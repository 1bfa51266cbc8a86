"""People and cars on CamVid's streets: boxes from masks, and whose detections count."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from detectors.training import street_masks
from detectors.training.street_masks import lamps_on_poles, main, streets, without_bicyclists
from detectors.values import Detections
from tests.detectors.fakes import ScriptedDetector
from tests.detectors.masks import BICYCLIST, PERSON, POLE, mask_with


def folder_with(root: Path, masks: list[np.ndarray]) -> Path:
    for part in ("images", "masks"):
        (root / part / "val").mkdir(parents=True)
    for n, mask in enumerate(masks):
        cv2.imwrite(str(root / "images" / "val" / f"f{n}.png"), np.full((120, 160, 3), 90, np.uint8))
        cv2.imwrite(str(root / "masks" / "val" / f"f{n}.png"), mask)
    return root


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        pytest.param((0.1, 0.25, 0.2, 0.75), False, id="on the bicyclist"),
        pytest.param((0.1, 0.25, 0.6, 0.75), True, id="the bicyclist is a small part of it"),
        pytest.param((0.6, 0.25, 0.7, 0.75), True, id="elsewhere"),
    ],
)
def test_what_is_seen_of_bicyclists_does_not_count(box: tuple[float, ...], kept: bool) -> None:
    found = Detections.of([("person", 0.9, box)])
    assert len(without_bicyclists(found, mask_with(BICYCLIST, (16, 30, 32, 90))).names) == kept


@pytest.mark.parametrize(
    ("score", "box", "on"),
    [
        pytest.param(0.5, (0.1, 0.2, 0.2, 0.8), [True], id="on the pole"),
        pytest.param(0.5, (0.5, 0.2, 0.6, 0.8), [False], id="on the edge of a house"),
        pytest.param(0.5, (0.1, 0.2, 0.2, 1.0), [True], id="reaches a little farther down"),
        pytest.param(0.5, (0.05, 0.7, 0.3, 1.0), [False], id="a pole ends in it"),
        pytest.param(0.2, (0.1, 0.2, 0.2, 0.8), [], id="below the threshold"),
    ],
)
def test_lamps_stand_on_poles(score: float, box: tuple[float, ...], on: list[bool]) -> None:
    found = Detections.of([("street_light", score, box), ("person", 0.9, box)])
    assert lamps_on_poles(found, mask_with(POLE, (20, 24, 24, 96)), 0.3) == on


def test_each_second_picture_is_scored(tmp_path: Path) -> None:
    masks = [mask_with(PERSON, (10, 20, 30, 80))] * 5
    assert [truth.picture.stem for truth, _ in streets(folder_with(tmp_path, masks))] == ["f0", "f2", "f4"]


def test_the_command_prints_a_row_for_each_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Detections.of([("person", 0.9, (10 / 160, 20 / 120, 30 / 160, 80 / 120))])
    monkeypatch.setattr(street_masks, "load_detector", lambda *_, **__: ScriptedDetector([person]))
    done = CliRunner().invoke(main, [str(folder_with(tmp_path, [mask_with(PERSON, (10, 20, 30, 80))]))])
    assert done.exit_code == 0
    assert [line.split()[:3] for line in done.output.splitlines()[2:3]] == [["person", "1", "0.995"]]


def test_lamps_of_a_model_that_comes_without_thresholds_count_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = Detections.of([("street_light", 0.4, (0.5, 0.2, 0.6, 0.8))])
    monkeypatch.setattr(street_masks, "load_detector", lambda *_, **__: ScriptedDetector([lamp]))
    done = CliRunner().invoke(main, [str(folder_with(tmp_path, [mask_with(POLE, (20, 24, 24, 96))]))])
    assert "street_light from 0.250 up: 1 found, 0 of them on a pole" in done.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda root: (root / "masks" / "val" / "f0.png").unlink(), "no mask that can be read", id="mask"),
        pytest.param(lambda root: (root / "images" / "val" / "f0.png").unlink(), "no pictures", id="pictures"),
    ],
)
def test_a_folder_that_lacks_something_gets_one_clear_line(tmp_path: Path, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    root = folder_with(tmp_path, [mask_with(PERSON, (10, 20, 30, 80))])
    spoil(root)
    done = CliRunner().invoke(main, [str(root)])
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output

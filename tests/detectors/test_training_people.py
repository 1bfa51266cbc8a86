"""People and cars of CamVid's masks, and whom of them a checkpoint missed."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.training.people import boxes_of, missed_people, read_mask
from detectors.training.recipe import build
from detectors.training.samples import Row
from tests.detectors.masks import BICYCLIST, CAR, PERSON, mask_with


@pytest.mark.parametrize(
    ("mask", "names"),
    [
        pytest.param(mask_with(PERSON, (10, 20, 30, 80)), ["person"], id="somebody"),
        pytest.param(mask_with(PERSON, (10, 20, 30, 80), (90, 20, 99, 80)), ["person"] * 2, id="two apart"),
        pytest.param(mask_with(PERSON, (10, 20, 30, 80), (29, 30, 50, 80)), ["person"], id="side by side are one part"),
        pytest.param(mask_with(PERSON, (10, 20, 30, 40)), [], id="a speck"),
        pytest.param(mask_with(CAR, (10, 20, 90, 60)), ["car"], id="a car"),
        pytest.param(mask_with(BICYCLIST, (10, 20, 30, 80)), [], id="somebody on a bicycle"),
    ],
)
def test_boxes_are_the_connected_parts_of_a_mask(mask: np.ndarray, names: list[str]) -> None:
    assert [row.name for row in boxes_of(mask)] == names


def test_a_box_bounds_its_part() -> None:
    (row,) = boxes_of(mask_with(PERSON, (16, 30, 32, 90)))
    assert row.box == pytest.approx((0.1, 0.25, 0.2, 0.75))


@pytest.mark.parametrize(
    ("mask", "known", "missed"),
    [
        pytest.param(mask_with(PERSON, (16, 30, 32, 90)), [], 1, id="somebody nobody saw"),
        pytest.param(mask_with(PERSON, (16, 30, 32, 90)), [("person", (0.1, 0.25, 0.2, 0.75))], 0, id="seen"),
        pytest.param(mask_with(PERSON, (16, 30, 32, 90)), [("person", (0.12, 0.3, 0.18, 0.5))], 0, id="half seen"),
        pytest.param(mask_with(PERSON, (16, 30, 32, 90)), [("car", (0.1, 0.25, 0.2, 0.75))], 1, id="called a car"),
        pytest.param(mask_with(PERSON, (16, 30, 32, 90)), [("person", (0.6, 0.25, 0.7, 0.75))], 1, id="another seen"),
        pytest.param(mask_with(PERSON, (16, 30, 90, 90)), [], 0, id="several side by side"),
        pytest.param(mask_with(PERSON, (16, 10, 22, 110)), [], 0, id="a strip beside a pole"),
        pytest.param(mask_with(CAR, (16, 30, 32, 90)), [], 0, id="a car"),
        pytest.param(mask_with(BICYCLIST, (16, 30, 32, 90)), [], 0, id="a bicyclist"),
    ],
)
def test_people_are_missed_when_nobody_knows_them(
    mask: np.ndarray, known: list[tuple[str, tuple[float, float, float, float]]], missed: int
) -> None:
    assert len(missed_people(mask, [Row(name, box) for name, box in known])) == missed


def test_a_set_with_masks_is_completed_by_its_people(tmp_path: Path) -> None:
    for split in ("train", "val"):
        (tmp_path / "data" / "camvid" / "images" / split).mkdir(parents=True)
        (tmp_path / "data" / "camvid" / "masks" / split).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "data/camvid/images" / split / "a.jpg"), np.full((120, 160, 3), 90, np.uint8))
        cv2.imwrite(str(tmp_path / "data/camvid/masks" / split / "a.png"), mask_with(PERSON, (16, 30, 32, 90)))
    build(tmp_path / "data", tmp_path / "out", notice=lambda _: None)
    labels = sorted((tmp_path / "out" / "labels").rglob("camvid__a.txt"))
    assert [len(file.read_text(encoding="utf-8").splitlines()) for file in labels] == [1, 1]


def test_a_mask_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(LamplighterError, match=r"a\.png: no mask that can be read"):
        read_mask(tmp_path / "a.png")

"""Lamps in photographs that the judge of gone lamps learns from."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.training.judges.examples import HELD_BACK, Example
from detectors.training.judges.street_lamps import photographed_lamps
from detectors.training.sources import CAMVID_LAMPS

MARKED: dict[str, list[list[float]]] = json.loads(CAMVID_LAMPS.read_text(encoding="utf-8"))


def photograph(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.random.default_rng(seed).integers(0, 255, (360, 480, 3), np.uint8))


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    folder = tmp_path_factory.mktemp("photographs")
    for drive in ("0016E5", "0001TP"):
        photograph(folder / "camvid" / "images" / "train" / f"{next(n for n in MARKED if drive in n)}.png", 1)
    photograph(folder / "camvid" / "images" / "train" / "0016E5_nothing_marked.png", 2)
    for number in range(10):
        photograph(folder / "trees" / "images" / "train" / f"tree_{number}.jpg", number)
    return list(photographed_lamps(folder, np.random.default_rng(3)))


def of_group(examples: list[Example], group: str) -> list[Example]:
    return [e for e in examples if e.group == group]


@pytest.mark.parametrize(
    ("group", "target"),
    [
        pytest.param("real, stands", 0.0, id="a marked lamp stands"),
        pytest.param("real, beside one", 1.0, id="none stands beside it"),
        pytest.param("drawn, stands", 0.0, id="a drawn lamp stands"),
        pytest.param("photograph, none", 1.0, id="none stood there before it was drawn"),
    ],
)
def test_each_kind_is_cut_with_its_answer(examples: list[Example], group: str, target: float) -> None:
    found = of_group(examples, group)
    assert found
    assert {e.target for e in found} == {target}


def test_a_drawn_lamp_is_shown_in_its_outline_only_where_it_stands(examples: list[Example]) -> None:
    drawn, none = of_group(examples, "drawn, stands"), of_group(examples, "photograph, none")
    assert [e.scene for e in drawn] == [e.scene for e in none]
    assert all(not np.array_equal(a.crop, b.crop) for a, b in zip(drawn, none, strict=True))


def test_one_drive_and_each_fifth_photograph_are_held_back(examples: list[Example]) -> None:
    held = {e.scene.removeprefix(HELD_BACK) for e in examples if e.scene.startswith(HELD_BACK)}
    trained = {e.scene for e in examples if not e.scene.startswith(HELD_BACK)}
    assert any(scene.startswith("0001TP") for scene in held)
    assert {scene for scene in held if not scene.startswith("0001TP")} <= {"tree_0", "tree_5"}
    assert held & {"tree_0", "tree_5"}
    assert any("0016E5" in scene for scene in trained)
    assert not any("0001TP" in scene for scene in trained)


def test_pictures_without_a_marked_lamp_are_left_out(examples: list[Example]) -> None:
    assert not any("nothing_marked" in e.scene for e in examples)

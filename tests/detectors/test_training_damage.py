"""The judge of damage: its examples from stills and photographs, and the shade that is drawn on them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.inspectors.body_crops import ground_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.damage import DAMAGE, UNHARMED, damage
from detectors.training.judges.examples import HELD_BACK
from detectors.training.judges.shade import shaded
from detectors.values import Detections, Image

SCENES = 6
HIGH, WIDE = 360, 640
HOLE, LEAF = Box(0.2, 0.6, 0.35, 0.72), Box(0.6, 0.7, 0.7, 0.78)
CAMERA = {"z": 5.0, "pitch": 20.0, "lens": 30.0}


class Claiming:
    """A detector that calls two places of every picture holes: where one is, and where none is."""

    def predict(self, images: list[Image], min_score: float, image_size: int) -> list[Detections]:
        rows = [("pothole", 0.6, HOLE.as_list()), ("crack", 0.1, LEAF.as_list()), ("litter", 0.9, (0.8, 0.8, 0.9, 0.9))]
        return [Detections.of(rows) for _ in images]


@pytest.fixture(autouse=True)
def detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.training.judges.damage.load_detector", lambda *_, **__: Claiming())


def harmed(seed: int) -> Image:
    """Grey ground with a black hole and a pale leaf."""
    picture = np.random.default_rng(seed).normal(150, 4, (HIGH, WIDE, 3)).clip(0, 255).astype(np.uint8)
    for box, colour in ((HOLE, (15, 15, 15)), (LEAF, (90, 200, 210))):
        x0, y0, x1, y1 = box.pixels(WIDE, HIGH)
        cv2.ellipse(picture, ((x0 + x1) // 2, (y0 + y1) // 2), ((x1 - x0) // 2, (y1 - y0) // 2), 0, 0, 360, colour, -1)
    return picture


def row(number: int, box: Box) -> str:
    x, y = box.centre
    return f"{number} {x} {y} {box.width} {box.height}"


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    folder = tmp_path / "stills"
    for kind in ("images", "labels", "masks", "json"):
        (folder / kind).mkdir(parents=True)
    mask = np.zeros((HIGH, WIDE), np.uint8)  # sky
    mask[HIGH // 2 :] = 1  # path
    for k in range(SCENES):
        cv2.imwrite(str(folder / "images" / f"s{k}_0.jpg"), harmed(k))
        cv2.imwrite(str(folder / "masks" / f"s{k}_0.png"), mask)
        (folder / "labels" / f"s{k}_0.txt").write_text("\n".join([row(6, HOLE), row(5, LEAF)]))
        (folder / "json" / f"s{k}_0.json").write_text(json.dumps({"plan": {"camera": CAMERA}}))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Twelve photographs of a hole, and as many of a street without a label."""
    for part in ("train", "val"):
        for folder in ("potholes/images", "potholes/labels", "camvid/images", "camvid/masks"):
            (tmp_path / folder / part).mkdir(parents=True)
        mask = np.zeros((HIGH, WIDE), np.uint8)
        mask[HIGH // 2 :] = 3  # road
        for k in range(12):
            cv2.imwrite(str(tmp_path / "potholes/images" / part / f"a{k}.jpg"), harmed(k))
            (tmp_path / "potholes/labels" / part / f"a{k}.txt").write_text(row(0, HOLE))
            cv2.imwrite(str(tmp_path / "camvid/images" / part / f"b{k}.png"), harmed(k))
            cv2.imwrite(str(tmp_path / "camvid/masks" / part / f"b{k}.png"), mask)
    return tmp_path


def test_a_trained_judge_tells_holes_from_leaves(stills: Path, tmp_path: Path) -> None:
    graph = train_judge(stills, tmp_path / "out", judge="damage", epochs=30, notice=lambda _: None)
    odds = StateModel(graph).judge([ground_crop(harmed(9), box) for box in (HOLE, LEAF)])
    assert (odds[:, 1] > 0.5).tolist() == [True, False]


def test_the_same_stills_give_the_same_examples(stills: Path) -> None:
    first, second = (damage(stills, None, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.crops, second.crops)
    states = {group: set(first.targets[first.groups == group].tolist()) for group in set(first.groups.tolist())}
    sound = ("ground", "ground in shade", "claims", "claims in shade", "covers", "other things")
    assert states == {
        **{f"rendered {name}": {UNHARMED} for name in sound},
        **{f"rendered {name}": {DAMAGE} for name in ("holes", "holes in shade")},
    }


def test_covers_let_into_the_ground_of_stills_are_no_damage(stills: Path) -> None:
    about = {"plan": {"camera": CAMERA}, "covers": [LEAF.as_list()]}
    (stills / "json" / "s0_0.json").write_text(json.dumps(about))
    examples = damage(stills, None, np.random.default_rng(3))
    states = {
        (group, target)
        for group, target in zip(examples.groups.tolist(), examples.targets.tolist(), strict=True)
        if "let in" in group
    }
    assert states == {("rendered covers let in", UNHARMED), ("rendered covers let in in shade", UNHARMED)}


def test_what_is_claimed_where_damage_is_labelled_is_not_told_as_none(stills: Path, photographs: Path) -> None:
    examples = damage(stills, photographs, np.random.default_rng(3))
    counts = Counter(examples.groups.tolist())
    assert counts["rendered claims"] == SCENES  # the leaf alone
    assert counts["photographed claims"] == 12 + 2 * 6  # the leaf of all; where no set labels damage, the hole as well


def test_one_photograph_in_five_of_the_training_part_is_held_back_and_val_is_not_read(
    stills: Path, photographs: Path
) -> None:
    for folder in ("potholes/images", "camvid/images"):
        for picture in (photographs / folder / "val").iterdir():
            picture.write_bytes(b"nothing that can be read")
    scenes = set(damage(stills, photographs, np.random.default_rng(3)).scenes.tolist())
    held = {scene for scene in scenes if scene.startswith(HELD_BACK)}
    assert 0 < len(held) < len(scenes) / 2
    assert {scene.split("/")[0] for scene in scenes if "/" in scene} == {"train", HELD_BACK.rstrip("/")}


@pytest.mark.parametrize("seed", range(6))
def test_shade_only_darkens_the_ground_and_leaves_some_of_its_light(seed: int) -> None:
    ground = np.full((HIGH, WIDE, 3), 150, np.uint8)
    drawn = shaded(ground, np.random.default_rng(seed))
    assert (drawn <= ground).all()
    assert (drawn < 130).any()
    assert drawn.min() > 30


def test_stills_without_masks_are_refused(stills: Path, tmp_path: Path) -> None:
    for mask in (stills / "masks").iterdir():
        mask.unlink()
    with pytest.raises(LamplighterError, match="no stills with masks"):
        train_judge(stills, tmp_path / "out", judge="damage", notice=lambda _: None)

"""The surface model's training: masks under our names, scores by source, weights that look."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.surfaces import SURFACES, SurfaceMap, load_surfaces
from detectors.training import train_surface_model
from detectors.training.run import SURFACE_OPTIONS
from detectors.training.surface_run import score_surfaces
from detectors.training.surface_set import UNTAUGHT, build_surfaces, pictures_of, read_mask
from detectors.values import Image

SKY, ROAD, CAR = 0, 3, 8
"""Numbers of a CamVid mask."""
TREE_CLASS, PERSON_CLASS = 1, 10


def quiet(_: str) -> None:
    return None


def number(name: str) -> int:
    return SURFACES.index(name)


def street(folder: Path, part: str, name: str) -> None:
    """A picture of bright sky over a dark road with a car on it, and its mask."""
    picture, mask = np.full((64, 96, 3), 60, np.uint8), np.full((64, 96), ROAD, np.uint8)
    picture[:32], mask[:32] = (250, 220, 200), SKY
    mask[40:50, 40:60] = CAR
    for kind, suffix, content in (("images", "png", picture), ("masks", "png", mask)):
        (folder / kind / part).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / kind / part / f"{name}.{suffix}"), content)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("surfaces")
    for i in range(40):
        street(root / "camvid", "train", f"frame{i:02d}")
    street(root / "camvid", "val", "unseen")
    return root


def still(folder: Path, name: str) -> None:
    """A still of lawn with one thing on it that is a tree, and one that is a person before it."""
    mask = np.full((50, 100), 3, np.uint8)
    mask[10:40, 20:60] = 255
    for kind in ("images", "masks", "labels", "json"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "images" / f"{name}.png"), np.full((50, 100, 3), 90, np.uint8))
    cv2.imwrite(str(folder / "masks" / f"{name}.png"), mask)
    rows = [f"{TREE_CLASS} 0.4 0.5 0.4 0.6", f"{PERSON_CLASS} 0.55 0.5 0.1 0.6"]
    (folder / "labels" / f"{name}.txt").write_text("\n".join(rows))
    (folder / "json" / f"{name}.json").write_text(json.dumps({"seed": name}))


def test_masks_are_renumbered_and_things_in_front_are_not_taught(data: Path, tmp_path: Path) -> None:
    built = build_surfaces(data, tmp_path / "set", stills=None, notice=quiet).parent
    mask = read_mask(pictures_of(built, "val")[0].mask)
    assert (mask[:32] == number("sky")).all()
    assert (mask[55:] == number("road")).all()
    assert (mask[42:48, 42:58] == UNTAUGHT).all()


def test_things_in_a_tree_s_box_alone_are_vegetation(tmp_path: Path) -> None:
    for seed in range(12):
        still(tmp_path / "stills", str(seed))
    built = build_surfaces(tmp_path, tmp_path / "set", stills=tmp_path / "stills", notice=quiet).parent
    mask = read_mask(pictures_of(built, "train")[0].mask)
    assert mask[25, 30] == number("vegetation")
    assert mask[25, 55] == UNTAUGHT, "a person stands there"
    assert mask[25, 5] == number("lawn")


def test_nothing_to_train_on_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="No masks to train on"):
        build_surfaces(tmp_path, tmp_path / "set", stills=None, notice=quiet)


def test_an_unreadable_mask_is_named(tmp_path: Path) -> None:
    street(tmp_path / "camvid", "train", "a")
    (tmp_path / "camvid" / "masks" / "train" / "a.png").write_text("no mask")
    with pytest.raises(LamplighterError, match=r"a\.png"):
        build_surfaces(tmp_path, tmp_path / "set", stills=None, notice=quiet)


def test_scores_count_taught_pixels_by_source(data: Path, tmp_path: Path) -> None:
    class AllRoad:
        def look(self, image: Image) -> SurfaceMap:
            return SurfaceMap(np.full(image.shape[:2], number("road"), np.uint8))

    built = build_surfaces(data, tmp_path / "set", stills=None, notice=quiet).parent
    road = 32 * 96 - 10 * 20
    assert score_surfaces(AllRoad(), built, "val") == {
        "camvid": {"mean": pytest.approx(road / (road + 32 * 96) / 2, abs=1e-4), "road": pytest.approx(0.483, abs=1e-3)}
        | {"sky": 0.0}
    }


def test_a_short_training_gives_weights_that_look(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    options = replace(SURFACE_OPTIONS, epochs=1, imgsz=160)
    weights = train_surface_model(data, tmp_path, options=options, notice=said.append)
    assert any(line.startswith("epoch 1/1  held-back mean IoU") for line in said)
    assert said[-1].startswith("camvid: mean")
    assert set(json.loads(weights.with_suffix(".json").read_text())["validation_iou"]) == {"camvid"}
    assert load_surfaces(weights).look(np.zeros((64, 96, 3), np.uint8)).classes.shape == (64, 96)
    assert weights.stat().st_size < 8_000_000
    with pytest.raises(LamplighterError, match="all its epochs"):
        train_surface_model(data, tmp_path, options=options, resume=True, notice=quiet)

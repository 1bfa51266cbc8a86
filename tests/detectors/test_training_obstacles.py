"""What stands in the way is labelled in rendered stills, and drawn on copies of training pictures."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.training.classes import CLASSES, INDEX
from detectors.training.obstacles import on_stills, on_streets, standing_rows
from detectors.training.recipe import build
from detectors.training.samples import Row, Sample
from detectors.training.sources import LEFT

CAMERA = {"lens": 28.0, "pitch": 12.0, "z": 4.0}
GROUND = np.ones((180, 320), np.uint8)
GROUND[:90] = 0


def quiet(_: str) -> None:
    return None


def still(folder: Path, name: str, **plan: object) -> Sample:
    for part in ("images", "labels", "masks", "json"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    picture = folder / "images" / f"{name}.jpg"
    cv2.imwrite(str(picture), np.full((180, 320, 3), 150, np.uint8))
    cv2.imwrite(str(folder / "masks" / f"{name}.png"), GROUND)
    (folder / "labels" / f"{name}.txt").write_text(f"{INDEX['bin']} 0.1 0.9 0.1 0.1\n")
    about = {"plan": {"camera": CAMERA, "seed": int(name[1:].split("_")[0])}, **plan}
    (folder / "json" / f"{name}.json").write_text(json.dumps(about))
    return Sample(f"rendered__{name}", picture, "train", [Row("bin", (0.05, 0.85, 0.15, 0.95))], "rendered")


@pytest.mark.parametrize(
    ("plan", "boxes"),
    [
        pytest.param('{"standing": [{"kind": "cones", "box": [0.1, 0.2, 0.3, 0.4]}]}', 1, id="one thing"),
        pytest.param('{"standing": []}', 0, id="nothing"),
        pytest.param("{}", 0, id="its maker did not say"),
        pytest.param(None, 0, id="no plan"),
    ],
)
def test_rows_of_what_was_left(plan: str | None, boxes: int, tmp_path: Path) -> None:
    if plan is not None:
        (tmp_path / "s1_0.json").write_text(plan)
    rows = standing_rows(tmp_path / "s1_0.json")
    assert rows == [Row("obstacle", (0.1, 0.2, 0.3, 0.4))] * boxes


def test_a_damaged_plan_is_named(tmp_path: Path) -> None:
    (tmp_path / "s1_0.json").write_text('{"standing": [{"kind": "cones"}]}')
    with pytest.raises(LamplighterError, match=r"s1_0\.json"):
        standing_rows(tmp_path / "s1_0.json")


def test_things_are_drawn_where_they_are_labelled_and_on_nothing_else(tmp_path: Path) -> None:
    samples = [still(tmp_path, f"s{n}_0") for n in range(12)]
    copies = list(on_stills(samples, tmp_path, np.random.default_rng(3)))
    assert len(copies) >= 6
    for copy, image in copies:
        assert (copy.split, copy.rows[0]) == ("train", samples[0].rows[0])
        things = [r for r in copy.rows if r.name == "obstacle"]
        assert 1 <= len(things) <= 3
        apart = np.abs(image.astype(float) - 150).max(axis=2)
        for row in things:
            x0, y0, x1, y1 = (round(v * s) for v, s in zip(row.box, (320, 180, 320, 180), strict=True))
            assert apart[y0:y1, x0:x1].max() > 20, "something is drawn there"
            assert y1 >= 85, "its foot is on the ground"


def test_validation_stills_get_nothing_drawn(tmp_path: Path) -> None:
    sample = still(tmp_path, "s1_0")
    sample.split = "val"
    assert list(on_stills([sample], tmp_path, np.random.default_rng(3))) == []


def test_things_stand_on_the_road_of_streets(tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    surfaces = np.full((90, 120), 3, np.uint8)
    surfaces[:60] = 0
    samples = []
    for n in range(10):
        cv2.imwrite(str(masks / f"f{n}.png"), surfaces)
        cv2.imwrite(str(tmp_path / f"f{n}.jpg"), np.full((360, 480, 3), 120, np.uint8))
        samples.append(Sample(f"camvid__f{n}", tmp_path / f"f{n}.jpg", "train", [], "camvid", {"tree"}))
    copies = list(on_streets(samples, masks, np.random.default_rng(5)))
    assert len(copies) >= 6
    assert all(row.box[3] > 0.6 for copy, _ in copies for row in copy.rows)
    assert {frozenset(copy.unlabelled) for copy, _ in copies} == {frozenset({"tree"})}


def test_the_recipe_takes_what_was_left_from_beside_the_stills(tmp_path: Path) -> None:
    for n in range(12):
        still(tmp_path / "stills", f"s{n}_0")
        still(tmp_path / LEFT.name, f"s{n}_1", standing=[{"kind": "cones", "box": [0.4, 0.5, 0.5, 0.8]}])
    (tmp_path / "data").mkdir()
    index = build(tmp_path / "data", tmp_path / "out", stills=tmp_path / "stills", notice=quiet)
    named = json.loads((index.parent / "manifest.json").read_text())
    left = [(name, entry["split"]) for name, entry in named.items() if entry["source"] == LEFT.name]
    assert len(left) == 12
    number = CLASSES.index("obstacle")
    for name, split in left:
        lines = (index.parent / "labels" / split / f"{name}.txt").read_text().splitlines()
        assert [line.split()[0] for line in lines] == [str(INDEX["bin"]), str(number)]
    drawn = [name for name, entry in named.items() if entry["source"] == "drawn_obstacles"]
    assert drawn
    shown = (index.parent / "train.txt").read_text()
    assert {shown.count(f"/{name}.jpg") for name, split in left if split == "train"} == {LEFT.repeat}

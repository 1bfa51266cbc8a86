"""The judge of leaning trees: what it is shown of stills, photographs and harmed trees, and a graph at the end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Region
from detectors.inspectors.crops import THING_SIZE, felled_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.branches import drawn
from detectors.training.judges.examples import HELD_BACK, Examples
from detectors.training.judges.leaning import leaning_trees
from detectors.training.judges.outlines import FILE, read_stills
from detectors.training.judges.stances import bent
from detectors.values import Image

SCENES, HIGH, WIDE = 6, 360, 640
TALL, FOOT = 150, 300
TREES = (120, 320, 520)
"""Where a tree stands (px); a plan's camera sees it there."""
CAMERA = {"x": 0.0, "z": 5.6, "yaw": 0.0, "pitch": 13.0, "lens": 26.0, "roll": 0.0}
FOCAL, TILT = CAMERA["lens"] / 36 * WIDE, np.radians(CAMERA["pitch"])
FORM = {"height": 6.0, "crown": 1.6, "species": "broadleaf"}


def quiet(_: str) -> None:
    return None


def planned(x: float, lean: float = 0.0) -> dict[str, object]:
    """A tree of a plan whose foot is so far to the right in the picture, px, and on its row `FOOT`."""
    below = (FOOT - HIGH / 2) / FOCAL
    ahead = CAMERA["z"] * (np.cos(TILT) - below * np.sin(TILT)) / (np.sin(TILT) + below * np.cos(TILT))
    deep = ahead * np.cos(TILT) + CAMERA["z"] * np.sin(TILT)
    tree = {"s": ahead, "t": (x - WIDE / 2) / FOCAL * deep, "form": 0, "turn": 0.0, "scale": 1.0}
    return tree | {"bare": False, "lean": lean, "fallen": False}


def crown(x: float) -> list[list[float]]:
    points = [[-5, 0], [5, 0], [52, -80], [35, -TALL], [-35, -TALL], [-52, -80]]
    return [[(x + a) / WIDE, (FOOT + b) / HIGH] for a, b in points]


def park(seed: int, tilts: tuple[float, ...] = (0.0, 0.0, 0.0)) -> Image:
    rng = np.random.default_rng(seed)
    picture = np.clip(np.array([70, 130, 110]) + rng.integers(-12, 13, (HIGH, WIDE, 3)), 0, 255).astype(np.uint8)
    for x, tilt in zip(TREES, tilts, strict=True):
        picture = drawn(picture, (x, FOOT), TALL, True, rng)
        if tilt:
            picture = bent(picture, np.array(crown(x)) * (WIDE, HIGH), tilt)
    return picture


def write(folder: Path, mode: str = "day", lean: float = 0.0) -> Path:
    """A folder of stills of three trees, of which the last may lean."""
    for kind in ("images", "labels", "json"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    plan = {
        "curve": [0.0, 0.0, 0.0],
        "lamp_style": "globe",
        "lamp_height": 1.0,
        "lamps": [],
        "trees": [planned(x, lean if x == TREES[-1] else 0.0) for x in TREES],
        "camera": CAMERA,
        "bare_season": False,
        "forms": [FORM],
    }
    lines = [f"1 {x / WIDE} {(FOOT - TALL / 2) / HIGH} {104 / WIDE} {TALL / HIGH}" for x in TREES]
    for scene in range(SCENES):
        cv2.imwrite(str(folder / "images" / f"s{scene}_0.jpg"), park(scene, (0.0, 0.0, lean)))
        (folder / "labels" / f"s{scene}_0.txt").write_text("\n".join(lines))
        (folder / "json" / f"s{scene}_0.json").write_text(json.dumps({"plan": plan}))
    (folder / FILE).write_text(json.dumps({f"s{k}": {"mode": mode, "things": []} for k in range(SCENES)}))
    return folder


def groups(examples: Examples) -> dict[str, tuple[int, float]]:
    """How many crops each group has, and their state."""
    return {
        group: (int((examples.groups == group).sum()), float(examples.targets[examples.groups == group].mean()))
        for group in sorted(set(examples.groups.tolist()))
    }


def shown(folder: Path, photographs: Path | None = None) -> Examples:
    return leaning_trees(read_stills(folder, 1), photographs, np.random.default_rng(2))


def test_trees_that_stand_are_shown_as_they_are_and_as_if_they_leant(tmp_path: Path) -> None:
    found = groups(shown(write(tmp_path)))
    assert found["stands"] == (2 * 3 * SCENES, 0.0)
    assert found["stands, bent"] == (3 * SCENES, 1.0)
    assert found["stands, turned"][1] == 1.0
    assert set(found) == {"stands", "stands, bent", "stands, turned"}


def test_one_that_leans_is_shown_in_the_outline_that_it_had_upright(tmp_path: Path) -> None:
    examples = shown(write(tmp_path, lean=15.0))
    assert groups(examples)["leans"] == (6 * SCENES, 1.0)
    # The outline's middle is above the foot, whichever way the tree leans: turned by no more than the crop is.
    for crop in examples.crops[examples.groups == "leans"]:
        columns = np.flatnonzero(crop[..., 3].any(axis=0))
        assert abs((columns[0] + columns[-1]) / 2 - THING_SIZE / 2) < 12


def test_one_that_leans_hardly_is_shown_as_neither(tmp_path: Path) -> None:
    found = groups(shown(write(tmp_path, lean=4.0)))
    assert "leans" not in found
    assert found["stands"] == (2 * 2 * SCENES, 0.0)


def test_by_night_nothing_is_learnt(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one array"):
        shown(write(tmp_path, mode="night"))


def test_photographs_show_trees_that_stand_and_every_fifth_is_held_back(tmp_path: Path) -> None:
    photographs = tmp_path / "photos"
    for kind in ("images", "labels"):
        (photographs / kind / "train").mkdir(parents=True)
    for name in "abcdef":
        cv2.imwrite(str(photographs / "images" / "train" / f"{name}.jpg"), park(3))
        line = f"0 {TREES[0] / WIDE} {(FOOT - TALL / 2) / HIGH} {104 / WIDE} {TALL / HIGH}"
        (photographs / "labels" / "train" / f"{name}.txt").write_text(line)
    examples = shown(write(tmp_path / "stills"), photographs)
    real = np.char.startswith(examples.groups, "photographs")
    assert set(examples.targets[examples.groups == "photographs"].tolist()) == {0.0}
    held = {scene for scene in examples.scenes[real].tolist() if scene.startswith(HELD_BACK)}
    assert held == {f"{HELD_BACK}a", f"{HELD_BACK}f"}


def test_the_command_learns_from_harmed_stills_beside_the_others_and_writes_a_graph(tmp_path: Path) -> None:
    stills, harmed = write(tmp_path / "stills"), tmp_path / "harmed"
    shutil.copytree(stills, harmed)
    (harmed / "registered").mkdir()
    tree = {"kind": "tree", "outline": crown(TREES[0]), "bare": True, "lean": 0.0, "fallen": False, "winter": False}
    (harmed / "registered" / "s0.json").write_text(json.dumps({"mode": "day", "things": [tree]}))
    told: list[str] = []
    graph = train_judge(stills, tmp_path / "out", judge="tree_leans", epochs=1, notice=told.append)
    odds = StateModel(graph).judge([felled_crop(park(9), Region.of(crown(x))) for x in TREES])
    assert odds.shape == (3, 2)
    assert any("harmed: bare" in text for text in told)

"""The judge of outlines in which no tree stands: what it is shown, and a graph at the end."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Region
from detectors.inspectors.crops import THING_SIZE, felled_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.examples import Examples
from detectors.training.judges.felled import felled_trees
from detectors.training.judges.outlines import read_stills
from detectors.values import Image
from tests.detectors.test_training_stances import write_stills

HIGH, WIDE = 180, 480
TREES = (70, 300)
"""Where a tree stands, px from the left; between them there is room for two more."""
TOP, FOOT, HALF = 60, 150, 22
GREEN = (30, 90, 40)


def quiet(_: str) -> None:
    return None


def park(seed: int, trees: tuple[int, ...] = TREES) -> Image:
    rough = np.random.default_rng(seed).integers(-9, 10, (HIGH, WIDE, 3))
    picture = np.clip(np.array([160, 150, 150]) + rough, 0, 255).astype(np.uint8)
    for x in trees:
        cv2.line(picture, (x, TOP + 20), (x, FOOT), (20, 30, 40), 5)
        cv2.ellipse(picture, (x, TOP + 28), (HALF, 28), 0, 0, 360, GREEN, -1)
    return picture


def outline(x: float) -> list[list[float]]:
    corners = ((-HALF, TOP + 28), (-8, TOP), (8, TOP), (HALF, TOP + 28), (4, FOOT), (-4, FOOT))
    return [[(x + side) / WIDE, y / HIGH] for side, y in corners]


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    tall, middle = (FOOT - TOP) / HIGH, (FOOT + TOP) / 2 / HIGH
    lines = [f"1 {x / WIDE} {middle} {2 * HALF / WIDE} {tall}" for x in TREES]
    lines.append(f"9 {390 / WIDE} {165 / HIGH} {90 / WIDE} {16 / HIGH}")  # a tree that lies
    return write_stills(tmp_path / "stills", park, lines, "tree", [outline(x) for x in TREES])


@pytest.fixture
def examples(stills: Path) -> Examples:
    return felled_trees(read_stills(stills, 1), None, np.random.default_rng(0))


def green_of(crops: np.ndarray) -> np.ndarray:
    """Share of each crop's crown, inside the outline, that is green."""
    crown = crops[:, 14:28, 28:36].astype(int)
    return np.asarray((np.abs(crown[..., :3] - GREEN).max(axis=3) < 40).mean(axis=(1, 2)))


@pytest.mark.parametrize(
    ("group", "target"), [("stands", 0.0), ("laid", 0.0), ("taken out", 1.0), ("beside", 1.0), ("fell", 1.0)]
)
def test_a_tree_is_shown_where_it_stands_and_only_there(examples: Examples, group: str, target: float) -> None:
    which = examples.groups == group
    assert examples.crops.shape[1:] == (THING_SIZE, THING_SIZE, 8)
    assert set(examples.targets[which].tolist()) == {target}
    green = green_of(examples.crops[which])
    assert green.min() > 0.7 if target == 0 else green.max() < 0.3


def test_photographs_tell_of_real_trees(stills: Path, tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / "trees" / part / "train").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "trees" / "images" / "train" / "one.jpg"), park(9))
    middle, tall = (FOOT + TOP) / 2 / HIGH, (FOOT - TOP) / HIGH
    lines = [f"0 {x / WIDE} {middle} {2 * HALF / WIDE} {tall}" for x in TREES]
    (tmp_path / "trees" / "labels" / "train" / "one.txt").write_text("\n".join(lines))
    found = felled_trees(read_stills(stills, 1), tmp_path / "trees", np.random.default_rng(0))
    real = [group for group in found.groups.tolist() if group.endswith(", real")]
    assert {"stands, real", "taken out, real"} <= set(real)
    assert "beside, real" not in real  # trees farther off have no labels there


def test_a_trained_judge_tells_empty_outlines(stills: Path, tmp_path: Path) -> None:
    judge = StateModel(train_judge(stills, tmp_path / "out", judge="tree_gone", epochs=24, notice=quiet))
    picture = park(50)
    stands, empty = (
        judge.judge([felled_crop(picture, Region.of(outline(x))) for x in xs])[:, 1] for xs in (TREES, (140, 220))
    )
    assert stands.max() < 0.5 < empty.min()

"""The judge of outlines in which no lamp stands: what it is shown, and a graph at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Region
from detectors.inspectors.crops import THING_SIZE, stance_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.examples import Examples
from detectors.training.judges.outlines import FILE, read_stills
from detectors.training.judges.stances import lamp_stances
from detectors.values import Image

SCENES, HIGH, WIDE = 6, 180, 320
LAMPS = (60, 160, 260)
"""Where a lamp stands, px from the left; the last one has no label, as behind a crown."""
TOP, FOOT = 60, 150


def quiet(_: str) -> None:
    return None


def street(seed: int) -> Image:
    rough = np.random.default_rng(seed).integers(-9, 10, (HIGH, WIDE, 3))
    picture = np.clip(np.array([140, 140, 140]) + rough, 0, 255).astype(np.uint8)
    for x in LAMPS:
        cv2.line(picture, (x, TOP), (x, FOOT), (20, 20, 20), 3)
        cv2.circle(picture, (x, TOP + 5), 6, (20, 20, 20), -1)
    return picture


def outline(x: float) -> list[list[float]]:
    return [[(x + side) / WIDE, y / HIGH] for side, y in ((-6, TOP), (6, TOP), (6, FOOT), (-6, FOOT))]


def write_stills(
    folder: Path, draw: Callable[[int], Image], lines: list[str], kind: str, outlines: list[list[list[float]]]
) -> Path:
    """A folder of `SCENES` stills, each of its own scene, with the same labels and outlined things by day."""
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    for scene in range(SCENES):
        cv2.imwrite(str(folder / "images" / f"s{scene}_0.jpg"), draw(scene))
        (folder / "labels" / f"s{scene}_0.txt").write_text("\n".join(lines))
    things = [{"kind": kind, "state": 0, "outline": outline} for outline in outlines]
    (folder / FILE).write_text(json.dumps({f"s{k}": {"mode": "day", "things": things} for k in range(SCENES)}))
    return folder


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    tall, middle = (FOOT - TOP) / HIGH, (FOOT + TOP) / 2 / HIGH
    lines = [f"0 {x / WIDE} {middle} {12 / WIDE} {tall}" for x in LAMPS[:2]]
    return write_stills(tmp_path / "stills", street, lines, "street_light", [outline(x) for x in LAMPS])


@pytest.fixture
def examples(stills: Path) -> Examples:
    return lamp_stances(read_stills(stills, 1), None, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("group", "target"), [("stands", 0.0), ("hidden", 0.0), ("bent", 1.0), ("turned", 1.0), ("gone", 1.0)]
)
def test_what_a_crop_shows(examples: Examples, group: str, target: float) -> None:
    assert examples.crops.shape[1:] == (THING_SIZE, THING_SIZE, 8)
    assert set(examples.targets[examples.groups == group].tolist()) == {target}


def test_a_hidden_lamp_stands_and_is_never_bent(examples: Examples) -> None:
    counts = {group: int((examples.groups == group).sum()) for group in ("stands", "hidden", "bent")}
    assert counts == {"stands": 2 * 2 * SCENES, "hidden": 2 * SCENES, "bent": 2 * SCENES}


def test_no_outline_without_a_lamp_is_where_another_stands(examples: Examples) -> None:
    columns = examples.crops[examples.groups == "gone"][:, 30:50, 29:36, :3]  # where its column would be
    assert columns.min(axis=(2, 3)).mean(axis=1).min() > 60


def test_a_trained_judge_tells_empty_outlines(stills: Path, tmp_path: Path) -> None:
    judge = StateModel(train_judge(stills, tmp_path / "out", judge="lamp_gone", epochs=16, notice=quiet))
    picture = street(50)
    stands, empty = (
        judge.judge([stance_crop(picture, Region.of(outline(x))) for x in xs])[:, 1] for xs in (LAMPS, (110, 210))
    )
    assert stands.max() < 0.5 < empty.min()

"""The judge of lit and dark lamps: from stills with outlines to a graph that tells them apart."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.geometry import Region
from detectors.inspectors.crops import HEAD_SIZE, head_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.heads import lamp_heads
from detectors.training.judges.outlines import FILE, read_stills

SCENES = 6
HIGH, WIDE = 360, 640
LAMPS = tuple(((k + 1) / 6, k % 2) for k in range(5))
"""Where a lamp stands (0-1 of the width), and whether it is lit."""


def quiet(_: str) -> None:
    return None


def outline(x: float) -> list[list[float]]:
    return [[x - 0.01, 0.2], [x + 0.01, 0.2], [x + 0.01, 0.7], [x - 0.01, 0.7]]


def street(folder: Path, scene: int) -> dict[str, object]:
    """A dark picture with five posts, every second one with a bright head; its labels and its outlines."""
    picture = np.full((HIGH, WIDE, 3), 14 + scene, np.uint8)
    for x, lit in LAMPS:
        left, right = int((x - 0.01) * WIDE), int((x + 0.01) * WIDE)
        picture[72:252, left:right] = 50
        picture[72:90, left:right] = 250 if lit else 45
    lines = [f"0 {x} 0.45 0.02 0.5" for x, _ in LAMPS]
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "images" / f"s{scene}_0.jpg"), picture)
    (folder / "labels" / f"s{scene}_0.txt").write_text("\n".join(lines))
    things = [{"kind": "street_light", "state": lit, "outline": outline(x)} for x, lit in LAMPS]
    return {"mode": "night", "things": things}


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    folder = tmp_path / "stills"
    scenes = {f"s{k}": street(folder, k) for k in range(SCENES)}
    (folder / FILE).write_text(json.dumps(scenes))
    return folder


def test_a_trained_judge_tells_lit_lamps_from_dark_ones(stills: Path, tmp_path: Path) -> None:
    graph = train_judge(stills, tmp_path / "out", epochs=12, notice=quiet)
    picture = cv2.imread(str(stills / "images" / "s0_0.jpg"))
    crops = [head_crop(np.asarray(picture, np.uint8), Region.of(outline(x))) for x, _ in LAMPS]
    assert (StateModel(graph).judge(crops)[:, 1] > 0.5).tolist() == [bool(lit) for _, lit in LAMPS]


def test_the_same_stills_give_the_same_examples(stills: Path) -> None:
    first, second = (lamp_heads(read_stills(stills, 1), np.random.default_rng(3)) for _ in range(2))
    assert first.crops.shape[1:] == (HEAD_SIZE, HEAD_SIZE, 4)
    assert np.array_equal(first.crops, second.crops)
    assert np.array_equal(first.targets, second.targets)


def test_a_lamp_whose_label_is_missing_is_left_out(stills: Path) -> None:
    (stills / "labels" / "s0_0.txt").write_text(f"0 {LAMPS[0][0]} 0.45 0.02 0.5")
    assert [len(still.lamps) for still in read_stills(stills, 1)] == [1, 5, 5, 5, 5, 5]


def no_outlines(stills: Path) -> None:
    (stills / FILE).unlink()


def no_pictures(stills: Path) -> None:
    for picture in (stills / "images").iterdir():
        picture.unlink()


def no_labels(stills: Path) -> None:
    (stills / "labels" / "s3_0.txt").unlink()


def two_scenes(stills: Path) -> None:
    scenes = json.loads((stills / FILE).read_text())
    (stills / FILE).write_text(json.dumps({name: scenes[name] for name in ("s0", "s1")}))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        pytest.param(no_outlines, "outlines", id="no outlines"),
        pytest.param(no_pictures, "no pictures", id="no pictures"),
        pytest.param(no_labels, "its labels cannot be read", id="no labels"),
        pytest.param(two_scenes, "at least 5", id="too few scenes to hold some back"),
    ],
)
def test_stills_that_cannot_be_used_are_refused(harm, said: str, stills: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    harm(stills)
    with pytest.raises(LamplighterError, match=said):
        train_judge(stills, tmp_path / "out", notice=quiet)

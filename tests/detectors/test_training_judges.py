"""The judge of lit and dark lamps: from stills with outlines to a graph that tells them apart."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from detectors.errors import LamplighterError
from detectors.geometry import Region
from detectors.inspectors.crops import HEAD_SIZE, PLACE_SIZE, head_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.heads import lamp_heads
from detectors.training.judges.outlines import FILE, read_stills
from detectors.training.judges.variation import varied_bins, varied_heads

BUNDLED = Path(__file__).parents[2] / "detectors" / "weights" / "lamplighter-n.pt"
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
    graph = train_judge(stills, tmp_path / "out", epochs=60, notice=quiet)
    picture = cv2.imread(str(stills / "images" / "s0_0.jpg"))
    crops = [head_crop(np.asarray(picture, np.uint8), Region.of(outline(x))) for x, _ in LAMPS]
    assert (StateModel(graph).judge(crops)[:, 1] > 0.5).tolist() == [bool(lit) for _, lit in LAMPS]


def test_a_judge_may_begin_with_the_layers_of_a_detector(stills: Path, tmp_path: Path) -> None:
    """Both views are seen by layers that see an outline as a fourth colour; small ones have twelve features there."""
    first = []
    for start in (None, BUNDLED):
        graph = onnx.load(str(train_judge(stills, tmp_path / "out", epochs=1, start=start, notice=quiet))).graph
        first.append([tuple(w.dims)[:2] for w in graph.initializer if w.dims[1:2] == [4]])
    assert first == [[(12, 4)] * 2, [(16, 4)] * 2]


def test_a_checkpoint_that_is_missing_is_told_before_any_crop_is_cut(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="no such checkpoint"):
        train_judge(tmp_path / "no stills", tmp_path / "out", start=tmp_path / "none.pt", notice=quiet)


def test_the_same_stills_give_the_same_examples(stills: Path) -> None:
    first, second = (lamp_heads(read_stills(stills, 1), np.random.default_rng(3)) for _ in range(2))
    assert first.crops.shape[1:] == (HEAD_SIZE, HEAD_SIZE, 8)
    assert np.array_equal(first.crops, second.crops)
    assert np.array_equal(first.targets, second.targets)


def test_lamps_that_are_dark_by_day_are_shown_dark_by_night_too(stills: Path) -> None:
    scenes = json.loads((stills / FILE).read_text())
    (stills / FILE).write_text(json.dumps({name: {**scene, "mode": "day"} for name, scene in scenes.items()}))
    examples = lamp_heads(read_stills(stills, 1), np.random.default_rng(3))
    darkened = examples.groups == "darkened"
    assert darkened.any()
    assert not examples.targets[darkened].any()
    assert examples.crops[darkened][..., :3].max() < 60


def test_a_lit_head_in_which_no_light_is_seen_is_neither_lit_nor_dark(stills: Path) -> None:
    picture = str(stills / "images" / "s2_0.jpg")
    cv2.imwrite(picture, np.full((HIGH, WIDE, 3), 30, np.uint8))
    examples = lamp_heads(read_stills(stills, 1), np.random.default_rng(3))
    heads = (examples.scenes == "s2") & (examples.groups == "heads")
    assert set(examples.targets[heads].tolist()) == {0.0, 0.5}


def test_what_a_camera_does_it_does_to_a_head_and_to_its_lamp_alike() -> None:
    crop = np.zeros((HEAD_SIZE, HEAD_SIZE, 8), np.uint8)
    crop[:, :20, 3] = crop[:, :20, 7] = 255
    crop[..., :3] = crop[..., 4:7] = 90
    shown = varied_heads(np.stack([crop] * 40), np.random.default_rng(1))
    assert shown.shape == (40, HEAD_SIZE, HEAD_SIZE, 8)
    assert 0.0 <= shown.min() <= shown.max() <= 1.0
    left = [(one[:, 5, 3].mean() > 0.5, one[:, 5, 7].mean() > 0.5) for one in shown]
    assert set(left) == {(True, True), (False, False)}
    middle = shown[:, 20:28, 20:28]
    assert np.abs(middle[..., :3].mean(axis=(1, 2)) - middle[..., 4:7].mean(axis=(1, 2))).max() < 0.05


def test_bins_are_shown_by_night_too() -> None:
    """Some without colours, some dark; both views alike, and the outline as it was."""
    crop = np.zeros((PLACE_SIZE, PLACE_SIZE, 8), np.uint8)
    crop[...] = (60, 120, 200, 255, 60, 120, 200, 255)
    shown = varied_bins(np.stack([crop] * 200), np.random.default_rng(1))
    assert (shown[..., (3, 7)] == 1).all()
    near, rim = (shown[..., k : k + 3].mean(axis=(1, 2)) for k in (0, 4))
    assert np.abs(near - rim).max() < 0.02
    dark = near.mean(axis=1) < 0.2
    grey = np.ptp(near, axis=1) < 0.25 * near.mean(axis=1)
    assert 0.05 < dark.mean() < 0.5
    assert 0.05 < grey.mean() < 0.3


def test_where_only_contrasts_count_a_darker_picture_is_judged_alike() -> None:
    import torch

    from detectors.training.judges.net import JudgeNet

    crops = torch.rand(4, 8, 32, 32, generator=torch.Generator().manual_seed(1))
    darker = crops.clone()
    darker[:, [0, 1, 2, 4, 5, 6]] *= 0.5

    def change(contrasts: bool) -> float:
        torch.manual_seed(1)
        net = JudgeNet(32, 2, contrasts).eval()
        with torch.no_grad():
            return float((net(crops) - net(darker)).abs().max())

    assert change(True) < 0.3 * change(False)


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

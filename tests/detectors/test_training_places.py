"""The judges of full bins and of bare places: what they are shown, what is held back, and a graph at the end."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.geometry import Box, Region
from detectors.inspectors.crops import PLACE_LONG, PLACE_SIZE, SHARED, bin_crop, place_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.bare_places import bare_places
from detectors.training.judges.examples import HELD_BACK, Examples
from detectors.training.judges.full_bins import bin_rims, full_bins
from detectors.training.judges.many_bins import is_dark
from detectors.training.judges.outlines import FILE, read_stills
from detectors.training.samples import fraction_of
from detectors.training.sources import MAKES_FOLDER
from detectors.training.splits import HOLD
from detectors.values import Image

SCENES = 6
HIGH, WIDE = 180, 320
BIN, BENCH, FOOT, TALL = (60, 150), (200, 270), 150, 40
"""Where bins and benches stand, px from the left; their foot and height."""


def quiet(_: str) -> None:
    return None


def lawn(seed: int) -> Image:
    rough = np.random.default_rng(seed).integers(-12, 13, (HIGH, WIDE, 3))
    return np.clip(np.array([60, 120, 90]) + rough, 0, 255).astype(np.uint8)


def with_things(picture: Image, full: bool) -> Image:
    """Two bins, heaped white when full, and two benches with slats."""
    for x in BIN:
        cv2.rectangle(picture, (x - 9, FOOT - TALL), (x + 9, FOOT), (40, 20, 20), -1)
        if full:
            cv2.circle(picture, (x, FOOT - TALL + 6), 11, (250, 250, 250), -1)
    for x in BENCH:
        for y in range(FOOT - TALL, FOOT, 8):
            cv2.rectangle(picture, (x - 18, y), (x + 18, y + 4), (40, 70, 150), -1)
    return picture


def line(number: int, x: int, wide: int) -> str:
    return f"{number} {x / WIDE} {(FOOT - TALL / 2) / HIGH} {wide / WIDE} {TALL / HIGH}"


def labels(full: bool) -> str:
    return "\n".join([*(line(4 if full else 3, x, 18) for x in BIN), *(line(2, x, 36) for x in BENCH)])


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    """Scenes of two stills: nothing wrong, and all bins full."""
    folder = tmp_path / "stills"
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for scene in range(SCENES):
        for full in (False, True):
            name = f"s{scene}_{int(full)}"
            cv2.imwrite(str(folder / "images" / f"{name}.jpg"), with_things(lawn(scene), full))
            (folder / "labels" / f"{name}.txt").write_text(labels(full))
    (folder / FILE).write_text(json.dumps({f"s{k}": {"mode": "day", "things": []} for k in range(SCENES)}))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Photographs of bins; their labels' numbers are the set's own: 1 a bin, 2 an overflowing one."""
    folder = tmp_path / "photographs"
    for part, count in (("train", 30), ("val", 2)):
        for kind in ("images", "labels"):
            (folder / kind / part).mkdir(parents=True)
        for k in range(count):
            cv2.imwrite(str(folder / "images" / part / f"{part}{k}.jpg"), with_things(lawn(k), bool(k % 2)))
            (folder / "labels" / part / f"{part}{k}.txt").write_text(line(1 + k % 2, BIN[0], 18))
    return folder


def cut(judge: str, stills: Path, photographs: Path | None = None) -> Examples:
    makes = {"bin_full": full_bins, "bin_rim": bin_rims, "place_bare": bare_places}[judge]
    return makes(read_stills(stills, 2), photographs, np.random.default_rng(3))


@pytest.mark.parametrize(("judge", "layers"), [("bin_full", 8), ("bin_rim", 4), ("place_bare", 4)])
def test_the_same_stills_give_the_same_crops_of_both_states(judge: str, layers: int, stills: Path) -> None:
    first, second = (cut(judge, stills) for _ in range(2))
    assert first.crops.shape[1:] == (PLACE_SIZE, PLACE_SIZE, layers)
    assert np.array_equal(first.crops, second.crops)
    assert set(first.targets.tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("judge", ["bin_full", "bin_rim", "place_bare"])
def test_what_the_recipe_keeps_back_is_kept_back_and_val_is_not_read(
    judge: str, stills: Path, photographs: Path
) -> None:
    scenes = {scene for scene in cut(judge, stills, photographs).scenes.tolist() if not scene.startswith("s")}
    held = {k for k in range(30) if fraction_of(f"litter_bins__train{k}") < HOLD}
    assert held
    assert scenes == {f"{HELD_BACK if k in held else 'train/'}train{k}" for k in range(30)}


def test_a_full_bin_is_mostly_shown_by_the_box_it_had_before(stills: Path) -> None:
    """Its label takes in the heap; the register knows the bin alone."""
    wider = [line(4, x, 40) for x in BIN]
    for scene in range(SCENES):
        (stills / "labels" / f"s{scene}_1.txt").write_text("\n".join(wider))
    examples = cut("bin_full", stills)
    wide = (examples.crops[examples.targets == 1][..., 3] > 0).any(axis=1).sum(axis=1)
    assert (wide < PLACE_LONG * 0.7).mean() > 0.5


def of_many_makes(folder: Path, waste: float = 0.3) -> Path:
    """Two scenes: bare, and with a full and a free bin; the label of the full one takes in its heap."""
    for kind in ("images", "labels", "json"):
        (folder / kind).mkdir(parents=True)
    for scene, light in enumerate(("day", "night")):
        name = f"s{900 + scene}_0"
        cv2.imwrite(str(folder / "images" / f"{name}.jpg"), lawn(scene))
        (folder / "labels" / f"{name}.txt").write_text("")
        (folder / "json" / f"{name}.json").write_text(json.dumps(_about(light, [])))
        name = f"s{900 + scene}_1"
        cv2.imwrite(str(folder / "images" / f"{name}.jpg"), with_things(lawn(scene), True))
        (folder / "labels" / f"{name}.txt").write_text(f"{line(4, BIN[0], 40)}\n{line(3, BIN[1], 18)}")
        boxes = [[(x - 9) / WIDE, (FOOT - TALL) / HIGH, (x + 9) / WIDE, FOOT / HIGH] for x in BIN]
        bins: list[dict[str, object]] = [
            {"full": True, "box": boxes[0], "name": "hood bags", "waste": waste},
            {"full": False, "box": boxes[1], "name": "box empty", "waste": 0.0},
        ]
        (folder / "json" / f"{name}.json").write_text(json.dumps(_about(light, bins)))
    return folder


def _about(light: str, bins: list[dict[str, object]]) -> dict[str, object]:
    return {"plan": {"light": {"mode": light}, "trees": [], "bare_season": False}, "bins": bins}


@pytest.mark.parametrize("judge", ["bin_full", "bin_rim"])
def test_bins_of_many_makes_are_learnt_from_where_they_lie_beside_the_stills(judge: str, tmp_path: Path) -> None:
    makes = {"bin_full": full_bins, "bin_rim": bin_rims}[judge]
    found = makes([], None, np.random.default_rng(3), of_many_makes(tmp_path / MAKES_FOLDER))
    assert set(found.scenes.tolist()) == {"s900", "s901"}
    groups = {group.removesuffix(", small") for group in found.groups.tolist()}
    assert groups == {"many makes by day", "many makes by night"}
    assert set(found.targets.tolist()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("corners", "dark"),
    [
        pytest.param((10.0, 10.0, 40.0, 60.0), True, id="in the dark part"),
        pytest.param((-0.0003, 10.0, 40.0, 60.0), True, id="a rounding error outside"),
        pytest.param((200.0, 10.0, 230.0, 60.0), False, id="in the light part"),
    ],
)
def test_what_nobody_could_see_in_the_dark_is_known(corners: tuple[float, ...], dark: bool) -> None:
    picture = np.zeros((HIGH, WIDE, 3), np.uint8)
    picture[:, WIDE // 2 :] = 90
    assert is_dark(picture, np.array(corners)) == dark


def test_the_place_of_such_a_bin_is_bare_before_it_came(tmp_path: Path) -> None:
    found = bare_places([], None, np.random.default_rng(3), of_many_makes(tmp_path / MAKES_FOLDER))
    assert sorted(found.targets.tolist()) == [0.0] * 4 + [1.0] * 4
    assert is_lawn(found, PLACE_LONG // 2 - 4)[found.targets == 1].all()
    assert not (found.crops[..., 3] == SHARED).any(), "no bin is marked as another one in its own place"


def test_what_stands_in_the_clean_still_as_well_is_not_taken_again(tmp_path: Path) -> None:
    folder = of_many_makes(tmp_path / MAKES_FOLDER)
    for scene in (900, 901):
        (folder / "labels" / f"s{scene}_0.txt").write_text(line(3, BIN[1], 18))
    found = bare_places([], None, np.random.default_rng(3), folder)
    assert found.targets.tolist() == [0.0, 1.0] * 2, "the other bin of each scene"


def test_a_bin_in_the_dark_is_left_out(tmp_path: Path) -> None:
    folder = of_many_makes(tmp_path / MAKES_FOLDER)
    picture = folder / "images" / "s901_1.jpg"
    cv2.imwrite(str(picture), with_things(lawn(1), True) // 30)
    assert set(full_bins([], None, np.random.default_rng(3), folder).scenes.tolist()) == {"s900"}


def test_a_full_bin_that_shows_nothing_of_what_it_holds_is_left_out(tmp_path: Path) -> None:
    found = full_bins([], None, np.random.default_rng(3), of_many_makes(tmp_path / MAKES_FOLDER, waste=0.02))
    assert set(found.targets.tolist()) == {0.0}


def test_a_full_bin_is_shown_with_its_heap_now_and_then(tmp_path: Path) -> None:
    """One that nobody registered is looked at in the box that a detector puts round all of it."""
    every = [
        full_bins([], None, np.random.default_rng(seed), of_many_makes(tmp_path / f"{seed}" / MAKES_FOLDER))
        for seed in range(12)
    ]
    wide = np.concatenate([(e.crops[e.targets == 1][..., 3] > 0).any(axis=1).sum(axis=1) for e in every])
    assert 0.1 < (wide > PLACE_LONG * 0.7).mean() < 0.6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param('{"plan": {"light": {"mode": "day"}}}', id="no bins"),
        pytest.param('{"plan": 3, "bins": [{"full": 1}]}', id="no plan"),
        pytest.param(
            '{"plan": {"light": {"mode": "day"}}, "bins": [{"full": 1, "box": [0, 1, 1], "waste": 0}]}',
            id="a box of three numbers",
        ),
        pytest.param(
            '{"plan": {"light": {"mode": "day"}}, "bins": [{"full": 1, "box": [0, 0, 1, 1], "waste": "much"}]}',
            id="waste that is no number",
        ),
    ],
)
def test_what_a_still_tells_of_its_bins_must_be_readable(text: str, tmp_path: Path) -> None:
    folder = of_many_makes(tmp_path / MAKES_FOLDER)
    (folder / "json" / "s900_1.json").write_text(text)
    with pytest.raises(LamplighterError, match=r"s900_1.json: what this tells of its bins"):
        full_bins([], None, np.random.default_rng(3), folder)


def test_the_command_finds_them_beside_the_stills(stills: Path, tmp_path: Path) -> None:
    of_many_makes(tmp_path / MAKES_FOLDER)
    said: list[str] = []
    train_judge(stills, tmp_path / "out", judge="bin_full", epochs=1, notice=said.append)
    assert f"of {SCENES + 2} scenes" in said[0]


def test_a_bare_place_shows_neither_bench_nor_bin_at_its_foot(stills: Path) -> None:
    """Above its foot it may show what stands behind."""
    examples = cut("place_bare", stills)
    assert is_lawn(examples, PLACE_LONG // 2 - 4)[examples.targets == 1].all()
    assert not is_lawn(examples, 0)[examples.targets == 0].any()


def is_lawn(examples: Examples, below: int) -> NDArray[np.bool_]:
    """Whether each crop is green so many px below its middle."""
    row, column = PLACE_SIZE // 2 + below, PLACE_SIZE // 2
    colour = examples.crops[:, row - 3 : row + 3, column - 3 : column + 3, :3].astype(float).mean(axis=(1, 2))
    return np.asarray(np.abs(colour - [60, 120, 90]).max(axis=1) < 25)


def test_where_it_is_too_dark_to_tell_no_place_is_called_bare(stills: Path) -> None:
    for picture in (stills / "images").iterdir():
        cv2.imwrite(str(picture), (cv2.imread(str(picture)) * 0.1).astype(np.uint8))
    assert set(cut("place_bare", stills).targets.tolist()) == {0.0}


def with_masks(stills: Path, tree: tuple[int, int, int, int] | None = None) -> None:
    """Masks of the things, on a lawn; and perhaps a crown that fills a box (px)."""
    (stills / "masks").mkdir()
    for picture in (stills / "images").iterdir():
        mask = np.full((HIGH, WIDE), 3, np.uint8)
        for x, wide in (*((x, 18) for x in BIN), *((x, 36) for x in BENCH)):
            cv2.rectangle(mask, (x - wide // 2, FOOT - TALL), (x + wide // 2, FOOT), 255, -1)
        if tree is not None:
            x0, y0, x1, y1 = tree
            cv2.rectangle(mask, (x0, y0), (x1, y1), 255, -1)
            with (stills / "labels" / f"{picture.stem}.txt").open("a") as file:
                file.write(f"\n1 {(x0 + x1) / 2 / WIDE} {(y0 + y1) / 2 / HIGH} {(x1 - x0) / WIDE} {(y1 - y0) / HIGH}")
        cv2.imwrite(str(stills / "masks" / f"{picture.stem}.png"), mask)


def test_places_that_share_the_picture_with_another_thing_are_of_both_states_and_it_is_marked(stills: Path) -> None:
    with_masks(stills)
    examples = cut("place_bare", stills)
    shared = np.char.find(examples.groups, "shared") >= 0
    assert set(examples.targets[shared].tolist()) == {0.0, 1.0}
    marked = (examples.crops[..., 3] == SHARED).any(axis=(1, 2))
    assert marked[shared].mean() > 0.7
    assert marked[~shared].mean() < 0.2  # boxes are a little off


def test_a_place_behind_leaves_is_not_called_bare(stills: Path) -> None:
    with_masks(stills, tree=(90, 10, 230, 80))
    examples = cut("place_bare", stills)
    leaves = np.char.startswith(examples.groups, "leaves")
    assert leaves.any()
    assert set(examples.targets[leaves].tolist()) == {0.0}


@pytest.mark.parametrize(
    ("judge", "epochs", "second"),
    [
        pytest.param("bin_full", 16, with_things(lawn(50), full=True), id="full bins"),
        pytest.param("place_bare", 60, lawn(50), id="bare places"),
    ],
)
def test_a_trained_judge_tells_the_two_states_apart(
    judge: str, epochs: int, second: Image, stills: Path, tmp_path: Path
) -> None:
    graph = train_judge(stills, tmp_path / "out", judge=judge, epochs=epochs, notice=quiet)
    box = Box((BIN[0] - 9) / WIDE, (FOOT - TALL) / HIGH, (BIN[0] + 9) / WIDE, FOOT / HIGH)
    crop = bin_crop if judge == "bin_full" else place_crop
    crops = [crop(image, Region.rectangle(box)) for image in (with_things(lawn(50), full=False), second)]
    odds = StateModel(graph).judge(crops)[:, 1]
    assert graph.name == f"{judge}.onnx"
    assert odds[0] < 0.5 < odds[1]

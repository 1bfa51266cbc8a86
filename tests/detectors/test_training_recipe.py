"""The data recipe: one set from many, the same every time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from detectors.errors import LamplighterError
from detectors.training.classes import CLASSES, INDEX
from detectors.training.lamps import draw_lamp
from detectors.training.recipe import build, lies_on_its_side
from detectors.training.samples import read_rows
from detectors.training.sources import MAKES, MAKES_FOLDER, SOURCES, Source


def picture(path: Path, seed: int = 0, *, on_side: bool = False) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(30, 90, (96, 96, 3)).astype(np.uint8)
    image[:30] = (250, 230, 220)
    if on_side:
        image = np.ascontiguousarray(np.rot90(image, -1))
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


def labelled(root: Path, source: str, split: str, name: str, lines: list[str], *, on_side: bool = False) -> None:
    picture(root / source / "images" / split / f"{name}.jpg", len(name), on_side=on_side)
    label = root / source / "labels" / split / f"{name}.txt"
    label.parent.mkdir(parents=True, exist_ok=True)
    label.write_text("\n".join(lines))


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    for i in range(12):
        labelled(root, "litter_bins", "train", f"street{i}", ["1 0.5 0.5 0.2 0.4", "0 0.2 0.8 0.1 0.1"])
        labelled(root, "trees", "train", f"tree{i}", ["0 0.25 0.5 0.5 0.2"], on_side=i == 0)
    labelled(root, "litter_bins", "val", "street_v", ["2 0.5 0.5 0.2 0.4"])
    return root


def quiet(_: str) -> None:
    return None


def manifest(index: Path) -> dict[str, dict]:
    return json.loads((index.parent / "manifest.json").read_text())


def test_classes_are_renumbered_and_gaps_remembered(sets: Path, tmp_path: Path) -> None:
    index = build(sets, tmp_path / "out", notice=quiet)
    name = next(n for n, e in manifest(index).items() if e["source"] == "litter_bins" and e["split"] == "train")
    rows = read_rows(index.parent / "labels" / "train" / f"{name}.txt", dict(enumerate(CLASSES)))
    assert sorted(r.name for r in rows) == ["bin", "litter"]
    unlabelled = manifest(index)[name]["unlabelled"]
    assert "tree" in unlabelled
    assert "person" in unlabelled, "nobody labelled movers without a teacher"
    assert "bin" not in unlabelled


def test_validation_pictures_never_train(sets: Path, tmp_path: Path) -> None:
    index = build(sets, tmp_path / "out", notice=quiet)
    train = (index.parent / "train.txt").read_text() + (index.parent / "hold.txt").read_text()
    assert "street_v" not in train
    assert manifest(index)["litter_bins__street_v"]["split"] == "val"


def test_the_same_data_gives_the_same_set(sets: Path, tmp_path: Path) -> None:
    one, two = build(sets, tmp_path / "a", notice=quiet).parent, build(sets, tmp_path / "b", notice=quiet).parent
    assert (one / "manifest.json").read_text() == (two / "manifest.json").read_text()
    for file in sorted((one / "images").rglob("*.jpg")):
        assert file.read_bytes() == (two / file.relative_to(one)).read_bytes()


def test_a_picture_on_its_side_is_turned_with_its_boxes(sets: Path, tmp_path: Path) -> None:
    index = build(sets, tmp_path / "out", notice=quiet)
    label = next((index.parent / "labels").rglob("trees__tree0.txt"))
    box = read_rows(label, dict(enumerate(CLASSES)))[0].box
    assert box == pytest.approx((0.4, 0.5, 0.6, 1.0), abs=1e-3)
    upright = cv2.imread(str(next((index.parent / "images").rglob("trees__tree0.jpg"))))
    assert upright is not None
    assert not lies_on_its_side(np.asarray(upright, np.uint8))


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(lambda seed: {"seed": seed}, id="seed"),
        pytest.param(lambda seed: {"plan": {"seed": seed}}, id="seed of the plan"),
        pytest.param(lambda seed: {}, id="by name"),
    ],
)
def test_stills_of_one_scene_stay_on_one_side(sets: Path, tmp_path: Path, facts: Callable[[int], dict]) -> None:
    stills = tmp_path / "stills"
    for seed in range(25):
        for variant in range(3):
            name = f"s{seed}_{variant}"
            picture(stills / "images" / f"{name}.jpg", seed)
            for folder, suffix, text in (
                ("labels", "txt", f"{INDEX['puddle']} 0.5 0.5 0.3 0.3\n0 0.5 0.5 0.001 0.002"),
                ("json", "json", json.dumps(facts(seed))),
            ):
                (stills / folder).mkdir(exist_ok=True)
                (stills / folder / f"{name}.{suffix}").write_text(text)
    index = build(sets, tmp_path / "out", stills=stills, notice=quiet)
    sides: dict[str, set[str]] = {}
    for name, entry in manifest(index).items():
        if entry["source"] == "rendered":
            sides.setdefault(name.split("__")[1].split("_")[0], set()).add(entry["split"])
            rows = (index.parent / "labels" / entry["split"] / f"{name}.txt").read_text().splitlines()
            assert len(rows) == 1, "a speck is not a label"
    assert all(len(s) == 1 for s in sides.values())
    assert {"train", "val"} <= set().union(*sides.values())


def test_stills_of_many_makes_are_taken_from_beside_the_others_and_shown_more_often(sets: Path, tmp_path: Path) -> None:
    for folder in ("stills", MAKES_FOLDER):
        for seed in range(12):
            picture(tmp_path / folder / "images" / f"s{seed}_1.jpg", seed)
            (tmp_path / folder / "labels").mkdir(exist_ok=True)
            (tmp_path / folder / "labels" / f"s{seed}_1.txt").write_text(f"{INDEX['bin']} 0.5 0.5 0.3 0.3\n")
    index = build(sets, tmp_path / "out", stills=tmp_path / "stills", notice=quiet)
    shown = (index.parent / "train.txt").read_text()
    learnt = [n for n, e in manifest(index).items() if e["source"] == "many_makes" and e["split"] == "train"]
    assert learnt
    assert {shown.count(f"/{name}.jpg") for name in learnt} == {MAKES.repeat}
    assert len([n for n, e in manifest(index).items() if e["source"] == "many_makes"]) == 12


def test_the_data_file_names_our_classes_in_order(sets: Path, tmp_path: Path) -> None:
    data = yaml.safe_load(build(sets, tmp_path / "out", notice=quiet).read_text())
    assert list(data["names"].values()) == list(CLASSES)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("0 0.5 0.5 0.2", id="too few numbers"),
        pytest.param("0 0.5 0.5 0.2 abc", id="not a number"),
        pytest.param("0 320 240 50 50", id="pixels instead of shares"),
        pytest.param("0.5 0.5 0.5 0.2 0.2", id="half a class"),
    ],
)
def test_a_bad_label_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"0 0.5 0.5 0.1 0.1\n{line}\n")
    with pytest.raises(LamplighterError, match=r"a\.txt, line 2"):
        read_rows(file, {0: "bin"})


def test_an_unreadable_picture_is_named(sets: Path, tmp_path: Path) -> None:
    (sets / "trees" / "images" / "train" / "tree3.jpg").write_text("not a picture")
    with pytest.raises(LamplighterError, match=r"tree3\.jpg"):
        build(sets, tmp_path / "out", notice=quiet)


def test_an_empty_folder_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="litter_bins/images/train"):
        build(tmp_path, tmp_path / "out", notice=quiet)


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_lamp_lies_in_its_box(seed: int) -> None:
    rng = np.random.default_rng(seed)
    photo = np.full((240, 320, 3), (255, 0, 255), np.uint8)
    drawn, box = draw_lamp(photo, rng)
    assert box is not None
    ys, xs = np.nonzero(np.abs(drawn.astype(int) - photo).max(2) > 60)
    assert xs.min() / 320 >= box[0] - 0.02
    assert xs.max() / 320 <= box[2] + 0.02
    assert ys.min() / 240 >= box[1] - 0.02
    assert ys.max() / 240 <= box[3] + 0.02


def test_a_bare_pole_has_no_box() -> None:
    assert draw_lamp(np.full((200, 200, 3), 120, np.uint8), np.random.default_rng(1), lamp=False)[1] is None


def test_one_s_own_pictures_are_read_by_the_names_of_their_classes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for i in range(12):
        labelled(data, "Our Park", "train", f"p{i}", ["3 0.5 0.5 0.2 0.4", "0 0.2 0.2 0.1 0.1"])
    (data / "Our Park" / "data.yaml").write_text("names: {0: squirrel, 3: Fallen-Tree}")
    index = build(data, tmp_path / "out", notice=quiet)
    entry = next(iter(manifest(index).items()))
    rows = read_rows(next((index.parent / "labels").rglob(f"{entry[0]}.txt")), dict(enumerate(CLASSES)))
    assert [r.name for r in rows] == ["fallen_tree"]
    assert set(entry[1]["unlabelled"]) == set(CLASSES) - {"fallen_tree"}


def test_one_s_own_pictures_without_a_class_of_ours_are_refused(tmp_path: Path) -> None:
    labelled(tmp_path, "zoo", "train", "a", ["0 0.5 0.5 0.1 0.1"])
    (tmp_path / "zoo" / "data.yaml").write_text("names: [squirrel]")
    with pytest.raises(LamplighterError, match="none of our classes"):
        build(tmp_path, tmp_path / "out", notice=quiet)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_photographs_teach_what_is_no_street_light(source: Source) -> None:
    assert "street_light" not in source.unlabelled, "else bins and house fronts are never called anything but lamps"


def test_holes_are_also_shown_upside_down_and_dark(tmp_path: Path) -> None:
    for i in range(12):
        labelled(tmp_path / "data", "potholes", "train", f"hole{i}", ["0 0.2 0.3 0.2 0.4"])
    index = build(tmp_path / "data", tmp_path / "out", notice=quiet)
    named = manifest(index)
    copies = sorted(n for n in named if n.startswith("turned__"))
    assert [n.removeprefix("turned__") for n in copies] == sorted(
        n for n, entry in named.items() if entry["source"] == "potholes" and entry["split"] == "train"
    )
    brightness = []
    for copy in copies:
        box = read_rows(index.parent / "labels" / "train" / f"{copy}.txt", dict(enumerate(CLASSES)))[0].box
        assert box == pytest.approx((0.7, 0.5, 0.9, 0.9), abs=1e-3)
        brightness.append(float(np.mean(cv2.imread(str(index.parent / "images" / "train" / f"{copy}.jpg")))))
    assert sum(b < 40 for b in brightness) == len(copies) // 2, "the sky of the drawn pictures alone is brighter"


def test_frames_between_are_shown_but_those_beside_a_held_back_one(tmp_path: Path) -> None:
    for i in range(60):
        labelled(tmp_path / "data", "camvid", "train", f"f{i:02d}", [])
    named = manifest(build(tmp_path / "data", tmp_path / "out", notice=quiet))
    held = {int(n.removeprefix("camvid__f")) for n, e in named.items() if e["split"] == "hold"}
    assert held
    assert all(i % 2 == 0 for i in held)
    for i in range(1, 60, 2):
        entry = named.get(f"camvid__f{i:02d}")
        assert (entry is None) == bool({i - 1, i + 1} & held), i
        assert entry is None or "street_light" in entry["unlabelled"], "lamps were marked on the other frames only"
    assert "street_light" not in named["camvid__f00"]["unlabelled"]

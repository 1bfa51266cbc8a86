"""The judge of people and of what is taken for them: its examples from stills and photographs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.inspectors.body_crops import BODY_SIZE, body_crop
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.barriers import draw_obstacle
from detectors.training.judges.bodies import bodies
from detectors.training.judges.body_stills import NO_THING, THING
from detectors.training.judges.cases import draw_case, draw_post, draw_shadow
from detectors.training.judges.examples import HELD_BACK
from detectors.training.judges.standing import LIES, STANDS, standing_things
from detectors.values import Image

SCENES = 6
HIGH, WIDE = 360, 640
CAMERA = {"z": 5.0, "pitch": 20.0, "lens": 30.0}
PEOPLE, BINS = (0.3, 0.7), (0.12, 0.88)
"""Where they stand, 0-1 of the width."""


def quiet(_: str) -> None:
    return None


def square(scene: int) -> Image:
    """A grey square, people with heads and legs, and bins."""
    picture = np.full((HIGH, WIDE, 3), 150 + scene, np.uint8)
    for x in PEOPLE:
        at = round(x * WIDE)
        cv2.circle(picture, (at, 185), 5, (140, 160, 200), -1)
        cv2.rectangle(picture, (at - 8, 190), (at + 8, 220), (120, 60, 40), -1)
        for leg in (-5, 5):
            cv2.line(picture, (at + leg, 220), (at + leg, 250), (30, 30, 30), 4)
    for x in BINS:
        cv2.rectangle(picture, (round(x * WIDE) - 12, 200), (round(x * WIDE) + 12, 245), (30, 90, 30), -1)
    return picture


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    folder = tmp_path / "stills"
    for kind in ("images", "labels", "masks", "json"):
        (folder / kind).mkdir(parents=True)
    lines = [f"10 {x} 0.6 0.03 0.2" for x in PEOPLE] + [f"3 {x} 0.62 0.04 0.13" for x in BINS]
    mask = np.zeros((HIGH, WIDE), np.uint8)  # sky
    mask[HIGH // 2 :] = 1  # path
    for k in range(SCENES):
        cv2.imwrite(str(folder / "images" / f"s{k}_0.jpg"), square(k))
        cv2.imwrite(str(folder / "masks" / f"s{k}_0.png"), mask)
        (folder / "labels" / f"s{k}_0.txt").write_text("\n".join(lines))
        (folder / "json" / f"s{k}_0.json").write_text(json.dumps({"plan": {"camera": CAMERA}}))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """One photograph of each kind and part."""
    for part in ("train", "val"):
        for folder in ("camvid/images", "camvid/masks", "litter_bins/images", "litter_bins/labels"):
            (tmp_path / folder / part).mkdir(parents=True)
        mask = np.zeros((HIGH, WIDE), np.uint8)
        mask[HIGH // 2 :] = 4  # pavement
        mask[100:240, 560:566] = 2  # a pole that stands on it
        mask[20:120, 20:26] = 2  # one whose foot is hidden
        mask[180:250, 100:130] = 9  # somebody
        mask[180:250, 300:500] = 9  # a crowd
        cv2.imwrite(str(tmp_path / "camvid/images" / part / "a.png"), square(0))
        cv2.imwrite(str(tmp_path / "camvid/masks" / part / "a.png"), mask)
        cv2.imwrite(str(tmp_path / "litter_bins/images" / part / "b.jpg"), square(0))
        (tmp_path / "litter_bins/labels" / part / "b.txt").write_text("1 0.12 0.62 0.04 0.13")
    return tmp_path


def test_a_trained_judge_tells_bins_and_cases_from_people(stills: Path, tmp_path: Path) -> None:
    graph = train_judge(stills, tmp_path / "out", judge="person", epochs=60, notice=quiet)
    picture = square(0)
    people = [body_crop(picture, Box(x - 0.015, 0.5, x + 0.015, 0.7)) for x in PEOPLE]
    bins = [body_crop(picture, Box(x - 0.02, 0.555, x + 0.02, 0.685)) for x in BINS]
    assert (StateModel(graph).judge([*people, *bins])[:, 1] > 0.5).tolist() == [False, False, True, True]


def test_the_same_stills_give_the_same_examples(stills: Path) -> None:
    first, second = (bodies(stills, None, np.random.default_rng(3)) for _ in range(2))
    assert first.crops.shape[1:] == (BODY_SIZE, BODY_SIZE, 4)
    assert np.array_equal(first.crops, second.crops)
    states = {group: set(first.targets[first.groups == group].tolist()) for group in set(first.groups.tolist())}
    none = {group: {NO_THING} for group in ("people", "bare ground", "drawn shadows", "drawn posts")}
    assert states == {**none, "things": {THING}, "drawn cases": {THING}}


def test_what_stands_is_learnt_from_what_lies(stills: Path, photographs: Path) -> None:
    first, second = (standing_things(stills, photographs, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.crops, second.crops)
    states = {group: set(first.targets[first.groups == group].tolist()) for group in set(first.groups.tolist())}
    assert {group for group, state in states.items() if state == {STANDS}} == {
        *("drawn cases", "drawn obstacles", "bins, benches, vehicles", "photographed bins")
    }
    lying = {"people", "bare ground", "drawn shadows", "drawn posts", "drawn covers", "odd places"}
    assert all(states[group] == {LIES} for group in lying)


def test_what_was_left_on_the_ground_is_learnt_from_stills_beside_the_others(stills: Path) -> None:
    box = [0.5, 0.6, 0.53, 0.7]
    left = stills.with_name("left")
    for kind, name in (("images", "s0_0.jpg"), ("masks", "s0_0.png"), ("labels", "s0_0.txt")):
        (left / kind).mkdir(parents=True)
        shutil.copyfile(stills / kind / name, left / kind / name)
    picture = square(0)
    x0, y0, x1, y1 = Box.of(box).pixels(WIDE, HIGH)
    cv2.rectangle(picture, (x0, y0), (x1, y1), (20, 60, 220), -1)
    cv2.imwrite(str(left / "images" / "s0_0.jpg"), picture)
    (left / "json").mkdir()
    about = {"plan": {"camera": CAMERA}, "standing": [{"kind": "cones", "box": box}]}
    (left / "json" / "s0_0.json").write_text(json.dumps(about))
    found = standing_things(stills, None, np.random.default_rng(3))
    ours = np.isin(found.groups, ["left: cones", "odd places of what was left"])
    assert set(found.groups[ours].tolist()) == {"left: cones", "odd places of what was left"}
    assert (found.targets[ours] == STANDS).all()
    middle = found.crops[ours][:, BODY_SIZE // 2, BODY_SIZE // 2].astype(int)
    assert (middle[:, 2] > middle[:, 0] + 100).all()  # the red thing itself


@pytest.mark.parametrize("seed", range(6))
def test_an_obstacle_is_drawn_where_it_says(seed: int) -> None:
    ground = np.full((HIGH, WIDE, 3), 150, np.uint8)
    drawn, (left, top, right, low) = draw_obstacle(ground, (300.0, 250.0), 40.0, np.random.default_rng(seed))
    changed = np.abs(drawn.astype(int) - ground).max(axis=2) > 8
    assert left < 300 < right
    assert top < 250 < low <= 255
    assert changed[round(top) : round(low), round(left) : round(right)].mean() > 0.15
    assert not changed[: round(top) - 8].any()


def test_photographs_of_people_are_told_by_their_masks_and_those_of_val_are_held_back(
    stills: Path, photographs: Path
) -> None:
    examples = bodies(stills, photographs, np.random.default_rng(3))
    counts = Counter(zip(examples.groups.tolist(), examples.scenes.tolist(), strict=True))
    # A crowd is no single person.
    assert counts["photographed people", "train/a"] == counts["photographed people", f"{HELD_BACK}a"] == 2
    assert counts["photographed things", "train/b"] == counts["photographed things", f"{HELD_BACK}b"] == 1
    assert counts["photographed posts", "train/a"] == counts["photographed posts", f"{HELD_BACK}a"] == 1
    assert counts["photographed ground", "train/a"] == counts["photographed ground", f"{HELD_BACK}a"] == 3


@pytest.mark.parametrize("seed", range(5))
def test_a_case_is_drawn_where_it_says_and_stands_on_its_foot(seed: int) -> None:
    ground = np.full((HIGH, WIDE, 3), 150, np.uint8)
    drawn, (left, top, right, low) = draw_case(ground, (300.0, 250.0), 40.0, np.random.default_rng(seed))
    changed = np.abs(drawn.astype(int) - ground).max(axis=2) > 8
    inside = changed[round(top) : round(low), round(left) : round(right)]
    assert left < 300 < right
    assert top < 250 < low <= 255
    assert inside.mean() > 0.15
    assert not changed[: round(top) - 8].any()


@pytest.mark.parametrize("seed", range(3))
def test_posts_are_slimmer_than_cases_and_shadows_only_darken_the_ground(seed: int) -> None:
    ground = np.full((HIGH, WIDE, 3), 150, np.uint8)
    post, (left, top, right, low) = draw_post(ground, (300.0, 250.0), 40.0, np.random.default_rng(seed))
    shade, _ = draw_shadow(ground, (300.0, 250.0), 40.0, np.random.default_rng(seed))
    assert right - left < (low - top) / 1.4
    assert (post != ground)[round(top) : 250, 300].any()
    assert (shade <= 151).all()
    assert (shade < 140).any()


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(Box(0.0, 0.0, 0.05, 0.2), id="upper left corner"),
        pytest.param(Box(0.95, 0.8, 1.0, 1.0), id="lower right corner"),
        pytest.param(Box(0.5, 0.5, 0.5, 0.5), id="nothing"),
        pytest.param(Box(0.0, 0.0, 1.0, 1.0), id="all of the picture"),
    ],
)
def test_crops_reach_beyond_the_picture(box: Box) -> None:
    crop = body_crop(square(0), box)
    assert crop.shape == (BODY_SIZE, BODY_SIZE, 4)
    assert crop[BODY_SIZE // 2, BODY_SIZE // 2, 3] == 255


def no_plan(stills: Path) -> None:
    (stills / "json" / "s2_0.json").unlink()


def no_masks(stills: Path) -> None:
    for mask in (stills / "masks").iterdir():
        mask.unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        pytest.param(no_plan, "the plan of this still", id="no plan"),
        pytest.param(no_masks, "no stills with masks", id="no masks"),
    ],
)
def test_stills_that_cannot_be_used_are_refused(harm, said: str, stills: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    harm(stills)
    with pytest.raises(LamplighterError, match=said):
        train_judge(stills, tmp_path / "out", judge="person", notice=quiet)

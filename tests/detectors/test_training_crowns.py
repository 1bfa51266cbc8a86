"""The judge of bare crowns: drawn trees, what is learnt from stills and photographs, and a graph at the end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.inspectors.crops import THING_FOOT, THING_SIZE, THING_TALL
from detectors.inspectors.state_models import StateModel
from detectors.training.judges import train_judge
from detectors.training.judges.blossoms import in_blossom
from detectors.training.judges.branches import drawn, grown
from detectors.training.judges.crowns import tree_crowns
from detectors.training.judges.outlines import FILE, read_planned, read_stills

SCENES = 6
HIGH, WIDE = 180, 320
TREES = ((70, 0), (160, 1), (250, 0))
"""Where a tree stands (px), and whether it is bare."""
TALL, FOOT = 100, 160
BARE_PHOTOGRAPH = "2634b3e9-210208_164551_Garmin_Oregon7xx_DSC02367"


def quiet(_: str) -> None:
    return None


def crown(x: int) -> list[list[float]]:
    points = [[-4, 0], [4, 0], [38, -55], [25, -TALL], [-25, -TALL], [-38, -55]]
    return [[(x + a) / WIDE, (FOOT + b) / HIGH] for a, b in points]


def park(folder: Path, scene: int, mode: str = "day") -> dict[str, object]:
    """A lawn with three drawn trees, one of them bare; its labels and its outlines."""
    rng = np.random.default_rng(scene)
    picture = np.clip(np.array([70, 130, 110]) + rng.integers(-12, 13, (HIGH, WIDE, 3)), 0, 255).astype(np.uint8)
    for x, bare in TREES:
        picture = drawn(picture, (x, FOOT), TALL, not bare, rng)
    lines = [f"1 {x / WIDE} {(FOOT - TALL / 2) / HIGH} {76 / WIDE} {TALL / HIGH}" for x, _ in TREES]
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "images" / f"s{scene}_0.jpg"), picture)
    (folder / "labels" / f"s{scene}_0.txt").write_text("\n".join(lines))
    things = [{"kind": "tree", "state": bare, "outline": crown(x)} for x, bare in TREES]
    return {"mode": mode, "things": things}


def photograph(folder: Path, part: str, name: str) -> None:
    picture = drawn(np.full((HIGH, WIDE, 3), 200, np.uint8), (160, FOOT), TALL, True, np.random.default_rng(1))
    for kind in ("images", "labels"):
        (folder / kind / part).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "images" / part / f"{name}.jpg"), picture)
    line = f"0 0.5 {(FOOT - TALL / 2) / HIGH} {76 / WIDE} {TALL / HIGH}"
    (folder / "labels" / part / f"{name}.txt").write_text(line)


@pytest.fixture(autouse=True)
def few_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.training.judges.crowns._DRAWN", 40)


@pytest.fixture
def stills(tmp_path: Path) -> Path:
    folder = tmp_path / "stills"
    scenes = {f"s{k}": park(folder, k) for k in range(SCENES)}
    (folder / FILE).write_text(json.dumps(scenes))
    return folder


def test_a_skeleton_is_a_tree_one_unit_high_that_ends_in_twigs() -> None:
    tree = grown(np.random.default_rng(0))
    assert tree.start[0].tolist() == [0, 0, 0]
    assert tree.end[:, 2].max() == pytest.approx(1.0)
    assert tree.radius[0] == tree.radius.max() > 5 * tree.radius[-1]


@pytest.mark.parametrize("seed", range(4))
def test_leaves_hide_more_of_what_is_behind_than_twigs(seed: int) -> None:
    wall = np.full((THING_SIZE, THING_SIZE, 3), 230, np.uint8)
    bare, leafy = (
        drawn(wall, (32, THING_FOOT), THING_TALL, leaves, np.random.default_rng(seed)) for leaves in (False, True)
    )
    hidden = [(picture[10:40].min(axis=-1) < 170).mean() for picture in (bare, leafy)]
    assert hidden[0] < hidden[1]


def test_the_same_stills_give_the_same_crops_of_both_states(stills: Path) -> None:
    first, second = (tree_crowns(read_stills(stills, 1), None, np.random.default_rng(3)) for _ in range(2))
    assert first.crops.shape[1:] == (THING_SIZE, THING_SIZE, 8)
    assert np.array_equal(first.crops, second.crops)
    assert {"rendered", "drawn"} <= set(first.groups.tolist())
    assert {0.0, 1.0} <= set(first.targets.tolist())


def test_blossoms_are_learnt_where_asked_for(stills: Path) -> None:
    plain, blooming = (
        tree_crowns(read_stills(stills, 1), None, np.random.default_rng(3), blossoms=blossoms)
        for blossoms in (False, True)
    )
    assert "in blossom" not in plain.groups.tolist()
    assert set(blooming.targets[blooming.groups == "in blossom"].tolist()) == {0.0}


def test_leaves_turn_to_blossoms_and_what_is_round_the_crown_stays() -> None:
    green = np.full((HIGH, WIDE, 3), (30, 120, 60), np.uint8)
    outline = np.array(crown(160)) * (WIDE, HIGH)
    seen = in_blossom(green, outline, np.random.default_rng(0))
    assert seen is not None
    assert (seen[FOOT - 70, 160] != green[0, 0]).all()
    assert (seen[:, :100] == green[:, :100]).all()
    assert (seen[FOOT - 10] == green[FOOT - 10]).all()  # grass shows through below the crown
    assert in_blossom(np.full_like(green, 128), outline, np.random.default_rng(0)) is None


@pytest.mark.parametrize(
    ("shift", "shown"),
    [
        pytest.param(0, True, id="whole"),
        pytest.param(-50, True, id="a little of it out of the picture"),
        pytest.param(-66, False, id="hardly more than its trunk left"),
    ],
)
def test_of_cut_trees_those_teach_of_which_most_is_seen(shift: int, shown: bool, stills: Path) -> None:
    cut = [[min(1.0, max(0.0, x + shift / WIDE)), y] for x, y in crown(70)]
    wide = max(x for x, _ in cut) * WIDE
    middle = wide / 2 if shift else 70
    for k in range(SCENES):
        box = f"1 {middle / WIDE} {(FOOT - TALL / 2) / HIGH} {(wide if shift else 76) / WIDE} {TALL / HIGH}"
        (stills / "labels" / f"s{k}_0.txt").write_text(box)
    things = [{"kind": "tree", "state": 1, "outline": cut}]
    (stills / FILE).write_text(json.dumps({f"s{k}": {"mode": "day", "things": things} for k in range(SCENES)}))
    examples = tree_crowns(read_stills(stills, 1), None, np.random.default_rng(3))
    assert ("rendered" in examples.groups.tolist()) is shown


@pytest.mark.parametrize(
    ("season", "bare", "targets"),
    [
        pytest.param(True, [], {1.0}, id="winter: all are bare"),
        pytest.param(False, [False, False], {0.0}, id="none is bare"),
    ],
)
def test_trees_without_outlines_are_told_by_the_plan_of_their_still(
    season: bool, bare: list[bool], targets: set[float], stills: Path
) -> None:
    (stills / FILE).write_text(json.dumps({f"s{k}": {"mode": "day", "things": []} for k in range(SCENES)}))
    (stills / "json").mkdir()
    for k in range(SCENES):
        plan = {"bare_season": season, "trees": [{"bare": state} for state in bare]}
        (stills / "json" / f"s{k}_0.json").write_text(json.dumps({"plan": plan}))
    examples = tree_crowns(read_stills(stills, 1), None, np.random.default_rng(3))
    assert set(examples.targets[examples.groups == "rendered"].tolist()) == targets


def test_where_only_some_trees_are_bare_the_plan_tells_which(stills: Path) -> None:
    (stills / FILE).write_text(json.dumps({f"s{k}": {"mode": "day", "things": []} for k in range(SCENES)}))
    (stills / "json").mkdir()
    # Level with the eyes of a camera 1.6 m high, so many px a metre, the drawn trees stand where they are labelled.
    a_metre = (FOOT - HIGH / 2) / 1.6
    rest = {"form": 0, "turn": 0.0, "scale": TALL / 7.6 / a_metre, "lean": 0.0}
    plan = {
        "curve": [0.0, 0.0, 0.0],
        "camera": {"x": 0.0, "z": 1.6, "yaw": 0.0, "pitch": 0.0, "roll": 0.0, "lens": 36.0},
        "lamp_style": "globe",
        "lamp_height": 1.0,
        "lamps": [],
        "forms": [{"height": 7.6, "crown": 2.9}],
        "trees": [{"s": WIDE / a_metre, "t": (x - WIDE / 2) / a_metre, "bare": bool(b)} | rest for x, b in TREES],
        "bare_season": False,
    }
    for k in range(SCENES):
        (stills / "json" / f"s{k}_0.json").write_text(json.dumps({"plan": plan}))
    states = [[tree.state for tree in still.trees] for still in read_stills(stills, 1)]
    assert states == [[bare for _, bare in TREES]] * SCENES


def with_plans(folder: Path, mode: str) -> Path:
    """A folder of three scenes, two stills each, all of whose trees are in leaf; without outlines."""
    (folder / "json").mkdir(parents=True)
    plan = {"bare_season": False, "trees": [{"bare": False}], "light": {"mode": mode}}
    for scene in range(10, 13):
        park(folder, scene)
        for part, suffix in (("images", "jpg"), ("labels", "txt")):
            shutil.copyfile(folder / part / f"s{scene}_0.{suffix}", folder / part / f"s{scene}_1.{suffix}")
        for still in range(2):
            (folder / "json" / f"s{scene}_{still}.json").write_text(json.dumps({"plan": plan}))
    return folder


@pytest.mark.parametrize(("mode", "dark"), [("overcast", False), ("dusk", True)])
def test_stills_without_outlines_are_read_by_their_plans(tmp_path: Path, mode: str, dark: bool) -> None:
    folder = with_plans(tmp_path / "left", mode)
    assert [(still.scene, still.after_dark, still.all_trees) for still in read_planned(folder, 1)] == [
        ("s10", dark, 0.0),
        ("s11", dark, 0.0),
        ("s12", dark, 0.0),
    ]
    assert len(read_planned(folder, 2)) == 6
    assert read_planned(tmp_path / "nowhere", 2) == []


def test_a_still_whose_plan_is_broken_is_named(tmp_path: Path) -> None:
    folder = with_plans(tmp_path / "left", "day")
    (folder / "json" / "s11_0.json").write_text("{}")
    with pytest.raises(LamplighterError, match=r"s11_0\.json: cannot be read"):
        read_planned(folder, 1)


def test_the_command_shows_the_judge_of_crowns_the_stills_beside_too(stills: Path, tmp_path: Path) -> None:
    with_plans(stills.parent / "makes", "day")
    told: list[str] = []
    train_judge(stills, tmp_path / "out", judge="tree_crown", epochs=1, notice=told.append)
    assert f" crops of {SCENES + 3} scenes " in told[0]


def test_photographs_are_bare_where_somebody_looked_and_those_of_val_are_held_back(
    stills: Path, tmp_path: Path
) -> None:
    for part, name in (("train", BARE_PHOTOGRAPH), ("train", "green"), ("val", "another")):
        photograph(tmp_path / "photos", part, name)
    examples = tree_crowns(read_stills(stills, 1), tmp_path / "photos", np.random.default_rng(3))
    of = {
        (scene, target)
        for scene, target, group in zip(examples.scenes, examples.targets, examples.groups, strict=True)
        if group == "photographs"
    }
    assert of == {(f"train/{BARE_PHOTOGRAPH}", 1.0), ("train/green", 0.0), ("held back/another", 0.0)}


def test_a_trained_judge_of_crowns_is_a_graph_with_a_table_of_scores(stills: Path, tmp_path: Path) -> None:
    told: list[str] = []
    graph = train_judge(stills, tmp_path / "out", judge="tree_crown", epochs=2, notice=told.append)
    crop = np.zeros((THING_SIZE, THING_SIZE, 8), np.uint8)
    assert graph.name == "tree_crown.onnx"
    assert StateModel(graph).judge([crop]).sum() == pytest.approx(1.0)
    assert [line.split()[0] for line in told[-1].splitlines()[1:]] == ["drawn", "drawn", "rendered", "rendered"]


@pytest.mark.parametrize(
    ("judge", "mode", "photographs", "said"),
    [
        pytest.param("lamp_lit", "day", True, "--data is not for lamp_lit", id="photographs of trees for the lamps"),
        pytest.param("tree_crown", "night", False, "No still by day", id="stills by night alone"),
        pytest.param("tree_crown", "day", True, "no pictures under images/train", id="no photographs there"),
    ],
)
def test_what_the_judge_of_crowns_cannot_learn_from(
    judge: str, mode: str, photographs: bool, said: str, stills: Path, tmp_path: Path
) -> None:
    (stills / FILE).write_text(json.dumps({f"s{k}": park(stills, k, mode) for k in range(SCENES)}))
    with pytest.raises(LamplighterError, match=said):
        train_judge(
            stills, tmp_path / "out", judge=judge, photographs=tmp_path / "none" if photographs else None, notice=quiet
        )

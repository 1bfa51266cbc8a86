"""Stills in which much has come to harm: what is read of them, and which crops the judges are shown."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.training.judges.crowns import harmed_crowns
from detectors.training.judges.examples import Examples
from detectors.training.judges.harmed import HarmedStill, read_harmed
from detectors.training.judges.stances import harmed_lamps

HIGH, WIDE = 360, 640
CAMERA = {"x": 0.0, "z": 5.6, "yaw": 0.0, "pitch": 13.0, "lens": 26.0, "roll": 0.0}
# Where lamps stand along the walk, in metres, and where the plan's camera sees their foot and top, px.
LAMPS = {"stands": 12.0, "leans": 14.0, "hardly leans": 16.0, "snapped": 18.0, "gone": 20.0}
LEANS = {"leans": 15.0, "hardly leans": 5.5}


def seen(s: float) -> tuple[float, float, float]:
    """Where a lamp's foot is, px, and how tall it is, so far along the walk and a metre to its right."""
    tilt = np.radians(CAMERA["pitch"])
    focal = CAMERA["lens"] / 36 * WIDE

    def row(up: float) -> float:
        level, ahead = up - CAMERA["z"], s
        down = -level * np.cos(tilt) - ahead * np.sin(tilt)
        deep = ahead * np.cos(tilt) - level * np.sin(tilt)
        return float(HIGH / 2 + focal * down / deep)

    deep = s * np.cos(tilt) + CAMERA["z"] * np.sin(tilt)
    return WIDE / 2 + focal * 1.0 / deep, row(0.0), row(0.0) - row(4.0)


def place(s: float, wide: float = 0.08) -> list[list[float]]:
    x, y, tall = seen(s)
    corners = ((-wide, tall), (wide, tall), (wide, 0.0), (-wide, 0.0))
    return [[(x + side * tall) / WIDE, (y - up) / HIGH] for side, up in corners]


def label(s: float, number: int = 0, wide: float = 0.16) -> str:
    x, y, tall = seen(s)
    return f"{number} {x / WIDE} {(y - tall / 2) / HIGH} {wide * tall / WIDE} {tall / HIGH}"


def lamp(became: str) -> dict[str, object]:
    harm = {"lean": LEANS.get(became, 0.0), "snapped": 90.0 * (became == "snapped"), "gone": became == "gone"}
    return {"s": LAMPS[became], "t": 1.0, **harm}


def tree(s: float, *, bare: bool = False, lean: float = 0.0, fallen: bool = False) -> dict[str, object]:
    outline = place(s, 0.3)
    return {"kind": "tree", "outline": outline, "bare": bare, "lean": lean, "fallen": fallen, "winter": False}


def still(
    folder: Path, things: list[dict[str, object]], labels: list[str], lamps: tuple[str, ...] = (), mode: str = "day"
) -> Path:
    """A folder with one still of some registered things."""
    plan = {
        "curve": [0.0, 0.0, 0.0],
        "lamp_style": "globe",
        "lamp_height": 1.0,
        "lamps": [lamp(name) for name in lamps],
        "trees": [],
        "camera": CAMERA,
        "bare_season": False,
        "forms": [],
    }
    for kind in ("images", "labels", "json", "registered"):
        (folder / kind).mkdir(parents=True)
    rough = np.random.default_rng(1).integers(90, 160, (HIGH, WIDE, 3)).astype(np.uint8)
    cv2.imwrite(str(folder / "images" / "s1_0.jpg"), rough)
    (folder / "labels" / "s1_0.txt").write_text("\n".join(labels))
    (folder / "json" / "s1_0.json").write_text(json.dumps({"plan": plan}))
    (folder / "registered" / "s1.json").write_text(json.dumps({"mode": mode, "things": things}))
    return folder


def registered(name: str) -> dict[str, object]:
    harm = {key: value for key, value in lamp(name).items() if key not in ("s", "t")}
    return {"kind": "street_light", "outline": place(LAMPS[name]), **harm, "lit": False}


def lamps_at(folder: Path, names: tuple[str, ...], labelled: tuple[str, ...], *beside: dict[str, object]) -> Path:
    things = [*(registered(name) for name in names), *beside]
    return still(folder, things, [label(LAMPS[name]) for name in labelled], names)


def only(folder: Path) -> HarmedStill:
    (one,) = read_harmed(folder)
    return one


def groups(examples: Examples) -> dict[str, tuple[int, float]]:
    """How many crops each group has, and their state."""
    return {
        group: (int((examples.groups == group).sum()), float(examples.targets[examples.groups == group].mean()))
        for group in sorted(set(examples.groups.tolist()))
    }


def shown_lamps(folder: Path) -> dict[str, tuple[int, float]]:
    return groups(Examples.of(harmed_lamps(folder, np.random.default_rng(3))))


def shown_trees(folder: Path) -> dict[str, tuple[int, float]]:
    return groups(Examples.of(harmed_crowns(folder, np.random.default_rng(3))))


@pytest.mark.parametrize(
    ("name", "became", "off"),
    [
        ("stands", "stands", (0.0, 0.0)),
        ("leans", "leans", (0.1, 0.2)),
        ("hardly leans", "leans", (0.03, 0.06)),
        ("snapped", "snapped", (0.0, 0.0)),
        ("gone", "gone", (0.0, 0.0)),
    ],
)
def test_what_became_of_a_lamp(tmp_path: Path, name: str, became: str, off: tuple[float, float]) -> None:
    (one,) = only(lamps_at(tmp_path, (name,), (name,))).lamps
    assert one.became == became
    assert one.height == pytest.approx(seen(LAMPS[name])[2])
    assert off[0] <= one.off <= off[1]


def test_a_label_at_its_foot_is_a_lamps_own_and_no_other(tmp_path: Path) -> None:
    first, second = only(lamps_at(tmp_path, ("stands", "gone"), ("stands",))).lamps
    assert (len(first.boxes), len(second.boxes)) == (1, 0)


def test_a_label_beside_it_on_the_same_row_is_another_lamps(tmp_path: Path) -> None:
    x, y, tall = seen(LAMPS["stands"])
    beside = f"0 {(x + 0.5 * tall) / WIDE} {(y - tall / 2) / HIGH} {0.16 * tall / WIDE} {tall / HIGH}"
    (one,) = only(still(tmp_path, [registered("stands")], [beside], ("stands",))).lamps
    assert len(one.boxes) == 0


def test_of_one_that_no_plan_knows_nobody_can_tell_how_far_it_leans(tmp_path: Path) -> None:
    folder = still(tmp_path, [registered("leans")], [label(LAMPS["leans"])], ("hardly leans",))
    assert only(folder).lamps[0].off == 0.0
    assert not list(harmed_lamps(folder, np.random.default_rng(3)))


@pytest.mark.parametrize("winter", [False, True])
def test_in_winter_a_tree_had_no_leaves_before(tmp_path: Path, winter: bool) -> None:
    one = tree(12.0, bare=True) | {"winter": winter}
    assert only(still(tmp_path, [one], [label(12.0, 1, 0.6)])).trees[0].had_leaves is not winter


def test_a_crown_hides_what_is_behind_it_and_a_bare_one_does_not(tmp_path: Path) -> None:
    leafy, bare = (
        only(lamps_at(tmp_path / str(bare), ("gone",), (), tree(11.0, bare=bare))).lamps[0] for bare in (False, True)
    )
    assert leafy.hidden > 0.5
    assert bare.hidden == 0.0


def test_lamps_that_came_to_harm_are_shown_more_often_than_those_that_stand(tmp_path: Path) -> None:
    names = tuple(LAMPS)
    shown = shown_lamps(lamps_at(tmp_path, names, names))
    assert shown == {
        "harmed: gone": (4, 1.0),
        "harmed: leans": (4, 1.0),
        "harmed: snapped": (4, 1.0),
        "harmed: stands": (2, 0.0),
    }


@pytest.mark.parametrize("name", ["leans", "snapped", "gone"])
def test_harm_that_a_crown_hides_is_shown_to_nobody(tmp_path: Path, name: str) -> None:
    folder = lamps_at(tmp_path, ("stands", name), ("stands", name), tree(9.0))
    assert shown_lamps(folder) == {"harmed: hidden": (2, 0.0)}


def test_a_lamp_that_leans_unseen_is_not_shown_and_one_that_is_gone_is(tmp_path: Path) -> None:
    assert shown_lamps(lamps_at(tmp_path, ("leans", "gone"), ())) == {"harmed: gone": (4, 1.0)}


def test_trees_bare_leaning_and_in_leaf(tmp_path: Path) -> None:
    # Farther ones before nearer ones would be hidden by them: each is alone in a picture of its own.
    cases = {"bare": tree(12.0, bare=True), "in leaf": tree(12.0), "leans": tree(12.0, lean=12.0)}
    found = {name: shown_trees(still(tmp_path / name, [one], [label(12.0, 1, 0.6)])) for name, one in cases.items()}
    assert found == {
        "bare": {"harmed: bare": (4, 1.0)},
        "in leaf": {"harmed: in leaf": (2, 0.0)},
        "leans": {"harmed: leans": (2, 0.0)},
    }


def test_where_a_tree_fell_nobody_can_tell_whether_it_is_bare(tmp_path: Path) -> None:
    assert shown_trees(still(tmp_path, [tree(12.0, fallen=True)], [])) == {"harmed: fallen": (1, 0.5)}


def test_a_place_where_a_tree_fell_behind_a_crown_is_not_shown(tmp_path: Path) -> None:
    folder = still(tmp_path, [tree(12.0, fallen=True), tree(10.0)], [label(10.0, 1, 0.6)])
    assert set(shown_trees(folder)) == {"harmed: in leaf"}


def test_trees_after_dark_or_without_a_label_are_not_shown(tmp_path: Path) -> None:
    seen_by_day = tree(12.0, bare=True)
    for name, labels, mode in (("dark", [label(12.0, 1, 0.6)], "night"), ("unseen", [], "day")):
        folder = still(tmp_path / name, [seen_by_day], labels, mode=mode)
        assert not list(harmed_crowns(folder, np.random.default_rng(3))), name


@pytest.mark.parametrize("text", ["", "{", '{"mode": "day"}', '{"mode": "day", "things": [{"kind": "tree"}]}'])
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    folder = still(tmp_path, [], [])
    (folder / "registered" / "s1.json").write_text(text)
    with pytest.raises(LamplighterError, match=r"s1\.json: what this tells of lamps and trees cannot be read\."):
        list(read_harmed(folder))

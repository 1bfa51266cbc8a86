"""What the plan of a still tells: where things stand in the picture, and what leans by how much."""

from __future__ import annotations

import json
from math import radians, sin
from pathlib import Path
from typing import Any

import pytest

from detectors.errors import LamplighterError
from detectors.training.judges.plans import Standing, standing

HIGH, WIDE = 360, 640
AWAY = 10.0
"""Metres; a camera of 36 mm film and lens shows a metre there in a tenth of the picture's width."""


def plan(lean_of_lamp: float = 0.0, **tree: Any) -> dict[str, Any]:
    """A globe 4 m high and a tree of 5 m, 10 m before a level camera that hangs 2 m high."""
    return {
        "curve": [0.0, 0.0, 0.0],
        "camera": {"x": 0.0, "z": 2.0, "yaw": 0.0, "pitch": 0.0, "roll": 0.0, "lens": 36.0},
        "lamp_style": "globe",
        "lamp_height": 1.0,
        "lamps": [{"s": AWAY, "t": -1.0, "lean": lean_of_lamp}],
        "forms": [{"height": 5.0, "crown": 1.5}],
        "trees": [{"s": AWAY, "t": 2.0, "form": 0, "turn": 0.0, "scale": 1.0, "bare": False, "lean": 0.0} | tree],
        "bare_season": False,
    }


def early(made: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of the first seeds."""
    lamp, tree, form = made["lamps"][0], made["trees"][0], made["forms"][0]
    return {
        "curve": made["curve"],
        "cam": made["camera"],
        "lamp_style": made["lamp_style"],
        "lamp_h": made["lamp_height"],
        "lamps": [[lamp["s"], lamp["t"]]],
        "lamp_lean": [lamp["lean"]],
        "trees": [{"s": tree["s"], "t": tree["t"], "k": 0, "rot": tree["turn"], "sc": tree["scale"]} | lean_of(tree)],
        "tree_dims": [[form["height"], 1.0, form["crown"]]],
        "bare_season": False,
    }


def lean_of(tree: dict[str, Any]) -> dict[str, Any]:
    return {"bare": tree["bare"], "lean": tree["lean"]}


def seen(made: dict[str, Any], folder: Path) -> list[Standing]:
    path = folder / "s1_0.json"
    path.write_text(json.dumps({"plan": made}))
    return standing(path, WIDE, HIGH)


@pytest.mark.parametrize(
    "harm", [pytest.param({"snapped": 90.0}, id="snapped"), pytest.param({"gone": True}, id="gone")]
)
def test_a_lamp_without_its_column_does_not_stand(harm: dict[str, Any], tmp_path: Path) -> None:
    made = plan()
    made["lamps"][0] |= harm
    assert [thing.kind for thing in seen(made, tmp_path)] == ["tree"]


@pytest.mark.parametrize("bare", [True, False])
def test_in_winter_evergreens_are_in_leaf_among_bare_trees(bare: bool, tmp_path: Path) -> None:
    _, tree = seen(plan(bare=bare) | {"bare_season": True}, tmp_path)
    assert (tree.bare, tree.in_leaf) == (bare, None)


@pytest.mark.parametrize("words", [pytest.param(dict, id="now"), pytest.param(early, id="first seeds")])
def test_things_stand_where_the_camera_sees_them(words: Any, tmp_path: Path) -> None:
    lamp, tree = seen(words(plan()), tmp_path)
    assert (lamp.kind, lamp.foot.tolist()) == ("street_light", pytest.approx([256.0, 308.0]))
    assert lamp.upright.tolist() == lamp.top.tolist() == pytest.approx([256.0, 52.0])
    assert (tree.kind, tree.foot.tolist(), tree.tall) == ("tree", pytest.approx([448.0, 308.0]), pytest.approx(320.0))
    assert tree.wide == pytest.approx(192.0)
    assert not lamp.leans
    assert not tree.leans


@pytest.mark.parametrize(
    ("turn", "aside"),
    [
        pytest.param(0.0, 1, id="to the right"),
        pytest.param(3.14159265, -1, id="to the left"),
        pytest.param(1.57079633, 0, id="away from the camera"),
    ],
)
def test_the_top_of_a_tree_that_leans_is_where_the_camera_sees_it(turn: float, aside: int, tmp_path: Path) -> None:
    _, tree = seen(plan(t=0.0, lean=12.0, turn=turn), tmp_path)
    assert tree.leans
    assert tree.top[0] - tree.upright[0] == pytest.approx(aside * 64.0 * 5.0 * sin(radians(12.0)), abs=0.01)


def test_a_lamp_that_leans_along_the_walk_leans_less_across(tmp_path: Path) -> None:
    lamp, _ = seen(plan(lean_of_lamp=15.0), tmp_path)
    assert lamp.leans
    assert 0.0 < abs(lamp.top[0] - lamp.upright[0]) < 64.0 * 4.0 * sin(radians(8.0))


def test_a_tree_bare_among_green_ones_tells_how_large_it_was_in_leaf(tmp_path: Path) -> None:
    _, tree = seen(plan(bare=True), tmp_path)
    assert tree.bare
    assert tree.in_leaf == pytest.approx((320.0, 192.0))


@pytest.mark.parametrize(
    "tree", [pytest.param({"s": -5.0}, id="behind the camera"), pytest.param({"fallen": True}, id="fallen")]
)
def test_what_does_not_stand_before_the_camera_is_left_out(tree: dict[str, Any], tmp_path: Path) -> None:
    assert [thing.kind for thing in seen(plan(**tree), tmp_path)] == ["street_light"]


def test_a_plan_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="plans of the stills"):
        standing(tmp_path / "s1_0.json", WIDE, HIGH)

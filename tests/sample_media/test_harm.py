"""What comes to harm in stills that show much of it: drawn from a seed, half of what stands there."""

import math
from collections.abc import Callable

import pytest

from sample_media.studio.drawn import drawn_place
from sample_media.studio.harm import BARE, FALLEN, GONE, LEANING, LEANS, SNAPPED, draw_both
from sample_media.studio.plan import Lamp, Plan, Tree

SEEDS = range(920_000, 920_120)


def both() -> list[tuple[Plan, Plan]]:
    return [draw_both(seed) for seed in SEEDS]


def test_the_same_seed_comes_to_the_same_harm() -> None:
    assert [draw_both(seed) for seed in SEEDS[:5]] == [draw_both(seed) for seed in SEEDS[:5]]


def test_nothing_is_wrong_where_all_is_well() -> None:
    for whole, _ in both():
        assert not any(lamp.lean or lamp.snapped or lamp.gone for lamp in whole.lamps)
        assert not any(tree.lean or tree.fallen or (tree.bare and not whole.bare_season) for tree in whole.trees)


def test_harm_moves_nothing_and_leaves_the_light_and_the_camera_as_they_are() -> None:
    for whole, harmed in both():
        assert [(lamp.s, lamp.t) for lamp in whole.lamps] == [(lamp.s, lamp.t) for lamp in harmed.lamps]
        assert [(tree.s, tree.t) for tree in whole.trees] == [(tree.s, tree.t) for tree in harmed.trees]
        assert (whole.light, whole.camera, whole.forms) == (harmed.light, harmed.camera, harmed.forms)


@pytest.mark.parametrize(
    ("harm", "share"),
    [
        (lambda lamp: bool(lamp.lean), LEANS),
        (lambda lamp: bool(lamp.snapped), SNAPPED),
        (lambda lamp: lamp.gone, GONE),
    ],
    ids=["leans", "snapped", "gone"],
)
def test_a_share_of_lamps_comes_to_each_harm_and_none_to_two(harm: Callable[[Lamp], bool], share: float) -> None:
    lamps = [lamp for _, harmed in both() for lamp in harmed.lamps]
    off = 4 * math.sqrt(share * (1 - share) / len(lamps))
    assert sum(map(harm, lamps)) / len(lamps) == pytest.approx(share, abs=off)
    assert max((lamp.lean != 0) + (lamp.snapped != 0) + lamp.gone for lamp in lamps) == 1


@pytest.mark.parametrize(
    ("harm", "share"),
    [(lambda tree: tree.bare, BARE), (lambda tree: bool(tree.lean), LEANING), (lambda tree: tree.fallen, FALLEN)],
    ids=["bare", "leans", "fallen"],
)
def test_a_share_of_trees_comes_to_each_harm(harm: Callable[[Tree], bool], share: float) -> None:
    trees = [tree for whole, harmed in both() if not whole.bare_season for tree in harmed.trees]
    off = 4 * math.sqrt(share * (1 - share) / len(trees))
    assert sum(map(harm, trees)) / len(trees) == pytest.approx(share, abs=off)


def test_all_lights_are_drawn_and_the_rest_is_as_of_the_camera_of_that_seed() -> None:
    assert {whole.light.mode for whole, _ in both()} == {"day", "overcast", "night", "dusk"}
    whole, _ = draw_both(SEEDS[0])
    assert whole.camera == drawn_place(SEEDS[0]).plan.camera

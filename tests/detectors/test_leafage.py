"""Crowns that lose their leaves: what makes a tree bare by its own past, and what does not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.inspectors.crops import THING_FOOT, THING_SIZE, Crop
from detectors.inspectors.leafage import LeafWatch

CROWN, MIDDLE = (32, 26), 32


def tree(happens: Callable[[np.ndarray], None] | None = None, bare: bool = False, behind: float = 0.0) -> Crop:
    """A tree on a lawn: a trunk, and leaves or twigs; through those one sees the leaves behind, 0 to 1 like its own."""
    rng = np.random.default_rng(3)
    picture = rng.integers(60, 120, (THING_SIZE, THING_SIZE, 3), np.uint8)
    outline = np.zeros((THING_SIZE, THING_SIZE), np.uint8)
    cv2.rectangle(picture, (MIDDLE - 2, 36), (MIDDLE + 2, THING_FOOT), (30, 30, 35), -1)
    leaves = np.random.default_rng(5).integers(10, 90, (THING_SIZE, THING_SIZE, 3), np.uint8)
    crown = cv2.circle(np.zeros_like(outline), CROWN, 15, 255, -1) > 0
    if bare:
        picture[crown] = (behind * leaves[crown] + (1 - behind) * picture[crown]).astype(np.uint8)
        for x in range(12, 54, 6):
            cv2.line(picture, (MIDDLE, 44), (x, 16), (40, 40, 45), 1)
    else:
        picture[crown] = leaves[crown]
    if happens is not None:
        happens(picture)
    cv2.circle(outline, CROWN, 16, 255, -1)
    cv2.rectangle(outline, (MIDDLE - 3, 40), (MIDDLE + 3, THING_FOOT), 255, -1)
    return np.dstack([picture, outline])


def shadow_beside(picture: np.ndarray) -> None:
    picture[8:60, :14] //= 4


def lorry(picture: np.ndarray) -> None:
    picture[20:60] = 200


@pytest.mark.parametrize(
    ("now", "odds", "told"),
    [
        pytest.param(tree(bare=True), 0.3, True, id="its leaves are gone"),
        pytest.param(tree(bare=True), 0.15, True, id="and what is behind keeps the judge from being sure"),
        pytest.param(tree(bare=True, behind=0.8), 0.3, True, id="a green crown right behind looks much as its own did"),
        pytest.param(tree(bare=True), 0.1, False, id="barer by no more than what is seen through a dead tree's boughs"),
        pytest.param(tree(bare=True), 0.01, False, id="the judge finds it hardly barer"),
        pytest.param(tree(), 0.3, False, id="the judge wavers, the crown is as it was"),
        pytest.param(tree(shadow_beside, bare=True), 0.3, False, id="much changed beside it too"),
        pytest.param(tree(lorry), 0.3, False, id="something stands before all of it"),
    ],
)
def test_a_tree_that_lost_its_leaves(now: Crop, odds: float, told: bool) -> None:
    watch = LeafWatch()
    for _ in range(3):
        assert watch.look({"T-1": tree()}, {"T-1": 0.002}) == {}
    assert ("T-1" in watch.look({"T-1": now}, {"T-1": odds})) is told


def test_a_tree_is_compared_with_its_leaves_though_the_judges_memory_lags() -> None:
    watch = LeafWatch()
    watch.look({"T-1": tree()}, {"T-1": 0.002})
    assert watch.look({"T-1": tree(bare=True)}, {"T-1": 0.002}) == {}
    assert "T-1" in watch.look({"T-1": tree(bare=True)}, {"T-1": 0.3})


def test_a_tree_that_was_never_surely_in_leaf_did_not_lose_any() -> None:
    watch = LeafWatch()
    watch.look({"T-1": tree()}, {"T-1": 0.2})
    assert watch.look({"T-1": tree(bare=True)}, {"T-1": 0.95}) == {}

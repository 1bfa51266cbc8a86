"""Changes that two backgrounds see: how much of a thing is gaps, and how high it is without any."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.background import Change, DualBackground
from detectors.geometry import Box
from detectors.values import Image, small_grey
from tests.detectors.fakes import noise

PAVING = np.full((270, 480, 3), 150, np.uint8)


def change_of(draw: Callable[[Image], None]) -> Change:
    """The one change that is left when something is drawn on the paving."""
    there = PAVING.copy()
    draw(there)
    background, seen = DualBackground(), []
    for second, picture in enumerate([PAVING] * 5 + [there] * 4):
        shown = noise(picture, second)
        seen = background.look(shown, small_grey(shown), None)
    assert len(seen) == 1
    return seen[0]


def case(picture: Image) -> None:
    cv2.rectangle(picture, (200, 120), (220, 160), (20, 20, 20), -1)


def strewn(picture: Image) -> None:
    for n in range(8):
        cv2.circle(picture, (200 + 7 * (n % 4), 124 + 8 * (n // 4)), 2, (20, 20, 20), -1)


def bicycle(picture: Image) -> None:
    for x in range(200, 250, 7):
        cv2.line(picture, (x, 130), (450 - x, 160), (20, 20, 20), 1)


@pytest.mark.parametrize(
    ("draw", "solid"), [pytest.param(case, True, id="a case"), pytest.param(strewn, False, id="strewn litter")]
)
def test_a_case_is_solid_and_strewn_litter_is_not(draw: Callable[[Image], None], solid: bool) -> None:
    change = change_of(draw)
    assert (change.solid > 0.8 * change.box.height) is solid


def test_what_is_mostly_gaps_differs_by_its_lines() -> None:
    """Its lines are 130 grey levels darker than the paving; averaged with the gaps they would be far less."""
    change = change_of(bicycle)
    assert change.fill * change.difference < 40 < change.difference


HEAP = Box(0.4, 0.5, 0.55, 0.65)


def heaped(picture: Image) -> Image:
    """Litter of all colours, a few pixels a piece."""
    there = picture.copy()
    x0, y0, x1, y1 = HEAP.pixels(480, 270)
    pieces = np.random.default_rng(5).integers(0, 256, (10, 18, 3), np.uint8)
    there[y0:y1, x0:x1] = cv2.resize(pieces, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
    return there


def swaying(picture: Image, look: int, by_px: float) -> Image:
    shift = by_px * np.sin(2.1 * look), by_px * np.cos(1.3 * look)
    moved = cv2.warpAffine(
        picture, np.array([[1, 0, shift[0]], [0, 1, shift[1]]]), (480, 270), borderMode=cv2.BORDER_REPLICATE
    )
    return noise(np.asarray(moved, np.uint8), look)


@pytest.mark.parametrize("by_px", [pytest.param(0.0, id="a still camera"), pytest.param(0.7, id="a mast that sways")])
@pytest.mark.parametrize("comes", [pytest.param(True, id="a heap comes"), pytest.param(False, id="nothing comes")])
def test_a_heap_is_seen_whole_by_a_camera_that_sways(by_px: float, comes: bool) -> None:
    bricks = PAVING.copy()
    for y in range(0, 270, 18):
        cv2.line(bricks, (0, y), (480, y), (60, 60, 60), 2)
    background, seen = DualBackground(), []
    for look in range(10):
        shown = swaying(heaped(bricks) if comes and look >= 6 else bricks, look, by_px)
        seen = background.look(shown, small_grey(shown), None)
    assert [change.box.iou(HEAP) > 0.7 for change in seen] == [True] * comes


CASE = Box(200 / 480, 120 / 270, 221 / 480, 161 / 270)
SOMEBODY = Box(180 / 480, 90 / 270, 240 / 480, 180 / 270)


@pytest.mark.parametrize(
    ("free_before", "free_after", "sees"),
    [
        pytest.param([1, 3, 5], [7, 9, 11], True, id="every other look is free"),
        pytest.param([2, 4], [7, 9, 11], True, id="free twice before it came"),
        pytest.param([2], [7, 9, 11], False, id="free once before: what stands there is all that is known"),
        pytest.param([1, 3, 5], [7, 9], False, id="free twice since: it may be somebody yet"),
    ],
)
def test_what_came_is_seen_between_those_who_pass(free_before: list[int], free_after: list[int], sees: bool) -> None:
    background, seen = DualBackground(), []
    there = PAVING.copy()
    case(there)
    for second in range(12):
        shown = noise(there if second >= 6 else PAVING, second)
        hidden = second not in (*free_before, *free_after)
        if hidden:  # dark clothes, each time another shade
            x0, y0, x1, y1 = SOMEBODY.pixels(480, 270)
            shown[y0:y1, x0:x1] = 10 + 9 * second
        seen = background.look(shown, small_grey(shown), None, [SOMEBODY] if hidden else [])
    assert any(change.box.iou(CASE) > 0.5 for change in seen) is sees


def test_nothing_came_where_somebody_stands_while_the_exposure_changes() -> None:
    background = DualBackground()
    for second in range(16):
        shown = noise(np.asarray(PAVING * (0.75 if second >= 8 else 1.0), np.uint8), second)
        stands = [SOMEBODY] if 5 <= second < 14 else []
        if stands:
            x0, y0, x1, y1 = SOMEBODY.pixels(480, 270)
            shown[y0:y1, x0:x1] = 40
        assert background.look(shown, small_grey(shown), None, stands) == []


@pytest.mark.parametrize(
    ("box", "least", "most"),
    [
        pytest.param(CASE, 0.8, 1.0, id="the thing"),
        pytest.param(Box(0.7, 0.5, 0.8, 0.6), 0.0, 0.05, id="elsewhere"),
    ],
)
def test_how_much_of_a_place_changed_off_the_registered_ground(box: Box, least: float, most: float) -> None:
    background, there = DualBackground(), PAVING.copy()
    case(there)
    nowhere = np.zeros((270, 480), bool)
    assert background.changed_share(box) == 0.0
    for second in range(60):
        shown = noise(there if second >= 5 else PAVING, second)
        assert background.look(shown, small_grey(shown), nowhere, seconds=10.0) == []
        share = background.changed_share(box)
    assert least <= share <= most


def test_of_a_place_that_is_mostly_hidden_no_change_is_told() -> None:
    background, there = DualBackground(), PAVING.copy()
    case(there)
    wide = Box(CASE.x0 - 0.1, CASE.y0, CASE.x1, CASE.y1)
    stands = Box(wide.x0 - 0.1, 0.2, CASE.x0 - 0.02, 0.9)
    for second in range(12):
        shown = noise(there if second >= 5 else PAVING, second)
        background.look(shown, small_grey(shown), None, [stands])
    assert background.changed_share(CASE) > 0.8
    assert background.changed_share(wide) == 0.0

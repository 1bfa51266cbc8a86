"""Changes that two backgrounds see: how much of a thing is gaps, and how high it is without any."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.background import Change, DualBackground
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

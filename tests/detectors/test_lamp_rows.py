"""Which lamps stand in one row, and what that tells of the side on which their columns stand."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.crops import foot_of
from detectors.inspectors.lamp_rows import rows_of
from detectors.values import Asset, Image
from tests.detectors.fakes import noise
from tests.detectors.scenes import HEIGHT, WIDTH
from tests.detectors.test_column_lines import outlined, row

TALL = (0.6, 0.45, 0.34, 0.25, 0.19)
"""Heights of lamps that stand one behind the other."""


def lamp(tall: float, middle: float) -> Box:
    return Box(middle - 0.1 * tall, 0.6 - tall, middle + 0.1 * tall, 0.6)


def straight(slope: float) -> list[Box]:
    """A row beside a straight path, so many heights of its lamps to the right of where it vanishes."""
    return [lamp(tall, 0.5 + slope * tall) for tall in TALL]


@pytest.mark.parametrize(
    ("lamps", "rows"),
    [
        pytest.param(straight(0.5), [0] * 5, id="one beside a path"),
        pytest.param([*straight(-0.5)[::2], *straight(0.5)[1::2]], [0, 0, 0, 1, 1], id="one on either side"),
        pytest.param([*straight(0.3), *straight(0.9)], [0] * 5 + [1] * 5, id="two to the right"),
        pytest.param([*straight(0.5)[1:], lamp(TALL[0], 0.3)], [0] * 5, id="one of it is off: no row by itself"),
        pytest.param([lamp(0.4, x) for x in (0.1, 0.3, 0.5, 0.9)], [0] * 4, id="across the picture"),
        pytest.param(straight(0.5)[:1], [0], id="a single lamp"),
        pytest.param([], [], id="none"),
    ],
)
def test_rows(lamps: list[Box], rows: list[int]) -> None:
    told = list(rows_of({str(n): box for n, box in enumerate(lamps)}, 16 / 9).values())
    assert told in (rows, [1 - n for n in rows]) if any(rows) else told == rows


def street(hidden: int) -> tuple[Image, list[Asset]]:
    """Lamps on either side of a path, by turns, their arms over it; of one no column shows."""
    picture, lamps = np.full((HEIGHT, WIDTH, 3), 130, np.uint8), []
    for number, tall in enumerate((150, 130, 112, 96, 82, 70)):
        side = -1 if number % 2 else 1
        x, top, arm = round(WIDTH / 2 - side * 1.2 * tall), 20, side * (tall // 4)
        if number != hidden:
            cv2.line(picture, (x, top), (x, top + tall), (50, 50, 50), 3)
        left, right = sorted((x - 2 * side, x + arm))
        box = Box(left / WIDTH, (top - 1) / HEIGHT, right / WIDTH, (top + tall + 1) / HEIGHT)
        lamps.append(Asset(f"L-{number}", "street_light", Region.rectangle(box)))
    return noise(picture, 1, 2.0), lamps


@pytest.mark.parametrize("hidden", range(1, 6))
def test_lamps_on_either_side_of_a_path_hold_their_arms_towards_each_other(hidden: int) -> None:
    picture, lamps = street(hidden)
    feet = {i: foot_of(region)[0] for i, region in outlined(picture, lamps).items()}
    for number, asset in enumerate(lamps):
        assert asset.region is not None
        middle = asset.region.box.centre[0]
        assert feet[asset.id] > middle if number % 2 else feet[asset.id] < middle, number


@pytest.mark.parametrize(
    ("lines", "points"),
    [
        pytest.param([], 6, id="no column shows: it stood as those of its row"),
        pytest.param([20, 39], 4, id="columns show in the middle and at the other end: nobody knows"),
    ],
)
def test_a_row_is_not_believed_where_a_lamps_own_lines_belie_it(lines: list[int], points: int) -> None:
    picture, lamps = row(40, 0, 40)
    second = lamps[1].region
    assert second is not None
    right = Region.rectangle(Box(238 / WIDTH, second.box.y0, 280 / WIDTH, second.box.y1))
    lamps[1] = replace(lamps[1], region=right)
    for x in lines:
        cv2.line(picture, (240 + x, 60), (240 + x, 200), (50, 50, 50), 3)
    assert len(outlined(picture, lamps)["L-2"].points) == points

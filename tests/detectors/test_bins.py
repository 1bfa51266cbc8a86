"""Whether a bin overflows: what the detector says of the bin, of what lies round it, and of what stands behind it."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.bins import Bins
from detectors.values import Asset, Detections, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import day

PLACE, BEHIND = Box(0.40, 0.60, 0.44, 0.74), Box(0.36, 0.54, 0.43, 0.68)
VIEW = View(
    "walk",
    (
        Asset("W-1", "bin", Region.rectangle(PLACE)),
        Asset("B-1", "bench", Region.rectangle(BEHIND)),
    ),
)
HEAPED = Box(0.39, 0.57, 0.45, 0.74)
WITH_BENCH = Box(0.37, 0.55, 0.44, 0.74)
AT_FOOT = ("litter", 0.7, Box(0.43, 0.72, 0.47, 0.76))

Row = tuple[str, float, Box]


def judged(bins: Bins, *rows: Row) -> Observation:
    found = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    (said,) = bins.look(Scene(frame(day(), 0), LightState.NIGHT, found, VIEW, []))
    return said


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([("bin_overflowing", 0.8, HEAPED)], True, id="surely full"),
        pytest.param([("bin_overflowing", 0.55, HEAPED)], False, id="hardly surer than not"),
        pytest.param([("bin_overflowing", 0.55, HEAPED), AT_FOOT], True, id="and litter at its foot"),
        pytest.param([("bin_overflowing", 0.7, WITH_BENCH)], False, id="the heap is the bench behind"),
        pytest.param([("bin_overflowing", 0.7, PLACE), ("bin", 0.75, PLACE)], False, id="surer that it is but a bin"),
        pytest.param([("bin_overflowing", 0.7, PLACE), ("bin", 0.4, PLACE)], True, id="less sure that it is but a bin"),
        pytest.param([("bin", 0.9, PLACE)], False, id="a bin"),
        pytest.param([("litter", 0.7, HEAPED)], True, id="nothing but litter where it stands"),
    ],
)
def test_one_look_at_a_registered_bin(rows: list[Row], told: bool) -> None:
    said = judged(Bins(), *rows)
    assert (said.presence is Presence.PRESENT and said.score >= 0.5) is told
    assert said.asset_id == "W-1"


@pytest.mark.parametrize(
    ("looks", "told"), [pytest.param(1, False, id="once"), pytest.param(3, True, id="three times")]
)
def test_a_bin_that_was_clearly_emptier_is_told_sooner(looks: int, told: bool) -> None:
    bins = Bins()
    for _ in range(looks):
        judged(bins, ("bin", 0.9, PLACE))
    assert (judged(bins, ("bin_overflowing", 0.55, HEAPED)).score >= 0.5) is told


def test_a_bin_that_always_looked_a_little_full_was_never_emptier() -> None:
    bins = Bins()
    for _ in range(5):
        judged(bins, ("bin", 0.55, PLACE), ("bin_overflowing", 0.4, PLACE))
    assert judged(bins, ("bin_overflowing", 0.55, HEAPED)).score < 0.5

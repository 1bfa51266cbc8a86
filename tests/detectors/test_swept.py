"""Litter that lies together is one job for whoever sweeps."""

from __future__ import annotations

import pytest

from detectors.geometry import Box
from detectors.inspectors.places import heaped
from detectors.values import Observation, Presence


@pytest.mark.parametrize(
    ("other", "jobs"),
    [
        pytest.param(Box(0.56, 0.60, 0.60, 0.64), 1, id="beside it"),
        pytest.param(Box(0.62, 0.60, 0.66, 0.64), 2, id="a metre and more beside it"),
        pytest.param(Box(0.50, 0.66, 0.54, 0.70), 1, id="right before it"),
        pytest.param(Box(0.50, 0.69, 0.54, 0.73), 2, id="before it: up and down the picture distances look shorter"),
    ],
)
def test_pieces_that_lie_together(other: Box, jobs: int) -> None:
    pieces = [
        Observation("litter", Presence.PRESENT, 0.8, None, None, box) for box in (Box(0.50, 0.60, 0.54, 0.64), other)
    ]
    assert len(heaped(pieces, lambda _: 0.08)) == jobs

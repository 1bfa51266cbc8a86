"""The months in which every healthy tree is in leaf, by latitude."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from detectors.inspectors.seasons import is_summer


@pytest.mark.parametrize(
    ("month", "latitude", "summer"),
    [
        pytest.param(6, 31.2, True, id="Shanghai, June"),
        pytest.param(9, 48.9, True, id="Paris, September"),
        pytest.param(5, 48.9, False, id="Paris, May: the last trees come into leaf"),
        pytest.param(10, 31.2, False, id="Shanghai, October: leaves begin to fall"),
        pytest.param(1, 31.2, False, id="Shanghai, January"),
        pytest.param(12, -37.8, True, id="Melbourne, December"),
        pytest.param(3, -37.8, True, id="Melbourne, March"),
        pytest.param(6, -37.8, False, id="Melbourne, June"),
        pytest.param(7, 1.3, False, id="Singapore: no such season"),
        pytest.param(7, 69.6, False, id="Tromsø: too short a summer to rely on"),
        pytest.param(7, None, False, id="nobody knows where"),
    ],
)
def test_when_trees_are_surely_in_leaf(month: int, latitude: float | None, summer: bool) -> None:
    assert is_summer(datetime(2026, month, 15, 12, tzinfo=UTC), latitude) is summer

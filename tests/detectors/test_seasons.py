"""The months in which every healthy tree is in leaf, and those in which many are not, by latitude."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from detectors.inspectors.seasons import is_summer, is_winter


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


@pytest.mark.parametrize(
    ("month", "latitude", "winter"),
    [
        pytest.param(12, 31.2, True, id="Shanghai, December"),
        pytest.param(2, 48.9, True, id="Paris, February"),
        pytest.param(11, 31.2, False, id="Shanghai, November: the last leaves fall"),
        pytest.param(3, 31.2, False, id="Shanghai, March"),
        pytest.param(6, -37.8, True, id="Melbourne, June"),
        pytest.param(8, -37.8, True, id="Melbourne, August"),
        pytest.param(12, -37.8, False, id="Melbourne, December"),
        pytest.param(1, 1.3, False, id="Singapore: no such season"),
        pytest.param(1, None, False, id="nobody knows where"),
    ],
)
def test_when_healthy_trees_may_be_bare(month: int, latitude: float | None, winter: bool) -> None:
    assert is_winter(datetime(2026, month, 15, 12, tzinfo=UTC), latitude) is winter

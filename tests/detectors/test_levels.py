"""Order statistics are NumPy's own, for any values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detectors.levels import brightest, median, middle_of, quantiles

SHAPES = arrays.array_shapes(min_dims=1, max_dims=2, max_side=20)
LEVELS = arrays.arrays(np.uint8, SHAPES) | arrays.arrays(np.float32, SHAPES, elements=st.floats(-1000, 1000, width=32))


@given(LEVELS, st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_quantiles_are_those_of_numpy(values: np.ndarray, shares: list[float]) -> None:
    assert quantiles(values, *shares) == pytest.approx(np.quantile(values.astype(float), shares), abs=1e-3)
    assert median(values) == pytest.approx(np.median(values.astype(float)), abs=1e-3)


@given(arrays.arrays(np.uint8, SHAPES), st.integers(1, 500))
def test_the_brightest_are_the_last_of_all_in_order(levels: np.ndarray, count: int) -> None:
    assert brightest(levels, count) == pytest.approx(np.sort(levels, axis=None)[-count:].mean())


@given(arrays.arrays(np.float32, (3, 4, 5), elements=st.floats(-1000, 1000, width=32)))
def test_the_middle_of_three_pictures_is_their_median(pictures: np.ndarray) -> None:
    assert np.array_equal(middle_of(*pictures), np.median(pictures, axis=0))


def test_nothing_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median(np.zeros(0))
    with pytest.raises(ValueError, match="nothing"):
        brightest(np.zeros(0, np.uint8), 3)

"""Order statistics of pictures: what NumPy's percentiles give, without what they spend on checking small arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def quantiles(values: NDArray[Any], *shares: float) -> tuple[float, ...]:
    """Values below which given shares of all lie, 0-1, interpolated between neighbours as `np.percentile` does.

    Raises:
        ValueError: no values.
    """
    if values.size == 0:
        raise ValueError("There is no quantile of nothing.")
    places = [share * (values.size - 1) for share in shares]
    ranks = sorted({rank for place in places for rank in (int(place), min(int(place) + 1, values.size - 1))})
    ordered = np.partition(values.ravel(), ranks)
    return tuple(_between(ordered, place) for place in places)


def median(values: NDArray[Any]) -> float:
    """The middle value.

    Raises:
        ValueError: no values.
    """
    return quantiles(values, 0.5)[0]


def _between(ordered: NDArray[Any], place: float) -> float:
    low = float(ordered[int(place)])
    rest = place - int(place)
    return low + rest * (float(ordered[int(place) + 1]) - low) if rest else low

"""Which lamps of a view stand in one row: those on either side of a path hold out their arms towards each other.

Lamps of one make are the lower the farther they are, so the feet of a straight row lie on a line over their heights.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from detectors.geometry import Box

# A lamp is off its row's line by so much of its height at most; and two lines must explain better than one as much as
# so many lamps that are wholly off. Of 672 boxes of lamps on arms in 115 stills by day the side of the column is told
# right for 361 and wrong for 74 where all lamps are one row. With two rows it is 443 and 39; 427 to 445 and 39 to 54
# with 0.1 to 0.3 and 1 to 3.
_OFF, _WORTH = 0.3, 2.0
_APART = 0.05  # share of its height by which a lamp differs from another, to make a line with it


def rows_of(lamps: Mapping[str, Box], aspect: float) -> dict[str, int]:
    """The row, 0 or 1, in which each lamp stands; all in one where two lines explain no more.

    Args:
        lamps: their boxes, by id.
        aspect: width over height of the picture.
    """
    one = dict.fromkeys(lamps, 0)
    tall = np.array([box.height for box in lamps.values()])
    across = np.array([box.centre[0] for box in lamps.values()]) * aspect
    off = []
    for i, j in combinations(range(len(lamps)), 2):
        if abs(tall[i] - tall[j]) >= _APART * max(tall[i], tall[j]):
            slope = (across[j] - across[i]) / (tall[j] - tall[i])
            off.append(np.abs(across - across[i] - slope * (tall - tall[i])) / tall)
    if not off:
        return one
    lines = np.array(off)
    misfit = np.minimum(lines, _OFF)
    together = np.array([np.minimum(misfit, line).sum(axis=1) for line in misfit])
    first, second = np.unravel_index(together.argmin(), together.shape)
    if misfit.sum(axis=1).min() - together[first, second] < _WORTH * _OFF:
        return one
    return {lamp: int(lines[second, k] < lines[first, k]) for k, lamp in enumerate(lamps)}

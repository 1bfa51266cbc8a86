"""How sure scores are: bootstrap intervals over clips, for clips are what was drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]

_ROUNDS = 2000
_SEED = 20260601
_TAILS = (2.5, 97.5)


def intervals(counts: Sequence[tuple[int, int, int]]) -> dict[str, list[float]]:
    """The 95 % intervals of precision, recall and F1.

    Args:
        counts: for each clip, how many issues are true, were found and were matched.

    Returns:
        Lower and upper bound of each rate, 0-1. Rounds of the bootstrap in which a rate has no meaning (nothing true,
        or nothing found) are left out of it; a rate that never has one goes from 0 to 1.
    """
    table = np.asarray(counts, np.float64).reshape(-1, 3)
    if not len(table):
        return {name: [0.0, 1.0] for name in ("precision", "recall", "f1")}
    drawn = np.random.default_rng(_SEED).integers(0, len(table), (_ROUNDS, len(table)))
    true, found, matched = table[drawn].sum(axis=1).T
    return {
        "precision": _bounds(matched, found),
        "recall": _bounds(matched, true),
        "f1": _bounds(2 * matched, true + found),
    }


def _bounds(part: Counts, whole: Counts) -> list[float]:
    meant = whole > 0
    if not meant.any():
        return [0.0, 1.0]
    low, high = np.percentile(part[meant] / whole[meant], _TAILS)
    return [float(low), float(high)]

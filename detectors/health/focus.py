"""Focus: how steep the steepest edges of a picture are, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.levels import quantiles
from detectors.values import Grey

Levels = NDArray[np.int16]
Blocks = NDArray[np.float32]

_BLOCK = 24
_MIN_BLOCKS = 6
_MIN_RANGE = 20.0  # grey levels between the darkest and the lightest of a block, for its edges to be judged
_NOISE_RANGE = 10.0  # and this many times the noise
_STEEPEST = 0.8  # share of the blocks that are no steeper
_SOFT = 9  # pixels that are summed to soften one


@dataclass(frozen=True, slots=True)
class Focus:
    """Steepness of a picture's edges.

    Attributes:
        steepness: steepest change from one pixel to the next over the range of brightness there, 0-1: about
            0.4 / spread for an edge blurred by that many pixels.
        blocks: how many parts of the picture have edges to judge by.
    """

    steepness: float
    blocks: int


def focus_of(grey: Grey, noise: float) -> Focus | None:
    """Measure a grey picture; None where it has too few edges.

    Args:
        noise: sensor noise in grey levels.
    """
    rows, columns = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    if rows == 0 or columns == 0:
        return None
    # Sums of nine pixels, not means: whole numbers of 16 bits are as exact as floats, in half the time.
    soft = np.asarray(cv2.boxFilter(grey, cv2.CV_16S, (3, 3), normalize=False), np.int16)
    reach = _extremes(soft, rows, columns, np.maximum) - _extremes(soft, rows, columns, np.minimum)
    slope = np.zeros_like(soft)
    slope[:, 1:-1] = cv2.absdiff(soft[:, 2:], soft[:, :-2])
    np.maximum(slope[1:-1], cv2.absdiff(soft[2:], soft[:-2]), out=slope[1:-1])
    steepest = 0.5 * _extremes(slope, rows, columns, np.maximum)
    judged = reach > max(_MIN_RANGE, _NOISE_RANGE * noise)
    if int(judged.sum()) < _MIN_BLOCKS:
        return None
    return Focus(quantiles(steepest[judged] / reach[judged], _STEEPEST)[0], int(judged.sum()))


def _extremes(sums: Levels, rows: int, columns: int, extreme: np.ufunc) -> Blocks:
    """Largest or smallest grey level of each whole block, (rows, columns)."""
    bands = extreme.reduce(sums[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns * _BLOCK), axis=1)
    return (extreme.reduce(bands.reshape(rows, columns, _BLOCK), axis=2) / _SOFT).astype(np.float32)

"""Focus: how steep the steepest edges of a picture are, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

_BLOCK = 24
_MIN_BLOCKS = 6
_MIN_RANGE = 20.0  # grey levels between the darkest and the lightest of a block, for its edges to be judged
_NOISE_RANGE = 10.0  # and this many times the noise
_QUANTILE = 80


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
    soft = cv2.blur(grey, (3, 3))
    reach = _most(soft, rows, columns) + _most(-soft, rows, columns)
    slope = np.maximum(
        np.abs(cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1)), np.abs(cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=1))
    )
    steepest = 0.5 * _most(slope, rows, columns)
    judged = reach > max(_MIN_RANGE, _NOISE_RANGE * noise)
    if int(judged.sum()) < _MIN_BLOCKS:
        return None
    return Focus(float(np.percentile(steepest[judged] / reach[judged], _QUANTILE)), int(judged.sum()))


def _most(values: Grey, rows: int, columns: int) -> Grey:
    """Largest value of each whole block, (rows, columns)."""
    whole = values[: rows * _BLOCK, : columns * _BLOCK]
    bands = whole.reshape(rows, _BLOCK, columns * _BLOCK).max(axis=1)
    return np.asarray(bands.reshape(rows, columns, _BLOCK).max(axis=2), np.float32)

"""Lays a look at a swaying camera's view back on what is known of it, to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values
from detectors.levels import median

Grey = NDArray[np.float32]

# Steep places tell a shift (grey levels a pixel); too few, or differences that no sway makes, tell none.
_STEEP, _LEAST_PX, _MOST_APART = 6.0, 200, 40.0
_STEPS, _EVERY = 2, 2
LEAST_SHIFT_PX, _MOST_SHIFT_PX = 0.08, 2.5
"""Smaller shifts are noise: a still camera's pictures stay as they are."""


def laid_on(grey: values.Grey, known: values.Grey | Grey) -> values.Grey:
    """A look moved so that its edges lie where those of the known view lie.

    A mast sways by a pixel or so, which changes what is beside every edge more than a dark bag changes dark paving.

    Args:
        grey: (height, width) levels.
        known: the view as it is known, of the same size.
    """
    before = cv2.GaussianBlur(known.astype(np.float32), (3, 3), 0)
    across, along = (cv2.Sobel(before, cv2.CV_32F, dx, 1 - dx)[::_EVERY, ::_EVERY] / 8 for dx in (1, 0))
    steep = np.hypot(across, along) > _STEEP
    if steep.sum() < _LEAST_PX:
        return grey
    now, shift = grey, np.zeros(2)
    for _ in range(_STEPS):
        step = _step(cv2.GaussianBlur(now.astype(np.float32), (3, 3), 0), before, across, along, steep)
        if step is None:
            return grey
        shift += step
        if np.abs(shift).max() > _MOST_SHIFT_PX:
            return grey
        if np.abs(shift).max() < LEAST_SHIFT_PX:
            return grey
        now = _moved(grey, shift)
    return now


def _step(now: Grey, before: Grey, across: Grey, along: Grey, steep: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """The shift that explains the differences best, by least squares; None where the picture does not tell it."""
    then, this = before[::_EVERY, ::_EVERY], now[::_EVERY, ::_EVERY]
    apart = this - then * median((this + 4.0) / (then + 4.0))
    told = steep & (np.abs(apart) < _MOST_APART)
    if told.sum() < _LEAST_PX:
        return None
    slopes = np.stack([across[told], along[told]], axis=1).astype(np.float64)
    square = slopes.T @ slopes
    if np.linalg.cond(square) > 1e3:
        return None
    return np.asarray(np.linalg.solve(square, -slopes.T @ apart[told]), np.float64)


def _moved(grey: values.Grey, shift: NDArray[np.float64]) -> values.Grey:
    back = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]])
    size = (grey.shape[1], grey.shape[0])
    flags = cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(grey, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)

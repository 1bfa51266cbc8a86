"""Focus: how steep the steepest edges of a picture and of its parts are, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass, field

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
_FAR_SOFTER = 0.6  # share of its former steepness below which a part of the view is out of focus
# A stream's first key frame may be far sharper than all after it: what the lens can do is the middle of the first looks
# that see edges, and only what stays sharper raises it, by this share of the difference a look. Choices.
_FIRST_LOOKS, _RISES = 3, 0.2


@dataclass(frozen=True, slots=True)
class Focus:
    """Steepness of a picture's edges.

    Attributes:
        steepness: steepest change from one pixel to the next over the range of brightness there, 0-1: about
            0.4 / spread for an edge blurred by that many pixels.
        blocks: how many parts of the picture have edges to judge by.
        parts: (rows, columns) steepness of each part, nan where it has no edges.
    """

    steepness: float
    blocks: int
    parts: Blocks

    def soft_share(self, before: Focus) -> float:
        """Share of the parts with edges both before and now that are far softer now; 0 where there are too few."""
        if self.parts.shape != before.parts.shape:
            return 0.0
        ratio = self.parts / before.parts
        judged = ~np.isnan(ratio)
        return float((ratio[judged] < _FAR_SOFTER).mean()) if judged.sum() >= _MIN_BLOCKS else 0.0


@dataclass(slots=True)
class Lens:
    """What a lens can do, learnt from looks at which all was well.

    Attributes:
        focus: None before it is settled.
    """

    focus: Focus | None = None
    _first: list[Focus] = field(default_factory=list)

    def learn(self, now: Focus, share: float) -> None:
        """Take in a look; `share` says how much a lasting change may count, 0-1."""
        if self.focus is None:
            self._first.append(now)
            if len(self._first) == _FIRST_LOOKS:
                self.focus = sorted(self._first, key=lambda f: f.steepness)[_FIRST_LOOKS // 2]
                self._first = []
            return
        # Focus is lost, seldom gained: it follows what is softer so slowly that a fault does not become the rule.
        risen = _RISES * max(0.0, now.steepness - self.focus.steepness)
        parts = _mixed(self.focus.parts, now.parts, share) if share else self.focus.parts
        blocks = now.blocks if risen else self.focus.blocks
        self.focus = Focus(self.focus.steepness * (1 - share / 10) + risen, blocks, parts)


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
    parts = np.full(reach.shape, np.nan, np.float32)
    parts[judged] = steepest[judged] / reach[judged]
    return Focus(quantiles(parts[judged], _STEEPEST)[0], int(judged.sum()), parts)


def _mixed(before: Blocks, now: Blocks, share: float) -> Blocks:
    if before.shape != now.shape:
        return now
    known = np.where(np.isnan(before), now, before)
    return np.asarray(np.where(np.isnan(now), known, known + share * (now - known)), np.float32)


def _extremes(sums: Levels, rows: int, columns: int, extreme: np.ufunc) -> Blocks:
    """Largest or smallest grey level of each whole block, (rows, columns)."""
    bands = extreme.reduce(sums[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns * _BLOCK), axis=1)
    return (extreme.reduce(bands.reshape(rows, columns, _BLOCK), axis=2) / _SOFT).astype(np.float32)

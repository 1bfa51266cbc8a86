"""Crops as other cameras would show them: trained on the same crop twice, a judge never sees the same pixels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]
Vary = Callable[[NDArray[np.uint8], np.random.Generator], Pixels]
"""From (n, side, side, layers) crops, 0-255, to as many varied ones, 0-1."""


def varied(crops: NDArray[np.uint8], rng: np.random.Generator, hidden: float = 0.3) -> Pixels:
    """Other cameras, light and grain, somebody in the way, mirrored and moved by a pixel: crops of four layers.

    Args:
        hidden: share of crops in which something is drawn before the thing.
    """
    n, side = crops.shape[:2]
    seen, outline = crops[..., :3].astype(np.float32) / 255, crops[..., 3:].astype(np.float32) / 255

    def drawn(low: float, high: float, channels: int = 1) -> Pixels:
        return rng.uniform(low, high, (n, 1, 1, channels)).astype(np.float32)

    for k in np.flatnonzero(rng.random(n) < 0.3):
        f = rng.uniform(0.35, 0.9)
        small = cv2.resize(seen[k], None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
        seen[k] = cv2.resize(small, (side, side))
    seen = seen ** drawn(0.6, 1.5) * drawn(0.7, 1.25) + drawn(-0.05, 0.05)
    seen = seen * drawn(0.92, 1.08, 3) + rng.standard_normal(seen.shape, dtype=np.float32) * drawn(0, 0.027)
    for k in np.flatnonzero(rng.random(n) < hidden):
        wide, tall = rng.integers(4, 15), rng.integers(9, 30)
        x, y = rng.integers(0, side - wide), rng.integers(side * 2 // 5, side * 4 // 5)
        seen[k, y : y + tall, x : x + wide] = rng.uniform(0, 0.6, 3)
    changed = np.concatenate([np.clip(seen, 0, 1), outline], axis=-1)
    for one in changed:
        if rng.random() < 0.5:
            one[:] = one[:, ::-1].copy()
        one[:] = np.roll(one, tuple(rng.integers(-1, 2, 2)), (0, 1))
    return np.asarray(changed, np.float32)

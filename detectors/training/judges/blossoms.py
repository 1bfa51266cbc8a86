"""Trees in leaf shown in blossom: those that flower before they come into leaf do so for two weeks of the year."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image

# Leaves by OpenCV's hue, 0-180, and saturation: yellow to green. What blossoms so is a crown if it is so much of it.
_LEAF_HUES, _LEAF_SATURATION, _LEAST_SHARE = (18, 95), 35, 0.25
# Most blossoms are pink, some white or cream. Hue beyond 180 goes on from 0.
_PINK, _PINK_SATURATION = (160.0, 190.0), (15.0, 90.0)
_WHITE, _WHITE_SATURATION, _WHITE_SHARE = (185.0, 205.0), (4.0, 45.0), 0.4
_BRIGHT, _GAMMA = (140.0, 250.0), (0.45, 0.9)  # grey level of the brightest leaves; how much lighter the shadows are
_OF_BRIGHTEST = 0.95
_CROWN = 0.68  # of an outline's height, from above: below it lies grass


def in_blossom(image: Image, outline: NDArray[np.float64] | None, rng: np.random.Generator) -> Image | None:
    """A picture with the leaves inside an outline (px), or all of them, as blossoms; None where there are few."""
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    inside = np.full(image.shape[:2], 255 if outline is None else 0, np.uint8)
    if outline is not None:
        cv2.fillPoly(inside, [np.rint(outline).astype(np.int32)], 255)
        inside[max(0, round(outline[:, 1].min() + _CROWN * np.ptp(outline[:, 1]))) :] = 0
    leaves = (hsv[..., 0] >= _LEAF_HUES[0]) & (hsv[..., 0] <= _LEAF_HUES[1]) & (hsv[..., 1] >= _LEAF_SATURATION)
    leaves &= inside > 0
    if leaves.sum() < _LEAST_SHARE * int(np.count_nonzero(inside)):
        return None
    white = rng.random() < _WHITE_SHARE
    hue = rng.uniform(*(_WHITE if white else _PINK))
    saturation = rng.uniform(*(_WHITE_SATURATION if white else _PINK_SATURATION))
    level = hsv[leaves][:, 2].astype(np.float64)
    lightest = max(1.0, float(np.quantile(level, _OF_BRIGHTEST)))
    value = rng.uniform(*_BRIGHT) * np.minimum(level / lightest, 1.1) ** rng.uniform(*_GAMMA)
    blossoms = np.stack(
        [
            (hue + rng.normal(0, 4, len(level))) % 180,
            np.clip(saturation + rng.normal(0, 8, len(level)), 0, 255),
            np.clip(value, 0, 255),
        ],
        axis=1,
    )
    shown = hsv.copy()
    shown[leaves] = blossoms.astype(np.uint8)
    return np.asarray(cv2.cvtColor(shown, cv2.COLOR_HSV2BGR), np.uint8)

"""Places on which too little light falls."""

from __future__ import annotations

import numpy as np

from detectors.geometry import Box
from detectors.inspectors.base import Scene

DARK = 12.0
"""Grey level, 0-255; where half of a place is darker nobody can tell what is there."""


def is_dark(place: Box, scene: Scene) -> bool:
    """Whether too little light falls on a place to tell what is there."""
    grey = scene.frame.grey
    x0, y0, x1, y1 = place.pixels(grey.shape[1], grey.shape[0])
    return bool(np.median(grey[y0:y1, x0:x1]) < DARK)

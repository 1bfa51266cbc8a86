"""How like two crops of one thing are, by their edges: light and shade may change, edges stay where the thing stays."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop

Grey = NDArray[np.float32]


def crop_grey(crop: Crop) -> Grey:
    """Grey levels of a crop, 0-255."""
    return cv2.cvtColor(crop, cv2.COLOR_BGRA2GRAY).astype(np.float32)  # as it lies: a copy of its colours takes longer


def crop_outline(crop: Crop) -> Grey:
    """1 inside a crop's outline and at its rim, 0 elsewhere."""
    return cv2.dilate(crop[..., 3], np.ones((3, 3), np.uint8)).astype(np.float32) / 255


def edge_likeness(now: Grey, past: Grey, where: Grey) -> float:
    """Correlation of the edges of two pictures at some place (0-1 a pixel), -1 to 1."""
    a, b = _edges(now), _edges(past)
    power = float((a * a * where).sum()) * float((b * b * where).sum())
    return float((a * b * where).sum() / np.sqrt(power + 1.0))


def _edges(grey: Grey) -> Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), 0.8)
    return np.stack([cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)])

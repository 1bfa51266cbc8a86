"""Manhole covers in what a detector calls a crack or a hole: compact and regular, as nothing broken is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.values import Image

# Around the box the paving is the middle of what is seen; a cover is lighter or darker than it by so much (grey levels,
# and share of the paving's), and large enough to have a shape.
_BESIDE = 0.15
_APART, _APART_SHARE = 8.0, 0.15
_LEAST_PX, _LEAST_SHARE = 30, 0.03
# Its outline has no notches: it fills so much of its hull, and as much of the ellipse through its rim (rectangles 0.9).
# A cover before one camera has 0.97-0.99 and 0.99, the largest part of each of 20 cracks and broken places of walks and
# known places at most 0.85 of its hull; of 158 claims on photographs of damage (training parts) one holds any.
_OF_HULL, _OF_ELLIPSE = 0.94, (0.87, 1.1)
_RIM_PX = 2


def without_covers(image: Image, box: Box) -> Image:
    """The picture with the covers in a box painted over in what lies round them; itself where there are none."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.grown(_BESIDE).pixels(width, height)
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    if part.shape[0] * part.shape[1] < _LEAST_PX / _LEAST_SHARE:
        return image
    covers = _covers(cv2.GaussianBlur(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32))
    if not covers.any():
        return image
    out = image.copy()
    covers = cv2.dilate(covers, np.ones((2 * _RIM_PX + 1, 2 * _RIM_PX + 1), np.uint8))
    out[y0:y1, x0:x1] = cv2.inpaint(part, covers, 3, cv2.INPAINT_TELEA)
    return out


def _covers(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Where covers are: 1, elsewhere 0."""
    found = np.zeros(grey.shape, np.uint8)
    middle = float(np.median(grey))
    for apart in (middle - grey, grey - middle):
        unlike = (apart > max(_APART, _APART_SHARE * middle)).astype(np.uint8)
        unlike = cv2.morphologyEx(unlike, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        for outline in cv2.findContours(unlike, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
            if _is_regular(outline, max(_LEAST_PX, _LEAST_SHARE * grey.size)):
                cv2.drawContours(found, [outline], -1, 1, -1)
    return found


def _is_regular(outline: NDArray[np.int32], least: float) -> bool:
    filled = cv2.contourArea(outline)
    if filled < least or filled < _OF_HULL * cv2.contourArea(cv2.convexHull(outline)):
        return False
    _, (wide, tall), _ = cv2.fitEllipse(outline)
    return _OF_ELLIPSE[0] <= filled / (np.pi / 4 * wide * tall) <= _OF_ELLIPSE[1]

"""Plates flush with the paving, in what a detector calls a thing: one even colour, one outline without notches."""

from __future__ import annotations

from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.levels import median, quantiles
from detectors.values import Image

# The paving is looked at as far as this share of a box's size round it. Plates are few pixels: all is done on this many
# times as large a picture, softened by so much of its pixels.
_BESIDE, _TIMES, _SOFT = 0.35, 4, 2.5
# Unlike the paving is what differs from its middle by more than nearly all of it does, and than a share of what the box
# shows; colour counts more than light, which shade changes.
_USUAL, _LEAST_APART, _SHARE, _COLOUR = 0.8, 6.0, 0.4, 1.5
_LEAST_PX, _LEAST_INSIDE = 60, 30  # of the enlarged picture, and without a rim
# What stands shows two sides, a shadow or gaps. Of 123 covers on stills 41 fill so much of their hull and of their box,
# and no more of the latter than it has, and vary by so little inside, in light (as a share of how far they are from the
# paving) and colour; of 527 things on walks that are wider than high four do: two crates, a carton, one of slats.
_OF_HULL, _OF_BOX, _EVEN, _ONE_COLOUR = 0.92, (0.5, 1.05), 0.4, 7.0


def is_plate(image: Image, box: Box) -> bool:
    """Whether a box shows nothing but one even, flat shape on paving: a cover, a grate, a patch let into it."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.grown(_BESIDE).pixels(width, height)
    part = cv2.resize(image[y0:y1, x0:x1], None, fx=_TIMES, fy=_TIMES, interpolation=cv2.INTER_CUBIC)
    lab = cv2.cvtColor(cv2.GaussianBlur(part, (0, 0), _SOFT), cv2.COLOR_BGR2LAB).astype(np.float32)
    left, top = round((box.x0 * width - x0) * _TIMES), round((box.y0 * height - y0) * _TIMES)
    right, bottom = round((box.x1 * width - x0) * _TIMES), round((box.y1 * height - y0) * _TIMES)
    beside = np.ones(lab.shape[:2], bool)
    beside[max(0, top - _TIMES) : bottom + _TIMES, max(0, left - _TIMES) : right + _TIMES] = False
    if beside.sum() < _LEAST_PX or right <= left or bottom <= top:
        return False
    paving = _middle(lab[beside])
    apart = np.linalg.norm((lab - paving) * np.array([1.0, _COLOUR, _COLOUR], np.float32), axis=2)
    usual, shown = (float(quantiles(d.ravel(), _USUAL)[0]) for d in (apart[beside], apart[top:bottom, left:right]))
    shape = _largest(apart > max(_LEAST_APART, usual, _SHARE * shown))
    if shape is None:
        return False
    area = cv2.contourArea(shape)
    share = area / ((right - left) * (bottom - top))
    whole = area >= _OF_HULL * cv2.contourArea(cv2.convexHull(shape))
    return whole and _OF_BOX[0] < share < _OF_BOX[1] and _is_even(lab, shape, paving)


def _largest(unlike: NDArray[np.bool_]) -> NDArray[np.int32] | None:
    opened = cv2.morphologyEx(unlike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    shapes, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shape = max(shapes, key=cv2.contourArea, default=None)
    return None if shape is None or cv2.contourArea(shape) < _LEAST_PX else np.asarray(shape, np.int32)


def _is_even(lab: NDArray[np.float32], shape: NDArray[np.int32], paving: NDArray[np.float32]) -> bool:
    """Whether what a shape shows, but for its rim, is of one light and one colour."""
    filled = np.zeros(lab.shape[:2], np.uint8)
    cv2.drawContours(filled, [shape], -1, 1, -1)
    rim = 2 * _TIMES + 3
    inside = lab[cv2.erode(filled, np.ones((rim, rim), np.uint8)) > 0]
    if len(inside) < _LEAST_INSIDE:
        return False
    spread = [high - low for high, low in (quantiles(inside[:, n], 0.9, 0.1) for n in range(3))]
    apart = float(np.linalg.norm(_middle(inside) - paving))
    return spread[0] < _EVEN * max(apart, 1.0) and hypot(*spread[1:]) < _ONE_COLOUR


def _middle(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.array([median(lab[:, n]) for n in range(3)], np.float32)

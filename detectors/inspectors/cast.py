"""The shadow that a lamp's column casts: one straight dark line from its foot, which detectors call a crack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.values import Asset, Image

# A ray from a column's foot through a claim is its shadow where it is darker than the paving on both of its sides for
# most of the way. See docs/evaluation_walks.md for what it was made on.
_DARKER, _DARKER_SHARE = 6.0, 0.05  # grey levels, and share of the paving's
_ALIKE = 0.2  # share by which the paving on its two sides may differ
_ALONG = 0.7
_NEAR = 1.0  # times the claim's longer side, px, within which the foot lies: a flat one may end well above it
_FEET, _RAYS, _STEPS, _LEAST_PX = 5, 91, 40, 12
_BESIDE = 0.06  # of the ray's length: where the paving beside it is looked at, 3 px at least


def is_cast(image: Image, box: Box, assets: Iterable[Asset]) -> bool:
    """Whether what a box shows is the shadow of a registered lamp's column that stands at its edge.

    Args:
        image: (rows, columns, 3) BGR.
        box: of a crack or hole that a detector claims, 0-1.
    """
    rows, columns = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(columns, rows)
    if max(x1 - x0, y1 - y0) < _LEAST_PX:
        return False
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32)
    return any(_shaded(grey, (x, y), (x0, y0, x1, y1)) >= _ALONG for x, y in _feet(box, assets, columns, rows))


def _feet(box: Box, assets: Iterable[Asset], columns: int, rows: int) -> Iterator[tuple[float, float]]:
    """Where columns near a box may stand, px: anywhere along the lower edge of a lamp's box, for some have an arm."""
    reach = _NEAR * max(box.width * columns, box.height * rows)
    aside, down = reach / columns, reach / rows
    near = Box(box.x0 - aside, box.y0 - down, box.x1 + aside, box.y1 + down)
    for lamp in assets:
        if lamp.kind != "street_light" or lamp.region is None:
            continue
        own = lamp.region.box
        for share in np.linspace(0.1, 0.9, _FEET):
            x, y = own.x0 + share * own.width, own.y1
            if near.contains((x, y)):
                yield x * columns, y * rows


def _shaded(grey: NDArray[np.float32], foot: tuple[float, float], place: tuple[int, int, int, int]) -> float:
    """Share of the way through a place for which the darkest ray from a foot is darker than what is beside it."""
    x0, y0, x1, y1 = place
    best = 0.0
    for angle in np.linspace(0.0, 2 * np.pi, 4 * _RAYS, endpoint=False):
        way = _way(foot, (float(np.cos(angle)), float(np.sin(angle))), (x0, y0, x1, y1))
        if way is None or way[1] - way[0] < 0.7 * max(x1 - x0, y1 - y0):
            continue
        along = np.linspace(way[0], way[1], _STEPS)
        beside = max(3.0, _BESIDE * (way[1] - way[0]))
        seen, left, right = (_levels(grey, foot, angle, along, off) for off in (0.0, -beside, beside))
        paving, darker = np.minimum(left, right), _DARKER_SHARE * np.maximum(left, right)
        thin = (paving - seen > np.maximum(_DARKER, darker)) & (np.abs(left - right) < _ALIKE * paving)
        best = max(best, float(thin.mean()))
    return best


def _way(
    foot: tuple[float, float], to: tuple[float, float], place: tuple[int, int, int, int]
) -> tuple[float, float] | None:
    """From and to which distance a ray runs through a place, px; None where it misses it."""
    begin, end = 0.0, float("inf")
    for start, step, low, high in zip(foot, to, place[:2], place[2:], strict=True):
        if abs(step) < 1e-6:
            if not low <= start <= high:
                return None
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        begin, end = max(begin, near), min(end, far)
    return (begin, end) if end > begin else None


def _levels(
    grey: NDArray[np.float32], foot: tuple[float, float], angle: float, along: NDArray[np.float64], off: float
) -> NDArray[np.float32]:
    """Grey levels along a line beside a ray."""
    x = foot[0] + along * np.cos(angle) - off * np.sin(angle)
    y = foot[1] + along * np.sin(angle) + off * np.cos(angle)
    return cv2.remap(grey, x.astype(np.float32)[None], y.astype(np.float32)[None], cv2.INTER_LINEAR)[0]

"""Boxes and polygons in 0-1 image coordinates: (0, 0) is the top left corner of the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import RegisterError

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in 0-1 coordinates, with x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Box:
        """Build a box from four numbers in any corner order, clipped to the picture."""
        a, b, c, d = (min(1.0, max(0.0, float(v))) for v in values)
        return cls(min(a, c), min(b, d), max(a, c), max(b, d))

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def foot(self) -> tuple[float, float]:
        """Middle of the lower edge: where a standing thing touches the ground."""
        return (self.x0 + self.x1) / 2, self.y1

    def as_list(self) -> list[float]:
        return [self.x0, self.y0, self.x1, self.y1]

    def intersection(self, other: Box) -> float:
        """Area shared with another box."""
        w = min(self.x1, other.x1) - max(self.x0, other.x0)
        h = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, w) * max(0.0, h)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0-1; 0 for two empty boxes."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def shared(self, other: Box) -> float:
        """Share of the smaller of two boxes that lies in the other, 0-1."""
        smaller = min(self.area, other.area)
        return self.intersection(other) / smaller if smaller > 0 else 0.0

    def contains(self, point: tuple[float, float]) -> bool:
        return self.x0 <= point[0] <= self.x1 and self.y0 <= point[1] <= self.y1

    def grown(self, share: float) -> Box:
        """The box widened on every side by a share of its own size, clipped to the picture."""
        dx, dy = self.width * share, self.height * share
        return Box.of((self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy))

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Pixel bounds (x0, y0, x1, y1), at least one pixel wide and high, inside the picture."""
        x0 = min(width - 1, max(0, round(self.x0 * width)))
        y0 = min(height - 1, max(0, round(self.y0 * height)))
        x1 = min(width, max(x0 + 1, round(self.x1 * width)))
        y1 = min(height, max(y0 + 1, round(self.y1 * height)))
        return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon in 0-1 coordinates: where a camera sees an asset.

    Raises:
        RegisterError: fewer than three points, a point outside the picture, or no area.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise RegisterError(f"A region needs at least 3 points, this one has {len(self.points)}.")
        for x, y in self.points:
            if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
                raise RegisterError(f"A region's points must lie in 0-1; ({x:g}, {y:g}) is outside the picture.")
        if self.box.area <= 0:
            raise RegisterError("A region must have an area; its points lie on one line.")

    @classmethod
    def of(cls, points: Iterable[Iterable[float]]) -> Region:
        """Build a region from pairs of numbers; a closing point equal to the first is dropped."""
        pairs = [tuple(float(v) for v in p) for p in points]
        if any(len(p) != 2 for p in pairs):
            raise RegisterError("A region's points must be pairs of numbers [x, y].")
        if len(pairs) > 3 and pairs[0] == pairs[-1]:
            pairs.pop()
        return cls(tuple((p[0], p[1]) for p in pairs))

    @classmethod
    def rectangle(cls, box: Box) -> Region:
        return cls(((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)))

    @property
    def box(self) -> Box:
        xs, ys = [p[0] for p in self.points], [p[1] for p in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def as_list(self) -> list[list[float]]:
        return [[x, y] for x, y in self.points]

    def mask(self, width: int, height: int) -> Mask:
        """Boolean mask of shape (height, width): True inside the polygon."""
        canvas = np.zeros((height, width), np.uint8)
        corners = np.array([[round(x * width), round(y * height)] for x, y in self.points], np.int32)
        cv2.fillPoly(canvas, [corners], 1)
        return canvas.astype(bool)

    def contains(self, point: tuple[float, float]) -> bool:
        """Whether a point lies inside the polygon or on its edge."""
        corners = np.array(self.points, np.float32)
        return cv2.pointPolygonTest(corners, (float(point[0]), float(point[1])), False) >= 0

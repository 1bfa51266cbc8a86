"""Boxes and polygons in 0-1 image coordinates: (0, 0) is the top left corner of the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import RegisterError

Mask = NDArray[np.bool_]
Matrix = NDArray[np.float64]


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
        a, b, c, d = map(_in_picture, values)
        return cls(a if a < c else c, b if b < d else d, c if a < c else a, d if b < d else b)

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

    def gap(self, other: Box) -> float:
        """Distance to another box, 0 where they overlap."""
        return max(self.x0 - other.x1, other.x0 - self.x1, self.y0 - other.y1, other.y0 - self.y1, 0.0)

    def intersection(self, other: Box) -> float:
        """Area shared with another box."""
        # Asked thousands of times a look where many people are: comparing takes half the time of min and max.
        x0 = self.x0 if self.x0 > other.x0 else other.x0
        x1 = self.x1 if self.x1 < other.x1 else other.x1
        if x1 <= x0:
            return 0.0
        y0 = self.y0 if self.y0 > other.y0 else other.y0
        y1 = self.y1 if self.y1 < other.y1 else other.y1
        return (x1 - x0) * (y1 - y0) if y1 > y0 else 0.0

    def iou(self, other: Box) -> float:
        """Intersection over union, 0-1; 0 for two empty boxes."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared) if shared > 0.0 else 0.0

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


def _in_picture(value: float) -> float:
    return float(value) if 0.0 <= value <= 1.0 else 1.0 if value > 1.0 else 0.0


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon in 0-1 coordinates: where a camera sees an asset.

    Attributes:
        box: the smallest box round it.

    Raises:
        RegisterError: fewer than three points, a point outside the picture, or no area.
    """

    points: tuple[tuple[float, float], ...]
    box: Box = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise RegisterError(f"A region needs at least 3 points, this one has {len(self.points)}.")
        for x, y in self.points:
            if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
                raise RegisterError(f"A region's points must lie in 0-1; ({x:g}, {y:g}) is outside the picture.")
        xs, ys = [p[0] for p in self.points], [p[1] for p in self.points]
        object.__setattr__(self, "box", Box(min(xs), min(ys), max(xs), max(ys)))
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


@dataclass(frozen=True, slots=True)
class Nudge:
    """How a view lies after a camera was nudged: a small shift, turn and zoom, in 0-1 coordinates.

    A point (x, y) of the registered view is now at (a x + b y + dx, c x + d y + dy).
    """

    a: float = 1.0
    b: float = 0.0
    dx: float = 0.0
    c: float = 0.0
    d: float = 1.0
    dy: float = 0.0

    @classmethod
    def of_pixels(cls, matrix: Matrix, width: int, height: int) -> Nudge:
        """From a (2, 3) affine matrix in pixels of a picture of this size."""
        (a, b, dx), (c, d, dy) = (tuple(float(v) for v in row) for row in matrix)
        return cls(a, b * height / width, dx / width, c * width / height, d, dy / height)

    def pixels(self, width: int, height: int) -> Matrix:
        """The (2, 3) affine matrix in pixels of a picture of this size."""
        return np.array(
            [[self.a, self.b * width / height, self.dx * width], [self.c * height / width, self.d, self.dy * height]]
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the registered view is now; it may lie outside the picture."""
        return self.a * x + self.b * y + self.dx, self.c * x + self.d * y + self.dy

    def inverse(self) -> Nudge:
        """The nudge that leads back."""
        det = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Nudge(a, b, -(a * self.dx + b * self.dy), c, d, -(c * self.dx + d * self.dy))

    def then(self, other: Nudge) -> Nudge:
        """The nudge that this one and another after it make together."""
        o = other
        return Nudge(
            o.a * self.a + o.b * self.c, o.a * self.b + o.b * self.d, o.a * self.dx + o.b * self.dy + o.dx,
            o.c * self.a + o.d * self.c, o.c * self.b + o.d * self.d, o.c * self.dx + o.d * self.dy + o.dy,
        )  # fmt: skip

    def box(self, box: Box) -> Box:
        """Where a box of the registered view is now, clipped to the picture."""
        corners = [self.point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        return Box.of((min(xs), min(ys), max(xs), max(ys)))

    def region(self, region: Region) -> Region | None:
        """Where a region is now, clipped to the picture; None when it is out of view."""
        points = [self.point(x, y) for x, y in region.points]
        clipped = tuple((min(1.0, max(0.0, x)), min(1.0, max(0.0, y))) for x, y in points)
        xs, ys = [x for x, _ in clipped], [y for _, y in clipped]
        seen = max(xs) > min(xs) and max(ys) > min(ys)
        return Region(clipped) if seen else None

    def farthest(self, aspect: float) -> float:
        """Longest way that a corner of the view has moved, as a share of the picture's width.

        Args:
            aspect: height of the picture over its width.
        """
        corners = ((x, y, self.point(x, y)) for x in (0.0, 1.0) for y in (0.0, 1.0))
        return max(float(np.hypot(p[0] - x, aspect * (p[1] - y))) for x, y, p in corners)


STILL = Nudge()
"""No nudge at all."""

"""Where upright lines run through a lamp's place: whether its column is there, and on which side of a box it stands."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Region
from detectors.inspectors.crops import crossings, foot_of
from detectors.levels import median
from detectors.values import Image

Grey = NDArray[np.float32]

STANDS = 0.75
"""Share of rows from which a line is a column."""
LIGHT = 25.0
"""Grey levels round a column from which it would show: in the dark it does not."""
_TALL = 96  # px at which a lamp is looked at, at most
_BESIDE = 0.15  # of its height that is looked at on either side
_WIDTHS = (0.015, 0.025)  # half of how wide columns are, in heights
# By so many grey levels, and such a share of the light there, a line is darker, or lighter, than both its sides.
_LINE, _LINE_SHARE, _ROUND = 6.0, 0.08, (9, 9)
# Shares of the height, from above, between which a line is followed: below arms and crowns, above plinths; and how far
# from upright it may run.
_ROWS, _SLOPES = (0.3, 0.92), np.linspace(-0.045, 0.045, 7)
_OFF = 0.03  # of the height by which a foot may lie beside where it is registered
_LIGHT_ROWS, _LIGHT_ASIDE = (0.5, 0.95), 0.06
# A leaning column's line, from the same foot: so much farther from upright, as far as is looked beside the lamp for it.
_LEANING, _LEANS_BESIDE = tuple(s for s in np.linspace(-0.6, 0.6, 61) if abs(s) > 0.09), 0.75
# It is outside the outline that the lamp has upright, on these shares of its height above the foot, by so much of it:
# what a wide lens makes slant is so registered.
_OUTSIDE_AT, _OUTSIDE = (0.5, 0.65), 0.04

# Slopes of which one is told as that of a whole line: between these shares of the height, and inside the box but for so
# much of it. Contrast counts up to so many times the least; so near the upright slopes a line still runs along one.
_SLANTS, _WHOLE, _INSIDE, _PLAINLY, _NEARLY = np.linspace(-0.4, 0.4, 81), (0.2, 0.95), 0.04, 4.0, 0.03


@dataclass(frozen=True, slots=True)
class Lines:
    """Upright lines in a lamp's place.

    Attributes:
        where: (n,) where each meets the ground, heights of the lamp to the right of its box's left side.
        shares: (n,) of its rows in which it shows, 0-1.
    """

    where: NDArray[np.float64]
    shares: NDArray[np.float64]

    def best(self, left: float, right: float) -> float:
        """How well the best line shows that meets the ground between two places; 0 where none does."""
        return float(self.shares[(self.where >= left) & (self.where <= right)].max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Slant:
    """The line that shows best through a lamp's box, from its lower edge to its upper one.

    Attributes:
        slope: how far it goes aside for each height, to the right as it goes up.
        shows: share of its rows in which it shows, 0-1.
        leads: how many times as well it shows as the best line that may be upright there.
    """

    slope: float
    shows: float
    leads: float


@dataclass(frozen=True, slots=True)
class Column:
    """What is seen where a lamp's column should stand.

    Attributes:
        shows: share of its rows in which a line shows there, 0-1.
        light: grey levels round its lower half.
    """

    shows: float
    light: float


def lines_in(image: Image, box: Box) -> Lines:
    """The upright lines in the box of a lamp and a little beside it."""
    grey, scale, left = _place(image, box)
    marked, wide = _marked(grey), grey.shape[1]
    shares = np.max([_shares(marked, slope) for slope in _SLOPES], axis=0)
    return Lines((np.arange(wide) / scale + left - box.x0 * image.shape[1]) / (box.height * image.shape[0]), shares)


def column_at(image: Image, region: Region, anywhere: bool = False) -> Column:
    """What a picture shows where a lamp's column is registered, or anywhere in its box."""
    box, (height, width) = region.box, image.shape[:2]
    foot = (foot_of(region)[0] - box.x0) * width / (box.height * height)
    off = foot if anywhere else _OFF
    grey, scale, left = _place(image, box)
    at, aside = (foot_of(region)[0] * width - left) * scale, max(2.0, _LIGHT_ASIDE * len(grey))
    beside = grey[_part(_LIGHT_ROWS, len(grey)), max(0, int(at - aside)) : int(at + aside) + 1]
    return Column(lines_in(image, box).best(foot - off, foot + off), median(beside))


def column_place(region: Region) -> Box:
    """Where a lamp's column is looked for, 0-1; as broad as it is off its place on a square picture."""
    own, x = region.box, foot_of(region)[0]
    aside, (top, bottom) = _OFF * own.height, _ROWS
    return Box(x - aside, own.y0 + top * own.height, x + aside, own.y0 + bottom * own.height)


def leaning_line(image: Image, region: Region) -> float:
    """How well the best line shows that goes up from a lamp's foot and leaves its outline: share of its rows, 0-1."""
    box, (height, width) = region.box, image.shape[:2]
    wide = width / (box.height * height)
    slopes = [slope for slope in _LEANING if _leaves(region, slope, wide)]
    if not slopes:
        return 0.0
    grey, scale, left = _place(image, box, _LEANS_BESIDE)
    marked, at, off = _marked(grey), (foot_of(region)[0] * width - left) * scale, _OFF * len(grey)
    near = slice(max(0, int(at - off)), int(at + off) + 1)
    return max(float(_shares(marked, slope)[near].max(initial=0.0)) for slope in slopes)


def slant_in(image: Image, box: Box, upright: tuple[float, float]) -> Slant:
    """Which way the line goes up that shows best through the box of a lamp.

    Args:
        upright: between which slopes a line may be that of an upright column.
    """
    grey, scale, left = _place(image, box)
    plain = np.clip(_contrast(grey) / _least_contrast(grey), 0.0, _PLAINLY).astype(np.float32)
    tall, wide = plain.shape
    rows, feet = slice(int(_WHOLE[0] * tall), int(_WHOLE[1] * tall) + 1), np.arange(wide)
    low, high = ((x * image.shape[1] - left) * scale for x in (box.x0, box.x1))
    off = _INSIDE * tall
    lines = []
    for slope in _SLANTS.tolist():
        inside = (feet >= low - off) & (feet + slope * tall <= high + off)
        inside &= (feet <= high + off) & (feet + slope * tall >= low - off)
        there = cv2.warpAffine(plain, np.array([[1.0, slope, -slope * tall], [0.0, 1.0, 0.0]]), (wide, tall))[rows]
        means = there.mean(axis=0) * inside
        best = int(means.argmax())
        lines.append((float(means[best]), slope, float((there[:, best] >= 1.0).mean())))
    strength, slope, shows = max(lines)
    stands = max(s for s, at, _ in lines if upright[0] - _NEARLY <= at <= upright[1] + _NEARLY)
    return Slant(slope, shows, strength / max(stands, 1e-6))


def _leaves(region: Region, slope: float, wide: float) -> bool:
    """Whether a line of that slope from a lamp's foot is outside its outline; the picture is so many heights wide."""
    x, y = foot_of(region)
    for share in _OUTSIDE_AT:
        level, at = y - share * region.box.height, x + slope * share / wide
        across = crossings(region, level)
        if across and min(across) - _OUTSIDE / wide < at < max(across) + _OUTSIDE / wide:
            return False
    return True


def _marked(grey: Grey) -> Grey:
    """1 where a line runs, 0 elsewhere."""
    return (_contrast(grey) > _least_contrast(grey)).astype(np.float32)


def _least_contrast(grey: Grey) -> Grey:
    """The contrast from which a place is marked, grey levels."""
    return np.asarray(np.maximum(_LINE, _LINE_SHARE * cv2.blur(grey, _ROUND)), np.float32)


def _shares(marked: Grey, slope: float) -> NDArray[np.float64]:
    """(width,) share of the rows in which a line of that slope shows, by where it meets the ground."""
    tall, wide = marked.shape
    rows = slice(int(_ROWS[0] * tall), max(int(_ROWS[0] * tall) + 1, int(_ROWS[1] * tall)))
    straight = cv2.warpAffine(marked, np.array([[1.0, slope, -slope * tall], [0.0, 1.0, 0.0]]), (wide, tall))
    return np.asarray(straight[rows].mean(axis=0), np.float64)


def _part(shares: tuple[float, float], tall: int) -> slice:
    return slice(int(shares[0] * tall), int(shares[1] * tall) + 1)


def _place(image: Image, box: Box, beside: float = _BESIDE) -> tuple[Grey, float, float]:
    """Grey levels of a lamp's place, large ones scaled down; the scale; and where it begins, px of the picture."""
    height, width = image.shape[:2]
    tall, top = box.height * height, box.y0 * height
    scale, left = min(1.0, _TALL / tall), box.x0 * width - beside * tall
    right = box.x1 * width + beside * tall
    x0, y0 = max(0, int(left) - 2), max(0, int(top) - 2)
    part = image[y0 : int(top + tall) + 3, x0 : int(right) + 3]
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_BGR2GRAY).astype(np.float32)
    if scale < 1.0:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    size = max(1, round((right - left) * scale)), max(2, round(tall * scale))
    move = np.array([[scale, 0.0, (x0 - left) * scale], [0.0, scale, (y0 - top) * scale]])
    placed = cv2.warpAffine(grey, move, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.blur(placed, (1, 5)), np.float32), scale, left


def _contrast(grey: Grey) -> Grey:
    """By how many grey levels each place is darker than both its sides, or lighter than both."""
    most = np.zeros_like(grey)
    for half in sorted({max(1, round(share * len(grey))) for share in _WIDTHS}):
        soft = cv2.blur(grey, (2 * half - 1, 1))
        sides = np.pad(soft, ((0, 0), (2 * half, 2 * half)), mode="edge")
        left, right = soft - sides[:, : -4 * half], soft - sides[:, 4 * half :]
        same = np.sign(left) == np.sign(right)
        most = np.maximum(most, np.where(same, np.minimum(np.abs(left), np.abs(right)), 0.0))
    return np.asarray(most, np.float32)

"""Which way a tree's trunk goes up from its foot: a second witness of what leans, beside the box of the whole tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Region
from detectors.inspectors.crops import foot_of
from detectors.values import Image

Picture = NDArray[np.float32]

_TALL = 128  # px to which a tree is scaled
_FROM, _TO = 0.05, 0.32  # where a trunk is seen below its crown, in heights of the tree above the foot
_HALF, _ASIDE = 24, 5  # px looked at to either side of the foot, and by which the outline may miss it
_HALF_WIDTHS = (2, 3, 5)  # of trunks, px
_TILTS = tuple(range(-30, 32, 2))  # degrees
# A trunk is darker or lighter than what is on both sides of it, by so many grey levels over its length. Of 31 trees by
# day on five rendered places those under it were measured anew with up to 40 degrees between two clips.
_LEAST, _MOST, _AGAINST = 4.0, 25.0, -10.0
_AS_GOOD = 0.95  # share of the best tilt's ridge from which another is as good: of a thick trunk several are
_UPRIGHT_SHARE = 0.5  # of an outline's height, from the top: the middle of it stands over the foot as the crown does
_KEPT = 2048
# Of a plain box nobody knows where in its width the foot is: it is looked for in the middle of it. Bark is less green
# than grass, which may be as dark: of a trunk in the shade the greens tell (18 levels) where the greys do not (7). How
# strong a line is are grey levels, of all of it and of its weakest third, for what crosses it is short.
_FEET, _WIDE_HALF = 20, 56  # px of 128 to either side of the middle, and round it
SLANTS = np.arange(-44, 46, 2)
"""Degrees of slant that are looked for, clockwise."""
_FROM_FOOT, _PARTS, _GREEN, _WIDE_STRIPS = 0.04, 3, 1.5, (*_HALF_WIDTHS, 7)
_UPRIGHT, _SLANTED = 8, 14  # degrees


def trunk_lean(image: Image, region: Region) -> float | None:
    """Degrees clockwise by which a trunk is off the axis of its registered outline; None where none is made out.

    The outline's axis has the lens in it: at the edges of a wide view all that stands upright slants.
    """
    height, width = image.shape[:2]
    tall = region.box.height * height
    x, y = foot_of(region)
    at = np.array([x * width, y * height])
    reach = tall * (_HALF + _TO * _TALL) / _TALL
    left, top = max(0, int(at[0] - reach)), max(0, int(at[1] - reach))
    part = image[top : int(at[1]) + 2, left : int(at[0] + reach) + 1]
    if min(part.shape[:2]) < 2:
        return None
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.float32)
    ridges = np.array([_ridge(_sheared(grey, at - (left, top), tilt, _TALL / tall)) for tilt in _TILTS])
    if ridges.max() < _LEAST:
        return None
    as_good = np.array(_TILTS)[ridges >= _AS_GOOD * ridges.max()]
    return float(np.median(as_good)) - _axis(region, width / height)


@dataclass(frozen=True, slots=True)
class TrunkLines:
    """All straight lines that may be the trunk of a tree of which only a box is known.

    Attributes:
        strength: (slants, feet) grey levels by which a line differs from both its sides all along.
        feet: (feet,) where the lines start, 0-1 of the picture's width.
    """

    strength: Picture
    feet: NDArray[np.float64]

    @property
    def upright(self) -> float:
        """Strength of the best line that is upright or nearly."""
        return float(self.strength[np.abs(SLANTS) <= _UPRIGHT].max())

    def slanting(self) -> Iterator[tuple[float, float, float]]:
        """Strength, foot (0-1) and tilt (degrees clockwise) of the best line of each plain slant."""
        for tilt, line in zip(SLANTS.tolist(), self.strength, strict=True):
            if abs(tilt) >= _SLANTED:
                best = int(line.argmax())
                yield float(line[best]), float(self.feet[best]), float(tilt)


def trunk_lines(image: Image, own: Box) -> TrunkLines | None:
    """The lines that go up from the middle of the lower edge of a tree's box; None at the picture's upper edge."""
    height, width = image.shape[:2]
    tall = own.height * height
    at = np.array([own.centre[0] * width, own.y1 * height])
    reach = 1.3 * tall * (_WIDE_HALF + _TO * _TALL) / _TALL
    left, top = max(0, int(at[0] - reach)), max(0, int(at[1] - tall * _TO) - 3)
    part = image[top : int(at[1]) + 2, left : int(at[0] + reach) + 1].astype(np.float32)
    if min(part.shape[:2]) < 2:
        return None
    shown = np.dstack([cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), _GREEN * (part[..., 2] - part[..., 1])])
    scale = _TALL / tall
    if scale < 1.0:
        shown = cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    foot, scale = (at - (left, top)) * min(scale, 1.0), max(scale, 1.0)
    lines = [_ridges(_sheared(shown, foot, tilt, scale, _WIDE_HALF, _FROM_FOOT)) for tilt in SLANTS.tolist()]
    aside = np.arange(-_FEET, _FEET + 1) / _TALL * tall
    return TrunkLines(np.array(lines), (at[0] + aside) / width)


def _ridges(there: Picture) -> Picture:
    """By how much upright strips of (rows, columns, channels) differ from both their sides, for each foot."""
    best = np.full(2 * _FEET + 1, -np.inf, np.float32)
    middle = slice(_WIDE_HALF - _FEET, _WIDE_HALF + _FEET + 1)
    for half in _WIDE_STRIPS:
        strip = cv2.blur(there, (half, 1))
        before, after = np.roll(strip, half + 1, axis=1), np.roll(strip, -half - 1, axis=1)
        for ridge in (np.minimum(before, after) - strip, strip - np.maximum(before, after)):
            parts = np.array_split(np.clip(ridge[:, middle], _AGAINST, _MOST), _PARTS)
            means = np.stack([part.mean(axis=0) for part in parts])
            best = np.maximum(best, ((means.mean(axis=0) + means.min(axis=0)) / 2).max(axis=-1))
    return best


def _sheared(
    grey: Picture, foot: NDArray[np.float64], tilt: float, scale: float, half: int = _HALF, start: float = _FROM
) -> Picture:
    """The place of the trunk, so that one which goes up at that tilt is upright: (rows, columns)."""
    rows, slope = round((_TO - start) * _TALL), np.tan(np.radians(tilt))
    top = _TO * _TALL
    to_picture = np.array(
        [[1.0, -slope, foot[0] * scale - half + slope * top], [0.0, 1.0, foot[1] * scale - top]], np.float64
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (2 * half + 1, rows)
    there = cv2.warpAffine(grey, to_picture / scale, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(there, np.float32)


def _ridge(there: Picture) -> float:
    """By how much an upright strip near the middle differs from both its sides, grey levels."""
    best = 0.0
    for half in _HALF_WIDTHS:
        strip = cv2.blur(there, (half, 1))
        before, after = np.roll(strip, half + 1, axis=1), np.roll(strip, -half - 1, axis=1)
        for ridge in (np.minimum(before, after) - strip, strip - np.maximum(before, after)):
            profile = np.clip(ridge, _AGAINST, _MOST).mean(axis=0)
            best = max(best, float(profile[_HALF - _ASIDE : _HALF + _ASIDE + 1].max()))
    return best


@lru_cache(maxsize=_KEPT)
def _axis(region: Region, aspect: float) -> float:
    """Degrees clockwise by which the axis of an outline, foot to crown, is off the picture's vertical."""
    points, box = np.array(region.points), region.box
    crown = points[points[:, 1] <= box.y0 + _UPRIGHT_SHARE * box.height]
    aside = (crown[:, 0].min() + crown[:, 0].max()) / 2 - foot_of(region)[0]
    return float(np.degrees(np.arctan2(aside * aspect, box.y1 - crown[:, 1].mean())))

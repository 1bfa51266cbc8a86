"""Which way a tree's trunk goes up from its foot: a second witness of what leans, beside the box of the whole tree."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Region
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


def _sheared(grey: Picture, foot: NDArray[np.float64], tilt: float, scale: float) -> Picture:
    """The place of the trunk, so that one which goes up at that tilt is upright: (rows, columns)."""
    rows, slope = round((_TO - _FROM) * _TALL), np.tan(np.radians(tilt))
    top = _TO * _TALL
    to_picture = np.array(
        [[1.0, -slope, foot[0] * scale - _HALF + slope * top], [0.0, 1.0, foot[1] * scale - top]], np.float64
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (2 * _HALF + 1, rows)
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

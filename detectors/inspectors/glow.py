"""Which lamps glow: brightness of their heads alone, steady enough to tell that one was switched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Region
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import KEPT, head_box
from detectors.levels import brightest, median, quantiles
from detectors.values import Grey, Image, LightState

# Grey levels (0-255) of a head's brightest pixels, and their lead over what is round it: a choice on rendered night
# views, where most lit lamps reach 200 and more.
_GLARING_PEAK = 225.0
_GLOWING_PEAK, _GLOWING_CONTRAST = 190.0, 60.0
_GLASS_SHARE, _GLASS_MIN_PX = 0.05, 3
_BESIDE = 0.95  # so large a share of what is beside a head is no brighter than its brightest part
_SHINES = 0.25  # of a head's size, round it, that its own light fills; a choice
# Where a lamp's pool of light lies, in its heights above, below and beside its foot, straight under its head.
_POOL_UP, _POOL_DOWN, _POOL_ASIDE, _FOOT_IN_VIEW = 0.05, 0.08, 0.15, 0.985
_POOLS, _POOL_LEVEL = 2, 30.0  # so many lit lamps must be seen to light the ground, to so many grey levels
# Where so many light it alike, but for this ratio, a lamp with less than this share of the darkest of it does not burn.
_ALIKE_POOLS, _ALIKE, _ALONE_DARK = 3, 1.5, 0.5


def glowing_lamps(scene: Scene) -> frozenset[str]:
    """The lamps that glow after dark: when one switches, its pool of light comes or goes and is no thing on a path."""
    if scene.light is LightState.DAY:
        return frozenset()
    lamps = scene.view.of_kind("street_light")
    return frozenset(a.id for a in lamps if a.region is not None and glows(scene.frame.image, a.region))


def glows(image: Image, lamp: Region) -> bool:
    """Whether there is light at a lamp's head, be it its own or a reflection."""
    peak, surround = head_peak(image, lamp), head_surround(image, lamp)
    return peak >= _GLARING_PEAK or (peak >= _GLOWING_PEAK and peak - surround >= _GLOWING_CONTRAST)


def head_peak(image: Image, lamp: Region, others: Sequence[Region] = ()) -> float:
    """Brightness of the brightest part of a lamp's head, grey levels 0-255; but for some other lamps' heads in it."""
    width, height = image.shape[1], image.shape[0]
    x0, y0, x1, y1 = head_bounds(lamp, 0.0, width, height)
    inside = _grey(image[y0:y1, x0:x1])
    if others:
        own = _outside(others, (x0, y0, x1, y1), width, height)
        inside = inside[own] if own.any() else np.zeros(1, np.uint8)
    return brightest(inside, max(_GLASS_MIN_PX, round(_GLASS_SHARE * inside.size)))


def head_level(image: Image, lamp: Region) -> float:
    """Brightness of a lamp's head on the whole, grey levels 0-255."""
    x0, y0, x1, y1 = head_bounds(lamp, 0.0, image.shape[1], image.shape[0])
    return float(_grey(image[y0:y1, x0:x1]).mean())


def head_surround(image: Image, lamp: Region) -> float:
    """Brightness of a lamp's head and what is round it, grey levels 0-255: their median."""
    x0, y0, x1, y1 = head_bounds(lamp, 1.0, image.shape[1], image.shape[0])
    return median(_grey(image[y0:y1, x0:x1]))


def beside_head(image: Image, lamp: Region, others: Sequence[Region] = ()) -> float:
    """Brightness of the brightest part of what is round a lamp's head, grey levels 0-255.

    The head is left out, as are those of some other lamps, with what shines round them.
    """
    width, height = image.shape[1], image.shape[0]
    x0, y0, x1, y1 = head_bounds(lamp, 1.0, width, height)
    beside = _outside(others, (x0, y0, x1, y1), width, height)
    left, top, right, bottom = head_bounds(lamp, 0.0, width, height)
    beside[max(0, top - y0) : max(0, bottom - y0), max(0, left - x0) : max(0, right - x0)] = False
    return quantiles(_grey(image[y0:y1, x0:x1])[beside], _BESIDE)[0] if beside.any() else 0.0


def _outside(others: Sequence[Region], part: tuple[int, int, int, int], width: int, height: int) -> NDArray[np.bool_]:
    """What of a part of the picture (px: left, top, right, bottom) is neither in some lamps' heads nor lit by them."""
    x0, y0, x1, y1 = part
    outside = np.ones((y1 - y0, x1 - x0), bool)
    for other in others:
        left, top, right, bottom = head_bounds(other, _SHINES, width, height)
        outside[max(0, top - y0) : max(0, bottom - y0), max(0, left - x0) : max(0, right - x0)] = False
    return outside


def share_of_pool(grey: Grey, lamp: Region, lit: Sequence[Region]) -> float | None:
    """Brightness of the ground under a lamp over that under those that are lit; None where these light it little."""
    mine, levels = _ground_level(grey, lamp), _ground_levels(grey, lit)
    if mine is None or len(levels) < _POOLS or float(np.median(levels)) < _POOL_LEVEL:
        return None
    return mine / float(np.median(levels))


def alone_in_the_dark(grey: Grey, lamp: Region, lit: Sequence[Region]) -> bool:
    """Whether the ground under a lamp is far darker than under any of those that are lit, where that is all alike."""
    mine, levels = _ground_level(grey, lamp), _ground_levels(grey, lit)
    if mine is None or len(levels) < _ALIKE_POOLS or min(levels) < _POOL_LEVEL:
        return False
    return max(levels) <= _ALIKE * min(levels) and mine < _ALONE_DARK * min(levels)


def _ground_levels(grey: Grey, lamps: Sequence[Region]) -> list[float]:
    """Brightness of the ground under some lamps' heads; of those that stand out of view none."""
    return [level for level in (_ground_level(grey, lamp) for lamp in lamps) if level is not None]


def ground_level(image: Image, lamp: Region) -> float | None:
    """Brightness of the ground under a lamp's head, grey levels 0-255: their median; None where it is out of view."""
    if lamp.box.y1 >= _FOOT_IN_VIEW:
        return None
    return median(_grey(image[_under(lamp, image.shape[1], image.shape[0])]))


def _ground_level(grey: Grey, lamp: Region) -> float | None:
    """See `ground_level`, of a grey picture."""
    if lamp.box.y1 >= _FOOT_IN_VIEW:
        return None
    return median(np.ascontiguousarray(grey[_under(lamp, grey.shape[1], grey.shape[0])]))


@lru_cache(maxsize=KEPT)
def _under(lamp: Region, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of the ground under a lamp's head."""
    x, y, tall = head_box(lamp).centre[0] * width, lamp.box.y1 * height, lamp.box.height * height
    rows = slice(max(0, int(y - _POOL_UP * tall)), int(y + _POOL_DOWN * tall) + 1)
    return rows, slice(max(0, int(x - _POOL_ASIDE * tall)), int(x + _POOL_ASIDE * tall) + 1)


@lru_cache(maxsize=KEPT)
def head_bounds(lamp: Region, grown: float, width: int, height: int) -> tuple[int, int, int, int]:
    """Pixel bounds of a lamp's head, widened by a share of its size, in a picture of a size."""
    return head_box(lamp).grown(grown).pixels(width, height)


def _grey(part: Image) -> Image:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_BGR2GRAY), np.uint8)

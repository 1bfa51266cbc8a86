"""Drops on the lens: what lies behind a part of the view that is blurred, in a view that is sharp, is not judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image, Observation, Presence

Grey = NDArray[np.float32]

# An edge that is sharp is far steeper when softened by one pixel than by three; one that is blurred by two and a half
# pixels or more is hardly so. What is steep in neither tells nothing, nor what is less steep when softened by one: a
# few pixels from a sharp edge. Grey levels a pixel.
_FINE_PX, _COARSE_PX, _STEEPER, _BESIDE = 1.0, 3.0, 1.5, 0.5
_SHARP_FROM, _SOFT_FROM = 1.5, 0.6
# A place is blurred where nearly all that tells anything is, in a square of so many pixels, which the smallest drop
# fills that matters; and where so much of the square tells something.
_SQUARE_PX, _ALL, _TELLS = 13, 0.9, 0.4
_SURROUND_PX = 24  # of a place that is looked at with it: as far as what is there shows in the softened picture
# Share of a thing's box that is blurred, from which it is not judged. Of what is labelled in the 1,131 stills no bench,
# bin, heap of litter, hole, puddle or bicycle (7,643) has more than 0.31, and three lamps of 6,112 more than 0.22; of
# what is wrong in the sample clips nothing more than 0.07. With drops on the lens twelve things were told falsely in
# them: two thin lamps have 0.25, all others 0.44 to 0.92. Chosen with these clips in view.
_OF_THING, _OF_LAMP = 0.36, 0.2
_LEAST: dict[str, float] = {
    "asset_missing": _OF_THING,
    "bin_overflowing": _OF_THING,
    "litter": _OF_THING,
    "path_damaged": _OF_THING,
    "path_flooded": _OF_THING,
    "path_obstructed": _OF_THING,
    "light_damaged": _OF_LAMP,
}
# Share of all edges of the view that are blurred, above which it is the camera or its stream that is soft. Of the
# sample clips, as they are, in fog and with drops on the lens, 0.18-0.38 are; with a camera out of focus 0.88.
_VIEW = 0.5
_REASON = "blurred, as by a drop on the lens"


@dataclass
class Drops:
    """What drops on the lens hide of one picture (BGR)."""

    image: Image

    def hide(self, issue: str, box: Box | None) -> bool:
        """Whether so much of a place is blurred that this issue cannot be judged there."""
        if box is None or issue not in _LEAST:
            return False
        return blurred_share(self.image, box) >= _LEAST[issue] and not self._is_soft

    def without_hidden(self, said: Iterable[Observation]) -> tuple[list[Observation], list[Box]]:
        """Observations of one look but those of what is hidden: unknown of assets, left out of what has none.

        Returns:
            The observations; and the places left out, of which nothing is known in this look.
        """
        kept: list[Observation] = []
        places: list[Box] = []
        for one in said:
            if one.presence is not Presence.PRESENT or not self.hide(one.issue, one.box):
                kept.append(one)
            elif one.asset_id is None or one.by_place:
                places += [one.box] if one.box is not None else []
            else:
                kept.append(replace(one, presence=Presence.UNKNOWN, score=0.0, reason=_REASON))
        return kept, places

    @cached_property
    def _is_soft(self) -> bool:
        soft, sharp = (float(pixels.sum()) for pixels in _soft_and_sharp(self.image))
        return soft > _VIEW * (soft + sharp)


def blurred_share(image: Image, box: Box) -> float:
    """Share of a place of a picture (BGR) that is blurred, 0-1."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(width, height)
    left, top = max(0, x0 - _SURROUND_PX), max(0, y0 - _SURROUND_PX)
    around = image[top : y1 + _SURROUND_PX, left : x1 + _SURROUND_PX]
    return float(_blurred(around)[y0 - top : y1 - top, x0 - left : x1 - left].mean())


def _blurred(image: Image) -> Mask:
    """(height, width) where a picture is blurred."""
    soft, sharp = (cv2.blur(pixels.astype(np.float32), (_SQUARE_PX, _SQUARE_PX)) for pixels in _soft_and_sharp(image))
    told = soft + sharp
    core = (told >= _TELLS) & (soft >= _ALL * told)
    brush = np.ones((_SQUARE_PX - 4, _SQUARE_PX - 4), np.uint8)
    return cv2.dilate(core.astype(np.uint8), brush).astype(bool)


def _soft_and_sharp(image: Image) -> tuple[Mask, Mask]:
    """(height, width) where a picture has blurred edges, and where it has sharp ones."""
    grey = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2GRAY)
    fine, coarse = _steepness(grey, _FINE_PX), _steepness(grey, _COARSE_PX)
    steeper, beside = fine >= _STEEPER * coarse, fine < _BESIDE * coarse
    return (coarse >= _SOFT_FROM) & ~steeper & ~beside, (fine >= _SHARP_FROM) & steeper


def _steepness(grey: NDArray[np.uint8], softened_px: float) -> Grey:
    """Change of a softened picture, grey levels a pixel."""
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), softened_px)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, dx, 1 - dx, scale=0.125) for dx in (1, 0))
    return np.asarray(cv2.magnitude(across, down), np.float32)

"""Lays a look at a swaying camera's view back on what is known of it, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values
from detectors.geometry import Nudge
from detectors.levels import median
from detectors.values import Frame, LightState

Grey = NDArray[np.float32]
_Level = TypeVar("_Level", np.uint8, np.float32)

# Steep places tell a shift (grey levels a pixel); too few, or differences that no sway makes, tell none.
_STEEP, _LEAST_PX, _MOST_APART = 6.0, 200, 40.0
# Least squares follow an edge for about two pixels, so they begin on a picture of half the size. Nine of ten views, by
# day and night, shifted by up to 4 px of 480, are told to 0.1; from one size alone 3 px were told as 1.5.
_FIRST_STEPS, _STEPS, _EVERY, _SETTLED_PX = 6, 3, 2, 0.25
LEAST_SHIFT_PX, _FAR_PX, _MOST_SHIFT_PX = 0.08, 2.5, 5.0
"""Smaller shifts are noise: a still camera's pictures stay as they are."""
# A mast moves all of the view, wind only the crowns in it: so many of the parts in which edges tell it must fit better.
_PARTS, _LEAST_PART_PX, _MOST_FIT = (4, 6), 30, 0.7
_SWAYS_AS_NOW = 0.3  # how much of how far it sways the latest look tells
_LEARNS = 0.05  # of the view that looks are laid on, what each look makes


@dataclass(slots=True)
class SteadyView:
    """Takes the sway of a mast out of looks, so that regions, and what is known of them, lie where they are seen."""

    _known: Grey | None = None
    _of: tuple[LightState, Nudge] | None = None
    _sways: float = 0.0

    def grey_of(self, frame: Frame) -> values.Grey:
        """Its grey levels as a camera that stands still would have taken them, where this one sways: that is cheap."""
        if self._known is None or self._known.shape != frame.grey.shape or self._sways < LEAST_SHIFT_PX:
            return frame.grey
        return laid_on(frame.grey, self._known)

    def steadied(self, frame: Frame, light: LightState, nudge: Nudge) -> Frame:
        """A frame as a camera that stands still would have taken it; the same one where it does.

        The first look in a light is what others are laid on. A nudge is known to a pixel or two of a small picture, and
        told anew as a mast sways: what is known moves with it, as regions do, and looks are laid on that.
        """
        grey = frame.grey
        if self._known is None or self._known.shape != grey.shape or self._of is None or self._of[0] is not light:
            return self._begin(frame, light, nudge)
        nudged = self._of[1] != nudge
        if nudged:
            step = self._of[1].inverse().then(nudge).pixels(grey.shape[1], grey.shape[0])
            self._known, self._of = _warped(self._known, step), (light, nudge)
        shift = sway_of(grey, self._known)
        if shift is None:
            return self._begin(frame, light, nudge) if nudged else frame
        self._sways += _SWAYS_AS_NOW * (float(np.abs(shift).max()) - self._sways)
        if np.abs(shift).max() >= LEAST_SHIFT_PX:
            if not _fits(_moved(grey, shift), grey, self._known):
                return self._begin(frame, light, nudge) if nudged else frame
            frame = replace(frame, image=_moved(frame.image, shift * (frame.width / grey.shape[1])))
        self._known += _LEARNS * (frame.grey - self._known)
        return frame

    def _begin(self, frame: Frame, light: LightState, nudge: Nudge) -> Frame:
        self._known, self._of = frame.grey.astype(np.float32), (light, nudge)
        return frame


def laid_on(grey: values.Grey, known: values.Grey | Grey) -> values.Grey:
    """A look moved so that its edges lie where those of the known view lie.

    A mast sways by a pixel or so, which changes what is beside every edge more than a dark bag does dark paving.

    Args:
        grey: (height, width) levels.
        known: the view as it is known, of the same size.
    """
    shift = sway_of(grey, known)
    return grey if shift is None or np.abs(shift).max() < LEAST_SHIFT_PX else _moved(grey, shift)


def sway_of(grey: values.Grey, known: values.Grey | Grey) -> NDArray[np.float64] | None:
    """By how many pixels, across and down, a look lies off the known view; None where the picture does not tell it."""
    first = _shift(_halved(grey), _halved(np.asarray(known, np.float32)), np.zeros(2), _FIRST_STEPS)
    guess = np.zeros(2) if first is None or np.abs(first).max() < LEAST_SHIFT_PX else 2 * first
    shift = _shift(grey, known, guess, _STEPS)
    if shift is None or np.abs(shift).max() > _MOST_SHIFT_PX:
        return None
    far = np.abs(shift).max() > _FAR_PX
    return None if far and not _fits(_moved(grey, shift), grey, np.asarray(known, np.float32)) else shift


def _halved(picture: NDArray[_Level]) -> NDArray[_Level]:
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cast(NDArray[_Level], half)


def _shift(
    look: values.Grey, known: values.Grey | Grey, shift: NDArray[np.float64], steps: int
) -> NDArray[np.float64] | None:
    """The shift found step by step from a first guess; None where the picture does not tell it."""
    before = cv2.GaussianBlur(known.astype(np.float32), (3, 3), 0)
    across, along = (cv2.Sobel(before, cv2.CV_32F, dx, 1 - dx)[::_EVERY, ::_EVERY] / 8 for dx in (1, 0))
    steep = np.hypot(across, along) > _STEEP
    if steep.sum() < _LEAST_PX:
        return None
    step = None
    for _ in range(steps):
        now = _moved(look, shift) if shift.any() else look
        step = _step(cv2.GaussianBlur(now.astype(np.float32), (3, 3), 0), before, across, along, steep)
        if step is None:
            return None
        shift = shift + step
        if np.abs(step).max() < LEAST_SHIFT_PX:
            return shift
    return shift if step is not None and np.abs(step).max() < _SETTLED_PX else None


def _fits(laid: values.Grey, look: values.Grey, known: Grey) -> bool:
    """Whether most parts of the view fit what is known of it better when the look is moved."""
    steep = np.hypot(cv2.Sobel(known, cv2.CV_32F, 1, 0), cv2.Sobel(known, cv2.CV_32F, 0, 1)) / 8 > _STEEP
    better = []
    for rows in np.array_split(np.arange(known.shape[0]), _PARTS[0]):
        for columns in np.array_split(np.arange(known.shape[1]), _PARTS[1]):
            part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            told = steep[part]
            if told.sum() >= _LEAST_PART_PX:
                now, moved = (float(np.abs(picture[part] - known[part])[told].mean()) for picture in (look, laid))
                better.append(moved < now)
    return bool(better) and sum(better) >= _MOST_FIT * len(better)


def _step(now: Grey, before: Grey, across: Grey, along: Grey, steep: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """The shift that explains the differences best, by least squares; None where the picture does not tell it."""
    then, this = before[::_EVERY, ::_EVERY], now[::_EVERY, ::_EVERY]
    apart = this - then * median((this + 4.0) / (then + 4.0))
    told = steep & (np.abs(apart) < _MOST_APART)
    if told.sum() < _LEAST_PX:
        return None
    slopes = np.stack([across[told], along[told]], axis=1).astype(np.float64)
    square = slopes.T @ slopes
    if np.linalg.cond(square) > 1e3:
        return None
    return np.asarray(np.linalg.solve(square, -slopes.T @ apart[told]), np.float64)


def _moved(picture: NDArray[_Level], shift: NDArray[np.float64]) -> NDArray[_Level]:
    return _warped(picture, np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]]))


def _warped(picture: NDArray[_Level], matrix: NDArray[np.float64]) -> NDArray[_Level]:
    size = (picture.shape[1], picture.shape[0])
    moved = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return cast(NDArray[_Level], moved)

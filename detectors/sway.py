"""How far a camera's mast sways from look to look, and what difference that makes.

Pixels beside strong edges differ although nothing came or stirred: told apart here from what did.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values

Grey = NDArray[np.float32]

STILL_PX = 0.1
"""A camera that sways by less stands still. Still cameras of 9 clean clips have 0.01-0.05, nine photographs shaken by
up to a pixel 0.24-0.38, at 480 px of width."""
# Sway is measured where the picture is steep (grey levels a pixel), and allowed for up to a pixel.
_STEEP, _STEEP_PX, _MOST_PX = 15.0, 100, 1.0
_SMOOTH = 0.2
_AROUND_PX = 5  # edges sway into what is round them
_SOBEL_GAIN = 8.0  # a Sobel kernel's answer over the slope


class Sway:
    """Follows how far a camera sways."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._px: float | None = None

    @property
    def px(self) -> float:
        """By how many pixels two looks lie apart, as a rule; 0 for a still camera."""
        return 0.0 if self._px is None or self._px < STILL_PX else self._px

    def learn(self, apart: values.Grey, last: values.Grey, noise: float) -> None:
        """Take in one look.

        Args:
            apart: differences from the last look, of each second pixel of each second row.
            last: the last look.
            noise: the usual difference, grey levels.
        """
        slopes = [cv2.Sobel(last, cv2.CV_16S, dx, 1 - dx, ksize=1)[::2, ::2] for dx in (0, 1)]
        steep = np.maximum(*(np.abs(slope) for slope in slopes)) / 2.0
        where = steep > _STEEP
        px = 0.0
        if where.sum() >= _STEEP_PX:
            px = float(np.median(np.maximum(apart[where] - noise, 0.0) / steep[where]))
        self._px = px if self._px is None else (1 - _SMOOTH) * self._px + _SMOOTH * px

    def slack(self, grey: values.Grey | Grey, times: float = 1.0) -> Grey | float:
        """By how many grey levels each pixel may differ because the camera sways; 0 for a still camera.

        Args:
            times: how much farther than two looks those that are compared may lie apart.
        """
        if not self.px:
            return 0.0
        across, along = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
        steep = cv2.dilate(np.hypot(across, along), np.ones((3, 3), np.uint8))
        px = min(_MOST_PX, times * self.px)
        return np.asarray(cv2.blur(steep, (_AROUND_PX, _AROUND_PX)) * (px / _SOBEL_GAIN), np.float32)

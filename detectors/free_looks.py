"""The last looks at each pixel that had nobody before it: where many people pass, those are seldom the last ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors import values
from detectors.geometry import Box, Mask
from detectors.levels import median

_ROUND = 0.2  # boxes of movers are widened by this share
_TWO, _SPREAD = 2, 5  # looks that show what lies behind, and px across and down over which they must agree


@dataclass(slots=True)
class FreeLooks:
    """For each pixel its grey levels at the last few looks that had it free, the latest last.

    Attributes:
        many: how many looks are kept.
    """

    many: int
    _levels: list[values.Grey] = field(default_factory=list)
    _last: list[values.Grey] = field(default_factory=list)
    _count: values.Grey | None = None

    def take_in(
        self,
        grey: values.Grey,
        known: np.ndarray[tuple[int, int], np.dtype[np.float32]] | None,
        movers: Iterable[Box],
        things: Iterable[Box] = (),
    ) -> None:
        """Take in one look.

        Args:
            grey: (height, width) grey levels.
            known: the grey levels that the view is known by; the look is kept at its exposure, so that what was seen
                before the exposure changed and what is seen since can be compared.
            movers: who is before the view, 0-1.
            things: what was taken for a mover in earlier looks, and is none: it was there all the time.
        """
        look = grey if known is None else _at_exposure_of(grey, known)
        if self._count is None:
            self._levels = [look.copy() for _ in range(self.many)]
            self._count = np.zeros(grey.shape, np.uint8)
        self._last = [*self._last, look][-self.many :]
        free = free_of(movers, grey.shape)
        for older, newer in zip(self._levels, self._levels[1:], strict=False):
            np.copyto(older, newer, where=free)
        np.copyto(self._levels[-1], look, where=free)
        self._count += free & (self._count < self.many)
        for thing in things:
            x0, y0, x1, y1 = thing.grown(_ROUND).pixels(grey.shape[1], grey.shape[0])
            for level, last in zip(self._levels[::-1], self._last[::-1], strict=False):
                level[y0:y1, x0:x1] = last[y0:y1, x0:x1]
            self._count[y0:y1, x0:x1] = len(self._last)

    @property
    def looks(self) -> list[values.Grey]:
        """The grey levels, (height, width) each, the latest last."""
        return self._levels

    @property
    def seen(self) -> Mask:
        """(height, width): where so many looks were free.

        Raises:
            ValueError: nothing was taken in yet.
        """
        if self._count is None:
            raise ValueError("Nothing was taken in yet.")
        return np.asarray(self._count >= self.many, bool)

    def agreed(self, limit: float) -> Mask:
        """(height, width): where the last two free looks lie no more than ``limit`` grey levels apart."""
        if self._count is None:
            raise ValueError("Nothing was taken in yet.")
        apart = cv2.boxFilter(
            cv2.absdiff(self._levels[-1], self._levels[-2]), cv2.CV_16S, (_SPREAD, _SPREAD), normalize=False
        )
        return np.asarray((self._count >= _TWO) & (apart < _SPREAD**2 * limit), bool)

    def clear(self) -> None:
        """Forget everything."""
        self._levels, self._last, self._count = [], [], None


def free_of(movers: Iterable[Box], shape: tuple[int, ...]) -> Mask:
    """(height, width): where nobody is, with a margin."""
    free = np.ones(shape[:2], bool)
    for box in movers:
        x0, y0, x1, y1 = box.grown(_ROUND).pixels(shape[1], shape[0])
        free[y0:y1, x0:x1] = False
    return free


def _at_exposure_of(now: values.Grey, before: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> values.Grey:
    """Scale `now` so that its typical brightness is that of `before`: exposure drifts are no change."""
    ratio = min(2.0, max(0.5, median((before[::2, ::2] + 4.0) / (now[::2, ::2] + 4.0))))
    return np.asarray(np.clip(np.rint(now * np.float32(ratio)), 0, 255), np.uint8)

"""Frozen pictures: told from a quiet scene by how little this camera's pictures usually differ."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

# A frozen stream comes back to the same picture again and again, but key frames of the compression differ a little
# from what lies between them: so a picture is compared with several of the last ones, and the likest counts.
_REMEMBERED = 4
_BLOCKS = (30, 17)
# Clocks run on in frozen pictures; they stand at the upper or lower edge.
_EDGE = 0.12
# Differences in grey levels, mean of a block: of the middle block and of nearly the most changed one. On 33 clips, real
# and rendered, by day and by night, a live picture a second later differs by at least 0.7 and 2; a frozen one by 0 and
# 0.1, at key frames by 1.6 and 2.2.
_SAME_MIDDLE, _SAME_MOST = 0.05, 0.2
# Against this camera's own usual differences.
_SHARE_MIDDLE, _SHARE_MOST, _STILL_MOST = 0.3, 0.3, 1.2
_USUAL_LOOKS, _USUAL_FROM = 30, 3


@dataclass(slots=True)
class Stillness:
    """Remembers a camera's last pictures and how much they usually differ."""

    _pictures: deque[Grey] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _usual: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_USUAL_LOOKS))

    def look(self, now: Grey) -> bool | None:
        """Whether the picture stands still; None when there is none to compare with."""
        if self._pictures and self._pictures[-1].shape != now.shape:
            self._pictures.clear()
        differences = [_difference(now, past) for past in reversed(self._pictures)]
        self._pictures.append(now)
        if not differences:
            return None
        middle, most = min(differences, key=sum)
        frozen = middle < _SAME_MIDDLE and most < _SAME_MOST
        if not frozen and len(self._usual) >= _USUAL_FROM and most < _STILL_MOST:
            usual_middle, usual_most = np.median(np.array(self._usual), axis=0)
            frozen = middle < _SHARE_MIDDLE * usual_middle and most < _SHARE_MOST * usual_most
        if not frozen:
            self._usual.append(differences[0])
        return bool(frozen)

    def forget(self) -> None:
        """Start afresh: it grew dark or light, and another unrest is usual now."""
        self._usual.clear()


def _difference(now: Grey, past: Grey) -> tuple[float, float]:
    edge = round(_EDGE * now.shape[0])
    inner = slice(edge, now.shape[0] - edge) if now.shape[0] > 4 * edge > 0 else slice(None)
    apart = cv2.absdiff(now[inner], past[inner])
    blocks = cv2.resize(apart, _BLOCKS, interpolation=cv2.INTER_AREA)
    middle, most = np.percentile(blocks, (50, 97))
    return float(middle), float(most)

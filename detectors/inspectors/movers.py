"""People and vehicles that pass, told from things that only look like them."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values
from detectors.detector import MOVERS
from detectors.geometry import Box
from detectors.levels import median, quantiles
from detectors.sway import Sway
from detectors.values import Detections

Grey = NDArray[np.float32]

# Score from which a detection of a person or vehicle can hide something.
MOVER_SCORE = 0.3
# What has not stirred for this many looks is a mover only when the detector is sure, or when its pixels stir: people
# who stand sway, a bag does not. An upright bag looked a little like a person on one clip (0.4-0.75).
_STILL_LOOKS, _QUIET_LOOKS = 3, 2
_STILL_IOU = 0.8
_SURE = 0.8
# Somebody stirs where the picture changes by this much more than noise: grey levels, and times the usual difference.
_STIR, _STIR_FACTOR = 3.0, 3.0
# In a picture that stands, of a stream that froze or sends few bits, nobody stirs: it is the same look again. Hardly a
# pixel of it differs by a level, where noise moves most of those of a live one.
_STANDS = 0.01
_MOST_SWAY = 2.0  # a mast may sway by so much more than usual from one look to the next
_WIDTH = 320


@dataclass(slots=True)
class MoverWatch:
    """Remembers where movers were in the last looks, and the last picture."""

    things: list[Box] = field(default_factory=list)
    """What was taken for a mover in the last look, and is none."""
    _seen: list[tuple[Box, int]] = field(default_factory=list)
    _last: values.Grey | None = None
    _stands: bool = False
    _sway: Sway = field(default_factory=Sway)

    def look(self, found: Detections, grey: values.Grey | None = None) -> list[Box]:
        """The boxes of what really moves, or is surely somebody.

        Args:
            grey: the frame's grey levels; without them only the boxes tell.
        """
        stir = self._stir(grey)
        if self._stands:
            self._seen = [(box, looks - 1) for box, looks in self._seen]
        limit = _STILL_LOOKS if stir is None else _QUIET_LOOKS
        movers: list[Box] = []
        seen: list[tuple[Box, int]] = []
        self.things = []
        for _, score, box in found.named(*MOVERS, min_score=MOVER_SCORE):
            still = 1 + max((looks for past, looks in self._seen if past.iou(box) >= _STILL_IOU), default=0)
            if still > 1 and stir is not None and _stirs(stir, box):
                still = 1
            seen.append((box, still))
            mover = still <= limit or score >= _SURE
            (movers if mover else self.things).append(box)
        self._seen = seen
        return movers

    def _stir(self, grey: values.Grey | None) -> Grey | None:
        """By how much each pixel differs from the last look, over what is usual; None without two pictures."""
        if grey is None:
            return None
        height = max(2, round(grey.shape[0] * _WIDTH / grey.shape[1]))
        now = np.asarray(cv2.resize(grey, (_WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)
        last, self._last, self._stands = self._last, now, False
        if last is None or last.shape != now.shape:
            return None
        apart = cv2.absdiff(now, last)
        self._stands = float((apart > 0).mean()) <= _STANDS
        around = cv2.blur(apart.astype(np.float32), (3, 3))
        usual = median(around)
        self._sway.learn(apart[::2, ::2], last, usual)
        return np.asarray((around - self._sway.slack(now, _MOST_SWAY)) / max(_STIR / _STIR_FACTOR, usual), np.float32)


def _stirs(stir: Grey, box: Box) -> bool:
    """Whether a tenth of what is in a box changed by more than noise; its rim may be somebody else passing."""
    x0, y0, x1, y1 = box.grown(-0.1).pixels(stir.shape[1], stir.shape[0])
    return quantiles(stir[y0:y1, x0:x1], 0.9)[0] > _STIR_FACTOR

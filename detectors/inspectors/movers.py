"""People and vehicles that pass, told from things that only look like them."""

from __future__ import annotations

from dataclasses import dataclass, field

from detectors.detector import MOVERS
from detectors.geometry import Box
from detectors.values import Detections

# Score from which a detection of a person or vehicle can hide something.
MOVER_SCORE = 0.3
# What has not stirred for this many looks is a mover only when the detector is sure: an upright bag looked a little
# like a person on one clip (0.4-0.75). How people who stand score was not measured.
_STILL_LOOKS = 3
_STILL_IOU = 0.8
_SURE = 0.8


@dataclass(slots=True)
class MoverWatch:
    """Remembers where movers were in the last looks."""

    _seen: list[tuple[Box, int]] = field(default_factory=list)

    def look(self, found: Detections) -> list[Box]:
        """The boxes of what really moves, or is surely somebody."""
        movers, seen = [], []
        for _, score, box in found.named(*MOVERS, min_score=MOVER_SCORE):
            still = 1 + max((looks for past, looks in self._seen if past.iou(box) >= _STILL_IOU), default=0)
            seen.append((box, still))
            if still <= _STILL_LOOKS or score >= _SURE:
                movers.append(box)
        self._seen = seen
        return movers

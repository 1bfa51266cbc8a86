"""Whether a registered thing still looks like its own earlier pictures, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.values import Image

Edges = NDArray[np.float32]

_SIZE = 40  # px of the longer side at which a thing is compared
_MIN_PX = 10  # shorter sides of a place below this show too little
_ROUND = 0.1
_LEARN_LOOKS = 5
# Correlation of the edges with those of the earlier pictures from which it is the same thing, and learnt from. On six
# clips benches and bins in place stay over 0.87, one that was taken away falls to 0.46: a bin behind it stays.
ALIKE = 0.6
_KNOWN_AFTER = 3  # looks that must have been alike before a thing can be missed


@dataclass(slots=True)
class Likeness:
    """The edges of one place, learnt while it looks like itself."""

    _edges: Edges | None = None
    _alike: int = 0

    def look(self, image: Image, box: Box) -> float | None:
        """How much the place looks like itself, -1 to 1; None while it is not known well enough.

        Args:
            box: where the thing is, 0-1; nobody stands before it.
        """
        now = _edges_of(image, box)
        if now is None:
            return None
        if self._edges is None or self._edges.shape != now.shape:
            self._edges, self._alike = now, 1
            return None
        likeness = _correlation(now, self._edges)
        if likeness >= ALIKE:
            self._alike += 1
            share = 1 / min(self._alike, _LEARN_LOOKS)
            self._edges = (self._edges + share * (now - self._edges)).astype(np.float32)
            return likeness
        if self._alike < _KNOWN_AFTER:
            self._edges, self._alike = now, 1
            return None
        return likeness


@dataclass(slots=True)
class Likenesses:
    """One memory for each asset and light state: edges by night are those of the lamps' light."""

    _known: dict[tuple[str, str], Likeness] = field(default_factory=dict)

    def look(self, asset_id: str, light: str, image: Image, box: Box) -> float | None:
        """See `Likeness.look`."""
        return self._known.setdefault((asset_id, light), Likeness()).look(image, box)


def _edges_of(image: Image, box: Box) -> Edges | None:
    x0, y0, x1, y1 = box.grown(_ROUND).pixels(image.shape[1], image.shape[0])
    if min(x1 - x0, y1 - y0) < _MIN_PX:
        return None
    scale = min(1.0, _SIZE / max(x1 - x0, y1 - y0))
    size = (max(4, round((x1 - x0) * scale)), max(4, round((y1 - y0) * scale)))
    grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_BGR2GRAY).astype(np.float32)
    small = cv2.GaussianBlur(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
    return np.dstack([cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)]).astype(np.float32)


def _correlation(a: Edges, b: Edges) -> float:
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-6))

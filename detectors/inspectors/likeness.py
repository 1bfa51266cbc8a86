"""Whether the place of a registered thing, and what is round it, still look like their own earlier pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.values import Grey, Image

Edges = NDArray[np.float32]

_SIZE = 40  # px of a thing's longer side at which it is compared
_MIN_PX = 10  # shorter sides of a place below this show too little
# A thing reaches a little beyond its box; from there to so far, in widths and heights of the box, is what is round it.
_BEYOND, _ROUND = 0.1, 0.8
# Mean square of edges that noise alone leaves (a step of a grey level a px gives 64): that of a sensor that is off by 4
# grey levels, over things of 20 px and more, compressed.
_FAINT = 60.0
_LEARN_LOOKS = 5
# Correlation of the edges with those of the earlier pictures from which it is the same thing, and learnt from. On six
# clips benches and bins in place stay over 0.87, one that was taken away falls to 0.46: a bin behind it stays.
ALIKE = 0.6
# From so much on it is learnt from, and below after so many looks: a bench that was taken away left edges like its own
# (0.61), and two looks later its empty place was what it looked like. Choices.
_SURELY, _PATIENCE = 0.8, 12
_QUARTERS, _LEAST_PIXELS = 4, 25
_KNOWN_AFTER = 3  # looks that must have been alike before a thing can be missed


@dataclass(frozen=True, slots=True)
class Alike:
    """How much a place and what is round it look like themselves, each -1 to 1."""

    itself: float
    around: float


@dataclass(slots=True)
class Likeness:
    """The edges of one place and round it, learnt while the place looks like itself."""

    _edges: Edges | None = None
    _alike: int = 0
    _doubtful: int = 0

    def look(self, image: Image, box: Box) -> Alike | None:
        """How much the place looks like itself; None while it is not known well enough.

        Args:
            box: where the thing is, 0-1; nobody stands before it.
        """
        now = _edges_of(image, box)
        if now is None:
            return None
        if self._edges is None or self._edges.shape != now.shape:
            self._edges, self._alike = now, 1
            return None
        inside = _inside(box, now.shape[:2], image)
        alike = Alike(_correlation(now, self._edges, inside), _correlation(now, self._edges, ~inside, _FAINT))
        if alike.itself >= ALIKE:
            self._doubtful = 0 if alike.itself >= _SURELY else self._doubtful + 1
            if not 0 < self._doubtful <= _PATIENCE:
                self._alike += 1
                share = 1 / min(self._alike, _LEARN_LOOKS)
                self._edges = (self._edges + share * (now - self._edges)).astype(np.float32)
            return alike
        if self._alike < _KNOWN_AFTER:
            self._edges, self._alike = now, 1
            return None
        return alike


@dataclass(slots=True)
class Likenesses:
    """One memory for each asset and light state: edges by night are those of the lamps' light."""

    _known: dict[tuple[str, str], Likeness] = field(default_factory=dict)

    def look(self, asset_id: str, light: str, image: Image, box: Box) -> Alike | None:
        """See `Likeness.look`."""
        return self._known.setdefault((asset_id, light), Likeness()).look(image, box)


def least_alike(now: Image | Grey, before: Image | Grey, place: Box, lying: Box | None = None) -> float | None:
    """How alike the quarter of a place that changed most shows in two pictures, -1 to 1.

    Quarters lie over one another: of a tree by night the windows behind its crown stay, but its trunk goes.

    Args:
        lying: what hides a part of the place now, which is left out.

    Returns:
        None where the place is too small, or nothing of it is left.
    """
    edges, known = _edges_of(now, place), _edges_of(before, place)
    if edges is None or known is None or edges.shape != known.shape:
        return None
    inside = _inside(place, edges.shape[:2], now)
    rows = np.flatnonzero(inside.any(axis=1))
    if lying is not None:
        inside &= ~_seen_of(lying.grown(_BEYOND), place, edges.shape[:2], now)
    alike = []
    for quarter in np.array_split(rows, _QUARTERS):
        own = np.zeros_like(inside)
        own[quarter] = inside[quarter]
        if own.sum() >= _LEAST_PIXELS:
            alike.append(_correlation(edges, known, own, _FAINT))
    return min(alike, default=None)


def _edges_of(image: Image | Grey, box: Box) -> Edges | None:
    """(rows, columns, 2) edges of a place and round it, of a colour or grey picture; None where it is too small."""
    x0, y0, x1, y1 = box.grown(_BEYOND).pixels(image.shape[1], image.shape[0])
    if min(x1 - x0, y1 - y0) < _MIN_PX:
        return None
    scale = min(1.0, _SIZE / max(x1 - x0, y1 - y0))
    x0, y0, x1, y1 = box.grown(_ROUND).pixels(image.shape[1], image.shape[0])
    size = (max(4, round((x1 - x0) * scale)), max(4, round((y1 - y0) * scale)))
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    grey = part if part.ndim == 2 else cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    return np.dstack([cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)]).astype(np.float32)


def _inside(box: Box, shape: tuple[int, ...], image: Image | Grey) -> NDArray[np.bool_]:
    """Which of the edges are the thing's own."""
    return _seen_of(box.grown(_BEYOND), box, shape, image)


def _seen_of(part: Box, place: Box, shape: tuple[int, ...], image: Image | Grey) -> NDArray[np.bool_]:
    """Which of the edges of a place and round it are those of a part of the picture."""
    own, whole = (box.pixels(image.shape[1], image.shape[0]) for box in (part, place.grown(_ROUND)))
    across, down = shape[1] / (whole[2] - whole[0]), shape[0] / (whole[3] - whole[1])
    x0, x1 = (max(0, round((x - whole[0]) * across)) for x in (own[0], own[2]))
    y0, y1 = (max(0, round((y - whole[1]) * down)) for y in (own[1], own[3]))
    inside = np.zeros(shape, bool)
    inside[y0:y1, x0:x1] = True
    return inside


def _correlation(a: Edges, b: Edges, where: NDArray[np.bool_], faint: float = 0.0) -> float:
    """Of two pictures' edges in some of their pixels, -1 to 1; what has but faint ones in both is alike."""
    a, b = a[where], b[where]
    plain = faint * len(a)
    return float(((a * b).sum() + plain) / np.sqrt(((a * a).sum() + plain) * ((b * b).sum() + plain) + 1e-6))

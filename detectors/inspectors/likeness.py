"""Whether a registered thing still looks like its own earlier pictures, whatever the light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask, Region
from detectors.values import Image

Edges = NDArray[np.float32]

_SIZE = 40  # px of the longer side at which a thing is compared
_MIN_PX = 10  # shorter sides of a place below this show too little
_ROUND = 0.1
_LEARN_LOOKS = 5
# Correlation of the edges with those of the earlier pictures from which it is the same thing, and learnt from. On six
# clips benches and bins in place stay over 0.87, one that was taken away falls to 0.46: a bin behind it stays.
ALIKE = 0.6
# A place blends in when this share of what is seen of it is within so many steps (CIELAB at 8 bits) of a colour of the
# ground round it: on 40 rendered views eight empty places have 0.82-1.0, of benches and bins that stand there by day
# most 0.0-0.6, by night up to 1.0 where it is dark. What other things hide most of says nothing: of a bench behind a
# bin its end was grass.
_BLENDS, _NEAR_COLOUR, _ALIKE_PX, _ASKED_PX = 0.8, 8.0, 4, 400
_BESIDE, _MIN_GROUND_PX, _MIN_SEEN = 0.6, 30, 0.4
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


@dataclass(frozen=True, slots=True)
class Surround:
    """A place and the ground round it.

    Attributes:
        inside: colours of what is seen of the place, rows of CIELAB at 8 bits.
        ground: colours beside and below it.
    """

    inside: Edges
    ground: Edges

    @property
    def light(self) -> float:
        """Middle lightness of the ground, 0-255."""
        return float(np.median(self.ground[:, 0]))

    @property
    def blends(self) -> bool:
        """Whether the place shows the colours of the ground, as if nothing stood there."""
        asked = self.ground[:: max(1, len(self.ground) // _ASKED_PX)]
        # Squares of distances, by the products of the colours: whole numbers, which floats hold exactly.
        squares = (self.inside**2).sum(1)[:, None] + (asked**2).sum(1)[None] - 2 * self.inside @ asked.T
        alike = np.count_nonzero(squares < _NEAR_COLOUR**2, axis=1)
        return float((alike > min(_ALIKE_PX, len(asked) - 1)).mean()) >= _BLENDS


def surround(image: Image, box: Box, others: Iterable[Region]) -> Surround | None:
    """What a place and the ground round it show; None where other things hide too much of either.

    Args:
        others: what is known to stand near it, which is not ground.
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.grown(_BESIDE).pixels(width, height)
    part = cv2.GaussianBlur(np.ascontiguousarray(image[y0:y1, x0:x1]), (3, 3), 0)
    lab = cv2.cvtColor(part, cv2.COLOR_BGR2LAB).astype(np.float32)
    inside, ground = np.zeros(lab.shape[:2], bool), np.ones(lab.shape[:2], bool)
    _within(inside, box.grown(-0.1), (width, height), (x0, y0))[:] = True
    _within(ground, box.grown(0.1), (width, height), (x0, y0))[:] = False
    ground[: max(0, round(box.y0 * height) - y0)] = False
    whole, near = int(inside.sum()), box.grown(2 * _BESIDE)
    for other in others:
        if other.box.intersection(near) <= 0:
            continue  # to draw all the outlines of a view took longer than all the rest
        hides = other.mask(width, height)[y0:y1, x0:x1]
        inside &= ~hides
        ground &= ~hides
    seen = int(inside.sum())
    if min(seen, int(ground.sum())) < _MIN_GROUND_PX or seen < _MIN_SEEN * whole:
        return None
    return Surround(lab[inside], lab[ground])


def _within(mask: Mask, box: Box, size: tuple[int, int], corner: tuple[int, int]) -> Mask:
    """The part of a mask, whose corner lies somewhere in the picture, that a box covers."""
    x0, y0, x1, y1 = box.pixels(*size)
    return mask[max(0, y0 - corner[1]) : max(0, y1 - corner[1]), max(0, x0 - corner[0]) : max(0, x1 - corner[0])]


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

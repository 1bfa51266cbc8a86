"""Places on paving that look unlike the paving round them: where something of no class known may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask, Region
from detectors.values import Image

_WIDTH = 480
"""Px that pictures are shrunk to: a box of half a metre at 30 m has 8 of them, and noise is evened."""
_ROUND_PX = 45  # of that picture: the paving is the middle of so much round a pixel, and a thing less than half of it
_LEAST_APART, _TIMES_USUAL = 9.0, 3.5  # 8-bit CIELAB: choices
_BLACK = 0.55  # of the paving's lightness: what is darker than shade gets
_LEAST_PX, _LEAST_FILLED = 5, 0.3

_PAVED_PX = (480, 270)  # of the paths' mask
_REMEMBERED, _SAME_IOU = 12, 0.5  # looks, a choice; boxes of one place
_EVERY = 4  # looks: what was left stays, and to search takes as long as all else that is done with a look

_Lab = NDArray[np.float32]
Wholes = Callable[[Sequence[Box]], list[Box]]
"""Gives the boxes of what some places may be parts of."""


@dataclass(slots=True)
class OddPlaces:
    """The blobs of the latest looks; they are searched for anew in every fourth one.

    What the detector has no name for it calls something only now and then (a cone by night at three looks of eleven),
    so what it called so is remembered for a while: what stands there is still there.
    """

    _boxes: list[Box] = field(default_factory=list)
    _called: list[tuple[int, Box]] = field(default_factory=list)
    _looks: int = 0

    def of(
        self, image: Image, paths: Sequence[Region], called: Sequence[Box], wholes: Wholes | None = None
    ) -> list[Box]:
        """What was called something, then the `blobs` on some paths.

        Args:
            called: boxes of what the detector calls something at this look.
            wholes: what it makes of the blobs is given too.
        """
        if self._looks % _EVERY == 0:
            found = blobs(image, np.logical_or.reduce([path.mask(*_PAVED_PX) for path in paths]))
            self._boxes = [*found, *(wholes(found) if wholes else [])]
        kept = [(look, b) for look, b in self._called if self._looks - look < _REMEMBERED]
        kept = [(look, b) for look, b in kept if all(b.iou(box) < _SAME_IOU for box in called)]
        self._called = [*((self._looks, box) for box in called), *kept]
        self._looks += 1
        return [*(box for _, box in self._called), *self._boxes]

    def leave(self, box: Box) -> None:
        """Leave one of the blobs out until they are searched for anew: nothing is there."""
        self._boxes = [b for b in self._boxes if b != box]


def blobs(image: Image, paved: Mask) -> list[Box]:
    """Boxes, 0-1, of what differs from the paving round it, and of what no shade on it can be.

    Args:
        image: (height, width, 3) BGR.
        paved: (height, width) bool, of any size: where the paving is.
    """
    height = max(2, round(image.shape[0] * _WIDTH / image.shape[1]))
    ground = cv2.resize(paved.astype(np.uint8), (_WIDTH, height), interpolation=cv2.INTER_NEAREST) > 0
    rows = np.flatnonzero(ground.any(axis=1))
    if ground.sum() < _ROUND_PX:
        return []
    top, low = max(0, int(rows[0]) - _ROUND_PX), min(height, int(rows[-1]) + 2)
    small = cv2.resize(image, (_WIDTH, height), interpolation=cv2.INTER_AREA)[top:low]
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_BGR2LAB)
    coarse = cv2.medianBlur(cv2.resize(lab, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), _ROUND_PX // 2 | 1)
    middle = cv2.resize(coarse, (lab.shape[1], lab.shape[0]), interpolation=cv2.INTER_LINEAR)
    apart, ground = lab.astype(np.float32) - middle, ground[top:low]
    light, colour = apart[..., 0], np.hypot(apart[..., 1], apart[..., 2])
    bars = [max(_LEAST_APART, _TIMES_USUAL * float(np.median(np.abs(a[ground])))) for a in (light, colour)]
    coloured = colour > bars[1]
    unlike = coloured | (np.abs(light) > bars[0])
    solid = (light > bars[0]) | coloured | (lab[..., 0] < _BLACK * middle[..., 0].astype(np.float32))
    near = cv2.dilate(ground.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return list({box: None for mask in (unlike, solid, coloured) for box in _boxes(mask, near, top, height)})


def _boxes(mask: Mask, ground: Mask, top: int, height: int) -> Iterator[Box]:
    """Boxes of the parts of a mask that begins in row `top` of a picture so high."""
    last, width = mask.shape[0] - 1, mask.shape[1]
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    for x, y, wide, tall, filled in stats[1:].tolist():
        if min(wide, tall) < _LEAST_PX or filled < _LEAST_FILLED * wide * tall:
            continue
        if ground[min(y + tall - 1, last), x + wide // 2]:
            yield Box(x / width, (top + y) / height, (x + wide) / width, (top + y + tall) / height)

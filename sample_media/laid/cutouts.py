"""Things cut out of pictures: by what changed between two of them, by a label's box, or by a mask."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image

Layer = NDArray[np.float32]

_ROUND, _CHANGED = 0.3, 24  # how far round a box is looked, in its size; grey levels that are more than compression
# Shade takes the same share of all colours, and not all of the light.
_SHADE, _GREY = (0.4, 0.93), 0.09
_EVEN = 0.25  # share of the rim of what is looked at that shade may reach
_SPECK = 0.02  # share of the largest part below which a part is noise
_SURE = (0.25, 0.92)  # share of a label's box that a heap fills: more or less is a cut-out that failed


@dataclass(frozen=True, slots=True)
class Cutout:
    """A thing without what was behind it, cut to its extent.

    Attributes:
        colour: (h, w, 3) BGR.
        cover: (h, w), 0-1: where the thing hides the ground.
        shade: (h, w), 0-1: what is left of the ground's light beside it.
        light: grey level of the ground it was cut from, 0-255; 0 where it is to keep its own.
        metre: picture height of a metre where it stood, px; None where that is not known.
    """

    colour: Image
    cover: Layer
    shade: Layer
    light: float
    metre: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.cover.shape[1], self.cover.shape[0]


def changed(before: Image, after: Image, box: Box) -> Cutout | None:
    """What came to a place between two pictures of one view, with its shade; None where hardly anything did.

    Args:
        box: where it is said to be, 0-1.
    """
    height, width = before.shape[:2]
    x0, y0, x1, y1 = box.grown(_ROUND).pixels(width, height)
    was, now = before[y0:y1, x0:x1].astype(np.float32), after[y0:y1, x0:x1].astype(np.float32)
    apart = cv2.GaussianBlur(np.abs(now - was).max(2), (3, 3), 0)
    left = (now + 8) / (was + 8)
    share = cv2.GaussianBlur(left.mean(2), (3, 3), 0)
    grey = left.max(2) - left.min(2) < _GREY
    shaded = (apart > _CHANGED / 2) & (share > _SHADE[0]) & (share < _SHADE[1]) & grey
    thing = (apart > _CHANGED) & ~cv2.morphologyEx(shaded.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3))).astype(
        bool
    )
    thing = _parts_of(cv2.morphologyEx(thing.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)).astype(bool))
    if thing.sum() < 60:
        return None
    rim = np.ones(thing.shape, bool)
    rim[3:-3, 3:-3] = False
    if (shaded & rim).sum() > _EVEN * rim.sum():  # the light is another all round: that is no shade of a thing
        shaded[:] = False
    shade = np.where(shaded & ~thing, share, 1.0).astype(np.float32)
    return _cut(after[y0:y1, x0:x1], thing, cv2.GaussianBlur(shade, (5, 5), 0), float(np.median(was)))


def labelled(photograph: Image, box: Box) -> Cutout | None:
    """What a label's box shows, told from what is round it by its colours; None where they do not tell it."""
    height, width = photograph.shape[:2]
    left, top, right, bottom = box.grown(_ROUND).pixels(width, height)
    part = np.ascontiguousarray(photograph[top:bottom, left:right])
    x0, y0, x1, y1 = box.pixels(width, height)
    found = np.zeros(part.shape[:2], np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(part, found, (x0 - left, y0 - top, x1 - x0, y1 - y0), *models, 4, cv2.GC_INIT_WITH_RECT)
    thing = _parts_of((found == cv2.GC_FGD) | (found == cv2.GC_PR_FGD))
    if not _SURE[0] < thing.sum() / ((x1 - x0) * (y1 - y0)) < _SURE[1]:
        return None
    return _cut(part, thing, np.ones(thing.shape, np.float32), float(np.median(part[~thing])))


def masked(picture: Image, thing: Mask, metre: float) -> Cutout:
    """What a mask shows, in the light it is in: real views of one camera are alike.

    Args:
        metre: picture height of a metre where it stands, px.
    """
    return _cut(picture, thing, np.ones(thing.shape, np.float32), 0.0, metre)


def _parts_of(thing: Mask) -> Mask:
    """A thing without the specks of noise round it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thing.astype(np.uint8))
    if count < 2:
        return thing
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = [n for n in range(1, count) if areas[n] >= max(4, _SPECK * areas[1:].max())]
    return np.isin(labels, kept)


def _cut(part: Image, thing: Mask, shade: Layer, light: float, metre: float | None = None) -> Cutout:
    rows, columns = np.flatnonzero(thing.any(1)), np.flatnonzero(thing.any(0))
    inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    cover = thing[inside].astype(np.float32)
    return Cutout(np.ascontiguousarray(part[inside]), cover, np.ascontiguousarray(shade[inside]), light, metre)

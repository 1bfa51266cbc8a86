"""Thin dark lines that came, as cracks are: blobs of change, whose gaps are closed, are too coarse for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image

Grey = NDArray[np.float32]

# Grey levels by which a line is darker than before, and than what is beside it on both sides: a shadow's edge, which
# creeps along, is dark on one side. On two clips, 480 px wide, cracks of 1.3 to 1.8 px are 22 to 41 levels darker.
_DARKER, _NOISE_FACTOR = 10.0, 4.0
_WIDEST_PX = 9  # what is wider than this is no line; a choice
_GAP_PX, _LEAST_PX = 5, 12  # gaps that are closed, shortest line: choices
# Noise leaves single pixels in a row, whose gaps are closed: on two night clips 0.17 to 0.6 of such a row was dark, of
# the cracks of those two 0.8 and more.
_UNBROKEN = 0.7
_THIN = 5.0  # times as long as thick, at least; pieces of a crack are short; a choice
# The ground beside a crack is what it was; at the rim of water, round litter or below a case it is not. Beside the
# cracks of those clips 0.99 of it and more did not change, beside water's rim 0.5 to 0.83.
_FROM_PX, _TO_PX, _SAME = 5, 11, 0.9
# Where a crack comes the ground was plain. Where barrier tape swung to the side the ground that it hid is the darker
# line, and a joint that grew darker was there: of the tape of the PETS clip, and what is beside it, the line before
# stands out by 0.7 to 8 times as much as it fell, of the cracks of those two clips by 0.2 to 0.5 times.
_UNEVEN = 0.6
# Cracks wander; what is straight is the shadow of a column that leans or of a rail, a cable or a joint. By how far the
# middle of a line strays: the shadow of a column that came to lean on walk 78 by 0.2 to 0.25 px over 40 to 66, a crack
# by 0.9 to 1.6 over 27 to 51 (less where a part of it is seen), another by 6 and more over 50. Set with these in view.
_STRAY_PX, _STRAY, _PARTS, _RIM_PX = 0.5, 0.01, 12, 3
_ON_IT_PX = 9  # so far a blob of change, which is smoothed, is wider than the line it is of
_NEAR = 0.5  # of the longer one's extent: lines nearer than this to one another are pieces of one


@dataclass(frozen=True, slots=True)
class FreshLine:
    """A thin dark line that came.

    Attributes:
        box: where, 0-1.
        length: along it and its branches, in heights of the picture.
        thickness: mean, in heights of the picture.
        darker: middle difference from before, grey levels.
        colour: how far its colour is from that of the ground beside it (a and b of CIELAB, 0-255).
    """

    box: Box
    length: float
    thickness: float
    darker: float
    colour: float

    def with_piece(self, other: FreshLine) -> FreshLine:
        """Both as one line."""
        length = self.length + other.length
        share = other.length / length
        return FreshLine(
            self.box.union(other.box),
            length,
            (1 - share) * self.thickness + share * other.thickness,
            (1 - share) * self.darker + share * other.darker,
            (1 - share) * self.colour + share * other.colour,
        )


def fresh_lines(now: Grey, before: Grey, where: Mask, noise: float, image: Image) -> tuple[list[FreshLine], Mask]:
    """The thin dark lines of a picture that were not there before.

    Args:
        now: (rows, columns) grey levels; `before`: the same view as it was known.
        where: (rows, columns), where both are known and lines are looked for.
        noise: usual difference of two pictures, grey levels.
        image: (height, width, 3) BGR of any size: the picture in colour.

    Returns:
        The lines, and a mask (rows, columns) of them and what lies at them.
    """
    limit = max(_DARKER, _NOISE_FACTOR * noise)
    fallen = before - now
    valley = _valleys(now)
    uneven = np.maximum(_ridges(before), _valleys(before))
    dark = (np.minimum(fallen, valley) > limit) & where
    closed = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GAP_PX, _GAP_PX), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    changed = np.abs(fallen) >= limit
    lines, all_of_them = [], np.zeros(now.shape, bool)
    for n in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[n])
        if max(w, h) < _LEAST_PX:
            continue
        blob = labels == n
        itself = blob & dark
        length = _length(blob)
        thickness = float(itself.sum()) / length
        beside = _grown(blob, _TO_PX) & ~_grown(blob, _FROM_PX) & where
        unbroken = itself.sum() >= _UNBROKEN * blob.sum()
        if not unbroken or length < _THIN * thickness or not beside.any():
            continue
        if float(changed[beside].mean()) > 1 - _SAME:
            continue
        rows, columns = now.shape
        box = Box(x / columns, y / rows, (x + w) / columns, (y + h) / rows)
        darker = float(np.median(fallen[itself]))
        if float(np.median(uneven[itself])) > _UNEVEN * darker or _is_straight(blob, fallen):
            continue
        colour = _colour(image, itself, beside)
        lines.append(FreshLine(box, length / rows, thickness / rows, darker, colour))
        all_of_them |= _grown(blob, _ON_IT_PX)
    return lines, all_of_them


def joined(lines: Sequence[FreshLine]) -> list[FreshLine]:
    """Lines with those that lie near to one another as one: a crack breaks off at shade, and where somebody stands."""
    whole: list[FreshLine] = []
    for line in sorted(lines, key=lambda line: -line.length):
        for other in [w for w in whole if w.box.gap(line.box) <= _NEAR * max(w.box.width, w.box.height)]:
            whole.remove(other)
            line = other.with_piece(line)
        whole.append(line)
    return whole


def _valleys(grey: Grey) -> Grey:
    """How much darker each pixel is than what is on both sides of it."""
    square = np.ones((_WIDEST_PX, _WIDEST_PX), np.uint8)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, square), np.float32)


def _ridges(grey: Grey) -> Grey:
    """How much brighter each pixel is than what is on both sides of it."""
    return _valleys(-grey)


def _grown(blob: Mask, size: int) -> Mask:
    return np.asarray(cv2.dilate(blob.astype(np.uint8), np.ones((size, size), np.uint8)), np.uint8).astype(bool)


def _colour(image: Image, line: Mask, beside: Mask) -> float:
    """How far apart the middle colours of two masks are."""
    small = cv2.resize(image, (line.shape[1], line.shape[0]), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)[..., 1:].astype(np.float32)
    return float(np.hypot(*(np.median(lab[line], axis=0) - np.median(lab[beside], axis=0))))


def _length(blob: Mask) -> float:
    """Length of a thin blob and its branches, px: half the way round it."""
    outlines, _ = cv2.findContours(blob.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(1.0, sum(cv2.arcLength(outline, True) for outline in outlines) / 2)


def _is_straight(blob: Mask, fallen: Grey) -> bool:
    """Whether the middle of a thin blob, part by part along it, strays but little from one line.

    Weighed by how dark it is, for a part's middle lies between pixels.
    """
    points = np.argwhere(_grown(blob, _RIM_PX)).astype(np.float64)
    weights = np.maximum(fallen[tuple(points.astype(int).T)], 1.0)
    points -= np.average(points, axis=0, weights=weights)
    along, across = (points @ np.linalg.svd(points * np.sqrt(weights)[:, None], full_matrices=False)[2].T).T
    part = np.minimum((along - along.min()) / np.ptp(along) * _PARTS, _PARTS - 1).astype(int)
    middle = np.bincount(part, weights * across, _PARTS) / np.maximum(np.bincount(part, weights, _PARTS), 1.0)
    return bool(np.ptp(middle[1:-1]) <= max(_STRAY_PX, _STRAY * np.ptp(along)))

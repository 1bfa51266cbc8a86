"""The lasting structure of a view: which parts of it are still where they were, and by how far the view was nudged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values
from detectors.geometry import STILL, Mask, Nudge
from detectors.levels import median

Grey = NDArray[np.float32]

WIDTH = 240
"""Structures are compared at this width, px."""

_BLOCK = 15
_FINE, _COARSE = 1.5, 5.0  # px by which a picture is softened before its edges are compared
_MIN_EDGES = 0.35  # grey levels a pixel: what is flatter has no structure
_NOISE_FACTOR = 3.0
_FITS, _LOST = 0.5, 0.3  # correlation of edges: same thing, another thing
_FAINT = 0.5  # edges weaker than this share of the former ones: something smooth is in front
_VEILED = 0.2  # edges that show through, but only so much of them: paint, a film of dirt
_NO_NOISE = 0.02
_TOO_DARK = 2.5  # times the noise: edges that would not show in this light are not missed
# The search for a nudged view: patches of this size, tried over this share of the width.
_PATCHES, _PATCH, _REACH = 40, 25, 0.13
_SAME_PATCH = 0.6
_MIN_AGREEING, _AGREEING = 6, 0.4
_AGREE_PX = 1.5


@dataclass(frozen=True)
class Structure:
    """Edges of one picture, fine and coarse.

    Attributes:
        grey: (height, 240) grey levels, softened.
        fine: (2, height, 240) gradient across and down, grey levels a pixel.
        coarse: (2, height / 2, 120) the same of much softer edges, at half the size.
        energy: (rows, columns) mean squared fine gradient of each block.
        level: (rows, columns) mean grey level of each block.
    """

    grey: Grey
    fine: Grey
    coarse: Grey
    energy: Grey
    level: Grey

    @classmethod
    def of(cls, grey: values.Grey) -> Structure:
        """Build from a grey picture of any size."""
        height = max(_BLOCK, round(grey.shape[0] * WIDTH / grey.shape[1]))
        small = cv2.resize(grey, (WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        soft = np.asarray(cv2.GaussianBlur(small, (0, 0), _FINE), np.float32)
        fine = _gradients(soft)
        return cls(soft, fine, _coarse(small), _blocks(_dot(fine, fine)), _blocks(small))

    @cached_property
    def power(self) -> Grey:
        """(rows, columns) mean squared fine gradient of each block, of the gradients as they are now."""
        return _blocks(_dot(self.fine, self.fine))

    @cached_property
    def strengths(self) -> tuple[float, float]:
        """Sum of the squared gradients of the whole picture, fine and coarse."""
        return float(np.vdot(self.fine, self.fine)), float(np.vdot(self.coarse, self.coarse))

    def mixed(self, other: Structure, share: float) -> Structure:
        """This structure moved a little towards another of the same view."""
        return Structure(*(
            ((1 - share) * getattr(self, name) + share * getattr(other, name)).astype(np.float32)
            for name in ("grey", "fine", "coarse", "energy", "level")
        ))  # fmt: skip

    def shifted(self, nudge: Nudge) -> Structure:
        """As the view looks after a nudge."""
        if nudge == STILL:
            return self
        height, width = self.grey.shape
        moved = cv2.warpAffine(self.grey, nudge.pixels(width, height), (width, height), borderMode=cv2.BORDER_REPLICATE)
        fine = _gradients(moved)
        return Structure(moved, fine, _coarse(moved), _blocks(_dot(fine, fine)), _blocks(moved))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a picture fits its reference, block by block: shares of the blocks that have structure in the reference.

    Attributes:
        blocks: how many blocks have structure.
        kept: share still there.
        lost: share that something hides.
        smooth: share that something smooth hides; part of `lost`.
        area: share of the whole picture that the largest connected part of the lost blocks takes.
        hidden: (rows, columns) the lost blocks.
        contrast: middle strength of edges over the reference's.
        level: middle brightness of the lost blocks over the reference's.
        fine, coarse: correlation of the edges of the whole picture, -1 to 1.
    """

    blocks: int
    kept: float
    lost: float
    smooth: float
    area: float
    hidden: Mask
    contrast: float
    level: float
    fine: float
    coarse: float


def compare(reference: Structure, now: Structure, noise: float) -> Fit:
    """Compare a picture with the reference, in place.

    Args:
        noise: mean squared gradient that noise alone makes.
    """
    has = reference.energy > max(_NOISE_FACTOR**2 * noise, _MIN_EDGES**2)
    count = int(has.sum())
    alike = _blocks(_dot(reference.fine, now.fine)) / np.sqrt(reference.power * now.energy + 1e-6)
    (fine, coarse), (fine_now, coarse_now) = reference.strengths, now.strengths
    # Where a light went out, edges are fainter by as much as it is darker, and may be lost in the noise.
    expected = reference.energy * np.minimum(1.0, (now.level + 2.0) / (reference.level + 2.0)) ** 2
    visible = has & (expected > _TOO_DARK**2 * max(noise, _NO_NOISE))
    veiled = visible & (now.energy < _VEILED**2 * expected)
    lost = (visible & (alike < _LOST)) | veiled
    smooth = lost & (now.energy < _FAINT**2 * reference.energy)
    total = max(1, count)
    return Fit(
        count,
        float((has & ~lost & (alike > _FITS)).sum() / total),
        float(lost.sum() / total),
        float(smooth.sum() / total),
        _largest(lost, has),
        lost,
        median(now.energy[has] / reference.energy[has]) ** 0.5 if count else 1.0,
        median((now.level[lost] + 2.0) / (reference.level[lost] + 2.0)) if lost.any() else 1.0,
        float(np.vdot(reference.fine, now.fine)) / (fine * fine_now + 1e-6) ** 0.5,
        float(np.vdot(reference.coarse, now.coarse)) / (coarse * coarse_now + 1e-6) ** 0.5,
    )


def find_nudge(reference: Structure, now: Structure) -> Nudge | None:
    """How the view was shifted, turned or zoomed since the reference; None when no such nudge explains the picture."""
    if reference.grey.shape != now.grey.shape:
        return None
    pairs = [p for p in (_follow(reference.grey, now.grey, corner) for corner in _corners(reference.grey)) if p]
    if len(pairs) < _MIN_AGREEING:
        return None
    before, after = (np.array(points, np.float32) for points in zip(*pairs, strict=True))
    matrix, agree = cv2.estimateAffinePartial2D(before, after, method=cv2.RANSAC, ransacReprojThreshold=_AGREE_PX)
    if matrix is None or int(agree.sum()) < max(_MIN_AGREEING, _AGREEING * len(pairs)):
        return None
    height, width = reference.grey.shape
    return Nudge.of_pixels(matrix, width, height)


def _corners(grey: Grey) -> list[tuple[int, int]]:
    """Places that can be found again, spread over the picture: (x, y) of their middles."""
    strength = cv2.cornerMinEigenVal(grey, 7)
    half = _PATCH // 2
    height, width = grey.shape
    best = []
    for y in range(half, height - half, _BLOCK):
        for x in range(half, width - half, _BLOCK):
            part = strength[y : min(y + _BLOCK, height - half), x : min(x + _BLOCK, width - half)]
            row, column = divmod(int(part.argmax()), part.shape[1])
            best.append((float(part[row, column]), x + column, y + row))
    return [(x, y) for _, x, y in sorted(best, reverse=True)[:_PATCHES]]


def _follow(reference: Grey, now: Grey, corner: tuple[int, int]) -> tuple[tuple[int, int], tuple[float, float]] | None:
    """Where a patch of the reference is now, if it is found."""
    (x, y), half = corner, _PATCH // 2
    patch = reference[y - half : y + half + 1, x - half : x + half + 1]
    reach = round(_REACH * WIDTH)
    x0, y0 = max(0, x - half - reach), max(0, y - half - reach)
    window = now[y0 : y + half + reach + 1, x0 : x + half + reach + 1]
    scores = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(scores)
    if not np.isfinite(best) or best < _SAME_PATCH:
        return None
    return (x, y), (float(x0 + column + half), float(y0 + row + half))


def _gradients(grey: Grey) -> Grey:
    both = np.empty((2, *grey.shape), np.float32)
    cv2.Sobel(grey, cv2.CV_32F, 1, 0, dst=both[0], scale=0.125)
    cv2.Sobel(grey, cv2.CV_32F, 0, 1, dst=both[1], scale=0.125)
    return both


def _coarse(grey: Grey) -> Grey:
    """Gradients of a picture so soft that half its size shows all that is left of it."""
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _gradients(np.asarray(cv2.GaussianBlur(half, (0, 0), _COARSE / 2), np.float32))


def _blocks(values: Grey) -> Grey:
    """Means of blocks of 15 by 15 px."""
    size = (values.shape[1] // _BLOCK, max(1, round(values.shape[0] / _BLOCK)))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)


def _dot(a: Grey, b: Grey) -> Grey:
    """Product of two gradients at each pixel."""
    return np.asarray(a[0] * b[0] + a[1] * b[1], np.float32)


def _largest(part: Mask, has: Mask) -> float:
    """Share of all blocks in the largest connected part, joined across blocks without structure."""
    if not part.any():
        return 0.0
    joined = cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    joined[has & ~part] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    return float(stats[1:, cv2.CC_STAT_AREA].max() / joined.size) if len(stats) > 1 else 0.0

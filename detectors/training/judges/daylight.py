"""Lamps that are dark by day, as no still shows them: white in the sun, before an overexposed sky."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image

Points = NDArray[np.float64]

# What the sun makes of a head's brighter parts, grey levels (beyond 255: overexposed), and what is left on its shaded
# side, of which no lamp that burns has one: its light comes from inside.
_SUNLIT, _BRIGHTEST_SHARE, _MOST_GAIN = (215.0, 330.0), 90.0, 4.0
_SHADED, _ROOM = (0.3, 0.85), 3  # and px round a lamp that its light may reach
# A head on a post is so much of a lamp's height. An arm, wider than so much of it, is a strip at the top: below it the
# outline holds what is behind, but for the column.
_HEAD, _ARM_WIDE, _ARM, _COLUMN = 0.2, 0.2, 0.06, 0.025
# An overexposed sky, grey levels; how far its edge is from sharp and how much of it veils what stands before it.
_LEAST_TOP = 3.0  # rows above a lamp that is laid over another picture
_SKY, _SOFT, _VEIL, _VEIL_WIDE = (238.0, 256.0), (0.4, 1.4), (0.0, 70.0), 0.06


def in_the_sun(image: Image, outline: Points, rng: np.random.Generator) -> Image:
    """A picture whose lamp is painted white, and lit by the sun from above and one side.

    Args:
        outline: (n, 2) corners of the lamp, px.
    """
    height, width = image.shape[:2]
    (left, top), (right, low) = outline.min(axis=0), outline.max(axis=0)
    place = (
        slice(max(0, int(top) - _ROOM), min(height, int(low) + _ROOM)),
        slice(max(0, int(left) - _ROOM), min(width, int(right) + _ROOM)),
    )
    shown = image.copy()
    shown[place] = _sunlit(image[place], outline - (place[1].start, place[0].start), rng)
    return shown


def _sunlit(image: Image, outline: Points, rng: np.random.Generator) -> Image:
    inside, tall = _lamp(outline, image, 0.7), float(np.ptp(outline[:, 1]))
    head = inside > 0.6
    head[int(outline[:, 1].min() + _HEAD * tall) + 1 :] = False
    if not head.any():
        return image
    rows, columns = np.nonzero(head)
    side, down = rng.uniform(-1, 1), rng.uniform(0.2, 1)
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    away = side * (x - columns.mean()) / max(1.0, np.ptp(columns) / 2) + down * (y - rows.mean()) / max(
        1.0, np.ptp(rows) / 2
    )
    shaded = rng.uniform(*_SHADED)
    light = np.clip(0.5 - 0.7 * away / (abs(side) + down), 0, 1) * (1 - shaded) + shaded
    bright = float(np.percentile(image.max(axis=2)[head], _BRIGHTEST_SHARE))
    gain = light * min(_MOST_GAIN, rng.uniform(*_SUNLIT) / max(1.0, bright))
    return _laid(image, image * gain[..., None], inside)


def before_white_sky(image: Image, outline: Points, rng: np.random.Generator) -> Image:
    """A picture in which the sky behind a lamp, or on one side of it, is overexposed.

    Args:
        outline: (n, 2) corners of the lamp, px.
    """
    tall = float(np.ptp(outline[:, 1]))
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    horizon = outline[:, 1].min() + rng.uniform(0.05, 1.0) * tall
    sky = (y < horizon + rng.uniform(-0.6, 0.6) * (x - outline[:, 0].mean())).astype(np.float32)
    if rng.random() < 0.4:  # a wall or a crown on one side
        edge = outline[:, 0].mean() + rng.uniform(-0.15, 0.15) * tall
        sky *= (x > edge) if rng.random() < 0.5 else (x < edge)
    soft = rng.uniform(*_SOFT)
    behind = cv2.GaussianBlur(sky, (0, 0), soft) * (1 - _lamp(outline, image, soft))
    shown = _laid(image, np.full(3, rng.uniform(*_SKY)), behind).astype(np.float32)
    veil = cv2.GaussianBlur(behind, (0, 0), max(1.0, _VEIL_WIDE * tall)) * rng.uniform(*_VEIL)
    return np.asarray(np.clip(shown + veil[..., None], 0, 255), np.uint8)


def laid_over(image: Image, outline: Points, other: Image, rng: np.random.Generator) -> tuple[Image, Points]:
    """A lamp cut out and laid over another picture of the same size, anywhere; and its outline there.

    Args:
        outline: (n, 2) corners of the lamp, px.
    """
    height, width = image.shape[:2]
    (left, top), (right, low) = outline.min(axis=0), outline.max(axis=0)
    by = np.array([_between(-left, width - right, rng), _between(_LEAST_TOP - top, max(height - low, -top / 2), rng)])
    to = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float64)
    share = cv2.warpAffine(_lamp(outline, image, rng.uniform(0.5, 1.0)), to, (width, height))
    shown = cv2.warpAffine(image, to, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return _laid(other, shown.astype(np.float64), share), outline + by


def _between(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.rint(rng.uniform(low, max(low, high))))


def _lamp(outline: Points, image: Image, soft: float) -> NDArray[np.float32]:
    """(h, w) 1 where a lamp is, 0 beside it, its edge as soft as a camera shows it."""
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
    (left, top), (right, low) = outline.min(axis=0), outline.max(axis=0)
    tall = low - top
    if right - left > _ARM_WIDE * tall:
        foot = outline[outline[:, 1] > low - _COLUMN * tall, 0].mean()
        aside = np.abs(np.arange(image.shape[1]) - foot) > max(0.5, _COLUMN * tall / 2)
        mask[round(top + max(2.0, _ARM * tall)) :, aside] = 0
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), soft), np.float32)


def _laid(image: Image, over: NDArray[np.float64], share: NDArray[np.float32]) -> Image:
    mixed = image + (over - image) * share[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)

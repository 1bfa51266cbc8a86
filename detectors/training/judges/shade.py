"""Shade drawn on the ground of a picture: of bare branches, of columns, and of crowns that let light through."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image

_Darkness = NDArray[np.float32]

_BRANCHES = 5  # levels of a tree's boughs
_TINT = np.array([0.92, 1.0, 1.04], np.float32)  # the sky still lights the shade: it is darkened less in blue


def shaded(image: Image, rng: np.random.Generator) -> Image:
    """The picture with shade over all of it."""
    height, width = image.shape[:2]
    way = rng.random()
    dark = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 6))):
        if way < 0.6:
            _tree(dark, rng)
        elif way < 0.75:
            _column(dark, rng)
        else:
            dark = np.maximum(dark, _crown(height, width, rng))
    soft = cv2.GaussianBlur(dark, (0, 0), float(rng.uniform(0.6, 0.008 * width)))
    kept = 1 - np.asarray(soft, np.float32)[..., None] * float(rng.uniform(0.25, 0.7)) * _TINT
    return np.asarray(np.clip(image * kept, 0, 255), np.uint8)


def _tree(dark: _Darkness, rng: np.random.Generator) -> None:
    """A bare tree laid across the ground: its boughs fork, and grow thin."""
    height, width = dark.shape
    at = rng.uniform((-0.2, 0.3), (1.2, 1.1)) * (width, height)
    flat = rng.uniform(0.25, 0.8)  # how far the ground is foreshortened
    length, thick = float(rng.uniform(0.15, 0.5)) * width, float(rng.uniform(0.006, 0.03)) * width
    _bough(dark, (float(at[0]), float(at[1])), float(rng.uniform(0, 2 * np.pi)), length, thick, flat, _BRANCHES, rng)


def _bough(
    dark: _Darkness,
    at: tuple[float, float],
    angle: float,
    length: float,
    thick: float,
    flat: float,
    left: int,
    rng: np.random.Generator,
) -> None:
    for _ in range(3):  # each bends a little on its way
        end = at[0] + length / 3 * np.cos(angle), at[1] + flat * length / 3 * np.sin(angle)
        ends = [(round(float(x) * 8), round(float(y) * 8)) for x, y in (at, end)]
        cv2.line(dark, ends[0], ends[1], 1.0, max(1, round(thick)), cv2.LINE_AA, 3)
        at, angle = end, angle + float(rng.normal(0, 0.2))
        if left and rng.random() < 0.8:
            fork = angle + float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.1))
            _bough(dark, at, fork, length * rng.uniform(0.4, 0.8), thick * 0.6, flat, left - 1, rng)


def _column(dark: _Darkness, rng: np.random.Generator) -> None:
    height, width = dark.shape
    x, y, angle = rng.uniform(0, width), rng.uniform(0.4, 1) * height, rng.uniform(-0.9, 0.9)
    reach = 2 * width * np.array([np.cos(angle), np.sin(angle)])
    ends = [(round(float(x + s * reach[0])), round(float(y + s * reach[1]))) for s in (-1, 1)]
    cv2.line(dark, ends[0], ends[1], 1.0, max(1, round(float(rng.uniform(0.004, 0.04)) * width)))


def _crown(height: int, width: int, rng: np.random.Generator) -> _Darkness:
    """Patches of shade and of light: noise of two sizes, cut at a level."""
    noise = np.zeros((height, width), np.float32)
    for size, share in ((rng.uniform(0.03, 0.1), 0.6), (rng.uniform(0.008, 0.03), 0.4)):
        cells = max(2, round(1 / size)), max(2, round(rng.uniform(1.0, 3.0) / size))
        grains = rng.standard_normal((cells[1], cells[0])).astype(np.float32)
        noise += share * cv2.resize(grains, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(noise > np.quantile(noise, rng.uniform(0.15, 0.7)), np.float32)

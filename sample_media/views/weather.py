"""Kinds of view that weather and light make: exposure in steps, rain, fog, drops on the lens."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image
from sample_media.views.film import Film

Levels = NDArray[np.float32]

_EXPOSED, _STEP_S = (0.7, 1.45), 3.0
_COLOURS, _COLOURS_S = 0.07, 11.0  # share by which colours drift, and how long they take to come back
_STREAKS, _STREAK_PX, _STREAK_LIGHT = 420, (14, 34), 45.0
# Share of the light that comes through from afar, when the clip starts and from its middle on. What is near, at the
# lower edge, keeps more: the ground's distance falls off with its height in the picture.
_CLEAR, _THICK, _NEAREST, _HORIZON = 0.85, 0.3, 0.2, 0.35
_DROPS, _FROM_START, _DROP_PX = 14, 4, (8.0, 30.0)
_LAST_FALLS = 0.6  # share of the clip by which all have fallen


def expose(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Lighter or darker in steps of a few seconds, while the white balance drifts."""
    rng = film.rng()
    gains = rng.uniform(*_EXPOSED, int(film.seconds / _STEP_S) + 1)
    phases = rng.uniform(0, 2 * np.pi, 3)
    for number, picture in enumerate(pictures):
        at_s = number / film.fps
        colours = 1 + _COLOURS * np.sin(2 * np.pi * at_s / _COLOURS_S + phases)
        yield _levels(picture * (gains[int(at_s / _STEP_S)] * colours).astype(np.float32))


def rain(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Streaks, others in every picture, which show the light that is about them."""
    rng, (width, height) = film.rng(), film.size
    slant = rng.uniform(-0.15, 0.15)
    for picture in pictures:
        lines = np.zeros((height, width), np.float32)
        for x, y, length in rng.uniform((0, -20, _STREAK_PX[0]), (width, height, _STREAK_PX[1]), (_STREAKS, 3)):
            long = length * film.px
            start, end = (round(x), round(y)), (round(x + slant * long), round(y + long))
            cv2.line(lines, start, end, float(rng.uniform(0.4, 1)), 1, cv2.LINE_AA)
        about = _soft(picture, 40 * film.px).mean(2, keepdims=True) / 255
        yield _levels(0.94 * picture + 12 * about + _STREAK_LIGHT * (0.2 + about) * lines[..., None])


def fog(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Fog that thickens up to the middle of the clip, thicker before what is far: what is higher in the picture."""
    near = np.clip((np.linspace(0, 1, film.size[1]) - _HORIZON) / (1 - _HORIZON), 0, 1)[:, None, None]
    far = 1 - (1 - _NEAREST) * near
    for number, picture in enumerate(pictures):
        thick = min(1.0, 2 * number / film.count)
        clear = (1 - thick) * _CLEAR + thick * _THICK
        through = (clear**far).astype(np.float32)
        # Fog shows the light that falls into it: of the sky by day, of the lamps by night, far about them.
        about = _soft(picture, 110 * film.px)
        pale = np.percentile(about[::8, ::8].mean(2), 85)
        yield _levels(picture * through + (0.5 * about + 0.5 * pale) * (1 - through))


def drops(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Drops that fall on the lens and stay: a few from the start, the others one by one."""
    rng, (width, height) = film.rng(), film.size
    radii = film.px * rng.uniform(*_DROP_PX, _DROPS)
    middles = rng.uniform((0, 0), (width, height), (_DROPS, 2))
    falls = np.concatenate([np.zeros(_FROM_START), rng.uniform(0, _LAST_FALLS, _DROPS - _FROM_START)]) * film.count
    masks = [_drop(film.size, middle, radius) for middle, radius in zip(middles, radii, strict=True)]
    for number, picture in enumerate(pictures):
        there = picture.astype(np.float32)
        for (mask, part), radius, since in zip(masks, radii, falls, strict=True):
            if number >= since:
                there[part] += mask * (_through_drop(there[part], radius) - there[part])
        yield _levels(there)


def _drop(size: tuple[int, int], middle: Levels, radius: float) -> tuple[Levels, tuple[slice, slice]]:
    """How much a drop hides of the part of the picture about it, 0-1; too near to the lens for a sharp rim."""
    reach = 2 * radius
    x0, y0 = (max(0, int(m - reach)) for m in middle)
    x1, y1 = (min(side, int(m + reach) + 1) for m, side in zip(middle, size, strict=True))
    y, x = np.mgrid[y0:y1, x0:x1]
    off = np.hypot(x - middle[0], y - middle[1])
    hides = np.clip((radius - off) / (0.25 * radius) + 0.5, 0, 1).astype(np.float32)
    return hides[..., None], (slice(y0, y1), slice(x0, x1))


def _through_drop(part: Levels, radius: float) -> Levels:
    """What a drop shows: the view about it, upside down and far out of focus, a little lighter."""
    return 4 + _soft(np.ascontiguousarray(part[::-1]), 0.5 * radius)


def _soft(picture: Image | Levels, px: float) -> Levels:
    """Blurred by so many pixels, by way of a smaller picture where that shows all that is left."""
    height, width = picture.shape[:2]
    less = max(1, int(px / 3))
    small = cv2.resize(picture, (max(1, width // less), max(1, height // less)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small.astype(np.float32), (0, 0), px / less)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _levels(picture: Levels) -> Image:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)

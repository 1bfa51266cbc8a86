"""Kinds of view that lie otherwise in the picture: mirrored, another lens, other sizes, bars, a mast that sways."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from detectors.values import Image
from sample_media.views.film import Film, Points

_BENDS = 0.2  # the corners of the picture are drawn in by so much against its middle, as a wide lens does
_BARRED = 4 / 3  # width over height of a picture with bars
_SWAY_PX, _DRIFT_PX = 4.0, 6.0
_SWAYS_HZ = (0.41, 0.97)


def mirror(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Left to right."""
    return (np.ascontiguousarray(picture[:, ::-1]) for picture in pictures)


def mirrored_place(points: Points, size: tuple[int, int]) -> Points:
    return np.stack([1 - points[:, 0], points[:, 1]], axis=1)


def bend(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """As a lens shows it whose corners stay where they are and whose middle is larger."""
    width, height = film.size
    y, x = np.mgrid[:height, :width].astype(np.float64)
    there = np.stack([(x.ravel() + 0.5) / width, (y.ravel() + 0.5) / height], axis=1)
    here = _scaled(there, film.size, lambda r: (1 + _BENDS * r**2) / (1 + _BENDS))
    maps = [(here[:, n].reshape(height, width) * side - 0.5).astype(np.float32) for n, side in enumerate(film.size)]
    return (np.asarray(cv2.remap(p, maps[0], maps[1], cv2.INTER_CUBIC), np.uint8) for p in pictures)


def bent_place(points: Points, size: tuple[int, int]) -> Points:
    return _scaled(points, size, _magnified)


def _magnified(radius: Points) -> Points:
    """By how much what lay at a distance from the middle lies farther from it now; Newton's steps, exact after six."""
    there = radius.copy()
    for _ in range(8):
        there -= (there * (1 + _BENDS * there**2) - (1 + _BENDS) * radius) / (1 + 3 * _BENDS * there**2)
    return np.where(radius > 0, there / np.maximum(radius, 1e-12), 1 + _BENDS)


def _scaled(points: Points, size: tuple[int, int], by: Callable[[Points], Points]) -> Points:
    """Points drawn from the middle or towards it, by how far from it they lie: 1 is a corner."""
    corner = np.hypot(*size)
    off = (points - 0.5) * (2 * np.array(size) / corner)
    return 0.5 + (points - 0.5) * by(np.hypot(off[:, 0], off[:, 1]))[:, None]


def resized(width: int) -> Callable[[Iterator[Image], Film], Iterator[Image]]:
    """So many pixels wide."""

    def change(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
        size = (width, round(width * film.size[1] / film.size[0] / 2) * 2)
        how = cv2.INTER_AREA if width < film.size[0] else cv2.INTER_CUBIC
        return (np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8) for picture in pictures)

    return change


def add_bars(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Black bars above and below, as where a wide picture is sent in a format that is less so."""
    bar = _bar(film.size)
    return (np.asarray(cv2.copyMakeBorder(p, bar, bar, 0, 0, cv2.BORDER_CONSTANT), np.uint8) for p in pictures)


def barred_place(points: Points, size: tuple[int, int]) -> Points:
    bar = _bar(size)
    return np.stack([points[:, 0], (points[:, 1] * size[1] + bar) / (size[1] + 2 * bar)], axis=1)


def _bar(size: tuple[int, int]) -> int:
    """Height of a bar in pixels, even, so that the whole picture is."""
    return max(0, round((size[0] / _BARRED - size[1]) / 4) * 2)


def sway(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """A mast in wind, which also leans farther over as the clip goes on; so little that regions stay where they are."""
    phases = film.rng().uniform(0, 2 * np.pi, (len(_SWAYS_HZ), 2))
    aside = film.rng().choice([-1.0, 1.0], 2) * (1.0, 0.3)
    for number, picture in enumerate(pictures):
        swings = [np.sin(2 * np.pi * hz * number / film.fps + p) for hz, p in zip(_SWAYS_HZ, phases, strict=True)]
        off = film.px * (_SWAY_PX * np.mean(swings, axis=0) * (1.0, 0.4) + _DRIFT_PX * aside * number / film.count)
        matrix = np.array([[1, 0, off[0]], [0, 1, off[1]]])
        how = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REFLECT_101}
        yield np.asarray(cv2.warpAffine(picture, matrix, film.size, **how), np.uint8)

"""Covers, grates, plates, patches and paint drawn on the ground: what streets are full of, and detectors call holes.

None of the labelled sets names them, and hardly a picture shows one clearly. They are flat and plain, so they can be
drawn in perspective, in the light of the ground they lie on.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image

_Layer = NDArray[np.float32]

_SCALE = 4  # drawn this many times larger and shrunk, for smooth edges
_FLAT = (0.18, 0.75)  # height of a round cover over its width: how steeply the camera looks down
_WIDE = (0.02, 0.11)  # of the picture's width, at its lower edge; farther up they are smaller
_FAR = 0.3  # share of that size at the upper edge
_TRIES = 20
_LEAST_PX = 7
_LEAST_GROUND = 0.97
KINDS = ("round", "round", "square", "grate", "patch", "paint")
"""What is drawn; round covers are as frequent as twice any other."""


def place_for(ground: Mask, taken: list[Box], rng: np.random.Generator) -> Box | None:
    """A place on the ground, clear of the boxes that are taken; None where none was found.

    Args:
        ground: (height, width) bool.
    """
    height, width = ground.shape
    rows, columns = np.nonzero(ground)
    for _ in range(_TRIES if len(rows) else 0):
        n = int(rng.integers(len(rows)))
        wide = float(np.exp(rng.uniform(*np.log(_WIDE)))) * width * (_FAR + (1 - _FAR) * rows[n] / height)
        tall = wide * float(rng.uniform(*_FLAT))
        x0, y0 = int(columns[n] - wide / 2), int(rows[n] - tall / 2)
        x1, y1 = int(x0 + wide), int(y0 + tall)
        if min(x0, y0) < 0 or x1 > width or y1 > height or wide < _LEAST_PX or tall < 3:
            continue
        box = Box(x0 / width, y0 / height, x1 / width, y1 / height)
        if ground[y0:y1, x0:x1].mean() >= _LEAST_GROUND and not any(box.grown(0.3).intersection(b) > 0 for b in taken):
            return box
    return None


def draw_cover(image: Image, box: Box, rng: np.random.Generator, kind: str | None = None) -> Image:
    """The picture with something flat let into, laid on or painted on the ground in a place.

    Args:
        image: (height, width, 3) BGR.
        kind: one of `KINDS`; by chance when None.
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(width, height)
    size = (_SCALE * max(1, x1 - x0), _SCALE * max(1, y1 - y0))
    shape, relief = _drawn(kind or KINDS[int(rng.integers(len(KINDS)))], size, rng)
    small = (max(1, x1 - x0), max(1, y1 - y0))
    cover = cv2.resize(shape, small, interpolation=cv2.INTER_AREA)[..., None]
    factor = cv2.resize(relief, small, interpolation=cv2.INTER_AREA)[..., None]
    out = image.copy()
    part = image[y0 : y0 + small[1], x0 : x0 + small[0]].astype(np.float32)
    # Metal and concrete have their own grain, patches and paint keep some of the ground's: both in its light.
    middle = cv2.GaussianBlur(part, (0, 0), max(small) / 3)
    kept = float(rng.uniform(0.1, 0.8))
    tint = 1 + rng.normal(0, 0.03, 3).astype(np.float32)
    grain = rng.normal(0, float(rng.uniform(1, 5)), part.shape).astype(np.float32)
    drawn = (kept * part + (1 - kept) * middle) * factor * tint + grain
    mixed = part * (1 - cover) + np.clip(drawn, 0, 255) * cover
    out[y0 : y0 + small[1], x0 : x0 + small[0]] = np.clip(mixed, 0, 255).astype(np.uint8)
    return out


def _drawn(kind: str, size: tuple[int, int], rng: np.random.Generator) -> tuple[_Layer, _Layer]:
    """How much of the place it takes, 0-1, and how light it is to the ground, both (h, w)."""
    width, height = size
    shape = np.zeros((height, width), np.float32)
    light = float(rng.uniform(1.2, 2.0) if kind == "paint" else np.exp(rng.uniform(np.log(0.3), np.log(1.25))))
    relief = np.full((height, width), light, np.float32)
    rim = max(2, round(min(size) * float(rng.uniform(0.04, 0.1))))
    edge = light * float(rng.choice((0.5, 0.7, 1.25)))
    if kind == "paint":
        for _ in range(int(rng.integers(2, 5))):  # lines: a filled sheet would be paper
            ends = (rng.uniform(0, 1, (2, 2)) * (width - 1, height - 1)).round().astype(int).tolist()
            cv2.line(shape, ends[0], ends[1], 1.0, rim)
    elif kind == "round":
        middle, axes = (width // 2, height // 2), (width // 2 - 2, height // 2 - 2)
        cv2.ellipse(shape, middle, axes, 0, 0, 360, 1.0, -1)
        _pattern(relief, rng)
        cv2.ellipse(relief, middle, axes, 0, 0, 360, edge, rim)
    else:
        corners = _quadrangle(width, height, rng)
        cv2.fillPoly(shape, [corners], 1.0)
        if kind == "grate":
            _slots(relief, rng)
        elif kind == "square":
            _pattern(relief, rng)
        if kind in ("grate", "square") or (kind == "patch" and rng.random() < 0.5):
            cv2.polylines(relief, [corners], True, edge, rim)
    return shape, relief


def _quadrangle(width: int, height: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """A rectangle on the ground as it looks turned and in perspective."""
    skew, taper = float(rng.uniform(-0.25, 0.25)), float(rng.uniform(0.0, 0.12))
    left, right = max(0.0, skew), max(0.0, -skew)
    corners = [(left + taper, 0.02), (1 - right - taper, 0.02), (1 - left, 0.98), (right, 0.98)]
    return np.array([(round(x * (width - 1)), round(y * (height - 1))) for x, y in corners], np.int32)


def _pattern(relief: _Layer, rng: np.random.Generator) -> None:
    """Ribs, studs or nothing, a little lighter or darker than the rest."""
    height, width = relief.shape
    lines, contrast = int(rng.integers(4, 12)), float(rng.uniform(-0.35, 0.25))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    across, along = np.sin(xs / width * lines * np.pi), np.sin(ys / height * lines * np.pi)
    way = rng.random()
    if way < 0.35:
        relief *= 1 + contrast * ((across * along) > 0)
    elif way < 0.7:
        relief *= 1 + contrast * (across > 0.5)


def _slots(relief: _Layer, rng: np.random.Generator) -> None:
    """The dark slots of a drain, along or across it."""
    height, width = relief.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    along = xs / width if rng.random() < 0.6 else ys / height
    relief[np.sin(along * int(rng.integers(5, 11)) * 2 * np.pi) > 0] *= float(rng.uniform(0.15, 0.5))

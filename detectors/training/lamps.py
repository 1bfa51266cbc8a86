"""Drawn street lamps on photographs: labelled lamps in real light, grain and clutter.

No free set of boxed street lights exists, and rendered scenes alone teach the look of the renderer. A lamp is a simple
shape, so it can be drawn on a photograph in many forms. Poles without a lamp are drawn too, unlabelled, so that the
lamp and not the pole is learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image

Colour = tuple[int, int, int]
"""Blue, green, red in 0-255."""

_SCALE = 4
"""Drawn this many times larger and shrunk, for smooth edges."""

HEADS = ("swan", "cobra", "straight_arm", "double", "globe", "lantern", "box", "disc")


@dataclass
class _Sheet:
    """A colour layer and its coverage, both _SCALE times the photograph."""

    colour: NDArray[np.uint8]
    cover: NDArray[np.uint8]

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        p = np.array([[round(x), round(y)] for x, y in points], np.int32)
        cv2.fillPoly(self.colour, [p], colour)
        cv2.fillPoly(self.cover, [p], 255)

    def stroke(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        p = np.array([[round(x), round(y)] for x, y in points], np.int32)
        thick = max(1, round(width))
        cv2.polylines(self.colour, [p], False, colour, thick)
        cv2.polylines(self.cover, [p], False, 255, thick)

    def ellipse(self, centre: tuple[float, float], axes: tuple[float, float], angle: float, colour: Colour) -> None:
        args = ((round(centre[0]), round(centre[1])), (max(1, round(axes[0])), max(1, round(axes[1]))), angle, 0, 360)
        cv2.ellipse(self.colour, *args, colour, -1)
        cv2.ellipse(self.cover, *args, 255, -1)


def _scaled(colour: Colour, factor: float) -> Colour:
    """A colour made lighter or darker."""
    b, g, r = (int(min(255, c * factor)) for c in colour)
    return b, g, r


def _paint(rng: np.random.Generator) -> Colour:
    """A metal colour: galvanised, black, green, brown or white."""
    base: list[Colour] = [(165, 165, 160), (45, 45, 45), (60, 80, 50), (50, 65, 85), (215, 215, 215), (120, 115, 105)]
    return _scaled(base[int(rng.integers(len(base)))], rng.uniform(0.7, 1.15))


def _pole(sheet: _Sheet, x: float, foot: float, top: float, lean: float, width: float, paint: Colour) -> None:
    """A tapering column with one bright and one dark side."""
    tx = x + lean
    sheet.polygon([(x - width, foot), (x + width, foot), (tx + width * 0.6, top), (tx - width * 0.6, top)], paint)
    bright = _scaled(paint, 1.35)
    sheet.polygon([(x - width * 0.5, foot), (x, foot), (tx, top), (tx - width * 0.35, top)], bright)


def _arm(
    sheet: _Sheet, x: float, top: float, reach: float, rise: float, width: float, paint: Colour
) -> tuple[float, float]:
    """A curved arm from the pole's top; returns where the head hangs."""
    t = np.linspace(0, 1, 14)
    xs, ys = x + reach * t**1.5, top - rise * np.sin(t * np.pi / 2)
    sheet.stroke(list(zip(xs.tolist(), ys.tolist(), strict=True)), width * 1.2, paint)
    return float(xs[-1]), float(ys[-1])


def _head(
    sheet: _Sheet, kind: str, at: tuple[float, float], side: int, size: float, colours: tuple[Colour, Colour]
) -> None:
    """The luminaire: metal shell and lens."""
    (x, y), (shell, lens) = at, colours
    if kind == "globe":
        sheet.ellipse((x, y - size * 0.5), (size * 0.55, size * 0.55), 0, lens)
    elif kind == "lantern":
        w = size * 0.5
        sheet.polygon([(x - w * 0.6, y), (x + w * 0.6, y), (x + w, y - size), (x - w, y - size)], lens)
        sheet.polygon([(x - w * 1.2, y - size), (x + w * 1.2, y - size), (x, y - size * 1.5)], shell)
    elif kind == "disc":
        top = y - size * 0.5
        sheet.polygon([(x - size, y), (x + size, y), (x + size * 0.4, top), (x - size * 0.4, top)], shell)
        sheet.ellipse((x, y), (size * 0.8, size * 0.15), 0, lens)
    else:
        flat = 0.16 if kind == "box" else 0.24
        centre = (x + side * size * 0.5, y)
        sheet.ellipse(centre, (size * 0.75, size * flat), -6 * side, shell)
        sheet.ellipse((centre[0], y + size * flat * 0.5), (size * 0.5, size * flat * 0.6), -6 * side, lens)


def _top(
    sheet: _Sheet,
    kind: str,
    x: float,
    top: float,
    height: float,
    width: float,
    rng: np.random.Generator,
    colours: tuple[Colour, Colour],
) -> None:
    """Arms and heads on a pole that ends at (x, top)."""
    size = height * rng.uniform(0.06, 0.13)
    if kind in ("globe", "lantern", "disc"):
        _head(sheet, kind, (x, top), 1, size, colours)
        return
    sides = (-1, 1) if kind == "double" else (int(rng.choice((-1, 1))),)
    reach, rise = height * rng.uniform(0.04, 0.22), height * rng.uniform(0.0, 0.14)
    if kind in ("straight_arm", "box"):
        rise *= 0.2
    for side in sides:
        _head(sheet, kind, _arm(sheet, x, top, side * reach, rise, width, colours[0]), side, size, colours)


def _blend(photo: Image, sheet: _Sheet, rng: np.random.Generator) -> tuple[Image, NDArray[np.float32]]:
    """Lay a sheet over a photograph with its brightness, blur and grain; also the coverage (h, w) in 0-1."""
    h, w = photo.shape[:2]
    colour = cv2.resize(sheet.colour, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
    cover = cv2.resize(sheet.cover, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    solid = cv2.resize((sheet.cover > 0).astype(np.float32), (w, h), interpolation=cv2.INTER_AREA)
    colour = colour / np.maximum(solid, 1e-3)[..., None]
    colour = np.clip(colour + rng.normal(0, rng.uniform(1, 7), colour.shape), 0, 255)
    blur = float(rng.uniform(0.0, 1.1))
    if blur > 0.3:
        colour, cover = cv2.GaussianBlur(colour, (0, 0), blur), cv2.GaussianBlur(cover, (0, 0), blur)
    mixed = photo * (1 - cover[..., None]) + colour * cover[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8), cover


def _glow(photo: Image, at: tuple[float, float], radius: float) -> Image:
    """A lit head's halo."""
    h, w = photo.shape[:2]
    ys, xs = np.mgrid[0:h, 0:w]
    d2 = (xs - at[0]) ** 2 + (ys - at[1]) ** 2
    halo = np.exp(-d2 / (2 * (radius * 2.2) ** 2))[..., None] * np.array([140, 190, 230])
    return np.clip(photo + halo, 0, 255).astype(np.uint8)


def draw_lamp(photo: Image, rng: np.random.Generator, *, lamp: bool = True) -> tuple[Image, list[float] | None]:
    """Draw one lamp (or a bare pole) on a photograph.

    Returns:
        The new picture and the lamp's box (x0, y0, x1, y1 in 0-1), None for a bare pole.
    """
    h, w = photo.shape[:2]
    sheet = _Sheet(np.zeros((h * _SCALE, w * _SCALE, 3), np.uint8), np.zeros((h * _SCALE, w * _SCALE), np.uint8))
    height = h * _SCALE * float(np.exp(rng.uniform(np.log(0.22), np.log(0.85))))
    foot = h * _SCALE * rng.uniform(0.5, 1.0)
    foot = max(foot, height * 1.16)
    x, top = w * _SCALE * rng.uniform(0.08, 0.92), foot - height * 0.86
    width = max(_SCALE * 0.55, height * rng.uniform(0.006, 0.019))
    dark = float(photo.mean()) < 70
    light = rng.uniform(0.35, 0.8) if dark else 1.0
    paint = _scaled(_paint(rng), light)
    white = int(rng.integers(150, 256))
    lens: Colour = (200, 240, 255) if dark else (white, white, white)
    lean = height * rng.normal(0, 0.008)
    _pole(sheet, x, foot, top, lean, width, paint)
    if lamp:
        kind = HEADS[int(rng.integers(len(HEADS)))]
        _top(sheet, kind, x + lean, top, height, width, rng, (paint, lens))
    if rng.random() < 0.3:
        _sign(sheet, x, foot - height * rng.uniform(0.3, 0.5), height * rng.uniform(0.05, 0.09), rng)
    picture, cover = _blend(photo, sheet, rng)
    ys, xs = np.nonzero(cover > 0.25)
    if not lamp or len(xs) == 0:
        return picture, None
    if dark and rng.random() < 0.7:
        picture = _glow(picture, ((x + lean) / _SCALE, top / _SCALE), height / _SCALE * 0.05)
    return picture, [xs.min() / w, ys.min() / h, (xs.max() + 1) / w, (ys.max() + 1) / h]


def _sign(sheet: _Sheet, x: float, y: float, size: float, rng: np.random.Generator) -> None:
    """A plate on the pole, as streets have them."""
    b, g, r = rng.integers(40, 240, 3).tolist()
    sheet.polygon([(x - size, y), (x + size, y), (x + size, y + size * 1.4), (x - size, y + size * 1.4)], (b, g, r))

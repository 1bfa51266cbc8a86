"""Lamps drawn into stills, lit and dark, by day and by night: more makes, glass and backgrounds than are rendered.

By day glass is clear, frosted or white, in sun and shade, and where it burns it is bright all over, before pale sky and
water too; by night it blooms, lights the ground and the leaves before it, and other lamps burn beside it. All light is
reckoned linear, and clipped as a camera does.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.training.judges.lamp_shapes import Shape, lamp_shape
from detectors.values import Image

Points = NDArray[np.float64]
Light = NDArray[np.float32]
"""(h, w, 3) or (h, w), linear, 1 is white."""

_GAMMA = 2.2
# Heights of lamps: px at least, a share of the picture's at most; and the highest place of a foot, a share of it too.
_LEAST_PX, _MOST, _LOWEST = 24.0, 0.78, 0.45
_ROUND = (-1.1, -1.4), (1.1, 0.6)  # of its height, left and above, right and below its foot: what its crops show
_TINTS = np.array([(0.25, 0.6, 1.0), (0.55, 0.82, 1.0), (0.85, 0.95, 1.0), (1.0, 0.97, 0.9)])  # sodium to cold white
_METALS = np.array([(0.02, 0.02, 0.02), (0.03, 0.06, 0.03), (0.2, 0.2, 0.19), (0.45, 0.45, 0.44), (0.08, 0.06, 0.05)])
_LEAVES = np.array([0.25, 1.0, 0.6])
_HIDDEN = 0.85  # a lit head of which leaves hide so much by day cannot be told
_UNTOLD = 0.06  # nor one so little brighter than what is beside it, linear


@dataclass(frozen=True, slots=True)
class _Lamp:
    shape: Shape
    foot: Points
    tall: float

    def at(self, points: Points) -> Points:
        """Where points of the shape lie, px."""
        return self.foot + points * (self.tall, -self.tall)

    def cover(self, parts: list[Points], like: Light) -> Light:
        """(h, w) share of each pixel that is covered."""
        mask = np.zeros(like.shape[:2], np.uint8)
        for part in parts:
            cv2.fillPoly(mask, [np.rint(self.at(part) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        return np.asarray(mask / np.float32(255), np.float32)


def draw_head(image: Image, rng: np.random.Generator, *, lit: bool, night: bool) -> tuple[Image, Points, float]:
    """Draw a lamp, now and then with others beside it, into a picture by day, or by night.

    Returns:
        The picture, the lamp's outline (n, 2) px, and how surely it is seen to burn: 0, a half, 1.
    """
    height, width = image.shape[:2]
    tall = float(np.exp(rng.uniform(np.log(_LEAST_PX), np.log(_MOST * height))))
    lowest = max(_LOWEST * height, 1.03 * tall + 3)
    foot = np.array([rng.uniform(0.06, 0.94) * width, rng.uniform(lowest, 1.1 * height)])
    left, top, right, low = (np.repeat(foot, 2).reshape(2, 2).T + np.array(_ROUND) * tall).astype(int).ravel()
    part = (slice(max(0, top), low), slice(max(0, left), right))
    lamp = _Lamp(lamp_shape(rng), foot - (part[1].start, part[0].start), tall)
    drawn = image.copy()
    drawn[part], state = _drawn(image[part], lamp, rng, lit=lit, night=night)
    return drawn, lamp.at(lamp.shape.outline) + np.array([part[1].start, part[0].start]), state


def _drawn(image: Image, lamp: _Lamp, rng: np.random.Generator, *, lit: bool, night: bool) -> tuple[Image, float]:
    light = np.asarray((image / np.float32(255)) ** _GAMMA, np.float32)
    if not night and rng.random() < 0.45:
        _pale_behind(light, lamp, rng)
    exposure = rng.uniform(0.15, 1.0) if not night else float(light.mean()) * 2
    metal = _METALS[rng.integers(len(_METALS))] * rng.uniform(0.5, 1.3) * exposure
    tint = _TINTS[rng.integers(len(_TINTS))] ** rng.uniform(0.5, 1.2)
    for _ in range(rng.integers(1, 4) if rng.random() < 0.5 else 0):
        _draw(light, _beside(lamp, rng), metal, tint, rng, lit=rng.random() < (0.75 if night else 0.15), night=night)
    shown = _draw(light, lamp, metal, tint, rng, lit=lit, night=night)
    hidden = _leaves(light, lamp, tint, rng, lit=lit, night=night) if rng.random() < 0.2 else 0.0
    sure = 1.0 if night or (hidden < _HIDDEN and shown >= _UNTOLD) else 0.5
    seen = cv2.GaussianBlur(np.clip(light, 0, 1), (0, 0), rng.uniform(0.3, 0.9)) ** (1 / _GAMMA) * 255
    return _packed(np.rint(seen).astype(np.uint8), rng), sure if lit else 0.0


def _beside(lamp: _Lamp, rng: np.random.Generator) -> _Lamp:
    """Another of the same make, nearer or farther in a row."""
    tall = lamp.tall * rng.uniform(0.4, 1.5)
    aside = rng.choice([-1, 1]) * (rng.uniform(0.12, 0.9) * lamp.tall + 0.2 * tall)
    return _Lamp(lamp.shape, lamp.foot + np.array([aside, (tall - lamp.tall) * rng.uniform(0.3, 1.0)]), tall)


def _draw(
    light: Light, lamp: _Lamp, metal: Points, tint: Points, rng: np.random.Generator, *, lit: bool, night: bool
) -> float:
    """Draw one lamp; by how much its glass is brighter than what was there, if it burns."""
    if night and lit:
        _pool(light, lamp, tint * rng.uniform(0.01, 0.25))
    shape, behind = lamp.shape, light.copy()
    _lay(light, lamp.cover(shape.metal, light), metal)
    glass, away = lamp.cover(shape.glass, light), _away(light, lamp)
    own = _dark_glass(light, lamp, away, rng, night=night)
    if lit:
        power = np.exp(rng.uniform(*np.log((2.0, 14.0) if night else (0.6, 3.0))))
        own = own + (power * tint * (1 - rng.uniform(0, 0.4) * np.clip(away[2] / 1.4, 0, 1)[..., None])).astype(
            np.float32
        )
    _lay(light, glass, own)
    _lay(light, lamp.cover(shape.over, light), metal)
    if lit:
        veil = rng.uniform(0.005, 0.07) if night else rng.uniform(0.0, 0.03)
        sharp = cv2.GaussianBlur(glass, (0, 0), max(0.5, rng.uniform(0.1, 0.6) * shape.radius * lamp.tall))
        halo = veil / (1 + (away[2] / rng.uniform(1.2, 3.0)) ** 2) ** 1.4 + rng.uniform(0, 0.2) * sharp
        light += halo[..., None] * (power * tint).astype(np.float32)
    inside = glass > 0.5
    return float((np.clip(own, 0, 1) - behind)[inside].mean()) if inside.any() else float(lit)


def _away(light: Light, lamp: _Lamp) -> tuple[Light, Light, Light]:
    """How far each pixel is from the middle of a lamp's glass: to the right, down, and at all, in its radius."""
    (x, y), radius = lamp.at(lamp.shape.middle), max(0.7, lamp.shape.radius * lamp.tall)
    down, right = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    right, down = (right - np.float32(x)) / np.float32(radius), (down - np.float32(y)) / np.float32(radius)
    return right, down, np.hypot(right, down)


def _dark_glass(
    light: Light, lamp: _Lamp, away: tuple[Light, Light, Light], rng: np.random.Generator, *, night: bool
) -> Light:
    """What glass shows that does not burn: what is behind it, or white in the light from above and one side."""
    if rng.random() < 0.35:  # clear
        veil = rng.uniform(0.1, 0.6)
        return np.asarray(light * (1 - veil) + veil * rng.uniform(0.05, 0.5) * light.mean(), np.float32)
    full = float(light.mean()) * rng.uniform(0.3, 1.5) if night else np.exp(rng.uniform(np.log(0.12), np.log(1.15)))
    side, above, soft = rng.uniform(-1, 1), rng.uniform(0.1, 1), rng.uniform(0.1, 0.75)
    slope = np.clip(0.5 - 0.5 * (side * away[0] + above * away[1]) / (abs(side) + above), 0, 1)
    shade = soft + (1 - soft) * (np.sqrt(slope) if lamp.shape.round else slope)
    colour = full * np.exp(rng.normal(0, 0.06, 3))
    return np.asarray(shade[..., None] * colour, np.float32)


def _lay(light: Light, share: Light, over: NDArray[np.floating]) -> None:
    light += (over - light) * share[..., None]


def _pool(light: Light, lamp: _Lamp, colour: Points) -> None:
    """The ground that a lamp lights: it shines as the ground is dark or light."""
    down, right = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    x, y = (right - lamp.foot[0]) / (0.6 * lamp.tall), (down - lamp.foot[1]) / (0.18 * lamp.tall)
    pool = np.exp(-(x**2 + y**2)) * (0.5 + np.clip(light.mean(axis=2) / max(1e-3, float(light.mean())), 0, 2) / 2)
    light += (pool[..., None] * colour).astype(np.float32)


def _pale_behind(light: Light, lamp: _Lamp, rng: np.random.Generator) -> None:
    """Pale sky, water or a wall behind a lamp's head, down to somewhere on its column, or on one side of it."""
    down, right = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    top = lamp.foot[1] - lamp.tall
    share = (down < top + rng.uniform(0.1, 1.1) * lamp.tall + rng.uniform(-0.5, 0.5) * (right - lamp.foot[0])) * 1.0
    if rng.random() < 0.4:
        edge = lamp.foot[0] + rng.uniform(-0.2, 0.2) * lamp.tall
        share = share * ((right > edge) if rng.random() < 0.5 else (right < edge))
    full = (
        rng.uniform(0.3, 1.05)
        * np.exp(rng.normal(0, 0.05, 3))
        * (1 + rng.uniform(-0.2, 0.2) * (down / len(down))[..., None])
    )
    ripples = 1 + rng.uniform(0, 0.12) * rng.standard_normal(light.shape[:2])[..., None]
    soft = cv2.GaussianBlur(share.astype(np.float32), (0, 0), rng.uniform(0.4, 1.5)) * np.float32(rng.uniform(0.6, 1.0))
    _lay(light, soft, full * ripples)


def _leaves(light: Light, lamp: _Lamp, tint: Points, rng: np.random.Generator, *, lit: bool, night: bool) -> float:
    """Leaves before a head and round it, lit by the lamp itself by night; the share of the glass that they hide."""
    away = _away(light, lamp)[2] * lamp.shape.radius
    thick = cv2.GaussianBlur(rng.standard_normal(light.shape[:2]).astype(np.float32), (0, 0), rng.uniform(0.8, 2.5))
    thick = thick / max(1e-6, float(thick.std()))
    hides = 1 / (1 + np.exp(-6 * (thick + rng.normal(0.1, 0.8)))) * (away < rng.uniform(0.12, 0.5))
    hides = cv2.GaussianBlur(np.asarray(hides, np.float32), (0, 0), 0.6)
    mottled = np.exp(0.5 * rng.standard_normal(light.shape[:2]).astype(np.float32))[..., None]
    day = (float(light.mean()) * rng.uniform(0.1, 0.6)) * _LEAVES
    glow = rng.uniform(0.05, 0.6) * (tint * _LEAVES) / (1 + (away / 0.08) ** 2)[..., None] if night and lit else 0.0
    glass = lamp.cover(lamp.shape.glass, light) > 0.5
    _lay(light, hides, np.asarray((day + glow) * mottled, np.float32))
    return float(hides[glass].mean()) if glass.any() else 1.0


def _packed(image: Image, rng: np.random.Generator) -> Image:
    """Three in ten as a camera sends them, in coarse blocks."""
    if rng.random() >= 0.3:
        return image
    _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(18, 60))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

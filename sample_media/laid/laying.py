"""Lays things on the ground of real views: in their size there, in the view's light, behind what stands before them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image
from sample_media.laid.cutouts import Cutout, Layer
from sample_media.laid.views import RealView

_TRIES = 400
_LEAST_PX, _MOST_SHARE = 13, 0.5  # height of a thing that can be told, share of the view's width that it takes at most
_FOOT = (0.1, 0.9)  # the part of a thing's width that must stand on the ground
_SHADE, _SOFT = 0.4, 0.35  # light left under a thing, softness of its shadow in its height: a bright, even sky


@dataclass(frozen=True, slots=True)
class Laid:
    """One thing in the size of the view.

    Attributes:
        colour: (h, w, 3) 0-255.
        cover: (h, w) 0-1; shade: (h, w), what is left of the light where it does not cover.
        y: the line it stands on, px: what stands nearer hides it.
    """

    colour: Layer
    cover: Layer
    shade: Layer
    y: float

    def box(self) -> Box:
        """Where it is to be seen, 0-1."""
        height, width = self.cover.shape
        rows, columns = np.flatnonzero((self.cover > 0.5).any(1)), np.flatnonzero((self.cover > 0.5).any(0))
        return Box(columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)

    def over(self, picture: Image, hidden: Mask | None = None) -> Image:
        """A picture with it; `hidden` is where something stands before it."""
        cover, shade = self.cover, self.shade
        if hidden is not None:
            cover, shade = np.where(hidden, 0, cover), np.where(hidden, 1, shade)
        rows, columns = np.flatnonzero((cover > 0).any(1) | (shade < 0.99).any(1)), slice(None)
        if not rows.size:
            return picture
        part = slice(rows[0], rows[-1] + 1), columns
        c = cover[part][..., None]
        out = picture.copy()
        out[part] = np.clip(picture[part] * shade[part][..., None] * (1 - c) + self.colour[part] * c, 0, 255)
        return out


def find_place(
    view: RealView,
    kinds: tuple[str, ...],
    wide_m: float,
    high_px_of_wide: float,
    rng: np.random.Generator,
    most_metre: float = 1e9,
) -> tuple[float, float] | None:
    """A foot point, px, where something may lie on some kinds of ground with nothing before it; None if there is none.

    Args:
        wide_m: its width, m.
        high_px_of_wide: its height over its width, as it is seen.
        most_metre: picture height of a metre, px, from which the cut-out would be too soft.
    """
    height, width = view.pictures[0].shape[:2]
    ground = np.logical_or.reduce(
        [np.zeros((height, width), bool), *(view.ground[k] for k in kinds if k in view.ground)]
    )
    ground = cv2.erode(ground.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    rows, columns = np.nonzero(ground)
    for n in rng.integers(0, max(1, len(rows)), _TRIES) if len(rows) else ():
        y, x = int(rows[n]), int(columns[n])
        metre = view.metre_at(y)
        wide = wide_m * metre
        high = wide * high_px_of_wide
        left, right = x - wide / 2, x + wide / 2
        if not (wide <= _MOST_SHARE * width and high >= _LEAST_PX and metre <= most_metre and y < 0.97 * height):
            continue
        if left < 3 or right > width - 3 or y - high < 3:
            continue
        ends = [round(left + share * wide) for share in _FOOT]
        if not ground[y, ends[0] : ends[1]].all():
            continue
        if view.before(y)[round(y - high) : y + 4, round(left) : round(right)].any():
            continue
        return float(x), float(y)
    return None


def laid(
    view: RealView,
    thing: Cutout,
    foot: tuple[float, float],
    wide: float,
    flat: float = 1.0,
    flip: bool = False,
    under: bool = True,
) -> Laid:
    """A cut-out on a foot point, so many px wide; `flat` squeezes what lies and was seen from above."""
    high = max(2, round(thing.size[1] * wide / thing.size[0] * flat))
    size = max(2, round(wide)), high
    colour, cover, shade = (
        cv2.resize(a[:, ::-1] if flip else a, size, interpolation=cv2.INTER_AREA)
        for a in (thing.colour.astype(np.float32), thing.cover, thing.shade)
    )
    picture = view.still
    x0, y0 = round(foot[0] - size[0] / 2), round(foot[1]) - high
    canvas = [np.full((*picture.shape[:2], 3), 0, np.float32), np.zeros(picture.shape[:2], np.float32)]
    left = np.ones(picture.shape[:2], np.float32)
    h, w = picture.shape[:2]
    top, low, first, last = max(0, y0), min(h, y0 + high), max(0, x0), min(w, x0 + size[0])
    if top < low and first < last:
        src = slice(top - y0, low - y0), slice(first - x0, last - x0)
        dst = slice(top, low), slice(first, last)
        canvas[0][dst] = colour[src] * _gain(picture, thing, (round(foot[0]), round(foot[1])), size[0])
        canvas[1][dst] = cv2.GaussianBlur(cover, (3, 3), 0)[src]
        left[dst] = shade[src]
    if under:
        left = np.minimum(left, _under(canvas[1], foot, size))
    return Laid(canvas[0], canvas[1], left, foot[1])


def puddle(view: RealView, foot: tuple[float, float], wide: float, rng: np.random.Generator) -> Laid:
    """Standing water: what is as far above the horizon as the water is below it, darkened by the ground under it."""
    picture = view.still.astype(np.float32)
    height, width = picture.shape[:2]
    deep = wide * max(0.12, view.flat_at(foot[1])) * float(rng.uniform(0.8, 1.3))
    middle = foot[0], foot[1] - deep / 2
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    waves = sum(rng.uniform(-0.16, 0.16) / k * np.cos(k * angles + rng.uniform(0, 6.3)) for k in (2, 3, 4, 5))
    rim = np.stack(
        [middle[0] + np.cos(angles) * (1 + waves) * wide / 2, middle[1] + np.sin(angles) * (1 + waves) * deep / 2], 1
    )
    water = np.zeros((height, width), np.float32)
    cv2.fillPoly(water, [rim.round().astype(np.int32)], 1.0)
    rows = np.clip(np.round(2 * view.horizon - np.arange(height)), 0, height - 1).astype(int)
    mirror = cv2.GaussianBlur(picture[rows], (3, 3), 0)
    ripple = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2.5) * 4
    ground = cv2.GaussianBlur(picture, (0, 0), 2)
    share = float(rng.uniform(0.5, 0.75))
    colour = share * mirror + (1 - share) * 0.4 * ground + ripple[..., None]
    cover = cv2.GaussianBlur(water, (0, 0), max(0.8, 0.05 * deep))
    damp = cv2.GaussianBlur(cv2.dilate(water, np.ones((3, 5), np.uint8)), (0, 0), max(1.5, 0.15 * deep))
    return Laid(colour.astype(np.float32), cover, (1 - 0.35 * damp).astype(np.float32), foot[1])


def hole(view: RealView, patch: Image, foot: tuple[float, float], wide: float, rng: np.random.Generator) -> Laid:
    """A hole from a photograph, blended into the ground so that the road round it is the view's own."""
    flat = float(np.clip(view.flat_at(foot[1]) * rng.uniform(1.0, 1.5), 0.25, 0.9))
    size = max(8, round(wide * 1.4)), max(6, round(wide * 1.4 * flat))
    small = cv2.resize(patch, size, interpolation=cv2.INTER_AREA)
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.ellipse(
        inside, (size[0] // 2, size[1] // 2), (round(size[0] * 0.44), round(size[1] * 0.44)), 0, 0, 360, 255, -1
    )
    picture = view.still
    at = round(foot[0]), round(foot[1] - wide * flat / 2)
    blended = cv2.seamlessClone(small, picture, inside, at, cv2.NORMAL_CLONE)
    apart = np.abs(blended.astype(int) - picture).max(2) > 1
    near = np.zeros(picture.shape[:2], np.float32)
    cv2.ellipse(near, at, (round(wide / 2), max(2, round(wide * flat / 2))), 0, 0, 360, 1.0, -1)
    cover = np.where(apart, cv2.GaussianBlur(near, (3, 3), 0), 0).astype(np.float32)
    return Laid(blended.astype(np.float32), cover, np.ones(cover.shape, np.float32), foot[1])


def _gain(picture: Image, thing: Cutout, foot: tuple[int, int], wide: int) -> float:
    """By how much the view's ground is lighter than the one that a thing was cut from."""
    if not thing.light:
        return 1.0
    x, y = foot
    part = picture[max(0, y - 6) : y + 8, max(0, x - wide // 2) : x + wide // 2 + 1]
    return float(np.clip(np.median(part) / max(20.0, thing.light), 0.45, 1.5))


def _under(cover: Layer, foot: tuple[float, float], size: tuple[int, int]) -> NDArray[np.float32]:
    """The shade that a thing keeps from the sky on the ground it stands on."""
    shade = np.zeros(cover.shape, np.float32)
    axes = max(1, round(size[0] * 0.5)), max(1, round(min(size[0] * 0.14, size[1] * 0.25)))
    cv2.ellipse(shade, (round(foot[0]), round(foot[1])), axes, 0, 0, 360, 1.0, -1)
    return np.asarray(1 - (1 - _SHADE) * cv2.GaussianBlur(shade, (0, 0), max(1.0, _SOFT * axes[1])), np.float32)

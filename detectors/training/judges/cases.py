"""Cases, bags, posts and shadows drawn on the ground of a still: the rendered scenes of the stills have few or none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image

Picture = NDArray[np.float32]
Span = tuple[float, float, float, float]
"""Edges of a box in px: left, top, right, bottom."""

Draw = Callable[[Picture, NDArray[np.float64], float, float, float, np.random.Generator], float]
"""Draws a thing on a foot (x, y), so wide and tall in px, in some light; gives its upper edge."""

_FINER = 3
_TAN = np.array([110.0, 150.0, 190.0])  # cardboard, BGR


def draw_case(
    image: Image, foot: tuple[float, float], metre: float, rng: np.random.Generator, bags: float = 0.3
) -> tuple[Image, Span]:
    """A suitcase, box or bag that stands on the ground, its shadow beside it.

    Args:
        foot: middle of its lower edge, px.
        metre: height of a metre there, px.
        bags: share of bags.

    Returns:
        The picture with it, and where it is.
    """
    tall = float(rng.uniform(0.45, 1.2)) * metre
    wide = tall * float(rng.uniform(0.22, 1.2))
    draw = _bag if rng.random() < bags else _box
    drawn, top = draw_on(image, foot, wide, tall, draw, rng)
    return drawn, (foot[0] - wide * 0.6, top, foot[0] + wide * 0.6, foot[1] + 0.04 * tall)


def draw_post(image: Image, foot: tuple[float, float], metre: float, rng: np.random.Generator) -> tuple[Image, Span]:
    """A post or bollard, which stands there for good; see `draw_case`."""
    tall = float(rng.uniform(0.6, 1.25)) * metre
    wide = max(1.5, float(rng.uniform(0.07, 0.2)) * metre)
    drawn, top = draw_on(image, foot, wide, tall, _post, rng)
    reach = wide * float(rng.uniform(0.6, 1.2))
    return drawn, (foot[0] - reach, top, foot[0] + reach, foot[1] + 0.04 * tall)


def draw_shadow(image: Image, foot: tuple[float, float], metre: float, rng: np.random.Generator) -> tuple[Image, Span]:
    """Only the shadow of something that stands outside what a box shows; see `draw_case`."""
    tall = float(rng.uniform(0.5, 1.8)) * metre
    wide = tall * float(rng.uniform(0.2, 0.6))
    drawn, _ = draw_on(image, foot, wide, tall, lambda *_: 0.0, rng)
    return drawn, (foot[0] - wide, foot[1] - 0.5 * tall, foot[0] + wide, foot[1] + 0.3 * tall)


def draw_on(
    image: Image, foot: tuple[float, float], wide: float, tall: float, draw: Draw, rng: np.random.Generator
) -> tuple[Image, float]:
    """A picture with a thing and its shadow, as soft as a camera shows it, and the thing's upper edge, px."""
    reach = int(max(tall, wide) * 1.6) + 4
    x0, y0 = int(foot[0]) - reach, int(foot[1]) - reach
    part = _cut(image, x0, y0, 2 * reach)
    large = cv2.resize(part, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    at = (np.array(foot) - (x0, y0)) * _FINER
    light = float(np.median(part)) / 128
    _shadow(large, at, wide * _FINER, tall * _FINER, rng)
    top = draw(large, at, wide * _FINER, tall * _FINER, light, rng)
    soft = cv2.GaussianBlur(large, (0, 0), float(rng.uniform(0.6, 2.4)))
    small = np.clip(cv2.resize(soft, (2 * reach, 2 * reach), interpolation=cv2.INTER_AREA), 0, 255)
    return _pasted(image, small, x0, y0), y0 + top / _FINER


def _shadow(large: Picture, at: NDArray[np.float64], wide: float, tall: float, rng: np.random.Generator) -> None:
    shade = np.zeros(large.shape[:2], np.float32)
    side, away = rng.choice([-1, 1]) * rng.uniform(0, 1.3) * tall, rng.uniform(-0.35, 0.35) * tall
    corners = at + np.array([[-wide / 2, 0], [wide / 2, 0], [wide / 2 + side, away], [side - wide / 2, away]])
    cv2.fillPoly(shade, [corners.astype(np.int32)], 1.0)
    shade = cv2.GaussianBlur(shade, (0, 0), max(1.0, 0.06 * tall))
    large *= 1 - shade[..., None] * float(rng.uniform(0.1, 0.6))


def _box(
    large: Picture, at: NDArray[np.float64], wide: float, tall: float, light: float, rng: np.random.Generator
) -> float:
    """A case or carton: front, side and top, perhaps ribs and a handle; returns its upper edge."""
    base = _TAN * rng.uniform(0.7, 1.2) if rng.random() < 0.25 else some_colour(rng)
    shades = ((0.7, 1.1), (0.4, 0.9), (0.9, 1.4))
    front, side, top = (np.clip(base * light * rng.uniform(*shade), 0, 255) for shade in shades)
    handle = rng.random() < 0.7
    body = tall * (rng.uniform(0.55, 0.75) if handle else 0.9)
    deep, up = wide * rng.uniform(0.05, 0.35) * rng.choice([-1, 1]), tall * rng.uniform(0.03, 0.12)
    left, right, low, high = at[0] - wide / 2, at[0] + wide / 2, at[1], at[1] - body
    for x in (left + 0.12 * wide, right - 0.12 * wide):  # wheels
        cv2.circle(large, (round(x), round(low)), max(1, round(0.05 * tall)), (20, 20, 20), -1)
    fill(large, [[left, low], [right, low], [right, high], [left, high]], front)
    edge = right if deep > 0 else left
    fill(large, [[edge, low], [edge + deep, low - up], [edge + deep, high - up], [edge, high]], side)
    fill(large, [[left, high], [right, high], [right + deep, high - up], [left + deep, high - up]], top)
    for k in range(int(rng.integers(0, 6))):
        x, shade = round(left + (k + 1) * wide / 7), (front * rng.uniform(0.5, 1.3)).tolist()
        cv2.line(large, (x, round(low)), (x, round(high)), shade, max(1, round(wide / 40)))
    if not handle:
        return float(high - up)
    grip, until = wide * rng.uniform(0.0, 0.32), at[1] - tall
    middle = at[0] + rng.uniform(-0.4, 0.4) * wide * (grip < 0.15 * wide)  # seen from the side it is one bar
    dark, thick = (some_colour(rng) * light * 0.5).tolist(), max(1, round(tall / 35))
    for x in (middle - grip, middle + grip):
        cv2.line(large, (round(x), round(high)), (round(x), round(until)), dark, thick)
    cv2.line(large, (round(middle - grip), round(until)), (round(middle + grip), round(until)), dark, 2 * thick)
    return float(until)


def _bag(
    large: Picture, at: NDArray[np.float64], wide: float, tall: float, light: float, rng: np.random.Generator
) -> float:
    """A sack or a bag: a lump, lit from above; returns its upper edge."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(7, 14))))
    radii = rng.uniform(0.75, 1.0, len(angles))
    lump = np.stack([np.cos(angles) * wide / 2, np.sin(angles) * tall * 0.45], axis=1) * radii[:, None]
    mask = np.zeros(large.shape[:2], np.float32)
    cv2.fillPoly(mask, [(at + lump - (0, tall * 0.45)).astype(np.int32)], 1.0)
    rows = np.arange(large.shape[0], dtype=np.float32)[:, None]
    lit = 1.2 - 0.7 * np.clip((rows - (at[1] - tall)) / max(1.0, tall), 0, 1)
    creases = cv2.GaussianBlur(rng.normal(0, 1, mask.shape).astype(np.float32), (0, 0), max(1.0, tall / 14))
    creases = 1 + creases / max(1e-3, float(creases.std())) * 0.2
    colour = np.clip((lit * creases)[..., None] * some_colour(rng) * light, 0, 255)
    large[:] = large * (1 - mask[..., None]) + colour.astype(np.float32) * mask[..., None]
    return float(at[1] - tall * 0.9)


def _post(
    large: Picture, at: NDArray[np.float64], wide: float, tall: float, light: float, rng: np.random.Generator
) -> float:
    """A round or square post, one side in shade, perhaps with a band or a ball on top; returns its upper edge."""
    base, left, right, high = some_colour(rng) * light, at[0] - wide / 2, at[0] + wide / 2, at[1] - tall
    middle = at[0] + wide * rng.uniform(-0.3, 0.3)
    for edges, shade in (((left, middle), rng.uniform(0.8, 1.3)), ((middle, right), rng.uniform(0.4, 1.0))):
        fill(large, [[edges[0], at[1]], [edges[1], at[1]], [edges[1], high], [edges[0], high]], base * shade)
    if rng.random() < 0.4:
        low = high + tall * rng.uniform(0.08, 0.3)
        band = some_colour(rng) * light * 1.5
        fill(large, [[left, low], [right, low], [right, low + 0.12 * tall], [left, low + 0.12 * tall]], band)
    if rng.random() < 0.4:
        cv2.circle(large, (round(at[0]), round(high)), max(1, round(0.65 * wide)), base.tolist(), -1)
    return float(high)


def some_colour(rng: np.random.Generator) -> NDArray[np.float64]:
    saturation = rng.uniform(0, 60) if rng.random() < 0.6 else rng.uniform(60, 230)
    value = rng.uniform(15, 110) if rng.random() < 0.6 else rng.uniform(60, 235)
    pixel = np.array([[[rng.uniform(0, 180), saturation, value]]], np.uint8)
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0], np.float64)


def fill(large: Picture, corners: list[list[float]], colour: NDArray[np.float64]) -> None:
    cv2.fillPoly(large, [np.array(corners).round().astype(np.int32)], colour.tolist())


def _cut(image: Image, x0: int, y0: int, side: int) -> Image:
    """A square that may reach beyond the picture."""
    height, width = image.shape[:2]
    rows, columns = np.clip(np.arange(y0, y0 + side), 0, height - 1), np.clip(np.arange(x0, x0 + side), 0, width - 1)
    return np.ascontiguousarray(image[rows[:, None], columns[None, :]])


def _pasted(image: Image, part: NDArray[np.floating], x0: int, y0: int) -> Image:
    height, width = image.shape[:2]
    out, (tall, wide) = image.copy(), part.shape[:2]
    top, left, low, right = max(0, y0), max(0, x0), min(height, y0 + tall), min(width, x0 + wide)
    if top < low and left < right:
        out[top:low, left:right] = part[top - y0 : low - y0, left - x0 : right - x0].astype(np.uint8)
    return out

"""Cones, barriers and stacked cartons drawn on the ground of a still, as `cases` draws bags."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.training.judges.cases import Picture, Span, draw_on, fill, some_colour
from detectors.values import Image

Point = NDArray[np.float64]

_ORANGE, _RED, _WHITE = np.array([30.0, 90.0, 235.0]), np.array([40.0, 40.0, 190.0]), np.array([225.0] * 3)  # BGR
_TAN, _BLUE, _YELLOW = np.array([110.0, 150.0, 190.0]), np.array([170.0, 90.0, 30.0]), np.array([40.0, 190.0, 230.0])
# What stands between the camera and the light shows its shaded side: so often, and so much of the light.
_AGAINST_LIGHT, _KEPT = 0.3, (0.2, 0.7)


def draw_obstacle(
    image: Image, foot: tuple[float, float], metre: float, rng: np.random.Generator
) -> tuple[Image, Span]:
    """A cone, a barrier or a stack of cartons; see `cases.draw_case`."""
    draw, tall, slim = (
        (_cone, rng.uniform(0.45, 1.0), rng.uniform(0.4, 0.75)),
        (_barrier, rng.uniform(0.7, 1.2), rng.uniform(0.6, 2.2)),
        (_stack, rng.uniform(0.5, 1.4), rng.uniform(0.5, 1.1)),
    )[int(rng.integers(3))]
    high, wide = tall * metre, tall * slim * metre
    kept = rng.uniform(*_KEPT) if rng.random() < _AGAINST_LIGHT else 1.0

    def dimmed(large: Picture, at: Point, wide: float, tall: float, light: float, rng: np.random.Generator) -> float:
        return draw(large, at, wide, tall, light * kept, rng)

    drawn, top = draw_on(image, foot, wide, high, dimmed, rng)
    return drawn, (foot[0] - wide / 2, top, foot[0] + wide / 2, foot[1] + 0.04 * high)


def _paint(rng: np.random.Generator, *usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """One of the usual colours, faded or fresh, or any."""
    if rng.random() < 0.3:
        return some_colour(rng)
    return usual[int(rng.integers(len(usual)))] * rng.uniform(0.6, 1.1)


def _cone(large: Picture, at: Point, wide: float, tall: float, light: float, rng: np.random.Generator) -> float:
    """A cone on its plate, perhaps with white bands; returns its upper edge."""
    colour = _paint(rng, _ORANGE, _ORANGE, _RED, _YELLOW)
    plate, half, tip = 0.06 * tall, wide * rng.uniform(0.3, 0.42), wide * rng.uniform(0.02, 0.08)
    low, high = at[1] - plate, at[1] - tall
    ends = [[at[0] - wide / 2, at[1]], [at[0] + wide / 2, at[1]]]
    fill(large, [*ends, [at[0] + half, low - plate], [at[0] - half, low - plate]], colour * light * 0.7)
    bands = sorted(rng.uniform(0.25, 0.9, 2 * int(rng.integers(0, 3))).tolist())
    edges = [0.0, *bands, 1.0]
    for n, (begins, ends_at) in enumerate(pairwise(edges)):
        shade = (_WHITE if n % 2 else colour) * light
        for left, right, lit in ((-1.0, 0.1, rng.uniform(0.9, 1.2)), (0.1, 1.0, rng.uniform(0.6, 1.0))):
            a, b = (half + (tip - half) * share for share in (begins, ends_at))
            y0, y1 = (low + (high - low) * share for share in (begins, ends_at))
            sides = [[at[0] + left * a, y0], [at[0] + right * a, y0], [at[0] + right * b, y1], [at[0] + left * b, y1]]
            fill(large, sides, shade * lit)
    return float(high)


def _barrier(large: Picture, at: Point, wide: float, tall: float, light: float, rng: np.random.Generator) -> float:
    """Boards, a plate or bars between two legs; returns its upper edge."""
    colour, other = _paint(rng, _RED, _BLUE, _ORANGE, _YELLOW, _WHITE), _paint(rng, _WHITE, _WHITE, _TAN)
    left, right, low, high = at[0] - wide / 2, at[0] + wide / 2, at[1], at[1] - tall
    leg, thick = some_colour(rng) * light, max(1, round(tall * rng.uniform(0.02, 0.07)))
    lean = wide * rng.uniform(-0.06, 0.06)
    for x in (left + thick, right - thick):
        cv2.line(large, (round(x - lean), round(low)), (round(x), round(high)), leg.tolist(), thick)
    way = rng.random()
    if way < 0.3:  # of steel: a frame and bars
        for y in (high + thick, low - 0.18 * tall):
            cv2.line(large, (round(left), round(y)), (round(right), round(y)), leg.tolist(), thick)
        for x in np.linspace(left, right, int(rng.integers(6, 16))):
            cv2.line(large, (round(x), round(high)), (round(x), round(low - 0.18 * tall)), leg.tolist(), 1 + thick // 3)
        return float(high)
    boards = int(rng.integers(1, 4))
    deep = tall * (rng.uniform(0.45, 0.75) if boards == 1 else rng.uniform(0.14, 0.24))
    top = high + tall * rng.uniform(0.0, 0.2)
    for k in range(boards):
        y0 = top + k * tall * 0.3
        _board(large, (left, y0, right, min(low, y0 + deep)), colour * light, other * light, rng)
    return float(high)


def _board(
    large: Picture, edges: Span, colour: NDArray[np.float64], other: NDArray[np.float64], rng: np.random.Generator
) -> None:
    x0, y0, x1, y1 = edges
    fill(large, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]], colour * rng.uniform(0.7, 1.1))
    if rng.random() < 0.5:
        stripes, slant = int(rng.integers(2, 7)), rng.uniform(-1, 1) * (y1 - y0)
        for left in np.linspace(x0, x1, 2 * stripes + 1)[:-1:2]:
            right = left + (x1 - x0) / (2 * stripes)
            corners = np.array([[left + slant, y0], [right + slant, y0], [right, y1], [left, y1]])
            corners[:, 0] = corners[:, 0].clip(x0, x1)
            fill(large, corners.tolist(), other)
    elif rng.random() < 0.5:
        rim = y0 + (y1 - y0) * rng.uniform(0.08, 0.25)
        fill(large, [[x0, y0], [x1, y0], [x1, rim], [x0, rim]], other)


def _stack(large: Picture, at: Point, wide: float, tall: float, light: float, rng: np.random.Generator) -> float:
    """Two or three cartons on one another; returns the upper edge."""
    base = _paint(rng, _TAN, _TAN, _WHITE, _BLUE)
    low, count = float(at[1]), int(rng.integers(1, 4))
    shares = np.sort(rng.uniform(0.5, 1.0, count))[::-1]
    for share in shares:
        half, high = share * wide / 2, low - tall / shares.sum() * share
        x = at[0] + rng.uniform(-0.3, 0.3) * (wide / 2 - half)
        turn, up = rng.uniform(-0.6, 0.6) * half, (low - high) * rng.uniform(0.05, 0.3)
        front, side, top = (base * light * rng.uniform(*s) for s in ((0.7, 1.1), (0.4, 0.9), (0.9, 1.4)))
        lower, upper = low - 0.5 * up, high + up
        fill(large, [[x - half, lower], [x + turn, low], [x + turn, upper], [x - half, upper - 0.5 * up]], front)
        fill(large, [[x + turn, low], [x + half, lower], [x + half, upper - 0.5 * up], [x + turn, upper]], side)
        corners = [[x - half, upper - 0.5 * up], [x + turn, upper], [x + half, upper - 0.5 * up], [x - turn, high]]
        fill(large, corners, top)
        low = high + 0.6 * up
    return float(low)

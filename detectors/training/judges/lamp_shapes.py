"""Shapes of street lamps drawn for the judge of lit and dark: lanterns, globes, cylinders, bells and arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

KINDS, _ODDS = ("lantern", "globe", "cylinder", "bell", "arm"), (0.34, 0.2, 0.1, 0.1, 0.26)
_COLUMN = (0.008, 0.024)  # half of a column's width; all is in the lamp's height, which is 1
_CORNERS = 20  # of an ellipse


@dataclass(frozen=True, slots=True)
class Shape:
    """A lamp with its foot at (0, 0) and its top at y = 1; all of it as polygons (n, 2).

    Attributes:
        metal: what is drawn first.
        glass: what shines.
        over: bars and roofs before the glass.
        outline: as somebody would register it.
        middle: of the glass.
        radius: half of the glass's larger side.
        round: whether the glass is a globe, shaded as one.
    """

    metal: list[Points]
    glass: list[Points]
    over: list[Points]
    outline: Points
    middle: Points
    radius: float
    round: bool


def lamp_shape(rng: np.random.Generator) -> Shape:
    """A lamp of any kind."""
    kind = str(rng.choice(KINDS, p=_ODDS))
    half = rng.uniform(*_COLUMN)
    return _on_arm(half, rng) if kind == "arm" else _on_post(kind, half, rng)


def _on_post(kind: str, half: float, rng: np.random.Generator) -> Shape:
    tall, wide = rng.uniform(0.05, 0.12), rng.uniform(0.022, 0.05)
    roof = rng.uniform(0.015, 0.05) if kind in ("lantern", "bell") else rng.uniform(0.0, 0.012)
    top, low = 1.0 - roof, 1.0 - roof - tall
    over = []
    if kind == "globe":
        wide = tall / 2
        glass = _ellipse(0.0, (top + low) / 2, wide, tall / 2)
    elif kind == "bell":
        glass = _ellipse(0.0, low, wide, tall * rng.uniform(0.05, 0.2))
        over.append(_quad(wide * 1.05, low, wide * rng.uniform(0.3, 0.8), top))
    else:
        upper = wide * (rng.uniform(1.0, 1.6) if kind == "lantern" else 1.0)
        glass, wide = _quad(wide, low, upper, top), upper
        for at in np.linspace(-1, 1, int(rng.integers(2, 5))) if rng.random() < 0.6 else []:
            bar = rng.uniform(0.001, 0.004)
            over.append(_quad(bar, low, bar, top) + np.array([at * wide * 0.9, 0.0]))
    if roof > 0.004:
        over.append(_quad(wide * rng.uniform(1.0, 1.4), top, wide * rng.uniform(0.0, 0.7), 1.0))
    metal = [_quad(half, 0.0, half * rng.uniform(0.5, 1.0), low), _quad(wide * 0.6, low - 0.02, wide * 0.7, low)]
    outline = np.array(
        [(-half, 0), (-half, low), (-wide, low), (-wide, 1), (wide, 1), (wide, low), (half, low), (half, 0)]
    )
    middle = np.array([0.0, low if kind == "bell" else (top + low) / 2])
    return Shape(metal, [glass], over, outline, middle, max(wide, tall / 2), kind == "globe")


def _on_arm(half: float, rng: np.random.Generator) -> Shape:
    reach, rise = rng.uniform(0.1, 0.38), rng.uniform(0.0, 0.06)
    long, thick, strip = rng.uniform(0.05, 0.16), rng.uniform(0.006, 0.02), rng.uniform(0.004, 0.016)
    low, side = 1.0 - thick - strip, rng.choice([-1.0, 1.0])
    inner, shell = reach - long, np.array([side, 1.0])
    rod = half * 0.5
    arm = np.array([(0, low - rise), (inner, low), (inner, low + 2 * rod), (0, low - rise + 2 * rod)]) * shell
    head = np.array([(inner, 1 - thick), (reach, 1 - thick), (reach - 0.1 * long, 1), (inner + 0.1 * long, 1)]) * shell
    ends = inner + 0.12 * long, reach - 0.08 * long
    glass = np.array([(ends[0], low), (ends[1], low), (ends[1], 1 - thick), (ends[0], 1 - thick)]) * shell
    metal = [_quad(half, 0.0, half * 0.6, low - rise + rod), arm, head]
    under = low - rise
    outline = np.array([(-half, 0), (-half, 1), (reach, 1), (reach, low), (half, under), (half, 0)]) * shell
    return Shape(metal, [glass], [], outline, glass.mean(axis=0), (ends[1] - ends[0]) / 2, False)


def _quad(low_half: float, low: float, high_half: float, high: float) -> Points:
    return np.array([(-low_half, low), (low_half, low), (high_half, high), (-high_half, high)])


def _ellipse(x: float, y: float, wide: float, tall: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    return np.stack([x + wide * np.cos(angle), y + tall * np.sin(angle)], axis=1)

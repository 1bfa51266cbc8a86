"""Crops of lamps' heads from labelled stills: lit, dark, and dark places beside lit heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Region
from detectors.inspectors.crops import Crop, head_box, head_crop
from detectors.inspectors.glow import head_peak
from detectors.training.judges.outlines import OutlinedLamp, Points, Still

_LEAST_PX = 20.0  # lamps lower than this have heads of three pixels
_RECTANGLES = 0.4  # share of rectangles: what `discover` registers has no finer outline
_TIMES, _RARE_TIMES = 2, 6  # each lamp is cut so often; lit by day and dark by night are rare in the stills
_BESIDE_TIMES = 3
_PLAIN_WEIGHT = 6.0  # a real head counts so much more than a place beside one
_GLOWS_FROM = 130.0  # a lit lamp whose head has nothing so bright, grey levels 0-255, is behind leaves
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Examples:
    """Crops (n, side, side, 4) uint8, how surely each is in the second state, how much each counts, and its scene."""

    crops: NDArray[np.uint8]
    targets: NDArray[np.float32]
    weights: NDArray[np.float64]
    scenes: NDArray[np.str_]


def lamp_heads(stills: list[Still], rng: np.random.Generator) -> Examples:
    """All examples of some stills, outlines a little off as those drawn by hand are."""
    crops: list[Crop] = []
    targets, weights, scenes = [], [], []
    pictures = Counter(still.scene for still in stills)
    most = max(pictures.values())
    # A scene of few pictures is cut as much more often, or scenes of many would drown it.
    often = [still for still in stills for _ in range(most // pictures[still.scene])]
    for still in often:
        for crop, lit, plain in _heads_of(still, rng):
            crops.append(crop)
            targets.append(lit)
            weights.append(_PLAIN_WEIGHT if plain else 1.0)
            scenes.append(still.scene)
    return Examples(np.stack(crops), np.array(targets, np.float32), np.array(weights), np.array(scenes))


def _heads_of(still: Still, rng: np.random.Generator) -> Iterator[tuple[Crop, float, bool]]:
    """Crop, how surely it is lit, and whether it is a head where it is."""
    glowing = [lamp for lamp in still.lamps if lamp.lit > 0 and lamp.outline[:, 1].min() > 1]
    for lamp in still.lamps:
        if lamp.height < _LEAST_PX or lamp.outline[:, 1].min() <= 1:
            continue
        rare = lamp.lit < 1 if still.after_dark else lamp.lit > 0
        for _ in range(_RARE_TIMES if rare else _TIMES):
            off = rng.normal(0, 0.008, 2) * lamp.height
            region = _region(_moved(lamp.outline, rng.uniform(-1.5, 1.5), rng.uniform(0.97, 1.03), off), still, rng)
            if region is not None and (lamp.lit < 1 or head_peak(still.image, region) >= _GLOWS_FROM):
                yield head_crop(still.image, region, rng.uniform(-6, 6)), lamp.lit, True
        if still.after_dark or rng.random() < 0.3:
            for _ in range(_BESIDE_TIMES):
                region = _beside(lamp, glowing, still, rng)
                if region is not None:
                    yield head_crop(still.image, region, rng.uniform(-6, 6)), 0.0, False


def _beside(lamp: OutlinedLamp, glowing: list[OutlinedLamp], still: Still, rng: np.random.Generator) -> Region | None:
    """The lamp's outline moved to where no lit head is inside it, though one may be near."""
    height, width = still.image.shape[:2]
    for _ in range(_TRIES):
        shift, scale = rng.normal(0, (0.35, 0.2)) * lamp.height, rng.uniform(0.6, 1.3)
        points = _moved(lamp.outline, 0.0, scale, shift)
        inside = points[:, 1].min() >= 2 and points[:, 0].min() >= 2 and points[:, 0].max() <= width - 2
        region = _region(points, still, rng) if inside else None
        if region is None:
            continue
        head = head_box(region)
        x, y = np.array(head.centre) * (width, height)
        tall = lamp.height * scale
        if not any(_covers(other, (x, y), tall, head.width * width, still) for other in glowing):
            return region
    return None


def _covers(lit: OutlinedLamp, at: tuple[float, float], tall: float, wide: float, still: Still) -> bool:
    """Whether a lit lamp's head reaches into a head of that size, px, at that place."""
    height, width = still.image.shape[:2]
    region = _as_region(lit.outline, still)
    if region is None:
        return False
    x, y = np.array(head_box(region).centre) * (width, height)
    near = 0.10 * (tall + lit.height)
    return bool(abs(at[0] - x) < max(near, 0.6 * wide) and abs(at[1] - y) < near)


def _moved(points: Points, turn: float, scale: float, shift: Points) -> Points:
    """An outline turned about its foot by degrees, scaled and moved."""
    foot = np.array(_foot(points))
    angle = np.radians(turn)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray((points - foot) @ turned.T * scale + foot + shift)


def _foot(points: Points) -> tuple[float, float]:
    low = points[points[:, 1] >= points[:, 1].max() - 0.03 * np.ptp(points[:, 1]), 0]
    return float(low.min() + low.max()) / 2, float(points[:, 1].max())


def _region(points: Points, still: Still, rng: np.random.Generator) -> Region | None:
    region = _as_region(points, still)
    if region is None or rng.random() >= _RECTANGLES:
        return region
    return Region.rectangle(region.box)


def _as_region(points: Points, still: Still) -> Region | None:
    """The outline in 0-1, None where hardly anything of it is inside the picture."""
    height, width = still.image.shape[:2]
    inside = np.clip(points / (width, height), 0, 1)
    if np.ptp(inside[:, 0]) * width < 1 or np.ptp(inside[:, 1]) * height < 1:
        return None
    return Region.of(inside.tolist())

"""Crops of lamps' heads from labelled stills: lit, dark, and dark places beside lit heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from detectors.geometry import Region
from detectors.inspectors.crops import head_box, head_crop
from detectors.inspectors.glow import head_peak
from detectors.training.judges.examples import Example, Examples
from detectors.training.judges.outlines import Outlined, Points, Still, as_region, moved

_LEAST_PX = 20.0  # lamps lower than this have heads of three pixels
_RECTANGLES = 0.4  # share of rectangles: what `discover` registers has no finer outline
_TIMES, _RARE_TIMES = 2, 6  # each lamp is cut so often; lit by day and dark by night are rare in the stills
_BESIDE_TIMES = 3
_PLAIN_WEIGHT = 6.0  # a real head counts so much more than a place beside one
_GLOWS_FROM = 130.0  # a lit lamp whose head has nothing so bright, grey levels 0-255, is behind leaves
_TRIES = 6


def lamp_heads(stills: list[Still], rng: np.random.Generator) -> Examples:
    """All examples of some stills, outlines a little off as those drawn by hand are."""
    pictures = Counter(still.scene for still in stills)
    most = max(pictures.values())
    # A scene of few pictures is cut as much more often, or scenes of many would drown it.
    often = [still for still in stills for _ in range(most // pictures[still.scene])]
    return Examples.of(example for still in often for example in _heads_of(still, rng))


def _heads_of(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    glowing = [lamp for lamp in still.lamps if lamp.state > 0 and lamp.outline[:, 1].min() > 1]
    for lamp in still.lamps:
        if lamp.height < _LEAST_PX or lamp.outline[:, 1].min() <= 1:
            continue
        rare = lamp.state < 1 if still.after_dark else lamp.state > 0
        for _ in range(_RARE_TIMES if rare else _TIMES):
            off = rng.normal(0, 0.008, 2) * lamp.height
            region = _region(moved(lamp.outline, rng.uniform(-1.5, 1.5), rng.uniform(0.97, 1.03), off), still, rng)
            if region is not None and (lamp.state < 1 or head_peak(still.image, region) >= _GLOWS_FROM):
                crop = head_crop(still.image, region, rng.uniform(-6, 6))
                yield Example(crop, lamp.state, _PLAIN_WEIGHT, still.scene, "heads")
        if still.after_dark or rng.random() < 0.3:
            for _ in range(_BESIDE_TIMES):
                region = _beside(lamp, glowing, still, rng)
                if region is not None:
                    crop = head_crop(still.image, region, rng.uniform(-6, 6))
                    yield Example(crop, 0.0, 1.0, still.scene, "beside")


def _beside(lamp: Outlined, glowing: list[Outlined], still: Still, rng: np.random.Generator) -> Region | None:
    """The lamp's outline moved to where no lit head is inside it, though one may be near."""
    height, width = still.image.shape[:2]
    for _ in range(_TRIES):
        shift, scale = rng.normal(0, (0.35, 0.2)) * lamp.height, rng.uniform(0.6, 1.3)
        points = moved(lamp.outline, 0.0, scale, shift)
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


def _covers(lit: Outlined, at: tuple[float, float], tall: float, wide: float, still: Still) -> bool:
    """Whether a lit lamp's head reaches into a head of that size, px, at that place."""
    height, width = still.image.shape[:2]
    region = as_region(lit.outline, still.image)
    if region is None:
        return False
    x, y = np.array(head_box(region).centre) * (width, height)
    near = 0.10 * (tall + lit.height)
    return bool(abs(at[0] - x) < max(near, 0.6 * wide) and abs(at[1] - y) < near)


def _region(points: Points, still: Still, rng: np.random.Generator) -> Region | None:
    region = as_region(points, still.image)
    if region is None or rng.random() >= _RECTANGLES:
        return region
    return Region.rectangle(region.box)

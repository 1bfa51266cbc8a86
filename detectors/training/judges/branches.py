"""Trees drawn from branch skeletons, bare or in leaf: bare trees are rare in pictures, and no two branch alike."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float64]

_FINER = 4  # drawn so many times larger, for twigs are thinner than a pixel
_LEVELS, _FEWEST_LEVELS, _MOST_TWIGS = 5, 3, 480  # what is long dead has lost its twigs
_LEAF_HUES = ((32, 60), (32, 60), (12, 32), (2, 14))  # of OpenCV's 180: greens twice as often as yellows and reds
_TWIG = 0.007  # branches thinner than this, in tree heights, carry leaves and are hidden by them


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A tree one unit high, its foot at the origin: branches from (n, 3) to (n, 3), and their radius (n,)."""

    start: Segments
    end: Segments
    radius: Segments


def grown(rng: np.random.Generator, levels: int = _LEVELS) -> Skeleton:
    """A tree whose trunk forks into branches, these into smaller ones, down to twigs at the fifth of the levels."""
    bole, spread = rng.uniform(0.15, 0.38), rng.uniform(0.6, 1.15)
    thick, wander, shorter = rng.uniform(0.012, 0.024), rng.uniform(0.02, 0.12), rng.uniform(0.62, 0.8)
    starts, ends, radii = (
        [np.zeros((1, 3))],
        [np.array([[*rng.normal(0, wander * bole, 2), bole]])],
        [np.full(1, thick)],
    )
    way, at, reach = np.array([[0.0, 0.0, 1.0]]), ends[0], rng.uniform(0.24, 0.4)
    for level in range(levels):
        times = 4 if level == 0 else int(rng.integers(2, 4))
        parent = np.repeat(np.arange(len(at)), times)
        parent = rng.permutation(parent)[:_MOST_TWIGS]
        aside = rng.normal(0, 1, (len(parent), 3))
        way = way[parent] + spread * aside / np.linalg.norm(aside, axis=1, keepdims=True)
        way[:, 2] += 0.12
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        length = reach * shorter**level * rng.uniform(0.6, 1.3, (len(parent), 1))
        # Branches leave their parent along its upper half.
        begin = at[parent] - (at[parent] - starts[-1][parent]) * rng.uniform(0, 0.5, (len(parent), 1)) * (level > 0)
        starts.append(begin)
        at = begin + way * length
        ends.append(at)
        radii.append(radii[-1][parent] * rng.uniform(0.5, 0.75, len(parent)))
    start, end = np.concatenate(starts), np.concatenate(ends)
    top = end[:, 2].max()
    return Skeleton(start / top, end / top, np.concatenate(radii) / top)


def drawn(
    under: NDArray[np.uint8], foot: tuple[float, float], tall: float, leafy: bool, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Draw a new tree over a picture (h, w, 3), its foot at a place, so many px high."""
    large = cv2.resize(under, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    tree = grown(rng, _LEVELS if leafy else int(rng.integers(_FEWEST_LEVELS, _LEVELS + 1)))
    turn = rng.uniform(0, 2 * np.pi)
    scale, slant, steep = tall * _FINER, rng.normal(0, 0.03), rng.uniform(0, 0.35)

    def seen(points: Segments) -> Segments:
        aside = points[:, 0] * np.cos(turn) - points[:, 1] * np.sin(turn)
        away = points[:, 0] * np.sin(turn) + points[:, 1] * np.cos(turn)
        x = foot[0] * _FINER + scale * (aside + slant * points[:, 2])
        return np.stack([x, foot[1] * _FINER - scale * (points[:, 2] * np.cos(steep / 2) - away * steep * 0.3)], axis=1)

    _draw_branches(large, tree, seen(tree.start), seen(tree.end), scale, leafy, rng)
    if leafy:
        _draw_leaves(large, tree, seen(tree.end), scale, rng)
    size = (under.shape[1], under.shape[0])
    small = cv2.resize(np.clip(large, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 0.9)), np.uint8)


def _draw_branches(
    large: NDArray[np.float32],
    tree: Skeleton,
    start: Segments,
    end: Segments,
    scale: float,
    leafy: bool,
    rng: np.random.Generator,
) -> None:
    bark = rng.uniform(25, 190) * np.array([rng.uniform(0.8, 1.0), rng.uniform(0.88, 1.0), 1.0])
    height, width = large.shape[:2]
    shades = rng.uniform(0.6, 1.3, len(start))
    for a, b, radius, shade in zip(start, end, tree.radius, shades, strict=True):
        if leafy and radius < _TWIG:
            continue
        wide, colour = 2 * radius * scale, bark * shade
        first, last = (round(a[0]), round(a[1])), (round(b[0]), round(b[1]))
        if wide < 1:  # thinner than a pixel: it lets what is behind shine through
            if not (0 <= first[0] < width and 0 <= first[1] < height):
                continue
            share = max(wide, 0.35)
            colour = large[first[1], first[0]] * (1 - share) + colour * share
        cv2.line(large, first, last, colour.tolist(), max(1, round(wide)))


def _draw_leaves(
    large: NDArray[np.float32], tree: Skeleton, tips: Segments, scale: float, rng: np.random.Generator
) -> None:
    carrying = np.flatnonzero(tree.radius < _TWIG)
    picked = rng.choice(carrying, int(len(carrying) * rng.uniform(1.5, 6.0)))
    at = tips[picked] + rng.normal(0, 0.045 * scale, (len(picked), 2))
    lit = np.clip(0.55 + 0.6 * (tree.end[picked, 2] - 0.4) + rng.normal(0, 0.28, len(picked)), 0.25, 1.8)
    hue = rng.uniform(*_LEAF_HUES[int(rng.integers(len(_LEAF_HUES)))])
    saturation, value = rng.uniform(60, 190), rng.uniform(35, 150)
    hues = np.clip(hue + rng.normal(0, 3, len(picked)), 0, 179)
    colours = np.stack(
        [hues, np.clip(saturation + rng.normal(0, 15, len(picked)), 0, 255), np.clip(value * lit, 8, 255)]
    )
    leaves = cv2.cvtColor(colours.T[None].astype(np.uint8), cv2.COLOR_HSV2BGR)[0]
    sizes = np.maximum(1, rng.uniform(0.5, 1.3, len(picked)) * 0.022 * scale)
    for (x, y), colour, size in zip(at, leaves, sizes, strict=True):
        cv2.circle(large, (round(x), round(y)), round(size), colour.tolist(), -1)

"""Skeletons of conifers and palms, which do not grow by space colonisation (numpy only)."""

import math

import numpy as np

from sample_media.studio.skeleton import Habit, Skeleton

# Metres between nodes along a stem or a branch, between whorls of a conifer, and between leaflets of a frond.
STEP, WHORL, LEAFLET = 0.25, 0.34, 0.09


class _Nodes:
    """A skeleton being put together."""

    def __init__(self) -> None:
        self.at: list[np.ndarray] = []
        self.parent: list[int] = []
        self.radius: list[float] = []

    def add(self, at: np.ndarray, parent: int, radius: float) -> int:
        """Adds a node and returns its number."""
        self.at.append(at)
        self.parent.append(parent)
        self.radius.append(radius)
        return len(self.at) - 1

    def stem(self, top: float, radii: tuple[float, float], bow: np.ndarray) -> list[int]:
        """Adds a stem that bows sideways by an offset (x, y) at its top; returns its nodes from the foot up."""
        stem, count = [], max(4, round(top / STEP))
        for k in range(count + 1):
            share = k / count
            radius = radii[0] + (radii[1] - radii[0]) * share + 0.6 * radii[0] * math.exp(-top * share / 0.22)
            at = np.array([*(bow * share**2), top * share])
            stem.append(self.add(at, k - 1, radius))
        return stem

    def skeleton(self) -> Skeleton:
        """Returns what was put together."""
        return Skeleton(np.array(self.at), np.array(self.parent), np.array(self.radius))


def _side(a: float, rise: float) -> np.ndarray:
    return np.array([math.cos(a), math.sin(a), rise])


def grow_conifer(seed: int, habit: Habit) -> Skeleton:
    """Returns a conifer: a straight stem with whorls of branches, longer further down, their twigs to both sides."""
    rng, nodes = np.random.default_rng(seed), _Nodes()
    stem = nodes.stem(habit.height, (habit.thickness * 0.9, 0.012), rng.normal(0, 0.12, 2))
    for z in np.arange(habit.trunk, habit.height - 0.25, WHORL):
        reach = habit.crown * ((habit.height - z) / (habit.height - habit.trunk)) ** 0.85
        foot = stem[min(len(stem) - 1, round(z / habit.height * (len(stem) - 1)))]
        turn, count = rng.uniform(0, 6.28), int(rng.integers(6, 10))
        for a in turn + np.arange(count) * 2 * math.pi / count + rng.normal(0, 0.18, count):
            _bough(rng, nodes, foot, float(a), reach * rng.uniform(0.75, 1.12))
    return nodes.skeleton()


def _bough(rng: np.random.Generator, nodes: _Nodes, foot: int, a: float, reach: float) -> None:
    """Adds a branch that sags and lifts its tip, with twigs that shorten towards it."""
    last, steps = foot, max(2, round(reach / STEP))
    for k in range(steps):
        share = (k + 1) / steps
        along = _side(a, -0.42 + 0.55 * share + rng.normal(0, 0.05)) * reach / steps
        last = nodes.add(nodes.at[last] + along, last, 0.006 + 0.016 * (1 - share))
        for hand in (-1, 1):
            twig = 0.42 * reach * (1.05 - share) * rng.uniform(0.6, 1.1)
            tip = last
            for _ in range(max(1, round(twig / 0.2))):
                way = _side(a + hand * (0.75 + rng.normal(0, 0.12)), -0.22) * 0.2
                tip = nodes.add(nodes.at[tip] + way, tip, 0.005)


def grow_palm(seed: int, habit: Habit) -> Skeleton:
    """Returns a palm: a slim stem and a head of arching fronds; only their ribs are thin enough to bear leaves."""
    rng, nodes = np.random.default_rng(seed), _Nodes()
    top = habit.height - 0.35 * habit.crown
    head = nodes.stem(top, (0.15, 0.11), rng.normal(0, 0.35, 2))[-1]
    count = int(rng.integers(20, 28))
    for k in range(count):
        a, lift = k * 2.4 + rng.normal(0, 0.15), 1.1 - 1.75 * k / count + rng.normal(0, 0.1)
        length, last = habit.crown * rng.uniform(0.75, 1.0), head
        steps = round(length / LEAFLET)
        for j in range(steps):
            pitch = lift - 1.5 * (j / steps) ** 1.4
            way = np.array([math.cos(a) * math.cos(pitch), math.sin(a) * math.cos(pitch), math.sin(pitch)])
            last = nodes.add(nodes.at[last] + way * LEAFLET, last, 0.018 - 0.012 * j / steps)
    return nodes.skeleton()

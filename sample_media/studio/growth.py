"""Grows branch skeletons by space colonisation (numpy and scipy only)."""

import math

import numpy as np
from scipy.spatial import cKDTree

from sample_media.studio.skeleton import Habit, Skeleton


def _unit(v: np.ndarray) -> np.ndarray:
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)


def _buds(rng: np.random.Generator, habit: Habit) -> np.ndarray:
    """Returns points in a few overlapping ellipsoids, so that the crown's outline is lumpy."""
    h, trunk, crown = habit.height, habit.trunk, habit.crown
    core = (np.array([0, 0, (h + trunk) / 2 + 0.2]), np.array([crown * 0.82, crown * 0.82, (h - trunk) / 2]))
    lumps = [core]
    for _ in range(6):
        a, z = rng.uniform(0, 2 * math.pi), rng.uniform(min(trunk + 1.0, h - 1.3), h - 1.2)
        r = crown * rng.uniform(0.3, 0.5)
        d = crown * rng.uniform(0.45, 0.72) * (1 - 0.35 * max(0, (z - trunk) / (h - trunk) - 0.4))
        lumps.append((np.array([d * math.cos(a), d * math.sin(a), z]), np.array([r, r, r * 0.8])))
    volume = np.array([np.prod(r) for _, r in lumps])
    pick = rng.choice(len(lumps), size=habit.buds * 2, p=volume / volume.sum())
    out = _unit(rng.normal(size=(habit.buds * 2, 3))) * rng.uniform(0, 1, (habit.buds * 2, 1)) ** (1 / 3.6)
    buds = np.array([lumps[i][0] for i in pick]) + out * np.array([lumps[i][1] for i in pick])
    return buds[buds[:, 2] > trunk + 0.1 * rng.normal(size=len(buds))][: habit.buds]


def _stem(rng: np.random.Generator, habit: Habit) -> tuple[list[np.ndarray], list[int]]:
    phase, bend, step = rng.uniform(0, 2 * math.pi), habit.wander, habit.step
    at = []
    for i in range(int(habit.trunk / step) + 2):
        z = i * step
        x = bend * (math.sin(z * 0.7 + phase) - math.sin(phase))
        at.append(np.array([x, bend * (math.cos(z * 0.9 + phase) - math.cos(phase)), z]))
    while at[-1][2] < habit.trunk + (habit.height - habit.trunk) * habit.leader:
        at.append(at[-1] + step * _unit(np.array([rng.normal(0, 0.16), rng.normal(0, 0.16), 1.0])))
    return at, list(range(-1, len(at) - 1))


def _sprout(
    rng: np.random.Generator, habit: Habit, at: list[np.ndarray], parent: list[int], pull: dict[int, np.ndarray]
) -> int:
    """Adds one node towards the buds that pull at each branch; returns how many were added."""
    added = 0
    for k, way in pull.items():
        v = _unit(way) + rng.normal(0, 0.16, 3) + np.array([0, 0, 0.06])
        if parent[k] >= 0:
            v = v + 0.35 * _unit(at[k] - at[parent[k]])
        new = at[k] + _unit(v) * habit.step
        if np.min(np.sum((np.array(at[-60:]) - new) ** 2, axis=1)) >= (0.25 * habit.step) ** 2:
            at.append(new)
            parent.append(k)
            added += 1
    return added


def grow(seed: int, habit: Habit) -> Skeleton:
    """Returns a tree's skeleton; radii follow the pipe model down to the root."""
    rng = np.random.default_rng(seed)
    buds = _buds(rng, habit)
    at, parent = _stem(rng, habit)
    alive = np.ones(len(buds), bool)
    for turn in range(140):
        if alive.sum() < 8:
            break
        left = buds[alive]
        far, nearest = cKDTree(np.array(at)).query(left)
        near = far < (habit.reach if turn > 3 else habit.reach * 2.2)
        if not near.any():
            near = far < far.min() * 1.3
        pull: dict[int, np.ndarray] = {}
        for k in np.nonzero(near)[0]:
            i = int(nearest[k])
            pull[i] = pull.get(i, np.zeros(3)) + _unit(left[k] - at[i])
        added = _sprout(rng, habit, at, parent, pull)
        alive &= cKDTree(np.array(at)).query(buds)[0] > habit.kill
        if not added:
            break
    return _thicken(np.array(at), np.array(parent), habit.thickness)


def _thicken(at: np.ndarray, parent: np.ndarray, thickness: float) -> Skeleton:
    exponent, twig = 2.35, 0.006
    load, children = np.zeros(len(at)), np.zeros(len(at), int)
    for k in range(len(at) - 1, -1, -1):
        if not children[k]:
            load[k] = twig**exponent
        if parent[k] >= 0:
            load[parent[k]] += load[k]
            children[parent[k]] += 1
    radius = load ** (1 / exponent)
    radius = np.maximum(radius * (thickness / radius[0]), twig)
    radius *= 1 + 0.75 * np.exp(-at[:, 2] / 0.22) * (radius > 0.6 * thickness)
    for _ in range(2):
        at = _smoothed(at, parent)
    return Skeleton(at, parent, radius)


def _smoothed(at: np.ndarray, parent: np.ndarray) -> np.ndarray:
    total, count = at.copy(), np.ones(len(at))
    inner = np.nonzero(parent >= 0)[0]
    np.add.at(total, inner, at[parent[inner]])
    np.add.at(count, inner, 1)
    np.add.at(total, parent[inner], at[inner])
    np.add.at(count, parent[inner], 1)
    smooth = 0.5 * at + 0.5 * total / count[:, None]
    smooth[0] = at[0]
    return smooth


def add_twigs(tree: Skeleton, rng: np.random.Generator, per_node: int) -> Skeleton:
    """Returns the skeleton with fine twigs on its thin branches, as a bare tree shows."""
    at, radius, parent = list(tree.at), list(tree.radius), list(tree.parent)
    for k in tree.thin(0.03):
        for _ in range(per_node):
            d = _unit(_unit(tree.at[k] - tree.at[tree.parent[k]]) + rng.normal(0, 0.75, 3))
            previous, p = int(k), tree.at[k]
            for j in range(3):
                p = p + d * rng.uniform(0.12, 0.24)
                d = _unit(d + rng.normal(0, 0.25, 3) + np.array([0, 0, 0.08]))
                at.append(p)
                radius.append(0.0055 - 0.0012 * j)
                parent.append(previous)
                previous = len(at) - 1
    return Skeleton(np.array(at), np.array(parent), np.array(radius))


def chains(tree: Skeleton) -> list[tuple[list[int], list[float]]]:
    """Splits a skeleton into unbranched runs of nodes with their radii."""
    children: list[list[int]] = [[] for _ in tree.at]
    for k, p in enumerate(tree.parent):
        if p >= 0:
            children[p].append(k)
    found, stack = [], [(0, -1)]
    while stack:
        k, start = stack.pop()
        run = [k] if start < 0 else [start, k]
        while children[run[-1]]:
            order = sorted(children[run[-1]], key=lambda c: -tree.radius[c])
            stack += [(c, run[-1]) for c in order[1:]]
            run.append(order[0])
        radii = [float(tree.radius[c]) for c in run]
        if start >= 0:
            radii[0] = min(radii[0], radii[1] * 1.25)
        if len(run) > 1:
            found.append((run, radii))
    return found

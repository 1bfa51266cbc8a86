"""Things left on a walk, of many shapes and colours, for stills to learn from; proving clips show none of them."""

from collections.abc import Callable
from itertools import pairwise

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage

USUAL = {
    "crates": ((0.30, 0.20, 0.11), (0.36, 0.26, 0.15), (0.55, 0.54, 0.50)),
    "posts": ((0.75, 0.13, 0.02), (0.70, 0.04, 0.03), (0.75, 0.50, 0.03)),
    "boards": ((0.60, 0.03, 0.02), (0.75, 0.45, 0.02), (0.03, 0.10, 0.40)),
    "slats": ((0.34, 0.25, 0.15), (0.40, 0.38, 0.34), (0.05, 0.14, 0.35)),
}
"""The colours, linear RGB, that most things of a kind have; a third have any."""


def scatter(kind: str) -> Callable[[Stage, Issue, np.random.Generator], list[bpy.types.Object]]:
    """Returns what leaves a thing of `CLUTTER` on the walk."""
    build = {"crates": _crates, "posts": _posts, "boards": _boards, "slats": _slats}[kind]

    def put_down(stage: Stage, at: Issue, rng: np.random.Generator) -> list[bpy.types.Object]:
        made, colours = MeshBuilder(), [_colour(kind, rng), _colour(kind, rng), _any(rng)]
        build(made, rng)
        looks = [
            plain(f"{kind}{k}", c, rng.uniform(0.3, 0.95), vary=rng.uniform(0, 0.4)) for k, c in enumerate(colours)
        ]
        mesh, place = made.mesh(kind, looks, smooth=False), stage.course.at(at.s, at.t, stage.walk_height(at.t))
        return [put(kind, mesh, place, rng.uniform(0, 6.28))]

    return put_down


def _any(rng: np.random.Generator) -> tuple[float, float, float]:
    grey, tint = rng.uniform(0.02, 0.7), rng.uniform(0.5, 1.5, 3)
    return tuple(float(v) for v in np.clip(grey * tint, 0.01, 0.9))


def _colour(kind: str, rng: np.random.Generator) -> tuple[float, float, float]:
    if rng.random() < 0.35:
        return _any(rng)
    usual = np.array(USUAL[kind][int(rng.integers(0, len(USUAL[kind])))])
    return tuple(float(v) for v in np.clip(usual * rng.uniform(0.5, 1.4), 0.01, 0.9))


def _crates(heap: MeshBuilder, rng: np.random.Generator) -> None:
    """Adds one to five boxes beside and on one another, some open, as a delivery or a removal leaves them."""
    places, tops = rng.normal(0, 0.55, (3, 2)), [0.0, 0.0, 0.0]
    places[0] = 0.0
    for k in range(int(rng.integers(1, 6))):
        at = int(rng.integers(0, min(k + 1, 3)))
        size = rng.uniform((0.3, 0.3, 0.2), (0.9, 0.7, 0.75))
        if tops[at] > 1.2:
            continue
        turn = Euler((0, 0, rng.uniform(0, 6.28)))
        heap.box((*places[at], tops[at] + size[2] / 2), size, int(rng.integers(0, 3)), turn)
        tops[at] += float(size[2])
        if rng.random() < 0.25:
            lid = (size[0], 0.02, size[1] * rng.uniform(0.3, 0.6))
            heap.box((*places[at], tops[at]), lid, 0, Euler((rng.uniform(0.4, 1.2), 0, turn.z)))


def _posts(row: MeshBuilder, rng: np.random.Generator) -> None:
    """Adds one to three cones, or drums, of one size, banded or not."""
    high, foot = rng.uniform(0.4, 1.0), rng.uniform(0.1, 0.3)
    tip = foot * (rng.uniform(0.1, 0.35) if rng.random() < 0.7 else rng.uniform(0.8, 1.0))
    edges = [0.0, *sorted(rng.uniform(0.15, 0.95, 2 * int(rng.integers(0, 3)))), 1.0]
    plate = foot * rng.uniform(1.1, 1.5)
    for k in range(int(rng.integers(1, 4))):
        x, y = (k - 1) * rng.uniform(0.4, 0.9), rng.normal(0, 0.2)
        for n, part in enumerate(pairwise(edges)):
            piece = MeshBuilder()
            piece.lathe([(foot + (tip - foot) * f, 0.03 + f * (high - 0.03)) for f in part], 16)
            row.add([(vx + x, vy + y, vz) for vx, vy, vz in piece.verts], piece.faces, n % 2)
        row.box((x, y, high - 0.01), (tip, tip, 0.02), 0)
        row.box((x, y, 0.02), (2 * plate, 2 * plate, 0.04), 2)


def _boards(fence: MeshBuilder, rng: np.random.Generator) -> None:
    """Adds a barrier of one to three boards, of a plate, or of bars between two feet."""
    long, high, way = rng.uniform(0.8, 2.6), rng.uniform(0.7, 1.2), rng.random()
    if way < 0.25:
        for x in np.linspace(-long / 2, long / 2, int(rng.integers(8, 18))):
            fence.tube([(x, 0, 0.15), (x, 0, high)], [0.012, 0.012], 5, 2)
        for z in (0.15, high):
            fence.tube([(-long / 2, 0, z), (long / 2, 0, z)], [0.02, 0.02], 6, 2)
    elif way < 0.5:
        fence.box((0, 0, high * 0.6), (long, rng.uniform(0.03, 0.4), high * 0.75), 0)
        fence.box((0, 0, high * 0.9), (long * 1.002, 0.41, 0.1), 1)
    else:
        deep, fields = rng.uniform(0.12, 0.25), int(rng.integers(2, 9))
        for row in range(int(rng.integers(1, 4))):
            for k in range(fields):
                x = (k + 0.5) / fields * long - long / 2
                fence.box((x, 0, high - 0.1 - 0.32 * row), (long / fields, 0.03, deep), k % 2)
    for x in (-0.42 * long, 0.42 * long):
        fence.box((x, 0, 0.04), (0.08, 0.6, 0.08), 2)
        fence.tube([(x, 0, 0.0), (x, 0, high)], [0.025, 0.025], 6, 2)


def _slats(stack: MeshBuilder, rng: np.random.Generator) -> None:
    """Adds one to six pallets or crates of slats, turned a little, at times one that leans on the others."""
    wide, deep, level = rng.uniform(0.6, 1.3), rng.uniform(0.5, 1.0), rng.uniform(0.1, 0.3)
    slats = int(rng.integers(4, 9))
    for k in range(int(rng.integers(1, 7))):
        turn, z = Euler((0, 0, rng.normal(0, 0.06))), level * k
        for y in (-0.42 * deep, 0.0, 0.42 * deep):
            stack.box((0, y, z + 0.42 * level), (wide, 0.09, 0.7 * level), k % 2, turn)
        for x in np.linspace(-0.46 * wide, 0.46 * wide, slats):
            stack.box((float(x), 0, z + 0.88 * level), (0.8 * wide / slats, deep, 0.02), k % 2, turn)
    if rng.random() < 0.3:
        stack.box((0, 0.55 * deep, 0.4), (wide, 0.1, 0.9), 2, Euler((rng.uniform(-0.5, -0.2), 0, 0)))

"""Cracks that run over a walk, as ribbons a little above it."""

import math

import bpy
import numpy as np

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage

DARK = (0.018, 0.016, 0.014)
_STEP = 0.13  # metres from one bend to the next


def crack_walk(
    stage: Stage, at: Issue, rng: np.random.Generator, way: float, steps: int, width: float
) -> bpy.types.Object | None:
    """Lets a crack run over the walk; long ones branch. None where it would run off the walk at once.

    Args:
        way: where it sets out to, in radians from the walk's direction.
        steps: how many bends it has, 0.13 m apart.
        width: half its width in metres.
    """
    crack, todo = MeshBuilder(), [(at.s, at.t, way, steps, width)]
    while todo:
        s, t, way, steps, width = todo.pop()
        line = []
        for _ in range(steps):
            if abs(t) > stage.plan.half - 0.05:
                break
            line.append((s, t))
            way += rng.normal(0, 0.34)
            s, t = s + math.cos(way) * _STEP, t + math.sin(way) * _STEP
            if steps > 9 and rng.random() < 0.07:
                todo.append((s, t, way + rng.choice([-1, 1]) * rng.uniform(0.5, 1.1), steps // 2, width * 0.7))
        if len(line) > 2:
            _ribbon(stage, crack, line, width, rng)
    if not crack.faces:
        return None
    return put("crack", crack.mesh("crack", [plain("crack", DARK, 0.95)], smooth=False))


def _ribbon(
    stage: Stage, mesh: MeshBuilder, line: list[tuple[float, float]], width: float, rng: np.random.Generator
) -> None:
    verts = []
    for i, (s, t) in enumerate(line):
        (s1, t1), (s2, t2) = line[max(i - 1, 0)], line[min(i + 1, len(line) - 1)]
        norm = math.hypot(s2 - s1, t2 - t1) + 1e-9
        w = width * rng.uniform(0.5, 1.3) * (1 if 0 < i < len(line) - 1 else 0.1)
        for side in (w, -w):
            s_, t_ = s - (t2 - t1) / norm * side, t + (s2 - s1) / norm * side
            verts.append(stage.course.at(s_, t_, stage.walk_height(t_) + 0.003))
    mesh.add(verts, [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(line) - 1)])

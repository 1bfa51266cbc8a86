"""Sinks a hole into the walk's fine mesh and fills it with displaced slabs."""

import math
from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler, Vector, noise

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import SURFACES, Stage

Depth = Callable[[float, float], float]


def break_walk(
    stage: Stage, at: Issue, rng: np.random.Generator
) -> tuple[list[bpy.types.Object], bpy.types.Object, Callable[[], None]]:
    """Breaks the walk at a place (s within its fine part).

    Returns:
        The hole's proxy (seen by the id pass alone) with its loose slabs, the rubble, and how to mend it again.
    """
    long, wide = rng.uniform(0.6, 1.2) * at.size, rng.uniform(0.45, 0.8) * at.size
    loose = stage.plan.surface in ("asphalt", "gravel")
    depth = _depth(at, long, wide, 0.6 if loose else 1.0, rng.uniform(0, 90), stage.plan.half)
    sunk = rng.uniform(0.05, 0.11)

    def height(s: float, t: float) -> float:
        b = depth(s, t)
        p = Vector((s, t, 0))
        rough = 0.04 * noise.noise(p * 2.3) + 0.02 * noise.noise(p * 9.0)
        return stage.walk_height(t) - b * (sunk + rough)

    undo = _sink(stage, at, (long * 2.2 + 0.3, wide * 2.2 + 0.3), depth, height)
    count = int(rng.integers(0, 6)) if loose else int(rng.integers(8, 26))
    # Lumps of asphalt are dark, as what they broke from.
    grey = 0.075 if stage.plan.surface == "asphalt" else 0.26
    stone = [
        plain(f"slab{k}", tuple(grey * (1 + 0.12 * k) * f for f in (1, 0.94, 0.87)), 0.9, vary=0.4) for k in range(3)
    ]
    slabs, rubble = MeshBuilder(), MeshBuilder()
    for _ in range(count * 8):
        s, t = at.s + rng.normal(0, long * 0.7), at.t + rng.normal(0, wide * 0.7)
        if len(slabs.faces) < count * 7 and abs(t) < stage.plan.half - 0.2 and depth(s, t) > 0.3:
            _slab(slabs, rng, stage.course.at(s, t, height(s, t) + 0.028))
    for _ in range(60):
        s, t = at.s + rng.normal(0, long * 0.6), at.t + rng.normal(0, wide * 0.6)
        if abs(t) < stage.plan.half:
            grain = tuple(np.array((0.03, 0.024, 0.018)) * rng.uniform(0.4, 1.6))
            rubble.ellipsoid(stage.course.at(s, t, height(s, t) + 0.006), grain, 0, 6, 4)
    things = [_proxy(stage, at, depth)]
    if slabs.faces:
        things.append(put("slabs", slabs.mesh("slabs", stone, smooth=False)))
    return things, put("rubble", rubble.mesh("rubble", stone[:1]), index=SURFACES["path"]), undo


def _depth(at: Issue, long: float, wide: float, ragged: float, where: float, half: float) -> Depth:
    def depth(s: float, t: float) -> float:
        if abs(t) > half - 0.05:
            return 0.0
        p = Vector((s, t, where))
        wobble = (0.55 * noise.noise(p * 1.1) + 0.28 * noise.noise(p * 3.1)) * ragged
        return max(0.0, min(1.0, (1.0 - math.hypot((s - at.s) / long, (t - at.t) / wide) - wobble) / 0.16))

    return depth


def _sink(stage: Stage, at: Issue, reach: tuple[float, float], depth: Depth, height: Depth) -> Callable[[], None]:
    if stage.walk is None:
        raise ValueError("The stage has no walk to break: lay the ground first.")
    mesh, uv = stage.walk.data, stage.walk_uv
    near = (np.abs(uv[:, 0] - at.s) < reach[0]) & (np.abs(uv[:, 1] - at.t) < reach[1])
    broken, kept = np.zeros(len(uv), np.float32), []
    for i in np.nonzero(near)[0]:
        s, t = (float(v) for v in uv[i])
        broken[i] = depth(s, t)
        if broken[i]:
            kept.append((int(i), mesh.vertices[i].co.copy()))
            mesh.vertices[i].co = stage.course.at(s, t, height(s, t))
    mesh.attributes["broken"].data.foreach_set("value", broken)
    mesh.update()

    def undo() -> None:
        for i, co in kept:
            mesh.vertices[i].co = co
        mesh.attributes["broken"].data.foreach_set("value", np.zeros(len(uv), np.float32))
        mesh.update()

    return undo


def _slab(slabs: MeshBuilder, rng: np.random.Generator, at: Vector) -> None:
    n, radius = int(rng.integers(4, 7)), rng.uniform(0.08, 0.28)
    turns = np.linspace(0, 2 * math.pi, n, endpoint=False) + rng.uniform(-0.35, 0.35, n)
    outline = [
        (radius * math.cos(a) * rng.uniform(0.7, 1.1), radius * 0.75 * math.sin(a) * rng.uniform(0.7, 1.1))
        for a in turns
    ]
    tilt = Euler((rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0, 6.28))).to_matrix()
    verts = [tilt @ Vector((x, y, z)) + at for z in (-0.025, 0.025) for x, y in outline]
    sides = [(i, (i + 1) % n, (i + 1) % n + n, i + n) for i in range(n)]
    slabs.add(verts, [tuple(range(n - 1, -1, -1)), tuple(range(n, 2 * n)), *sides], int(rng.integers(0, 3)))


def _proxy(stage: Stage, at: Issue, depth: Depth) -> bpy.types.Object:
    """Returns the hole's outline, which only the id pass renders."""
    outline = []
    for a in np.linspace(0, 2 * math.pi, 72, endpoint=False):
        r = 0.05
        while r < 3 and depth(at.s + r * math.sin(a), at.t + r * math.cos(a)) > 0.1:
            r += 0.02
        outline.append(stage.course.at(at.s + r * math.sin(a), at.t + r * math.cos(a), 0.035))
    mesh = MeshBuilder()
    mesh.add(outline, [tuple(range(72))])
    proxy = put("proxy_hole", mesh.mesh("proxy_hole", [stage.material["kerb"]]))
    proxy.hide_render = True
    return proxy

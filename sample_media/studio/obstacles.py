"""What is put down on a walk and left there: cartons, cones, a barrier, pallets."""

from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage


def leave(kind: str) -> Callable[[Stage, Issue, np.random.Generator], list[bpy.types.Object]]:
    """Returns what leaves an obstacle of `OBSTACLES` on the walk."""
    build = {"cartons": _cartons, "cones": _cones, "barrier": _barrier, "pallets": _pallets}[kind]

    def put_down(stage: Stage, at: Issue, rng: np.random.Generator) -> list[bpy.types.Object]:
        mesh, place = build(rng), stage.course.at(at.s, at.t, stage.walk_height(at.t))
        return [put(kind, mesh, place, stage.course.heading(at.s) + rng.uniform(0, 6.28))]

    return put_down


def _cartons(rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns one to three boxes, the second beside the first, the third on it."""
    heap, top = MeshBuilder(), 0.0
    for k in range(int(rng.integers(1, 4))):
        size = rng.uniform((0.4, 0.35, 0.3), (0.8, 0.6, 0.6))
        x, z = (0.75, 0.0) if k == 1 else (0.0, top)
        heap.box((x, 0, z + size[2] / 2), size, k % 2, Euler((0, 0, rng.normal(0, 0.5))))
        top = float(size[2]) if k == 0 else top
    brown = float(rng.uniform(0.7, 1.5))
    looks = [plain("carton", (0.30 * brown, 0.20 * brown, 0.11 * brown), 0.9), plain("box", (0.55, 0.54, 0.5), 0.8)]
    return heap.mesh("cartons", looks, smooth=False)


def _cones(rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns one to three traffic cones with a white band, 0.5 to 0.75 m high."""
    row, high = MeshBuilder(), rng.uniform(0.5, 0.75)
    for k in range(int(rng.integers(1, 4))):
        x, y = k * rng.uniform(0.6, 1.2), rng.normal(0, 0.15)
        for part, slot in (((0.0, 0.55), 0), ((0.55, 0.75), 1), ((0.75, 1.0), 0)):
            cone = MeshBuilder()
            cone.lathe([(0.15 - 0.12 * f, 0.03 + f * (high - 0.03)) for f in part], 18)
            row.add([(vx + x, vy + y, vz) for vx, vy, vz in cone.verts], cone.faces, slot)
        row.box((x, y, 0.015), (0.36, 0.36, 0.03), 2)
    bands = plain("band", (0.8, 0.8, 0.78), 0.4), plain("foot", (0.03, 0.03, 0.03), 0.8)
    return row.mesh("cones", [plain("cone", (0.75, 0.13, 0.02), 0.5), *bands], smooth=False)


def _barrier(rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns a striped board on two trestles, 1.2 to 2 m long."""
    fence, long = MeshBuilder(), rng.uniform(1.2, 2.0)
    fields = 6
    for k in range(fields):
        x = (k + 0.5) / fields * long - long / 2
        fence.box((x, 0, 0.85), (long / fields, 0.03, 0.22), k % 2)
    for x in (-0.4 * long, 0.4 * long):
        for y in (-0.28, 0.28):
            fence.tube([(x, y, 0.0), (x, 0.0, 0.98)], [0.022, 0.022], 6, 2)
    colour = ((0.6, 0.03, 0.02), (0.75, 0.45, 0.02))[int(rng.integers(0, 2))]
    looks = [plain("stripe", colour, 0.4), plain("white", (0.75, 0.75, 0.73), 0.4), plain("leg", (0.1, 0.1, 0.1), 0.5)]
    return fence.mesh("barrier", looks, smooth=False)


def _pallets(rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns a stack of one to four pallets of 1.2 by 0.8 m."""
    stack = MeshBuilder()
    for k in range(int(rng.integers(1, 5))):
        z = 0.144 * k
        for y in (-0.33, 0.0, 0.33):
            stack.box((0, y, z + 0.06), (1.2, 0.1, 0.09), 0)
        for x in np.linspace(-0.55, 0.55, 7):
            stack.box((float(x), 0, z + 0.125), (0.1, 0.8, 0.02), 0, Euler((0, 0, rng.normal(0, 0.01))))
    grey = rng.uniform(0.7, 1.3)
    wood = plain("pallet", (0.34 * grey, 0.25 * grey, 0.15 * grey), 0.9, vary=0.3)
    return stack.mesh("pallets", [wood], smooth=False)

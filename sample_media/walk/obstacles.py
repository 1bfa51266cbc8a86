"""What is left on the walk: cartons, a case, a cone, a barrier."""

from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import MeshBuilder
from sample_media.walk.stage import Stage


def cartons(stage: Stage, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns one carton or two on each other."""
    made, height = MeshBuilder(), 0.0
    for _ in range(int(rng.integers(1, 3))):
        w, d, h = rng.uniform(0.45, 0.8), rng.uniform(0.4, 0.6), rng.uniform(0.35, 0.6)
        turn = Euler((0, 0, rng.uniform(-0.3, 0.3)))
        made.box((0, 0, height + h / 2), (w, d, h), 0, rot=turn)
        made.box((0, 0, height + h), (w * 1.002, 0.06, 0.006), 1, rot=turn)
        height += h
    return made.mesh("cartons", [stage.materials["card"], stage.materials["paper"]], smooth=False)


def case(stage: Stage, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns a travel case on wheels."""
    made, h = MeshBuilder(), rng.uniform(0.55, 0.75)
    made.box((0, 0, 0.06 + h / 2), (0.44, 0.26, h), 0, bevel=0.03)
    for x in (-0.16, 0.16):
        made.tube([(x, 0.1, 0.03), (x, -0.1, 0.03)], [0.035, 0.035], 8, 1)
        made.tube([(x * 0.6, 0.1, h), (x * 0.6, 0.1, h + 0.35)], [0.01, 0.01], 5, 1)
    made.tube([(-0.1, 0.1, h + 0.35), (0.1, 0.1, h + 0.35)], [0.016, 0.016], 6, 1)
    shell = ("blue", "black", "can")[int(rng.integers(0, 3))]
    return made.mesh("case", [stage.materials[shell], stage.materials["iron"]], smooth=False)


def cone(stage: Stage, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns a traffic cone with a white band."""
    made, k = MeshBuilder(), rng.uniform(0.9, 1.3)
    made.box((0, 0, 0.02), (0.42 * k, 0.42 * k, 0.04), 0)
    made.lathe([(0.16 * k, 0.04), (0.11 * k, 0.26 * k)], 20, 0)
    made.lathe([(0.11 * k, 0.26 * k), (0.075 * k, 0.44 * k)], 20, 1)
    made.lathe([(0.075 * k, 0.44 * k), (0.03 * k, 0.66 * k), (0.0, 0.67 * k)], 20, 0)
    return made.mesh("cone", [stage.materials["orange"], stage.materials["white"]])


def barrier(stage: Stage, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns a striped board on two feet."""
    made, w = MeshBuilder(), rng.uniform(1.1, 1.6)
    for x in (-w / 2 + 0.15, w / 2 - 0.15):
        made.box((x, 0, 0.5), (0.06, 0.05, 1.0), 2)
        made.box((x, 0, 0.03), (0.1, 0.6, 0.06), 2)
    for z in (0.88, 0.55):
        for k in range(6):
            made.box((-w / 2 + w * (k + 0.5) / 6, 0.03, z), (w / 6, 0.03, 0.2), k % 2)
    return made.mesh("barrier", [stage.materials[name] for name in ("can", "white", "iron")], smooth=False)


OBSTACLES: dict[str, Callable[[Stage, np.random.Generator], bpy.types.Mesh]] = {
    "cartons": cartons,
    "case": case,
    "cone": cone,
    "barrier": barrier,
}

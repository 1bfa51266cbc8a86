"""Benches, the bin, the railing, a cover in the paving, and what is thrown away."""

import math

import bmesh
import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector, noise

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.walk.ground import START
from sample_media.walk.indices import BENCH, BIN, RAILING
from sample_media.walk.plan import END
from sample_media.walk.stage import Stage, Thing


def _bench(stage: Stage) -> bpy.types.Mesh:
    made = MeshBuilder()
    for k in range(5):
        made.box((0, k * 0.095 - 0.15, 0.45 + 0.004 * k), (1.8, 0.075, 0.035), 0, bevel=0.006)
    for k in range(4):
        made.box((0, 0.30 + 0.035 * k, 0.56 + k * 0.105), (1.8, 0.03, 0.08), 0, rot=Euler((-0.3, 0, 0)), bevel=0.006)
    for x in (-0.72, 0.72):
        back = [(x, -0.2, 0), (x, -0.18, 0.42), (x, 0.22, 0.43), (x, 0.30, 0.52), (x, 0.44, 0.93)]
        made.tube(back, [0.026] * 5, 6, 1)
        made.tube([(x, 0.36, 0), (x, 0.24, 0.43)], [0.026] * 2, 6, 1)
        made.tube([(x, -0.19, 0.42), (x, -0.22, 0.62), (x, 0.32, 0.66)], [0.02] * 3, 6, 1)
    return made.mesh("bench", [stage.materials["wood"], stage.materials["iron"]], smooth=False)


def _bin(stage: Stage) -> bpy.types.Mesh:
    made, third = MeshBuilder(), 2 * math.pi / 3
    wall = [
        (0.0, 0.04),
        (0.25, 0.04),
        (0.25, 0.1),
        (0.27, 0.1),
        (0.27, 0.86),
        (0.285, 0.87),
        (0.285, 0.91),
        (0.25, 0.92),
    ]
    made.lathe(wall, 24, 0)
    for k in range(20):
        a = 2 * math.pi * k / 20
        made.box((0.285 * math.cos(a), 0.285 * math.sin(a), 0.48), (0.018, 0.06, 0.72), 0, rot=Euler((0, 0, a)))
    for a in (0.0, third, 2 * third):
        made.tube([(0.25 * math.cos(a), 0.25 * math.sin(a), z) for z in (0.9, 1.1)], [0.014] * 2, 6, 0)
    made.lathe([(0.0, 1.09), (0.29, 1.09), (0.29, 1.12), (0.22, 1.2), (0.1, 1.25), (0.0, 1.26)], 24, 0)
    made.lathe([(0.24, 0.86), (0.24, 0.88), (0.0, 0.80)], 20, 1)
    return made.mesh("bin", [stage.materials["bin"], stage.materials["black"]])


def _railing(stage: Stage) -> bpy.types.Mesh:
    made, t, count = MeshBuilder(), stage.plan.course.half + 0.45, int((END - START) / 1.6)
    for s in np.linspace(START, END, count + 1):
        at, turn = stage.at(s, t), Euler((0, 0, stage.plan.course.heading(s)))
        made.box((at.x, at.y, 0.56), (0.06, 0.035, 1.12), rot=turn)
        made.box((at.x, at.y, 0.02), (0.16, 0.12, 0.03), rot=turn)
    places = np.linspace(START, END, count * 2 + 1)
    for z, r in ((1.13, 0.032), (0.88, 0.013), (0.68, 0.013), (0.48, 0.013), (0.28, 0.013)):
        made.tube([stage.at(s, t, z) for s in places], [r] * len(places), 8 if r > 0.02 else 5)
    return made.mesh("railing", [stage.materials["iron"]])


def furnish(stage: Stage) -> None:
    """Puts benches on their pads, the bin, the railing and a cover."""
    plan, bench = stage.plan, _bench(stage)
    for i, place in enumerate(plan.benches):
        at, turn = stage.at(place.s, place.t, 0.03), plan.course.heading(place.s) + math.pi / 2
        stage.things[f"bench_{i}"] = Thing("bench", [put(f"bench_{i}", bench, at, turn, BENCH + i)])
        pad = MeshBuilder()
        corners = ((-1.1, -0.72), (1.1, -0.72), (1.1, 0.75), (-1.1, 0.75))
        pad.add([stage.at(place.s + a, place.t + b, 0.026) for a, b in corners], [(0, 3, 2, 1)])
        put("pad", pad.mesh("pad", [stage.materials["concrete"]]), (0, 0, 0))
    at = stage.at(plan.bin.s, plan.bin.t, 0.02)
    stage.things["bin_0"] = Thing("bin", [put("bin", _bin(stage), at, plan.bin.turn, BIN)])
    put("railing", _railing(stage), (0, 0, 0), index=RAILING)
    lid, cover = MeshBuilder(), plan.cover
    lid.lathe([(0.0, 0.009), (0.33, 0.009), (0.345, 0.003)], 28)
    level = stage.ground(cover.s, cover.t)
    put("cover", lid.mesh("cover", [stage.materials["cover"]]), stage.at(cover.s, cover.t, level))


def bag_mesh(seed: int, surface: bpy.types.Material, size: float = 0.42) -> bpy.types.Mesh:
    """Returns a full, knotted bag, about twice its size wide."""
    mesh, made, off = bpy.data.meshes.new("bag"), bmesh.new(), Vector((seed * 3.1, seed * 1.7, 0))
    bmesh.ops.create_icosphere(made, subdivisions=4, radius=1.0)
    for vert in made.verts:
        d = vert.co.normalized()
        folds = 0.10 * abs(noise.noise(d * 4.3 + off)) + 0.06 * abs(noise.noise(d * 9 + off))
        r = 1 + 0.22 * noise.noise(d * 1.6 + off) + folds
        z = d.z * r
        pinch = max(0.12, 1 - (z - 0.45) * 1.5) if z > 0.45 else 1.0
        vert.co = Vector((d.x * r * pinch, d.y * r * pinch, max(z * 0.85, -0.55) + max(0.0, z - 0.85) * 1.6))
    made.to_mesh(mesh)
    made.free()
    mesh.transform(Matrix.Scale(size, 4))
    mesh.transform(Matrix.Translation((0, 0, -min(v.co.z for v in mesh.vertices))))
    mesh.materials.append(surface)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    return mesh


def scraps_mesh(stage: Stage, rng: np.random.Generator, centre: tuple[float, float], spread: float) -> bpy.types.Mesh:
    """Returns paper, cups and a carton strewn round a place (s, t), in world points."""
    made = MeshBuilder()
    s, t = centre[0] - 0.9 * spread, centre[1] + 0.3 * spread
    made.box(stage.at(s, t, stage.ground(s, t) + 0.15), (0.45, 0.34, 0.3), 0, rot=Euler((0.05, 0.1, rng.uniform(0, 3))))
    for _ in range(16):
        s, t = centre[0] + rng.uniform(-1.2, 1.2) * spread, centre[1] + rng.uniform(-0.9, 0.9) * spread
        at = stage.at(s, t, stage.ground(s, t) + 0.03)
        a = rng.uniform(0, 6.28)
        if rng.random() < 0.6:
            tilt = Euler((rng.normal(0, 0.2), rng.normal(0, 0.2), a))
            made.box(at, (rng.uniform(0.1, 0.24), rng.uniform(0.08, 0.2), 0.012), 1, rot=tilt)
        else:
            end = at + Vector((math.cos(a) * 0.13, math.sin(a) * 0.13, 0))
            made.tube([at, end], [0.035, 0.04], 10, 2 if rng.random() < 0.5 else 1)
    return made.mesh("scraps", [stage.materials[k] for k in ("card", "paper", "can")], smooth=False)

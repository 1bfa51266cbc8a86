"""Benches, bins, railings, bags and bicycles."""

import math

import bmesh
import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector, noise

from sample_media.studio.course import Course
from sample_media.studio.mesh import MeshBuilder
from sample_media.studio.nodes import Colour, plain

Materials = dict[str, bpy.types.Material]


def bench_mesh(m: Materials) -> bpy.types.Mesh:
    """Returns a slatted bench that faces -y."""
    bench = MeshBuilder()
    for k in range(5):
        bench.box((0, 0.05 + k * 0.095 - 0.2, 0.45 + 0.004 * k), (1.8, 0.075, 0.035), bevel=0.006)
    for k in range(4):
        bench.box((0, 0.30 + 0.035 * k, 0.56 + k * 0.105), (1.8, 0.03, 0.08), rot=Euler((-0.3, 0, 0)), bevel=0.006)
    for x in (-0.72, 0.72):
        back = [(x, -0.2, 0), (x, -0.18, 0.42), (x, 0.22, 0.43), (x, 0.30, 0.52), (x, 0.44, 0.93)]
        bench.tube(back, [0.026] * 5, 6, 1)
        bench.tube([(x, 0.36, 0), (x, 0.24, 0.43)], [0.026] * 2, 6, 1)
        bench.tube([(x, -0.19, 0.42), (x, -0.22, 0.62), (x, 0.32, 0.66)], [0.02] * 3, 6, 1)
    return bench.mesh("bench", [m["wood"], m["iron"]], smooth=False)


def bin_mesh(m: Materials) -> bpy.types.Mesh:
    """Returns a ribbed round bin with a lid on three rods."""
    bin_ = MeshBuilder()
    drum = [(0.0, 0.04), (0.25, 0.04), (0.25, 0.1), (0.27, 0.1), (0.27, 0.86), (0.285, 0.87), (0.285, 0.91)]
    bin_.lathe([*drum, (0.25, 0.92)], 24)
    for k in range(20):
        a = 2 * math.pi * k / 20
        bin_.box((0.285 * math.cos(a), 0.285 * math.sin(a), 0.48), (0.018, 0.06, 0.72), rot=Euler((0, 0, a)))
    for k in range(3):
        a = 2 * math.pi * k / 3
        x, y = 0.25 * math.cos(a), 0.25 * math.sin(a)
        bin_.tube([(x, y, 0.9), (x, y, 1.1)], [0.014] * 2, 6)
    bin_.lathe([(0.0, 1.09), (0.29, 1.09), (0.29, 1.12), (0.22, 1.2), (0.1, 1.25), (0.0, 1.26)], 24)
    bin_.lathe([(0.24, 0.86), (0.24, 0.88), (0.0, 0.80)], 20, 1)
    return bin_.mesh("bin", [m["bin"], m["blackbag"]])


def railing_mesh(m: Materials, course: Course, t: float, s0: float, s1: float) -> bpy.types.Mesh:
    """Returns a railing along the walk at an offset."""
    rail = MeshBuilder()
    posts = int((s1 - s0) / 1.6)
    for s in np.linspace(s0, s1, posts + 1):
        p, turn = course.at(s, t), Euler((0, 0, course.heading(s)))
        rail.box((p.x, p.y, 0.56), (0.06, 0.035, 1.12), rot=turn)
        rail.box((p.x, p.y, 0.02), (0.16, 0.12, 0.03), rot=turn)
    along = np.linspace(s0, s1, posts * 2 + 1)
    for z, r in ((1.13, 0.032), (0.88, 0.013), (0.68, 0.013), (0.48, 0.013), (0.28, 0.013)):
        rail.tube([course.at(s, t, z) for s in along], [r] * len(along), 8 if r > 0.02 else 5)
    return rail.mesh("railing", [m["iron"]])


def bag_mesh(seed: int, material: bpy.types.Material, size: float = 0.42) -> bpy.types.Mesh:
    """Returns a tied rubbish bag of about the given radius in metres."""
    mesh, shape = bpy.data.meshes.new("bag"), bmesh.new()
    bmesh.ops.create_icosphere(shape, subdivisions=5, radius=1.0)
    o = Vector((seed * 3.1, seed * 1.7, 0))
    for v in shape.verts:
        d = v.co.normalized()
        folds = 0.10 * abs(noise.noise(d * 4.3 + o)) + 0.06 * abs(noise.noise(d * 9 + o))
        r = 1 + 0.22 * noise.noise(d * 1.6 + o) + folds
        z = d.z * r
        pinch = max(0.12, 1 - (z - 0.45) * 1.5) if z > 0.45 else 1.0
        knot = (z - 0.85) * 1.6 if z > 0.85 else 0.0
        v.co = Vector((d.x * r * pinch, d.y * r * pinch, max(z * 0.85, -0.55) + knot))
    shape.to_mesh(mesh)
    shape.free()
    mesh.transform(Matrix.Scale(size, 4))
    mesh.transform(Matrix.Translation((0, 0, -min(v.co.z for v in mesh.vertices))))
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    return mesh


def suitcase_mesh(colour: Colour) -> bpy.types.Mesh:
    """Returns an upright travel case with its handle out, 0.62 m tall without it."""
    case = MeshBuilder()
    case.box((0, 0, 0.36), (0.44, 0.26, 0.58), bevel=0.045)
    for x in (-0.15, -0.05, 0.05, 0.15):
        case.box((x, -0.132, 0.36), (0.03, 0.012, 0.5))
    for x in (-0.11, 0.11):
        case.tube([(x, 0.08, 0.62), (x, 0.08, 0.98)], [0.01, 0.01], 6, 1)
    case.tube([(-0.11, 0.08, 0.98), (0.11, 0.08, 0.98)], [0.016, 0.016], 6, 1)
    for x in (-0.17, 0.17):
        for y in (-0.09, 0.09):
            case.ellipsoid((x, y, 0.035), (0.02, 0.035, 0.035), 1, 8, 6)
    return case.mesh("suitcase", [plain("shell", colour, 0.35, vary=0.2), plain("handle", (0.03, 0.03, 0.03), 0.5)])


def build_bicycle(bike: MeshBuilder, slots: tuple[int, int, int], basket: bool) -> None:
    """Adds an upright bicycle along x; slots are those of tyres, frame and chrome."""
    (tyre, frame_slot, chrome), r = slots, 0.33
    for x in (-0.52, 0.52):
        ring = [(x + r * math.cos(a), 0, r + r * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 25)]
        bike.tube(ring, [0.024] * 25, 6, tyre, cap=False)
        for a in np.linspace(0, math.pi, 7, endpoint=False):
            dx, dz = r * math.cos(a), r * math.sin(a)
            bike.tube([(x + dx, 0, r + dz), (x - dx, 0, r - dz)], [0.003] * 2, 4, chrome)
    crank, seat, head, hub = (-0.06, 0, 0.29), (-0.22, 0, 0.80), (0.36, 0, 0.82), (-0.52, 0, r)
    frame = [(crank, seat), (crank, (0.385, 0, 0.72)), ((-0.19, 0, 0.72), head), (crank, hub), (head, (0.52, 0, r))]
    for a, b in [*frame, ((-0.19, 0, 0.72), hub)]:
        bike.tube([a, b], [0.021] * 2, 7, frame_slot)
    for a, b in (((0.35, 0, 0.82), (0.33, 0, 0.97)), ((0.33, -0.28, 1.0), (0.33, 0.28, 1.0))):
        bike.tube([a, b], [0.014] * 2, 7, chrome)
    for side in (-0.09, 0.09):
        bike.tube([(-0.06, side, 0.29), (0.09, side, 0.29 - side * 0.5)], [0.012] * 2, 6, chrome)
    bike.ellipsoid((-0.24, 0, 0.86), (0.14, 0.07, 0.035), tyre, 12, 6)
    if basket:
        bike.box((0.52, 0, 0.98), (0.26, 0.34, 0.2), chrome)


def bicycle_mesh(colour: Colour, basket: bool) -> bpy.types.Mesh:
    """Returns an upright bicycle along x."""
    bike = MeshBuilder()
    build_bicycle(bike, (0, 1, 2), basket)
    tyre, chrome = plain("tyre", (0.012, 0.012, 0.012), 0.8), plain("chrome", (0.3, 0.3, 0.3), 0.35, 0.8)
    return bike.mesh("bicycle", [tyre, plain("frame", colour, 0.35, 0.2), chrome])

"""Benches, bins, railings, bags, bicycles and parked cars."""

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


def bicycle_mesh(colour: Colour, basket: bool) -> bpy.types.Mesh:
    """Returns an upright bicycle along x."""
    bike, r = MeshBuilder(), 0.33
    for x in (-0.52, 0.52):
        ring = [(x + r * math.cos(a), 0, r + r * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 25)]
        bike.tube(ring, [0.024] * 25, 6, 0, cap=False)
        for a in np.linspace(0, math.pi, 7, endpoint=False):
            dx, dz = r * math.cos(a), r * math.sin(a)
            bike.tube([(x + dx, 0, r + dz), (x - dx, 0, r - dz)], [0.003] * 2, 4, 2)
    crank, seat, head, hub = (-0.06, 0, 0.29), (-0.22, 0, 0.80), (0.36, 0, 0.82), (-0.52, 0, r)
    frame = [(crank, seat), (crank, (0.385, 0, 0.72)), ((-0.19, 0, 0.72), head), (crank, hub), (head, (0.52, 0, r))]
    for a, b in [*frame, ((-0.19, 0, 0.72), hub)]:
        bike.tube([a, b], [0.021] * 2, 7, 1)
    for a, b in (((0.35, 0, 0.82), (0.33, 0, 0.97)), ((0.33, -0.28, 1.0), (0.33, 0.28, 1.0))):
        bike.tube([a, b], [0.014] * 2, 7, 2)
    for side in (-0.09, 0.09):
        bike.tube([(-0.06, side, 0.29), (0.09, side, 0.29 - side * 0.5)], [0.012] * 2, 6, 2)
    bike.ellipsoid((-0.24, 0, 0.86), (0.14, 0.07, 0.035), 0, 12, 6)
    if basket:
        bike.box((0.52, 0, 0.98), (0.26, 0.34, 0.2), 2)
    tyre, chrome = plain("tyre", (0.012, 0.012, 0.012), 0.8), plain("chrome", (0.3, 0.3, 0.3), 0.35, 0.8)
    return bike.mesh("bicycle", [tyre, plain("frame", colour, 0.35, 0.2), chrome])


# Half outline of a saloon seen from the side: (y along the car, height of the body's top there).
_BODY = ((-2.15, 0.62), (-2.05, 0.86), (-1.5, 0.93), (-1.0, 0.95), (0.9, 0.94), (1.5, 0.90), (2.05, 0.78), (2.18, 0.60))
_CABIN = ((-1.55, 0.93), (-1.0, 1.36), (-0.2, 1.46), (0.4, 1.42), (1.05, 0.95))


def _loft(car: MeshBuilder, outline: tuple[tuple[float, float], ...], floor: float, half: float, tuck: float) -> None:
    """Adds a body from cross sections along y; its sides lean in by tuck at the top."""
    section = ((-1.0, 0.0), (-1.02, 0.45), (-0.97, 0.8), (-0.82, 1.0), (0.82, 1.0), (0.97, 0.8), (1.02, 0.45), (1, 0))
    verts = []
    for i, (y, top) in enumerate(outline):
        taper = 0.90 if i in (0, len(outline) - 1) else 1.0
        verts += [(half * taper * x * (1 - tuck * z), y, floor + (top - floor) * z) for x, z in section]
    n = len(section)
    faces = [
        (i * n + j, i * n + j + 1, (i + 1) * n + j + 1, (i + 1) * n + j)
        for i in range(len(outline) - 1)
        for j in range(n - 1)
    ]
    ends = [tuple(range(n)), tuple(range((len(outline) - 1) * n + n - 1, (len(outline) - 1) * n - 1, -1))]
    car.add(verts, [*faces, *ends], 0 if not tuck else 1)


def car_mesh(seed: int) -> bpy.types.Mesh:
    """Returns a parked car that points along y, 4.3 m long."""
    rng = np.random.default_rng(seed)
    paints = ((0.55, 0.55, 0.56), (0.02, 0.02, 0.022), (0.22, 0.23, 0.25), (0.30, 0.02, 0.02), (0.03, 0.07, 0.20))
    paint = paints[int(rng.integers(0, len(paints)))]
    car, tall = MeshBuilder(), rng.uniform(1.0, 1.14)
    _loft(car, tuple((y, z * tall) for y, z in _BODY), 0.24, 0.88, 0.0)
    _loft(car, tuple((y, z * tall) for y, z in _CABIN), 0.90 * tall, 0.84, 0.16)
    car.box((0, -0.3, 1.435 * tall), (1.28, 1.15, 0.035), 0, bevel=0.012)
    for x in (-0.80, 0.80):
        for y in (-1.32, 1.34):
            ring = [(x + 0.10 * side, y, 0.32) for side in (-1, 1)]
            car.tube(ring, [0.32, 0.32], 20, 2)
            car.tube([(x * 1.13 - 0.01, y, 0.32), (x * 1.13 + 0.01, y, 0.32)], [0.19, 0.19], 14, 3)
    for x in (-0.62, 0.62):
        car.box((x, 2.09, 0.66), (0.34, 0.10, 0.13), 4)
        car.box((x, -2.09, 0.74), (0.30, 0.08, 0.12), 5)
    parts = [
        plain("paint", paint, 0.22, 0.3),
        plain("glass", (0.012, 0.014, 0.016), 0.06),
        plain("tyre", (0.012,) * 3, 0.85),
    ]
    parts += [plain("rim", (0.35, 0.35, 0.36), 0.35, 0.8), plain("lens", (0.7, 0.7, 0.72), 0.15)]
    return car.mesh("car", [*parts, plain("tail", (0.35, 0.01, 0.01), 0.2)], smooth=False)

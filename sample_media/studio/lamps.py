"""Five styles of street light."""

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector

from sample_media.studio.mesh import MeshBuilder


@dataclass
class LampModel:
    """A column, its glass, where the light sits (the arm reaches to -x) and how strong it is."""

    body: bpy.types.Mesh
    glass: MeshBuilder
    light_at: tuple[float, float, float]
    power: float = 1.0


def lamp_model(style: str, height: float, iron: bpy.types.Material, steel: bpy.types.Material) -> LampModel:
    """Returns the model of a style, its height scaled by a factor."""
    make = {"lantern": _lantern, "arm": _arm, "blade": _blade, "globe": _globe, "bell": _bell}[style]
    return make(height, iron if style in ("lantern", "arm", "bell") else steel)


def _lantern(k: float, metal: bpy.types.Material) -> LampModel:
    body, glass = MeshBuilder(), MeshBuilder()
    foot = [(0.0, 0.0), (0.17, 0.0), (0.17, 0.06), (0.125, 0.12), (0.115, 0.55), (0.095, 0.62), (0.068, 0.70)]
    head = [(0.058, 1.4), (0.043, 3.55), (0.055, 3.58), (0.055, 3.66), (0.03, 3.7), (0.06, 3.76), (0.13, 3.80)]
    body.lathe([(r, z * k) for r, z in [*foot, *head, (0.135, 3.83), (0.0, 3.83)]], 20)
    for turn in range(4):
        a = math.pi / 4 + turn * math.pi / 2
        foot_at = (0.125 * math.cos(a), 0.125 * math.sin(a), 3.82 * k)
        body.tube([foot_at, (0.205 * math.cos(a), 0.205 * math.sin(a), 4.28 * k)], [0.009, 0.009], 5)
    cap = [(0.0, 4.28), (0.27, 4.28), (0.275, 4.30), (0.20, 4.36), (0.07, 4.44), (0.03, 4.48), (0.028, 4.55), (0, 4.56)]
    body.lathe([(r, z * k) for r, z in cap], 20)
    glass.lathe([(0.0, 3.835 * k), (0.105, 3.835 * k), (0.185, 4.275 * k), (0.0, 4.275 * k)])
    return LampModel(body.mesh("lamp", [metal]), glass, (0, 0, 4.22 * k))


def _arm(k: float, metal: bpy.types.Material) -> LampModel:
    body, glass, top = MeshBuilder(), MeshBuilder(), 5.4 * k
    body.lathe([(0, 0), (0.16, 0), (0.16, 0.05), (0.1, 0.1), (0.095, 0.9), (0.075, 1.0), (0.05, top)])
    bow = [(-0.9 * (1 - math.cos(a)), 0, top + 0.55 * math.sin(a)) for a in np.linspace(0, math.pi / 2, 9)]
    body.tube([*bow, (-1.25, 0, top + 0.56)], [0.045] * 9 + [0.04], 8)
    body.ellipsoid((-1.55, 0, top + 0.57), (0.38, 0.14, 0.075), 0, 14, 8)
    glass.ellipsoid((-1.58, 0, top + 0.535), (0.27, 0.105, 0.06), 0, 14, 8)
    return LampModel(body.mesh("lamp", [metal]), glass, (-1.58, 0, top + 0.44), 1.5)


def _blade(k: float, metal: bpy.types.Material) -> LampModel:
    body, glass, top = MeshBuilder(), MeshBuilder(), 4.9 * k
    body.box((0, 0, top / 2), (0.10, 0.16, top), bevel=0.015)
    body.box((0, 0, 0.02), (0.3, 0.34, 0.04))
    body.box((-0.52, 0, top + 0.03), (1.3, 0.22, 0.06), bevel=0.02)
    glass.box((-0.62, 0, top - 0.012), (0.9, 0.16, 0.04))
    return LampModel(body.mesh("lamp", [metal], smooth=False), glass, (-0.62, 0, top - 0.1), 1.3)


def _globe(k: float, metal: bpy.types.Material) -> LampModel:
    body, glass, top = MeshBuilder(), MeshBuilder(), 3.4 * k
    post = [(0, 0), (0.15, 0), (0.15, 0.05), (0.08, 0.12), (0.06, 1.0), (0.04, top), (0.1, top + 0.04)]
    body.lathe([*post, (0.1, top + 0.09), (0, top + 0.09)])
    glass.ellipsoid((0, 0, top + 0.32), (0.25, 0.25, 0.25), 0, 20, 14)
    return LampModel(body.mesh("lamp", [metal]), glass, (0, 0, top + 0.32))


def _bell(k: float, metal: bpy.types.Material) -> LampModel:
    body, glass, top, out = MeshBuilder(), MeshBuilder(), 4.9 * k, -0.8
    foot = [(0, 0), (0.18, 0), (0.18, 0.06), (0.11, 0.12), (0.10, 0.8), (0.075, 0.9)]
    body.lathe([*foot, (0.055, 1.1), (0.042, top - 0.3), (0.055, top - 0.28), (0.055, top - 0.2), (0.03, top - 0.16)])
    neck = [(0.4 * (math.cos(a) - 1), 0, top - 0.2 + 0.45 * math.sin(a)) for a in np.linspace(0, math.pi, 13)]
    body.tube(neck, [0.03] * 13, 8)
    body.ellipsoid((0, 0, top - 0.1), (0.06, 0.06, 0.06), 0, 10, 8)
    shade = [(out, 0, top + dz) for dz in (-0.20, -0.24, -0.30, -0.38, -0.48, -0.50)]
    body.tube(shade, [0.035, 0.07, 0.16, 0.23, 0.30, 0.315], 24)
    glass.ellipsoid((out, 0, top - 0.50), (0.24, 0.24, 0.09), 0, 18, 10)
    return LampModel(body.mesh("lamp", [metal]), glass, (out, 0, top - 0.62), 1.25)


def snapped(mesh: bpy.types.Mesh, at: float, degrees: float) -> bpy.types.Mesh:
    """Returns a lamp's mesh with all that is above a height (metres) bent down sideways, as where a column breaks."""
    bent, hinge = mesh.copy(), Vector((0, 0, at))
    turn = Matrix.Rotation(math.radians(degrees), 3, "X")
    for vertex in bent.vertices:
        if vertex.co.z > at:
            vertex.co = turn @ (vertex.co - hinge) + hinge
    return bent


def stub_mesh(metal: bpy.types.Material, seed: float) -> bpy.types.Mesh:
    """Returns what is left of a column: its flange with four bolts and a torn stump, whose height the seed draws."""
    stub, high = MeshBuilder(), 0.10 + 0.25 * (seed * 7.3 % 1)
    stub.box((0, 0, 0.012), (0.34, 0.34, 0.024))
    for turn in range(4):
        a = math.pi / 4 + turn * math.pi / 2
        stub.tube(
            [(0.19 * math.cos(a), 0.19 * math.sin(a), 0), (0.19 * math.cos(a), 0.19 * math.sin(a), 0.07)],
            [0.014] * 2,
            6,
        )
    stub.lathe([(0.085, 0.0), (0.085, high * 0.6), (0.075, high), (0.06, high * 0.7), (0.0, high * 0.4)], 12)
    return stub.mesh("stub", [metal], smooth=False)

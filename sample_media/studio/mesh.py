"""Builds meshes from boxes, tubes, lathes and ellipsoids, and puts them into the scene."""

import math
from collections.abc import Iterable, Sequence

import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector

Point = Sequence[float] | Vector


class MeshBuilder:
    """Collects vertices, faces and material slots, then becomes one mesh."""

    def __init__(self) -> None:
        self.verts: list[tuple[float, ...]] = []
        self.faces: list[tuple[int, ...]] = []
        self.slots: list[int] = []

    def add(self, verts: Iterable[Point], faces: Iterable[Sequence[int]], slot: int = 0) -> None:
        """Adds faces over new vertices; indices count from the first new vertex."""
        start, before = len(self.verts), len(self.faces)
        self.verts += [tuple(v) for v in verts]
        self.faces += [tuple(i + start for i in face) for face in faces]
        self.slots += [slot] * (len(self.faces) - before)

    def box(
        self, centre: Point, size: Sequence[float], slot: int = 0, rot: Euler | None = None, bevel: float = 0.0
    ) -> None:
        """Adds a box; bevel cuts its upper and lower edges."""
        x, y, z = (v / 2 for v in size)
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        rings = ((-z, bevel), (-z + bevel, 0.0), (z - bevel, 0.0), (z, bevel)) if bevel else ((-z, 0.0), (z, 0.0))
        points = [(i * (x - cut), j * (y - cut), level) for level, cut in rings for i, j in corners]
        top = 4 * (len(rings) - 1)
        faces = [
            (r * 4 + i, r * 4 + (i + 1) % 4, r * 4 + 4 + (i + 1) % 4, r * 4 + 4 + i)
            for r in range(len(rings) - 1)
            for i in range(4)
        ]
        faces += [(3, 2, 1, 0), (top, top + 1, top + 2, top + 3)]
        turn = rot.to_matrix() if rot is not None else Matrix.Identity(3)
        self.add([turn @ Vector(p) + Vector(centre) for p in points], faces, slot)

    def tube(
        self, points: Sequence[Point], radii: Sequence[float], sides: int = 8, slot: int = 0, cap: bool = True
    ) -> None:
        """Adds a tapered tube along a polyline."""
        line = [Vector(p) for p in points]
        n, verts = len(line), []
        ref = Vector((0.13, 0.97, 0.2))
        for i, p in enumerate(line):
            d = line[min(i + 1, n - 1)] - line[max(i - 1, 0)]
            d = d.normalized() if d.length > 1e-9 else Vector((0, 0, 1))
            u = ref - d * ref.dot(d)
            if u.length < 1e-3:
                u = Vector((1, 0, 0)) - d * d.x
            u.normalize()
            ref, w = u, d.cross(u)
            for j in range(sides):
                a = 2 * math.pi * j / sides
                verts.append(p + (u * math.cos(a) + w * math.sin(a)) * radii[i])
        faces: list[tuple[int, ...]] = _rings(n, sides)
        if cap:
            faces += [tuple(range(sides - 1, -1, -1)), tuple((n - 1) * sides + j for j in range(sides))]
        self.add(verts, faces, slot)

    def lathe(self, profile: Sequence[tuple[float, float]], sides: int = 16, slot: int = 0) -> None:
        """Turns a profile of (radius, height) round the z axis."""
        angles = [2 * math.pi * j / sides for j in range(sides)]
        verts = [(r * math.cos(a), r * math.sin(a), z) for r, z in profile for a in angles]
        self.add(verts, _rings(len(profile), sides), slot)

    def ellipsoid(self, centre: Point, radii: Sequence[float], slot: int = 0, sides: int = 14, rows: int = 9) -> None:
        """Adds an ellipsoid with its axes along x, y and z."""
        verts = []
        for i in range(rows + 1):
            polar = math.pi * i / rows
            for j in range(sides):
                a = 2 * math.pi * j / sides
                ring = math.sin(polar)
                at = (radii[0] * ring * math.cos(a), radii[1] * ring * math.sin(a), radii[2] * math.cos(polar))
                verts.append(Vector(at) + Vector(centre))
        self.add(verts, [face[::-1] for face in _rings(rows + 1, sides)], slot)

    def mesh(self, name: str, materials: Sequence[bpy.types.Material], smooth: bool = True) -> bpy.types.Mesh:
        """Returns the collected geometry as a Blender mesh."""
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(self.verts, [], self.faces)
        for material in materials:
            mesh.materials.append(material)
        mesh.polygons.foreach_set("material_index", np.array(self.slots, dtype=np.int32))
        mesh.polygons.foreach_set("use_smooth", np.full(len(self.faces), smooth))
        mesh.update()
        return mesh


def _rings(count: int, sides: int) -> list[tuple[int, ...]]:
    return [
        (i * sides + j, i * sides + (j + 1) % sides, (i + 1) * sides + (j + 1) % sides, (i + 1) * sides + j)
        for i in range(count - 1)
        for j in range(sides)
    ]


def put(
    name: str, mesh: bpy.types.Mesh, at: Point = (0, 0, 0), turn: float | Euler = 0.0, index: int = 0
) -> bpy.types.Object:
    """Links a mesh into the scene with its object index for the id pass."""
    thing = bpy.data.objects.new(name, mesh)
    thing.location = at
    thing.rotation_euler = turn if isinstance(turn, Euler) else (0, 0, turn)
    thing.pass_index = index
    bpy.context.scene.collection.objects.link(thing)
    return thing


def leaf_mesh(
    name: str, verts: np.ndarray, faces: list[Sequence[int]], materials: Sequence[bpy.types.Material], tone: np.ndarray
) -> bpy.types.Mesh:
    """Returns a mesh with a tone of 0-1 per face, by which foliage varies its colour."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(verts.tolist(), [], faces)
    for material in materials:
        mesh.materials.append(material)
    mesh.attributes.new("lv", "FLOAT", "FACE").data.foreach_set("value", tone.astype(np.float32))
    mesh.update()
    return mesh


def world_points(things: Iterable[bpy.types.Object]) -> np.ndarray:
    """Returns all vertices of objects as homogeneous world points, shape (n, 4)."""
    found = []
    for thing in things:
        count = len(thing.data.vertices)
        flat = np.empty(count * 3, np.float32)
        thing.data.vertices.foreach_get("co", flat)
        found.append(np.c_[flat.reshape(-1, 3), np.ones(count)] @ np.array(thing.matrix_world).T)
    return np.concatenate(found)

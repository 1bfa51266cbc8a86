"""The ground: path, kerbs, quay, lawn with its blades, water, fallen leaves."""

import math
from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler, Vector, noise

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.vegetation import scatter
from sample_media.walk.indices import LAWN, PATH, WATER
from sample_media.walk.plan import END
from sample_media.walk.stage import Stage, Thing

START = 3.0  # m: where the ground begins, before the picture's lower edge
Height = Callable[[float, float], float]


def strip(
    stage: Stage, name: str, across: tuple[float, float], along: tuple[float, float], cells: tuple[int, int],
    height: Height, surface: str,
) -> bpy.types.Mesh:  # fmt: skip
    """Returns a grid along the walk, its texture coordinates being s and t in metres."""
    places = [(s, t) for s in np.linspace(*along, cells[0] + 1) for t in np.linspace(*across, cells[1] + 1)]
    row = cells[1] + 1
    corners = [i * row + j for i in range(cells[0]) for j in range(cells[1])]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(
        [stage.at(s, t, height(s, t)) for s, t in places], [], [(k, k + 1, k + 1 + row, k + row) for k in corners]
    )
    mesh.materials.append(stage.materials[surface])
    layer, index = mesh.uv_layers.new(name="UVMap"), np.zeros(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", index)
    layer.data.foreach_set("uv", np.array(places, np.float32)[index].ravel())
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    mesh.update()
    return mesh


def path_piece(
    stage: Stage, along: tuple[float, float], cells: tuple[int, int], sunk: Height | None = None
) -> bpy.types.Object:
    """Puts a piece of the path; sunk tells how far broken the paving is (0-1), which sinks and bares it."""
    half = stage.plan.course.half

    def height(s: float, t: float) -> float:
        depth = sunk(s, t) if sunk else 0.0
        if not depth:
            return stage.ground(s, t)
        rough = 0.04 * noise.noise(Vector((s, t, 0)) * 2.3) + 0.02 * noise.noise(Vector((s, t, 0)) * 9.0)
        return stage.ground(s, t) - depth * (0.075 + rough)

    mesh = strip(stage, "path", (-half, half), along, cells, height, "paving")
    if sunk:
        layer = mesh.uv_layers[0].data
        flat = np.empty(len(layer) * 2, np.float32)
        layer.foreach_get("uv", flat)
        at = np.zeros((len(mesh.vertices), 2), np.float32)
        index = np.zeros(len(mesh.loops), np.int32)
        mesh.loops.foreach_get("vertex_index", index)
        at[index] = flat.reshape(-1, 2)
        bared = np.array([sunk(float(s), float(t)) for s, t in at], np.float32)
        mesh.attributes.new("broken", "FLOAT", "POINT").data.foreach_set("value", bared)
    return put("path", mesh, (0, 0, 0), index=PATH)


def lay_ground(stage: Stage) -> None:
    """Puts the path, the lawn, the quay and the river."""
    half = stage.plan.course.half
    stage.things["path"] = Thing("path", [path_piece(stage, (START, END), (290, 10))])
    lawn = strip(stage, "lawn", (-60, -half - 0.15), (START, END), (260, 90), stage.ground, "lawn")
    stage.things["lawn"] = Thing("lawn", [put("lawn", lawn, index=LAWN)])
    far = strip(stage, "far_ground", (-700, -58), (-20, END), (20, 10), lambda _s, _t: 0.25, "lawn")
    put("far_ground", far, (0, 0, 0))
    quay = strip(stage, "quay", (half + 0.15, half + 0.75), (START, END), (300, 2), lambda _s, _t: 0.015, "concrete")
    put("quay", quay, (0, 0, 0))
    _edges(stage)
    water = MeshBuilder()
    water.add([(-60, -80, -1.7), (900, -80, -1.7), (900, 1300, -1.7), (-60, 1300, -1.7)], [(0, 1, 2, 3)])
    put("water", water.mesh("water", [stage.materials["river"]]), index=WATER)


def _edges(stage: Stage) -> None:
    """Puts kerb stones, coping stones and the wall of the quay."""
    half, rng, heading = stage.plan.course.half, stage.rng(10), stage.plan.course.heading
    for t, size, lift, name in (
        (-half - 0.075, (0.15, 0.9, 0.16), -0.03, "kerb"),
        (half + 0.075, (0.15, 0.9, 0.16), -0.025, "kerb"),
        (half + 0.85, (0.42, 1.5, 0.18), 0.02, "coping"),
    ):
        stones = MeshBuilder()
        for s in np.arange(START, END, size[1]):
            at = stage.at(s + size[1] / 2, t, lift + rng.normal(0, 0.004))
            turn = Euler((0, 0, heading(s) + rng.normal(0, 0.004)))
            stones.box(at, (size[0], size[1] - 0.012, size[2]), rot=turn, bevel=0.012)
        put(name, stones.mesh(name, [stage.materials["kerb"]], smooth=False))
    wall, places = MeshBuilder(), np.linspace(START, END, 200)
    faces = [(2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(len(places) - 1)]
    wall.add([stage.at(s, half + 1.0, z) for s in places for z in (-2.4, 0.0)], faces)
    put("quay_wall", wall.mesh("quay_wall", [stage.materials["concrete"]]), (0, 0, 0))


def _blades(seed: int, surface: bpy.types.Material, size: float = 0.55, count: int = 750) -> bpy.types.Mesh:
    """Returns a square patch of grass blades."""
    rng = np.random.default_rng(seed)
    base = np.concatenate([rng.uniform(-size / 2, size / 2, (count, 2)), np.zeros((count, 1))], 1)
    tall, wide = 0.075 * rng.uniform(0.45, 1.3, (count, 1)), 0.0035 * rng.uniform(0.7, 1.6, (count, 1))
    a = rng.uniform(0, 2 * math.pi, count)
    side = np.stack([np.cos(a), np.sin(a), np.zeros(count)], 1) * wide
    lean = np.stack([-np.sin(a), np.cos(a), np.zeros(count)], 1) * rng.normal(0, 0.5, (count, 1))
    up = np.array([0, 0, 1.0])
    mid, tip = base + up * tall * 0.6 + lean * tall * 0.3, base + up * tall + lean * tall * 1.1
    corners = np.stack([base - side, base + side, mid + side * 0.8, mid - side * 0.8, tip], 1).reshape(-1, 3)
    faces = [face for o in range(0, count * 5, 5) for face in ((o, o + 1, o + 2, o + 3), (o + 3, o + 2, o + 4))]
    mesh = bpy.data.meshes.new("blades")
    mesh.from_pydata(corners.tolist(), [], faces)
    mesh.materials.append(surface)
    tone = np.repeat(rng.uniform(0, 1, count).astype(np.float32), 2)
    mesh.attributes.new("lv", "FLOAT", "FACE").data.foreach_set("value", tone)
    mesh.update()
    return mesh


def grow_grass(stage: Stage) -> None:
    """Scatters patches of blades over the lawn where the camera is near enough to see them."""
    rng, half, near = stage.rng(11), stage.plan.course.half, max(START + 1, stage.plan.camera.nearest() - 1.5)
    points, turns, sizes = [], [], []
    for first, last, pitch, size in ((near, near + 17, 0.36, 1.0), (near + 17, near + 50, 0.55, 1.45)):
        for s in np.arange(first, last, pitch):
            for t in np.arange(-half - 0.28, -half - 11.0, -pitch):
                s_, t_ = s + rng.normal(0, 0.12), min(t + rng.normal(0, 0.1), -half - 0.22)
                if noise.noise(Vector((s_ * 0.5, t_ * 0.5, 9))) > 0.62:
                    continue
                points.append(stage.at(s_, t_, stage.ground(s_, t_) - 0.004))
                turns.append((0, 0, rng.uniform(0, 6.28)))
                thick = 1 + 0.5 * noise.noise(Vector((s_ * 0.25, t_ * 0.25, 1)))
                sizes.append(size * rng.uniform(0.75, 1.2) * thick)
    scatter("grass", _blades(1, stage.materials["grass"]), points, turns, sizes, LAWN)


def drop_leaves(stage: Stage) -> None:
    """Scatters fallen leaves along the path's edges."""
    rng, half, near = stage.rng(12), stage.plan.course.half, stage.plan.camera.nearest()
    leaf = MeshBuilder()
    leaf.add([(0, -0.05, 0.004), (0.028, 0, 0.012), (0, 0.05, 0.004), (-0.028, 0, 0.014)], [(0, 1, 2), (0, 2, 3)])
    points, turns, sizes = [], [], []
    for _ in range(int(rng.uniform(300, 1500))):
        s = rng.uniform(near - 1, near + 36)
        t = -half + abs(rng.normal(0, 0.35)) if rng.random() < 0.65 else rng.uniform(-half, half)
        points.append(stage.at(s, min(t, half - 0.05), stage.ground(s, t) + 0.004))
        turns.append((rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0, 6.28)))
        sizes.append(rng.uniform(0.6, 1.3))
    mesh = leaf.mesh("deadleaf", [stage.materials["deadleaf"]], smooth=False)
    scatter("fallen_leaves", mesh, points, turns, sizes, PATH)

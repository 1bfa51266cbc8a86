"""Trees of the walk, their dead and fallen states, shrubs, and the park behind."""

import math
from collections.abc import Callable

import bpy
import numpy as np

from sample_media.studio.growth import add_twigs, chains, grow
from sample_media.studio.mesh import MeshBuilder, leaf_mesh, put
from sample_media.studio.skeleton import Habit, Skeleton
from sample_media.walk.indices import LAWN, SHRUB, TREE
from sample_media.walk.stage import Stage, Thing

HABITS = (
    Habit(height=8.6, trunk=2.5, crown=3.1, buds=1700),
    Habit(height=7.8, trunk=2.3, crown=2.7, buds=1700),
    Habit(height=9.2, trunk=2.7, crown=3.0, buds=1700),
)
LEAVES, LENGTH, SPREAD = 24, 0.135, 0.143  # leaves at a node, their length and scatter in metres
Bend = Callable[[np.ndarray], np.ndarray]


def _unit(v: np.ndarray) -> np.ndarray:
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)


def _leaves(rng: np.random.Generator, tree: Skeleton) -> np.ndarray:
    """Returns the corners of every leaf, shape (n, 4, 3)."""
    thin = tree.thin(0.022)
    base, before = (np.repeat(tree.at[k], LEAVES, axis=0) for k in (thin, tree.parent[thin]))
    n = len(base)
    centre = base + rng.normal(0, SPREAD, (n, 3)) * np.array([1, 1, 0.8])
    axis = _unit(_unit(centre - before) * 0.6 + rng.normal(0, 0.55, (n, 3)) + np.array([0, 0, -0.35]))
    side = _unit(np.cross(axis, np.array([0, 0, 1.0]) + rng.normal(0, 0.55, (n, 3))))
    normal, length = np.cross(side, axis), LENGTH * rng.uniform(0.65, 1.25, (n, 1))
    mid, wide = centre + axis * length * 0.5 + normal * length * 0.12, side * length * 0.42
    return np.stack([centre, mid + wide, centre + axis * length - normal * length * 0.06, mid - wide], 1)


def tree_mesh(
    stage: Stage, seed: int, habit: Habit, leaf: int | None, twigs: int = 0, bend: Bend | None = None
) -> bpy.types.Mesh:
    """Returns a tree with leaves of a tone (0-2), or bare where leaf is None; bend moves its boughs."""
    rng = np.random.default_rng(seed + 991)
    tree = grow(seed, habit)
    tree = add_twigs(tree, rng, twigs) if twigs else tree
    tree = Skeleton(bend(tree.at), tree.parent, tree.radius) if bend else tree
    timber = MeshBuilder()
    for run, radii in chains(tree):
        sides = 14 if radii[0] > 0.08 else 8 if radii[0] > 0.03 else 5 if radii[0] > 0.012 else 3
        timber.tube([tree.at[k] for k in run], radii, sides, cap=False)
    verts, faces = np.array(timber.verts, np.float32), [list(face) for face in timber.faces]
    tone, solid = np.zeros(len(faces), np.float32), len(faces)
    if leaf is not None:
        corners = _leaves(rng, tree)
        first = len(verts) + np.arange(len(corners))[:, None] * 4
        verts = np.concatenate([verts, corners.reshape(-1, 3).astype(np.float32)])
        faces += (
            np.concatenate([first + np.array(three) for three in ((0, 1, 2), (0, 2, 3))], 1).reshape(-1, 3).tolist()
        )
        tone = np.concatenate([tone, np.repeat(rng.uniform(0, 1, len(corners)), 2).astype(np.float32)])
    surfaces = [stage.materials["deadbark" if leaf is None else "bark"], stage.materials[f"leaf{leaf or 0}"]]
    mesh = leaf_mesh("tree", verts, faces, surfaces, tone)
    is_leaf = np.arange(len(faces)) >= solid
    mesh.polygons.foreach_set("material_index", is_leaf.astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", ~is_leaf)
    return mesh


def stump_mesh(stage: Stage, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns what is left of a trunk that broke: a splintered stump."""
    made, sides = MeshBuilder(), 14
    made.lathe([(0.30, -0.05), (0.23, 0.12), (0.18, 0.35), (0.165, 0.55)], sides, 0)
    for j in range(sides):
        x, y, z = made.verts[-sides + j]
        made.verts[-sides + j] = (x, y, z + rng.uniform(0, 0.2) + (0.25 if j % 5 == 0 else 0))
    made.lathe([(0.16, 0.50), (0.08, 0.62), (0.0, 0.55)], sides, 1)
    return made.mesh("stump", [stage.materials["bark"], stage.materials["heartwood"]])


def plant(stage: Stage) -> None:
    """Puts the walk's trees, each on a ring of mulch."""
    plan = stage.plan
    stage.trees = [tree_mesh(stage, seed, HABITS[k], k) for k, seed in enumerate(plan.tree_seeds)]
    for i, place in enumerate(plan.trees):
        at = stage.at(place.s, place.t, stage.ground(place.s, place.t) - 0.03)
        thing = put(f"tree_{i}", stage.trees[place.make], at, place.turn, TREE + i)
        thing.scale = (place.size,) * 3
        stage.things[f"tree_{i}"] = Thing("tree", [thing])
        ring, angles = MeshBuilder(), np.linspace(0, 2 * math.pi, 24, endpoint=False)
        level = stage.ground(place.s, place.t)
        rim = [
            stage.at(
                place.s + 0.75 * math.sin(a) * (1 + 0.1 * math.sin(5 * a)), place.t + 0.75 * math.cos(a), level + 0.02
            )
            for a in angles
        ]
        ring.add([stage.at(place.s, place.t, level + 0.05), *rim], [(0, 1 + j, 1 + (j + 1) % 24) for j in range(24)])
        put("mulch", ring.mesh("mulch", [stage.materials["mulch"]]), index=LAWN)


def _shrub(stage: Stage, seed: int, size: tuple[float, float, float], count: int, leaf: int) -> bpy.types.Mesh:
    rng = np.random.default_rng(seed)
    u = _unit(rng.normal(size=(count, 3)))
    r = rng.uniform(0.55, 1, (count, 1)) ** 0.5
    r *= 1 + 0.16 * np.sin(u[:, :1] * 5 + seed) + 0.14 * np.cos(u[:, 1:2] * 6 + seed) + 0.1 * np.sin(u[:, 2:] * 9)
    centre = u * r * np.array(size) / 2 + np.array([0, 0, size[2] * 0.42])
    axis = _unit(rng.normal(size=(count, 3)))
    side = _unit(np.cross(axis, np.array([0, 0, 1.0]) + rng.normal(0, 0.7, (count, 3))))
    length = 0.075 * rng.uniform(0.6, 1.3, (count, 1))
    mid, wide = centre + axis * length * 0.5, side * length * 0.4
    corners = np.stack([centre, mid + wide, centre + axis * length, mid - wide], 1).reshape(-1, 3)
    corners[:, 2] = np.maximum(corners[:, 2], 0.01)
    faces = (np.arange(count)[:, None] * 4 + np.arange(4)).tolist()
    return leaf_mesh("shrub", corners, faces, [stage.materials[f"leaf{leaf}"]], rng.uniform(0, 1, count))


def plant_park(stage: Stage) -> list[bpy.types.Mesh]:
    """Puts the hedge and the park trees behind; returns the shrubs' meshes."""
    rng = stage.rng(20)
    shrubs = [_shrub(stage, 5, (2.2, 2.0, 1.5), 5200, 2), _shrub(stage, 6, (1.7, 1.9, 1.2), 4200, 0)]
    for _ in range(34):
        s, t = rng.uniform(20, 140), -rng.uniform(17, 52)
        if s > 34 or t < -22:
            tree = put(
                "park_tree",
                stage.trees[int(rng.integers(0, 3))],
                stage.at(s, t, stage.ground(s, t)),
                rng.uniform(0, 6.28),
                SHRUB,
            )
            tree.scale = (rng.uniform(0.95, 1.5),) * 3
    hedge = -stage.plan.course.half - rng.uniform(10.0, 13.5)
    for k, s in enumerate(np.arange(7, 130, 1.5)):
        t = hedge + rng.normal(0, 0.35)
        shrub = put("hedge", shrubs[k % 2], stage.at(s, t, stage.ground(s, t) - 0.05), rng.uniform(0, 6.28), SHRUB)
        shrub.scale = (rng.uniform(0.85, 1.3),) * 3
    return shrubs

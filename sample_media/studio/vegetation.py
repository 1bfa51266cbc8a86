"""Trees, shrubs, grass blades and fallen leaves."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from sample_media.studio.evergreens import grow_conifer, grow_palm
from sample_media.studio.growth import add_twigs, chains, grow
from sample_media.studio.mesh import MeshBuilder, leaf_mesh, put
from sample_media.studio.skeleton import Habit, Skeleton

Bend = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Leaf:
    """Leaves of a species: how many at a node, length and scatter round it in metres, width as a share of the length.

    They point along their twig (``along``), to its sides (``aside``), down (``hang``) and anyhow (``wild``).
    """

    count: int = 24
    length: float = 0.135
    scatter: float = 0.143
    width: float = 0.42
    along: float = 0.6
    aside: float = 0.0
    hang: float = 0.35
    wild: float = 0.55


LEAVES = {
    "broadleaf": Leaf(),
    "plane": Leaf(15, 0.19, 0.17, 0.52),
    "birch": Leaf(22, 0.085, 0.17, 0.45, hang=0.6),
    "conifer": Leaf(9, 0.17, 0.035, 0.09, along=0.8, hang=0.1, wild=0.4),
    "palm": Leaf(4, 0.55, 0.02, 0.045, along=0.45, aside=1.0, hang=0.35, wild=0.12),
}
# Wood thinner than this (metres of radius) has a tone of 1: a birch's twigs are dark.
TWIG = 0.024
GROWN = {"conifer": grow_conifer, "palm": grow_palm}


def _leaves(rng: np.random.Generator, tree: Skeleton, leaf: Leaf) -> np.ndarray:
    """Returns four corners for every leaf on the thin branches, shape (n, 4, 3)."""
    thin = tree.thin(0.022)
    size, base = leaf.length, np.repeat(tree.at[thin], leaf.count, axis=0)
    n = len(base)
    centre = base + rng.normal(0, leaf.scatter, (n, 3)) * np.array([1, 1, 0.8])
    before = np.repeat(tree.at[tree.parent[thin]], leaf.count, axis=0)
    out = _unit(centre - before) * leaf.along
    if leaf.aside:
        hand = np.where(np.arange(n) % 2, 1.0, -1.0)[:, None]
        out = out + _unit(np.cross(base - before, np.array([0, 0, 1.0]))) * hand * leaf.aside
    axis = _unit(out + rng.normal(0, leaf.wild, (n, 3)) + np.array([0, 0, -leaf.hang]))
    side = _unit(np.cross(axis, np.array([0, 0, 1.0]) + rng.normal(0, 0.55, (n, 3))))
    normal, length = np.cross(side, axis), size * rng.uniform(0.65, 1.25, (n, 1))
    middle, width = centre + axis * length * 0.5 + normal * length * 0.12, side * length * leaf.width
    return np.stack([centre, middle + width, centre + axis * length - normal * length * 0.06, middle - width], 1)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)


def tree_mesh(
    name: str,
    seed: int,
    materials: Sequence[bpy.types.Material],
    habit: Habit,
    leaves: bool = True,
    twigs: int = 0,
    bend: Bend | None = None,
) -> bpy.types.Mesh:
    """Returns a tree as one mesh (slot 0 bark, 1 leaves); bend moves its nodes, as for a fallen one."""
    rng = np.random.default_rng(seed + 991)
    tree = GROWN.get(habit.species, grow)(seed, habit)
    if twigs:
        tree = add_twigs(tree, rng, twigs)
    if bend is not None:
        tree = Skeleton(bend(tree.at), tree.parent, tree.radius)
    wood, thin = MeshBuilder(), []
    for run, radii in chains(tree):
        sides = 14 if radii[0] > 0.08 else 8 if radii[0] > 0.03 else 5 if radii[0] > 0.012 else 3
        wood.tube([tree.at[k] for k in run], radii, sides, cap=False)
        thin += [float(radius < TWIG) for radius in radii[:-1] for _ in range(sides)]
    verts, faces = np.array(wood.verts, dtype=np.float32), list(wood.faces)
    bark_faces, tone = len(faces), np.array(thin, np.float32)
    if leaves:
        quads = _leaves(rng, tree, LEAVES[habit.species])
        start = len(verts) + np.arange(len(quads))[:, None] * 4
        verts = np.concatenate([verts, quads.reshape(-1, 3).astype(np.float32)])
        triangles = np.concatenate([start + np.array([0, 1, 2]), start + np.array([0, 2, 3])], 1).reshape(-1, 3)
        faces += [tuple(t) for t in triangles.tolist()]
        tone = np.concatenate([tone, np.repeat(rng.uniform(0, 1, len(quads)), 2)])
    mesh = leaf_mesh(name, verts, faces, materials, tone)
    is_leaf = np.arange(len(faces)) >= bark_faces
    mesh.polygons.foreach_set("material_index", is_leaf.astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", ~is_leaf)
    return mesh


def lying(clearance: float, sag: float, yaw: float) -> Bend:
    """Returns the bend that lays a tree along +x and settles its crown on the ground."""

    def bend(p: np.ndarray) -> np.ndarray:
        q = np.stack([p[:, 2], p[:, 1], -p[:, 0]], 1)
        q[:, 2] += clearance - 0.022 * q[:, 0]
        q[:, 2] = 0.05 + sag * np.log1p(np.exp(np.clip((q[:, 2] - 0.05) / sag, -40, 40))) * 0.92
        c, s = math.cos(yaw), math.sin(yaw)
        return np.stack([q[:, 0] * c - q[:, 1] * s, q[:, 0] * s + q[:, 1] * c, q[:, 2]], 1)

    return bend


def shrub_mesh(
    name: str, seed: int, size: Sequence[float], count: int, material: bpy.types.Material, leaf: float = 0.072
) -> bpy.types.Mesh:
    """Returns a rounded shrub of loose leaves."""
    rng = np.random.default_rng(seed)
    u = _unit(rng.normal(size=(count, 3)))
    r = rng.uniform(0.55, 1, (count, 1)) ** 0.5
    r *= 1 + 0.16 * np.sin(u[:, :1] * 5 + seed) + 0.14 * np.cos(u[:, 1:2] * 6 + seed) + 0.1 * np.sin(u[:, 2:] * 9)
    centre = u * r * np.array(size) / 2 + np.array([0, 0, size[2] * 0.42])
    axis = _unit(rng.normal(size=(count, 3)))
    side = _unit(np.cross(axis, np.array([0, 0, 1.0]) + rng.normal(0, 0.7, (count, 3))))
    length = leaf * rng.uniform(0.6, 1.3, (count, 1))
    middle, width = centre + axis * length * 0.5, side * length * 0.4
    verts = np.stack([centre, middle + width, centre + axis * length, middle - width], 1).reshape(-1, 3)
    verts[:, 2] = np.maximum(verts[:, 2], 0.01)
    faces = (np.arange(count)[:, None] * 4 + np.arange(4)).tolist()
    return leaf_mesh(name, verts, faces, [material], rng.uniform(0, 1, count))


def grass_mesh(seed: int, material: bpy.types.Material, size: float = 0.55, count: int = 750) -> bpy.types.Mesh:
    """Returns a square patch of blades, to be scattered over a lawn."""
    rng = np.random.default_rng(seed)
    base = np.concatenate([rng.uniform(-size / 2, size / 2, (count, 2)), np.zeros((count, 1))], 1)
    height, width = 0.075 * rng.uniform(0.45, 1.3, (count, 1)), 0.0035 * rng.uniform(0.7, 1.6, (count, 1))
    a = rng.uniform(0, 2 * math.pi, count)
    side = np.stack([np.cos(a), np.sin(a), np.zeros(count)], 1) * width
    lean = np.stack([-np.sin(a), np.cos(a), np.zeros(count)], 1) * rng.normal(0, 0.5, (count, 1))
    up = np.array([0, 0, 1.0])
    middle, tip = base + up * height * 0.6 + lean * height * 0.3, base + up * height + lean * height * 1.1
    corners = [base - side, base + side, middle + side * 0.8, middle - side * 0.8, tip]
    faces: list[Sequence[int]] = []
    for o in range(0, count * 5, 5):
        faces += [(o, o + 1, o + 2, o + 3), (o + 3, o + 2, o + 4)]
    tone = np.repeat(rng.uniform(0, 1, count), 2)
    return leaf_mesh("grass_patch", np.stack(corners, 1).reshape(-1, 3), faces, [material], tone)


def fallen_leaf_mesh(material: bpy.types.Material) -> bpy.types.Mesh:
    """Returns one leaf lying on the ground."""
    leaf = MeshBuilder()
    leaf.add([(0, -0.05, 0.004), (0.028, 0, 0.012), (0, 0.05, 0.004), (-0.028, 0, 0.014)], [(0, 1, 2), (0, 2, 3)])
    return leaf.mesh("fallen_leaf", [material], smooth=False)


def scatter(
    name: str,
    copy: bpy.types.Mesh,
    points: Sequence[Sequence[float]],
    turns: Sequence[Sequence[float]],
    scales: Sequence[float],
    index: int,
) -> bpy.types.Object:
    """Instances a mesh on points: thousands of copies at the memory cost of one."""
    source = bpy.data.objects.new(name + "_source", copy)
    source.pass_index = index
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(p) for p in points], [], [])
    mesh.attributes.new("turn", "FLOAT_VECTOR", "POINT").data.foreach_set(
        "vector", np.asarray(turns, np.float32).ravel()
    )
    mesh.attributes.new("size", "FLOAT", "POINT").data.foreach_set("value", np.asarray(scales, np.float32))
    thing = put(name, mesh, index=index)
    group = bpy.data.node_groups.new(name, "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        group.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    new, link = group.nodes.new, group.links.new
    entry, leave, info = new("NodeGroupInput"), new("NodeGroupOutput"), new("GeometryNodeObjectInfo")
    info.inputs["Object"].default_value = source
    info.inputs["As Instance"].default_value = True
    turn, size = new("GeometryNodeInputNamedAttribute"), new("GeometryNodeInputNamedAttribute")
    turn.data_type, size.data_type = "FLOAT_VECTOR", "FLOAT"
    turn.inputs[0].default_value, size.inputs[0].default_value = "turn", "size"
    rotation, instance = new("FunctionNodeEulerToRotation"), new("GeometryNodeInstanceOnPoints")
    link(turn.outputs[0], rotation.inputs[0])
    link(entry.outputs[0], instance.inputs["Points"])
    link(info.outputs["Geometry"], instance.inputs["Instance"])
    link(rotation.outputs[0], instance.inputs["Rotation"])
    link(size.outputs[0], instance.inputs["Scale"])
    link(instance.outputs[0], leave.inputs[0])
    thing.modifiers.new("scatter", "NODES").node_group = group
    return thing

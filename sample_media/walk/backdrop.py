"""What lies beyond the walk: houses on both banks, the far quay with its trees; the sky, the sun."""

import math
from itertools import pairwise

import bpy
import numpy as np
from mathutils import Vector

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import NodeTree, material
from sample_media.walk.materials import facade, hazed
from sample_media.walk.stage import Stage

# Wall, glass and the pitch of the windows in metres.
FRONTS = (
    ((0.42, 0.38, 0.33), (0.05, 0.06, 0.075), (2.6, 3.3)),
    ((0.30, 0.19, 0.14), (0.05, 0.055, 0.06), (2.1, 3.1)),
    ((0.50, 0.49, 0.47), (0.06, 0.08, 0.10), (3.4, 3.5)),
    ((0.13, 0.16, 0.19), (0.07, 0.10, 0.13), (1.5, 3.6)),
    ((0.36, 0.35, 0.34), (0.045, 0.05, 0.06), (2.8, 3.2)),
    ((0.44, 0.33, 0.24), (0.05, 0.055, 0.065), (2.2, 3.0)),
)
FAR_QUAY = ((64, 20), (62, 70), (54, 120), (38, 160), (10, 190), (-40, 212))


def _house(stage: Stage, rng: np.random.Generator, at: tuple[float, float], size: tuple[float, float, float]) -> None:
    made, (w, d, h) = MeshBuilder(), size
    made.box((0, 0, h / 2), size)
    if rng.random() < 0.6:
        top = rng.uniform(2.5, 5)
        made.box(
            (rng.uniform(-w / 5, w / 5), rng.uniform(-d / 5, d / 5), h + top / 2),
            (w * rng.uniform(0.25, 0.6), d * 0.5, top),
        )
    if rng.random() < 0.5:
        made.box((w * 0.5 * rng.choice([-1, 1]), 0, h * 0.3), (w * 0.7, d * 0.9, h * 0.6))
    if h > 45 and rng.random() < 0.5:
        made.tube([(0, 0, h), (0, 0, h + 12)], [0.3, 0.1], 5)
    front = stage.materials[f"facade{int(rng.integers(0, len(FRONTS)))}"]
    put("house", made.mesh("house", [front], smooth=False), (*at, -0.5), rng.uniform(-0.5, 0.5))


def build_town(stage: Stage) -> None:
    """Puts houses across the river and behind the park."""
    rng = stage.rng(30)
    for k, (wall, glass, pitch) in enumerate(FRONTS):
        stage.materials[f"facade{k}"] = facade(k, wall, glass, pitch, stage.air)
    for _ in range(64):
        a, d = math.radians(rng.uniform(-8, 48)), rng.uniform(230, 640)
        h = rng.uniform(14, 34) + (rng.random() < 0.3) * rng.uniform(15, 70) * (d / 450)
        _house(stage, rng, (d * math.sin(a), d * math.cos(a)), (rng.uniform(16, 38), rng.uniform(14, 26), h))
    for _ in range(46):
        a, d = math.radians(rng.uniform(-48, -6)), rng.uniform(140, 480)
        h = rng.uniform(10, 26) + (rng.random() < 0.2) * 25
        _house(stage, rng, (d * math.sin(a), d * math.cos(a)), (rng.uniform(14, 30), rng.uniform(12, 22), h))


def build_far_bank(stage: Stage, shrubs: list[bpy.types.Mesh]) -> None:
    """Puts the quay on the other side of the river, its trees and bushes."""
    rng, wall = stage.rng(31), MeshBuilder()
    for (x0, y0), (x1, y1) in pairwise(FAR_QUAY):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = (y1 - y0) / length, -(x1 - x0) / length
        back = [(x0 + nx * 140, y0 + ny * 140, 0.6), (x1 + nx * 140, y1 + ny * 140, 0.6)]
        wall.add([(x0, y0, -2.4), (x1, y1, -2.4), (x1, y1, 0.6), (x0, y0, 0.6), *back], [(0, 1, 2, 3), (3, 2, 5, 4)])
        for d in np.arange(0, length, 8.0):
            x, y = x0 + (x1 - x0) * d / length, y0 + (y1 - y0) * d / length
            for off, often, low, high in ((4.5, 0.72, 0.75, 1.25), (13, 0.75, 0.9, 1.6), (24, 0.5, 1.0, 1.7)):
                away, size = off + rng.uniform(-2, 2), rng.uniform(low, high)
                if rng.random() < often:
                    tree = stage.trees[int(rng.integers(0, 3))]
                    thing = put(
                        "far_tree", tree, (x + nx * away + rng.uniform(-2, 2), y + ny * away, 0.3), rng.uniform(0, 6.28)
                    )
                    thing.scale = (size * rng.uniform(0.9, 1.3), size * rng.uniform(0.9, 1.3), size)
            away = rng.uniform(2, 8)
            bush = put("far_shrub", shrubs[int(d) // 8 % 2], (x + nx * away, y + ny * away, 0.5), rng.uniform(0, 6.28))
            bush.scale = (rng.uniform(0.9, 1.9),) * 3
    quay, t = material("far_quay")
    t.surface(hazed(t, t.principled((0.15, 0.14, 0.12, 1), 0.9), stage.air, 1500))
    put("far_quay", wall.mesh("far_quay", [quay]), (0, 0, 0))


def sun_direction(stage: Stage) -> Vector:
    """Returns the unit vector towards the sun."""
    el, az = (math.radians(v) for v in stage.plan.sun)
    return Vector((math.sin(az) * math.cos(el), math.cos(az) * math.cos(el), math.sin(el)))


def set_sky(stage: Stage) -> None:
    """Sets the sky of the light, and the sun by day."""
    world = bpy.data.worlds.new("sky")
    stage.scene.world, world.use_nodes = world, True
    t = NodeTree(world.node_tree)
    way = t.node("TexCoord").outputs["Generated"]
    if stage.air.name == "day":
        colour, strength = _day_sky(stage, t, way), 0.16
        sun = bpy.data.lights.new("sun", "SUN")
        sun.energy, sun.angle, sun.color = 4.8, math.radians(0.8), (1.0, 0.93, 0.82)
        thing = bpy.data.objects.new("sun", sun)
        thing.rotation_euler = sun_direction(stage).to_track_quat("Z", "Y").to_euler()
        stage.scene.collection.objects.link(thing)
    else:
        z = t.node("SeparateXYZ", {0: way}).outputs[2]
        dusk = [(0.0, (0.40, 0.26, 0.22)), (0.10, (0.26, 0.24, 0.32)), (0.5, (0.07, 0.11, 0.23))]
        night = [(0.0, (0.10, 0.072, 0.055)), (0.2, (0.030, 0.028, 0.036)), (0.6, (0.010, 0.013, 0.022))]
        colour, strength = (t.ramp(z, dusk), 0.60) if stage.air.name == "dusk" else (t.ramp(z, night), 0.95)
    t.node("OutputWorld", {0: t.node("Background", {0: colour, 1: strength})})
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 256


def _day_sky(stage: Stage, t: NodeTree, way: bpy.types.NodeSocket) -> bpy.types.NodeSocket:
    """Returns a blue sky with clouds that differ from walk to walk."""
    el, az = (math.radians(v) for v in stage.plan.sun)
    clear = t.node("TexSky", sky_type="NISHITA", sun_disc=False, sun_elevation=el, sun_rotation=az, dust_density=2.2)
    x, y, z = t.node("SeparateXYZ", {0: way}).outputs
    up = t.math("ADD", t.math("MAXIMUM", z, 0.0), 0.12)
    at = t.node("CombineXYZ", {0: t.math("DIVIDE", x, up), 1: t.math("DIVIDE", y, up), 2: float(stage.plan.seed % 97)})
    cloud = t.noise(at.outputs[0], 0.55, 4, 0.58)
    grey = t.mix(t.ramp(cloud, [(0.5, 0.0), (0.75, 1.0)]), (5.2, 5.4, 5.8, 1), (3.2, 3.4, 3.8, 1))
    return t.mix(t.ramp(cloud, [(0.46, 0.0), (0.62, 0.85)]), clear.outputs[0], grey)

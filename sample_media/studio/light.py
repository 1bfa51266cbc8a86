"""Sky, sun and dusk."""

import math
from typing import Any

import bpy
from mathutils import Vector

from sample_media.studio.nodes import NodeTree
from sample_media.studio.plan import Light
from sample_media.studio.stage import Stage


def sun_direction(light: Light) -> Vector:
    """Returns the unit vector towards the sun."""
    az, el = math.radians(light.sun_azimuth), math.radians(light.sun_elevation)
    return Vector((math.sin(az) * math.cos(el), math.cos(az) * math.cos(el), math.sin(el)))


def set_sky(stage: Stage) -> None:
    """Sets the world and, on a clear day, the sun."""
    light = stage.plan.light
    world = bpy.data.worlds.new("sky")
    stage.scene.world = world
    world.use_nodes = True
    t = NodeTree(world.node_tree)
    axes = t.node("SeparateXYZ", {0: t.node("TexCoord").outputs["Generated"]}).outputs
    if light.mode in ("day", "overcast"):
        cloud = _clouds(t, axes, light.cloud_seed)
        if light.mode == "day":
            colour, strength = _clear(t, cloud, light), 0.16
            _sun(stage)
        else:
            colour, strength = t.ramp(cloud, [(0.3, (0.62, 0.65, 0.70)), (0.7, (0.95, 0.96, 0.98))]), 0.95
    elif light.mode == "dusk":
        # The upper sky lights lawns and crowns; the camera sees only the rim of it.
        stops = [(0.0, (0.40, 0.26, 0.22)), (0.10, (0.26, 0.24, 0.32)), (0.5, (0.17, 0.22, 0.36))]
        colour, strength = t.ramp(axes[2], stops), 0.75
    else:
        stops = [(0.0, (0.10, 0.072, 0.055)), (0.2, (0.030, 0.028, 0.036)), (0.6, (0.010, 0.013, 0.022))]
        colour, strength = t.ramp(axes[2], stops), 1.3
    t.node("OutputWorld", {0: t.node("Background", {0: colour, 1: strength})})
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 256


def _clouds(t: NodeTree, axes: Any, seed: float) -> Any:
    flat = t.math("ADD", t.math("MAXIMUM", axes[2], 0.0), 0.12)
    at = t.node("CombineXYZ", {0: t.math("DIVIDE", axes[0], flat), 1: t.math("DIVIDE", axes[1], flat), 2: seed})
    return t.noise(at.outputs[0], 0.55, 4, 0.58)


def _clear(t: NodeTree, cloud: Any, light: Light) -> Any:
    sky = t.node(
        "TexSky",
        sky_type="NISHITA",
        sun_disc=False,
        sun_elevation=math.radians(light.sun_elevation),
        sun_rotation=math.radians(light.sun_azimuth),
        air_density=1.0,
        dust_density=2.2,
        ozone_density=1.0,
    )
    cover = t.ramp(cloud, [(0.46, 0.0), (0.62, 0.85)])
    body = t.mix(t.ramp(cloud, [(0.5, 0.0), (0.75, 1.0)]), (5.2, 5.4, 5.8, 1), (3.2, 3.4, 3.8, 1))
    return t.mix(cover, sky.outputs[0], body)


def _sun(stage: Stage) -> None:
    high = min(1.0, stage.plan.light.sun_elevation / 40)
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle = 4.8 * (0.55 + 0.45 * high), math.radians(0.8)
    sun.color = (1.0, 0.80 + 0.13 * high, 0.58 + 0.24 * high)
    thing = bpy.data.objects.new("sun", sun)
    thing.rotation_euler = sun_direction(stage.plan.light).to_track_quat("Z", "Y").to_euler()
    stage.scene.collection.objects.link(thing)

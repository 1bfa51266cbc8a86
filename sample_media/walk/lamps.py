"""Lamps of three makes: a lantern, a globe, an arm with a flat head. Each is a column and a glass that may burn."""

import math

import bpy
from mathutils import Euler, Vector

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import glow, plain
from sample_media.walk.indices import GLASS, LAMP
from sample_media.walk.plan import ARM
from sample_media.walk.stage import Stage, Thing

WARM = (1.0, 0.76, 0.46)
GLOW = (1.0, 0.66, 0.34)


def _column(stage: Stage, top: float | None = None) -> bpy.types.Mesh:
    """Returns the column with what carries the glass; or, below a broken top, its stump alone."""
    made, h = MeshBuilder(), stage.plan.lamp_height
    foot = [(0.0, 0.0), (0.17, 0.0), (0.17, 0.06), (0.125, 0.12), (0.115, 0.55), (0.095, 0.62), (0.068, 0.70)]
    if top is not None:
        foot = [p for p in foot if p[1] < top]
        made.lathe([*foot, (0.06, top), (0.0, top - 0.03)], 20)
        return made.mesh("stump", [stage.materials["iron"]])
    {"lantern": _lantern, "globe": _globe, "arm": _arm}[stage.plan.lamp_make](made, h, foot)
    return made.mesh("lamp", [stage.materials["iron"]])


def _lantern(made: MeshBuilder, h: float, foot: list[tuple[float, float]]) -> None:
    z = h - 0.73
    neck = [(0.055, 0.03), (0.055, 0.11), (0.03, 0.15), (0.06, 0.21), (0.13, 0.25), (0.135, 0.28), (0.0, 0.28)]
    made.lathe([*foot, (0.058, 1.4), (0.043, z - 0.55), (0.043, z - 0.28), *((r, z - 0.28 + dz) for r, dz in neck)], 20)
    for k in range(4):
        a = math.pi / 4 + k * math.pi / 2
        ends = [(r * math.cos(a), r * math.sin(a), at) for r, at in ((0.125, z), (0.205, z + 0.46))]
        made.tube(ends, [0.009, 0.009], 5)
    cap = [
        (0.0, 0.45),
        (0.27, 0.45),
        (0.275, 0.47),
        (0.20, 0.53),
        (0.07, 0.61),
        (0.03, 0.65),
        (0.028, 0.72),
        (0.0, 0.73),
    ]
    made.lathe([(r, z + dz) for r, dz in cap], 20)


def _globe(made: MeshBuilder, h: float, foot: list[tuple[float, float]]) -> None:
    collar = [(0.05, h - 0.62), (0.09, h - 0.58), (0.12, h - 0.50), (0.0, h - 0.50)]
    made.lathe([*foot, (0.056, 1.4), (0.045, h - 0.7), *collar], 20)
    made.lathe([(0.0, h - 0.02), (0.10, h - 0.02), (0.06, h + 0.03), (0.0, h + 0.06)], 16)


def _arm(made: MeshBuilder, h: float, foot: list[tuple[float, float]]) -> None:
    made.lathe([*foot, (0.062, 1.4), (0.045, h - 0.05), (0.0, h)], 20)
    made.tube([(0, 0, h - 0.35), (0.25, 0, h - 0.08), (0.55, 0, h), (ARM, 0, h)], [0.03, 0.03, 0.03, 0.03], 8)
    made.box((ARM + 0.12, 0, h), (0.74, 0.32, 0.10), bevel=0.02)


def _glass(stage: Stage, surface: bpy.types.Material) -> bpy.types.Mesh:
    made, h = MeshBuilder(), stage.plan.lamp_height
    if stage.plan.lamp_make == "lantern":
        z = h - 0.73
        made.lathe([(0.0, z + 0.005), (0.105, z + 0.005), (0.185, z + 0.445), (0.0, z + 0.445)], 16)
    elif stage.plan.lamp_make == "globe":
        made.ellipsoid((0, 0, h - 0.27), (0.25, 0.25, 0.25), sides=20, rows=14)
    else:
        made.ellipsoid((ARM + 0.14, 0, h - 0.045), (0.30, 0.13, 0.10), sides=18, rows=10)
    return made.mesh("glass", [surface])


def burning(stage: Stage) -> bpy.types.Material:
    """Returns glass that shines, by day as bright as at dusk twice."""
    return glow("burning", GLOW, stage.air.glass or 26.0)


def dark_glass(stage: Stage) -> bpy.types.Material:
    """Returns glass with no light in it."""
    pale = stage.air.name == "day"
    return plain("glass", (0.55, 0.55, 0.52) if pale else (0.10, 0.10, 0.10), 0.12)


def facing(stage: Stage, s: float) -> float:
    """Returns how a lamp at s is turned: its arm reaches over the walk."""
    return stage.plan.course.heading(s) + (math.pi if stage.plan.lamp_side > 0 else 0.0)


def _light(stage: Stage, kind: str, watts: float, at: Vector) -> bpy.types.Object:
    data = bpy.data.lights.new("lamp", kind)
    data.energy, data.color, data.shadow_soft_size = watts, WARM, 0.12
    if kind == "SPOT":
        data.spot_size, data.spot_blend = math.radians(122), 0.75
    thing = bpy.data.objects.new("lamp_light", data)
    thing.location = at
    stage.scene.collection.objects.link(thing)
    return thing


def raise_lamps(stage: Stage) -> None:
    """Puts the lamps, burning in the light that asks for it."""
    lit = stage.air.watts > 0
    column, glass = _column(stage), _glass(stage, burning(stage) if lit else dark_glass(stage))
    for i, place in enumerate(stage.plan.lamps):
        at, turn = stage.at(place.s, place.t, 0.015), facing(stage, place.s)
        parts = [
            put(f"lamp_{i}", column, at, turn, LAMP + i),
            put(f"glass_{i}", glass, at, turn, GLASS + i),
        ]
        parts[1].visible_shadow = False
        thing = stage.things[f"lamp_{i}"] = Thing("street_light", parts)
        if lit:
            parts[1].visible_diffuse = False
            thing.lights = _lights(stage, at, turn)


def _lights(stage: Stage, at: Vector, turn: float) -> list[bpy.types.Object]:
    """Puts a pool of light on the paving and a little that spills all round."""
    h, watts = stage.plan.lamp_height, stage.air.watts
    if stage.plan.lamp_make == "arm":
        head = at + Euler((0, 0, turn)).to_matrix() @ Vector((ARM + 0.14, 0, h - 0.16))
        return [_light(stage, "SPOT", watts * 4.2, head), _light(stage, "POINT", watts * 0.18, head)]
    spill = 0.9 if stage.plan.lamp_make == "globe" else 0.38
    top, low = at + Vector((0, 0, h - 0.34)), at + Vector((0, 0, h - 0.48))
    return [_light(stage, "SPOT", watts * 2.6, top), _light(stage, "POINT", watts * spill, low)]


def stump(stage: Stage, top: float) -> bpy.types.Mesh:
    """Returns what is left of a column that broke off at a height in metres."""
    return _column(stage, top)

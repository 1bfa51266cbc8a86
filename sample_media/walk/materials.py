"""Surfaces of the walk: paving, lawn, leaves, bark, wood, water and house fronts."""

from dataclasses import dataclass
from typing import Any

import bpy

from sample_media.studio.materials import wood
from sample_media.studio.nodes import Colour, NodeTree, material, plain


@dataclass(frozen=True)
class Air:
    """One light of the day: exposure in stops, haze, how many windows and whether the lamps burn, and how bright."""

    name: str
    exposure: float
    haze: Colour
    haze_strength: float
    windows: float = 0.0
    windows_lit: float = 0.0
    glass: float = 0.0
    watts: float = 0.0


AIRS = {
    "day": Air("day", 0.62, (0.60, 0.70, 0.84), 0.70),
    "dusk": Air("dusk", 2.1, (0.16, 0.19, 0.30), 0.22, 0.40, 0.13, 12.0, 150.0),
    "night": Air("night", 2.55, (0.05, 0.045, 0.05), 0.05, 0.26, 0.085, 30.0, 300.0),
}


def hazed(t: NodeTree, shader: Any, air: Air, reach: float) -> Any:
    """Mixes a far thing's shader towards the sky's colour by distance (reach in metres)."""
    far = t.math("POWER", 2.718, t.math("MULTIPLY", t.node("LightPath").outputs["Ray Length"], -1.0 / reach))
    sky = t.node("Emission", {0: (*air.haze, 1), 1: air.haze_strength})
    return t.node("MixShader", {0: t.math("SUBTRACT", 1.0, far), 1: shader, 2: sky})


def _bricks(t: NodeTree, at: Any, dark: Colour, pale: Colour, mortar: Colour, size: tuple[float, float]) -> Any:
    ins = {"Vector": at, "Color1": (*dark, 1), "Color2": (*pale, 1), "Mortar": (*mortar, 1), "Scale": 1.0}
    ins |= {"Mortar Size": 0.0085, "Mortar Smooth": 0.3, "Bias": 0.0, "Brick Width": size[0], "Row Height": size[1]}
    return t.node("TexBrick", ins, offset=0.5)


def paving(half: float, tint: Colour, slab: tuple[float, float]) -> bpy.types.Material:
    """Returns slabs with a darker border, stains, moss and hairlines; the attribute ``broken`` bares the bedding."""
    made, t = material("paving")
    at, uv = t.position(), t.node("UVMap", uv_map="UVMap").outputs[0]
    across = t.node("SeparateXYZ", {0: uv}).outputs[1]
    bent = t.node("TexNoise", {"Vector": at, "Scale": 0.6, "Detail": 2.0}).outputs["Color"]
    warped = t.node("VectorMath", {0: bent, 1: (0.03, 0.03, 0), 2: uv}, operation="MULTIPLY_ADD").outputs[0]
    shades = [tuple(c * k for c in tint) for k in (0.235, 0.315)]
    slabs = _bricks(t, warped, shades[0], shades[1], (0.095, 0.088, 0.078), slab)
    border = _bricks(t, warped, (0.115, 0.112, 0.11), (0.165, 0.158, 0.15), (0.06, 0.056, 0.05), (0.22, 0.14))
    edge = t.math("ABSOLUTE", across)
    colour = t.mix(t.math("GREATER_THAN", edge, half - 0.42), slabs.outputs[0], border.outputs[0])
    for scale, detail, rough, low, high in (
        (0.22, 2, 0.6, 0.72, 1.12),
        (1.7, 3, 0.65, 0.78, 1.08),
        (38, 1, 0.7, 0.85, 1.12),
    ):
        colour = t.times(colour, t.ramp(t.noise(at, scale, detail, rough), [(0.31, low), (0.66, high)]))
    worn = t.mapped(t.math("ADD", edge, t.math("MULTIPLY", t.noise(at, 0.5, 1), 1.4)), (0.6, 3.2), (1.1, 0.84))
    colour = t.times(colour, t.node("CombineColor", {0: worn, 1: worn, 2: worn}).outputs[0])
    damp = t.math("ADD", t.math("MULTIPLY", across, -1.0), t.math("MULTIPLY", t.noise(at, 2.2, 2, 0.7), 1.3))
    colour = t.mix(t.mapped(damp, (half + 0.15, half + 0.7), (0.0, 0.8)), colour, (0.055, 0.06, 0.028, 1))
    gum = t.math("LESS_THAN", t.node("TexVoronoi", {"Vector": at, "Scale": 1.9}).outputs[0], 0.05)
    colour = t.mix(t.math("MULTIPLY", gum, 0.6), colour, (0.06, 0.058, 0.055, 1))
    crack = _hairlines(t, at)
    colour = t.mix(t.math("MULTIPLY", crack, 0.75), colour, (0.04, 0.037, 0.033, 1))
    grain = t.math("MULTIPLY", t.noise(at, 55.0, 1), 0.35)
    height = t.math("SUBTRACT", t.math("ADD", t.math("MULTIPLY", slabs.outputs[1], -0.7), grain), crack)
    rough = t.mapped(t.noise(at, 1.2, 1), (0.3, 0.7), (0.62, 0.88))
    sound = t.principled(colour, rough, Normal=t.bump(height, 0.35, 0.012), Specular_IOR_Level=0.35)
    bared = t.node("Attribute", attribute_name="broken", attribute_type="GEOMETRY").outputs["Fac"]
    t.surface(t.node("MixShader", {0: bared, 1: sound, 2: _bedding(t, at)}))
    return made


def _hairlines(t: NodeTree, at: Any) -> Any:
    bent = t.node("TexNoise", {"Vector": at, "Scale": 1.4, "Detail": 3.0}).outputs["Color"]
    warped = t.node("VectorMath", {0: bent, 1: (0.9, 0.9, 0), 2: at}, operation="MULTIPLY_ADD").outputs[0]
    edge = t.node("TexVoronoi", {"Vector": warped, "Scale": 0.33}, feature="DISTANCE_TO_EDGE").outputs[0]
    return t.math("MULTIPLY", t.math("LESS_THAN", edge, 0.0045), t.math("GREATER_THAN", t.noise(at, 0.3, 2), 0.52))


def _bedding(t: NodeTree, at: Any) -> Any:
    earth = [(0.25, (0.035, 0.028, 0.02)), (0.5, (0.10, 0.078, 0.052)), (0.75, (0.20, 0.165, 0.12))]
    colour = t.ramp(t.noise(at, 14.0, 6, 0.7), earth)
    return t.principled(colour, 0.95, Specular_IOR_Level=0.1, Normal=t.bump(t.noise(at, 22.0, 6, 0.7), 0.8, 0.03))


def lawn() -> bpy.types.Material:
    """Returns mown grass seen from afar, here and there dry."""
    made, t = material("lawn")
    at = t.position()
    tones = [(0.3, (0.045, 0.070, 0.018)), (0.52, (0.078, 0.112, 0.028)), (0.75, (0.150, 0.142, 0.058))]
    colour = t.times(
        t.ramp(t.noise(at, 0.35, 5, 0.65), tones), t.ramp(t.noise(at, 9.0, 5, 0.7), [(0.3, 0.55), (0.7, 1.35)])
    )
    bump = t.bump(t.noise(at, 30.0, 5, 0.8), 1.0, 0.06)
    t.surface(t.principled(colour, 0.9, Normal=bump, Specular_IOR_Level=0.15))
    return made


def foliage(name: str, tones: tuple[Colour, Colour, Colour], through: float = 0.42, gloss: float = 0.035) -> Any:
    """Returns leaves that let light through, their colour varied leaf by leaf and in clumps."""
    made, t = material(name)
    leaf = t.node("Attribute", attribute_name="lv", attribute_type="GEOMETRY").outputs["Fac"]
    clump = t.math("MULTIPLY", t.math("SUBTRACT", t.noise(t.position(), 0.5, 3), 0.25), 0.8)
    mixed = t.math("ADD", t.math("MULTIPLY", leaf, 0.6), clump, clamp=True)
    colour = t.ramp(mixed, [(0.1, tones[0]), (0.5, tones[1]), (0.95, tones[2])])
    lit = t.node("BsdfTranslucent", {0: t.times(colour, (1.25, 1.35, 0.55, 1))})
    body = t.node("MixShader", {0: through, 1: t.node("BsdfDiffuse", {0: colour}), 2: lit})
    shine = t.node("BsdfGlossy", {0: (0.8, 0.85, 0.9, 1), 1: 0.38})
    t.surface(t.node("MixShader", {0: gloss, 1: body, 2: shine}))
    return made


def bark(name: str, dark: Colour, pale: Colour) -> bpy.types.Material:
    """Returns furrowed bark."""
    made, t = material(name)
    at = t.object_position()
    furrow = t.noise(t.node("Mapping", {"Vector": at, "Scale": (9.0, 9.0, 1.6)}).outputs[0], 1.6, 8, 0.7, 0.6)
    patch = t.ramp(t.noise(at, 2.2, 4), [(0.5, 0.0), (0.62, 0.45)])
    colour = t.mix(patch, t.ramp(furrow, [(0.3, dark), (0.62, pale)]), (*[x * 1.5 for x in pale], 1))
    t.surface(t.principled(colour, 0.9, Normal=t.bump(furrow, 0.9, 0.03), Specular_IOR_Level=0.2))
    return made


def river(air: Air) -> bpy.types.Material:
    """Returns moving water."""
    made, t = material("river")
    at = t.position()
    way = t.node("Mapping", {"Vector": at, "Scale": (1.0, 0.55, 1.0), "Rotation": (0, 0, 0.4)}).outputs[0]
    wave = t.math(
        "ADD", t.math("MULTIPLY", t.noise(way, 0.35, 2), 1.4), t.math("MULTIPLY", t.noise(way, 1.6, 4, 0.6), 0.5)
    )
    colour = t.ramp(t.noise(at, 0.03, 3), [(0.3, (0.020, 0.030, 0.024)), (0.7, (0.035, 0.046, 0.036))])
    t.surface(hazed(t, t.principled(colour, 0.10, IOR=1.33, Normal=t.bump(wave, 0.55, 0.25)), air, 1400))
    return made


def facade(k: int, wall: Colour, glass: Colour, pitch: tuple[float, float], air: Air) -> bpy.types.Material:
    """Returns a house front with rows of windows, some of them lit after dark."""
    made, t = material(f"facade{k}")
    at = t.object_position()
    x, y, z = t.node("SeparateXYZ", {0: at}).outputs
    u, v = t.math("DIVIDE", t.math("ADD", x, y), pitch[0]), t.math("DIVIDE", z, pitch[1])
    pane: Any = t.math(
        "LESS_THAN",
        t.math("ABSOLUTE", t.node("SeparateXYZ", {0: t.node("NewGeometry").outputs["Normal"]}).outputs[2]),
        0.5,
    )
    for part, low in ((t.math("FRACT", u), 0.22), (t.math("FRACT", v), 0.28)):
        pane = t.math(
            "MULTIPLY", pane, t.math("MULTIPLY", t.math("GREATER_THAN", part, low), t.math("LESS_THAN", part, 0.8))
        )
    house = t.math("ADD", t.node("ObjectInfo").outputs["Random"], float(k))
    cell = t.node("CombineXYZ", {0: t.math("FLOOR", u), 1: t.math("FLOOR", v), 2: house})
    drawn = t.node("TexWhiteNoise", {"Vector": cell}, noise_dimensions="3D").outputs[0]
    stained = t.times((*wall, 1), t.ramp(t.noise(at, 0.12, 4), [(0.3, 0.8), (0.7, 1.1)]))
    panes = t.mix(drawn, (*[g * 0.5 for g in glass], 1), (*[g * 1.6 for g in glass], 1))
    shader = t.principled(t.mix(pane, stained, panes), t.mapped(pane, (0, 1), (0.85, 0.15)))
    if air.windows:
        on = t.math("MULTIPLY", pane, t.math("LESS_THAN", drawn, air.windows_lit))
        warm = t.mix(t.math("FRACT", t.math("MULTIPLY", drawn, 37.0)), (1.0, 0.62, 0.28, 1), (0.75, 0.85, 1.0, 1))
        shine = t.node("Emission", {0: warm, 1: t.math("MULTIPLY", on, air.windows)})
        shader = t.node("AddShader", {0: shader, 1: shine})
    t.surface(hazed(t, shader, air, 1500))
    made.cycles.emission_sampling = "NONE"
    return made


def puddle() -> tuple[bpy.types.Material, bpy.types.Material]:
    """Returns standing water and the wet rim round it."""
    water, t = material("puddle")
    at = t.position()
    fresnel = t.node("Fresnel", {0: 1.33, "Normal": t.bump(t.noise(at, 5.0, 2), 0.03, 0.02)}).outputs[0]
    mirror = t.node("BsdfGlossy", {0: (1, 1, 1, 1), 1: 0.012, "Normal": t.bump(t.noise(at, 3.0, 2), 0.04, 0.02)})
    under = t.node("BsdfTransparent", {0: (0.27, 0.25, 0.22, 1)})
    t.surface(t.node("MixShader", {0: t.math("MULTIPLY", fresnel, 1.1, clamp=True), 1: under, 2: mirror}))
    rim, t = material("wet_rim")
    under, shine = t.node("BsdfTransparent", {0: (0.55, 0.53, 0.5, 1)}), t.node("BsdfGlossy", {0: (1, 1, 1, 1), 1: 0.3})
    t.surface(t.node("MixShader", {0: 0.03, 1: under, 2: shine}))
    return water, rim


def palette(air: Air, half: float, tint: Colour, slab: tuple[float, float]) -> dict[str, bpy.types.Material]:
    """Returns the surfaces that most things of a walk share."""
    return {
        "paving": paving(half, tint, slab),
        "lawn": lawn(),
        "river": river(air),
        "wood": wood(),
        "iron": plain("iron", (0.018, 0.022, 0.021), 0.42, 0.35, vary=0.4),
        "bin": plain("bin", (0.022, 0.045, 0.033), 0.45, 0.2, vary=0.3),
        "kerb": plain("kerb", (0.25, 0.24, 0.225), 0.85, vary=0.35, bump=0.4),
        "concrete": plain("concrete", (0.23, 0.22, 0.205), 0.9, vary=0.45, bump=0.5, bump_scale=12),
        "cover": plain("cover", (0.06, 0.058, 0.055), 0.55, 0.6, vary=0.5, bump=0.8, bump_scale=60),
        "mulch": plain("mulch", (0.055, 0.038, 0.026), 0.95, vary=0.5, bump=1.0, bump_scale=30),
        "black": plain("black", (0.012, 0.012, 0.014), 0.28),
        "white": plain("white", (0.62, 0.62, 0.6), 0.4),
        "blue": plain("blue", (0.03, 0.10, 0.28), 0.35),
        "card": plain("card", (0.30, 0.20, 0.11), 0.9, vary=0.2),
        "paper": plain("paper", (0.75, 0.74, 0.70), 0.8),
        "can": plain("can", (0.55, 0.05, 0.04), 0.3, 0.6),
        "orange": plain("orange", (0.62, 0.13, 0.02), 0.5),
        "heartwood": plain("heartwood", (0.42, 0.29, 0.16), 0.9, vary=0.4),
        "slab": plain("slab", (0.29, 0.275, 0.25), 0.9, vary=0.4, bump=0.5, bump_scale=30),
        "bark": bark("bark", (0.028, 0.021, 0.016), (0.115, 0.092, 0.072)),
        "deadbark": bark("deadbark", (0.05, 0.043, 0.038), (0.17, 0.155, 0.14)),
        "leaf0": foliage("leaf0", ((0.026, 0.056, 0.011), (0.060, 0.112, 0.020), (0.120, 0.165, 0.034))),
        "leaf1": foliage("leaf1", ((0.032, 0.062, 0.014), (0.074, 0.118, 0.025), (0.150, 0.172, 0.042))),
        "leaf2": foliage("leaf2", ((0.020, 0.050, 0.014), (0.044, 0.094, 0.022), (0.092, 0.142, 0.036))),
        "grass": foliage("grass", ((0.040, 0.072, 0.015), (0.085, 0.130, 0.027), (0.20, 0.20, 0.07)), 0.35, 0.05),
        "deadleaf": foliage("deadleaf", ((0.10, 0.05, 0.015), (0.20, 0.11, 0.03), (0.28, 0.20, 0.06)), 0.15),
    }

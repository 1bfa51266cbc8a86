"""Paving, lawn, foliage, bark, wood, water and haze."""

from dataclasses import dataclass
from typing import Any

import bpy

from sample_media.studio.nodes import Colour, NodeTree, material
from sample_media.studio.plan import Plan


@dataclass(frozen=True)
class Air:
    """What distance does to colour, and how bright the picture is exposed."""

    mode: str
    haze: Colour
    strength: float
    length: float
    window_strength: float
    windows_lit: float
    exposure: float


AIR = {
    "day": Air("day", (0.60, 0.70, 0.84), 0.70, 1500, 0, 0, 0.62),
    "overcast": Air("day", (0.70, 0.74, 0.78), 0.70, 1500, 0, 0, 0.90),
    "dusk": Air("dusk", (0.16, 0.19, 0.30), 0.22, 1500, 0.40, 0.13, 2.1),
    "night": Air("night", (0.05, 0.045, 0.05), 0.05, 1800, 0.26, 0.085, 2.55),
}


def hazed(t: NodeTree, shader: Any, air: Air, length: float | None = None) -> Any:
    """Returns a shader that fades to the haze with distance; a fog volume would cost a fifth more."""
    ray = t.node("LightPath").outputs["Ray Length"]
    far = t.math("SUBTRACT", 1.0, t.math("POWER", 2.718, t.math("MULTIPLY", ray, -1.0 / (length or air.length))))
    return t.node("MixShader", {0: far, 1: shader, 2: t.node("Emission", {0: (*air.haze, 1), 1: air.strength})})


def _laid(t: NodeTree, plan: Plan, at: Any, uv: Any, tinted: Any) -> tuple[Any, Any]:
    """Returns colour and height of slabs or bricks, warped a little so that joints are not ruler-straight."""
    wander = t.node("TexNoise", {"Vector": at, "Scale": 0.6, "Detail": 2.0}).outputs["Color"]
    warp = t.node("VectorMath", {0: wander, 1: (0.03, 0.03, 0), 2: uv}, operation="MULTIPLY_ADD").outputs[0]
    colours, width, height, joint = ((0.235, 0.222, 0.205), (0.315, 0.30, 0.277)), *plan.slab, 0.0085
    if plan.surface == "brick":
        colours, width, height, joint = ((0.20, 0.115, 0.08), (0.29, 0.17, 0.12)), 0.21, 0.10, 0.006
    ins = {"Vector": warp, "Color1": tinted(colours[0]), "Color2": tinted(colours[1]), "Scale": 1.0, "Bias": 0.0}
    ins |= {"Mortar": tinted((0.095, 0.088, 0.078)), "Mortar Size": joint, "Mortar Smooth": 0.3}
    brick = t.node("TexBrick", ins | {"Brick Width": width, "Row Height": height}, offset=0.5)
    return brick.outputs[0], t.math("MULTIPLY", brick.outputs[1], -0.7)


def paving(plan: Plan, name: str = "paving") -> bpy.types.Material:
    """Returns the walk's surface; where the mesh attribute 'broken' is 1 it shows its sandy bed."""
    made, t = material(name)
    uv, at = t.node("UVMap", uv_map="UVMap").outputs[0], t.position()
    across = t.node("SeparateXYZ", {0: uv}).outputs[1]
    value, warm = plan.tint

    def tinted(c: Colour) -> Colour:
        return (c[0] * value * (1 + warm), c[1] * value, c[2] * value * (1 - warm), 1)

    height = t.math("MULTIPLY", t.noise(at, 55.0, 1), 0.35)
    if plan.surface in ("slabs", "brick"):
        colour, joints = _laid(t, plan, at, uv, tinted)
        height = t.math("ADD", height, joints)
    elif plan.surface == "asphalt":
        grain = t.ramp(t.noise(at, 60.0, 3, 0.8), [(0.3, (0.045, 0.045, 0.047)), (0.7, (0.12, 0.118, 0.115))])
        colour = t.times(grain, tinted((1, 1, 1)))
    else:
        grain = t.ramp(t.noise(at, 34.0, 4, 0.8), [(0.3, (0.13, 0.105, 0.075)), (0.7, (0.36, 0.31, 0.24))])
        colour = t.times(grain, tinted((1, 1, 1)))
    for scale, detail, rough, stops in (
        (0.22, 2, 0.6, [(0.32, 0.72), (0.62, 1.12)]),
        (1.7, 3, 0.65, [(0.3, 0.78), (0.65, 1.08)]),
        (38.0, 1, 0.7, [(0.3, 0.85), (0.7, 1.12)]),
    ):
        colour = t.times(colour, t.ramp(t.noise(at, scale, detail, rough), stops))
    spots = t.node("TexVoronoi", {"Vector": at, "Scale": 1.9}).outputs[0]
    colour = t.mix(t.math("MULTIPLY", t.math("LESS_THAN", spots, 0.05), 0.5), colour, (0.06, 0.058, 0.055, 1))
    edge = t.math("ADD", t.math("MULTIPLY", across, -1.0), t.math("MULTIPLY", t.noise(at, 2.2, 2, 0.7), 1.3))
    moss = t.mapped(edge, (plan.half + 0.15, plan.half + 0.7), (0.0, 0.8))
    colour = t.mix(moss, colour, (0.055, 0.06, 0.028, 1))
    if plan.wet:
        colour = t.times(colour, (*(1 - 0.45 * plan.wet,) * 3, 1))
    rough = t.mapped(t.noise(at, 1.2, 1), (0.3, 0.7), (0.62 - 0.5 * plan.wet, 0.88 - 0.35 * plan.wet))
    relief = (0.7, 0.03) if plan.surface == "gravel" else (0.35, 0.012)
    whole = t.principled(colour, rough, Normal=t.bump(height, *relief), Specular_IOR_Level=0.35)
    broken = t.node("Attribute", attribute_name="broken", attribute_type="GEOMETRY").outputs["Fac"]
    bed = [(0.25, (0.035, 0.028, 0.02)), (0.5, (0.10, 0.078, 0.052)), (0.75, (0.20, 0.165, 0.12))]
    dirt = t.principled(t.ramp(t.noise(at, 14.0, 6, 0.7), bed), 0.95, Specular_IOR_Level=0.1)
    t.set(dirt, "Normal", t.bump(t.noise(at, 22.0, 6, 0.7), 0.8, 0.03))
    t.surface(t.node("MixShader", {0: broken, 1: whole, 2: dirt}))
    return made


def lawn(tint: Colour) -> bpy.types.Material:
    """Returns the ground under the grass blades; its colours are multiplied by a tint."""
    made, t = material("lawn")
    at = t.position()
    patches = [(0.3, (0.045, 0.070, 0.018)), (0.52, (0.078, 0.112, 0.028)), (0.75, (0.150, 0.142, 0.058))]
    colour = t.ramp(t.noise(at, 0.35, 5, 0.65), patches)
    colour = t.times(colour, t.ramp(t.noise(at, 9.0, 5, 0.7), [(0.3, 0.55), (0.7, 1.35)]))
    colour = t.times(colour, (*tint, 1))
    relief = t.bump(t.noise(at, 30.0, 5, 0.8), 1.0, 0.06)
    t.surface(t.principled(colour, 0.9, Normal=relief, Specular_IOR_Level=0.15))
    return made


def foliage(
    name: str, tones: tuple[Colour, Colour, Colour], through: float = 0.42, scale: float = 0.5, gloss: float = 0.035
) -> bpy.types.Material:
    """Returns leaves: diffuse, translucent and a little glossy, varied per leaf and in clumps."""
    made, t = material(name)
    leaf = t.node("Attribute", attribute_name="lv", attribute_type="GEOMETRY").outputs["Fac"]
    clump = t.math("MULTIPLY", t.math("SUBTRACT", t.noise(t.position(), scale, 3), 0.25), 0.8)
    factor = t.math("ADD", t.math("MULTIPLY", leaf, 0.6), clump, clamp=True)
    colour = t.ramp(factor, list(zip((0.1, 0.5, 0.95), tones, strict=True)))
    lit = t.node("BsdfTranslucent", {0: t.times(colour, (1.25, 1.35, 0.55, 1))})
    body = t.node("MixShader", {0: through, 1: t.node("BsdfDiffuse", {0: colour}), 2: lit})
    shine = t.node("BsdfGlossy", {0: (0.8, 0.85, 0.9, 1), 1: 0.38})
    t.surface(t.node("MixShader", {0: gloss, 1: body, 2: shine}))
    return made


def bark(name: str, dark: Colour, light: Colour) -> bpy.types.Material:
    """Returns furrowed bark with lighter patches."""
    made, t = material(name)
    at = t.object_position()
    stretched = t.node("Mapping", {"Vector": at, "Scale": (9.0, 9.0, 1.6)}).outputs[0]
    furrows = t.noise(stretched, 1.6, 8, 0.7, 0.6)
    patch = t.ramp(t.noise(at, 2.2, 4), [(0.5, 0.0), (0.62, 0.45)])
    colour = t.mix(patch, t.ramp(furrows, [(0.3, dark), (0.62, light)]), (*[v * 1.5 for v in light], 1))
    t.surface(t.principled(colour, 0.9, Normal=t.bump(furrows, 0.9, 0.03), Specular_IOR_Level=0.2))
    return made


def bark_of(species: str) -> bpy.types.Material:
    """Returns the bark of a species: pale and streaked across for birches, blotched for planes."""
    if species == "birch":
        return _birch_bark()
    tones = {
        "plane": ((0.085, 0.078, 0.052), (0.225, 0.205, 0.145)),
        "conifer": ((0.030, 0.018, 0.012), (0.100, 0.060, 0.040)),
        "palm": ((0.060, 0.048, 0.036), (0.165, 0.135, 0.105)),
    }
    return bark(species, *tones.get(species, ((0.028, 0.021, 0.016), (0.115, 0.092, 0.072))))


def _birch_bark() -> bpy.types.Material:
    made, t = material("birch")
    at = t.object_position()
    across = t.node("Mapping", {"Vector": at, "Scale": (2.0, 2.0, 11.0)}).outputs[0]
    streaks = t.ramp(t.noise(across, 1.5, 4, 0.6), [(0.50, 0.0), (0.60, 0.9)])
    pale = t.ramp(t.noise(at, 3.0, 3), [(0.3, (0.36, 0.34, 0.31)), (0.7, (0.58, 0.56, 0.52))])
    twig = t.node("Attribute", attribute_name="lv", attribute_type="GEOMETRY").outputs["Fac"]
    colour = t.mix(twig, t.mix(streaks, pale, (0.035, 0.032, 0.03, 1)), (0.045, 0.028, 0.022, 1))
    t.surface(t.principled(colour, 0.8, Specular_IOR_Level=0.2))
    return made


def wood() -> bpy.types.Material:
    """Returns weathered slats."""
    made, t = material("wood")
    grain = t.node("Mapping", {"Vector": t.object_position(), "Scale": (1.5, 30.0, 30.0)}).outputs[0]
    tones = [(0.3, (0.085, 0.045, 0.022)), (0.7, (0.235, 0.135, 0.07))]
    t.surface(t.principled(t.ramp(t.noise(grain, 1.5, 5, 0.6, 0.4), tones), 0.55))
    return made


def water(air: Air) -> bpy.types.Material:
    """Returns a river with small waves."""
    made, t = material("water")
    at = t.position()
    mapping = {"Vector": at, "Scale": (1.0, 0.55, 1.0), "Rotation": (0, 0, 0.4)}
    waves = t.node("Mapping", mapping).outputs[0]
    swell, ripple = (
        t.math("MULTIPLY", t.noise(waves, 0.35, 2), 1.4),
        t.math("MULTIPLY", t.noise(waves, 1.6, 4, 0.6), 0.5),
    )
    colour = t.ramp(t.noise(at, 0.03, 3), [(0.3, (0.020, 0.030, 0.024)), (0.7, (0.035, 0.046, 0.036))])
    body = t.principled(colour, 0.10, IOR=1.33, Normal=t.bump(t.math("ADD", swell, ripple), 0.55, 0.25))
    t.surface(hazed(t, body, air, 1400))
    return made


def puddle(depth: float, ripple: float) -> bpy.types.Material:
    """Returns standing water: dark see-through with a mirror at grazing angles."""
    made, t = material("puddle")
    at = t.position()
    fresnel = t.node("Fresnel", {0: 1.33, "Normal": t.bump(t.noise(at, 5.0, 2), 0.03, 0.02)}).outputs[0]
    below = t.node("BsdfTransparent", {0: (depth, depth * 0.94, depth * 0.85, 1)})
    mirror = t.node("BsdfGlossy", {0: (1, 1, 1, 1), 1: 0.012, "Normal": t.bump(t.noise(at, 3.0, 2), ripple, 0.02)})
    t.surface(t.node("MixShader", {0: t.math("MULTIPLY", fresnel, 1.1, clamp=True), 1: below, 2: mirror}))
    return made


def damp() -> bpy.types.Material:
    """Returns the wet rim round standing water."""
    made, t = material("damp")
    dark, shine = t.node("BsdfTransparent", {0: (0.55, 0.53, 0.5, 1)}), t.node("BsdfGlossy", {0: (1, 1, 1, 1), 1: 0.3})
    t.surface(t.node("MixShader", {0: 0.03, 1: dark, 2: shine}))
    return made

"""What stands far off: buildings, the opposite bank and its trees."""

import itertools
import math

import bpy
import numpy as np

from sample_media.studio.materials import Air, hazed
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import Colour, material
from sample_media.studio.stage import SURFACES, Stage

WALLS: tuple[tuple[Colour, Colour, tuple[float, float]], ...] = (
    ((0.42, 0.38, 0.33), (0.05, 0.06, 0.075), (2.6, 3.3)),
    ((0.30, 0.19, 0.14), (0.05, 0.055, 0.06), (2.1, 3.1)),
    ((0.50, 0.49, 0.47), (0.06, 0.08, 0.10), (3.4, 3.5)),
    ((0.13, 0.16, 0.19), (0.07, 0.10, 0.13), (1.5, 3.6)),
    ((0.36, 0.35, 0.34), (0.045, 0.05, 0.06), (2.8, 3.2)),
    ((0.44, 0.33, 0.24), (0.05, 0.055, 0.065), (2.2, 3.0)),
)
BANK = ((64, 20), (62, 70), (54, 120), (38, 160), (10, 190), (-40, 212))
PARK_EDGE = ((70, -10), (60, 80), (20, 140), (-40, 170))


def facade(name: str, look: tuple[Colour, Colour, tuple[float, float]], air: Air, seed: int) -> bpy.types.Material:
    """Returns a wall with a grid of windows, some of them lit after dark."""
    made, t = material(name)
    wall, glass, pitch = look
    at = t.object_position()
    axes = t.node("SeparateXYZ", {0: at}).outputs
    u = t.math("DIVIDE", t.math("ADD", axes[0], axes[1]), pitch[0])
    v = t.math("DIVIDE", axes[2], pitch[1])
    inside = []
    for part, low, high in ((u, 0.22, 0.80), (v, 0.28, 0.80)):
        within = t.math("FRACT", part)
        inside.append(t.math("MULTIPLY", t.math("GREATER_THAN", within, low), t.math("LESS_THAN", within, high)))
    up = t.node("SeparateXYZ", {0: t.node("NewGeometry").outputs["Normal"]}).outputs[2]
    upright = t.math("LESS_THAN", t.math("ABSOLUTE", up), 0.5)
    window = t.math("MULTIPLY", t.math("MULTIPLY", *inside), upright)
    own = t.math("ADD", t.node("ObjectInfo").outputs["Random"], float(seed))
    cell = t.node("CombineXYZ", {0: t.math("FLOOR", u), 1: t.math("FLOOR", v), 2: own})
    dice = t.node("TexWhiteNoise", {"Vector": cell}, noise_dimensions="3D").outputs[0]
    stained = t.times((*wall, 1), t.ramp(t.noise(at, 0.12, 4), [(0.3, 0.8), (0.7, 1.1)]))
    pane = t.mix(dice, (*[g * 0.5 for g in glass], 1), (*[g * 1.6 for g in glass], 1))
    body = t.principled(t.mix(window, stained, pane), t.mapped(window, (0, 1), (0.85, 0.15)))
    if air.window_strength:
        lit = t.math("MULTIPLY", window, t.math("LESS_THAN", dice, air.windows_lit))
        tone = t.mix(t.math("FRACT", t.math("MULTIPLY", dice, 37.0)), (1.0, 0.62, 0.28, 1), (0.75, 0.85, 1.0, 1))
        shine = t.node("Emission", {0: tone, 1: t.math("MULTIPLY", lit, air.window_strength)})
        body = t.node("AddShader", {0: body, 1: shine})
    t.surface(hazed(t, body, air))
    made.cycles.emission_sampling = "NONE"
    return made


def _building(
    rng: np.random.Generator, look: bpy.types.Material, at: tuple[float, float], size: tuple[float, ...], turn: float
) -> None:
    width, depth, height = size
    block = MeshBuilder()
    block.box((0, 0, height / 2), (width, depth, height))
    if rng.random() < 0.6:
        tall = rng.uniform(2.5, 5)
        x, y = rng.uniform(-width / 5, width / 5), rng.uniform(-depth / 5, depth / 5)
        block.box((x, y, height + tall / 2), (width * rng.uniform(0.25, 0.6), depth * 0.5, tall))
    if rng.random() < 0.5:
        block.box((width * 0.5 * rng.choice([-1, 1]), 0, height * 0.3), (width * 0.7, depth * 0.9, height * 0.6))
    if height > 45 and rng.random() < 0.5:
        block.tube([(0, 0, height), (0, 0, height + 12)], [0.3, 0.1], 5)
    put("building", block.mesh("building", [look], smooth=False), (*at, -0.5), turn, SURFACES["building"])


def skyline(stage: Stage, count: int = 70) -> None:
    """Puts buildings on the horizon, and close behind a street or plaza."""
    rng = np.random.default_rng([stage.plan.seed, 2])
    looks = [facade(f"facade{k}", wall, stage.air, k) for k, wall in enumerate(WALLS)]
    for _ in range(count):
        a = math.radians(rng.uniform(-48, 48))
        d = rng.uniform(200 if a > -0.1 else 140, 600)
        height = rng.uniform(12, 32) + (rng.random() < 0.28) * rng.uniform(15, 60) * (d / 450)
        size = (rng.uniform(16, 36), rng.uniform(12, 24), height)
        _building(rng, looks[int(rng.integers(0, 6))], (d * math.sin(a), d * math.cos(a)), size, rng.uniform(-0.5, 0.5))
    rows = {"street": (stage.plan.half + 18.5, -stage.plan.half - 26), "plaza": (34, -34)}
    for t in rows.get(stage.plan.site, ()):
        s = -12.0
        while s < 150:
            length, height = rng.uniform(14, 24), rng.uniform(9, 19)
            p = stage.course.at(s + length / 2, t + rng.uniform(-1, 1))
            turn = stage.course.heading(s + length / 2)
            _building(rng, looks[int(rng.integers(0, 6))], (p.x, p.y), (12, length, height), turn)
            s += length + rng.uniform(0, 5)


def far_edge(stage: Stage, shrubs: list[bpy.types.Mesh]) -> None:
    """Puts the opposite bank (or the park's edge) with its tree rows."""
    line = BANK if stage.plan.site == "riverside" else PARK_EDGE
    if stage.plan.site == "riverside":
        _quay_wall(stage)
    rng = np.random.default_rng([stage.plan.seed, 3])
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = (y1 - y0) / length, -(x1 - x0) / length
        for d in np.arange(0, length, 8.0):
            for off, chance, low, high in ((4.5, 0.72, 0.75, 1.25), (13, 0.75, 0.9, 1.6), (24, 0.5, 1.0, 1.7)):
                if rng.random() > chance:
                    continue
                f, o, z = d / length + rng.uniform(-3, 3) / length, off + rng.uniform(-2, 2), rng.uniform(low, high)
                at = (x0 + (x1 - x0) * f + nx * o, y0 + (y1 - y0) * f + ny * o, 0.3)
                tree = put("far_tree", stage.trees[int(rng.integers(0, 3))], at, rng.uniform(0, 6.28))
                tree.scale = (z * rng.uniform(0.9, 1.3), z * rng.uniform(0.9, 1.3), z)
                stage.add("far_tree", "tree", [tree], far=True)
            for _ in range(2):
                f, o = d / length, rng.uniform(2, 8)
                at = (x0 + (x1 - x0) * f + nx * o, y0 + (y1 - y0) * f + ny * o, 0.5)
                shrub = put("far_shrub", shrubs[int(rng.integers(0, 2))], at, rng.uniform(0, 6.28), SURFACES["shrub"])
                shrub.scale = (rng.uniform(0.9, 1.9),) * 3


def _quay_wall(stage: Stage) -> None:
    bank = MeshBuilder()
    for (x0, y0), (x1, y1) in itertools.pairwise(BANK):
        length = math.hypot(x1 - x0, y1 - y0)
        dx, dy = (y1 - y0) / length * 140, -(x1 - x0) / length * 140
        verts = [(x0, y0, -2.4), (x1, y1, -2.4), (x1, y1, 0.6), (x0, y0, 0.6)]
        bank.add([*verts, (x0 + dx, y0 + dy, 0.6), (x1 + dx, y1 + dy, 0.6)], [(0, 1, 2, 3), (3, 2, 5, 4)])
    made, t = material("far_bank")
    t.surface(hazed(t, t.principled((0.15, 0.14, 0.12, 1), 0.9), stage.air))
    put("far_bank", bank.mesh("far_bank", [made]), index=SURFACES["hard"])

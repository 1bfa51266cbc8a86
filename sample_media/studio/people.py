"""Walkers: jointed figures built from tapered tubes, posed by the phase of their step."""

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import Colour, plain

SKINS: tuple[Colour, ...] = ((0.45, 0.27, 0.19), (0.30, 0.17, 0.11), (0.55, 0.36, 0.27))
HAIRS: tuple[Colour, ...] = ((0.010, 0.008, 0.007), (0.018, 0.012, 0.009), (0.045, 0.025, 0.014), (0.22, 0.21, 0.20))
# What people wear in the street: most of it is dark, grey, blue or off-white.
TOPS: tuple[Colour, ...] = (
    *((0.012, 0.012, 0.014), (0.035, 0.036, 0.040), (0.010, 0.017, 0.048), (0.16, 0.16, 0.165), (0.60, 0.59, 0.57)),
    *((0.055, 0.095, 0.19), (0.11, 0.013, 0.018), (0.055, 0.055, 0.032), (0.40, 0.33, 0.24), (0.26, 0.35, 0.48)),
    *((0.30, 0.025, 0.022), (0.36, 0.24, 0.06), (0.44, 0.30, 0.31)),
)
LEGS: tuple[Colour, ...] = (
    *((0.030, 0.048, 0.10), (0.012, 0.018, 0.036), (0.011, 0.011, 0.012), (0.25, 0.20, 0.135), (0.085, 0.085, 0.09)),
)
SHOES: tuple[Colour, ...] = ((0.012, 0.011, 0.011), (0.50, 0.49, 0.47), (0.07, 0.035, 0.018))


@dataclass(frozen=True)
class Looks:
    """Clothes and build of one walker; height in metres, breadth a factor on the shoulders."""

    top: Colour
    legs: Colour
    skin: int = 0
    hair: Colour = HAIRS[0]
    height: float = 1.74
    coat: bool = False
    bag: Colour | None = None
    shoes: Colour = SHOES[0]
    breadth: float = 1.0
    long_hair: bool = False
    dress: bool = False
    swing: float = 1.0


def draw_looks(rng: np.random.Generator) -> Looks:
    """Returns the looks of a random passer-by."""

    def one_of(colours: tuple[Colour, ...]) -> Colour:
        tint = rng.uniform(0.8, 1.25) * rng.uniform(0.94, 1.06, 3)
        return tuple(float(v) for v in np.array(colours[int(rng.integers(0, len(colours)))]) * tint)

    woman = rng.random() < 0.5
    coat = bool(rng.random() < 0.3)
    return Looks(
        one_of(TOPS),
        one_of(LEGS),
        int(rng.integers(0, 3)),
        one_of(HAIRS),
        rng.uniform(1.52, 1.72) if woman else rng.uniform(1.64, 1.86),
        coat,
        one_of(TOPS) if rng.random() < 0.35 else None,
        one_of(SHOES),
        rng.uniform(0.86, 0.95) if woman else rng.uniform(0.96, 1.08),
        bool(woman and rng.random() < 0.65),
        bool(woman and not coat and rng.random() < 0.3),
        rng.uniform(0.55, 1.15),
    )


class Walker:
    """One figure in the scene."""

    def __init__(self, name: str, looks: Looks) -> None:
        self.looks = looks
        colours = (looks.top, looks.legs, SKINS[looks.skin], looks.hair, looks.shoes, looks.bag or looks.top)
        self.materials = [plain(f"{name}_{k}", c, 0.75, vary=0.25) for k, c in enumerate(colours)]
        self.thing = put(name, bpy.data.meshes.new(name))

    def pose(self, phase: float) -> None:
        """Sets the figure into the given phase of its step (radians)."""
        looks, body = self.looks, MeshBuilder()
        # The body rises over the standing leg and sways towards it.
        hip = Vector((-0.018 * math.cos(phase), 0, 0.93 + 0.018 * math.cos(2 * phase)))
        for side in (-1, 1):
            own = phase if side > 0 else phase + math.pi
            _leg(body, hip, side, own, bare=looks.dress)
            _arm(body, hip, side, own, looks)
        _torso(body, hip, math.sin(phase), looks)
        _head(body, hip + Vector((0, 0.06, 0.725)), looks.long_hair)
        if looks.bag:
            body.ellipsoid(hip + Vector((0, -0.17, 0.33)), (0.14, 0.085, 0.20), 5, 14, 10)
        old, mesh = self.thing.data, body.mesh(self.thing.name, self.materials)
        mesh.transform(Matrix.Scale(looks.height / 1.74, 4))
        self.thing.data = mesh
        if not old.users:
            bpy.data.meshes.remove(old)


def _head(body: MeshBuilder, head: Vector, long_hair: bool) -> None:
    body.tube([head + Vector((0, -0.035, -0.20)), head + Vector((0, -0.012, -0.06))], [0.062, 0.052], 10, 2)
    body.ellipsoid(head + Vector((0, 0.004, -0.012)), (0.076, 0.094, 0.116), 2, 16, 12)
    body.ellipsoid(head + Vector((0, 0.094, -0.02)), (0.014, 0.02, 0.026), 2, 6, 5)
    body.ellipsoid(head + Vector((0, -0.024, 0.026)), (0.086, 0.096, 0.112), 3, 16, 12)
    if long_hair:
        body.ellipsoid(head + Vector((0, -0.055, -0.10)), (0.092, 0.062, 0.19), 3, 14, 10)


def _leg(body: MeshBuilder, hip: Vector, side: int, phase: float, bare: bool) -> None:
    swing = 0.46 * math.sin(phase)
    bent = 0.12 + 0.62 * max(0.0, math.sin(phase + 1.35)) ** 2 * (1 if math.cos(phase) > -0.2 else 0.55)
    top = hip + Vector((side * 0.088, 0, -0.02))
    knee = top + Vector((-side * 0.012, math.sin(swing), -math.cos(swing))) * 0.43
    shin = swing - bent
    ankle = knee + Vector((-side * 0.012, math.sin(shin), -math.cos(shin))) * 0.42
    ankle.z = max(ankle.z, 0.075)
    line = [top + Vector((0, 0, 0.05)), top.lerp(knee, 0.15), top.lerp(knee, 0.5), knee, knee.lerp(ankle, 0.4)]
    if bare:
        body.tube([*line, ankle], [0.09, 0.088, 0.07, 0.052, 0.055, 0.034], 12, 2)
    else:  # trousers hang straight and end in a hem over the shoe
        body.tube([*line, knee.lerp(ankle, 0.95)], [0.096, 0.100, 0.088, 0.074, 0.073, 0.070], 12, 1)
    toe = ankle + Vector((side * 0.02, 0.165, -0.035 - 0.05 * max(0, -math.sin(shin))))
    foot = [ankle + Vector((0, y, z)) for y, z in ((-0.075, -0.02), (0.02, -0.02), (0.1, -0.04))]
    body.tube([*foot, toe], [0.042, 0.056, 0.05, 0.034], 8, 4)


def _arm(body: MeshBuilder, hip: Vector, side: int, phase: float, looks: Looks) -> None:
    swing = -0.40 * looks.swing * math.sin(phase) - 0.04
    shoulder = hip + Vector((side * 0.172 * looks.breadth, 0.03 - 0.02 * math.sin(phase), 0.485))
    elbow = shoulder + Vector((side * 0.035, math.sin(swing) * 0.29, -math.cos(swing) * 0.285))
    bent = swing + 0.30 + 0.25 * max(0.0, math.sin(swing))
    wrist = elbow + Vector((-side * 0.02, math.sin(bent) * 0.25, -math.cos(bent) * 0.245))
    line = [shoulder + Vector((-side * 0.07, 0, 0.025)), shoulder, shoulder.lerp(elbow, 0.5), elbow]
    body.tube([*line, elbow.lerp(wrist, 0.6), wrist], [0.055, 0.062, 0.054, 0.048, 0.045, 0.038], 10, 0)
    body.ellipsoid(wrist + Vector((0, 0.015, -0.065)), (0.026, 0.040, 0.07), 2, 8, 6)


# Rings of a torso from the seat up: height over the hip, half width, half depth, forward (metres), material slot.
_TORSO = (
    *((-0.10, 0.152, 0.108, 0.0, 1), (-0.02, 0.170, 0.120, 0.0, 1), (0.03, 0.170, 0.118, 0.0, 0)),
    *((0.14, 0.152, 0.108, 0.01, 0), (0.26, 0.158, 0.112, 0.02, 0), (0.38, 0.178, 0.116, 0.025, 0)),
    *((0.455, 0.176, 0.104, 0.028, 0), (0.51, 0.140, 0.088, 0.03, 0), (0.55, 0.085, 0.072, 0.035, 0)),
    (0.585, 0.060, 0.060, 0.04, 0),
)


def _torso(body: MeshBuilder, hip: Vector, sway: float, looks: Looks) -> None:
    rings = list(_TORSO)
    if looks.coat:
        worn = [(z, rx + 0.018, ry + 0.018, y, 0) for z, rx, ry, y, _ in rings[2:]]
        rings = [(-0.38, 0.225, 0.185, 0.0, 0), (-0.12, 0.200, 0.150, 0.0, 0), *worn]
    elif looks.dress:
        skirt = [(-0.46, 0.215, 0.20, 0.0, 0), (-0.30, 0.20, 0.18, 0.0, 0), (-0.10, 0.178, 0.135, 0.0, 0)]
        rings = [*skirt, *((z, rx, ry, y, 0) for z, rx, ry, y, _ in rings[1:])]
    sides, verts = 18, []
    for z, rx, ry, forward, _ in rings:
        turn = 0.10 * sway * (z / 0.5)
        # A hem is pushed fore and aft by the legs.
        reach = 1 + 1.2 * abs(sway) * max(0.0, -z)
        breadth = 1 + (looks.breadth - 1) * max(0.0, min(1.0, z / 0.4))
        for j in range(sides):
            a = 2 * math.pi * j / sides
            x, y = rx * breadth * math.cos(a), ry * reach * math.sin(a)
            across, along = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
            verts.append(hip + Vector((across, along + forward, z)))
    for i, (_, _, _, _, slot) in enumerate(rings[:-1]):
        pair = verts[i * sides : (i + 2) * sides]
        body.add(pair, [(j, (j + 1) % sides, (j + 1) % sides + sides, j + sides) for j in range(sides)], slot)

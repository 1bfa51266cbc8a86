"""Walkers: jointed figures built from tapered tubes, posed by the phase of their step."""

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import Colour, plain

SKINS: tuple[Colour, ...] = ((0.45, 0.27, 0.19), (0.30, 0.17, 0.11), (0.55, 0.36, 0.27))


@dataclass(frozen=True)
class Looks:
    """Clothes and build of one walker; height in metres."""

    top: Colour
    legs: Colour
    skin: int = 0
    hair: Colour = (0.03, 0.02, 0.015)
    height: float = 1.74
    coat: bool = False
    bag: Colour | None = None


def draw_looks(rng: np.random.Generator) -> Looks:
    """Returns the looks of a random passer-by."""

    def colour(factor: float = 1.0) -> Colour:
        return tuple(float(v) for v in rng.uniform(0.02, 0.35, 3) * rng.uniform(0.2, 1) * factor)

    hair = tuple(float(v) for v in np.array((0.06, 0.04, 0.03)) * rng.uniform(0.2, 2.5))
    bag = colour() if rng.random() < 0.35 else None
    return Looks(
        colour(), colour(0.5), int(rng.integers(0, 3)), hair, rng.uniform(1.5, 1.9), bool(rng.random() < 0.35), bag
    )


class Walker:
    """One figure in the scene."""

    def __init__(self, name: str, looks: Looks) -> None:
        self.looks = looks
        colours = (looks.top, looks.legs, SKINS[looks.skin], looks.hair, (0.03, 0.03, 0.035), looks.bag or looks.top)
        self.materials = [plain(f"{name}_{k}", c, 0.75, vary=0.25) for k, c in enumerate(colours)]
        self.thing = put(name, bpy.data.meshes.new(name))

    def pose(self, phase: float) -> None:
        """Sets the figure into the given phase of its step (radians)."""
        body = MeshBuilder()
        hip = Vector((0, 0, 0.93 + 0.018 * math.cos(2 * phase)))
        for side in (-1, 1):
            own = phase if side > 0 else phase + math.pi
            _leg(body, hip, side, own)
            _arm(body, hip, side, own)
        _torso(body, hip, math.sin(phase), self.looks.coat)
        head = hip + Vector((0, 0.045, 0.725))
        body.tube([hip + Vector((0, 0.015, 0.54)), head + Vector((0, -0.01, -0.05))], [0.06, 0.052], 10, 2)
        body.ellipsoid(head, (0.082, 0.102, 0.124), 2, 16, 12)
        body.ellipsoid(head + Vector((0, -0.022, 0.022)), (0.090, 0.099, 0.122), 3, 16, 12)
        if self.looks.bag:
            body.ellipsoid(hip + Vector((0, -0.19, 0.32)), (0.15, 0.09, 0.21), 5, 14, 10)
        old, mesh = self.thing.data, body.mesh(self.thing.name, self.materials)
        mesh.transform(Matrix.Scale(self.looks.height / 1.74, 4))
        self.thing.data = mesh
        if not old.users:
            bpy.data.meshes.remove(old)


def _leg(body: MeshBuilder, hip: Vector, side: int, phase: float) -> None:
    swing = 0.46 * math.sin(phase)
    bent = 0.12 + 0.62 * max(0.0, math.sin(phase + 1.35)) ** 2 * (1 if math.cos(phase) > -0.2 else 0.55)
    top = hip + Vector((side * 0.095, 0, -0.02))
    knee = top + Vector((0, math.sin(swing), -math.cos(swing))) * 0.43
    shin = swing - bent
    ankle = knee + Vector((0, math.sin(shin), -math.cos(shin))) * 0.42
    ankle.z = max(ankle.z, 0.075)
    line = [top + Vector((0, 0, 0.05)), top.lerp(knee, 0.15), top.lerp(knee, 0.5), knee, knee.lerp(ankle, 0.4), ankle]
    body.tube(line, [0.095, 0.096, 0.08, 0.062, 0.066, 0.05], 12, 1)
    toe = ankle + Vector((0, 0.16, -0.035 - 0.05 * max(0, -math.sin(shin))))
    foot = [ankle + Vector((0, y, z)) for y, z in ((-0.06, -0.02), (0.02, -0.025), (0.1, -0.04))]
    body.tube([*foot, toe], [0.04, 0.052, 0.045, 0.03], 8, 4)


def _arm(body: MeshBuilder, hip: Vector, side: int, phase: float) -> None:
    shoulder, swing = hip + Vector((side * 0.195, 0.0, 0.50)), -0.42 * math.sin(phase)
    elbow = shoulder + Vector((side * 0.045, math.sin(swing) * 0.29, -math.cos(swing) * 0.29))
    bent = swing + 0.32
    wrist = elbow + Vector((-side * 0.01, math.sin(bent) * 0.25, -math.cos(bent) * 0.25))
    line = [shoulder + Vector((-side * 0.06, 0, 0.03)), shoulder, shoulder.lerp(elbow, 0.5), elbow]
    body.tube([*line, elbow.lerp(wrist, 0.6), wrist], [0.06, 0.066, 0.053, 0.046, 0.042, 0.033], 10, 0)
    body.ellipsoid(wrist + Vector((0, 0.015, -0.07)), (0.028, 0.042, 0.075), 2, 8, 6)


def _torso(body: MeshBuilder, hip: Vector, sway: float, coat: bool) -> None:
    rings = [(-0.10, 0.155, 0.105, 1), (0.0, 0.172, 0.118, 1), (0.06, 0.165, 0.112, 0), (0.18, 0.155, 0.105, 0)]
    rings += [(0.34, 0.178, 0.12, 0), (0.46, 0.195, 0.115, 0), (0.535, 0.155, 0.088, 0), (0.575, 0.07, 0.065, 0)]
    if coat:
        worn = [(z, rx + 0.02, ry + 0.02, 0) for z, rx, ry, _ in rings[2:]]
        rings = [(-0.30, 0.225, 0.175, 0), (-0.10, 0.20, 0.145, 0), *worn]
    sides, verts = 18, []
    for z, rx, ry, _ in rings:
        turn = 0.06 * sway * (z / 0.5)
        for j in range(sides):
            a = 2 * math.pi * j / sides
            x, y = rx * math.cos(a), ry * math.sin(a)
            offset = (x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn) + 0.03 * z, z)
            verts.append(hip + Vector(offset))
    for i, (_, _, _, slot) in enumerate(rings[:-1]):
        pair = verts[i * sides : (i + 2) * sides]
        body.add(pair, [(j, (j + 1) % sides, (j + 1) % sides + sides, j + sides) for j in range(sides)], slot)

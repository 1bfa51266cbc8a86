"""Cyclists: a pedalling rider on a bicycle, posed by the turn of the crank."""

import math

import bpy
from mathutils import Matrix, Vector

from sample_media.studio.furniture import build_bicycle
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.people import SKINS, Looks

CRANK, CRANK_LENGTH = Vector((-0.06, 0, 0.29)), 0.17
THIGH, SHIN = 0.46, 0.47
TYRE, FRAME, CHROME = 5, 6, 7


class Cyclist:
    """A rider in the scene, facing +y."""

    def __init__(self, name: str, looks: Looks) -> None:
        tones = (looks.top, looks.legs, SKINS[looks.skin], looks.hair, looks.shoes)
        self.materials = [plain(f"{name}_{k}", c, 0.75, vary=0.25) for k, c in enumerate(tones)]
        self.materials += [
            plain(f"{name}_tyre", (0.012,) * 3, 0.8),
            plain(f"{name}_frame", looks.bag or (0.25, 0.03, 0.03), 0.35, 0.2),
            plain(f"{name}_chrome", (0.3,) * 3, 0.35, 0.8),
        ]
        self.basket = looks.coat
        self.thing = put(name, bpy.data.meshes.new(name))

    def pose(self, phase: float) -> None:
        """Sets the rider to a turn of the crank (radians)."""
        body = MeshBuilder()
        build_bicycle(body, (TYRE, FRAME, CHROME), self.basket)
        hip, neck = Vector((-0.21, 0, 0.98)), Vector((0.13, 0, 1.49))
        line = [hip + Vector((0, 0, -0.09)), hip, hip.lerp(neck, 0.5), hip.lerp(neck, 0.88), neck]
        body.tube(line, [0.12, 0.155, 0.16, 0.165, 0.07], 14, 0)
        for side in (-1, 1):
            _leg(body, hip, side, phase + (math.pi if side > 0 else 0))
            shoulder, hand = neck + Vector((-0.03, side * 0.18, -0.06)), Vector((0.33, side * 0.24, 1.02))
            elbow = shoulder.lerp(hand, 0.5) + Vector((-0.05, side * 0.05, -0.06))
            body.tube([neck + Vector((-0.03, side * 0.1, -0.03)), shoulder, elbow], [0.06, 0.062, 0.046], 10, 0)
            body.tube([elbow, hand], [0.045, 0.033], 10, 0)
            body.ellipsoid(hand, (0.05, 0.04, 0.035), 2, 8, 6)
        head = neck + Vector((0.07, 0, 0.21))
        body.tube([neck, head], [0.058, 0.05], 10, 2)
        body.ellipsoid(head, (0.10, 0.082, 0.124), 2, 16, 12)
        body.ellipsoid(head + Vector((-0.022, 0, 0.022)), (0.099, 0.090, 0.122), 3, 16, 12)
        old, mesh = self.thing.data, body.mesh(self.thing.name, self.materials)
        mesh.transform(Matrix.Rotation(math.pi / 2, 4, "Z"))
        self.thing.data = mesh
        if not old.users:
            bpy.data.meshes.remove(old)


def _leg(body: MeshBuilder, hip: Vector, side: int, turn: float) -> None:
    """Adds a leg whose foot stands on its pedal; the knee bends forwards."""
    top = hip + Vector((0.02, side * 0.09, -0.05))
    pedal = CRANK + Vector((CRANK_LENGTH * math.cos(turn), side * 0.10, CRANK_LENGTH * math.sin(turn)))
    ankle = pedal + Vector((-0.06, 0, 0.09))
    way = ankle - top
    far = min(way.length, THIGH + SHIN - 0.01)
    along = (THIGH**2 - SHIN**2 + far**2) / (2 * far)
    out = math.sqrt(max(0.0, THIGH**2 - along**2))
    across = Vector((-way.z, 0, way.x)).normalized()
    knee = top + way.normalized() * along + across * (out if across.x > 0 else -out)
    line = [top, top.lerp(knee, 0.4), knee, knee.lerp(ankle, 0.4), ankle]
    body.tube(line, [0.09, 0.082, 0.062, 0.064, 0.045], 12, 1)
    body.tube([ankle + Vector((-0.05, 0, -0.03)), pedal + Vector((0.12, 0, 0.02))], [0.045, 0.035], 8, 4)

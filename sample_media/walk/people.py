"""Who walks there: a jointed figure of tapered tubes, posed by the phase of its step."""

import math
from itertools import pairwise

import bpy
import numpy as np
from mathutils import Matrix, Vector

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.walk.indices import PERSON
from sample_media.walk.schedule import Walker
from sample_media.walk.stage import Stage

TOP, LEGS, SKIN, HAIR, SHOE = range(5)
# Height over the hip, half width and half depth of the trunk, in metres; which cloth.
TRUNK = (
    *((-0.10, 0.155, 0.105, LEGS), (0.0, 0.172, 0.118, LEGS), (0.06, 0.165, 0.112, TOP), (0.18, 0.155, 0.105, TOP)),
    *((0.34, 0.178, 0.12, TOP), (0.46, 0.195, 0.115, TOP), (0.535, 0.155, 0.088, TOP), (0.575, 0.07, 0.065, TOP)),
)
SWING = 0.74  # m: a step


class Figure:
    """One person of the scene."""

    def __init__(self, stage: Stage, walker: Walker) -> None:
        self.stage, self.walker = stage, walker
        shades = (
            (walker.top, 0.8),
            (walker.legs, 0.8),
            (walker.skin, 0.6),
            (walker.hair, 0.7),
            ((0.03, 0.03, 0.035), 0.5),
        )
        self.surfaces = [plain("cloth", colour, rough, vary=0.25) for colour, rough in shades]
        self.thing = put("person", bpy.data.meshes.new("person"), (0, 0, 0), index=PERSON)
        self.thing.hide_render = True

    def stand(self, seconds: float) -> bool:
        """Poses the figure as it walks at a time; tells whether it is on the walk the camera may see."""
        s, t = self.walker.place(seconds)
        self.thing.hide_render = not 4.0 < s < 60.0
        if self.thing.hide_render:
            return False
        old, phase = self.thing.data, seconds * self.walker.speed / SWING * math.pi
        self.thing.data = self._mesh(phase)
        bpy.data.meshes.remove(old)
        self.thing.location = self.stage.at(s, t, self.stage.ground(s, t))
        back = 0.0 if self.walker.speed > 0 else math.pi
        self.thing.rotation_euler = (0, 0, self.stage.plan.course.heading(s) + back)
        return True

    def _mesh(self, phase: float) -> bpy.types.Mesh:
        made, hip = MeshBuilder(), Vector((0, 0, 0.93 + 0.018 * math.cos(2 * phase)))
        for side in (-1, 1):
            ahead = phase if side > 0 else phase + math.pi
            _leg(made, hip, side, ahead)
            _arm(made, hip, side, ahead)
        _trunk(made, hip, phase, self.walker.coat)
        head = hip + Vector((0, 0.045, 0.725))
        made.tube([hip + Vector((0, 0.015, 0.54)), head + Vector((0, -0.01, -0.05))], [0.06, 0.052], 10, SKIN)
        made.ellipsoid(head, (0.082, 0.102, 0.124), SKIN, 16, 12)
        made.ellipsoid(head + Vector((0, -0.022, 0.022)), (0.090, 0.099, 0.122), HAIR, 16, 12)
        mesh = made.mesh("person", self.surfaces)
        mesh.transform(Matrix.Scale(self.walker.height / 1.74, 4))
        return mesh


def _leg(made: MeshBuilder, hip: Vector, side: int, phase: float) -> None:
    swing = 0.46 * math.sin(phase)
    bent = 0.12 + 0.62 * max(0.0, math.sin(phase + 1.35)) ** 2 * (1 if math.cos(phase) > -0.2 else 0.55)
    top = hip + Vector((side * 0.095, 0, -0.02))
    knee = top + Vector((0, math.sin(swing), -math.cos(swing))) * 0.43
    shin = swing - bent
    ankle = knee + Vector((0, math.sin(shin), -math.cos(shin))) * 0.42
    ankle.z = max(ankle.z, 0.075)
    line = [top + Vector((0, 0, 0.05)), top.lerp(knee, 0.15), top.lerp(knee, 0.5), knee, knee.lerp(ankle, 0.4), ankle]
    made.tube(line, [0.095, 0.096, 0.08, 0.062, 0.066, 0.05], 12, LEGS)
    toe = (0.16, -0.035 - 0.05 * max(0, -math.sin(shin)))
    foot = [ankle + Vector((0, y, z)) for y, z in ((-0.06, -0.02), (0.02, -0.025), (0.1, -0.04), toe)]
    made.tube(foot, [0.04, 0.052, 0.045, 0.03], 8, SHOE)


def _arm(made: MeshBuilder, hip: Vector, side: int, phase: float) -> None:
    shoulder, swing = hip + Vector((side * 0.195, 0.0, 0.50)), -0.42 * math.sin(phase)
    elbow = shoulder + Vector((side * 0.045, math.sin(swing) * 0.29, -math.cos(swing) * 0.29))
    wrist = elbow + Vector((-side * 0.01, math.sin(swing + 0.32) * 0.25, -math.cos(swing + 0.32) * 0.25))
    line = [
        shoulder + Vector((-side * 0.06, 0, 0.03)),
        shoulder,
        shoulder.lerp(elbow, 0.5),
        elbow,
        elbow.lerp(wrist, 0.6),
        wrist,
    ]
    made.tube(line, [0.06, 0.066, 0.053, 0.046, 0.042, 0.033], 10, TOP)
    made.ellipsoid(wrist + Vector((0, 0.015, -0.07)), (0.028, 0.042, 0.075), SKIN, 8, 6)


def _trunk(made: MeshBuilder, hip: Vector, phase: float, coat: bool) -> None:
    rings, sides = list(TRUNK), 18
    if coat:
        upper = [(z, x + 0.02, y + 0.02, TOP) for z, x, y, _ in TRUNK[2:]]
        rings = [(-0.30, 0.225, 0.175, TOP), (-0.10, 0.20, 0.145, TOP), *upper]
    angles, twist = np.linspace(0, 2 * math.pi, sides, endpoint=False), 0.12 * math.sin(phase)
    for (z0, x0, y0, cloth), (z1, x1, y1, _) in pairwise(rings):
        verts = []
        for z, x, y in ((z0, x0, y0), (z1, x1, y1)):
            turn = Matrix.Rotation(twist * z, 3, "Z")
            verts += [
                hip + turn @ Vector((x * math.cos(a), y * math.sin(a), 0)) + Vector((0, 0.03 * z, z)) for a in angles
            ]
        faces = [(j, (j + 1) % sides, sides + (j + 1) % sides, sides + j) for j in range(sides)]
        made.add(verts, faces, cloth)

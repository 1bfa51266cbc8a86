"""The scene in the making: what stands in it, under which object index, and how the ground lies."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from mathutils import Vector, noise

from sample_media.walk.materials import Air
from sample_media.walk.plan import Plan


@dataclass
class Thing:
    """An asset of the scene: its kind, its objects and what shines in it (lights and the glass)."""

    kind: str
    parts: list[bpy.types.Object]
    lights: list[bpy.types.Object] = field(default_factory=list)

    @property
    def indices(self) -> list[int]:
        """Returns the object indices that show it in the id pass."""
        return sorted({part.pass_index for part in self.parts})


@dataclass
class Stage:
    """The Blender scene of one walk in one light."""

    scene: bpy.types.Scene
    plan: Plan
    air: Air
    materials: dict[str, bpy.types.Material]
    things: dict[str, Thing] = field(default_factory=dict)
    trees: list[bpy.types.Mesh] = field(default_factory=list)

    def rng(self, part: int) -> np.random.Generator:
        """Returns a random stream of its own for one part of the scene, the same in every light."""
        return np.random.default_rng([self.plan.seed, part])

    def at(self, s: float, t: float, z: float = 0.0) -> Vector:
        """Returns the world point at s along the walk and t across it."""
        return Vector(self.plan.course.point(s, t, z))

    def ground(self, s: float, t: float) -> float:
        """Returns how high the ground is there: a crowned path, a gently rolling lawn."""
        half = self.plan.course.half
        if abs(t) <= half:
            return 0.025 * (1 - (t / half) ** 2)
        if t > half:
            return 0.015
        roll = noise.noise(Vector((s * 0.09, t * 0.09, 3)))
        return 0.02 + 0.10 * roll * min(1.0, (-t - half - 0.15) / 3) + 0.25 * max(0.0, (-t - 12) / 30)

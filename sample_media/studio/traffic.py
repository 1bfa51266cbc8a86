"""Cars that drive: lit after dark, each headlight with its beam on the road."""

import math

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.cars import car_mesh
from sample_media.studio.mesh import put

BEAM_WATTS, BEAM_SPREAD, BEAM_DOWN = 900.0, 44.0, 5.0
# How far before and beside the car its beams show on the road, in metres.
BEAM_LENGTH, BEAM_WIDTH = 17.0, 3.2


class Driver:
    """A driving car in the scene, facing +y."""

    def __init__(self, name: str, seed: int, lit: bool) -> None:
        self.thing = put(name, car_mesh(seed, lit))
        self.lit = lit
        for side in (-1, 1) if lit else ():
            lamp = bpy.data.lights.new("beam", "SPOT")
            lamp.energy, lamp.color, lamp.shadow_soft_size = BEAM_WATTS, (1.0, 0.93, 0.80), 0.05
            lamp.spot_size, lamp.spot_blend = math.radians(BEAM_SPREAD), 0.9
            beam = bpy.data.objects.new("beam", lamp)
            beam.location = (side * 0.60, 2.25, 0.66)
            beam.rotation_euler = Euler((math.radians(90 - BEAM_DOWN), 0, 0))
            beam.parent = self.thing
            bpy.context.scene.collection.objects.link(beam)

    def pose(self, phase: float) -> None:
        """Does nothing: a car's shape stays."""

    def lit_ground(self) -> np.ndarray:
        """Returns the corners of the road its beams reach, as world points (n, 4)."""
        if not self.lit:
            return np.zeros((0, 4))
        corners = [(x, y, 0.0, 1.0) for x in (-BEAM_WIDTH, BEAM_WIDTH) for y in (2.2, BEAM_LENGTH)]
        return np.array(corners) @ np.array(self.thing.matrix_world).T

"""Where a camera sees a place, reckoned without a scene."""

import math
from collections.abc import Sequence

import numpy as np

from sample_media.studio.plan import Plan


class Sight:
    """The pinhole of a plan's camera."""

    def __init__(self, plan: Plan, size: tuple[int, int]) -> None:
        camera = plan.camera
        x, y, z = (math.radians(v) for v in (90 - camera.pitch, camera.roll, camera.yaw))
        about_x = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
        about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
        about_z = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
        self.to_camera = (about_z @ about_y @ about_x).T
        self.origin = np.array([camera.x, 0, camera.z])
        self.focal, self.size = camera.lens / 36 * size[0], size

    def at(self, point: Sequence[float]) -> tuple[float, float, float]:
        """Returns a world point's pixel position and how many pixels a metre is there; negative behind the camera."""
        right, up, back = self.to_camera @ (np.asarray(point, float) - self.origin)
        scale = self.focal / -back
        return self.size[0] / 2 + right * scale, self.size[1] / 2 - up * scale, scale

"""Where a camera sees a place, reckoned without a scene."""

import math
from collections.abc import Sequence

import numpy as np

from sample_media.studio.plan import Plan

# A lamp's head, roughly: metres above its foot, at a height factor of 1, and pixels that a metre must be there.
HEAD, LEAST_SCALE = 4.5, 6.0
# A bin's middle, metres above its foot, and pixels that a metre must be there: a bin is 1.1 m tall.
BIN_MIDDLE, LEAST_BIN_SCALE = 0.5, 11.0


def place_on(curve: tuple[float, float, float], s: float, t: float, z: float = 0.0) -> tuple[float, float, float]:
    """Returns the world point (metres) at distance s along a plan's curve, offset t across it and height z."""
    a, b, c = curve
    slope = b + 2 * c * s
    norm = math.hypot(1, slope)
    return a + b * s + c * s * s + t / norm, s - t * slope / norm, z


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


def lamps_in_view(plan: Plan, size: tuple[int, int]) -> int:
    """Returns how many lamps have their head in the frame and are near enough, whatever may hide them."""
    sight, (w, h) = Sight(plan, size), size
    heads = [sight.at(place_on(plan.curve, lamp.s, lamp.t, HEAD * plan.lamp_height)) for lamp in plan.lamps]
    return sum(0.01 * w < x < 0.99 * w and 0.02 * h < y < h and scale > LEAST_SCALE for x, y, scale in heads)


def bins_in_view(plan: Plan, size: tuple[int, int]) -> int:
    """Returns how many bins are in the frame and near enough to show whether they are full, whatever may hide them."""
    sight, (w, h) = Sight(plan, size), size
    middles = [sight.at(place_on(plan.curve, spot.s, spot.t, BIN_MIDDLE)) for spot in plan.bins]
    return sum(0.02 * w < x < 0.98 * w and 0.02 * h < y < 0.98 * h and k > LEAST_BIN_SCALE for x, y, k in middles)

"""The walk's own coordinates: distance along it and offset across it."""

import math
from dataclasses import dataclass

from mathutils import Vector

from sample_media.studio.sight import place_on


@dataclass(frozen=True)
class Course:
    """A gently bent line x = a + b s + c s^2 that everything on a site is placed by."""

    a: float
    b: float
    c: float

    def at(self, s: float, t: float, z: float = 0.0) -> Vector:
        """Returns the world point at distance s, offset t, height z (metres)."""
        return Vector(place_on((self.a, self.b, self.c), s, t, z))

    def heading(self, s: float) -> float:
        """Returns the walk's direction at s as an angle from +y about z, in radians."""
        return math.atan(-(self.b + 2 * self.c * s))

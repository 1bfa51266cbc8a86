"""What a seed draws: the course of the walk, the camera, sun, lamps, trees, benches and bin. Pure numbers."""

import math
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

LAMP_MAKES = ("lantern", "globe", "arm")
# Rendered size in pixels; films may be enlarged from it.
WIDTH, HEIGHT = 800, 450
SENSOR = 36.0  # mm
END = 150.0  # m: how far the walk goes
ARM = 1.15  # m: how far a lamp's arm reaches over the walk


@dataclass(frozen=True)
class Course:
    """Where the walk runs, in metres: s along it, t across it (+ is the river); the camera at y = 0 looks along +y."""

    offset: float
    slope: float
    bend: float
    half: float

    def _turn(self, s: float) -> float:
        return self.slope - 2 * self.bend * s

    def point(self, s: float, t: float, z: float = 0.0) -> tuple[float, float, float]:
        """Returns the world point at s along the walk and t across it."""
        d = self._turn(s)
        n = math.hypot(1, d)
        return (self.offset + self.slope * s - self.bend * s * s + t / n, s - t * d / n, z)

    def heading(self, s: float) -> float:
        """Returns the angle of the walk from +y about z, in radians."""
        return math.atan(-self._turn(s))


@dataclass(frozen=True)
class Camera:
    """Height and sideways place in metres, turns in degrees, focal length in millimetres."""

    height: float
    x: float
    pitch: float
    yaw: float
    lens: float

    def nearest(self) -> float:
        """Returns how far away the lower edge of the picture meets the ground, in metres."""
        half = math.degrees(math.atan(SENSOR / 2 * HEIGHT / WIDTH / self.lens))
        return self.height / math.tan(math.radians(self.pitch + half))

    def pixel(self, at: tuple[float, float, float]) -> tuple[float, float]:
        """Returns where a world point before the camera is seen, in pixels of the rendered picture."""
        yaw, pitch = math.radians(self.yaw), math.radians(self.pitch)
        x, y, z = at[0] - self.x, at[1], at[2] - self.height
        right, ahead = x * math.cos(yaw) + y * math.sin(yaw), y * math.cos(yaw) - x * math.sin(yaw)
        far, up = ahead * math.cos(pitch) - z * math.sin(pitch), ahead * math.sin(pitch) + z * math.cos(pitch)
        scale = self.lens / SENSOR * WIDTH / far
        return WIDTH / 2 + right * scale, HEIGHT / 2 - up * scale


@dataclass(frozen=True)
class Place:
    """Where something stands (s and t in metres), how large it is and how it is turned."""

    s: float
    t: float
    size: float = 1.0
    turn: float = 0.0
    make: int = 0


@dataclass(frozen=True)
class Plan:
    """One walk: everything that all its clips share."""

    seed: int
    course: Course
    camera: Camera
    sun: tuple[float, float]  # elevation and azimuth in degrees
    lamp_make: str
    lamp_height: float
    lamp_side: int
    lamps: tuple[Place, ...]
    trees: tuple[Place, ...]
    tree_seeds: tuple[int, int, int]
    benches: tuple[Place, ...]
    bin: Place
    cover: Place
    paving: tuple[float, float, float]  # tint of the slabs
    slab: tuple[float, float]  # m
    film_width: int
    paths_registered: bool


def draw(seed: int) -> Plan:
    """Returns the walk of a seed, the first drawn that shows lamps apart; the same seed always draws the same."""
    attempts = (_attempt(seed, np.random.default_rng([seed, 1, k])) for k in count())
    return next(plan for plan in attempts if _shows_lamps(plan))


def _attempt(seed: int, rng: np.random.Generator) -> Plan:
    course = Course(
        rng.uniform(0.2, 1.3), rng.uniform(-0.03, 0.04), rng.uniform(-0.0004, 0.0032), rng.uniform(1.9, 3.1)
    )
    make = LAMP_MAKES[(seed + seed // 3) % 3]
    camera = _camera(rng, make)
    near, edge = camera.nearest(), -course.half
    side = int(np.random.default_rng([seed, 0]).choice([-1, 1]))
    lamps = _row(rng, near + rng.uniform(2.5, 6.0), (7.5, 13.0), 5, edge - 0.55 if side < 0 else course.half - 0.35)
    trees = tuple(
        Place(p.s, p.t - rng.uniform(0.0, 3.5), rng.uniform(0.8, 1.15), rng.uniform(0, 6.28), int(rng.integers(0, 3)))
        for p in _row(rng, near + rng.uniform(1.5, 7.0), (6.5, 10.5), 6, edge - 2.3)
    )
    spots = _free(rng, near + 1.8, [lamp.s for lamp in lamps if side < 0], 5)
    bin_at = spots[int(rng.integers(0, 2))]
    return Plan(
        seed=seed,
        course=course,
        camera=camera,
        sun=(rng.uniform(26, 58), float(rng.choice([-1, 1])) * rng.uniform(35, 140)),
        lamp_make=make,
        lamp_height=rng.uniform(5.0, 6.3) if make == "arm" else rng.uniform(3.7, 4.7),
        lamp_side=side,
        lamps=lamps,
        trees=trees,
        tree_seeds=(int(rng.integers(100, 9999)), int(rng.integers(100, 9999)), int(rng.integers(100, 9999))),
        benches=tuple(Place(s, edge - 0.95) for s in [s for s in spots if s != bin_at][:3]),
        bin=Place(bin_at, edge - rng.uniform(0.55, 0.8), turn=rng.uniform(0, 1)),
        cover=Place(near + rng.uniform(2.0, 7.0), rng.uniform(-0.55, 0.55) * course.half),
        paving=_tint(rng),
        slab=((0.62, 0.42), (0.9, 0.45), (0.4, 0.2), (0.6, 0.6))[int(rng.integers(0, 4))],
        film_width=(800, 960)[seed % 2],
        paths_registered=bool(seed // 2 % 2),
    )


def _shows_lamps(plan: Plan) -> bool:
    """Tells whether three heads and more are in the picture, none before another, and none seen edge on."""
    if plan.lamp_make == "arm" and abs(plan.lamp_height - plan.camera.height) < 0.9:
        return False
    reach = -plan.lamp_side * ARM if plan.lamp_make == "arm" else 0.0
    at = [plan.camera.pixel(plan.course.point(p.s, p.t + reach, plan.lamp_height)) for p in plan.lamps]
    shown = [x for x, y in at if 15 < x < WIDTH - 15 and 12 < y < HEIGHT]
    return len(shown) >= 3 and min(abs(a - b) for a, b in pairwise(shown[:3])) > 12


def _camera(rng: np.random.Generator, make: str) -> Camera:
    """Draws a camera that shows the heads of a few lamps: a low one looks up more."""
    height, lens = rng.uniform(3.8, 8.0), rng.uniform(22.0, 31.0)
    least = 0.12 + 0.04 * (8.0 - height) + (0.05 if make == "arm" else 0.0)
    horizon = rng.uniform(least, least + 0.12)  # share of the picture above it
    half = SENSOR / 2 * HEIGHT / WIDTH / lens
    pitch = math.degrees(math.atan((1 - 2 * horizon) * half))
    return Camera(height, rng.uniform(-3.5, 2.5), pitch, rng.uniform(-3.0, 4.5), lens)


def _tint(rng: np.random.Generator) -> tuple[float, float, float]:
    warm, pale = rng.uniform(-0.05, 0.12), rng.uniform(0.75, 1.25)
    return (pale * (1 + warm), pale * 0.945, pale * (0.88 - warm))


def _row(
    rng: np.random.Generator, first: float, apart: tuple[float, float], number: int, t: float
) -> tuple[Place, ...]:
    gap, found, s = rng.uniform(*apart), [], first
    for _ in range(number):
        found.append(Place(s, t))
        s += gap * rng.uniform(0.88, 1.12)
    return tuple(found)


def _free(rng: np.random.Generator, first: float, taken: list[float], number: int) -> list[float]:
    """Returns places along the lawn's edge, 3.2 m and more apart, where no lamp stands within 1.5 m."""
    found: list[float] = []
    s = first + rng.uniform(0, 2.5)
    while len(found) < number:
        if all(abs(s - other) > 1.5 for other in taken):
            found.append(s)
            s += rng.uniform(3.2, 6.0)
        else:
            s += 0.4
    return found

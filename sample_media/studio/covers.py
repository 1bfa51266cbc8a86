"""What is let into the ground of every street and is nothing wrong with it: covers, grates, drains, patches."""

import math

import bpy
import numpy as np

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage

KINDS = ("round", "round", "ringed", "square", "grate", "drain", "patch")
"""What is drawn; plain round covers are as frequent as twice any other."""
_PROUD = 0.004  # metres that it stands above the walk, as real ones do


def cover_mesh(kind: str, size: float, rng: np.random.Generator) -> bpy.types.Mesh:
    """Returns something let into the ground, its middle at the origin, its top above z = 0.

    Args:
        kind: one of `KINDS`.
        size: metres across, of a drain along.
    """
    made, half = MeshBuilder(), size / 2
    if kind in ("round", "ringed"):
        rise = rng.uniform(0.0, 0.012)
        made.lathe([(0.0, rise), (0.93 * half, rise), (0.96 * half, 0.0), (half, 0.0)], 32)
        for ring in (0.35, 0.6, 0.8) if kind == "ringed" else ():
            made.lathe([((ring - 0.03) * half, rise), (ring * half, rise + 0.009), ((ring + 0.03) * half, rise)], 32, 1)
    elif kind in ("square", "patch"):
        long = half * rng.uniform(0.8, 1.8)
        made.add([(-half, -long, 0), (half, -long, 0), (half, long, 0), (-half, long, 0)], [(0, 1, 2, 3)])
        for x in (-half, half) if kind == "square" else ():
            made.box((x, 0, 0), (0.04, 2 * long, 0.012), 1)
    else:
        wide = 0.08 if kind == "drain" else half * rng.uniform(0.6, 1.0)
        made.add([(-half, -wide, 0), (half, -wide, 0), (half, wide, 0), (-half, wide, 0)], [(0, 1, 2, 3)], 1)
        for x in np.arange(-half, half, 0.055):
            made.box((x, 0, 0.006), (0.026, 2 * wide, 0.014), 0)
    return made.mesh("cover", _looks(kind, rng), smooth=False)


def _looks(kind: str, rng: np.random.Generator) -> list[bpy.types.Material]:
    grey = float(np.exp(rng.uniform(*np.log((0.02, 0.15)))))
    rust = (grey * rng.uniform(1.0, 1.5), grey, grey * rng.uniform(0.8, 1.0))
    if kind == "patch":
        return [plain("patch", rust, 0.95, vary=0.3, bump=0.4, bump_scale=60)]
    iron = plain("cover", rust, rng.uniform(0.35, 0.7), rng.uniform(0.0, 0.7), 0.5, rng.uniform(0.2, 0.9), 60)
    return [iron, plain("gap", tuple(0.4 * v for v in rust), 0.9)]


def lay_cover(stage: Stage, at: Issue, rng: np.random.Generator) -> list[bpy.types.Object]:
    """Lets one into the walk, round ones 0.4 to 0.9 m across."""
    kind = str(rng.choice(KINDS))
    size = rng.uniform(1.0, 3.5) if kind == "drain" else rng.uniform(0.4, 0.9) * at.size
    turn = stage.course.heading(at.s) + (0.0 if rng.random() < 0.7 else rng.uniform(0, math.pi))
    place = stage.course.at(at.s, at.t, stage.walk_height(at.t) + _PROUD)
    return [put("cover", cover_mesh(kind, size, rng), place, turn)]

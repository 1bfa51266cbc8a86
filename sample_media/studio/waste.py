"""Bags and scraps: in bins that overflow, in bins that do not, and strewn beside them."""

import math

import bpy
import numpy as np
from mathutils import Euler, Vector

from sample_media.studio import furniture
from sample_media.studio.bins import Bin, draw_bin
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage

# What a full bin shows, and one that is not; how often each, and how often waste lies on the ground beside either.
FULL = {"bags": 0.35, "scraps": 0.3, "both": 0.35}
FREE = {"empty": 0.55, "within": 0.25, "liner": 0.2}
STREWN_FULL, STREWN_FREE = 0.6, 0.3
WITHIN = 0.12  # metres that the waste in a bin that is not full lies below its rim


def bag(stage: Stage, rng: np.random.Generator, at: Vector, size: float | None = None) -> bpy.types.Object:
    """Returns a tied bag of about a radius in metres."""
    look = str(rng.choice(["blackbag", "blackbag", "whitebag", "bluebag", "greenbag"]))
    mesh = furniture.bag_mesh(int(rng.integers(1, 999)), stage.material[look], size or rng.uniform(0.18, 0.48))
    return put("bag", mesh, at, rng.uniform(0, 6))


def scrap(stage: Stage, rng: np.random.Generator, at: Vector, scale: float = 1.0) -> bpy.types.Object:
    """Returns a sheet of paper, a box or a can."""
    piece, kind = MeshBuilder(), rng.random()
    tilt = Euler((rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0, 6)))
    if kind < 0.35:
        piece.box((0, 0, 0.02), (rng.uniform(0.12, 0.3), rng.uniform(0.1, 0.24), 0.012), 1, tilt)
    elif kind < 0.55:
        size = (rng.uniform(0.25, 0.5), rng.uniform(0.2, 0.4), rng.uniform(0.16, 0.3))
        piece.box((0, 0, 0.12), size, 0, tilt)
    else:
        a = rng.uniform(0, 6)
        end = (math.cos(a) * 0.16, math.sin(a) * 0.16, 0.04)
        piece.tube([(0, 0, 0.04), end], [0.035, 0.045], 10, int(rng.integers(1, 5)))
    looks = [stage.material[k] for k in ("card", "paper", "can", "blue", "yellow")]
    thing = put("scrap", piece.mesh("scrap", looks, smooth=False), at)
    thing.scale = (scale,) * 3
    return thing


def stand_bin(
    stage: Stage, at: Issue, rng: np.random.Generator, full: bool
) -> tuple[str, list[bpy.types.Object], bool]:
    """Puts a bin of any make at a place.

    Returns:
        Its make and what it holds; the bin, first of all, and what is in or on it; whether waste lies beside it.
    """
    make, bin_ = draw_bin(rng)
    shares = FULL if full else FREE
    holds = str(rng.choice(list(shares), p=list(shares.values())))
    inner = _full(stage, rng, bin_, holds) if full else _free(stage, rng, bin_, holds)
    turn, foot = rng.uniform(0, 2 * math.pi), stage.course.at(at.s, at.t, stage.ground(at.s, at.t))
    if bin_.front is not None:  # its opening looks more or less at who passes by, and often at the camera
        turn = stage.course.heading(at.s) - math.pi / 2 + rng.uniform(-1.4, 1.4)
    things = [put("bin", bin_.mesh), *inner]
    place = Euler((0, 0, turn)).to_matrix().to_4x4()
    place.translation = foot
    bpy.context.view_layer.update()
    for thing in things:
        thing.matrix_world = place @ thing.matrix_world
    return f"{make} {holds}", things, bool(rng.random() < (STREWN_FULL if full else STREWN_FREE))


def _full(stage: Stage, rng: np.random.Generator, bin_: Bin, holds: str) -> list[bpy.types.Object]:
    """Waste that presses out of a bin, lies on it and props up its lid; the bin's foot in the origin."""
    bags = int(rng.integers(1, 5)) if holds != "scraps" else 0
    scraps = int(rng.integers(3, 11)) if holds != "bags" else int(rng.integers(0, 3))
    wide = min(bin_.mouth)
    things = [bag(stage, rng, _out_of(rng, bin_, 0.1), wide * rng.uniform(0.55, 1.15)) for _ in range(bags)]
    things += [scrap(stage, rng, _out_of(rng, bin_, 0.0), rng.uniform(0.5, 1.0)) for _ in range(scraps)]
    if bin_.roof is not None and rng.random() < 0.45:  # and on the roof
        for _ in range(int(rng.integers(1, 4))):
            x, y = rng.uniform(-0.6, 0.6, 2) * bin_.mouth
            on_it = Vector((x, y, bin_.roof - 0.03))
            things.append(scrap(stage, rng, on_it, 0.7) if rng.random() < 0.5 else bag(stage, rng, on_it, 0.7 * wide))
    return things + _lid(bin_, math.radians(rng.uniform(18, 80)))


def _out_of(rng: np.random.Generator, bin_: Bin, sunk: float) -> Vector:
    """Draws a place where waste shows that a bin does not hold: over its rim, in its gap or before its opening."""
    a, (x, y) = rng.uniform(0, 2 * math.pi), bin_.mouth
    if bin_.front is not None:
        out = bin_.front - rng.uniform(-0.04, 0.08)
        return Vector((rng.uniform(-1, 1) * x, out, bin_.rim + rng.uniform(-0.05, 0.1)))
    if bin_.roof is not None:  # under a roof only what presses out of the gap is seen
        far = rng.uniform(0.75, 1.05)
        return Vector((far * x * math.cos(a), far * y * math.sin(a), bin_.rim - sunk * 0.6 + rng.uniform(-0.02, 0.06)))
    far = rng.uniform(0, 0.85)
    return Vector((far * x * math.cos(a), far * y * math.sin(a), bin_.rim - sunk + rng.uniform(0.0, 0.14)))


def _free(stage: Stage, rng: np.random.Generator, bin_: Bin, holds: str) -> list[bpy.types.Object]:
    """What a bin that is not full shows: nothing, waste well within, or the edge of the bag that lines it."""
    things = _lid(bin_, 0.0)
    if bin_.front is not None or bin_.hinge is not None or holds == "empty":
        return things
    (x, y), wide = bin_.mouth, min(bin_.mouth)
    if holds == "liner":
        collar, low = MeshBuilder(), bin_.rim - rng.uniform(0.04, 0.14)
        collar.lathe([(wide + 0.014, low), (wide + 0.02, bin_.rim + 0.01), (wide - 0.02, bin_.rim + 0.01)], 20)
        look = stage.material[str(rng.choice(["blackbag", "whitebag", "bluebag"]))]
        return [*things, put("liner", collar.mesh("liner", [look]))]
    for _ in range(int(rng.integers(2, 6))):
        far, a = rng.uniform(0, 0.4), rng.uniform(0, 2 * math.pi)
        at = Vector((far * x * math.cos(a), far * y * math.sin(a), bin_.rim - WITHIN - 0.1))
        things.append(scrap(stage, rng, at, 0.6 * wide / 0.25))
    return things


def _lid(bin_: Bin, open_by: float) -> list[bpy.types.Object]:
    if bin_.hinge is None:
        return []
    y, z, mesh = bin_.hinge
    return [put("lid", mesh, (0, y, z), Euler((-open_by, 0, 0)))]

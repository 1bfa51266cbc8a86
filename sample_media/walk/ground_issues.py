"""What can be wrong on the ground: broken paving, water, branches, things left, litter."""

import math
from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector, noise

from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.skeleton import Habit
from sample_media.studio.vegetation import lying, scatter
from sample_media.walk.change import Change, Sights, hide
from sample_media.walk.furniture import bag_mesh, scraps_mesh
from sample_media.walk.ground import START, path_piece
from sample_media.walk.indices import ISSUE, PATH
from sample_media.walk.materials import puddle
from sample_media.walk.obstacles import OBSTACLES
from sample_media.walk.plan import END
from sample_media.walk.stage import Stage
from sample_media.walk.trees import tree_mesh

Sunk = Callable[[float, float], float]
Patch = tuple[float, float, float, float]  # m: where a hole is, and half its size along and across


def free_spot(stage: Stage, rng: np.random.Generator, edge: float = 0.7) -> tuple[float, float]:
    """Draws a place on the path near enough to be seen well; edge is the share of its width that may be used."""
    near = stage.plan.camera.nearest()
    return near + rng.uniform(1.8, 10.0), rng.uniform(-edge, edge) * stage.plan.course.half


def path_damaged(stage: Stage, rng: np.random.Generator, _sights: Sights) -> Change:
    """Paving is broken: slabs sunk and tilted, the bedding bare."""
    s0, t0 = free_spot(stage, rng, 0.55)
    long, wide = rng.uniform(0.7, 1.4), rng.uniform(0.5, 0.95)
    patch = (s0, t0, long, wide)

    def sunk(s: float, t: float) -> float:
        p = Vector((s, t, 0))
        rough = 0.55 * noise.noise(p * 1.1) + 0.28 * noise.noise(p * 3.1)
        return max(0.0, min(1.0, (1.0 - math.hypot((s - s0) / long, (t - t0) / wide) - rough) / 0.16))

    ends = (s0 - 2.5, s0 + 2.5)
    pieces = [path_piece(stage, (START, ends[0]), (20, 10)), path_piece(stage, (ends[1], END), (270, 10))]
    pieces.append(path_piece(stage, ends, (240, 200), sunk))
    loose, outline = _loose_slabs(stage, rng, patch, sunk), _hole(stage, patch, sunk)
    return Change(
        added=[*pieces, loose, outline, _rubble(stage, rng, patch, sunk)],
        hidden=hide(stage.things["path"].parts),
        telling=[loose, outline],
        place=(s0, t0, wide),
    )


def _loose_slabs(stage: Stage, rng: np.random.Generator, patch: Patch, sunk: Sunk) -> bpy.types.Object:
    s0, t0, long, wide = patch
    slabs = MeshBuilder()
    for _ in range(int(rng.integers(4, 13))):
        s, t = s0 + rng.normal(0, 0.6 * long), t0 + rng.normal(0, 0.6 * wide)
        if sunk(s, t) > 0.2:
            size = (rng.uniform(0.18, 0.5), rng.uniform(0.15, 0.36), 0.05)
            tilt = Euler((rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0, 6.28)))
            slabs.box(stage.at(s, t, stage.ground(s, t) - 0.03), size, rot=tilt)
    return put("slabs", slabs.mesh("slabs", [stage.materials["slab"]], smooth=False))


def _hole(stage: Stage, patch: Patch, sunk: Sunk) -> bpy.types.Object:
    """Puts a lid over a hole that no picture shows: it tells the pass of indices where the hole is."""
    rim = [_rim(patch[0], patch[1], a, sunk) for a in np.linspace(0, 2 * math.pi, 72, endpoint=False)]
    lid = MeshBuilder()
    lid.add([stage.at(s, t, stage.ground(s, t) + 0.004) for s, t in rim], [tuple(range(72))])
    thing = put("hole", lid.mesh("hole", [stage.materials["slab"]]), index=ISSUE)
    thing.hide_render = True
    return thing


def _rubble(stage: Stage, rng: np.random.Generator, patch: Patch, sunk: Sunk) -> bpy.types.Object:
    s0, t0, long, wide = patch
    stone = MeshBuilder()
    stone.ellipsoid((0, 0, 0), (0.03, 0.024, 0.018), sides=7, rows=5)
    spots = [(s0 + rng.uniform(-1.1, 1.1) * long, t0 + rng.uniform(-1.1, 1.1) * wide) for _ in range(250)]
    points = [stage.at(s, t, stage.ground(s, t) - 0.07 * sunk(s, t) + 0.005) for s, t in spots]
    turns, sizes = rng.uniform(0, 6.28, (250, 3)), rng.uniform(0.3, 1.2, 250)
    return scatter("rubble", stone.mesh("stone", [stage.materials["slab"]]), points, turns, sizes, 0)


def _rim(s0: float, t0: float, angle: float, sunk: Sunk) -> tuple[float, float]:
    """Returns where a hole ends in a direction, as s and t."""
    r = 0.05
    while r < 2.4 and sunk(s0 + r * math.sin(angle), t0 + r * math.cos(angle)) > 0.1:
        r += 0.02
    return s0 + r * math.sin(angle), t0 + r * math.cos(angle)


def path_flooded(stage: Stage, rng: np.random.Generator, _sights: Sights) -> Change:
    """Water stands on the path."""
    s0, t0 = free_spot(stage, rng, 0.35)
    long, wide, drawn = (
        rng.uniform(1.0, 2.3),
        rng.uniform(0.6, 1.0) * min(1.3, stage.plan.course.half * 0.45),
        rng.uniform(0, 50),
    )
    rims: tuple[list[Vector], list[Vector]] = ([], [])
    for a in np.linspace(0, 2 * math.pi, 120, endpoint=False):
        q = Vector((math.cos(a), math.sin(a), drawn))
        r = 1 + 0.5 * noise.noise(q * 1.1) + 0.25 * noise.noise(q * 2.7) + 0.08 * noise.noise(q * 8)
        for rim, more, z in ((rims[0], 0.0, 0.031), (rims[1], 0.15 + 0.1 * noise.noise(q * 5), 0.0285)):
            s, t = s0 + (long * r + more) * math.sin(a), t0 + (wide * r + more) * math.cos(a)
            rim.append(stage.at(s, max(-stage.plan.course.half, min(stage.plan.course.half, t)), z))
    added = []
    for rim, surface, index in zip(rims, puddle(), (ISSUE, PATH), strict=True):
        made = MeshBuilder()
        made.add(rim, [tuple(range(120))])
        added.append(put("puddle", made.mesh("puddle", [surface], smooth=False), (0, 0, 0), index=index))
    return Change(added=added, place=(s0, t0, long))


def path_obstructed_branch(stage: Stage, rng: np.random.Generator, _sights: Sights) -> Change:
    """A branch lies on the path."""
    s, t = free_spot(stage, rng, 0.35)
    habit = Habit(height=rng.uniform(2.6, 3.8), trunk=0.9, crown=1.0, buds=420, thickness=0.06, leader=0.7)
    mesh = tree_mesh(stage, int(rng.integers(100, 9999)), habit, int(rng.integers(0, 3)), bend=lying(0.25, 0.2, 0.0))
    at = stage.at(s, t, stage.ground(s, t) - 0.02)
    turn = float(rng.choice([0.0, math.pi])) + rng.uniform(-0.6, 0.6)
    middle = Matrix.Rotation(turn, 3, "Z") @ Vector((habit.height * 0.55, 0, 0))
    return Change(added=[put("branch", mesh, at - middle, turn, ISSUE)], place=(s, t, 1.6))


def path_obstructed_thing(stage: Stage, rng: np.random.Generator, _sights: Sights) -> Change:
    """Something was left on the path: cartons, a case, a cone, a barrier."""
    s, t = free_spot(stage, rng, 0.6)
    make = list(OBSTACLES.values())[int(rng.integers(0, len(OBSTACLES)))]
    at = stage.at(s, t, stage.ground(s, t))
    return Change(added=[put("left", make(stage, rng), at, rng.uniform(0, 6.28), ISSUE)], place=(s, t, 0.9))


def litter(stage: Stage, rng: np.random.Generator, _sights: Sights) -> Change:
    """Bags and waste lie beside the bin, on the path or on the lawn's edge."""
    half, bin_at = stage.plan.course.half, stage.plan.bin
    where = int(rng.integers(0, 3))
    s, t = (
        (bin_at.s, bin_at.t),
        free_spot(stage, rng, 0.4),
        (free_spot(stage, rng)[0], -half - rng.uniform(0.6, 1.8)),
    )[where]
    off = 0.75 if where == 0 else 0.0
    spread = rng.uniform(0.6, 1.0)
    bags = (
        (off, 0.15, "black", 0.30),
        (-off - 0.4, 0.25, "black", 0.27),
        (0.05, 0.75, "white", 0.20),
        (off + 0.5, 0.4, "blue", 0.24),
    )
    added = []
    for k, (ds, dt, surface, size) in enumerate(bags[: int(rng.integers(1, 5))]):
        at = (s + ds * spread, t + dt * spread)
        mesh = bag_mesh(k + int(rng.integers(1, 50)), stage.materials[surface], size)
        added.append(put("bag", mesh, stage.at(*at, stage.ground(*at)), rng.uniform(0, 6), ISSUE))
    scraps = scraps_mesh(stage, rng, (s, t + (0.8 if where == 0 else 0.0)), spread)
    return Change(added=[*added, put("scraps", scraps, (0, 0, 0), index=ISSUE)], place=(s, t, 1.2))

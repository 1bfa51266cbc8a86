"""What stands far off: buildings, the opposite bank and its trees."""

import itertools
import math

import bpy
import numpy as np

from sample_media.studio.facades import WALLS, facade, front_rows
from sample_media.studio.materials import hazed
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import material
from sample_media.studio.stage import SURFACES, Stage

BANK = ((64, 20), (62, 70), (54, 120), (38, 160), (10, 190), (-40, 212))
PARK_EDGE = ((70, -10), (60, 80), (20, 140), (-40, 170))


def _building(
    rng: np.random.Generator, look: bpy.types.Material, at: tuple[float, float], size: tuple[float, ...], turn: float
) -> None:
    width, depth, height = size
    block = MeshBuilder()
    block.box((0, 0, height / 2), (width, depth, height))
    if rng.random() < 0.6:
        tall = rng.uniform(2.5, 5)
        x, y = rng.uniform(-width / 5, width / 5), rng.uniform(-depth / 5, depth / 5)
        block.box((x, y, height + tall / 2), (width * rng.uniform(0.25, 0.6), depth * 0.5, tall))
    if rng.random() < 0.5:
        block.box((width * 0.5 * rng.choice([-1, 1]), 0, height * 0.3), (width * 0.7, depth * 0.9, height * 0.6))
    if height > 45 and rng.random() < 0.5:
        block.tube([(0, 0, height), (0, 0, height + 12)], [0.3, 0.1], 5)
    put("building", block.mesh("building", [look], smooth=False), (*at, -0.5), turn, SURFACES["building"])


def skyline(stage: Stage, count: int = 70) -> None:
    """Puts buildings on the horizon, and close behind a street or plaza."""
    rng = np.random.default_rng([stage.plan.seed, 2])
    looks = [facade(f"facade{k}", wall, stage.air, k) for k, wall in enumerate(WALLS)]
    for _ in range(count):
        a = math.radians(rng.uniform(-48, 48))
        d = rng.uniform(200 if a > -0.1 else 140, 600)
        height = rng.uniform(12, 32) + (rng.random() < 0.28) * rng.uniform(15, 60) * (d / 450)
        size = (rng.uniform(16, 36), rng.uniform(12, 24), height)
        _building(rng, looks[int(rng.integers(0, 6))], (d * math.sin(a), d * math.cos(a)), size, rng.uniform(-0.5, 0.5))
    front_rows(stage)


def far_edge(stage: Stage, shrubs: list[bpy.types.Mesh]) -> None:
    """Puts the opposite bank (or the park's edge) with its tree rows."""
    line = BANK if stage.plan.site == "riverside" else PARK_EDGE
    if stage.plan.site == "riverside":
        _quay_wall(stage)
    rng = np.random.default_rng([stage.plan.seed, 3])
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = (y1 - y0) / length, -(x1 - x0) / length
        for d in np.arange(0, length, 8.0):
            for off, chance, low, high in ((4.5, 0.72, 0.75, 1.25), (13, 0.75, 0.9, 1.6), (24, 0.5, 1.0, 1.7)):
                if rng.random() > chance:
                    continue
                f, o, z = d / length + rng.uniform(-3, 3) / length, off + rng.uniform(-2, 2), rng.uniform(low, high)
                at = (x0 + (x1 - x0) * f + nx * o, y0 + (y1 - y0) * f + ny * o, 0.3)
                tree = put("far_tree", stage.trees[int(rng.integers(0, 3))], at, rng.uniform(0, 6.28))
                tree.scale = (z * rng.uniform(0.9, 1.3), z * rng.uniform(0.9, 1.3), z)
                stage.add("far_tree", "tree", [tree], far=True)
            for _ in range(2):
                f, o = d / length, rng.uniform(2, 8)
                at = (x0 + (x1 - x0) * f + nx * o, y0 + (y1 - y0) * f + ny * o, 0.5)
                shrub = put("far_shrub", shrubs[int(rng.integers(0, 2))], at, rng.uniform(0, 6.28), SURFACES["shrub"])
                shrub.scale = (rng.uniform(0.9, 1.9),) * 3


def _quay_wall(stage: Stage) -> None:
    bank = MeshBuilder()
    for (x0, y0), (x1, y1) in itertools.pairwise(BANK):
        length = math.hypot(x1 - x0, y1 - y0)
        dx, dy = (y1 - y0) / length * 140, -(x1 - x0) / length * 140
        verts = [(x0, y0, -2.4), (x1, y1, -2.4), (x1, y1, 0.6), (x0, y0, 0.6)]
        bank.add([*verts, (x0 + dx, y0 + dy, 0.6), (x1 + dx, y1 + dy, 0.6)], [(0, 1, 2, 3), (3, 2, 5, 4)])
    made, t = material("far_bank")
    t.surface(hazed(t, t.principled((0.15, 0.14, 0.12, 1), 0.9), stage.air))
    put("far_bank", bank.mesh("far_bank", [made]), index=SURFACES["hard"])

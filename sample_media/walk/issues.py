"""What can be wrong on the walk: each maker changes the scene and tells what it changed, so that it can be undone."""

import math

import bpy
import numpy as np
from mathutils import Matrix, Vector

from sample_media.studio.mesh import put
from sample_media.studio.vegetation import lying
from sample_media.walk import lamps
from sample_media.walk.change import Change, Maker, Sights, hide
from sample_media.walk.furniture import bag_mesh
from sample_media.walk.ground_issues import (
    litter,
    path_damaged,
    path_flooded,
    path_obstructed_branch,
    path_obstructed_thing,
)
from sample_media.walk.indices import ISSUE
from sample_media.walk.plan import Place
from sample_media.walk.stage import Stage, Thing
from sample_media.walk.trees import HABITS, stump_mesh, tree_mesh


def _pick(rng: np.random.Generator, sights: Sights, kind: str, height: float, share: float = 0.55) -> str | None:
    """Draws an asset that is seen well enough for a person to tell how it is (height in pixels)."""
    fit = [n for n, s in sights.items() if s.kind == kind and s.share >= share and s.box[3] - s.box[1] >= height]
    return fit[int(rng.integers(0, min(3, len(fit))))] if fit else None


def _tilt(thing: bpy.types.Object, degrees: float, towards: float) -> tuple[bpy.types.Object, Matrix]:
    """Tilts a thing about its foot, towards a direction about z in radians."""
    before = thing.matrix_world.copy()
    foot = before.translation.copy()
    axis = Vector((-math.sin(towards), math.cos(towards), 0))
    turn = Matrix.Rotation(math.radians(degrees), 4, axis)
    thing.matrix_world = Matrix.Translation(foot) @ turn @ Matrix.Translation(-foot) @ before
    return thing, before


def light_on_by_day(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A lamp burns by day."""
    name = _pick(rng, sights, "street_light", 40, 0.6)
    if name is None:
        return None
    glass = stage.things[name].parts[1]
    glass.material_slots[0].link = "OBJECT"
    glass.material_slots[0].material = lamps.burning(stage)
    return Change(asset=name, swapped=[glass])


def light_out(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A lamp is dark by night: all that it lit is dark too."""
    name = _pick(rng, sights, "street_light", 40, 0.6)
    if name is None:
        return None
    thing = stage.things[name]
    thing.parts[1].material_slots[0].link = "OBJECT"
    thing.parts[1].material_slots[0].material = lamps.dark_glass(stage)
    return Change(asset=name, hidden=hide(thing.lights), swapped=[thing.parts[1]], whole=True)


def light_damaged_lean(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A lamp leans, as if run into."""
    name = _pick(rng, sights, "street_light", 55)
    if name is None:
        return None
    degrees, towards = rng.uniform(11, 24), float(rng.choice([0.0, math.pi])) + rng.uniform(-0.7, 0.7)
    return Change(asset=name, moved=[_tilt(part, degrees, towards) for part in stage.things[name].parts])


def light_damaged_gone(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A lamp is gone but for its stump, or snapped: what broke off lies on the ground."""
    name = _pick(rng, sights, "street_light", 55)
    if name is None:
        return None
    thing = stage.things[name]
    place = stage.plan.lamps[int(name.split("_")[1])]
    top, at = float(rng.choice([0.3, 0.55, 1.1])), stage.at(place.s, place.t, 0.015)
    change = Change(asset=name, added=[put("stump", lamps.stump(stage, top), at)])
    if top > 1:
        away = rng.uniform(0.2, 0.6) * (-1 if place.t < 0 else 1)
        for part in thing.parts:
            lying = put("lying", part.data, at)
            heading = stage.plan.course.heading(place.s) + away
            turn = Matrix.Rotation(heading, 4, "Z") @ Matrix.Rotation(math.radians(-88), 4, "X")
            foot = stage.at(place.s, place.t * 0.92, 0.12)
            lying.matrix_world = Matrix.Translation(foot) @ turn @ Matrix.Translation((0, 0, -0.8))
            change.added.append(lying)
    change.hidden = hide(thing.parts)
    return change


def bin_overflowing(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """The bin is full: bags press out of its mouth, lie on its lid and lean on it."""
    if sights["bin_0"].share < 0.5:
        return None
    spot, added = stage.plan.bin, []
    at = stage.at(spot.s, spot.t, 0.0)

    def bag(dx: float, dy: float, z: float, surface: str, size: float) -> None:
        mesh = bag_mesh(int(rng.integers(1, 99)), stage.materials[surface], size)
        added.append(put("bag", mesh, at + Vector((dx, dy, z)), rng.uniform(0, 6), ISSUE))

    for a in rng.uniform(0, 6.28) + np.array([0.0, 1.3, 2.6, 3.9, 5.1]):
        bag(0.24 * math.cos(a), 0.24 * math.sin(a), 0.80, ("white", "black", "blue")[int(rng.integers(0, 3))], 0.15)
    bag(0.02, 0.0, 1.22, ("black", "white")[int(rng.integers(0, 2))], rng.uniform(0.18, 0.25))
    for _ in range(int(rng.integers(0, 3))):
        a = rng.uniform(0, 6.28)
        bag(0.5 * math.cos(a), 0.5 * math.sin(a), 0.02, "black", rng.uniform(0.22, 0.30))
    return Change(asset="bin_0", added=added, place=(spot.s, spot.t, 0.9))


def _tree(stage: Stage, name: str) -> tuple[Thing, Place]:
    return stage.things[name], stage.plan.trees[int(name.split("_")[1])]


def tree_fallen(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A tree broke and lies across the walk."""
    name = _pick(rng, sights, "tree", 70, 0.5)
    if name is None:
        return None
    thing, place = _tree(stage, name)
    level = stage.ground(place.s, place.t) - 0.03
    bend = lying(0.46, 0.34, rng.uniform(-0.6, 0.4))
    mesh = tree_mesh(stage, stage.plan.tree_seeds[place.make], HABITS[place.make], place.make, bend=bend)
    crown = put("fallen", mesh, stage.at(place.s, place.t + 0.25, level), 0.0, ISSUE)
    crown.scale = (place.size,) * 3
    stump = put("tree_stump", stump_mesh(stage, rng), stage.at(place.s, place.t, level), index=ISSUE)
    return Change(name, [stump, crown], hide(thing.parts), place=(place.s, 0.0, 4.5))


def tree_leaning(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A tree leans to one side."""
    name = _pick(rng, sights, "tree", 70, 0.5)
    if name is None:
        return None
    towards = float(rng.choice([0.0, math.pi])) + rng.uniform(-0.6, 0.6)
    return Change(asset=name, moved=[_tilt(part, rng.uniform(14, 27), towards) for part in stage.things[name].parts])


def tree_bare(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
    """A tree is dead: it has lost its leaves."""
    name = _pick(rng, sights, "tree", 70, 0.5)
    if name is None:
        return None
    thing, place = _tree(stage, name)
    mesh = tree_mesh(stage, stage.plan.tree_seeds[place.make], HABITS[place.make], None, twigs=2)
    bare = put("bare", mesh, thing.parts[0].location, place.turn, ISSUE)
    bare.scale = (place.size,) * 3
    return Change(name, [bare], hide(thing.parts))


def _missing(kind: str) -> Maker:
    """A thing of a kind is no more where it stood."""

    def make(stage: Stage, rng: np.random.Generator, sights: Sights) -> Change | None:
        name = _pick(rng, sights, kind, 16)
        return None if name is None else Change(asset=name, hidden=hide(stage.things[name].parts))

    return make


MAKERS: dict[str, Maker] = {
    "light_on_by_day": light_on_by_day,
    "light_damaged_lean": light_damaged_lean,
    "light_damaged_gone": light_damaged_gone,
    "light_out": light_out,
    "light_out_coming": light_out,
    "light_flickering": light_out,
    "path_obstructed_branch": path_obstructed_branch,
    "path_obstructed_thing": path_obstructed_thing,
    "path_damaged": path_damaged,
    "path_flooded": path_flooded,
    "litter": litter,
    "bin_overflowing": bin_overflowing,
    "tree_fallen": tree_fallen,
    "tree_leaning": tree_leaning,
    "tree_bare": tree_bare,
    "asset_missing_bench": _missing("bench"),
    "asset_missing_bin": _missing("bin"),
}

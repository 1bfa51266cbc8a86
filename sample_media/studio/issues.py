"""Makes what can be wrong on a walk, each from its place, size and seed."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed

import bpy
import numpy as np
from mathutils import Euler, Vector

from sample_media.studio import clutter, furniture, materials, obstacles, seats, waste
from sample_media.studio.breakage import break_walk
from sample_media.studio.cars import car_mesh
from sample_media.studio.covers import lay_cover
from sample_media.studio.cracks import crack_walk
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.people import Walker, draw_looks
from sample_media.studio.plan import CLUTTER, EVERGREEN, OBSTACLES, Issue
from sample_media.studio.site import habit_of, stump_mesh
from sample_media.studio.skeleton import Habit
from sample_media.studio.stage import SURFACES, Stage
from sample_media.studio.vegetation import lying, tree_mesh


@dataclass
class Made:
    """What an issue added: labelled things, unlabelled ones beside them, how to take it away again, and its name.

    Some of the labelled things may be what another of them holds.
    """

    things: list[bpy.types.Object]
    label: str | None
    beside: list[bpy.types.Object] = field(default_factory=list)
    undo: Callable[[], None] | None = None
    name: str = ""
    held: list[bpy.types.Object] = field(default_factory=list)


def make_issue(stage: Stage, issue: Issue) -> list[Made]:
    """Builds an issue into the stage and registers its labelled things."""
    rng = np.random.default_rng(issue.seed)
    made = MAKERS[issue.kind](stage, issue, rng)
    for part in made:
        if part.label is not None and part.things:
            item = stage.add(part.name or issue.kind, part.label, part.things)
            if part.held:
                stage.hold(item, part.held)
    return made


def _outline(rng: np.random.Generator) -> Callable[[float], float]:
    """Returns a lumpy radius near 1 by angle, as puddles have."""
    waves = [(k, rng.normal(0, 0.32 / k), rng.uniform(0, 6.28)) for k in range(1, 9)]
    return lambda a: max(0.35, 1 + sum(size * math.sin(k * a + phase) for k, size, phase in waves))


def _puddle(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    long, wide = rng.uniform(0.7, 1.9) * at.size, rng.uniform(0.5, 1.2) * at.size
    radius, edge = _outline(rng), stage.plan.half - 0.02

    def ring(grow: float, z: float) -> list[Vector]:
        points = []
        for a in np.linspace(0, 2 * math.pi, 120, endpoint=False):
            t = at.t + (wide * radius(a) + grow) * math.cos(a)
            points.append(stage.course.at(at.s + (long * radius(a) + grow) * math.sin(a), max(-edge, min(edge, t)), z))
        return points

    water, rim = MeshBuilder(), MeshBuilder()
    water.add(ring(0.0, 0.0315), [tuple(range(120))])
    rim.add(ring(0.16, 0.0295), [tuple(range(120))])
    look = materials.puddle(rng.uniform(0.22, 0.45), rng.uniform(0.02, 0.1))
    puddle = put("puddle", water.mesh("puddle", [look], smooth=False))
    damp = put("damp", rim.mesh("damp", [materials.damp()], smooth=False), index=SURFACES["path"])
    return [Made([puddle], "puddle", [damp])]


def _crack(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    way, steps, width = rng.uniform(0, 6.28), int(rng.integers(14, 34)), rng.uniform(0.014, 0.035) * at.size
    crack = crack_walk(stage, at, rng, way, steps, width)
    return [Made([crack], "crack")] if crack else []


def _broken(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    things, rubble, undo = break_walk(stage, at, rng)
    return [Made(things, "pothole", [rubble], undo)]


def _free(stage: Stage, t: float) -> bool:
    """Tells whether something may lie at an offset: not in the river, nor under parked cars."""
    return stage.plan.site in ("park", "plaza") or t < stage.plan.half - 0.1


def _strew(
    stage: Stage, at: Issue, rng: np.random.Generator, spread: float, bags: int, scraps: int
) -> list[bpy.types.Object]:
    things = []
    for k in range(bags + scraps):
        s, t = at.s + rng.normal(0, spread), at.t + rng.normal(0, spread * 0.7)
        if _free(stage, t):
            place = stage.course.at(s, t, stage.ground(s, t) + (0.0 if abs(t) < stage.plan.half else 0.03))
            things.append(waste.bag(stage, rng, place) if k < bags else waste.scrap(stage, rng, place))
    return things


def _litter(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    bags = int(rng.integers(1, 6)) if rng.random() < 0.7 else 0
    things = _strew(stage, at, rng, rng.uniform(0.35, 0.9) * at.size, bags, int(rng.integers(3, 14)))
    return [Made([thing], "litter") for thing in things]


def _overflow(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    """Heaps bags and waste on the bin nearest to the place."""
    bins = [item for item in stage.items if item.label == "bin"]
    if not bins:
        return []
    place = stage.course.at(at.s, at.t)
    full = min(bins, key=lambda item: (item.things[0].location - place).length)
    foot = full.things[0].location
    heap = []
    for _ in range(int(rng.integers(2, 5))):
        spot = Vector((foot.x + rng.normal(0, 0.13), foot.y + rng.normal(0, 0.13), rng.uniform(0.84, 1.0)))
        heap.append(waste.bag(stage, rng, spot, rng.uniform(0.16, 0.3)))
    for _ in range(int(rng.integers(3, 8))):
        spot = Vector((foot.x + rng.normal(0, 0.16), foot.y + rng.normal(0, 0.16), rng.uniform(0.95, 1.1)))
        heap.append(waste.scrap(stage, rng, spot))
    full.label = "bin_overflowing"
    full.things += heap
    for thing in heap:
        thing.pass_index = full.index

    def undo() -> None:
        full.label = "bin"
        full.things = [thing for thing in full.things if thing not in heap]

    near = changed(at, t=at.t + 0.35)
    round_it = _strew(stage, near, rng, 0.55, int(rng.integers(0, 4)), int(rng.integers(2, 7)))
    return [Made(heap, None, undo=undo), *(Made([thing], "litter") for thing in round_it)]


def _bin(full: bool) -> Callable[[Stage, Issue, np.random.Generator], list[Made]]:
    """Returns what stands a bin of any make on the walk or beside it, full or not."""

    def stand(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
        name, things, strewn = waste.stand_bin(stage, at, rng, full)
        held = [thing for thing in things if thing.name.startswith(("bag", "scrap"))] if full else []
        made = [Made(things, "bin_overflowing" if full else "bin", name=name, held=held)]
        if strewn:
            bags, scraps = int(rng.integers(0, 4)), int(rng.integers(1, 7))
            made += [Made([thing], "litter") for thing in _strew(stage, at, rng, 0.5, bags, scraps)]
        return made

    return stand


def _seat(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    """Stands a bench of any make beside the walk or on it: nothing wrong."""
    make, seat = seats.stand_seat(stage, at, rng)
    return [Made([seat], "bench", name=make)]


def _fallen(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    """Lays a tree beside the walk, or a broken branch on it, across the walk."""
    return _down(stage, at, rng, None)


def _branch(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    return _down(stage, at, rng, False)


def _down(stage: Stage, at: Issue, rng: np.random.Generator, whole: bool | None) -> list[Made]:
    """Lays down a whole tree, or a branch, or (None) one of them."""
    form, yaw, dice = int(rng.integers(0, 3)), rng.normal(0, 0.45), rng.random()
    whole = dice < 0.65 if whole is None else whole
    habit = habit_of(stage.plan, form)
    t = at.t if whole else -rng.uniform(1.5, min(3.0, stage.plan.half))
    if whole:
        habit = changed(habit, crown=habit.crown * 0.85)
    else:
        species = "broadleaf" if habit.species == "palm" else habit.species
        habit = Habit(rng.uniform(3.2, 4.5), 0.8, rng.uniform(0.9, 1.4), buds=450, thickness=0.075, species=species)
    shed = stage.plan.bare_season and not stage.plan.forms[form].evergreen
    bare = shed or (rng.random() < 0.15 and habit.species not in EVERGREEN)
    looks = [stage.material[f"bark{form}"], stage.material[f"leaf{form}"]]
    bend = lying(0.46, 0.34, yaw) if whole else lying(0.10, 0.16, yaw)
    mesh = tree_mesh("fallen", int(rng.integers(0, 10**6)), looks, habit, not bare, 2 if bare else 0, bend)
    z = stage.ground(at.s, t) + (-0.03 if whole else 0.01)
    things = [put("fallen", mesh, stage.course.at(at.s, t + 0.25, z))]
    if whole:
        things.append(put("stump", stump_mesh(stage), stage.course.at(at.s, t, z)))
    return [Made(things, "fallen_tree")]


def _person(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    walker = Walker("passer", draw_looks(rng))
    walker.pose(rng.uniform(0, 6.28))
    way = stage.course.heading(at.s) + (0 if rng.random() < 0.5 else math.pi) + rng.normal(0, 0.3)
    walker.thing.location, walker.thing.rotation_euler = stage.course.at(at.s, at.t, 0.022), (0, 0, way)
    return [Made([walker.thing], "person")]


def _bicycle(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    """Leaves a bicycle, lying if the size is 1 or more, else standing."""
    colour = tuple(float(v) for v in rng.uniform(0.01, 0.5, 3))
    bike = put("bicycle", furniture.bicycle_mesh(colour, rng.random() < 0.4), stage.course.at(at.s, at.t, 0.03))
    lying_down = at.size >= 1
    tilt = 86 * rng.choice([-1, 1]) if lying_down else 8
    bike.rotation_euler = Euler((math.radians(tilt), 0, rng.uniform(0, 6.28)))
    bike.location.z = 0.12 if lying_down else 0.03
    return [Made([bike], "bicycle")]


def _suitcase(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    colour = ((0.30, 0.03, 0.03), (0.02, 0.03, 0.06), (0.05, 0.05, 0.05))[int(rng.integers(0, 3))]
    at_ = stage.course.at(at.s, at.t, stage.walk_height(at.t))
    return [Made([put("suitcase", furniture.suitcase_mesh(colour), at_, rng.uniform(0, 6.28))], "suitcase")]


def _car(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    turn = stage.course.heading(at.s) + rng.normal(0, 0.06) * at.size
    car = put("car", car_mesh(at.seed), stage.course.at(at.s, at.t, stage.walk_height(at.t)), turn)
    return [Made([car], "car")]


def _cover(stage: Stage, at: Issue, rng: np.random.Generator) -> list[Made]:
    """Nothing wrong: what must not be told as damage, water or as in the way."""
    return [Made(lay_cover(stage, at, rng), "cover")]


def _left(kind: str) -> Callable[[Stage, Issue, np.random.Generator], list[Made]]:
    """Returns the maker of what somebody puts down on the walk and leaves."""
    put_down = clutter.scatter(kind) if kind in CLUTTER else obstacles.leave(kind)
    return lambda stage, at, rng: [Made(put_down(stage, at, rng), kind)]


MAKERS: dict[str, Callable[[Stage, Issue, np.random.Generator], list[Made]]] = {
    "puddle": _puddle,
    "crack": _crack,
    "broken": _broken,
    "litter": _litter,
    "lawn_litter": _litter,
    "overflow": _overflow,
    "fallen": _fallen,
    "branch": _branch,
    "person": _person,
    "bicycle": _bicycle,
    "suitcase": _suitcase,
    "car": _car,
    "cover": _cover,
    "bin_full": _bin(True),
    "bin_free": _bin(False),
    "seat": _seat,
} | {kind: _left(kind) for kind in (*OBSTACLES, *CLUTTER)}

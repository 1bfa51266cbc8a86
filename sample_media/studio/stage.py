"""The scene being built: its plan, materials and the register of what stands in it."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from mathutils import Vector, noise

from sample_media.studio import materials
from sample_media.studio.course import Course
from sample_media.studio.nodes import plain
from sample_media.studio.plan import Plan
from sample_media.studio.seasons import lawn_tint, leaf_tones

# Object indices below FIRST_ITEM are surfaces; the id pass turns them into masks.
SURFACES = {"path": 1, "water": 2, "lawn": 3, "railing": 4, "hard": 5, "building": 6, "shrub": 7, "road": 8}
FIRST_ITEM = 100


@dataclass
class Item:
    """A thing with a label of its own: its object index and objects; one with a head is labelled where that is seen.

    What it holds may have an index of its own, so that it can be told how much of that is seen; 0 where it has none.
    """

    index: int
    name: str
    label: str
    things: list[bpy.types.Object]
    head: list[bpy.types.Object] = field(default_factory=list)
    far: bool = False
    held: int = 0


@dataclass
class Stage:
    """A scene under construction; ``items`` are the labelled things in it."""

    plan: Plan
    scene: bpy.types.Scene
    course: Course
    air: materials.Air
    material: dict[str, bpy.types.Material]
    rng: np.random.Generator
    items: list[Item] = field(default_factory=list)
    trees: list[bpy.types.Mesh] = field(default_factory=list)
    walk: bpy.types.Object | None = None
    walk_uv: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    next_index: int = FIRST_ITEM

    def add(
        self,
        name: str,
        label: str,
        things: list[bpy.types.Object],
        head: list[bpy.types.Object] | None = None,
        far: bool = False,
    ) -> Item:
        """Registers objects as one labelled thing and gives them its index."""
        item = Item(self.next_index, name, label, things, head or [], far)
        self.next_index += 1
        for thing in things:
            thing.pass_index = item.index
        self.items.append(item)
        return item

    def hold(self, item: Item, things: list[bpy.types.Object]) -> None:
        """Gives what a thing holds an index of its own."""
        item.held, self.next_index = self.next_index, self.next_index + 1
        for thing in things:
            thing.pass_index = item.held

    def find(self, name: str) -> Item | None:
        """Returns the item of a name, if it stands."""
        return next((item for item in self.items if item.name == name), None)

    def walk_height(self, t: float) -> float:
        """Returns the height of the walk's cambered surface at an offset."""
        return 0.025 * (1 - (t / self.plan.half) ** 2)

    def ground(self, s: float, t: float) -> float:
        """Returns the height of the ground at a place, on or off the walk."""
        out = abs(t) - self.plan.half
        if out <= 0:
            return self.walk_height(t)
        if self.plan.site in ("street", "plaza"):
            return 0.02
        roll = 0.10 * noise.noise(Vector((s * 0.09, abs(t) * 0.09, 3))) * max(0.0, min(1.0, (out - 0.15) / 3))
        return 0.02 + roll + 0.25 * max(0.0, (out - 9.4) / 30)


def new_stage(plan: Plan) -> Stage:
    """Returns an empty scene with the plan's materials."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    noise.seed_set(plan.seed % 10000 + 1)
    rng = np.random.default_rng([plan.seed, 1])
    grey = float(rng.uniform(0.05, 0.3))
    made = {
        "iron": plain("iron", (0.018, 0.022, 0.021), 0.42, 0.35, vary=0.4),
        "steel": plain("steel", (grey, grey, grey), 0.4, 0.6, vary=0.2),
        "wood": materials.wood(),
        "bin": plain("bin", plan.bin_colour, 0.45, 0.2, vary=0.3),
        "kerb": plain("kerb", (0.25, 0.24, 0.225), 0.85, vary=0.35, bump=0.4),
        "concrete": plain("concrete", (0.23, 0.22, 0.205), 0.9, vary=0.45, bump=0.5, bump_scale=12),
        "mulch": plain("mulch", (0.055, 0.038, 0.026), 0.95, vary=0.5, bump=1.0, bump_scale=30),
        "blackbag": plain("blackbag", (0.012, 0.012, 0.014), 0.28),
        "whitebag": plain("whitebag", (0.62, 0.62, 0.6), 0.4),
        "bluebag": plain("bluebag", (0.03, 0.10, 0.28), 0.35),
        "greenbag": plain("greenbag", (0.03, 0.16, 0.06), 0.35),
        "card": plain("card", (0.30, 0.20, 0.11), 0.9),
        "paper": plain("paper", (0.75, 0.74, 0.70), 0.8),
        "can": plain("can", (0.55, 0.05, 0.04), 0.3, 0.6),
        "blue": plain("blue", (0.05, 0.2, 0.5), 0.5),
        "yellow": plain("yellow", (0.6, 0.45, 0.05), 0.5),
        "bark": materials.bark("bark", (0.028, 0.021, 0.016), (0.115, 0.092, 0.072)),
        "deadbark": materials.bark("deadbark", (0.035, 0.030, 0.026), (0.115, 0.104, 0.094)),
        "heartwood": plain("heartwood", (0.42, 0.29, 0.16), 0.9, vary=0.4),
        "lawn": materials.lawn(lawn_tint(plan)),
        "walk": materials.paving(plan),
    }
    for k, form in enumerate(plan.forms):
        made[f"leaf{k}"] = materials.foliage(f"leaf{k}", leaf_tones(plan, k))
        made[f"bark{k}"] = materials.bark_of(form.species)
    blades = [
        tuple(v * f for v, f in zip(tone, lawn_tint(plan), strict=True))
        for tone in ((0.040, 0.072, 0.015), (0.085, 0.130, 0.027), (0.200, 0.200, 0.070))
    ]
    made["grass"] = materials.foliage("grass", (blades[0], blades[1], blades[2]), through=0.35, scale=0.4, gloss=0.05)
    dry = ((0.10, 0.05, 0.015), (0.20, 0.11, 0.03), (0.28, 0.20, 0.06))
    made["dryleaf"] = materials.foliage("dryleaf", dry, through=0.15)
    return Stage(plan, bpy.context.scene, Course(*plan.curve), materials.AIR[plan.light.mode], made, rng)

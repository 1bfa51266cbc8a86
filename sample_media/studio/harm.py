"""Draws what has come to harm in a view: half of its lamps and trees, where a street shows one in hundreds."""

from dataclasses import replace

import numpy as np

from sample_media.studio.draw import draw_plan, draw_snap
from sample_media.studio.drawn import drawn_place
from sample_media.studio.plan import Lamp, Plan, Tree

LIGHTS = {"day": 0.4, "overcast": 0.2, "night": 0.3, "dusk": 0.1}
# Shares of lamps that lean, are snapped, and gone; and of those that burn or not, whatever the hour asks.
LEANS, SNAPPED, GONE, OTHERWISE = 0.38, 0.10, 0.14, 0.2
BARE, LEANING, FALLEN = 0.42, 0.14, 0.04
LAMP_LEANS, TREE_LEANS = (4, 20), (8, 24)  # degrees


def draw_both(seed: int) -> tuple[Plan, Plan]:
    """Returns the place of a camera drawn from a seed in some light, as it is when all is well, and harmed."""
    rng = np.random.default_rng([seed, 60])
    whole = _whole(seed, str(rng.choice(list(LIGHTS), p=list(LIGHTS.values()))))
    return whole, draw_harm(rng, whole)


def _whole(seed: int, mode: str) -> Plan:
    plan = drawn_place(seed).plan
    near = sum(lamp.s < 35 for lamp in plan.lamps)
    # Where many lamps burn a camera's exposure is shorter, as it is of drawn cameras.
    exposure = -0.16 * max(0, near - 3) if mode == "night" else draw_plan(seed).light.exposure
    return replace(plan, light=replace(plan.light, mode=mode, exposure=exposure))


def draw_harm(rng: np.random.Generator, plan: Plan) -> Plan:
    """Returns a plan in which lamps and trees came to harm, each by its own chance."""
    lamps = tuple(_lamp(rng, lamp, plan.light.lamps_lit) for lamp in plan.lamps)
    return replace(plan, lamps=lamps, trees=tuple(_tree(rng, tree) for tree in plan.trees))


def _lamp(rng: np.random.Generator, lamp: Lamp, lamps_lit: bool) -> Lamp:
    dice, lean, snap = rng.random(), 0.0, 0.0
    if dice < LEANS:
        lean = float(rng.uniform(*LAMP_LEANS) * rng.choice([-1, 1]))
    elif dice < LEANS + SNAPPED:
        snap = draw_snap(rng)
    gone = LEANS + SNAPPED <= dice < LEANS + SNAPPED + GONE
    lit = not lamps_lit if rng.random() < OTHERWISE else None
    return replace(lamp, lean=lean, snapped=snap, gone=gone, lit=lit)


def _tree(rng: np.random.Generator, tree: Tree) -> Tree:
    dice = rng.random()
    if dice < BARE:
        return replace(tree, bare=True)
    if dice < BARE + LEANING:
        return replace(tree, lean=float(rng.uniform(*TREE_LEANS)))
    return replace(tree, fallen=True) if dice < BARE + LEANING + FALLEN else tree

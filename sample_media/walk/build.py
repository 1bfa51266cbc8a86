"""Builds the scene of a walk in one light."""

import bpy

from sample_media.walk.backdrop import build_far_bank, build_town, set_sky
from sample_media.walk.camera import set_camera
from sample_media.walk.furniture import furnish
from sample_media.walk.ground import drop_leaves, grow_grass, lay_ground
from sample_media.walk.lamps import raise_lamps
from sample_media.walk.materials import AIRS, palette
from sample_media.walk.plan import Plan
from sample_media.walk.stage import Stage
from sample_media.walk.trees import plant, plant_park


def build(plan: Plan, light: str, samples: int, threads: int) -> Stage:
    """Returns the walk by day, at dusk or by night, with nothing wrong in it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    air = AIRS[light]
    stage = Stage(bpy.context.scene, plan, air, palette(air, plan.course.half, plan.paving, plan.slab))
    lay_ground(stage)
    grow_grass(stage)
    plant(stage)
    shrubs = plant_park(stage)
    drop_leaves(stage)
    raise_lamps(stage)
    furnish(stage)
    build_town(stage)
    build_far_bank(stage, shrubs)
    set_sky(stage)
    set_camera(stage, samples, threads)
    return stage

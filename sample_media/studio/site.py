"""Builds a whole site from its plan: ground, plants, lamps, furniture and backdrop."""

import math
from dataclasses import replace

import bpy
import numpy as np
from mathutils import Euler, Vector, noise

from sample_media.studio import backdrop, furniture
from sample_media.studio.cars import car_mesh
from sample_media.studio.ground import ROAD_LEVEL, lay_ground
from sample_media.studio.lamps import lamp_model, snapped, stub_mesh
from sample_media.studio.light import set_sky
from sample_media.studio.marks import lay_marks
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import glow, plain
from sample_media.studio.plan import Lamp, Plan, Tree
from sample_media.studio.seasons import STATURES
from sample_media.studio.skeleton import Habit
from sample_media.studio.stage import SURFACES, Stage, new_stage
from sample_media.studio.vegetation import fallen_leaf_mesh, grass_mesh, lying, scatter, shrub_mesh, tree_mesh
from sample_media.studio.view import set_camera

# Watts of a lamp's downlight by hour; lit by day it must only be seen, not light the walk.
LAMP_WATTS = {"night": 300.0, "dusk": 150.0, "day": 20.0}


def build(plan: Plan, planted: bool = True) -> Stage:
    """Returns the built scene of a plan, with its camera and light set; unplanted it has no greenery or backdrop."""
    stage = new_stage(plan)
    lay_ground(stage, fine=planted)
    if planted:
        _plant_trees(stage)
        _plant_shrubs_and_grass(stage)
        _drop_leaves(stage)
        backdrop.skyline(stage)
    _set_lamps(stage)
    _set_furniture(stage)
    lay_marks(stage)
    set_sky(stage)
    set_camera(stage)
    bpy.context.view_layer.update()
    return stage


def habit_of(plan: Plan, form: int) -> Habit:
    """Returns how trees of a form grow."""
    shape, habit = plan.forms[form], Habit()
    thickness = habit.thickness * STATURES[shape.species].girth
    return Habit(shape.height, shape.trunk, shape.crown, thickness=thickness, species=shape.species)


def _plant_trees(stage: Stage) -> None:
    plan, m, bare = stage.plan, stage.material, stage.plan.bare_season
    for k, form in enumerate(plan.forms):
        looks, leafless = [m[f"bark{k}"], m[f"leaf{k}"]], bare and not form.evergreen
        mesh = tree_mesh(f"form{k}", form.seed, looks, habit_of(plan, k), not leafless, 2 if leafless else 0)
        stage.trees.append(mesh)
    dead = None
    for k, tree in enumerate(plan.trees):
        mesh = stage.trees[tree.form]
        if tree.bare and not bare:
            habit = Habit(7.6, 2.2, 2.5, buds=900, kill=0.42, thickness=0.16)
            looks = [m["deadbark"], m["leaf0"]]
            dead = dead or tree_mesh("dead", plan.forms[0].seed + 5, looks, habit, False, 5)
            mesh = dead
        if tree.fallen:
            _fell(stage, k, tree)
        else:
            at = stage.course.at(tree.s, tree.t, stage.ground(tree.s, tree.t) - 0.03)
            thing = put(f"tree{k}", mesh, at, Euler((0, math.radians(tree.lean), tree.turn)))
            thing.scale = (tree.scale,) * 3
            stage.add(f"tree_{k + 1}", "tree", [thing])
        _mulch(stage, tree)
    rng = np.random.default_rng([plan.seed, 4])
    for _ in range(30 if plan.site in ("riverside", "park") else 8):
        s, t = rng.uniform(20, 140), -rng.uniform(16, 52)
        if plan.site == "park" and rng.random() < 0.5:
            t = -t
        if s < 34 and abs(t) < 20:
            continue
        thing = put("park_tree", stage.trees[int(rng.integers(0, 3))], stage.course.at(s, t, stage.ground(s, t)))
        thing.rotation_euler, thing.scale = (0, 0, rng.uniform(0, 6.28)), (rng.uniform(0.95, 1.5),) * 3
        stage.add("park_tree", "tree", [thing], far=True)


def _fell(stage: Stage, k: int, tree: Tree) -> None:
    """Lays a tree of the plan across the walk from its splintered stump."""
    m, form = stage.material, tree.form
    shape = stage.plan.forms[form]
    size = {"height": shape.height * tree.scale, "crown": shape.crown * 0.85 * tree.scale}
    habit = replace(habit_of(stage.plan, form), **size)
    looks, bend = [m[f"bark{form}"], m[f"leaf{form}"]], lying(0.46, 0.34, math.radians(-8))
    z = stage.ground(tree.s, tree.t) - 0.03
    leafless = stage.plan.bare_season and not shape.evergreen
    mesh = tree_mesh("fallen", shape.seed, looks, habit, not leafless, 2 if leafless else 0, bend)
    crown = put("fallen", mesh, stage.course.at(tree.s, tree.t + 0.25, z))
    stump = put("stump", stump_mesh(stage), stage.course.at(tree.s, tree.t, z))
    stage.add(f"tree_{k + 1}", "fallen_tree", [crown, stump])


def stump_mesh(stage: Stage) -> bpy.types.Mesh:
    """Returns a stump with a splintered top."""
    stump, sides = MeshBuilder(), 14
    stump.lathe([(0.30, -0.05), (0.23, 0.12), (0.18, 0.35), (0.165, 0.55)], sides)
    top = len(stump.verts) - sides
    for j in range(sides):
        x, y, z = stump.verts[top + j]
        splinter = 0.28 * abs(noise.noise(Vector((j * 1.7, 3, 1)))) + (0.25 if j % 5 == 0 else 0)
        stump.verts[top + j] = (x, y, z + splinter)
    stump.lathe([(0.16, 0.50), (0.08, 0.62), (0.0, 0.55)], sides, 1)
    return stump.mesh("stump", [stage.material["bark"], stage.material["heartwood"]])


def _mulch(stage: Stage, tree: Tree) -> None:
    ring, z = MeshBuilder(), stage.ground(tree.s, tree.t)
    turns = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    rim = [stage.course.at(tree.s + 0.75 * math.sin(a), tree.t + 0.75 * math.cos(a), z + 0.02) for a in turns]
    ring.add([stage.course.at(tree.s, tree.t, z + 0.05), *rim], [(0, 1 + j, 1 + (j + 1) % 24) for j in range(24)])
    put("mulch", ring.mesh("mulch", [stage.material["mulch"]]), index=SURFACES["hard"])


def _plant_shrubs_and_grass(stage: Stage) -> None:
    plan, rng = stage.plan, np.random.default_rng([stage.plan.seed, 5])
    shrubs = [
        shrub_mesh("shrub0", 5, (2.2, 2.0, 1.5), 4200, stage.material["leaf2"], 0.075),
        shrub_mesh("shrub1", 6, (1.7, 1.9, 1.2), 3400, stage.material["leaf0"], 0.07),
    ]
    sides = (-1, 1) if plan.site in ("park", "plaza") else (-1,)
    for side in sides if plan.hedge else ():
        for k, s in enumerate(np.arange(4, 110, 1.6)):
            t = side * (max(plan.hedge, plan.half + 1.5) + rng.normal(0, 0.35))
            at = stage.course.at(s, t, stage.ground(s, t) - 0.05)
            shrub = put("shrub", shrubs[k % 2], at, rng.uniform(0, 6.28), SURFACES["shrub"])
            shrub.scale = (rng.uniform(0.85, 1.3),) * 3
    points, turns, scales = [], [], []
    for side in sides:
        for low, high, out, pitch, scale in ((1.0, 24, 8.0, 0.40, 1.08), (24, 52, 8.5, 0.66, 1.6)):
            for s in np.arange(low, high, pitch):
                for t in np.arange(plan.half + 0.28, plan.half + out, pitch):
                    s_, t_ = s + rng.normal(0, 0.12), side * max(t + rng.normal(0, 0.1), plan.half + 0.22)
                    if noise.noise(Vector((s_ * 0.5, t_ * 0.5, 9))) <= 0.62:
                        points.append(stage.course.at(s_, t_, stage.ground(s_, t_) - 0.004))
                        turns.append((0, 0, rng.uniform(0, 6.28)))
                        scales.append(scale * rng.uniform(0.75, 1.2))
    scatter("grass", grass_mesh(1, stage.material["grass"]), points, turns, scales, SURFACES["lawn"])
    backdrop.far_edge(stage, shrubs)


def _drop_leaves(stage: Stage) -> None:
    plan, rng = stage.plan, np.random.default_rng([stage.plan.seed, 6])
    points, turns, scales = [], [], []
    for _ in range(plan.fallen_leaves):
        s, t = rng.uniform(4, 45), rng.uniform(-plan.half, plan.half)
        if rng.random() < 0.55:
            t = -plan.half + abs(rng.normal(0, 0.35))
        points.append(stage.course.at(s, t, stage.walk_height(t) + 0.006))
        turns.append((rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0, 6.28)))
        scales.append(rng.uniform(0.6, 1.3))
    leaf = fallen_leaf_mesh(stage.material["dryleaf"])
    scatter("fallen_leaves", leaf, points, turns, scales, SURFACES["path"])


def _set_lamps(stage: Stage) -> None:
    plan = stage.plan
    model = lamp_model(plan.lamp_style, plan.lamp_height, stage.material["iron"], stage.material["steel"])
    cool = 1 - plan.lamp_warmth
    colour = (1.0, 0.70 + 0.26 * cool, 0.38 + 0.58 * cool)
    for k, lamp in enumerate(plan.lamps):
        base = stage.course.at(lamp.s, lamp.t, 0.015)
        if lamp.gone:
            put(f"stub{k}", stub_mesh(stage.material["steel"], lamp.s), base, index=SURFACES["hard"])
            continue
        lit = lamp.burns(plan.light.lamps_lit)
        if lit:
            strength = 12.0 if stage.air.mode == "dusk" else 30.0
            pane = glow(f"pane{k}", (colour[0], colour[1] * 0.92, colour[2] * 0.9), strength)
        else:
            grey = 0.55 if stage.air.mode == "day" else 0.14
            pane = plain(f"pane{k}", (grey, grey, grey * 0.95), 0.12)
        facing = stage.course.heading(lamp.s) + (0 if lamp.t > 0 else math.pi)
        turn = Euler((math.radians(lamp.lean), math.radians(lamp.lean * 0.4), facing))
        shapes = [model.body, model.glass.mesh("pane", [pane])]
        if lamp.snapped:
            shapes = [snapped(shape, model.light_at[2] * 0.55, lamp.snapped) for shape in shapes]
        body, glass = (
            put(f"{part}{k}", shape, base, turn) for part, shape in zip(("lamp", "pane"), shapes, strict=True)
        )
        glass.visible_shadow, glass.visible_diffuse = False, not lit
        stage.add(f"lamp_{k + 1}", "street_light", [body, glass], head=[glass])
        if lit:
            _light_lamp(stage, lamp, turn.to_matrix() @ Vector(model.light_at) + base, model.power, colour)


def _light_lamp(stage: Stage, lamp: Lamp, at: Vector, power: float, colour: tuple[float, float, float]) -> None:
    """Adds a pool of light on the paving and a little all-round spill."""
    watts = LAMP_WATTS[stage.air.mode] * power
    for kind, share, drop in (("SPOT", 2.6, 0.0), ("POINT", 0.38, 0.14)):
        light = bpy.data.lights.new("lamp", kind)
        light.energy, light.color, light.shadow_soft_size = watts * share, colour, 0.12
        if kind == "SPOT":
            light.spot_size, light.spot_blend = math.radians(122), 0.75
        thing = bpy.data.objects.new("lamp_light", light)
        thing.location = at - Vector((0, 0, drop))
        stage.scene.collection.objects.link(thing)


def _set_furniture(stage: Stage) -> None:
    plan, m, course = stage.plan, stage.material, stage.course
    bench = furniture.bench_mesh(m)
    for k, spot in enumerate(plan.benches):
        side = 1 if spot.t < 0 else -1
        turn = course.heading(spot.s) + math.pi / 2 * side
        stage.add(f"bench_{k + 1}", "bench", [put("bench", bench, course.at(spot.s, spot.t, 0.03), turn)])
    for spot in plan.benches if plan.site != "plaza" else ():
        side, pad = (1 if spot.t < 0 else -1), MeshBuilder()
        corners = ((-1.1, -0.65), (1.1, -0.65), (1.1, 0.72), (-1.1, 0.72))
        pad.add([course.at(spot.s + a, spot.t + side * b, 0.022) for a, b in corners], [(0, 3, 2, 1)])
        put("pad", pad.mesh("pad", [m["concrete"]]), index=SURFACES["hard"])
    bin_ = furniture.bin_mesh(m)
    for k, spot in enumerate(plan.bins):
        stage.add(f"bin_{k + 1}", "bin", [put("bin", bin_, course.at(spot.s, spot.t, 0.02), 0.3)])
    for spot in plan.cars:
        turn = course.heading(spot.s) + (math.pi if spot.t > plan.half + 4 else 0)
        car = put("car", car_mesh(spot.kind), course.at(spot.s, spot.t, ROAD_LEVEL), turn)
        stage.add("car", "car", [car])

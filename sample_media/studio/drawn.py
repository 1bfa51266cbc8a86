"""Cameras drawn from a seed: their id holds it, so that the same id is always the same place."""

from dataclasses import replace

import numpy as np

from sample_media.studio.cameras import PLACES, Place, Register, Walk
from sample_media.studio.draw import PATH_HALF, draw_marks, draw_plan
from sample_media.studio.plan import LAMP_STYLES, SITES, SURFACES, Lamp, Plan

PREFIX = "proving-"
# From this seed on there are covers and hairline cracks in the walk, masts sway, and most registers are plain boxes, as
# streets, masts and operators are; and things are left on the walk that no detector has a name for.
STREETWISE_FROM = 670_000
MONTHS = {"spring": (4, 5), "summer": (6, 7, 8, 9), "autumn": (10, 11), "winter": (1, 2)}
# Sunset of Shanghai in the middle of a month: hour and minute (UTC).
SUNSETS = {
    **{1: (9, 10), 2: (9, 40), 4: (10, 20), 5: (10, 45), 6: (11, 0), 7: (11, 0), 8: (10, 40), 9: (10, 5)},
    **{10: (9, 25), 11: (8, 55)},
}
DAY_KINDS = (
    *("lit_by_day", "suitcase", "tree_bare", "puddle", "lamp_leaning", "branch", "bin_missing", "litter"),
    *("tree_fallen", "broken", "overflow", "bicycle", "bench_missing", "tree_leaning"),
    *("car", "lamp_gone", "lawn_litter", "crack", "lamp_snapped"),
)
NIGHT_KINDS = (
    *("one_out", "suitcase", "flicker", "puddle", "three_out", "branch", "one_out", "litter", "lamp_leaning"),
    *("bicycle", "tree_fallen", "flicker", "three_out", "bench_missing", "car", "lamp_snapped"),
)
# What is left on the walk where cameras are drawn as streets are, between the others.
STREETWISE_KINDS = ("cartons", "barrier", "cones", "pallets")
REGISTERS: tuple[Register, ...] = ("outlines", "boxes", "boxes_alone")
NAMES = ("CAM 03  PARK", "IPC-12", "Camera 01", "PTZ 5 NORTH GATE", "CH04  EAST WALK", "")


def find_place(camera: str) -> Place:
    """Returns the place of a camera: one of the clips' or one drawn from the seed in its id."""
    if camera.startswith(PREFIX):
        return drawn_place(int(camera.removeprefix(PREFIX)))
    return PLACES[camera]


def hour_of(seed: int) -> str:
    """Returns the light a drawn camera is proved in: day for even seeds, night (now and then dusk) for odd ones."""
    if seed % 2:
        return "dusk" if seed % 16 == 11 else "night"
    return ("day", "overcast")[(seed // 4 + seed // 8) % 2]


def drawn_place(seed: int) -> Place:
    """Returns a place where nothing is wrong: every lamp as the hour asks, every tree upright and green in season."""
    rng = np.random.default_rng([seed, 50])
    k = seed // 2
    site = SITES[k % 4]
    plan = draw_plan(seed, site)
    style = LAMP_STYLES[(k + k // 4 + 2 * (seed % 2)) % 4]
    surface = SURFACES[(k + k // 4 + seed % 2) % 4] if site != "street" else plan.surface
    # Where many lamps burn a camera's exposure is shorter.
    near = sum(lamp.s < 35 for lamp in plan.lamps)
    exposure = -0.16 * max(0, near - 3) if hour_of(seed) == "night" else plan.light.exposure
    plan = replace(
        plan,
        light=replace(plan.light, mode=hour_of(seed), exposure=exposure),
        lamp_style=style,
        surface=surface,
        lamps=tuple(Lamp(lamp.s, lamp.t) for lamp in plan.lamps),
        trees=tuple(
            replace(tree, lean=0.0, bare=plan.bare_season and not plan.forms[tree.form].evergreen)
            for tree in plan.trees
        ),
        fallen_leaves=min(plan.fallen_leaves, 900),
    )
    sway = 0.0
    register: Register = "outlines"
    if seed >= STREETWISE_FROM:
        own = np.random.default_rng([seed, 53])
        plan = replace(plan, marks=draw_marks(own, plan))
        sway = float(own.uniform(0.2, 1.0)) if own.random() < 0.5 else 0.0
        register = REGISTERS[int(own.integers(0, len(REGISTERS)))]
    return Place(
        f"{PREFIX}{seed}",
        NAMES[int(rng.integers(0, len(NAMES)))],
        str(seed),
        plan,
        _walks(rng, plan),
        31.17,
        121.46,
        size=(640, 360),
        fps=5,
        gain=float(rng.uniform(0.85, 1.1)),
        grain=float(rng.uniform(0.7, 1.5)),
        quality=int(rng.integers(26, 33)),
        sway=sway,
        register=register,
    )


def _walks(rng: np.random.Generator, plan: Plan) -> tuple[Walk, ...]:
    """Returns one who goes away, one who comes, and one who crosses the view later or stands about."""
    edge = min(PATH_HALF[plan.site], 4.0) - 0.5
    offsets = rng.permutation([-0.8, -0.1, 0.7]) * edge + rng.uniform(-0.15, 0.15, 3)
    looks = [int(v) for v in rng.integers(1, 10**6, 3)]
    away = Walk(rng.uniform(7, 10), 60, offsets[0], rng.uniform(1.1, 1.6), rng.uniform(-2, 2), looks[0])
    comes = Walk(rng.uniform(20, 28), 5, offsets[1], rng.uniform(1.1, 1.6), rng.uniform(-1, 2), looks[1])
    third = Walk(rng.uniform(26, 34), 5, offsets[2], rng.uniform(1.2, 1.6), rng.uniform(0, 4), looks[2])
    if rng.random() < 0.35:
        third = Walk(rng.uniform(11, 18), 60, offsets[2], 0.0, 0.0, looks[2])
    return away, comes, third


def start_of(seed: int) -> str:
    """Returns when a drawn camera's first clip starts (UTC), in a season and at an hour that fit its picture."""
    rng = np.random.default_rng([seed, 51])
    mode, day = hour_of(seed), int(rng.integers(1, 28))
    month = int(rng.choice(MONTHS[draw_plan(seed, SITES[seed // 2 % 4]).season]))
    if mode == "dusk":  # the lamps of Shanghai come on some minutes after sunset
        hour, minute = divmod(60 * SUNSETS[month][0] + SUNSETS[month][1] + 8, 60)
        return f"2026-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{int(rng.integers(0, 60)):02d}Z"
    hour = int(rng.integers(13, 16)) if mode == "night" else int(rng.integers(1, 8))
    return f"2026-{month:02d}-{day:02d}T{hour:02d}:{int(rng.integers(0, 60)):02d}:{int(rng.integers(0, 60)):02d}Z"


def kinds_of(seed: int, lamps_lit: bool) -> tuple[str, ...]:
    """Returns what goes wrong in turn before drawn cameras, of which each has some seven."""
    kinds = NIGHT_KINDS if lamps_lit else DAY_KINDS
    if seed < STREETWISE_FROM:
        return kinds
    between = len(kinds) // len(STREETWISE_KINDS)
    parts = [kinds[k * between : (k + 1) * between] for k in range(len(STREETWISE_KINDS))]
    mixed = [(*part, left) for part, left in zip(parts, STREETWISE_KINDS, strict=True)]
    return (*(kind for part in mixed for kind in part), *kinds[len(STREETWISE_KINDS) * between :])

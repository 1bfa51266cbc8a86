"""Draws plans and issues from a seed, for the training stills."""

import math
from dataclasses import replace

import numpy as np

from sample_media.studio.plan import (
    LAMP_STYLES,
    MODES,
    SITES,
    SURFACES,
    Camera,
    Issue,
    Lamp,
    Light,
    Plan,
    Spot,
    Tree,
    TreeForm,
)
from sample_media.studio.seasons import in_season

# Chances that an issue stands in a still; tuned so that each class has hundreds of examples in a thousand stills.
ISSUE_CHANCES = (
    ("puddle", 0.32),
    ("crack", 0.22),
    ("broken", 0.32),
    ("litter", 0.5),
    ("overflow", 0.36),
    ("fallen", 0.28),
    ("bicycle", 0.18),
    ("car", 0.1),
)
# Chances that a lamp's column is snapped, and that it is gone but for its stump.
SNAPPED, GONE = 0.03, 0.03
PATH_HALF = {"riverside": 2.6, "park": 2.6, "plaza": 7.5, "street": 2.0}


def draw_plan(seed: int, site: str | None = None) -> Plan:
    """Returns the randomised plan of a seed; the same seed gives the same plan."""
    rng = np.random.default_rng(seed)
    mode = str(rng.choice(MODES, p=[0.52, 0.16, 0.12, 0.20]))
    site = site or str(rng.choice(SITES, p=[0.3, 0.3, 0.2, 0.2]))
    half = PATH_HALF[site]
    bare = bool(rng.random() < 0.12)
    straight = 0.25 if site in ("plaza", "street") else 1.0
    plan = Plan(
        seed=seed,
        site=site,
        curve=(rng.uniform(-1, 1), straight * rng.uniform(-0.06, 0.06), straight * rng.uniform(-0.0034, 0.0026)),
        half=half,
        surface=str(rng.choice(SURFACES, p=[0.45, 0.27, 0.13, 0.15])),
        tint=(rng.uniform(0.72, 1.25), rng.uniform(-0.09, 0.09)),
        slab=(rng.uniform(0.3, 1.1), rng.uniform(0.2, 0.6)),
        wet=rng.uniform(0.3, 1.0) if rng.random() < 0.18 else 0.0,
        fog=rng.uniform(60, 400) if rng.random() < 0.1 else 0.0,
        lamp_style=str(rng.choice(LAMP_STYLES)),
        lamp_height=rng.uniform(0.85, 1.25),
        lamp_warmth=rng.uniform(0, 1),
        lamps=_lamps(rng, site, half, mode in ("dusk", "night")),
        trees=_trees(rng, site, half, bare),
        forms=tuple(
            TreeForm(int(rng.integers(100, 10**6)), rng.uniform(5.5, 10), rng.uniform(1.8, 2.9), rng.uniform(2.2, 3.6))
            for _ in range(3)
        ),
        bare_season=bare,
        leaf_hue=rng.uniform(-0.5, 1),
        leaf_value=rng.uniform(0.8, 1.3),
        benches=_benches(rng, site, half),
        bins=tuple(
            Spot(rng.uniform(lo, hi), -half - 0.6 if site != "plaza" else -half + 1.0)
            for lo, hi in ((9, 22), (24, 36))[: int(rng.integers(1, 3))]
        ),
        cars=_cars(rng, half) if site == "street" else (),
        bin_colour=(rng.uniform(0.01, 0.12), rng.uniform(0.01, 0.12), rng.uniform(0.01, 0.12)),
        hedge=rng.uniform(9, 16) if rng.random() < 0.75 else 0.0,
        fallen_leaves=int(rng.uniform(100, 2500)),
        light=Light(
            mode, rng.uniform(14, 62), rng.uniform(-180, 180), rng.uniform(-0.3, 0.3), float(rng.integers(0, 97))
        ),
        camera=_camera(rng, site),
    )
    # Drawn apart, so that what was drawn before they were thought of is drawn still.
    later = np.random.default_rng([seed, 11])
    return in_season(replace(plan, lamps=_harmed(later, plan.lamps)), later)


def _harmed(rng: np.random.Generator, lamps: tuple[Lamp, ...]) -> tuple[Lamp, ...]:
    """Returns the lamps with now and then one whose column is snapped or gone."""
    dice = rng.random(len(lamps))
    snapped = (draw_snap(rng) if d < SNAPPED else 0.0 for d in dice)
    return tuple(
        replace(lamp, snapped=bent, gone=bool(SNAPPED < d < SNAPPED + GONE))
        for lamp, bent, d in zip(lamps, snapped, dice, strict=True)
    )


def draw_snap(rng: np.random.Generator) -> float:
    """Returns by how many degrees a snapped column's upper half is bent down, and to which side."""
    return float(rng.uniform(55, 150) * rng.choice([-1, 1]))


def _camera(rng: np.random.Generator, site: str) -> Camera:
    lift = 1.5 if site == "plaza" else 0.0
    return Camera(
        x=rng.uniform(-3.5, 2.0),
        z=rng.uniform(3.4, 7.8) + lift,
        yaw=rng.uniform(-13, 9),
        pitch=rng.uniform(8, 21),
        lens=rng.uniform(20, 36),
        roll=rng.normal(0, 0.8),
    )


def _lamps(rng: np.random.Generator, site: str, half: float, lit: bool) -> tuple[Lamp, ...]:
    side = int(rng.choice([1, 1, 0] if site == "riverside" else [1, -1, 0]))
    right = {"riverside": half - 0.35, "street": half - 0.3, "plaza": half - 1.6}.get(site, half + 0.5)
    left = -half + 1.6 if site == "plaza" else -half - 0.45
    spacing, start = rng.uniform(7.5, 13), rng.uniform(8, 14)
    wrong = 0.22 if lit else 0.06
    all_lit = lit or rng.random() < 0.1
    lamps = []
    for k in range(7):
        s = start + k * spacing
        if s > 75:
            break
        places = [(s, right)] * (side >= 0) + [(s + spacing / 2 * (side == 0), left)] * (side <= 0)
        for s_, t in places:
            lean = rng.uniform(6, 22) * rng.choice([-1, 1]) if rng.random() < 0.06 else 0.0
            lamps.append(Lamp(s_, t, bool(all_lit != (rng.random() < wrong)), float(lean)))
    return tuple(lamps)


def _trees(rng: np.random.Generator, site: str, half: float, bare: bool) -> tuple[Tree, ...]:
    trees, s = [], rng.uniform(7, 14)
    left = {"plaza": half - 2.2, "street": half + 2.4}.get(site, half + 3.0)
    right = {"park": half + 3.5, "plaza": half - 2.5, "street": half + 0.1}.get(site)

    def tree(s_: float, t: float) -> Tree:
        lean = rng.uniform(8, 24) if rng.random() < 0.06 else 0.0
        gone = bare or rng.random() < 0.05
        scale = rng.uniform(0.5, 0.75) if site in ("plaza", "street") else rng.uniform(0.75, 1.25)
        return Tree(s_, t, int(rng.integers(0, 3)), rng.uniform(0, 2 * math.pi), scale, bool(gone), lean)

    while s < 70:
        trees.append(tree(s + rng.uniform(-1, 1), -left - rng.uniform(-0.4, 0.4)))
        if right is not None and rng.random() < 0.8:
            trees.append(tree(s + rng.uniform(-3, 3), right + rng.uniform(-0.2, 0.2)))
        s += rng.uniform(6.5, 12)
    return tuple(trees)


def _benches(rng: np.random.Generator, site: str, half: float) -> tuple[Spot, ...]:
    left = -half + 1.3 if site == "plaza" else -half - 0.85
    benches = [Spot(float(s), left) for s in np.arange(rng.uniform(9, 16), 45, rng.uniform(7, 12))]
    if site in ("park", "plaza") and rng.random() < 0.6:
        benches += [Spot(float(s), -left) for s in np.arange(rng.uniform(9, 16), 45, rng.uniform(8, 14))]
    return tuple(benches)


def _cars(rng: np.random.Generator, half: float) -> tuple[Spot, ...]:
    cars = []
    for t in (half + 1.4, half + 7.0):
        s = rng.uniform(8, 14)
        while s < 60:
            if rng.random() < 0.7:
                cars.append(Spot(s + rng.uniform(-0.3, 0.3), t, int(rng.integers(0, 10**6))))
            s += 5.9
    return tuple(cars)


def draw_issue(rng: np.random.Generator, plan: Plan, kind: str) -> Issue:
    """Places one issue of a kind on the plan's walk."""
    edge = min(plan.half, 4.5) - 0.9
    s, t = rng.uniform(7.5, 25), rng.uniform(-edge, edge)
    if kind == "crack":
        s = rng.uniform(6.5, 16)
    if kind == "car":  # all of it on the walk
        s, t = rng.uniform(9, 22), rng.uniform(-1, 1) * max(0.3, edge - 0.7)
    if kind == "fallen":
        s, t = rng.uniform(11, 26), -rng.uniform(3.6, 5.4)
    if kind in ("litter", "overflow") and plan.bins and (kind == "overflow" or rng.random() < 0.45):
        spot = plan.bins[int(rng.integers(0, len(plan.bins)))]
        s, t = spot.s, spot.t + (0.5 if kind == "litter" else 0.0)
    elif kind == "litter" and rng.random() < 0.4 and plan.site in ("riverside", "park"):
        t = -rng.uniform(3, 5)
    if kind in ("bin_full", "bin_free", "seat"):  # along the edges, and beside the walk where no river is
        beside = rng.uniform(-1.0, 1.3) if plan.site in ("park", "plaza") else rng.uniform(-1.0, 0.0)
        s, t = rng.uniform(6, 24), rng.choice([-1, 1]) * (plan.half + beside)
    if kind == "lawn_litter":
        t = -plan.half - rng.uniform(0.5, 3.5)
    return Issue(kind, float(s), float(t), float(rng.uniform(0.7, 1.4)), int(rng.integers(1, 10**6)))


def draw_marks(rng: np.random.Generator, plan: Plan) -> tuple[Issue, ...]:
    """Returns none to two covers and some hairline cracks on the nearer part of a plan's walk."""
    edge, kinds = plan.half - 0.6, ["cover"] * int(rng.integers(0, 3)) + ["hairline"] * int(rng.integers(2, 9))
    return tuple(
        Issue(
            kind,
            float(rng.uniform(8.5, 24)),
            float(rng.uniform(-edge, edge)),
            float(rng.uniform(0.7, 1.3)),
            int(rng.integers(1, 10**6)),
        )
        for kind in kinds
    )

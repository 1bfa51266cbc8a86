"""Species of trees, and what the seasons do to leaves and lawn: plain data, without Blender."""

from dataclasses import dataclass, replace

import numpy as np

from sample_media.studio.plan import SPECIES, Plan, TreeForm

Colour = tuple[float, ...]
Tones = tuple[Colour, Colour, Colour]


@dataclass(frozen=True)
class Stature:
    """How a species differs from a broadleaf: factors on height, clear trunk, crown radius and girth."""

    height: float = 1.0
    trunk: float = 1.0
    crown: float = 1.0
    girth: float = 1.0


STATURES = {
    "broadleaf": Stature(),
    "plane": Stature(1.1, 1.15, 1.1, 1.15),
    "birch": Stature(1.15, 1.0, 0.62, 0.62),
    "conifer": Stature(1.25, 0.35, 0.68),
    "palm": Stature(0.9, 1.0, 0.85),
}
# How often each species is planted (in their order); conifers would block a pavement.
PLANTED = {
    "riverside": (0.40, 0.17, 0.15, 0.13, 0.15),
    "park": (0.38, 0.15, 0.17, 0.20, 0.10),
    "plaza": (0.50, 0.22, 0.12, 0.0, 0.16),
    "street": (0.46, 0.32, 0.10, 0.0, 0.12),
}
# Of three forms of tree all are one species this often: rows are planted alike.
ALIKE = 0.6

GREENS: tuple[Tones, ...] = (
    ((0.026, 0.056, 0.011), (0.060, 0.112, 0.020), (0.120, 0.165, 0.034)),
    ((0.032, 0.062, 0.014), (0.074, 0.118, 0.025), (0.150, 0.172, 0.042)),
    ((0.020, 0.050, 0.014), (0.044, 0.094, 0.022), (0.092, 0.142, 0.036)),
)
NEEDLES: Tones = ((0.010, 0.028, 0.014), (0.022, 0.050, 0.024), (0.045, 0.080, 0.040))
FRONDS: Tones = ((0.022, 0.045, 0.013), (0.050, 0.088, 0.024), (0.110, 0.130, 0.045))
AUTUMN: tuple[Tones, ...] = (
    ((0.10, 0.055, 0.008), (0.30, 0.17, 0.015), (0.48, 0.33, 0.03)),
    ((0.09, 0.020, 0.006), (0.24, 0.050, 0.012), (0.38, 0.13, 0.02)),
    ((0.06, 0.060, 0.010), (0.17, 0.130, 0.018), (0.36, 0.26, 0.03)),
)
BLOSSOM: Tones = ((0.20, 0.16, 0.13), (0.55, 0.38, 0.40), (0.75, 0.62, 0.62))
# What a season multiplies green leaves and grass by (red, green, blue), and how many leaves lie about.
FRESH, STRAW = (1.55, 1.35, 0.95), (1.9, 1.15, 1.35)
LITTERED = {"spring": 0.3, "summer": 1.0, "autumn": 1.8, "winter": 0.6}


def in_season(plan: Plan, rng: np.random.Generator) -> Plan:
    """Returns the plan with the species of its trees drawn, and a season that fits whether trees are bare in it."""
    season = "winter" if plan.bare_season else str(rng.choice(["spring", "summer", "autumn"], p=[0.27, 0.45, 0.28]))
    chances = np.array(PLANTED[plan.site])
    drawn = [str(s) for s in rng.choice(SPECIES, 3, p=chances / chances.sum())]
    species = drawn[:1] * 3 if rng.random() < ALIKE else drawn
    forms = tuple(_grown(form, name) for form, name in zip(plan.forms, species, strict=True))
    # A dead palm or conifer does not look like a bare tree: none is drawn.
    trees = tuple(replace(tree, bare=tree.bare and not forms[tree.form].evergreen) for tree in plan.trees)
    leaves = min(3200, round(plan.fallen_leaves * LITTERED[season]))
    return replace(plan, season=season, forms=forms, trees=trees, fallen_leaves=leaves)


def _grown(form: TreeForm, species: str) -> TreeForm:
    by = STATURES[species]
    return replace(
        form, species=species, height=form.height * by.height, trunk=form.trunk * by.trunk, crown=form.crown * by.crown
    )


def leaf_tones(plan: Plan, form: int) -> Tones:
    """Returns dark, middle and light tone of the leaves of one of the plan's forms, in its season."""
    species = plan.forms[form].species
    if species == "conifer":
        tones = NEEDLES
    elif species == "palm":
        tones = FRONDS
    elif plan.season == "autumn":
        return AUTUMN[(form + plan.seed) % len(AUTUMN)]
    elif plan.season == "spring" and species == "broadleaf" and (plan.seed // 3 + form) % 4 == 0:
        return BLOSSOM
    else:
        tones = GREENS[form]
    fresh = FRESH if plan.season == "spring" and species not in ("conifer", "palm") else (1.0, 1.0, 1.0)

    def tone(c: Colour) -> Colour:
        hue = (c[0] * (1 + plan.leaf_hue), c[1], c[2] * (1 - 0.3 * plan.leaf_hue))
        return tuple(min(1.0, v * plan.leaf_value * f) for v, f in zip(hue, fresh, strict=True))

    dark, middle, light = tones
    return tone(dark), tone(middle), tone(light)


def lawn_tint(plan: Plan) -> Colour:
    """Returns what the season multiplies the colour of grass by."""
    return {"spring": FRESH, "winter": STRAW}.get(plan.season, (1.0, 1.0, 1.0))

"""Fronts of buildings: walls with windows, and the rows of houses close behind a street or plaza."""

from typing import Any

import bpy
import numpy as np

from sample_media.studio.materials import Air, hazed
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import Colour, NodeTree, material
from sample_media.studio.stage import SURFACES, Stage

WALLS: tuple[tuple[Colour, Colour, tuple[float, float]], ...] = (
    ((0.42, 0.38, 0.33), (0.05, 0.06, 0.075), (2.6, 3.3)),
    ((0.30, 0.19, 0.14), (0.05, 0.055, 0.06), (2.1, 3.1)),
    ((0.50, 0.49, 0.47), (0.06, 0.08, 0.10), (3.4, 3.5)),
    ((0.13, 0.16, 0.19), (0.07, 0.10, 0.13), (1.5, 3.6)),
    ((0.36, 0.35, 0.34), (0.045, 0.05, 0.06), (2.8, 3.2)),
    ((0.44, 0.33, 0.24), (0.05, 0.055, 0.065), (2.2, 3.0)),
)
# A window's place in its cell of the facade: (left, right) and (sill, lintel).
PANE_U, PANE_V = (0.22, 0.80), (0.28, 0.80)
HOUSE_DEPTH = 12.0


def facade(
    name: str, look: tuple[Colour, Colour, tuple[float, float]], air: Air, seed: int, near: bool = False
) -> bpy.types.Material:
    """Returns a wall with a grid of windows, some of them lit after dark; a near one has frames, sills and curtains."""
    made, t = material(name)
    wall, glass, pitch = look
    at = t.object_position()
    axes = t.node("SeparateXYZ", {0: at}).outputs
    u = t.math("DIVIDE", t.math("ADD", axes[0], axes[1]), pitch[0])
    v = t.math("DIVIDE", axes[2], pitch[1])
    inside = []
    for part, low, high in ((u, *PANE_U), (v, *PANE_V)):
        within = t.math("FRACT", part)
        inside.append(t.math("MULTIPLY", t.math("GREATER_THAN", within, low), t.math("LESS_THAN", within, high)))
    up = t.node("SeparateXYZ", {0: t.node("NewGeometry").outputs["Normal"]}).outputs[2]
    upright = t.math("LESS_THAN", t.math("ABSOLUTE", up), 0.5)
    window = t.math("MULTIPLY", t.math("MULTIPLY", *inside), upright)
    own = t.math("ADD", t.node("ObjectInfo").outputs["Random"], float(seed))
    cell = t.node("CombineXYZ", {0: t.math("FLOOR", u), 1: t.math("FLOOR", v), 2: own})
    dice = t.node("TexWhiteNoise", {"Vector": cell}, noise_dimensions="3D").outputs[0]
    stained = t.times((*wall, 1), t.ramp(t.noise(at, 0.12, 4), [(0.3, 0.8), (0.7, 1.1)]))
    pane = t.mix(dice, (*[g * 0.5 for g in glass], 1), (*[g * 1.6 for g in glass], 1))
    if near:
        stained, pane, window = _detailed(t, (u, v), (stained, pane, window), dice, upright)
    body = t.principled(t.mix(window, stained, pane), t.mapped(window, (0, 1), (0.85, 0.12)))
    if air.window_strength:
        lit = t.math("MULTIPLY", window, t.math("LESS_THAN", dice, air.windows_lit))
        tone = t.mix(t.math("FRACT", t.math("MULTIPLY", dice, 37.0)), (1.0, 0.62, 0.28, 1), (0.75, 0.85, 1.0, 1))
        shine = t.node("Emission", {0: tone, 1: t.math("MULTIPLY", lit, air.window_strength)})
        body = t.node("AddShader", {0: body, 1: shine})
    t.surface(hazed(t, body, air))
    made.cycles.emission_sampling = "NONE"
    return made


def _detailed(
    t: NodeTree, cell: tuple[Any, Any], looks: tuple[Any, Any, Any], dice: Any, upright: Any
) -> tuple[Any, Any, Any]:
    """Returns wall, pane and glass of a front seen close: frames and bars round panes, sills, curtains, bands."""
    (u, v), (wall, pane, window) = (t.math("FRACT", part) for part in cell), looks

    def within(value: Any, low: float, high: float) -> Any:
        return t.math("MULTIPLY", t.math("GREATER_THAN", value, low), t.math("LESS_THAN", value, high))

    across, up = within(u, PANE_U[0] + 0.03, PANE_U[1] - 0.03), within(v, PANE_V[0] + 0.025, PANE_V[1] - 0.03)
    bar = t.math("ADD", within(u, 0.498, 0.522), within(v, 0.60, 0.617), clamp=True)
    glass = t.math("MULTIPLY", t.math("MULTIPLY", across, up), t.math("SUBTRACT", window, bar, clamp=True))
    drawn = t.math("GREATER_THAN", t.math("FRACT", t.math("MULTIPLY", dice, 17.0)), 0.55)
    sides = t.math("ADD", within(u, 0.2, 0.36), within(u, 0.66, 0.82), clamp=True)
    pane = t.mix(t.math("MULTIPLY", drawn, sides), pane, (0.26, 0.25, 0.23, 1))
    sill = t.math("MULTIPLY", within(u, 0.19, 0.83), within(v, 0.245, 0.28))
    trim = t.math("MAXIMUM", t.math("SUBTRACT", window, glass, clamp=True), t.math("MULTIPLY", sill, upright))
    band = t.math("MULTIPLY", t.math("LESS_THAN", v, 0.035), upright)
    wall = t.mix(t.math("MULTIPLY", band, 0.5), wall, (0.45, 0.44, 0.42, 1))
    return t.mix(trim, wall, (0.50, 0.49, 0.47, 1)), pane, glass


def front_rows(stage: Stage) -> None:
    """Puts rows of houses with balconies close behind a street or plaza."""
    rows = {"street": (stage.plan.half + 18.5, -stage.plan.half - 26), "plaza": (34, -34)}
    rng = np.random.default_rng([stage.plan.seed, 8])
    sides = rows.get(stage.plan.site, ())
    looks = [facade(f"front{k}", wall, stage.air, k, near=True) for k, wall in enumerate(WALLS)] if sides else []
    for t in sides:
        s = -12.0
        while s < 150:
            length, floors, look = rng.uniform(14, 24), int(rng.integers(3, 7)), int(rng.integers(0, len(WALLS)))
            p = stage.course.at(s + length / 2, t + rng.uniform(-1, 1))
            house = _house(rng, length, floors, WALLS[look][2], 1 if t < 0 else -1)
            materials = [looks[look], stage.material["concrete"], stage.material["iron"]]
            turn = stage.course.heading(s + length / 2)
            put("house", house.mesh("house", materials, smooth=False), (p.x, p.y, -0.1), turn, SURFACES["building"])
            s += length + (rng.uniform(2, 6) if rng.random() < 0.4 else 0.0)


def _house(
    rng: np.random.Generator, length: float, floors: int, pitch: tuple[float, float], street: int
) -> MeshBuilder:
    """Returns a house whose front faces +x or -x (street is 1 or -1), with a cornice and some balconies."""
    (width, rise), front = pitch, street * HOUSE_DEPTH / 2
    house, height = MeshBuilder(), floors * rise
    house.box((0, 0, height / 2), (HOUSE_DEPTH, length, height))
    house.box((front, 0, height + 0.1), (0.7, length, 0.35), 1)
    house.box((front, 0, 0.3), (0.12, length, 0.6), 1)
    # The facade counts its windows along x + y, so that they sit where y is a whole number of them less the front.
    for k in range(int(-length / width), int(length / width)):
        y = (k + 0.51) * width - front
        if abs(y) > length / 2 - 1.2 or rng.random() > 0.35:
            continue
        for floor in range(1, floors):
            z = floor * rise + 0.2
            house.box((front + street * 0.55, y, z), (1.1, 1.9, 0.14), 1)
            house.box((front + street * 1.07, y, z + 0.95), (0.05, 1.9, 0.05), 2)
            for x in np.arange(-0.9, 0.91, 0.15):
                house.box((front + street * 1.07, y + x, z + 0.5), (0.025, 0.025, 0.9), 2)
    return house

"""Benches of many makes, for stills to learn from; other scenes have one make alone."""

import math
from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.bins import COLOURS
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import Colour, plain
from sample_media.studio.plan import Issue
from sample_media.studio.stage import Stage

WOODS = ((0.25, 0.13, 0.06), (0.36, 0.24, 0.13), (0.16, 0.10, 0.06), (0.30, 0.28, 0.25))
STONES = ((0.35, 0.34, 0.32), (0.20, 0.20, 0.20), (0.50, 0.47, 0.42))
"""Linear RGB of what benches are made of, besides `bins.COLOURS`."""
SEAT, FRAME = range(2)  # slots of the materials


def stand_seat(stage: Stage, at: Issue, rng: np.random.Generator) -> tuple[str, bpy.types.Object]:
    """Puts a bench of any make at a place, mostly facing the walk; returns its make and the bench."""
    make = str(rng.choice(list(MAKES)))
    made = MeshBuilder()
    seat, frame = MAKES[make](made, rng)
    colours = [np.array(some[int(rng.integers(len(some)))]) * rng.uniform(0.6, 1.4) for some in (seat, frame)]
    shades: list[Colour] = [tuple(np.clip(colour, 0.005, 0.9)) for colour in colours]
    looks = [plain("seat", shades[0], rng.uniform(0.5, 0.95), vary=0.3), plain("frame", shades[1], 0.5, 0.3, vary=0.2)]
    side = 1 if at.t < 0 else -1
    turn = stage.course.heading(at.s) + math.pi / 2 * side + rng.normal(0, 0.1)
    if rng.random() < 0.2:
        turn += math.pi / 2 * int(rng.integers(1, 4))
    foot = stage.course.at(at.s, at.t, stage.ground(at.s, at.t))
    return make, put("seat", made.mesh("seat", looks, smooth=False), foot, turn)


_Shades = tuple[Colour, ...]


def _slats(made: MeshBuilder, rng: np.random.Generator, wide: float, back: bool) -> None:
    """Adds a seat of slats, and a back."""
    high, count, deep = rng.uniform(0.4, 0.48), int(rng.integers(3, 9)), rng.uniform(0.38, 0.52)
    for y in np.linspace(-deep / 2, deep / 2, count):
        made.box((0, y, high), (wide, 0.75 * deep / count, 0.035), SEAT, bevel=0.005)
    if back:
        lean, rows, tall = rng.uniform(0.1, 0.4), int(rng.integers(2, 6)), rng.uniform(0.3, 0.5)
        for share in np.linspace(0.15, 1.0, rows):
            y, z = deep / 2 + 0.04 + lean * tall * share, high + 0.06 + tall * share
            made.box((0, y, z), (wide, 0.03, 0.7 * tall / rows), SEAT, Euler((-lean, 0, 0)))


def _legs(made: MeshBuilder, rng: np.random.Generator, wide: float, back: bool) -> None:
    arms = rng.random() < 0.5
    for x in np.linspace(-0.42 * wide, 0.42 * wide, int(rng.integers(2, 4))):
        made.tube([(x, -0.2, 0), (x, -0.18, 0.41), (x, 0.22, 0.42)], [0.026] * 3, 6, FRAME)
        made.tube([(x, 0.22, 0), (x, 0.22, 0.42), (x, 0.40, 0.85 if back else 0.43)], [0.024] * 3, 6, FRAME)
        if arms:
            made.tube([(x, -0.19, 0.42), (x, -0.21, 0.64), (x, 0.3, 0.66)], [0.02] * 3, 6, FRAME)


def _classic(made: MeshBuilder, rng: np.random.Generator) -> tuple[_Shades, _Shades]:
    """A back of slats on legs."""
    wide = rng.uniform(1.2, 2.3)
    _slats(made, rng, wide, True)
    _legs(made, rng, wide, True)
    return (WOODS if rng.random() < 0.7 else COLOURS), COLOURS[:5]


def _backless(made: MeshBuilder, rng: np.random.Generator) -> tuple[_Shades, _Shades]:
    """Slats on legs or blocks, without a back."""
    wide = rng.uniform(1.2, 2.4)
    _slats(made, rng, wide, False)
    if rng.random() < 0.5:
        _legs(made, rng, wide, False)
        return WOODS, COLOURS[:5]
    for x in (-0.36 * wide, 0.36 * wide):
        made.box((x, 0, 0.2), (rng.uniform(0.1, 0.35), 0.42, 0.4), FRAME, bevel=0.01)
    return WOODS, STONES


def _block(made: MeshBuilder, rng: np.random.Generator) -> tuple[_Shades, _Shades]:
    """A block of stone, with or without a wooden top."""
    wide, deep, high = rng.uniform(1.0, 2.6), rng.uniform(0.4, 0.65), rng.uniform(0.4, 0.5)
    made.box((0, 0, high / 2), (wide, deep, high), FRAME, bevel=0.02)
    if rng.random() < 0.5:
        made.box((0, 0, high + 0.03), (0.96 * wide, 0.92 * deep, 0.05), SEAT, bevel=0.01)
    return WOODS, STONES


def _metal(made: MeshBuilder, rng: np.random.Generator) -> tuple[_Shades, _Shades]:
    """Bars of metal, bent from the seat into the back."""
    wide, lean = rng.uniform(1.1, 2.0), rng.uniform(0.1, 0.25)
    for x in np.linspace(-wide / 2, wide / 2, int(rng.integers(14, 30))):
        bent = [(x, -0.24, 0.42), (x, 0.16, 0.42), (x, 0.24, 0.48), (x, 0.26 + lean, 0.88)]
        made.tube(bent, [0.011] * 4, 5, SEAT)
    _legs(made, rng, wide, True)
    return COLOURS, COLOURS[:5]


def _solid(made: MeshBuilder, rng: np.random.Generator) -> tuple[_Shades, _Shades]:
    """Boards of stone or plastic: a seat, a back and two ends."""
    wide, tall = rng.uniform(1.3, 2.1), rng.uniform(0.75, 0.95)
    made.box((0, 0, 0.43), (wide, 0.48, 0.08), SEAT, bevel=0.01)
    made.box((0, 0.27, 0.45 + (tall - 0.45) / 2), (wide, 0.07, tall - 0.5), SEAT, Euler((-0.15, 0, 0)), bevel=0.01)
    for x in (-0.45 * wide, 0.45 * wide):
        made.box((x, 0.02, 0.3), (0.09, 0.5, 0.6), FRAME, bevel=0.01)
    return STONES + COLOURS, STONES


MAKES: dict[str, Callable[[MeshBuilder, np.random.Generator], tuple[_Shades, _Shades]]] = {
    "classic": _classic,
    "backless": _backless,
    "block": _block,
    "metal": _metal,
    "solid": _solid,
}

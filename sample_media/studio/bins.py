"""Litter bins of many makes, for stills that show what a full one looks like; other scenes have one make alone."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import MeshBuilder
from sample_media.studio.nodes import Colour, plain

COLOURS = (
    *((0.022, 0.045, 0.033), (0.012, 0.012, 0.013), (0.10, 0.10, 0.105), (0.33, 0.33, 0.34), (0.09, 0.045, 0.02)),
    *((0.02, 0.09, 0.30), (0.03, 0.22, 0.06), (0.45, 0.03, 0.02), (0.62, 0.42, 0.03), (0.30, 0.19, 0.10)),
)
"""Linear RGB of what bins are painted with."""
BODY, DARK, SECOND, BAND = range(4)  # slots of the materials


@dataclass(frozen=True)
class Bin:
    """A bin with its foot in the origin, its opening towards -y where only its front is open.

    Attributes:
        mesh: all of it but a lid that opens.
        rim: height of the opening's lower edge, metres.
        mouth: half its width along x and y, metres.
        roof: height of what covers it, None where it is open above.
        front: y of the face that its opening is in, None where it is open all round or above.
        hinge: y and z of the axis of a lid that opens, and that lid; None for others.
    """

    mesh: bpy.types.Mesh
    rim: float
    mouth: tuple[float, float]
    roof: float | None = None
    front: float | None = None
    hinge: tuple[float, float, bpy.types.Mesh] | None = None


def draw_bin(rng: np.random.Generator) -> tuple[str, Bin]:
    """Returns a bin of some make and that make's name."""
    make = str(rng.choice(list(MAKES)))
    return make, MAKES[make](rng)


def _looks(rng: np.random.Generator) -> list[bpy.types.Material]:
    def paint(name: str) -> bpy.types.Material:
        colour: Colour = tuple(np.array(COLOURS[int(rng.integers(len(COLOURS)))]) * rng.uniform(0.6, 1.4))
        return plain(name, colour, rng.uniform(0.3, 0.9), rng.uniform(0, 0.5), vary=rng.uniform(0, 0.4))

    return [paint("body"), plain("inside", (0.01, 0.01, 0.01), 0.9), paint("second"), paint("band")]


def _mesh(made: MeshBuilder, rng: np.random.Generator, smooth: bool = True) -> bpy.types.Mesh:
    return made.mesh("bin", _looks(rng), smooth=smooth)


def _wall(made: MeshBuilder, low: float, high: float, foot: float, rim: float, slot: int = BODY) -> None:
    """Adds a drum that is open above, of radii low and high, with its dark inside."""
    made.lathe([(0.0, foot), (low, foot), (high, rim), (high - 0.015, rim), (high - 0.02, rim - 0.05)], 24, slot)
    made.lathe([(high - 0.02, rim - 0.05), (0.8 * high, rim - 0.28), (0.0, rim - 0.28)], 20, DARK)


def _ribs(made: MeshBuilder, radius: float, foot: float, rim: float, count: int, slot: int) -> None:
    for a in np.linspace(0, 2 * math.pi, count, endpoint=False):
        at = (radius * math.cos(a), radius * math.sin(a), (foot + rim) / 2)
        made.box(at, (0.018, 4.2 * radius / count, 0.85 * (rim - foot)), slot, Euler((0, 0, a)))


def _under_roof(rng: np.random.Generator) -> Bin:
    """A drum under a roof on rods."""
    made, radius, rim = MeshBuilder(), rng.uniform(0.19, 0.3), rng.uniform(0.7, 0.98)
    under, rise, wider = rim + rng.uniform(0.12, 0.3), rng.uniform(0.02, 0.2), rng.uniform(0.95, 1.2)
    _wall(made, radius * rng.uniform(0.85, 1.0), radius, 0.04, rim)
    if rng.random() < 0.5:
        _ribs(made, radius + 0.012, 0.1, rim, int(rng.integers(12, 26)), BODY if rng.random() < 0.7 else SECOND)
    for a in np.linspace(0, 2 * math.pi, int(rng.integers(2, 5)), endpoint=False):
        x, y = 0.9 * radius * math.cos(a), 0.9 * radius * math.sin(a)
        made.tube([(x, y, rim - 0.03), (x, y, under + 0.02)], [0.014] * 2, 6, BODY)
    top, out = under + 0.03 + rise, radius * wider
    made.lathe([(0, under), (out, under), (out, under + 0.03), (0.5 * out, under + 0.03 + 0.75 * rise), (0, top)], 24)
    return Bin(_mesh(made, rng), rim, (radius, radius), top)


def _open_drum(rng: np.random.Generator) -> Bin:
    """A drum or a pot that is open above."""
    made, radius, rim = MeshBuilder(), rng.uniform(0.2, 0.34), rng.uniform(0.62, 1.0)
    _wall(made, radius * rng.uniform(0.6, 1.05), radius, rng.uniform(0.0, 0.08), rim)
    if rng.random() < 0.4:
        _ribs(made, radius + 0.01, 0.08, rim, int(rng.integers(10, 24)), BAND)
    if rng.random() < 0.4:
        made.lathe([(radius + 0.012, rim - 0.1), (radius + 0.012, rim + 0.005), (radius - 0.02, rim + 0.005)], 24, BAND)
    return Bin(_mesh(made, rng), rim, (radius, radius))


def _basket(rng: np.random.Generator) -> Bin:
    """A basket of wire with a bag in it, on a foot or on the ground."""
    made, radius, rim = MeshBuilder(), rng.uniform(0.18, 0.28), rng.uniform(0.65, 0.95)
    foot, low = rng.uniform(0.03, 0.3), radius * rng.uniform(0.7, 1.0)
    for a in np.linspace(0, 2 * math.pi, int(rng.integers(12, 24)), endpoint=False):
        c, s = math.cos(a), math.sin(a)
        made.tube([(low * c, low * s, foot), (radius * c, radius * s, rim)], [0.006] * 2, 5, BODY)
    for share in np.linspace(0, 1, int(rng.integers(3, 6))):
        r, z = low + (radius - low) * share, foot + (rim - foot) * share
        made.lathe([(r, z - 0.01), (r + 0.012, z), (r, z + 0.01)], 20, BODY)
    bag = [(0, foot + 0.02), (0.9 * low, foot + 0.04), (0.96 * radius, rim - 0.02)]
    made.lathe([*bag, (0.8 * radius, rim - 0.12), (0, rim - 0.3)], 20, SECOND if rng.random() < 0.5 else DARK)
    made.tube([(0, 0, 0), (0, 0, foot + 0.03)], [0.03] * 2, 8, BODY)
    return Bin(_mesh(made, rng), rim, (radius, radius))


def _box(rng: np.random.Generator) -> Bin:
    """A box with an opening in its front, under a flat or a sloping top."""
    made, wide, deep = MeshBuilder(), rng.uniform(0.34, 0.62), rng.uniform(0.3, 0.5)
    tall, over = rng.uniform(0.85, 1.3), rng.uniform(0.0, 0.05)
    made.box((0, 0, tall / 2), (wide, deep, tall), BODY, bevel=0.015)
    made.box((0, 0, tall + 0.02), (wide + 2 * over, deep + 2 * over, 0.05), SECOND, bevel=0.01)
    high = rng.uniform(0.1, 0.2)
    rim = tall - rng.uniform(0.05, 0.12) - high
    for side in (-1, 1) if rng.random() < 0.4 else (-1,):
        made.box((0, side * deep / 2, rim + high / 2), (0.72 * wide, 0.012, high), DARK)
    if rng.random() < 0.5:
        made.box((0, -deep / 2, 0.45 * rim), (0.6 * wide, 0.014, 0.4 * rim), BAND)
    return Bin(_mesh(made, rng, False), rim, (0.36 * wide, 0.3 * deep), tall + 0.045, -deep / 2)


def _hood(rng: np.random.Generator) -> Bin:
    """A drum under a dome with an opening in its front."""
    made, radius, shoulder = MeshBuilder(), rng.uniform(0.2, 0.32), rng.uniform(0.65, 0.95)
    rise = rng.uniform(0.2, 0.4)
    made.lathe([(0, 0.02), (radius * rng.uniform(0.8, 1.0), 0.02), (radius, shoulder)], 24, BODY)
    arc = [(radius * math.cos(a), shoulder + rise * math.sin(a)) for a in np.linspace(0, math.pi / 2, 7)]
    made.lathe([(radius + 0.012, shoulder - 0.03), (radius + 0.012, shoulder), *arc], 24, SECOND)
    rim = shoulder + 0.12 * rise
    made.box((0, -0.93 * radius, rim + 0.06), (1.1 * radius, 0.1, 0.13), DARK)
    return Bin(_mesh(made, rng), rim, (0.5 * radius, 0.3 * radius), shoulder + rise, -radius)


def _wheeled(rng: np.random.Generator) -> Bin:
    """A bin on wheels whose lid opens."""
    made, wide, deep = MeshBuilder(), rng.uniform(0.46, 0.62), rng.uniform(0.5, 0.7)
    rim, low = rng.uniform(0.85, 1.02), rng.uniform(0.72, 0.85)
    x, y, corners = wide / 2, deep / 2, ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ring = [(i * x * f, j * y * f, z) for f, z in ((low, 0.06), (1.0, rim)) for i, j in corners]
    sides = [(k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k) for k in range(4)]
    made.add(ring, [(3, 2, 1, 0), *sides], BODY)
    made.box((0, 0, rim - 0.03), (wide + 0.05, deep + 0.05, 0.05), BODY)
    made.box((0, 0, rim - 0.003), (0.86 * wide, 0.86 * deep, 0.01), DARK)
    for side in (-1, 1):
        wheel = [(side * (x * low + dx), y * low, 0.1) for dx in (-0.03, 0.03)]
        made.tube(wheel, [0.1] * 2, 14, DARK)
    lid = MeshBuilder()
    lid.box((0, -deep / 2, 0.02), (wide + 0.06, deep + 0.08, 0.04), BODY, bevel=0.015)
    looks = _looks(rng)
    shut = lid.mesh("lid", [looks[0] if rng.random() < 0.6 else looks[2]], smooth=False)
    return Bin(made.mesh("bin", looks, smooth=False), rim, (0.4 * wide, 0.4 * deep), None, None, (y, rim, shut))


def _twin(rng: np.random.Generator) -> Bin:
    """Two or three boxes of different colours side by side under one roof."""
    made, wide, deep = MeshBuilder(), rng.uniform(0.3, 0.45), rng.uniform(0.3, 0.42)
    rim, count = rng.uniform(0.7, 0.95), int(rng.integers(2, 4))
    under = rim + rng.uniform(0.15, 0.35)
    for k in range(count):
        x = (k - (count - 1) / 2) * (wide + 0.05)
        made.box((x, 0, 0.05 + (rim - 0.05) / 2), (wide, deep, rim - 0.05), (BODY, SECOND, BAND)[k], bevel=0.01)
        made.box((x, 0, rim + 0.002), (0.8 * wide, 0.8 * deep, 0.006), DARK)
    half = count * (wide + 0.05) / 2
    for side in (-1, 1):
        made.box((side * half, 0, (under + 0.03) / 2), (0.04, 0.06, under + 0.03), BODY)
    made.box((0, 0, under + 0.02), (2 * half + 0.1, deep + 0.12, 0.05), BODY, bevel=0.015)
    return Bin(_mesh(made, rng, False), rim, (half - 0.1, deep / 2), under + 0.045)


def _on_post(rng: np.random.Generator) -> Bin:
    """A small bucket that hangs on a post."""
    made, radius, rim = MeshBuilder(), rng.uniform(0.15, 0.22), rng.uniform(0.85, 1.1)
    foot = rim - rng.uniform(0.38, 0.55)
    _wall(made, radius * rng.uniform(0.75, 1.0), radius, foot, rim)
    made.tube([(0, radius + 0.03, 0), (0, radius + 0.03, rim + rng.uniform(0.0, 0.4))], [0.03] * 2, 8, SECOND)
    if rng.random() < 0.4:
        made.box((0, 0.02, rim + 0.2), (2.2 * radius, 2.4 * radius, 0.02), BODY)
        return Bin(_mesh(made, rng), rim, (radius, radius), rim + 0.21)
    return Bin(_mesh(made, rng), rim, (radius, radius))


def _slatted(rng: np.random.Generator) -> Bin:
    """A square of wooden slats, open above or under a roof on posts."""
    made, half, rim = MeshBuilder(), rng.uniform(0.2, 0.32), rng.uniform(0.65, 0.95)
    slats = int(rng.integers(4, 8))
    for turn in (0.0, math.pi / 2, math.pi, 1.5 * math.pi):
        c, s = math.cos(turn), math.sin(turn)
        for k in range(slats):
            x = (2 * (k + 0.5) / slats - 1) * half
            at = (x * c + half * s, x * s - half * c, rim / 2 + 0.03)
            made.box(at, (1.7 * half / slats, 0.025, rim - 0.06), BODY, Euler((0, 0, turn)))
    made.box((0, 0, rim / 2), (1.9 * half, 1.9 * half, rim - 0.2), DARK)
    if rng.random() < 0.5:
        return Bin(_mesh(made, rng, False), rim, (half, half))
    under = rim + rng.uniform(0.15, 0.3)
    for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        made.box((0.92 * i * half, 0.92 * j * half, under / 2), (0.04, 0.04, under), SECOND)
    made.box((0, 0, under + 0.02), (2.3 * half, 2.3 * half, 0.05), SECOND, bevel=0.015)
    return Bin(_mesh(made, rng, False), rim, (half, half), under + 0.045)


MAKES: dict[str, Callable[[np.random.Generator], Bin]] = {
    "under_roof": _under_roof,
    "open_drum": _open_drum,
    "basket": _basket,
    "box": _box,
    "hood": _hood,
    "wheeled": _wheeled,
    "twin": _twin,
    "on_post": _on_post,
    "slatted": _slatted,
}

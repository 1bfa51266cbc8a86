"""Cars: smooth bodies swept over cross sections, with glass, wheels, lamps and plates."""

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import MeshBuilder
from sample_media.studio.nodes import Colour, glow, plain

PAINTS: tuple[Colour, ...] = (
    *((0.62, 0.62, 0.62), (0.30, 0.31, 0.33), (0.018, 0.018, 0.02), (0.10, 0.11, 0.12)),
    *((0.22, 0.015, 0.018), (0.02, 0.05, 0.14), (0.42, 0.40, 0.36), (0.03, 0.07, 0.06)),
)
PAINT, GLASS, TYRE, RIM, LENS, TAIL, DARK, PLATE = range(8)

# Cross sections from nose to tail: (y, half width, sill, shoulder, edge, top, half width at the edge), in metres.
Section = tuple[float, float, float, float, float, float, float]
_NOSE: tuple[Section, ...] = (
    (2.16, 0.66, 0.34, 0.50, 0.56, 0.58, 0.52),
    (2.08, 0.80, 0.22, 0.62, 0.70, 0.72, 0.62),
    (1.80, 0.87, 0.20, 0.71, 0.81, 0.84, 0.68),
    (1.35, 0.89, 0.20, 0.76, 0.89, 0.93, 0.72),
    (0.98, 0.89, 0.20, 0.81, 0.95, 0.99, 0.74),
)
_CABIN: tuple[Section, ...] = (
    (0.22, 0.89, 0.20, 0.87, 1.34, 1.40, 0.59),
    (-0.06, 0.89, 0.20, 0.88, 1.40, 1.46, 0.60),
    (-0.34, 0.89, 0.20, 0.88, 1.42, 1.48, 0.60),
    (-0.42, 0.89, 0.20, 0.89, 1.42, 1.48, 0.60),
    (-0.78, 0.89, 0.20, 0.89, 1.40, 1.46, 0.59),
)
_TAILS: tuple[tuple[Section, ...], ...] = (
    (  # saloon
        (-1.05, 0.89, 0.20, 0.90, 1.35, 1.41, 0.58),
        (-1.62, 0.88, 0.20, 0.91, 1.02, 1.06, 0.66),
        (-2.00, 0.86, 0.22, 0.90, 0.99, 1.02, 0.66),
        (-2.16, 0.80, 0.26, 0.82, 0.92, 0.94, 0.62),
        (-2.22, 0.68, 0.36, 0.60, 0.66, 0.68, 0.54),
    ),
    (  # estate or off-roader
        (-1.15, 0.89, 0.20, 0.90, 1.40, 1.46, 0.60),
        (-1.58, 0.88, 0.20, 0.91, 1.36, 1.42, 0.60),
        (-1.78, 0.87, 0.20, 0.91, 1.32, 1.36, 0.60),
        (-2.05, 0.85, 0.22, 0.90, 0.98, 1.00, 0.64),
        (-2.16, 0.70, 0.34, 0.60, 0.68, 0.70, 0.56),
    ),
)
WHEELS = ((1.34, 0.80), (-1.34, 0.80))


def _ring(section: Section) -> list[tuple[float, float, float]]:
    y, w, sill, shoulder, edge, top, we = section
    side = [
        (0.90 * w, sill),
        (w, sill + 0.16),
        (w, shoulder - 0.10),
        (0.975 * w, shoulder),
        (we, edge),
        (0.55 * we, top),
    ]
    left = [(-x, y, z) for x, z in side]
    return [*left, (0.0, y, top + 0.012), *((x, y, z) for x, z in side[::-1])]


def _slot(front: int, column: int, glazed: tuple[int, int]) -> int:
    """Returns the material of the face behind a section; glazed is (cowl, foot of the rear window)."""
    cowl, tail = glazed
    if column in (4, 5, 6, 7) and front in (cowl, tail - 1):
        return GLASS
    if column in (3, 8) and cowl < front < tail - 1:
        return DARK if front == cowl + 3 else GLASS  # the pillar between the doors is black
    return DARK if column in (0, 11) else PAINT


def _body(sections: list[Section], glazed: tuple[int, int], car: MeshBuilder) -> None:
    """Sweeps the body, smooths it and adds it to the car."""
    shell = MeshBuilder()
    rings = [_ring(section) for section in sections]
    n = len(rings[0])
    verts = [v for ring in rings for v in ring]
    for i in range(len(rings) - 1):
        for j in range(n - 1):
            face = (i * n + j, i * n + j + 1, (i + 1) * n + j + 1, (i + 1) * n + j)
            shell.faces.append(face)
            shell.slots.append(_slot(i, j, glazed))
    shell.verts = verts
    last = (len(rings) - 1) * n
    shell.faces += [tuple(range(n - 1, -1, -1)), tuple(range(last, last + n))]
    shell.slots += [PAINT, PAINT]
    rough = bpy.data.objects.new("shell", shell.mesh("shell", [plain(f"shell{k}", (0, 0, 0)) for k in range(8)]))
    bpy.context.scene.collection.objects.link(rough)
    smooth = rough.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 2
    done = bpy.data.meshes.new_from_object(rough.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(rough)
    start = len(car.verts)
    car.verts += [tuple(v.co) for v in done.vertices]
    car.faces += [tuple(v + start for v in face.vertices) for face in done.polygons]
    car.slots += [face.material_index for face in done.polygons]
    bpy.data.meshes.remove(done)


def _fittings(car: MeshBuilder, high: float, back: float) -> None:
    """Adds wheels, lamps, plates, mirrors, grille and door gaps; back is where the tail ends."""
    for y, x in WHEELS:
        for side in (-1, 1):
            car.tube([(side * (x - 0.12), y, 0.36), (side * (x + 0.093), y, 0.36)], [0.385, 0.375], 24, DARK)
            car.tube([(side * (x - 0.10), y, 0.32), (side * (x + 0.10), y, 0.32)], [0.32, 0.315], 24, TYRE)
            car.tube([(side * (x + 0.08), y, 0.32), (side * (x + 0.107), y, 0.32)], [0.215, 0.20], 18, RIM)
            for a in range(5):
                turn = Euler((a * 1.2566, 0, 0))
                car.box((side * (x + 0.106), y, 0.32), (0.006, 0.05, 0.30), DARK, turn)
    for side in (-1, 1):
        car.ellipsoid((side * 0.60, 2.02, 0.65 * high), (0.19, 0.09, 0.055), LENS, 12, 8)
        car.ellipsoid((side * 0.64, back + 0.12, 0.79 * high), (0.19, 0.09, 0.06), TAIL, 12, 8)
        car.ellipsoid((side * 0.97, 0.74, 0.95 * high), (0.10, 0.065, 0.065), PAINT, 12, 8)
        car.box((side * 0.872, 0, 0.235), (0.04, 2.1, 0.09), DARK)
        for y in (0.62, -0.38, -1.0):
            car.box((side * 0.874, y, 0.60 * high), (0.012, 0.014, 0.5 * high), DARK)
        for y in (0.28, -0.62):
            car.box((side * 0.886, y, 0.78 * high), (0.02, 0.16, 0.028), DARK)
    car.box((0, 2.10, 0.50 * high), (0.86, 0.10, 0.13), DARK)
    car.box((0, 2.07, 0.29), (1.2, 0.12, 0.12), DARK)
    car.box((0, 2.165, 0.43 * high), (0.44, 0.03, 0.12), PLATE)
    car.box((0, back + 0.03, 0.34), (1.3, 0.12, 0.14), DARK)
    car.box((0, back - 0.005, 0.64 * high), (0.44, 0.03, 0.12), PLATE)


def car_mesh(seed: int, lit: bool = False) -> bpy.types.Mesh:
    """Returns a saloon or an off-roader that points along y, 4.3 m long; lit ones shine from their lenses."""
    rng = np.random.default_rng(seed)
    paint = PAINTS[int(rng.integers(0, len(PAINTS)))]
    shape, high = int(rng.integers(0, 2)), rng.uniform(0.98, 1.04)
    high += 0.10 * (shape == 1 and rng.random() < 0.6)
    sections = [*_NOSE, *_CABIN, *_TAILS[shape]]
    scaled = [
        (y, w, sill, *(z * high for z in (shoulder, edge, top)), we) for y, w, sill, shoulder, edge, top, we in sections
    ]
    cowl, tail = len(_NOSE) - 1, len(_NOSE) + len(_CABIN) + (1 if shape == 0 else 3)
    car = MeshBuilder()
    _body(scaled, (cowl, tail), car)
    _fittings(car, high, sections[-1][0])
    return car.mesh("car", _materials(paint, lit))


def _materials(paint: Colour, lit: bool) -> list[bpy.types.Material]:
    lens = glow("lens", (1.0, 0.93, 0.80), 60.0) if lit else plain("lens", (0.55, 0.56, 0.58), 0.08, 0.3)
    tail = glow("tail", (1.0, 0.02, 0.01), 6.0) if lit else plain("tail", (0.30, 0.008, 0.008), 0.15)
    return [
        plain("paint", paint, 0.24, 0.25),
        plain("glass", (0.008, 0.010, 0.011), 0.03),
        plain("tyre", (0.012,) * 3, 0.85),
        plain("rim", (0.36, 0.36, 0.37), 0.30, 0.85),
        lens,
        tail,
        plain("dark", (0.008, 0.008, 0.009), 0.5),
        plain("plate", (0.02, 0.06, 0.28), 0.5),
    ]

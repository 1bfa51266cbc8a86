"""The ground of each kind of site: walk, kerbs, lawn, road, quay and water."""

from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Euler

from sample_media.studio import materials
from sample_media.studio.course import Course
from sample_media.studio.furniture import railing_mesh
from sample_media.studio.mesh import MeshBuilder, put
from sample_media.studio.nodes import plain
from sample_media.studio.stage import SURFACES, Stage

Height = Callable[[float, float], float]

# The walk is finely meshed where issues may break it: s 6-26, and no wider than this.
FINE_S, FINE_T = (6.0, 26.0), 4.5
ROAD_LEVEL = -0.12


def strip(
    name: str,
    course: Course,
    across: tuple[float, float],
    along: tuple[float, float],
    cells: tuple[int, int],
    z: Height,
) -> tuple[bpy.types.Mesh, np.ndarray]:
    """Returns a grid along the course and its UV, which are (s, t) in metres; cells are (along, across)."""
    rows, columns = np.linspace(*along, cells[0] + 1), np.linspace(*across, cells[1] + 1)
    uv = np.array([(s, t) for s in rows for t in columns], np.float32)
    verts = [course.at(s, t, z(s, t)) for s in rows for t in columns]
    n = cells[1] + 1
    faces = [
        (i * n + j, i * n + j + 1, (i + 1) * n + j + 1, (i + 1) * n + j) for i in range(cells[0]) for j in range(n - 1)
    ]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(verts, [], faces)
    corner = np.zeros(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corner)
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", uv[corner].ravel())
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    mesh.update()
    return mesh, uv


def _lay(
    stage: Stage,
    name: str,
    across: tuple[float, float],
    cells: tuple[int, int],
    look: str,
    surface: str,
    z: Height,
    along: tuple[float, float] = (-6.0, 150.0),
) -> bpy.types.Object:
    mesh, _ = strip(name, stage.course, across, along, cells, z)
    mesh.materials.append(stage.material[look])
    return put(name, mesh, index=SURFACES[surface])


def lay_ground(stage: Stage, fine: bool = True) -> None:
    """Lays the whole ground of the plan's site; only a fine walk can be broken."""
    _walk(stage, (640, 46) if fine else (80, 2))
    half = stage.plan.half
    kerbs = (-1, 1)
    for side in kerbs:
        _kerb(stage, side * (half + 0.075), f"kerb{side}")
    _lay(stage, "lawn_left", (-60, -half - 0.15), (260, 90), "lawn", "lawn", stage.ground)
    _lay(stage, "far_left", (-700, -58), (20, 10), "lawn", "lawn", lambda s, t: 0.25, (-20, 150))
    if stage.plan.site == "riverside":
        _river(stage)
    elif stage.plan.site == "street":
        _road(stage)
    else:
        _lay(stage, "lawn_right", (half + 0.15, 60), (260, 90), "lawn", "lawn", stage.ground)
    if stage.plan.site != "riverside":
        far = MeshBuilder()
        far.add([(-900, 140, -0.15), (900, 140, -0.15), (900, 1300, -0.15), (-900, 1300, -0.15)], [(0, 1, 2, 3)])
        far.add([(40, -80, -0.16), (900, -80, -0.16), (900, 200, -0.16), (40, 200, -0.16)], [(0, 1, 2, 3)])
        put("far_ground", far.mesh("far_ground", [stage.material["lawn"]]), index=SURFACES["lawn"])


def _walk(stage: Stage, cells: tuple[int, int]) -> None:
    half = stage.plan.half
    fine = min(half, FINE_T)

    def camber(_s: float, t: float) -> float:
        return stage.walk_height(t)

    mesh, stage.walk_uv = strip("walk", stage.course, (-fine, fine), FINE_S, (cells[0], int(fine * cells[1])), camber)
    mesh.materials.append(stage.material["walk"])
    mesh.attributes.new("broken", "FLOAT", "POINT")
    stage.walk = put("walk", mesh, index=SURFACES["path"])
    for name, along in (("walk_near", (-6.0, FINE_S[0])), ("walk_far", (FINE_S[1], 150.0))):
        _lay(stage, name, (-fine, fine), (200, 10), "walk", "path", camber, along)
    if half > fine:
        for name, across in (("walk_left", (-half, -fine)), ("walk_right", (fine, half))):
            _lay(stage, name, across, (240, 4), "walk", "path", camber)


def _kerb(stage: Stage, t: float, name: str, z: float = -0.03) -> None:
    kerb, s = MeshBuilder(), -5.0
    while s < 120:
        p = stage.course.at(s + 0.45, t)
        turn = Euler((0, 0, stage.course.heading(s) + stage.rng.normal(0, 0.006)))
        kerb.box((p.x, p.y, z + stage.rng.normal(0, 0.004)), (0.15, 0.888, 0.16), rot=turn, bevel=0.012)
        s += 0.9
    put(name, kerb.mesh(name, [stage.material["kerb"]], smooth=False), index=SURFACES["hard"])


def _river(stage: Stage) -> None:
    half, course = stage.plan.half, stage.course
    _lay(stage, "quay", (half + 0.15, half + 0.75), (300, 2), "concrete", "hard", lambda s, t: 0.015)
    coping, s = MeshBuilder(), -5.0
    while s < 150:
        p, turn = course.at(s + 0.75, half + 0.85), Euler((0, 0, course.heading(s + 0.7)))
        coping.box((p.x, p.y, 0.02), (0.42, 1.48, 0.18), rot=turn, bevel=0.02)
        s += 1.5
    put("coping", coping.mesh("coping", [stage.material["kerb"]], smooth=False), index=SURFACES["hard"])
    wall, along = MeshBuilder(), np.linspace(-6, 150, 200)
    verts = [course.at(s, half + 1.0, z) for s in along for z in (-2.4, 0.0)]
    wall.add(verts, [(2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(len(along) - 1)])
    put("quay_wall", wall.mesh("quay_wall", [stage.material["concrete"]]), index=SURFACES["hard"])
    river = MeshBuilder()
    river.add([(-60, -80, -1.7), (900, -80, -1.7), (900, 1300, -1.7), (-60, 1300, -1.7)], [(0, 1, 2, 3)])
    put("water", river.mesh("water", [materials.water(stage.air)]), index=SURFACES["water"])
    rail = railing_mesh(stage.material, course, half + 0.45, -5.0, 120.0)
    put("railing", rail, index=SURFACES["railing"])


def _road(stage: Stage) -> None:
    """Lays a carriageway a step below the walk, its lines, and the pavement on its other side."""
    half, wet = stage.plan.half, stage.plan.wet
    near, far, dry = half + 0.15, half + 8.6, 1 - 0.5 * wet
    stage.material["road"] = plain(
        "road", (0.075 * dry, 0.074 * dry, 0.075 * dry), 0.85 - 0.6 * wet, vary=0.35, bump=0.5 * dry, bump_scale=45
    )
    stage.material["line"] = plain("line", (0.55, 0.54, 0.5), 0.8 - 0.5 * wet, vary=0.4)
    _lay(stage, "road", (near, far), (200, 6), "road", "road", lambda s, t: ROAD_LEVEL)
    _kerb(stage, far + 0.075, "kerb_far", -0.05)
    _lay(stage, "pavement_far", (far + 0.15, far + 3.4), (200, 3), "concrete", "hard", lambda s, t: 0.02)
    _lay(stage, "lawn_right", (far + 3.4, 60), (100, 10), "lawn", "lawn", lambda s, t: 0.01)
    middle, s = (near + far) / 2, -6.0
    while s < 120:
        across, along = (middle - 0.06, middle + 0.06), (s, s + 2.0)
        _lay(stage, "line", across, (4, 1), "line", "road", lambda s, t: -0.115, along)
        s += 5.0

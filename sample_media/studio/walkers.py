"""Renders the walkers of a camera frame by frame, each in a small window.

They walk through an unplanted stand-in of the site: without thousands of leaves and blades to set up for every frame a
window costs a tenth. The film then lays them over any plate of the same camera and hour: what the plate is darker
than the stand-in at their feet darkens them, and whatever is nearer in the plate's depth hides them.
"""

import json
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np

from sample_media.studio import view
from sample_media.studio.cameras import Walk
from sample_media.studio.ground import ROAD_LEVEL
from sample_media.studio.mesh import world_points
from sample_media.studio.people import Walker, draw_looks
from sample_media.studio.riders import Cyclist
from sample_media.studio.site import build
from sample_media.studio.stage import Stage
from sample_media.studio.traffic import Driver
from sample_media.studio.variants import Variant

# Nobody is drawn nearer or farther than this along the walk, in metres.
NEAREST, FARTHEST = {"foot": 6.0, "bicycle": 3.5, "car": 1.5}, 58.0
STRIDE = 0.74
# Metres a cyclist covers in one turn of the crank.
GEAR = 4.2
Mover = Walker | Cyclist | Driver


def render_walkers(
    variant: Variant,
    out: Path,
    span: tuple[float, float],
    samples: int,
    threads: int,
    who: Collection[int] = range(99),
) -> None:
    """Renders a clean variant's walkers into out as patches (16-bit PNG, alpha their outline) and log.json.

    Resumable by frame; empty.png is the stand-in without them. ``who`` are the numbers of those wanted, ``span``
    the seconds for which.
    """
    folder = out / f"{variant.key}_walkers"
    folder.mkdir(parents=True, exist_ok=True)
    log_file = folder / "log.json"
    log: list[dict[str, Any]] = json.loads(log_file.read_text()) if log_file.exists() else []
    first, frames = (round(seconds * variant.place.fps) for seconds in span)
    if len(log) >= frames:
        return
    stage = build(variant.plan(), planted=False)
    view.set_quality(stage, variant.place.size, samples, threads)
    stage.scene.cycles.use_adaptive_sampling = False
    stage.scene.cycles.debug_bvh_type = "DYNAMIC_BVH"  # only walkers move: a static one is rebuilt for every window
    if not (folder / "empty.png").exists():
        view.render(stage, folder / "empty.png")
    lit = stage.plan.light.lamps_lit
    people = {k: (walk, _mover(walk, lit)) for k, walk in enumerate(variant.place.walks) if k in who}
    hold = variant.place.night_hold if lit else 1
    for frame in range(len(log), frames):
        if frame < first:
            people_now = []
        elif frame > first and (frame - first) % hold:
            people_now = log[-1]["people"]
        else:
            people_now = _render_frame(stage, people, frame / variant.place.fps, folder / f"{frame:04d}")
        log.append({"frame": frame, "people": people_now})
        if frame % 10 == 9 or frame == frames - 1:
            log_file.write_text(json.dumps(log))


def _mover(walk: Walk, lit: bool) -> Mover:
    """Puts who walks, rides or drives into the scene."""
    if walk.by == "car":
        return Driver(f"car{walk.looks}", walk.looks, lit)
    looks = draw_looks(np.random.default_rng([walk.looks, 9]))
    return (Cyclist if walk.by == "bicycle" else Walker)(f"walker{walk.looks}", looks)


def _render_frame(stage: Stage, people: dict[int, tuple[Walk, Mover]], time: float, stem: Path) -> list[dict[str, Any]]:
    record = []
    shown = [(k, walker) for k, (walk, walker) in people.items() if _set(stage, walk, walker, time)]
    matrix, size = view.projection(stage), view.size_of(stage)
    for k, walker in shown:
        points = world_points([walker.thing])
        lit = walker.lit_ground() if isinstance(walker, Driver) else np.zeros((0, 4))
        window = view.window_round(stage, np.concatenate([points, lit]), matrix, margin=5)
        if window is None:
            continue
        file = stem.with_name(f"w{k}_{stem.name}.png")
        patch = view.render(stage, file, window)
        seen_at, far = view.project(points, matrix, size), points @ matrix[3]
        outline = _outline(walker, seen_at, window)[: patch.shape[0], : patch.shape[1]]
        depth = depth_patch(walker.thing.data, seen_at, far, window)[: patch.shape[0], : patch.shape[1]]
        cv2.imwrite(str(depth_file(file)), depth)
        cv2.imwrite(str(file), (np.dstack([patch, outline]) * 65535).round().astype(np.uint16))
        foot = walker.thing.location
        feet = view.project(np.array([[*foot, 1.0]]), matrix, size)
        box = view.bounds(view.project(points, matrix, size))
        record.append(
            {
                "walker": k,
                "distance": (foot - stage.scene.camera.location).length,
                "feet": [float(v) for v in feet[0]],
                "window": window,
                "box": [float(v) for v in box or ()],
                "file": file.name,
                "lit": bool(len(lit)),
            }
        )
    return record


def _set(stage: Stage, walk: Walk, walker: Mover, time: float) -> bool:
    """Puts a walker where it is at a time; returns whether it is on the walk."""
    s = walk.at(time)
    hidden = not NEAREST[walk.by] < s < FARTHEST
    for thing in (walker.thing, *walker.thing.children):
        thing.hide_render = hidden
    if hidden:
        return False
    step = GEAR / 2 if walk.by == "bicycle" else STRIDE
    walker.pose((time - walk.t0) * walk.v / step * math.pi + (walk.looks if walk.v else 0))
    t = walk.t + (0.0 if walk.by == "car" else 0.12 * math.sin(s * 0.25 + walk.looks))
    on_road = stage.plan.site == "street" and t > stage.plan.half
    walker.thing.location = stage.course.at(s, t, ROAD_LEVEL if on_road else 0.022)
    turn = stage.course.heading(s) + (0 if walk.s1 > walk.s0 else math.pi)
    walker.thing.rotation_euler = (0, 0, turn)
    bpy.context.view_layer.update()
    return True


def _outline(walker: Mover, seen_at: np.ndarray, window: view.Window) -> np.ndarray:
    """Returns the figure's silhouette in its window, 0-1, drawn fourfold and reduced for smooth edges."""
    w, h = window[2] - window[0], window[3] - window[1]
    pixels = (seen_at - np.array(window[:2])) * 4
    large = np.zeros((h * 4, w * 4), np.uint8)
    for face in walker.thing.data.polygons:
        cv2.fillConvexPoly(large, np.round(pixels[list(face.vertices)]).astype(np.int32), 255)
    return cv2.resize(large, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def depth_file(patch: Path) -> Path:
    """Returns where the depth of a patch lies."""
    return patch.with_name(f"{patch.stem}_z.png")


def depth_patch(mesh: bpy.types.Mesh, seen_at: np.ndarray, far: np.ndarray, window: view.Window) -> np.ndarray:
    """Returns how far off a figure is at every pixel of its window, in centimetres (uint16), 0 where it is not.

    ``seen_at`` are its vertices' pixels in the frame (n, 2), ``far`` their depths in metres (n).
    """
    depth = np.zeros((window[3] - window[1], window[2] - window[0]), np.float32)
    pixels = np.round(seen_at - np.array(window[:2])).astype(np.int32)
    faces = [list(face.vertices) for face in mesh.polygons]
    for distance, face in sorted(((float(far[face].mean()), face) for face in faces), reverse=True):
        cv2.fillConvexPoly(depth, pixels[face], distance)
    rim = cv2.dilate(depth, np.ones((5, 5), np.uint8))
    return (np.where(depth > 0, depth, rim) * 100).round().clip(0, 65535).astype(np.uint16)

"""The camera, its projection, and Cycles' settings, plates, windows and id pass."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bpy
import cv2
import numpy as np
from mathutils import Euler

from sample_media.studio.boxes import Box
from sample_media.studio.light import sun_direction
from sample_media.studio.stage import Stage

Window = tuple[int, int, int, int]


def set_camera(stage: Stage) -> None:
    """Puts the plan's camera into the scene."""
    plan, data = stage.plan.camera, bpy.data.cameras.new("camera")
    data.lens, data.sensor_width, data.clip_end = plan.lens, 36, 3000
    thing = bpy.data.objects.new("camera", data)
    thing.location = (plan.x, 0, plan.z)
    turn = (math.radians(90 - plan.pitch), math.radians(plan.roll), math.radians(plan.yaw))
    thing.rotation_euler = Euler(turn)
    stage.scene.collection.objects.link(thing)
    stage.scene.camera = thing


def set_quality(stage: Stage, size: tuple[int, int], samples: int, threads: int) -> None:
    """Sets resolution and sampling; light bounces are few, since the denoiser hides what they would add."""
    scene, c = stage.scene, stage.scene.cycles
    scene.render.engine, c.device, c.samples, c.seed = "CYCLES", "CPU", samples, stage.plan.seed % 1000
    c.use_adaptive_sampling, c.adaptive_threshold, c.adaptive_min_samples = True, 0.04, 6
    c.use_denoising, c.denoiser = True, "OPENIMAGEDENOISE"
    c.denoising_quality, c.denoising_prefilter = "BALANCED", "FAST"
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces, c.transmission_bounces = 3, 2, 2, 2
    c.transparent_max_bounces, c.sample_clamp_indirect, c.blur_glossy = 5, 4.0, 0.5
    c.caustics_reflective = c.caustics_refractive = False
    c.use_light_tree = True
    scene.render.threads_mode, scene.render.threads, scene.render.use_persistent_data = "FIXED", threads, True
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "AgX"
    contrast = "Medium High" if stage.air.mode == "day" else "High"
    scene.view_settings.look = f"AgX - {contrast} Contrast"
    scene.view_settings.exposure = stage.air.exposure + stage.plan.light.exposure
    image = scene.render.image_settings
    image.file_format, image.color_depth, image.color_mode = "PNG", "16", "RGB"


def size_of(stage: Stage) -> tuple[int, int]:
    """Returns width and height in pixels."""
    return stage.scene.render.resolution_x, stage.scene.render.resolution_y


def projection(stage: Stage) -> np.ndarray:
    """Returns the camera's 4x4 matrix from world points to clip space."""
    camera, (w, h) = stage.scene.camera, size_of(stage)
    bpy.context.view_layer.update()
    lens = camera.calc_matrix_camera(bpy.context.evaluated_depsgraph_get(), x=w, y=h)
    return np.array(lens @ camera.matrix_world.inverted())


def project(points: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Returns pixel positions (n, 2) of the world points (n, 4) that lie before the camera."""
    q = points @ matrix.T
    q = q[q[:, 3] > 0.1]
    return np.c_[(q[:, 0] / q[:, 3] * 0.5 + 0.5) * size[0], (0.5 - q[:, 1] / q[:, 3] * 0.5) * size[1]]


def bounds(pixels: np.ndarray) -> Box | None:
    """Returns the box round pixel positions."""
    return (*pixels.min(0), *pixels.max(0)) if len(pixels) else None


def window_round(stage: Stage, points: np.ndarray, matrix: np.ndarray, margin: int = 8) -> Window | None:
    """Returns the pixels a thing and its shadow may change, or None when it is out of view."""
    w, h = size_of(stage)
    pixels = [project(points, matrix, (w, h))]
    ground = points.copy()
    ground[:, 2] = 0.02
    if stage.plan.light.mode == "day":
        d = sun_direction(stage.plan.light)
        ground[:, :2] -= points[:, 2:3] * np.array([[d.x / d.z, d.y / d.z]])
        pixels.append(project(ground, matrix, (w, h)))
    else:
        spread = 0.5 * (points[:, 2].max() - max(0.0, points[:, 2].min()))
        for dx, dy in ((spread, 0), (-spread, 0), (0, spread), (0, -spread)):
            pixels.append(project(ground + np.array([dx, dy, 0, 0]), matrix, (w, h)))
    box = bounds(np.concatenate(pixels))
    if box is None:
        return None
    x0, y0 = max(0, int(box[0] - margin)), max(0, int(box[1] - margin))
    x1, y1 = min(w, int(box[2] + margin) + 1), min(h, int(box[3] + margin) + 1)
    return (x0, y0, x1, y1) if x1 - x0 > 10 and y1 - y0 > 8 else None


def merged(windows: list[Window]) -> list[Window]:
    """Returns the windows with those that touch joined."""
    left, done = list(windows), []
    while left:
        a = left.pop()
        near = [b for b in left if a[0] < b[2] + 8 and b[0] < a[2] + 8 and a[1] < b[3] + 8 and b[1] < a[3] + 8]
        if near:
            left = [b for b in left if b not in near]
            group = [a, *near]
            joined = (*(min(b[i] for b in group) for i in (0, 1)), *(max(b[i] for b in group) for i in (2, 3)))
            left.append(joined)
        else:
            done.append(a)
    return done


def render(stage: Stage, path: Path, window: Window | None = None) -> np.ndarray:
    """Renders the frame or a window of it; returns BGR as float 0-1."""
    stage.scene.render.filepath = str(path)
    with _only(stage, window):
        bpy.ops.render.render(write_still=True)
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., :3].astype(np.float32) / 65535


@contextmanager
def _only(stage: Stage, window: Window | None) -> Iterator[None]:
    r, (w, h) = stage.scene.render, size_of(stage)
    r.use_border = r.use_crop_to_border = window is not None
    if window is not None:
        r.border_min_x, r.border_max_x = (window[0] + 1e-3) / w, (window[2] + 1e-3) / w
        r.border_min_y, r.border_max_y = 1 - (window[3] - 1e-3) / h, 1 - (window[1] - 1e-3) / h
    yield
    r.use_border = r.use_crop_to_border = False


def paste(base: np.ndarray, piece: np.ndarray, window: Window, feather: float = 6.0) -> None:
    """Blends a rendered window into a plate, feathering the edges that lie inside the frame."""
    (x0, y0), (h, w), (height, width) = window[:2], piece.shape[:2], base.shape[:2]
    rows, columns = np.arange(h), np.arange(w)
    far = 10 * (height + width)
    down = np.minimum(rows + far * (y0 == 0), rows[::-1] + far * (y0 + h == height))
    along = np.minimum(columns + far * (x0 == 0), columns[::-1] + far * (x0 + w == width))
    f = np.clip(np.minimum(down[:, None], along[None]) / feather, 0, 1)[..., None].astype(np.float32)
    base[y0 : y0 + h, x0 : x0 + w] = base[y0 : y0 + h, x0 : x0 + w] * (1 - f) + piece * f


def id_pass(stage: Stage, work: Path, window: Window | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Returns per-pixel object indices and depth in metres: one sample, no smoothing, hence exact.

    Of the frame, or of a window of it.
    """
    scene, c = stage.scene, stage.scene.cycles
    layer = scene.view_layers[0]
    layer.use_pass_object_index = layer.use_pass_z = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers, out = tree.nodes.new("CompositorNodeRLayers"), tree.nodes.new("CompositorNodeOutputFile")
    out.base_path, out.format.file_format, out.format.color_depth = str(work), "OPEN_EXR", "32"
    out.file_slots[0].path = "id_"
    out.file_slots.new("z_")
    tree.links.new(layers.outputs["IndexOB"], out.inputs[0])
    tree.links.new(layers.outputs["Depth"], out.inputs[1])
    kept = (c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type, c.max_bounces)
    c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type, c.max_bounces = 1, False, False, "BOX", 0
    proxies = [o for o in bpy.data.objects if o.name.startswith("proxy")]
    for proxy in proxies:
        proxy.hide_render = False
    with _only(stage, window):
        bpy.ops.render.render(write_still=False)
    for proxy in proxies:
        proxy.hide_render = True
    c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type, c.max_bounces = kept
    scene.use_nodes = False
    ids, depth = (_read_exr(work / f"{name}_{scene.frame_current:04d}.exr") for name in ("id", "z"))
    return np.rint(ids).astype(np.int32), depth


def ids_with(
    stage: Stage, clean: tuple[np.ndarray, np.ndarray], windows: list[Window], work: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Returns indices and depth as ``id_pass``, from those before something changed in windows: a fifth of the time."""
    ids, depth = clean[0].copy(), clean[1].copy()
    for window in windows:
        x0, y0, x1, y1 = window
        ids[y0:y1, x0:x1], depth[y0:y1, x0:x1] = id_pass(stage, work, window)
    return ids, depth


def _read_exr(path: Path) -> np.ndarray:
    values = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    path.unlink()
    return values if values.ndim == 2 else values[:, :, 2]

"""The camera: its projection, whole plates, windows rendered into a plate, and the passes of indices and depth."""

import math
import os
from pathlib import Path
from typing import NamedTuple

import bpy
import cv2
import numpy as np
from mathutils import Euler

from sample_media.studio.mesh import world_points
from sample_media.walk.film import Window
from sample_media.walk.plan import HEIGHT, SENSOR, WIDTH
from sample_media.walk.stage import Stage
from sample_media.walk.truth import Box


class Passes(NamedTuple):
    """What every pixel shows: the object's index, and how far off it is in metres."""

    ids: np.ndarray
    depth: np.ndarray


def set_camera(stage: Stage, samples: int, threads: int) -> None:
    """Puts the camera, and sets size and quality."""
    plan, data, scene, c = stage.plan.camera, bpy.data.cameras.new("camera"), stage.scene, stage.scene.cycles
    data.lens, data.sensor_width, data.clip_end = plan.lens, SENSOR, 3000
    thing = bpy.data.objects.new("camera", data)
    thing.location = (plan.x, 0, plan.height)
    thing.rotation_euler = Euler((math.radians(90 - plan.pitch), 0, math.radians(plan.yaw)))
    scene.collection.objects.link(thing)
    scene.camera = thing
    scene.render.engine, c.device, c.samples, c.seed = "CYCLES", "CPU", samples, 1
    c.use_adaptive_sampling, c.adaptive_threshold = True, 0.03
    c.use_denoising, c.denoiser = True, "OPENIMAGEDENOISE"
    c.denoising_quality, c.denoising_prefilter = "BALANCED", "FAST"
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces, c.transmission_bounces = 5, 2, 2, 3
    c.transparent_max_bounces, c.sample_clamp_indirect, c.blur_glossy = 6, 4.0, 0.5
    c.caustics_reflective = c.caustics_refractive = False
    c.use_light_tree = True
    scene.render.threads_mode, scene.render.threads, scene.render.use_persistent_data = "FIXED", threads, True
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = WIDTH, HEIGHT, 100
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = f"AgX - {'Medium High' if stage.air.name == 'day' else 'High'} Contrast"
    scene.view_settings.exposure = stage.air.exposure
    image = scene.render.image_settings
    image.file_format, image.color_depth, image.color_mode = "PNG", "16", "RGB"


def projection(stage: Stage) -> np.ndarray:
    """Returns the 4x4 matrix from world points to clip space."""
    bpy.context.view_layer.update()
    camera = stage.scene.camera
    lens = camera.calc_matrix_camera(bpy.context.evaluated_depsgraph_get(), x=WIDTH, y=HEIGHT)
    return np.array(lens @ camera.matrix_world.inverted())


def project(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Returns pixel positions (n, 2) of homogeneous world points (n, 4), behind the camera as nan."""
    q = points @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.c_[(q[:, 0] / q[:, 3] * 0.5 + 0.5) * WIDTH, (0.5 - q[:, 1] / q[:, 3] * 0.5) * HEIGHT]
    at[q[:, 3] < 0.1] = np.nan
    return at


def box_round(things: list[bpy.types.Object], matrix: np.ndarray) -> Box:
    """Returns the box round all of some objects, hidden or not, cut at the picture's edges, in pixels."""
    at = project(world_points(things), matrix)
    (x0, y0), (x1, y1) = np.nanmin(at, axis=0), np.nanmax(at, axis=0)
    return (
        float(np.clip(x0, 0, WIDTH)), float(np.clip(y0, 0, HEIGHT)),
        float(np.clip(x1, 0, WIDTH)), float(np.clip(y1, 0, HEIGHT)),
    )  # fmt: skip


def outline(thing: bpy.types.Object, matrix: np.ndarray, fine: int = 1) -> np.ndarray:
    """Returns where an object would be seen if nothing stood before it, bool at fine times the picture's size."""
    mask, at = np.zeros((HEIGHT * fine, WIDTH * fine), np.uint8), project(world_points([thing]), matrix)
    at = np.clip(np.where(np.isnan(at), 1e5, at), -2e4, 2e4) * fine
    faces = [at[list(face.vertices)].round().astype(np.int32) for face in thing.data.polygons]
    for face in faces:
        cv2.fillConvexPoly(mask, face, 1)
    return mask > 0


def _frame(scene: bpy.types.Scene, window: Window | None, crop: bool) -> None:
    r = scene.render
    r.use_border, r.use_crop_to_border = window is not None, window is not None and crop
    if window is not None:
        x0, y0, x1, y1 = window
        r.border_min_x, r.border_max_x = (x0 + 1e-3) / WIDTH, (x1 + 1e-3) / WIDTH
        r.border_min_y, r.border_max_y = 1 - (y1 - 1e-3) / HEIGHT, 1 - (y0 - 1e-3) / HEIGHT


def render(stage: Stage, to: Path, window: Window | None = None) -> np.ndarray:
    """Renders the picture or a window of it; returns it as BGR float 0-1."""
    _frame(stage.scene, window, crop=True)
    stage.scene.render.filepath = str(to)
    bpy.ops.render.render(write_still=True)
    picture = cv2.imread(str(to), cv2.IMREAD_UNCHANGED)[..., :3].astype(np.float32) / 65535
    to.unlink()
    return picture


def see(stage: Stage, folder: Path, window: Window | None = None) -> Passes:
    """Renders the passes of indices and depth, of the picture or 0 outside a window: one sample, no smoothing."""
    scene, c = stage.scene, stage.scene.cycles
    layer = scene.view_layers[0]
    layer.use_pass_object_index = layer.use_pass_z = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers, file = tree.nodes.new("CompositorNodeRLayers"), tree.nodes.new("CompositorNodeOutputFile")
    file.base_path, file.format.file_format, file.format.color_depth = str(folder), "OPEN_EXR", "32"
    file.file_slots.clear()
    for name, output in (("index", "IndexOB"), ("depth", "Depth")):
        file.file_slots.new(name)
        tree.links.new(layers.outputs[output], file.inputs[name])
    kept = (c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type)
    c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type = 1, False, False, "BOX"
    _frame(scene, window, crop=False)
    bpy.ops.render.render(write_still=False)
    c.samples, c.use_denoising, c.use_adaptive_sampling, c.pixel_filter_type = kept
    scene.use_nodes = False
    layer.use_pass_object_index = layer.use_pass_z = False
    index, depth = (_read(folder / f"{name}{scene.frame_current:04d}.exr") for name in ("index", "depth"))
    return Passes(np.rint(index).astype(np.uint16), depth)


def _read(path: Path) -> np.ndarray:
    os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"
    values = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    path.unlink()
    return values if values.ndim == 2 else values[..., 2]


def laid_into(plate: np.ndarray, picture: np.ndarray, window: Window) -> np.ndarray:
    """Returns the plate with a window's picture in it: only where it truly differs, and no edge to be seen."""
    x0, y0, x1, y1 = window
    h, w = picture.shape[:2]
    rows, columns = np.full(h, 99.0), np.full(w, 99.0)
    for line, ends, at_edge in ((rows, h, (y0 == 0, y1 == HEIGHT)), (columns, w, (x0 == 0, x1 == WIDTH))):
        for k, edge in enumerate(at_edge):
            if not edge:
                np.minimum(line, np.arange(ends)[:: (1, -1)[k]], out=line)
    inside = np.clip(np.minimum(rows[:, None], columns[None]) / 8, 0, 1)
    old = plate[y0:y1, x0:x1]
    differs = cv2.GaussianBlur(np.abs(picture - old).max(2), (0, 0), 2.0)
    share = (inside * np.clip((differs - 0.006) / 0.010, 0, 1)).astype(np.float32)[..., None]
    made = plate.copy()
    made[y0:y1, x0:x1] = old * (1 - share) + picture * share
    return made

"""Labels of a rendered view, from its id pass: boxes by class, and polygons of whole things."""

import cv2
import numpy as np

from sample_media.studio.boxes import CLASSES, Label, cut, heaps, visible_box
from sample_media.studio.hidden import Outline, box_to_draw, outline_of
from sample_media.studio.mesh import world_points
from sample_media.studio.stage import Item, Stage
from sample_media.studio.view import bounds, project, projection, size_of

# The least (width, height, visible pixels) at which a thing of a class is labelled, at 640x360.
LEAST = {
    "street_light": (2, 18, 12),
    "tree": (8, 22, 140),
    "puddle": (9, 4, 25),
    "pothole": (9, 4, 25),
    "crack": (4, 2, 12),
    "fallen_tree": (14, 6, 120),
    "litter": (3, 3, 14),
    "car": (10, 8, 60),
}
DEFAULT_LEAST = (4, 7, 22)


def label_view(stage: Stage, ids: np.ndarray) -> list[Label]:
    """Returns the labels of all things that are visible enough; pieces of litter that touch are one heap."""
    matrix, size = projection(stage), size_of(stage)
    scale = size[0] / 640
    found: list[Label] = []
    for item in stage.items:
        seen = visible_box(ids, item.index)
        if seen is None or item.label not in CLASSES:
            continue
        box, pixels = seen
        if item.head:
            outline = _outline(item, matrix, size)
            drawn = box_to_draw(ids == item.index, outline) if outline is not None else None
            if drawn is None:
                continue
            box = drawn
        width, height = box[2] - box[0], box[3] - box[1]
        least = LEAST.get(item.label, DEFAULT_LEAST)
        big_enough = item.label == "litter" or (width >= least[0] * scale and height >= least[1] * scale)
        hidden = item.label == "tree" and pixels < (0.30 if item.far else 0.08) * width * height
        few = 5 if item.label == "litter" else least[2] * scale * scale
        long_enough = item.label != "crack" or max(width, height) >= 16 * scale
        if big_enough and not hidden and pixels >= few and long_enough:
            found.append(Label(item.label, box, pixels, item.index))
    litter = heaps([label for label in found if label.name == "litter"])
    least_heap = [v for v in litter if max(v.box[2] - v.box[0], v.box[3] - v.box[1]) >= 6 and v.pixels >= 14]
    return [label for label in found if label.name != "litter"] + least_heap


def _outline(item: Item, matrix: np.ndarray, size: tuple[int, int]) -> Outline | None:
    """Returns a thing as it would be seen unhidden; None where a part of it is behind the camera."""
    found, faces = [], []
    for thing in item.things:
        points = project(world_points([thing]), matrix, size)
        if len(points) < len(thing.data.vertices):
            return None
        found.append(points)
        faces += [points[list(face.vertices)] for face in thing.data.polygons]
    heads = [points for thing, points in zip(item.things, found, strict=True) if thing in item.head]
    box, head = bounds(np.concatenate(found)), bounds(np.concatenate(heads))
    return outline_of(faces, box, head, size) if box and head else None


def hull(stage: Stage, item: Item) -> list[list[float]]:
    """Returns the convex outline of a whole thing in 0-1, cut at the frame's edge."""
    size = size_of(stage)
    pixels = project(world_points(item.things), projection(stage), size).astype(np.float32)
    return cut(cv2.convexHull(pixels).reshape(-1, 2), size)

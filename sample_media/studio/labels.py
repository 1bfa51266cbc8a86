"""Labels of a rendered view, from its id pass: boxes by class, and polygons of whole things."""

import cv2
import numpy as np

from sample_media.studio.boxes import CLASSES, Box, Label, cut, heaps, visible_box
from sample_media.studio.mesh import world_points
from sample_media.studio.stage import Item, Stage
from sample_media.studio.view import bounds, project, projection, size_of

# The least (width, height, visible pixels) at which a thing of a class is labelled, at 640x360.
LEAST = {
    "street_light": (2, 11, 6),
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
        if item.whole:
            box = _whole_box(item, box, matrix, size)
        width, height = box[2] - box[0], box[3] - box[1]
        least = LEAST.get(item.label, DEFAULT_LEAST)
        big_enough = item.label == "litter" or (width >= least[0] * scale and height >= least[1] * scale)
        hidden = item.label == "tree" and pixels < (0.30 if item.far else 0.08) * width * height
        few = 5 if item.label == "litter" else least[2] * scale * scale
        long_enough = item.label != "crack" or max(width, height) >= 16 * scale
        if big_enough and not hidden and pixels >= few and long_enough:
            found.append(Label(item.label, box, pixels))
    litter = heaps([label for label in found if label.name == "litter"])
    least_heap = [v for v in litter if max(v.box[2] - v.box[0], v.box[3] - v.box[1]) >= 6 and v.pixels >= 14]
    return [label for label in found if label.name != "litter"] + least_heap


def _whole_box(item: Item, visible: Box, matrix: np.ndarray, size: tuple[int, int]) -> Box:
    """Returns the projected box of a thin thing, unless much of its height is hidden."""
    box = bounds(project(world_points(item.things), matrix, size))
    if box is None:
        return visible
    box = (max(0.0, box[0]), max(0.0, box[1]), min(float(size[0]), box[2]), min(float(size[1]), box[3]))
    return box if visible[3] - visible[1] >= 0.6 * (box[3] - box[1]) else visible


def hull(stage: Stage, item: Item) -> list[list[float]]:
    """Returns the convex outline of a whole thing in 0-1, cut at the frame's edge."""
    size = size_of(stage)
    pixels = project(world_points(item.things), projection(stage), size).astype(np.float32)
    return cut(cv2.convexHull(pixels).reshape(-1, 2), size)

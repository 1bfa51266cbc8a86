"""Labels of a rendered view, from its id pass: boxes by class, and polygons of whole things."""

from dataclasses import dataclass

import cv2
import numpy as np

from sample_media.studio.mesh import world_points
from sample_media.studio.stage import Item, Stage
from sample_media.studio.view import Box, bounds, project, projection, size_of

CLASSES = (
    *("street_light", "tree", "bench", "bin", "bin_overflowing", "litter", "pothole", "crack", "puddle"),
    *("fallen_tree", "person", "bicycle", "motorcycle", "car", "truck", "dog"),
)

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


@dataclass(frozen=True)
class Label:
    """One labelled thing: its class, box in pixels and visible pixels."""

    name: str
    box: Box
    pixels: int


def visible_box(ids: np.ndarray, index: int) -> tuple[Box, int] | None:
    """Returns the box round the pixels of an object index and their number."""
    ys, xs = np.nonzero(ids == index)
    if not len(xs):
        return None
    return (float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1)), len(xs)


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


def heaps(pieces: list[Label], gap: float = 3) -> list[Label]:
    """Joins labels whose boxes come within a gap of each other."""
    left, done = list(pieces), []
    while left:
        a = left.pop()
        for b in left:
            apart = max(a.box[0] - b.box[2], b.box[0] - a.box[2], a.box[1] - b.box[3], b.box[1] - a.box[3])
            if apart < 2 * gap:
                low = (min(a.box[i], b.box[i]) for i in (0, 1))
                high = (max(a.box[i], b.box[i]) for i in (2, 3))
                left.remove(b)
                left.append(Label(a.name, (*low, *high), a.pixels + b.pixels))
                break
        else:
            done.append(a)
    return done


def contrast_seen(grey: np.ndarray, label: Label) -> bool:
    """Tells whether a thing can be made out after dark: its box must not be one even black (grey 0-255)."""
    x0, y0, x1, y1 = label.box
    part = grey[int(y0) : int(y1) + 2, int(x0) : int(x1) + 2]
    return bool(part.size and np.percentile(part, 95) - np.percentile(part, 5) > 9)


def yolo_lines(labels: list[Label], size: tuple[int, int]) -> str:
    """Returns labels as lines of class, centre and size in 0-1."""
    lines = []
    for label in labels:
        x0, y0, x1, y1 = label.box
        numbers = ((x0 + x1) / 2 / size[0], (y0 + y1) / 2 / size[1], (x1 - x0) / size[0], (y1 - y0) / size[1])
        lines.append(f"{CLASSES.index(label.name)} " + " ".join(f"{v:.6f}" for v in numbers) + "\n")
    return "".join(lines)


def hull(stage: Stage, item: Item) -> list[list[float]]:
    """Returns the convex outline of a whole thing in 0-1, cut at the frame's edge."""
    size = size_of(stage)
    pixels = project(world_points(item.things), projection(stage), size).astype(np.float32)
    return cut(cv2.convexHull(pixels).reshape(-1, 2), size)


def cut(outline: np.ndarray, size: tuple[int, int]) -> list[list[float]]:
    """Returns a convex outline cut at the frame's edge, in 0-1, at most 24 points."""
    w, h = size
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    area, inside = cv2.intersectConvexConvex(outline.astype(np.float32), frame)
    if not area:
        return []
    points = inside.reshape(-1, 2)
    if len(points) > 24:
        points = cv2.approxPolyDP(points, 0.8, True).reshape(-1, 2)
    return [[round(float(x) / w, 4), round(float(y) / h, 4)] for x, y in points]

"""Boxes of labelled things: heaps, YOLO lines and what can be made out (numpy and OpenCV only)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from sample_media.studio.cameras import Register

Box = tuple[float, float, float, float]

CLASSES = (
    *("street_light", "tree", "bench", "bin", "bin_overflowing", "litter", "pothole", "crack", "puddle"),
    *("fallen_tree", "person", "bicycle", "motorcycle", "car", "truck", "dog"),
)


@dataclass(frozen=True)
class Label:
    """One labelled thing: its class, box in pixels, visible pixels and object index (0 for a heap)."""

    name: str
    box: Box
    pixels: int
    index: int = 0


def visible_box(ids: np.ndarray, index: int) -> tuple[Box, int] | None:
    """Returns the box round the pixels of an object index and their number."""
    ys, xs = np.nonzero(ids == index)
    if not len(xs):
        return None
    return (float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1)), len(xs)


def lies_on(ids: np.ndarray, bare: np.ndarray, things: list[int], surfaces: Mapping[str, int]) -> str:
    """Returns the surface that most of things is seen before, by the object indices with and without them."""
    under = bare[np.isin(ids, things)]
    return max(surfaces, key=lambda name: int((under == surfaces[name]).sum()))


def area(outline: list[list[float]]) -> float:
    """Returns the area of an outline given in 0-1, as a share of the frame."""
    return float(cv2.contourArea(np.array(outline, np.float32)))


def around(boxes: list[Box]) -> Box:
    """Returns the box round several boxes."""
    low_x, low_y, high_x, high_y = zip(*boxes, strict=True)
    return min(low_x), min(low_y), max(high_x), max(high_y)


def heaps(pieces: list[Label], gap: float = 3) -> list[Label]:
    """Joins labels whose boxes come within a gap of each other."""
    left, done = list(pieces), []
    while left:
        a = left.pop()
        for b in left:
            apart = max(a.box[0] - b.box[2], b.box[0] - a.box[2], a.box[1] - b.box[3], b.box[1] - a.box[3])
            if apart < 2 * gap:
                left.remove(b)
                left.append(Label(a.name, around([a.box, b.box]), a.pixels + b.pixels))
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


def registered(assets: list[dict[str, Any]], register: Register) -> list[dict[str, Any]]:
    """Returns id, kind and region of the assets as a register of that sort has them; ground always has an outline."""
    known = []
    for asset in assets:
        ground, region = asset["box"] is None, asset["region"]
        if ground and register == "boxes_alone":
            continue
        if not ground and register != "outlines":
            x0, y0, x1, y1 = asset["box"]
            region = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
        known.append({"id": asset["id"], "kind": asset["kind"], "region": region})
    return known

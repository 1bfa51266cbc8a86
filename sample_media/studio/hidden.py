"""How much of a thin thing is seen beside what would be seen were nothing before it (numpy and OpenCV only)."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from sample_media.studio.boxes import Box

# Faces are filled this much finer than the picture: a far column is narrower than a pixel.
FINE = 16
# A lamp is marked where this share of its head is seen, and down to where about this share of it is seen.
LEAST_HEAD, LEAST_SEEN = 0.35, 0.35
# One that is seen down to this share of its height is boxed whole: its foot may be in the grass.
REACH = 0.88
# After dark a band of a thing is made out if it differs so much from what is beside it (grey 0-255): half of the bands
# must be, or the uppermost must shine.
LEAST_CONTRAST, SHINE, BANDS = 5.0, 50.0, 4


@dataclass(frozen=True)
class Outline:
    """A thing as it would be seen unhidden: its box and its head's in pixels, and how much of each pixel it covers."""

    box: Box
    head: Box
    cover: np.ndarray


def outline_of(faces: Iterable[np.ndarray], box: Box, head: Box, size: tuple[int, int]) -> Outline:
    """Returns the outline of a thing of convex faces, each of shape (n, 2) in pixels; boxes may leave the frame."""
    w, h = size
    x0, y0 = (int(np.clip(v, 0, limit)) for v, limit in zip(box[:2], (w, h), strict=True))
    x1, y1 = (int(np.clip(np.ceil(v), 0, limit)) for v, limit in zip(box[2:], (w, h), strict=True))
    cover = np.zeros((h, w), np.float32)
    if x1 > x0 and y1 > y0:
        fine = np.zeros(((y1 - y0) * FINE, (x1 - x0) * FINE), np.uint8)
        for face in faces:
            cv2.fillConvexPoly(fine, np.rint((face - (x0, y0)) * FINE - 0.5).astype(np.int32), 255)
        cover[y0:y1, x0:x1] = cv2.resize(fine, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA) / np.float32(255)
    return Outline(box, head, cover)


def box_to_draw(seen: np.ndarray, outline: Outline) -> Box | None:
    """Returns the box that a person would draw round a thing, or None where its head is hidden or out of the frame.

    What is hidden below the head is left out, unless enough is seen again further down.

    Args:
        seen: which pixels show the thing, of the picture's shape.
        outline: the thing unhidden.
    """
    h, w = seen.shape
    inside, head = _within(outline.box, (w, h)), _within(outline.head, (w, h))
    if _area(head) < LEAST_HEAD * _area(outline.head):
        return None
    part = np.s_[int(head[1]) : int(np.ceil(head[3])), int(head[0]) : int(np.ceil(head[2]))]
    if seen[part].sum() < LEAST_HEAD * outline.cover[part].sum():
        return None
    gain = np.cumsum((seen - LEAST_SEEN * outline.cover).sum(1))
    bottom = int(gain.argmax()) + 1
    if gain[bottom - 1] <= 0:
        return None
    if bottom >= inside[1] + REACH * (inside[3] - inside[1]):
        return inside
    columns = np.flatnonzero(outline.cover[:bottom].max(0) > 0.25)
    return (float(columns[0]), inside[1], float(columns[-1] + 1), float(bottom)) if len(columns) else None


def made_out(grey: np.ndarray, seen: np.ndarray) -> bool:
    """Tells whether a thin thing stands out after dark from what is beside it (grey 0-255, seen boolean)."""
    near = cv2.dilate(seen.astype(np.uint8), np.ones((3, 3)))
    beside = (cv2.dilate(near, np.ones((1, 9))) > 0) & (near == 0)
    differs = [
        float(grey[band][seen[band]].mean()) - float(grey[band][beside[band]].mean())
        for band in np.array_split(np.flatnonzero(seen.any(1)), BANDS)
        if seen[band].any() and beside[band].any()
    ]
    return bool(differs) and (differs[0] >= SHINE or sum(abs(d) >= LEAST_CONTRAST for d in differs) >= BANDS / 2)


def _within(box: Box, size: tuple[int, int]) -> Box:
    (w, h), (x0, y0, x1, y1) = size, box
    return max(0.0, x0), max(0.0, y0), min(float(w), x1), min(float(h), y1)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])

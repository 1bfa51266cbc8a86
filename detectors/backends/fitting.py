"""Pictures to network input and network output to boxes, the same for every runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Detections, Image

STRIDE = 32
NMS_IOU = 0.6
"""Boxes of one class that overlap more than this are one thing: between 0.5 and 0.7 the mAP50 on held-back pictures
moved by less than 0.005."""
MOST = 300
_GREY = 114


@dataclass(frozen=True, slots=True)
class Fit:
    """How a picture was scaled and padded: input pixel = picture pixel * scale + (left, top)."""

    scale: float
    left: int
    top: int
    width: int
    height: int


def fit(image: Image, size: int) -> tuple[Image, Fit]:
    """Scale a picture to a longer side of `size` pixels and pad it to whole strides (letterbox, least area).

    Returns:
        The padded picture, (h, w, 3) BGR with h and w multiples of 32, and how it was fitted.
    """
    h, w = image.shape[:2]
    scale = size / max(h, w)
    new_w, new_h = max(1, round(w * scale)), max(1, round(h * scale))
    pad_w, pad_h = (-new_w) % STRIDE, (-new_h) % STRIDE
    left, top = round(pad_w / 2 - 0.1), round(pad_h / 2 - 0.1)
    scaled = image if (new_w, new_h) == (w, h) else cv2.resize(image, (new_w, new_h), interpolation=cv2.INTER_LINEAR)
    border = (top, pad_h - top, left, pad_w - left)
    padded = cv2.copyMakeBorder(scaled, *border, cv2.BORDER_CONSTANT, value=(_GREY, _GREY, _GREY))
    return np.asarray(padded, np.uint8), Fit(scale, left, top, w, h)


def as_input(padded: Image) -> NDArray[np.float32]:
    """A BGR picture as network input: (1, 3, h, w) RGB in 0-1."""
    return np.ascontiguousarray(padded[..., ::-1].transpose(2, 0, 1)[None], np.float32) / np.float32(255)


def detections_from(
    output: NDArray[np.float32], fitted: Fit, names: Mapping[int, str], class_map: Mapping[str, str], least: float
) -> Detections:
    """Boxes from a detection head's raw output.

    Args:
        output: (4 + classes, anchors): centre x, centre y, width, height in input pixels, then class scores in 0-1.
        names: class number to the model's name.
        class_map: the model's name to ours.
        least: scores below this are dropped.
    """
    scores = output[4:]
    classes, anchors = np.nonzero(scores >= least)
    if len(anchors) == 0:
        return Detections.empty()
    found = scores[classes, anchors]
    order = np.argsort(-found, kind="stable")[:3000]
    classes, anchors, found = classes[order], anchors[order], found[order]
    cx, cy, w, h = output[:4, anchors]
    corners = np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], 1)
    keep = suppress(corners, classes)[:MOST]
    shift = np.array([fitted.left, fitted.top] * 2, np.float32)
    size = np.array([fitted.width, fitted.height] * 2, np.float32)
    boxes = np.clip((corners[keep] - shift) / fitted.scale / size, 0, 1).astype(np.float32)
    ours = tuple(class_map.get(names[int(c)], names[int(c)]) for c in classes[keep])
    return Detections(boxes, found[keep].astype(np.float32), ours)


def suppress(corners: NDArray[np.float32], classes: NDArray[np.int64]) -> list[int]:
    """Greedy non-maximum suppression within each class; rows must be sorted by falling score."""
    area = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    alive = np.ones(len(corners), bool)
    kept: list[int] = []
    for i in range(len(corners)):
        if not alive[i]:
            continue
        kept.append(i)
        w = np.minimum(corners[i, 2], corners[:, 2]) - np.maximum(corners[i, 0], corners[:, 0])
        h = np.minimum(corners[i, 3], corners[:, 3]) - np.maximum(corners[i, 1], corners[:, 1])
        both = np.clip(w, 0, None) * np.clip(h, 0, None)
        same = both / np.maximum(area[i] + area - both, 1e-9) > NMS_IOU
        alive &= ~(same & (classes == classes[i]))
    return kept

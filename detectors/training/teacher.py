"""Label movers and benches with a COCO checkpoint, where a set does not label them.

Sure detections become labels. Where the teacher is unsure about a class, that class counts as unlabelled in the
picture: neither taught as present nor as background.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detectors.training.classes import COCO_TO_OURS
from detectors.training.samples import Row
from detectors.values import Image

SURE = 0.45
"""Looked at by eye on 50 pictures of each set at 640 px: above this, wrong boxes are about one in thirty."""
UNSURE = 0.12
"""Below this the teacher's boxes on the same pictures were mostly not movers."""


def complete(model: Any, images: Sequence[Image], imgsz: int = 640) -> list[tuple[list[Row], set[str]]]:
    """Teacher labels for pictures.

    Args:
        model: an ultralytics YOLO with the COCO classes.
        images: BGR pictures of any size.

    Returns:
        For each picture, sure boxes, and the classes the teacher saw but was not sure of.
    """
    results = model.predict(list(images), conf=UNSURE, imgsz=imgsz, classes=list(COCO_TO_OURS), iou=0.6, verbose=False)
    found = []
    for result in results:
        rows: list[Row] = []
        unsure: set[str] = set()
        boxes = result.boxes.xyxyn.cpu().numpy().astype(float)
        scores = result.boxes.conf.cpu().numpy()
        numbers = result.boxes.cls.cpu().numpy().astype(int)
        for i in np.argsort(-scores):
            name = COCO_TO_OURS[int(numbers[i])]
            box = (float(boxes[i][0]), float(boxes[i][1]), float(boxes[i][2]), float(boxes[i][3]))
            if any(overlap(box, r.box) > 0.6 for r in rows):
                continue
            if scores[i] >= SURE:
                rows.append(Row(name, box))
            else:
                unsure.add(name)
        found.append((rows, unsure))
    return found


def overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    both = w * h
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)

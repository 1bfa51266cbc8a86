"""Average precision, class by class, only on pictures whose labels cover the class."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.backends.fitting import as_input, detections_from, fit
from detectors.errors import LamplighterError
from detectors.training.classes import CLASSES
from detectors.training.samples import Row, read_rows
from detectors.values import Detections, Image

LEAST_SCORE = 0.003
"""Average precision wants the whole curve, down to hopeless scores."""
IOUS = np.linspace(0.5, 0.95, 10)
ENOUGH = 12
"""With fewer held-back boxes a class decides nothing: neither its threshold nor which epoch is best."""


class ClassScore(TypedDict):
    """Scores of one class; precision and recall at the score with the best F1."""

    map50: float
    map50_95: float
    precision: float
    recall: float
    images: int
    instances: int


@dataclass(frozen=True, slots=True)
class Truth:
    """A picture and its labelled boxes.

    Attributes:
        covered: the classes its labels speak about.
        part: what it is scored with: its source, and the light where that is known.
    """

    picture: Path
    rows: tuple[Row, ...]
    covered: frozenset[str]
    part: str = ""


def truths_of_recipe(root: Path, split: str) -> list[Truth]:
    """The pictures of one split of a set that the recipe wrote."""
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    classes = dict(enumerate(CLASSES))
    truths = []
    for name, entry in manifest.items():
        if entry["split"] == split:
            rows = read_rows(root / "labels" / split / f"{name}.txt", classes)
            covered = frozenset(CLASSES) - frozenset(entry["unlabelled"])
            part = " by ".join(filter(None, (entry["source"], entry.get("light", ""))))
            truths.append(Truth(root / "images" / split / f"{name}.jpg", tuple(rows), covered, part))
    return truths


def _matches(truth: Truth, found: Detections, name: str) -> NDArray[np.bool_]:
    """For each prediction of a class, by falling score: whether it matches a box, at each of the ten overlaps."""
    mine = np.array([i for i, n in enumerate(found.names) if n == name], int)
    mine = mine[np.argsort(-found.scores[mine], kind="stable")]
    wanted = np.array([r.box for r in truth.rows if r.name == name], np.float32).reshape(-1, 4)
    hit = np.zeros((len(mine), len(IOUS)), bool)
    if len(mine) == 0 or len(wanted) == 0:
        return hit
    iou = overlaps(wanted, found.boxes[mine])
    for k, least in enumerate(IOUS):
        free = np.ones(len(wanted), bool)
        for j in range(len(mine)):
            candidates = np.where(free, iou[:, j], 0.0)
            best = int(candidates.argmax())
            if candidates[best] >= least:
                hit[j, k], free[best] = True, False
    return hit


def overlaps(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of boxes (n, 4) with boxes (m, 4): (n, m)."""
    corner = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    both = np.clip(corner, 0, None).prod(2)
    areas = [(x[:, 2:] - x[:, :2]).prod(1) for x in (a, b)]
    union = areas[0][:, None] + areas[1][None] - both
    return np.asarray(both / np.maximum(union, 1e-12), np.float32)


def hits_of(
    pairs: Sequence[tuple[Truth, Detections]], name: str
) -> tuple[NDArray[np.bool_], NDArray[np.float64], int, int]:
    """One class over all pictures whose labels cover it.

    Returns:
        Hits (n, 10) and scores (n,) of its predictions, how many boxes there are to find, and in how many pictures.
    """
    hits, scores, boxes, pictures = [np.zeros((0, len(IOUS)), bool)], [np.zeros(0)], 0, 0
    for truth, found in pairs:
        if name not in truth.covered:
            continue
        count = sum(r.name == name for r in truth.rows)
        boxes, pictures = boxes + count, pictures + (count > 0)
        mine = [float(s) for s, n in zip(found.scores, found.names, strict=True) if n == name]
        hits.append(_matches(truth, found, name))
        scores.append(np.sort(np.array(mine, float))[::-1])
    return np.concatenate(hits), np.concatenate(scores), boxes, pictures


def score_predictions(pairs: Sequence[tuple[Truth, Detections]], classes: Sequence[str]) -> dict[str, ClassScore]:
    """Scores of every class that has at least one box in the pictures."""
    scores: dict[str, ClassScore] = {}
    for name in classes:
        hits, confidences, boxes, pictures = hits_of(pairs, name)
        if boxes:
            scores[name] = _class_score(hits, confidences, boxes, pictures)
    return scores


def _class_score(hits: NDArray[np.bool_], confidences: NDArray[Any], boxes: int, pictures: int) -> ClassScore:
    if len(hits) == 0:
        return ClassScore(map50=0.0, map50_95=0.0, precision=0.0, recall=0.0, images=pictures, instances=boxes)
    from ultralytics.utils.metrics import ap_per_class  # seconds to import: scoring needs it, counting boxes does not

    kind, wanted = np.zeros(len(hits)), np.zeros(boxes)
    _, _, p, r, _, ap, *_ = ap_per_class(hits, confidences, kind, wanted)
    return ClassScore(
        map50=float(ap[0, 0]),
        map50_95=float(ap[0].mean()),
        precision=float(p[0]),
        recall=float(r[0]),
        images=pictures,
        instances=boxes,
    )


def mean_map50(scores: dict[str, ClassScore]) -> float:
    """Mean mAP50 over the classes with boxes enough, over all scored ones where none has.

    The only held-back motorcycle was found by one epoch and missed by the next, which moved the mean by more than all
    other classes together.
    """
    told = [s["map50"] for s in scores.values() if s["instances"] >= ENOUGH]
    told = told or [s["map50"] for s in scores.values()]
    return float(np.mean(told)) if told else 0.0


def predictions(model: Any, truths: Sequence[Truth], imgsz: int) -> Iterator[Detections]:
    """What a raw detection module finds, with a low threshold, as scoring wants it.

    Raises:
        LamplighterError: a picture cannot be read.
    """
    import torch

    model.eval()
    model.end2end = False  # the one-to-many head, whose boxes are suppressed here: the one that detectors use
    device = next(model.parameters()).device  # while training on a CUDA card the model stays there
    for truth in truths:
        padded, fitted = fit(read_picture(truth.picture), imgsz)
        with torch.no_grad():
            raw = model(torch.from_numpy(as_input(padded)).to(device))
        output = (raw[0] if isinstance(raw, tuple) else raw)[0].cpu().numpy()
        yield detections_from(output, fitted, model.names, {}, LEAST_SCORE)


def read_picture(path: Path) -> Image:
    """A picture in BGR.

    Raises:
        LamplighterError: it cannot be read.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise LamplighterError(f"Cannot read the picture {path}: remove it or save it again.")
    return np.asarray(image, np.uint8)


def score_model(model: Any, truths: Sequence[Truth], imgsz: int) -> dict[str, ClassScore]:
    """Scores of a raw detection module on labelled pictures."""
    pairs = list(zip(truths, predictions(model, truths, imgsz), strict=True))
    return score_predictions(pairs, [model.names[i] for i in sorted(model.names)])

"""The detector behind one small interface: pictures in, `Detections` out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from detectors.values import Detections, Image

MOVERS = frozenset({"person", "bicycle", "motorcycle", "car", "truck", "bus", "dog"})
"""Classes of things that come and go, and must not be mistaken for things left behind."""

_FILLS = 0.6  # of the picture: a choice
_DEFAULT_THRESHOLD = 0.4


class Detector(Protocol):
    """Finds things in pictures."""

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> tuple[str, ...]: ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Score from which a class is to be believed, by class name; classes may be missing."""
        ...

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """Detect in a batch of BGR pictures; one `Detections` for each, boxes in 0-1."""
        ...


def calibrated(found: Detections, thresholds: Mapping[str, float]) -> Detections:
    """Bring the scores of all classes to one scale, on which 0.5 is each class's own threshold.

    A model is surer of some classes than of others; confirmation has one bar for all.
    """
    scores = [
        _to_scale(s, thresholds.get(n, _DEFAULT_THRESHOLD)) for n, s in zip(found.names, found.scores, strict=True)
    ]
    return Detections(found.boxes, np.array(scores, np.float32), found.names)


def within_view(found: Detections) -> Detections:
    """Without what fills the view: no thing does that a fixed camera over a public space shows, but for what passes."""
    fills = np.prod(found.boxes[:, 2:] - found.boxes[:, :2], axis=1) > _FILLS
    keep = [n for n, name in enumerate(found.names) if name in MOVERS or not fills[n]]
    return Detections(found.boxes[keep], found.scores[keep], tuple(found.names[n] for n in keep))


def _to_scale(score: float, threshold: float) -> float:
    if score < threshold:
        return 0.5 * score / threshold
    return 0.5 + 0.5 * (score - threshold) / max(1e-6, 1 - threshold)


def prepare_ultralytics() -> None:
    """Keep ultralytics off the network and out of the home directory; call before its first import."""
    os.environ.setdefault("YOLO_OFFLINE", "True")
    os.environ.setdefault("YOLO_VERBOSE", "False")
    os.environ.setdefault("YOLO_AUTOINSTALL", "False")
    if "YOLO_CONFIG_DIR" not in os.environ:
        home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lamplighter" / "ultralytics"
        home.mkdir(parents=True, exist_ok=True)
        os.environ["YOLO_CONFIG_DIR"] = str(home)

"""The detector behind one small interface: pictures in, `Detections` out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from detectors.values import Detections, Image

MOVERS = frozenset({"person", "bicycle", "motorcycle", "car", "truck", "bus", "dog"})
"""Classes of things that come and go, and must not be mistaken for things left behind."""


class Detector(Protocol):
    """Finds things in pictures."""

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """Detect in a batch of BGR pictures; one `Detections` for each, boxes in 0-1."""
        ...


def prepare_ultralytics() -> None:
    """Keep ultralytics off the network and out of the home directory; call before its first import."""
    os.environ.setdefault("YOLO_OFFLINE", "True")
    os.environ.setdefault("YOLO_VERBOSE", "False")
    if "YOLO_CONFIG_DIR" not in os.environ:
        home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lamplighter" / "ultralytics"
        home.mkdir(parents=True, exist_ok=True)
        os.environ["YOLO_CONFIG_DIR"] = str(home)

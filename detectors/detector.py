"""The detector behind one small interface: pictures in, `Detections` out."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import BadZipFile

import numpy as np

from detectors.errors import ModelError
from detectors.values import Detections, Image

if TYPE_CHECKING:
    from ultralytics.engine.results import Results

WEIGHTS_DIR = Path(__file__).parent / "weights"
BUNDLED = WEIGHTS_DIR / "lamplighter-n.pt"

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


class UltralyticsDetector:
    """A detection model run by ultralytics."""

    def __init__(self, path: Path = BUNDLED) -> None:
        """Load the weights.

        Raises:
            ModelError: no such file, a damaged one, or a model of another task.
        """
        if not path.is_file():
            raise ModelError(f"{path}: no such model file.")
        prepare_ultralytics()
        from ultralytics import YOLO  # takes seconds to import: only whoever detects pays for it

        try:
            self._model = YOLO(str(path))
        except (RuntimeError, EOFError, OSError, BadZipFile, pickle.UnpicklingError, KeyError, TypeError) as error:
            raise ModelError(f"{path}: not a model file that can be read; it may be damaged.") from error
        if self._model.task != "detect":
            raise ModelError(f"{path}: a model for '{self._model.task}'; a detection model is needed.")
        self.name = path.stem
        self.classes = tuple(self._model.names.values())

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        if not images:
            return []
        results = self._model.predict(list(images), conf=min_score, imgsz=image_size, verbose=False, save=False)
        return [_detections(r) for r in results]


def prepare_ultralytics() -> None:
    """Keep ultralytics off the network and out of the home directory; call before its first import."""
    os.environ.setdefault("YOLO_OFFLINE", "True")
    os.environ.setdefault("YOLO_VERBOSE", "False")
    if "YOLO_CONFIG_DIR" not in os.environ:
        home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lamplighter" / "ultralytics"
        home.mkdir(parents=True, exist_ok=True)
        os.environ["YOLO_CONFIG_DIR"] = str(home)


def _detections(result: Results) -> Detections:
    boxes = result.boxes
    if boxes is None or len(boxes) == 0:
        return Detections.empty()
    names = tuple(result.names[int(c)] for c in boxes.cls.tolist())
    return Detections(
        np.clip(boxes.xyxyn.cpu().numpy(), 0, 1).astype(np.float32), boxes.conf.cpu().numpy().astype(np.float32), names
    )

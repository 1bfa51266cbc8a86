"""The models that inspections use, ready to be asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import cv2

from detectors.backends import load_detector
from detectors.catalogue import chosen, resolve
from detectors.detector import Detector
from detectors.surfaces import SURFACE_WEIGHTS, SurfaceMap, SurfaceModel, load_surfaces
from detectors.values import Image


def detector_in_use(home: Path, weights: str | None = None, notice: Callable[[str], None] = lambda _: None) -> Detector:
    """Load the detector chosen with `lamplighter models use`, or another for this once.

    From then on OpenCV works on each picture in one thread, for the other cores decode or judge others meanwhile.

    Args:
        home: folder of files; the choice and exported models are kept there.
        weights: name in the catalogue or path of a model file; None is the one in use.
        notice: told when loading takes long.

    Raises:
        ModelError: the model cannot be found or read.
    """
    # On two busy cores, four runs in turn, the rules and passes of 300 looks took 1.6 to 4.1 s on the wall, 2.3 to 4.4
    # with OpenCV's two threads, and 2 to 4 % less CPU.
    cv2.setNumThreads(1)
    return load_detector(resolve(weights or chosen(home), home), cache=home / "models", notice=notice)


class LazySurfaces:
    """The surface model, read at the first look: only views that are not registered yet need it. Any thread may ask."""

    def __init__(self, load: Callable[[], SurfaceModel] = load_surfaces) -> None:
        self._load = load
        self._model: SurfaceModel | None = None
        self._lock = threading.Lock()

    def look(self, image: Image) -> SurfaceMap:
        """See `SurfaceModel.look`.

        Raises:
            ModelError: the model is damaged.
        """
        with self._lock:
            self._model = self._model or self._load()
            return self._model.look(image)


def surfaces_in_use() -> SurfaceModel | None:
    """The surface model for registering views, read when it is first asked; None where none came with the project."""
    return LazySurfaces() if SURFACE_WEIGHTS.is_file() else None

"""The models that inspections use, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.backends import load_detector
from detectors.catalogue import chosen, resolve
from detectors.detector import Detector
from detectors.surfaces import SURFACE_WEIGHTS, SurfaceModel, load_surfaces


def detector_in_use(home: Path, weights: str | None = None, notice: Callable[[str], None] = lambda _: None) -> Detector:
    """Load the detector chosen with `lamplighter models use`, or another for this once.

    Args:
        home: folder of files; the choice and exported models are kept there.
        weights: name in the catalogue or path of a model file; None is the one in use.
        notice: told when loading takes long.

    Raises:
        ModelError: the model cannot be found or read.
    """
    return load_detector(resolve(weights or chosen(home), home), cache=home / "models", notice=notice)


def surfaces_in_use() -> SurfaceModel | None:
    """The surface model for registering views; None where none came with the project.

    Raises:
        ModelError: it is there, but damaged.
    """
    return load_surfaces() if SURFACE_WEIGHTS.is_file() else None

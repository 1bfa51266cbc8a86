"""What a view is made of, pixel by pixel: path, road, lawn, water, vegetation, sky, building.

Used when a view is registered, so that "on the path" means something. It is not asked about every frame.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.backends.fitting import as_input, fit
from detectors.backends.graph_backends import open_session
from detectors.catalogue.entries import WEIGHTS, digest
from detectors.errors import ModelError
from detectors.values import Image

SURFACES: tuple[str, ...] = ("path", "road", "lawn", "water", "vegetation", "sky", "building")
"""The surfaces, in the order of their numbers in a map. Vegetation stands (trees, hedges), lawn lies."""

SURFACE_WEIGHTS = WEIGHTS / "lamplighter-surfaces-n.onnx"
"""The model that comes with the project; its checksum and scores are in the JSON file beside it."""

SIZE = 384
"""Longer side that pictures are looked at with, pixels. It was trained on squares of 320."""


@dataclass(frozen=True, slots=True)
class SurfaceMap:
    """The surface of every pixel.

    Attributes:
        classes: (height, width) uint8 of the picture that was looked at, numbers into SURFACES. What stands in front
            (people, lamps, benches) has no number of its own and takes that of a surface behind or below it.
    """

    classes: NDArray[np.uint8]

    def mask(self, *names: str) -> NDArray[np.bool_]:
        """Where the picture shows one of the surfaces named: (height, width).

        Raises:
            ValueError: a name that is none of SURFACES.
        """
        return np.isin(self.classes, [SURFACES.index(name) for name in names])

    def share(self, *names: str) -> float:
        """What part of the picture the surfaces named cover, 0-1."""
        return float(self.mask(*names).mean())


class SurfaceModel(Protocol):
    """Says what a view is made of."""

    def look(self, image: Image) -> SurfaceMap:
        """The map of one BGR picture, in its size."""
        ...


class SurfaceGraph:
    """The surface model run by ONNX Runtime."""

    def __init__(self, graph: Path) -> None:
        """Read a graph with input (1, 3, h, w) in 0-1 and output (1, SURFACES, h / 8, w / 8).

        Raises:
            ModelError: not such a graph.
        """
        self._session = open_session(graph)
        (self._input,), (output,) = self._session.get_inputs(), self._session.get_outputs()
        if len(output.shape) != 4 or output.shape[1] != len(SURFACES):
            raise ModelError(f"{graph}: not a surface model; its classes are not {', '.join(SURFACES)}.")

    def look(self, image: Image) -> SurfaceMap:
        """See `SurfaceModel.look`."""
        padded, fitted = fit(image, SIZE)
        logits = self._session.run(None, {self._input.name: as_input(padded)})[0][0]
        h, w = fitted.height, fitted.width
        inner_w, inner_h = round(w * fitted.scale), round(h * fitted.scale)
        whole = cv2.resize(logits.transpose(1, 2, 0), (padded.shape[1], padded.shape[0]))
        inner = whole[fitted.top : fitted.top + inner_h, fitted.left : fitted.left + inner_w]
        return SurfaceMap(cv2.resize(inner, (w, h)).argmax(2).astype(np.uint8))


def load_surfaces(weights: Path = SURFACE_WEIGHTS) -> SurfaceGraph:
    """The surface model, ready to look.

    Args:
        weights: its graph; the JSON file beside it holds the checksum and the classes.

    Raises:
        ModelError: the files are missing or damaged, or hold another model.
    """
    facts = weights.with_suffix(".json")
    if not weights.is_file() or not facts.is_file():
        raise ModelError(f"The surface model is missing: {weights.name} and {facts.name} belong in {weights.parent}.")
    try:
        told = json.loads(facts.read_text(encoding="utf-8"))
        wanted, classes = told["sha256"], tuple(told["classes"])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise ModelError(f"{facts}: not the facts of a model; restore it from the project.") from None
    if digest(weights) != wanted:
        raise ModelError(f"{weights}: damaged or changed (its SHA-256 is not the published one).")
    if classes != SURFACES:
        raise ModelError(f"{weights}: not a surface model; its classes are not {', '.join(SURFACES)}.")
    return SurfaceGraph(weights)
